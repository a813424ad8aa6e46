"""A team talks about a case: it is taken up, talked about, and what they said is kept with the case."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from deviations.lifecycle import ReflectionState
from deviations.models import Deviation, Reflection, WallScreen
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User


class NotForTheTeam(Exception):
    """The case is about a leader, or was merged into another."""


@transaction.atomic
def take_to_team(*, deviation: Deviation, by: User, told: str, at: datetime.datetime | None = None) -> Reflection:
    """Put the case on the team's list with the words they are to be told. Already there: only the words change.

    Raises ``NotForTheTeam``.
    """
    now = at or timezone.now()
    case = lock(deviation)
    if case.about_id or case.merged_into_id:
        raise NotForTheTeam
    planned = Reflection.objects.filter(deviation=case, state=ReflectionState.PLANNED).first()
    if planned:
        if planned.told != told:
            move(planned, "reword", by=by, at=now, told=told)
        return planned
    reflection = Reflection(
        municipality_id=case.level_0 or 0, deviation=deviation, told=told, created_by=by, created_at=now
    )
    create(reflection, "deviations.reflection_planned", by=by, at=now)
    record(deviation, "deviations.taken_to_team", by=by, at=now)
    return reflection


@transaction.atomic
def hold(
    *,
    reflection: Reflection,
    by: User,
    held_on: datetime.date,
    tries: str,
    why: str = "",
    typical: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Reflection:
    """Keep what the team said. The reporter is told that the case was talked about, and reads what is tried."""
    now = at or timezone.now()
    lock(reflection.deviation)
    move(reflection, "hold", by=by, at=now, seen=seen, held_on=held_on, why=why, typical=typical, tries=tries)
    record(reflection.deviation, "deviations.talked_about", by=by, at=now, held_on=held_on)
    return reflection


@transaction.atomic
def drop(*, reflection: Reflection, by: User, at: datetime.datetime | None = None) -> Reflection:
    """It isn't to be talked about after all."""
    lock(reflection.deviation)
    move(reflection, "drop", by=by, at=at)
    record(reflection.deviation, "deviations.taken_from_team", by=by, at=at)
    return reflection


def put_up_screen(*, unit: Unit, by: User) -> WallScreen:
    """Make the address that a screen on the unit's wall opens. There is one at a time; one that is there is given."""
    there = WallScreen.objects.filter(unit=unit, closed_at=None).first()
    if there:
        return there
    screen = WallScreen(unit=unit, municipality_id=unit.municipality_id, created_by=by)
    try:
        with transaction.atomic():
            return create(screen, "deviations.screen_put_up", by=by)
    except IntegrityError:  # somebody else did at the same time
        return WallScreen.objects.get(unit=unit, closed_at=None)


def take_down_screen(*, screen: WallScreen, by: User) -> None:
    """The address shows nothing any more, wherever it has come."""
    change(screen, "deviations.screen_taken_down", by=by, closed_at=screen.closed_at or timezone.now())
