"""The verbs of the sealed channel. Nothing here but the settings and the recipients leaves a trace outside it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deviations import codes
from deviations.whistle.journal import create as create_case
from deviations.whistle.journal import lock, move, record
from deviations.whistle.models import (
    FEWEST,
    WhistleCase,
    WhistleConcern,
    WhistleEntry,
    WhistleIdentity,
    WhistleRecipient,
    WhistleSettings,
    whistle_settings,
)
from kvalitetslosen.files.actions import forget_all, store_all
from kvalitetslosen.files.uploads import Examined
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.actions import lock_organisation
from kvalitetslosen.organisation.models import Role, Unit, User

To = WhistleEntry.To


class Told(NamedTuple):
    case: WhistleCase
    code: str  # for the whistle-blower alone; kept nowhere


def is_open(municipality: Unit) -> bool:
    """Whether enough receive for the municipality to take whistle-blowing."""
    return WhistleRecipient.objects.in_place().filter(municipality=municipality).count() >= FEWEST


@transaction.atomic
def blow_the_whistle(
    *,
    municipality: Unit,
    text: str,
    key: uuid.UUID,
    matter: str = "",
    place: str = "",
    happened: str = "",
    concerns: Collection[User] = (),
    name: str = "",
    reach: str = "",
    uploads: Sequence[Examined] = (),
    at: datetime.datetime | None = None,
) -> Told:
    """A new case, and its code. The same form (``key``) sent again changes nothing and gives the same code.

    Nobody's account is stored, whoever sends it. Raises ``ValidationError`` when nobody would be left to receive it.
    """
    issued = codes.issue(key)
    lock_organisation(municipality.pk)  # nobody stops receiving meanwhile, and the same form comes once
    if found := WhistleCase.objects.filter(key=issued.row).first():
        return Told(found, issued.code)
    now = at or timezone.now()
    left = WhistleRecipient.objects.in_place().filter(municipality=municipality)
    if not left.exclude(user__in=[each.pk for each in concerns]).exists():
        raise ValidationError(_("Nobody is left to receive it."), code="nobody")
    case = WhistleCase(
        key=issued.row,
        code_hash=issued.hash,
        municipality=municipality,
        text=text,
        matter=matter,
        place=place,
        happened=happened,
        received_at=now,
        waits_since=now,
        receipt_by=timezone.localdate(now) + datetime.timedelta(days=whistle_settings(municipality.pk).receipt_days),
    )
    create_case(case, at=now)
    WhistleConcern.objects.bulk_create([WhistleConcern(case=case, user=user) for user in concerns])
    if name.strip():
        WhistleIdentity.objects.create(case=case, name=name.strip(), reach=reach.strip())
    add_files(case=case, uploads=uploads, at=now)
    return Told(case, issued.code)


def _write(case: WhistleCase, to: str, text: str, *, by: User | None, at: datetime.datetime | None = None) -> None:
    if text.strip():
        WhistleEntry.objects.create(case=case, to=to, text=text.strip(), author=by, at=at or timezone.now())


# What the whistle-blower does


@transaction.atomic
def write_to_recipients(*, case: WhistleCase, text: str, at: datetime.datetime | None = None) -> bool:
    """More from the whistle-blower, also after it has ended: whether it could still be written."""
    if lock(case).erased_at:
        return False
    now = at or timezone.now()
    _write(case, To.RECIPIENTS, text, by=None, at=now)
    record(case, "reporter_wrote", by=None, at=now)
    _waits(case, now)
    return True


@transaction.atomic
def add_files(*, case: WhistleCase, uploads: Sequence[Examined], at: datetime.datetime | None = None) -> None:
    """Files from the whistle-blower. The rows name nobody."""
    _found, new = store_all(owner=case, uploads=uploads, by=None, at=at)
    if new:
        record(case, "files_added", by=None, at=at)
        _waits(case, at or timezone.now())


def _waits(case: WhistleCase, now: datetime.datetime) -> None:
    if lock(case).waits_since is None:
        case.waits_since = now
        case.save(update_fields=["waits_since"])


@transaction.atomic
def reopen(*, case: WhistleCase, by: User | None, text: str, at: datetime.datetime | None = None) -> None:
    """Look into it once more, with why. By the whistle-blower (``by`` None) or a recipient."""
    now = at or timezone.now()
    waits = {"waits_since": now} if by is None else {}
    move(case, "reopen", by=by, at=now, ended_at=None, **waits)
    _write(case, To.NOTE if by else To.RECIPIENTS, text, by=by, at=now)


# What recipients do


def open_case(*, case: WhistleCase, by: User) -> None:
    """Keep that somebody opened it."""
    record(case, "opened", by=by)


def open_file(*, case: WhistleCase, by: User) -> None:
    """Keep that somebody opened one of its files."""
    record(case, "file_opened", by=by)


def open_identity(*, case: WhistleCase, by: User) -> WhistleIdentity | None:
    """Who the whistle-blower says they are, and an event that somebody looked. None where they said nothing."""
    identity = WhistleIdentity.objects.filter(case=case).first()
    if identity is not None:
        record(case, "identity_opened", by=by)
    return identity


@transaction.atomic
def acknowledge(*, case: WhistleCase, by: User, text: str, at: datetime.datetime | None = None) -> None:
    """The receipt, in words for the whistle-blower."""
    now = at or timezone.now()
    move(case, "acknowledge", by=by, at=now, acknowledged_at=now, waits_since=None)
    _write(case, To.REPORTER, text, by=by, at=now)


@transaction.atomic
def examine(*, case: WhistleCase, by: User, text: str = "", at: datetime.datetime | None = None) -> None:
    """Begin to look into it; with a note on how, among the recipients."""
    move(case, "examine", by=by, at=at)
    _write(case, To.NOTE, text, by=by, at=at)


def _end(case: WhistleCase, step: str, by: User, at: datetime.datetime | None, **changes: Any) -> None:
    now = at or timezone.now()
    later = timezone.localdate(now) + datetime.timedelta(days=whistle_settings(case.municipality_id).protect_days)
    acknowledged = case.acknowledged_at or now
    move(
        case, step, by=by, at=now, ended_at=now, acknowledged_at=acknowledged, waits_since=None, protect_on=later,
        **changes,
    )  # fmt: skip


def conclude(*, case: WhistleCase, by: User, outcome: str, at: datetime.datetime | None = None) -> None:
    """What was found and what is done, in words for the whistle-blower."""
    _end(case, "conclude", by, at, outcome=outcome)


def pass_on(*, case: WhistleCase, by: User, passed_to: str, outcome: str, at: datetime.datetime | None = None) -> None:
    """An authority outside the municipality has it from now on."""
    _end(case, "pass_on", by, at, passed_to=passed_to, outcome=outcome)


def decline(*, case: WhistleCase, by: User, outcome: str, at: datetime.datetime | None = None) -> None:
    """It isn't whistle-blowing; the answer says where it belongs. Never moved there: the channel is sealed."""
    _end(case, "decline", by, at, outcome=outcome)


@transaction.atomic
def look_after(
    *, case: WhistleCase, by: User, text: str, again_on: datetime.date | None, at: datetime.datetime | None = None
) -> None:
    """How the whistle-blower is treated (§ 2 A-4 forbids retaliation), and when to look once more, if at all."""
    move(case, "look_after", by=by, at=at, protect_on=again_on)
    _write(case, To.NOTE, text, by=by, at=at)


@transaction.atomic
def tell_reporter(*, case: WhistleCase, by: User, text: str, at: datetime.datetime | None = None) -> bool:
    """Write to the whistle-blower, who reads it with the code: whether it could still be written."""
    current = lock(case)
    if current.erased_at:
        return False
    _write(case, To.REPORTER, text, by=by, at=at)
    record(case, "told_reporter", by=by, at=at)
    if current.acknowledged_at:  # what isn't acknowledged waits for a receipt all the same
        case.waits_since = None
        case.save(update_fields=["waits_since"])
    return True


@transaction.atomic
def note(*, case: WhistleCase, by: User, text: str) -> bool:
    """A note among the recipients: whether it could still be written."""
    if lock(case).erased_at:
        return False
    _write(case, To.NOTE, text, by=by)
    record(case, "noted", by=by)
    return True


def erase_old(now: datetime.datetime | None = None) -> int:
    """Delete what was written, who wrote it and the files, when the municipality's limit has passed; how many cases.

    What is left is that there was a case, and its journal, which never held a word of it. None is deleted while
    something waits in it, or somebody is still to look at how the whistle-blower is treated.
    """
    now, erased = now or timezone.now(), 0
    for case in WhistleCase.objects.ended().filter(erased_at=None, protect_on=None, waits_since=None).order_by("pk"):
        until = case.kept_until(whistle_settings(case.municipality_id).keep_months)
        if until is None or until > now:
            continue
        with transaction.atomic():
            current = lock(case)
            if current.is_open or current.erased_at or current.waits_since or current.protect_on:
                continue
            WhistleEntry.objects.filter(case=current).delete()
            WhistleIdentity.objects.filter(case=current).delete()
            forget_all(current)
            current.text = current.place = current.happened = current.outcome = current.matter = ""
            current.erased_at = now
            current.save(update_fields=["text", "place", "happened", "outcome", "matter", "erased_at"])
            record(current, "erased", by=None, at=now)
            erased += 1
    return erased


# Who receives


@transaction.atomic
def set_whistle_settings(*, municipality_id: int, by: User | None, **fields: Any) -> WhistleSettings:
    """The municipality's limits. Receipts already promised stay as they were promised."""
    found = whistle_settings(municipality_id)
    if found._state.adding:
        for name, value in fields.items():
            setattr(found, name, value)
        return create(found, "deviations.whistle_settings_set", by=by, **fields)
    change(found, "deviations.whistle_settings_set", by=by, **fields)
    return found


@transaction.atomic
def appoint_recipient(*, user: User, by: User | None, at: datetime.datetime | None = None) -> WhistleRecipient:
    """Let a person receive from now on. What came before they see only when another recipient lets them in.

    The first two are let in at once: before them there was no case. All recipients are told. Raises
    ``ValidationError`` for oneself, for whoever keeps the accounts, for somebody who has left, and who is one already.
    """
    lock_organisation(user.municipality_id)
    now = at or timezone.now()
    ever = WhistleRecipient.objects.filter(municipality=user.municipality_id)
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("You can’t appoint yourself. Another administrator must do it."), code="oneself")
    if not user.is_active:
        raise ValidationError(_("%(name)s has left."), params={"name": user.name}, code="left")
    if user.standing.has(Role.ADMINISTRATOR):
        raise ValidationError(
            _("%(name)s keeps the accounts as administrator, and so can’t receive whistle-blowing."),
            params={"name": user.name},
            code="administrator",
        )
    if ever.current().filter(user=user).exists():
        raise ValidationError(_("%(name)s receives whistle-blowing already."), params={"name": user.name}, code="held")
    first = ever.count() < FEWEST
    row = WhistleRecipient(
        municipality_id=user.municipality_id,
        user=user,
        address=user.email.lower(),
        appointed_at=now,
        sees_all_at=now if first else None,
    )
    return create(row, "deviations.whistle_recipient_appointed", by=by, at=now, user=user)


@transaction.atomic
def let_in(*, recipient: WhistleRecipient, by: User) -> None:
    """One recipient lets another see what came before them, or see again after their address was changed.

    Raises ``ValidationError`` when who lets in doesn't see all themselves.
    """
    lock_organisation(recipient.municipality_id)
    seeing = WhistleRecipient.objects.seeing_all().filter(municipality=recipient.municipality_id)
    if recipient.user_id == by.pk or not seeing.filter(user=by).exists():
        raise ValidationError(_("Only a recipient who sees all cases can let another in."), code="not_in")
    change(
        recipient,
        "deviations.whistle_recipient_let_in",
        by=by,
        data={"user": recipient.user_id},
        sees_all_at=timezone.now(),
        address=recipient.user.email.lower(),
    )


@transaction.atomic
def end_recipient(*, recipient: WhistleRecipient, by: User | None) -> None:
    """Let a person no longer receive.

    Raises ``ValidationError`` unless enough others who see all cases are left. The rule is the same whether there are
    cases or not: whoever asks must not learn that there are.
    """
    lock_organisation(recipient.municipality_id)
    if WhistleRecipient.objects.get(pk=recipient.pk).ended_at:
        return
    others = WhistleRecipient.objects.seeing_all().filter(municipality=recipient.municipality_id)
    if others.exclude(pk=recipient.pk).count() < FEWEST:
        raise ValidationError(
            _(
                "Two others who see all cases must be left. Appoint another, and have one of the recipients let "
                "them in first."
            ),
            code="too_few",
        )
    change(
        recipient,
        "deviations.whistle_recipient_ended",
        by=by,
        data={"user": recipient.user_id},
        ended_at=timezone.now(),
    )
