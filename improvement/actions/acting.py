"""The verbs of an action's life. Rights are asked before, in the view; states are checked once, in ``move``."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations.actions import came_from
from deviations.models import Deviation, Naming
from improvement.lifecycle import WAITING
from improvement.models import Action, AgendaItem, Hazard, Improvement
from kvalitetslosen.journal.record import create, lock
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import LEVELS, InTree, Unit, User


class CaseClosed(Exception):
    """The case was closed; nothing more is planned in it."""


class WorkEnded(Exception):
    """The improvement has ended, or the analysis of risk is withdrawn; nothing more is planned there."""


class CannotOwn(Exception):
    """The person has left, belongs elsewhere, or is the leader the case is about."""


def may_own(user: User, *, municipality_id: int | None, deviation: Deviation | None) -> bool:
    """Whether the person can be given an action there: a colleague who hasn't left, and not the case's subject."""
    if not user.is_active or user.municipality_id != municipality_id:
        return False
    return deviation is None or deviation.about_id is None or deviation.about_id != user.pk


def may_share(deviation: Deviation | None) -> bool:
    """Whether colleagues can be shown what was done: never where it may tell of a leader or of a hidden reporter."""
    return deviation is None or (deviation.about_id is None and deviation.naming == Naming.NAMED)


def owner_now(user: User, *, municipality_id: int | None, deviation: Deviation | None) -> User:
    """The person as stored now, locked: nobody is given anything in the moment they leave. Raises ``CannotOwn``."""
    now = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not may_own(now, municipality_id=municipality_id, deviation=deviation):
        raise CannotOwn
    return now


@transaction.atomic
def plan(
    *,
    by: User,
    what: str,
    owner: User,
    deadline: datetime.date,
    unit: Unit | None = None,
    deviation: Deviation | None = None,
    improvement: Improvement | None = None,
    hazard: Hazard | None = None,
    strength: str = "",
    shared: bool = False,
    agenda_item: AgendaItem | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Action:
    """Decide that something is to be done. In a case it lies with the unit that handles the case, else with ``unit``.

    As part of an improvement it lies with the improvement's unit, against a hazard with the analysis' unit.

    ``key`` is the form's own: the same one sent twice gives the action already made. Raises ``CaseClosed``,
    ``WorkEnded`` and ``CannotOwn``; ``ValueError`` without a unit or a case.
    """
    if deviation is not None:
        cases = Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit")
        deviation = cases.get(pk=deviation.pk)
        unit = deviation.handling_unit
        place: InTree = deviation  # locked: a unit that is moved takes the case along first, and then its actions
    elif improvement is not None:
        place = unit = Unit.objects.standing_still(improvement.unit_id)
    elif hazard is not None:
        place = unit = Unit.objects.standing_still(hazard.analysis.unit_id)
    elif unit is not None:
        place = unit = Unit.objects.standing_still(unit.pk)
    if unit is None:
        raise ValueError("An action belongs to a unit or to a case.")
    # Looked for behind the locks: of two clicks at the same moment, the second waits and finds the first.
    owner = owner_now(owner, municipality_id=unit.municipality_id, deviation=deviation)
    if key and (sent := Action.objects.filter(key=key).first()):
        return sent
    if deviation is not None and not deviation.is_open:
        raise CaseClosed
    if improvement is not None and not lock(improvement).is_working:
        raise WorkEnded
    if hazard is not None and not lock(hazard.analysis).is_current:
        raise WorkEnded
    action = Action(
        what=what,
        owner=owner,
        deadline=deadline,
        deviation=deviation,
        improvement=improvement if deviation is None else None,
        hazard=hazard if deviation is None and improvement is None else None,
        strength=strength,
        shared=shared and may_share(deviation),
        agenda_item=agenda_item,
        created_at=at or timezone.now(),
    )
    if key:
        action.key = key
    action.unit = unit
    action.copy_levels(place)
    return create(action, "improvement.action_planned", by=by, at=at, owner=owner.pk, deadline=deadline)


def start(*, action: Action, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    move(action, "start", by=by, at=at, seen=seen)


def finish(
    *, action: Action, by: User, done_note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Done, with a word on what was done."""
    now = at or timezone.now()
    move(action, "finish", by=by, at=now, seen=seen, done_note=done_note.strip(), closed_at=now, closed_by=by)


def cancel(
    *, action: Action, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It is not to be done after all; the reason stays in the journal. Then there is no effect to look at either."""
    now = at or timezone.now()
    with transaction.atomic():
        move(action, "cancel", by=by, at=now, seen=seen, note=note, closed_at=now, closed_by=by)
        for check in action.effect_checks.filter(state__in=WAITING).order_by("pk"):
            move(check, "drop", by=by, at=now, note=note)


def move_deadline(
    *,
    action: Action,
    by: User,
    deadline: datetime.date,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Another date, with a reason. Reminders follow the new one."""
    move(action, "move_deadline", by=by, at=at, seen=seen, note=note, deadline=deadline)


@transaction.atomic
def hand_over(
    *, action: Action, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else does it from now on. Raises ``CannotOwn``."""
    owner_now(owner, municipality_id=action.level_0, deviation=action.deviation)
    move(action, "hand_over", by=by, at=at, seen=seen, owner=owner)


@transaction.atomic
def inherit(*, action: Action, by: User | None, owner: User, at: datetime.datetime | None = None) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotOwn``."""
    owner_now(owner, municipality_id=action.level_0, deviation=action.deviation)
    move(action, "inherit", by=by, at=at, owner=owner)


def follow(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """What is still to be done in a case that was merged goes along to the other, with its owner and deadline.

    What colleagues would have been shown stays hidden where the other case's may not be.
    """
    levels = {level: getattr(goes_on, level) for level in LEVELS}
    place_and_sight: dict[str, Any] = {"unit": goes_on.handling_unit} | (
        {} if may_share(goes_on) else {"shared": False}
    )
    for action in Action.objects.open().filter(deviation=ended).order_by("pk"):
        move(action, "follow", by=by, at=at, deviation=goes_on, untold=levels, **place_and_sight)


def come_back(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: what had gone along comes back, done or not, shown to colleagues as before."""
    levels = {level: getattr(ended, level) for level in LEVELS}
    rows = {action.pk: action for action in Action.objects.filter(deviation=goes_on).order_by("pk")}
    came = came_from(Action, rows, ended, "improvement.action_followed", "improvement.action_came_back")
    for pk, event in came.items():
        was_shared = event.old_and_new("shared")[0] and may_share(ended)
        place: dict[str, Any] = {"unit": ended.handling_unit} | ({"shared": True} if was_shared else {})
        move(rows[pk], "come_back", by=by, at=at, deviation=ended, untold=levels, **place)


def outlive(*, action: Action, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """The case can be closed without waiting for this; its owner and deadline stay."""
    move(action, "outlive", by=by, at=at, seen=seen, goes_on=True)


def weigh(
    *, action: Action, by: User, strength: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Say how much it depends on people remembering it."""
    move(action, "weigh", by=by, at=at, seen=seen, strength=strength)


def share(*, action: Action, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """Let colleagues read what was to be done and what was done, once it is."""
    move(action, "share", by=by, at=at, seen=seen, shared=True)


def unshare(*, action: Action, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    move(action, "unshare", by=by, at=at, seen=seen, shared=False)
