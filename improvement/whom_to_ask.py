"""Who can be asked what: whoever leads further down in one's own line, or the leader above for help."""

from __future__ import annotations

from dataclasses import dataclass

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.models import Deviation
from improvement.models import Measure
from kvalitetslosen.organisation.models import InTree, Role, Unit, User
from kvalitetslosen.organisation.routing import Leaders, leader_for


@dataclass(frozen=True)
class Whom:
    """The person asked, the unit it is about, and the unit the upper of the two leads."""

    asked: User
    unit: Unit
    upper: Unit


def may_ask(user: User) -> bool:
    """Leaders ask leaders. No query of its own."""
    return user.standing.has(Role.LEADER)


def _led_over(user: User, place: InTree) -> Unit | None:
    """The nearest unit the person leads at or above the place."""
    over = [unit for unit in user.standing.units(Role.LEADER) if place.is_within(unit)]
    return max(over, key=lambda unit: unit.depth, default=None)


def leading(user: User, unit: Unit, known: Leaders | None = None) -> Whom | None:
    """Whoever leads the unit or stands in, asked by a leader above it only. ``known`` as in ``leader_for``."""
    upper = _led_over(user, unit)
    if upper is None or upper.pk == unit.pk:
        return None
    found = leader_for(unit, without={user.pk}, known=known)
    if found is None or found.unit.depth <= upper.depth:
        return None
    return Whom(found.user, unit, upper)


def handling(user: User, deviation: Deviation) -> Whom | None:
    """Whoever has the case, asked by a leader in its line."""
    if CasePart.LEADER not in cases.parts_of(deviation, user):
        return None
    upper = _led_over(user, deviation)
    asked = deviation.handler
    if upper is None or asked is None or asked.pk == user.pk or not asked.is_active:
        return None
    return Whom(asked, deviation.handling_unit, upper)


def measuring(user: User, measure: Measure) -> Whom | None:
    """Whoever answers for the measure, asked by a leader in its line."""
    upper = _led_over(user, measure)
    if upper is None or measure.owner_id == user.pk or not measure.owner.is_active:
        return None
    return Whom(measure.owner, measure.unit, upper)


def above(user: User, unit: Unit) -> Whom | None:
    """The leader above a unit one leads: for help."""
    if all(led.pk != unit.pk for led in user.standing.units(Role.LEADER)):
        return None
    found = leader_for(unit, above=True, without={user.pk})
    return Whom(found.user, unit, found.unit) if found else None
