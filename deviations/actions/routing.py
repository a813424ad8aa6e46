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
from kvalitetslosen.organisation.routing import Assignment, holder_for, leader_for, line_above, person_for


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
    place = Unit.objects.standing_still(no_further_down(deviation, to).pk)
    assignment = whose(place, about=deviation.about, without=reporter_ids(deviation), on=timezone.localdate(now))
    levels = {level: getattr(place, level) for level in LEVELS}
    rules = rules_of(to.municipality_id)
    return step(
        deviation,
        "forward",
        by=by,
        at=now,
        seen=seen,
        note=note,
        unit=to,
        handling_unit=place,
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


def whose(
    unit: Unit, *, about: User | None, without: Collection[int], above: bool = False, on: datetime.date | None = None
) -> Assignment | None:
    """Who gets a case that the unit handles, at the unit or up the line.

    One about a leader stays with the leaders above that leader: somebody who stands in for one of them has it only if
    they are such a leader themselves, and not as a colleague or subordinate of the one it is about. Where only such
    stand-ins are left, it waits for the leader who is away.
    """
    barred = {*without, about.pk} if about else set(without)
    found = first = leader_for(unit, without=barred, above=above, on=on)
    if about is None:
        return found
    while found and found.acting_for and not found.user.standing.reaches(Role.LEADER, unit):
        barred.add(found.user.pk)
        found = leader_for(unit, without=barred, above=above, on=on)
    if found is None and first and first.acting_for:
        return Assignment(first.acting_for, first.unit)
    return found


def no_further_down(deviation: Deviation, to: Unit) -> Unit:
    """The unit that handles the case when it is sent to this one.

    A case about a leader never comes to their colleagues or those below them: it goes up from where it is sent until
    it is with those who could have it already.
    """
    if deviation.about is None:
        return to
    line = [each for each in line_above(to) if deviation.handling_unit.is_within(each)]
    free = [each for each in line if not deviation.about.standing.reaches(Role.LEADER, each)]
    return (free or line or [deviation.handling_unit])[0]


class NobodyAbove(Exception):
    """There is no leader further up who may have the case."""


def assignment_above(deviation: Deviation, on: datetime.date | None = None) -> Assignment | None:
    """Who is next up the line from the handler and may have the case: above everything the handler leads in it."""
    without = reporter_ids(deviation) | ({deviation.handler_id} if deviation.handler_id else set())
    handler, unit = deviation.handler, deviation.handling_unit
    led = [each for each in (handler.standing.units(Role.LEADER) if handler else ()) if unit.is_within(each)]
    if led:
        return whose(led[0], about=deviation.about, without=without, above=True, on=on)
    return whose(unit, about=deviation.about, without=without, on=on)


def leader_above(deviation: Deviation, on: datetime.date | None = None) -> User | None:
    """The next leader up the line from the present handler who may have the case."""
    found = assignment_above(deviation, on)
    return found.user if found else None


def whose_now(deviation: Deviation, at: datetime.datetime) -> User | None:
    """Who has a case that is opened again: who had it, if they are still there and lead it; else who would get it."""
    had = deviation.handler
    if had is not None and had.is_active and had.standing.reaches(Role.LEADER, deviation):
        return had
    without, day = reporter_ids(deviation), timezone.localdate(at)
    if deviation.about:
        found = whose(deviation.handling_unit, about=deviation.about, without=without, on=day)
    else:
        found = assignment_for(deviation.handling_unit, deviation.category, without=without, on=day)
    return found.user if found else None


def reporter_ids(deviation: Deviation) -> set[int]:
    """Who reported, hidden or not: for routing only, never for a page."""
    if deviation.reporter_id:
        return {deviation.reporter_id}
    return set(SealedIdentity.objects.filter(deviation=deviation).values_list("user", flat=True))


def hand_over_case(*, deviation: Deviation, by: User | None, to: User, at: datetime.datetime | None = None) -> None:
    """Give an open case to another handler, since the present one leaves. Where the case is in its life stays."""
    change(deviation, "deviations.handed_over", by=by, at=at, handler=to)
