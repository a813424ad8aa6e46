"""The verbs of a document's life. Rights are asked before, in the view; states are checked once, in ``move``."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import access, links, pictures, search
from documents.actions.types import type_of
from documents.html import TooDeep, TooLong, clean, words_alone
from documents.lifecycle import State
from documents.models import Document, DocumentType, DraftCopy, Reach, ReviewRules, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.files.actions import attach_all, carry_over, remove
from kvalitetslosen.files.models import files_of
from kvalitetslosen.files.uploads import Examined
from kvalitetslosen.journal.record import change, create, plain_key, save_with_event, stored
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.months import same_day_after
from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.ui.dates import full


def next_number(type: DocumentType, unit: Unit) -> str:
    """The next number of the type, as P-0012; as P-HB-0012 where units count on their own. Two at once wait."""
    code = "".join(filter(str.isalnum, unit.code)).upper()
    letters = f"{type.letters}-{code}" if type.with_unit_code and code else type.letters
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_counter (municipality_id, letters, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (municipality_id, letters) DO UPDATE SET last = documents_counter.last + 1 RETURNING last",
            [type.municipality_id, letters],
        )
        (number,) = cursor.fetchone()
    found = f"{letters}-{number:04d}"
    brought = Document.objects.filter(level_0=type.municipality_id, number=found).exists()  # by one that had its own
    return next_number(type, unit) if brought else found


@transaction.atomic
def create_document(
    *,
    by: User,
    title: str,
    kind: DocumentType | str,
    unit: Unit,
    owner: User | None = None,
    reach: str = Reach.UNIT,
    review_months: int | None = None,
    keywords: str = "",
    number: str = "",
    at: datetime.datetime | None = None,
) -> Version:
    """A new document with its number, and its first draft, which begins with the type's template.

    ``kind`` is a type of the municipality's, or the shared kind it stands on. ``number`` is one it had elsewhere,
    which nobody else here has. Nobody but those who write it sees it yet. Raises ``ValidationError`` where the title
    has an identity number in it.
    """
    title, keywords = _plain(title), _plain(keywords)
    now = at or timezone.now()
    type = type_of(unit.municipality_id, kind)
    document = Document(
        number=number or next_number(type, unit),
        title=title,
        type=type,
        owner=owner or by,
        reach=reach,
        review_months=review_months or type.review_months,
        keywords=keywords,
        created_at=now,
    )
    document.place_in(Unit.objects.standing_still(unit.pk))
    create(document, "documents.created", by=by, at=now)
    draft = Version(document=document, title=title, author=by, edited_by=by, created_at=now, saved_at=now)
    draft.body, draft.text = type.template, words_alone(type.template)
    return create(draft, "documents.draft_opened", by=by, at=now)


@transaction.atomic
def new_version(*, document: Document, by: User, at: datetime.datetime | None = None) -> Version:
    """A draft that begins with what is in force, or was last. The open one, where there is one already."""
    now = at or timezone.now()
    Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if already := access.open_version(document):
        return already
    before = (
        Version.objects.once_in_force().filter(document=document).order_by("-in_force_from", "-pk").first()
    ) or Version(document=document, title=document.title)
    draft = Version(
        document=document,
        title=before.title,
        body=before.body,
        text=before.text,
        file=before.file.name if before.file else "",
        file_name=before.file_name,
        file_size=before.file_size,
        author=by,
        edited_by=by,
        created_at=now,
        saved_at=now,
    )
    create(draft, "documents.draft_opened", by=by, at=now, begins_with=before.pk)
    if before.pk:
        carry_over(source=before, owner=draft)
        links.keep(draft)
    return draft


def _plain(text: str) -> str:
    """A title or summary: no identity number may stand in what everyone reads."""
    identity_numbers.guard(text)
    return text.strip()


def _wording(html: str, by: User | None) -> dict[str, Any]:
    """The text as it is stored: cleaned, links tied, with its words for search. Raises ``ValidationError``."""
    try:
        body = links.tied(clean(html), by)
    except TooDeep:
        raise ValidationError(
            _("The text has too many lists, quotations or tables inside each other. Take some of them apart."),
            code="too_deep",
        ) from None
    except TooLong:
        raise ValidationError(_("The text is too long. Split it into several documents."), code="too_long") from None
    identity_numbers.guard_html(body)
    return {"body": body, "text": words_alone(body)}


def _edited(by: User, now: datetime.datetime) -> dict[str, Any]:
    """That somebody wrote in the draft."""
    return {"edited_by": by, "saved_at": now}


@transaction.atomic
def save(
    *,
    version: Version,
    by: User,
    title: str,
    body: str | None = None,
    change_summary: str = "",
    is_minor: bool = False,
    hides_old: bool = False,
    attach: Sequence[Examined] = (),
    detach: Collection[int] = (),
    drawn: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Version:
    """Write the draft down. ``None`` as body leaves the text, or the file, as it is. Nothing new, no event.

    ``attach`` are files that come along, ``detach`` the ids of attachments that go; ``drawn`` is a text whose pictures
    were drawn here before. What the person had written and not saved is done with.

    Raises ``ValidationError`` for identity numbers, for pictures that can't be read and for a text too long.
    """
    changes: dict[str, Any] = {
        "title": _plain(title),
        "change_summary": _plain(change_summary),
        "is_minor": is_minor,
        "hides_old": hides_old,
    }
    if body is not None and not version.file:
        try:
            changes |= _wording(pictures.redrawn(body, known=version.body + drawn), by)
        except ValidationError as error:
            raise ValidationError({"body": error}) from None
    going = [each for each in files_of(version) if each.pk in detach]
    same = all(getattr(version, name) == value for name, value in changes.items())
    if not (version.state == State.DRAFT and same and not attach and not going):
        move(version, "save", by=by, at=at, seen=seen, **changes, **_edited(by, at or timezone.now()))
        for each in going:
            remove(owner=version, attachment=each, by=by, reason="", at=at)
        attach_all(owner=version, uploads=attach, by=by, at=at)
        links.keep(version)
    DraftCopy.objects.filter(version=version, user=by).delete()
    return version


@transaction.atomic
def put_text(
    *, version: Version, by: User, html: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Version:
    """Let the draft be a text (taken from Word) instead of what it was. Raises ``ValidationError``."""
    edited = _edited(by, at or timezone.now())
    move(
        version,
        "save",
        by=by,
        at=at,
        seen=seen,
        untold={"file": ""},
        file_name="",
        file_size=0,
        **_wording(html, by),
        **edited,
    )
    _begun_anew(version, by)
    return version


def _begun_anew(version: Version, by: User) -> None:
    """Another text altogether: its links, and no more of what the person had written and not saved."""
    links.keep(version)
    DraftCopy.objects.filter(version=version, user=by).delete()


@transaction.atomic
def put_file(
    *,
    version: Version,
    by: User,
    file: File[bytes],
    name: str,
    text: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Version:
    """Let the draft be a PDF, kept as it is; ``text`` is what it is found by. Raises ``ValidationError``."""
    identity_numbers.guard_filename(name)
    identity_numbers.guard(text)
    move(
        version,
        "save",
        by=by,
        at=at,
        seen=seen,
        untold={"file": File(file, name=name)},
        body="",
        text=text,
        file_name=name[:120],
        file_size=file.size,
        **_edited(by, at or timezone.now()),
    )
    _begun_anew(version, by)
    return version


def discard(*, version: Version, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> Version:
    """Give the draft up. It is kept, and a new one can begin."""
    now = at or timezone.now()
    move(version, "discard", by=by, at=now, seen=seen, ended_at=now)
    return version


@transaction.atomic
def withdraw(
    *, version: Version, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Version:
    """Let the document apply no longer. Those who answer for it can still read it; search no longer finds it."""
    now = at or timezone.now()
    document = Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
    scheduled = document.versions.filter(state=State.SCHEDULED).first()
    if scheduled and scheduled.applies_from:
        raise ValidationError(
            _("A new version applies from %(day)s. Take it back first."),
            params={"day": full(scheduled.applies_from)},
            code="scheduled",
        )
    move(version, "withdraw", by=by, at=now, seen=seen, note=_plain(note), ended_at=now)
    change(document, "documents.out_of_force", by=by, at=now, review_on=None)
    search.index(document)
    return version


@transaction.atomic
def review_without_change(
    *,
    version: Version,
    by: User,
    note: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Version:
    """Somebody has looked it over and it still holds: the next review is a whole interval away."""
    now = at or timezone.now()
    document = Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
    move(version, "review", by=by, at=now, seen=seen, note=_plain(note))
    review_on = same_day_after(timezone.localdate(now), document.review_months)
    change(document, "documents.review_moved", by=by, at=now, review_on=review_on)
    return version


@transaction.atomic
def change_particulars(
    *, document: Document, by: User | None, at: datetime.datetime | None = None, **fields: Any
) -> bool:
    """Another owner, unit, reach, type or interval, other keywords. True when anything differed.

    Once in force, the document reaches no further than the person answers for. Raises ``ValidationError``.
    """
    if "keywords" in fields:
        fields["keywords"] = _plain(fields["keywords"])
    current = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    differing = {name: value for name, value in fields.items() if stored(current, name) != plain_key(value)}
    if not differing:
        return False
    place: Unit = fields.get("unit", document.unit)
    in_force = Version.objects.in_force().filter(document=document).first()
    if (
        differing.keys() & {"unit", "reach"}
        and document.versions.filter(state__in=[State.APPROVAL, State.SCHEDULED]).exists()
    ):
        raise ValidationError(
            _("It waits for approval as it is. Take it back first, and then change where it applies."), code="waiting"
        )
    elsewhere = in_force is not None and bool(differing.keys() & {"unit", "reach"})
    if by is not None and elsewhere and not access.answers_for(by, place, fields.get("reach", document.reach)):
        raise ValidationError(
            _("It is in force, and would apply where you don't answer for it. Ask a leader above."), code="reach"
        )
    untold: dict[str, Any] = {level: getattr(place, level) for level in LEVELS} if "unit" in differing else {}
    if in_force and "review_months" in differing:
        reviewed = timezone.localdate(in_force.in_force_from)
        if document.review_on:
            reviewed = same_day_after(document.review_on, -document.review_months)
        differing["review_on"] = same_day_after(reviewed, fields["review_months"])
    save_with_event(document, current, "documents.changed", by=by, at=at, data={}, changes=differing, untold=untold)
    if in_force:
        search.index(document)
    return True


def hand_over_document(*, document: Document, by: User | None, to: User) -> None:
    """Give the document to another owner, when its owner leaves."""
    with transaction.atomic():
        change(document, "documents.handed_over", by=by, owner=to)
        search.index(document)


def review_rules_of(municipality_id: int) -> ReviewRules:
    """When owners are reminded of reviews; the defaults until the municipality has decided."""
    return ReviewRules.objects.filter(municipality=municipality_id).first() or ReviewRules(
        municipality_id=municipality_id
    )


@transaction.atomic
def set_review_rules(*, municipality_id: int, by: User, **days: Any) -> ReviewRules:
    """Set when owners are reminded of reviews, in working days."""
    rules = review_rules_of(municipality_id)
    if rules._state.adding:
        for name, value in days.items():
            setattr(rules, name, value)
        return create(rules, "documents.review_rules_set", by=by, **days)
    change(rules, "documents.review_rules_set", by=by, **days)
    return rules
