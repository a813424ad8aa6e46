"""The verbs between a draft and what applies: asking for approval, giving it, and the day it comes into force."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import access, links, required, search
from documents.actions.comments import settle_comments
from documents.actions.hearing import guard_heard
from documents.actions.reading import ask_anew
from documents.lifecycle import State
from documents.models import Answer, Approval, Document, DraftCopy, Version
from documents.models.approval import LIVE
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change, record
from kvalitetslosen.journal.transitions import StepRefused, move
from kvalitetslosen.months import same_day_after
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import midnight

logger = logging.getLogger(__name__)

NOT_APPROVER = gettext_lazy(
    "%(name)s can't approve this. Choose somebody who leads the unit or one above and hasn't written it."
)


def guard_complete(version: Version) -> None:
    """Raises ``ValidationError`` when the draft is empty, or lacks what its readers or its type ask for."""
    type = version.document.type
    if version.is_empty or (not version.file and version.body == type.template):
        raise ValidationError(_("There is nothing to approve yet. Write the text, or upload a file."), code="empty")
    if not version.is_first and not version.change_summary:
        raise ValidationError(_("Write in the draft what is changed, and then send it."), code="unexplained")
    guard_heard(version)
    if lacking := required.missing(version, type.required):
        raise ValidationError(
            _("Fill in under “Change owner, unit and review” first: %(what)s."),
            params={"what": ", ".join(lacking)},
            code="incomplete",
        )


@transaction.atomic
def send(
    *,
    version: Version,
    by: User,
    approver: User,
    more: Sequence[User] = (),
    in_turn: bool = False,
    applies_from: datetime.date | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
    together: str = "",
) -> Version:
    """Ask somebody, or several at once or one after another, to approve the draft.

    Whoever is away when it is their turn is asked through who stands in for them, if that one may approve. It comes
    into force when the last has approved, or on the day it applies from if that is later. Raises ``ValidationError``
    when the draft is empty, when a version after the first doesn't say what is changed, when its type asks for more,
    or when one of them may not approve it: who wrote in it never may.
    ``together`` is the same for what is sent at once: then an approver gets one mail for all.
    """
    guard_complete(version)
    people = list(dict.fromkeys([approver, *more]))
    for each in people:
        if not access.may_approve(version, each):
            raise ValidationError(
                NOT_APPROVER,
                params={"name": each.name},
                code="approver",
            )
    now = at or timezone.now()
    last = version.approvals.order_by("-round").values_list("round", flat=True).first() or 0
    rows = [
        Approval(version=version, round=last + 1, position=place if in_turn else 0, approver=each)
        for place, each in enumerate(people)
    ]
    asked = [row for row in rows if row.position == 0]
    _ask(version, asked, rows, now)
    move(
        version,
        "send",
        by=by,
        at=now,
        seen=seen,
        sent_at=now,
        data=_told(asked, later=[row.approver_id for row in rows if row.position]) | _at_once(together),
        untold={"wanted": "", "applies_from": _later(applies_from, now)},
    )
    Approval.objects.bulk_create(rows)
    return _as_stored(version)


def _ask(version: Version, asked: Iterable[Approval], everybody: Iterable[Approval], now: datetime.datetime) -> None:
    """Let it be their turn: whoever is away today is asked through a deputy who isn't asked already."""
    taken = {row.approver_id for row in everybody}
    for row in asked:
        deputy = access.stand_in_for(version, row.approver)
        if deputy and deputy.pk not in taken:
            row.approver, row.approver_for = deputy, row.approver
            taken.add(deputy.pk)
        row.state, row.asked_at = Answer.ASKED, now


def _told(asked: Iterable[Approval], later: Sequence[int] = ()) -> dict[str, Any]:
    """What the journal keeps of who was asked, and for whom."""
    asked = list(asked)
    said: dict[str, Any] = {"approvers": [row.approver_id for row in asked]}
    if any(row.approver_for_id for row in asked):
        said["approvers_for"] = [row.approver_for_id for row in asked]
    return said | ({"later": list(later)} if later else {})


def _at_once(together: str) -> dict[str, Any]:
    """What the journal keeps of a step that was taken for many documents at once."""
    return {"together": together} if together else {}


def _later(day: datetime.date | None, now: datetime.datetime) -> datetime.date | None:
    """The day, if it is still to come."""
    return day if day and day > timezone.localdate(now) else None


def _as_stored(version: Version) -> Version:
    """The version without what was fetched of its approvals before they changed."""
    getattr(version, "_prefetched_objects_cache", {}).pop("approvals", None)
    return version


@transaction.atomic
def take_back(
    *, version: Version, by: User | None, at: datetime.datetime | None = None, seen: int | None = None
) -> Version:
    """Make it a draft again; nobody is asked any more, and what was approved must be approved anew."""
    move(version, "take_back", by=by, at=at, seen=seen, untold={"approved_by": None, "without_approval": False})
    version.approvals.filter(state__in=LIVE).update(state=Answer.DROPPED)
    return _as_stored(version)


@transaction.atomic
def want_changes(
    *, version: Version, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Version:
    """Send it back to whoever wrote it, with what should be different. The others it was sent to are told."""
    identity_numbers.guard(note)
    note, now = note.strip(), at or timezone.now()
    seen = _past_other_approvals(version, seen)
    others = version.approvals.filter(state__in=[Answer.ASKED, Answer.APPROVED]).exclude(approver=by)
    told = list(others.order_by("pk").values_list("approver_id", flat=True))
    move(
        version, "want_changes", by=by, at=now, seen=seen, note=note, untold={"wanted": note},
        data={"others": told} if told else {},
    )  # fmt: skip
    version.approvals.filter(approver=by, state__in=[Answer.ASKED, Answer.APPROVED]).update(
        state=Answer.CHANGES_WANTED, at=now, note=note
    )
    version.approvals.filter(state__in=LIVE).update(state=Answer.DROPPED)
    return _as_stored(version)


def _past_other_approvals(version: Version, seen: int | None) -> int | None:
    """How many events the person has seen, those in which others only approved the same counted in."""
    if seen is None:
        return None
    since = list(Event.objects.about(version).filter(number__gt=seen).values_list("type", flat=True))
    return seen + len(since) if set(since) == {"documents.approved_by_one"} else seen


def _locked(version: Version) -> Document:
    """The version's document, for the rest of the transaction: only one at a time decides what applies."""
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("unit", "type").get(pk=version.document_id)
    )
    version.document = document
    return document


@transaction.atomic
def approve(
    *,
    version: Version,
    by: User,
    at: datetime.datetime | None = None,
    seen: int | None = None,
    together: str = "",
) -> Version:
    """Approve it. With the last of those asked it comes into force, or waits for the day it applies from.

    ``together`` is the same for what is approved at once: then those who wrote them get one mail for all.

    Raises ``ValidationError`` when the person wrote in it, doesn't answer for where it applies, or isn't asked.
    """
    now = at or timezone.now()
    document = _locked(version)
    if not access.may_approve(version, by):
        raise ValidationError(_("Another must approve what you wrote."), code="approver")
    seen = _past_other_approvals(version, seen)
    rows = list(version.approvals.filter(state__in=LIVE).select_related("approver").order_by("position", "pk"))
    own = next((row for row in rows if row.approver_id == by.pk and row.state == Answer.ASKED), None)
    left = [row for row in rows if row is not own and row.state != Answer.APPROVED]
    if own is None and Version.objects.filter(pk=version.pk, state=State.APPROVAL).exists():
        raise ValidationError(_("It doesn't wait for your approval."), code="approver")
    if own is not None:
        own.state, own.at = Answer.APPROVED, now
        own.save(update_fields=["state", "at"])
    if left:
        asked = []
        if not any(row.state == Answer.ASKED for row in left):
            asked = [row for row in left if row.position == left[0].position]
            _ask(version, asked, rows, now)
            Approval.objects.bulk_update(asked, ["approver", "approver_for", "state", "asked_at"])
        move(version, "approve_among_others", by=by, at=now, seen=seen, data=_told(asked))
    elif _later(Version.objects.values_list("applies_from", flat=True).get(pk=version.pk), now):
        move(version, "approve_for_later", by=by, at=now, seen=seen, approved_by=by)
    else:
        into_force(
            version, document, "approve", by=by, now=now, seen=seen, data=_at_once(together) or None, approved_by=by
        )
    return _as_stored(version)


@transaction.atomic
def put_in_force(
    *,
    version: Version,
    by: User,
    applies_from: datetime.date | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Version:
    """Let a draft whose type asks no approval apply, at once or from a later day. Raises ``ValidationError``."""
    now = at or timezone.now()
    document = _locked(version)
    guard_complete(version)
    if document.type.asks_approval:
        raise ValidationError(_("Another must approve it. Send it to approval."), code="approval")
    if not access.answers_for_reach(document, by):
        raise ValidationError(_("It would apply where you don't answer for it. Ask a leader above."), code="reach")
    later = _later(applies_from, now)
    if later:
        move(
            version, "put_in_force_later", by=by, at=now, seen=seen,
            approved_by=by, without_approval=True, applies_from=later,
        )  # fmt: skip
    else:
        into_force(version, document, "put_in_force", by=by, now=now, seen=seen, approved_by=by, without_approval=True)
    return version


def into_force(
    version: Version,
    document: Document,
    step: str,
    *,
    by: User | None,
    now: datetime.datetime,
    since: datetime.datetime | None = None,
    seen: int | None = None,
    number: tuple[int, int] | None = None,
    review_on: datetime.date | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Let the version apply: it gets its number, the one before is replaced, and search finds it.

    ``number`` and ``review_on`` are what it had elsewhere, where it comes from elsewhere. The document is locked.
    """
    since = since or now
    before = Version.objects.in_force().filter(document=document).first()
    if before is not None:
        move(before, "replace", by=by, at=now, ended_at=since)
    major, minor = number or number_for(version)
    move(version, step, by=by, at=now, seen=seen, data=data, major=major, minor=minor, in_force_from=since, **changes)
    review_on = review_on or same_day_after(timezone.localdate(since), document.review_months)
    change(document, "documents.in_force", by=by, at=now, title=version.title, review_on=review_on)
    search.index(document)
    links.settle(document)
    ask_anew(version=version, by=by, at=now)
    settle_comments(version=version, by=by, at=now)


def number_for(version: Version) -> tuple[int, int]:
    """A small change counts the second figure, anything else the first; the first version is 1.0."""
    latest = Version.objects.once_in_force().filter(document=version.document_id).order_by("-major", "-minor").first()
    if latest is None or latest.major is None or latest.minor is None:
        return 1, 0
    return (latest.major, latest.minor + 1) if version.is_minor else (latest.major + 1, 0)


@transaction.atomic
def come_into_force(*, version: Version, at: datetime.datetime | None = None) -> Version:
    """Let what is approved apply now that its day has come. Raises ``StepRefused`` the second time."""
    now = at or timezone.now()
    document = _locked(version)
    day = version.applies_from or timezone.localdate(now)
    since = min(midnight(day), now)
    into_force(version, document, "come_into_force", by=None, now=now, since=since)
    return version


def bring_into_force(now: datetime.datetime | None = None) -> int:
    """Everything whose day has come, each once and whatever happens to the others; how many."""
    moment = now or timezone.now()
    due = Version.objects.filter(state=State.SCHEDULED, applies_from__lte=timezone.localdate(moment))
    done = 0
    for version in due.select_related("document").order_by("applies_from", "pk"):
        try:
            come_into_force(version=version, at=moment)
        except StepRefused:
            continue  # taken back, or brought into force by another worker
        except Exception:
            logger.exception("Version %s could not come into force; the next run tries again.", version.pk)
        else:
            done += 1
    return done


def hand_over_draft(*, version: Version, by: User | None, to: User) -> None:
    """Let another go on with the draft. What the heir was asked to approve must be sent to somebody else.

    What the one before had written and not saved goes along, unless the heir is writing in it already.
    """
    with transaction.atomic():
        if not DraftCopy.objects.of(version).filter(user=to).exists():
            DraftCopy.objects.of(version).filter(user=version.author_id).update(user=to)
        if version.approvals.filter(approver=to, state__in=LIVE).exists():
            take_back(version=version, by=by)
        change(version, "documents.draft_handed_over", by=by, author=to, edited_by=to)


@transaction.atomic
def ask_another(*, approval: Approval, by: User | None, to: User) -> None:
    """Let somebody else approve, when the one who was asked leaves. Raises ``ValidationError`` as ``send`` does."""
    version = approval.version
    if not access.may_approve(version, to):
        raise ValidationError(
            _("%(name)s can't approve “%(title)s”. Choose somebody who leads its unit or a unit above."),
            params={"name": to.name, "title": version.title},
            code="approver",
        )
    if version.approvals.filter(round=approval.round, approver=to).exists():
        raise ValidationError(
            _("%(name)s is asked to approve “%(title)s” already. Choose another."),
            params={"name": to.name, "title": version.title},
            code="asked",
        )
    before, approval.approver, approval.approver_for = approval.approver_id, to, None
    approval.save(update_fields=["approver", "approver_for"])
    record(version, "documents.approver_changed", by=by, changes={"approver": [before, to.pk]})
