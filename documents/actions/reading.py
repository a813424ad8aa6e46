"""The verbs of reading: ask, end, confirm, remind. Who may is asked before, in the view."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import (
    DAYS_TO_READ,
    Document,
    ReadAudience,
    ReadNudge,
    ReadReceipt,
    ReadRequirement,
    Version,
)
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.record import change, create, create_many
from kvalitetslosen.organisation.models import Unit, User

Part = tuple[int | None, str, int | None]  # unit, role, person


def parts(units: Iterable[Unit], roles: Sequence[str], people: Iterable[User]) -> list[Part]:
    """Whom it asks: in each unit all who work there, or only those with the roles; and the people by name."""
    return [
        *((unit.pk, role, None) for unit in units for role in (roles or [""])),
        *((None, "", person.pk) for person in people),
    ]


@transaction.atomic
def ask_to_read(
    *,
    document: Document,
    by: User,
    units: Collection[Unit] = (),
    roles: Sequence[str] = (),
    people: Collection[User] = (),
    due_on: datetime.date,
    days: int = DAYS_TO_READ,
    note: str = "",
    at: datetime.datetime | None = None,
) -> ReadRequirement:
    """Ask them to confirm that they have read it, until it is ended. Who is asked already is left out.

    Raises ``ValidationError`` when nobody is left, when the document isn't in force, and for identity numbers.
    """
    note = note.strip()
    identity_numbers.guard(note)
    now = at or timezone.now()
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    version = Version.objects.in_force().filter(document=document).first()
    if version is None:
        raise ValidationError(_("It isn't in force, so there is nothing to read yet."), code="not_in_force")
    asked = set(
        ReadAudience.objects.filter(requirement__document=document, requirement__ended_at=None).values_list(
            "unit", "role", "person"
        )
    )
    wanted = [part for part in dict.fromkeys(parts(units, roles, people)) if part not in asked]
    if not wanted:
        raise ValidationError(_("They are asked already. Choose somebody else."), code="already")
    requirement = ReadRequirement(
        document=document,
        version=version,
        asked_by=by,
        asked_at=now,
        asked_on=timezone.localdate(now),
        due_on=due_on,
        days=days,
        note=note,
    )
    create(requirement, "documents.reading_asked", by=by, at=now, due_on=due_on, days=days, audience=wanted)
    ReadAudience.objects.bulk_create(
        [ReadAudience(requirement=requirement, unit_id=u, role=role, person_id=p) for u, role, p in wanted]
    )
    return requirement


def end_reading(*, requirement: ReadRequirement, by: User, at: datetime.datetime | None = None) -> None:
    """Ask nobody any more, neither those left nor those who come. What was confirmed stays confirmed."""
    if requirement.ended_at is None:
        change(requirement, "documents.reading_ended", by=by, at=at, ended_at=at or timezone.now(), ended_by=by)


def ask_anew(*, version: Version, by: User | None, at: datetime.datetime | None = None) -> None:
    """A version has come into force: where it is a major one, whoever was asked is asked to read it, by a new date."""
    now = at or timezone.now()
    day = timezone.localdate(now)
    rows = ReadRequirement.objects.open().filter(document=version.document_id).select_related("version", "document")
    for requirement in rows.order_by("pk"):
        if requirement.version.major != version.major:
            due_on = day + datetime.timedelta(days=requirement.days)
            change(
                requirement, "documents.reading_asked_anew", by=by, at=now,
                version=version, asked_on=day, due_on=due_on,
            )  # fmt: skip


def confirm_reading(*, version: Version, by: User, at: datetime.datetime | None = None) -> ReadReceipt:
    """I have read and understood it. The same major version a second time changes nothing.

    Raises ``ValidationError`` when another major version applies by now: that one is to be read.
    """
    current = Version.objects.in_force().filter(document=version.document_id).first()
    if version.major is None or current is None or current.major != version.major:
        raise ValidationError(_("There is a newer version. Read that one before you confirm."), code="newer")
    known = {"user": by, "document": version.document, "major": version.major}
    if already := ReadReceipt.objects.filter(**known).first():
        return already
    receipt = ReadReceipt(version=version, at=at or timezone.now(), **known)
    try:
        with transaction.atomic():
            return create(receipt, "documents.read", by=by, at=at, version=version)
    except IntegrityError:  # two taps at once
        return ReadReceipt.objects.get(**known)


@transaction.atomic
def remind_to_read(*, people: Collection[int], by: User, at: datetime.datetime | None = None) -> int:
    """Remind each of the people (ids) of all they have to read, but nobody twice a day; how many were reminded."""
    now = at or timezone.now()
    day = timezone.localdate(now)
    # Locked in one order, so that two leaders of one person remind them once.
    locked = list(User.objects.active().select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))
    had = set(ReadNudge.objects.filter(day=day, user__in=[user.pk for user in locked]).values_list("user", flat=True))
    nudges = [
        ReadNudge(user=user, by=by, at=now, day=day) for user in locked if user.pk not in had and user.pk != by.pk
    ]
    create_many(nudges, "documents.read_reminded", by=by)
    return len(nudges)
