"""The verbs of a look at the effect: plan, open on its day, say whether it worked."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from deviations import actions as cases
from deviations.actions import came_from
from deviations.lifecycle import LIFECYCLE as CASE
from deviations.lifecycle import State as CaseState
from deviations.models import Deviation
from improvement.actions.acting import CannotOwn, may_own
from improvement.lifecycle import State
from improvement.models import Action, EffectCheck, Measure
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import StepRefused, move
from kvalitetslosen.organisation.models import LEVELS, InTree, User


class NothingToLookAt(Exception):
    """The case was merged into another or is no deviation, or the action is cancelled: nothing was done."""


def _owner(user: User, place: InTree, deviation: Deviation | None) -> User:
    now = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not may_own(now, municipality_id=place.level_0, deviation=deviation):
        raise CannotOwn
    return now


@transaction.atomic
def plan_check(
    *,
    by: User,
    deviation: Deviation,
    owner: User,
    criterion: str,
    opens_on: datetime.date,
    looks_from: datetime.date | None = None,
    measure: Measure | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> EffectCheck:
    """Say, before acting, what shall be seen by when if it works. The case keeps the day.

    ``key`` is the form's own: the same one sent twice gives the one already made. Raises ``CannotOwn`` and
    ``NothingToLookAt``.
    """
    now = at or timezone.now()
    locked = Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit").get(pk=deviation.pk)
    owner = _owner(owner, locked, locked)
    if key and (sent := EffectCheck.objects.filter(key=key).first()):
        return sent
    if locked.state in (CaseState.MERGED, CaseState.NOT_DEVIATION):
        raise NothingToLookAt
    check = EffectCheck(
        deviation=locked,
        owner=owner,
        criterion=criterion,
        opens_on=opens_on,
        looks_from=looks_from or timezone.localdate(now),
        measure=measure,
        created_at=now,
    )
    if key:
        check.key = key
    check.unit = locked.handling_unit
    check.copy_levels(locked)
    create(check, "improvement.effect_planned", by=by, at=at, owner=owner.pk, opens_on=opens_on)
    change(locked, "improvement.effect_day_set", by=by, at=at, effect_check_on=opens_on)
    return check


@transaction.atomic
def plan_check_of(
    *,
    by: User,
    action: Action,
    owner: User,
    criterion: str,
    opens_on: datetime.date,
    looks_from: datetime.date | None = None,
    measure: Measure | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> EffectCheck:
    """The same of an action without a case. One at a time: what waits already is given back.

    Raises ``CannotOwn`` and ``NothingToLookAt``.
    """
    now = at or timezone.now()
    locked = lock(action)
    owner = _owner(owner, locked, None)
    if key and (sent := EffectCheck.objects.filter(key=key).first()):
        return sent
    if locked.deviation_id is not None or locked.state == State.CANCELLED:
        raise NothingToLookAt
    if waiting := EffectCheck.objects.waiting().filter(action=locked).first():
        return waiting
    check = EffectCheck(
        action=locked, owner=owner, criterion=criterion, opens_on=opens_on,
        looks_from=looks_from or timezone.localdate(now), measure=measure, created_at=now,
    )  # fmt: skip
    if key:
        check.key = key
    check.unit_id = locked.unit_id
    check.copy_levels(locked)
    return create(check, "improvement.effect_planned", by=by, at=at, owner=owner.pk, opens_on=opens_on)


def open_check(*, check: EffectCheck, at: datetime.datetime | None = None) -> None:
    """Its day has come: whoever is to look is told. Nobody does this by hand."""
    move(check, "open", by=None, at=at)


def open_due(now: datetime.datetime | None = None) -> int:
    """Open every one whose day has come; how many. Twice is once: a row that was opened meanwhile is left alone."""
    moment = now or timezone.now()
    opened = 0
    for check in EffectCheck.objects.due(timezone.localdate(moment)).order_by("pk"):
        try:
            open_check(check=check, at=moment)
        except StepRefused:
            continue
        opened += 1
    return opened


@transaction.atomic
def found_effective(
    *, check: EffectCheck, by: User, words: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It worked. The reporter of the case is told, and reads the words; of an action, whoever did it."""
    now = at or timezone.now()
    move(check, "effective", by=by, at=now, seen=seen, words=words.strip(), judged_at=now, judged_by=by)
    _tell(check, by, now, worked=True)


def _tell(check: EffectCheck, by: User, at: datetime.datetime, *, worked: bool) -> None:
    if check.deviation is not None:
        record(check.deviation, "improvement.effect_found", by=by, at=at, worked=worked)
    if check.action is not None:
        record(check.action, "improvement.action_effect_found", by=by, at=at, worked=worked)


@transaction.atomic
def found_ineffective(
    *, check: EffectCheck, by: User, words: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It did not work: the reporter is told, and a closed case opens again, for its cause and another action.

    Of an action without a case, whoever did it is told, and its page asks for another.
    """
    now = at or timezone.now()
    move(check, "ineffective", by=by, at=now, seen=seen, words=words.strip(), judged_at=now, judged_by=by)
    _tell(check, by, now, worked=False)
    if check.deviation_id is None:
        return
    deviation = Deviation.objects.get(pk=check.deviation_id)
    if deviation.state in CASE["reopen"].sources:
        cases.reopen(deviation=deviation, by=by, note=words.strip(), at=now)


def cannot_tell(
    *,
    check: EffectCheck,
    by: User,
    opens_on: datetime.date,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Too little to go by: it is looked at again on another day."""
    move(check, "inconclusive", by=by, at=at, seen=seen, note=note, opens_on=opens_on)


def reword(
    *,
    check: EffectCheck,
    by: User,
    criterion: str,
    opens_on: datetime.date,
    measure: Measure | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Another plan, as long as nobody has looked."""
    move(check, "reword", by=by, at=at, seen=seen, criterion=criterion, opens_on=opens_on, measure=measure)


@transaction.atomic
def pass_on(
    *, check: EffectCheck, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else looks. Raises ``CannotOwn``."""
    _owner(owner, check, check.deviation)
    move(check, "hand_over", by=by, at=at, seen=seen, owner=owner)


@transaction.atomic
def inherit_check(*, check: EffectCheck, by: User | None, owner: User, at: datetime.datetime | None = None) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotOwn``."""
    _owner(owner, check, check.deviation)
    move(check, "inherit", by=by, at=at, owner=owner)


def drop(
    *, check: EffectCheck, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """The effect isn't looked at after all; the reason stays in the journal."""
    move(check, "drop", by=by, at=at, seen=seen, note=note)


def check_follows(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """What is still to be looked at in a case that was merged goes along to the other."""
    levels = {level: getattr(goes_on, level) for level in LEVELS}
    for check in EffectCheck.objects.waiting().filter(deviation=ended).order_by("pk"):
        move(check, "follow", by=by, at=at, deviation=goes_on, unit=goes_on.handling_unit, untold=levels)


def check_comes_back(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: what had gone along comes back."""
    levels = {level: getattr(ended, level) for level in LEVELS}
    rows = {check.pk: check for check in EffectCheck.objects.filter(deviation=goes_on).order_by("pk")}
    for pk in came_from(EffectCheck, rows, ended, "improvement.effect_followed", "improvement.effect_came_back"):
        move(rows[pk], "come_back", by=by, at=at, deviation=ended, unit=ended.handling_unit, untold=levels)
