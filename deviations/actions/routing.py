"""Whose case it is, and how it comes into other hands."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from deviations.actions.deadlines import rules_of
from deviations.actions.steps import step
from deviations.models import Category, Deviation, SealedIdentity
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.organisation.routing import Assignment, holder_for, leader_for, person_for


def assignment_for(
    unit: Unit, category: Category | None, *, without: Collection[int] = (), on: datetime.date | None = None
) -> Assignment | None:
    """Whose a new case is: whom its category names, else the nearest leader of the unit."""
    return named_for(unit, category, without=without, on=on) or leader_for(unit, without=without, on=on)


def named_for(
    unit: Unit, category: Category | None, *, without: Collection[int] = (), on: datetime.date | None = None
) -> Assignment | None:
    """Who has the unit's cases of the category instead of its leader: nobody where it names nobody who may."""
    says = category.handler_from if category else None
    if says is None:
        return None
    if says.handler is not None:
        return person_for(says.handler, unit, without=without, on=on)
    return holder_for(says.handler_role, unit, without=without, on=on)


def take_over(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    return step(deviation, "take_over", by=by, at=at, seen=seen, handler=by)


@transaction.atomic
def forward(
    *,
    deviation: Deviation,
    by: User,
    to: Unit,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Deviation:
    """Send the case to the unit it belongs to; its leader has it to receive, with a new clock for receiving."""
    now = at or timezone.now()
    to = Unit.objects.standing_still(to.pk)
    without = reporter_ids(deviation) | ({deviation.about_id} if deviation.about_id else set())
    assignment = leader_for(to, without=without, on=timezone.localdate(now))
    levels = {level: getattr(to, level) for level in LEVELS}
    rules = rules_of(to.municipality_id)
    return step(
        deviation,
        "forward",
        by=by,
        at=now,
        seen=seen,
        note=note,
        unit=to,
        handling_unit=to,
        handler=assignment.user if assignment else None,
        received_at=None,
        waiting_since=None,
        receive_by=rules.due(now, rules.receive_days),
        untold=levels,
    )


def escalate(
    *, deviation: Deviation, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Hand the case to the leader above. Raises ``NobodyAbove`` at the top."""
    now = at or timezone.now()
    above = leader_above(deviation, on=timezone.localdate(now))
    if above is None:
        raise NobodyAbove
    return step(deviation, "escalate", by=by, at=now, seen=seen, note=note, handler=above)


class NobodyAbove(Exception):
    """There is no leader further up who may have the case."""


def assignment_above(deviation: Deviation, on: datetime.date | None = None) -> Assignment | None:
    """Who is next up the line from the handler and may have the case: above everything the handler leads in it."""
    without = reporter_ids(deviation) | {pk for pk in (deviation.about_id, deviation.handler_id) if pk}
    handler, unit = deviation.handler, deviation.handling_unit
    led = [each for each in (handler.standing.units(Role.LEADER) if handler else ()) if unit.is_within(each)]
    if led:
        return leader_for(led[0], without=without, above=True, on=on)
    return leader_for(unit, without=without, on=on)


def leader_above(deviation: Deviation, on: datetime.date | None = None) -> User | None:
    """The next leader up the line from the present handler who may have the case."""
    found = assignment_above(deviation, on)
    return found.user if found else None


def whose_now(deviation: Deviation, at: datetime.datetime) -> User | None:
    """Who has a case that is opened again: who had it, if they are still there and lead it; else who would get it."""
    had = deviation.handler
    if had is not None and had.is_active and had.standing.reaches(Role.LEADER, deviation):
        return had
    without = reporter_ids(deviation) | ({deviation.about_id} if deviation.about_id else set())
    category = None if deviation.about_id else deviation.category
    found = assignment_for(deviation.handling_unit, category, without=without, on=timezone.localdate(at))
    return found.user if found else None


def reporter_ids(deviation: Deviation) -> set[int]:
    """Who reported, hidden or not: for routing only, never for a page."""
    if deviation.reporter_id:
        return {deviation.reporter_id}
    return set(SealedIdentity.objects.filter(deviation=deviation).values_list("user", flat=True))


def hand_over_case(*, deviation: Deviation, by: User | None, to: User, at: datetime.datetime | None = None) -> None:
    """Give an open case to another handler, since the present one leaves. Where the case is in its life stays."""
    change(deviation, "deviations.handed_over", by=by, at=at, handler=to)
