"""Who gets what arrives: the nearest leader up the tree who may have it, or that leader's deputy."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.utils import timezone

from kvalitetslosen.bulk import asked_once, in_bulk_work
from kvalitetslosen.organisation.models import Deputy, Membership, Role, Unit, User


@dataclass(frozen=True)
class Assignment:
    """The person a new task goes to, the unit whose leader that is, and whom they stand in for."""

    user: User
    unit: Unit
    acting_for: User | None = None


def line_above(unit: Unit) -> list[Unit]:
    """The unit and those above it, the nearest first."""
    above = {each.pk: each for each in Unit.objects.filter(pk__in=unit.ancestor_ids)}
    return [above[pk] for pk in reversed(unit.ancestor_ids)]


def leader_for(
    unit: Unit, *, without: Collection[int] = (), above: bool = False, on: datetime.date | None = None
) -> Assignment | None:
    """The nearest leader at the unit or up the tree (``above``: not at the unit itself), deputies counted.

    People whose ids are in ``without`` (the reporter, the leader a case is about) are passed over, as leaders and as
    deputies; where a deputy can't have it, it goes on upwards, since the leader is away. ``None`` when nobody is left.
    """
    ids = list(reversed(unit.ancestor_ids))[1 if above else 0 :]
    day = on or timezone.localdate()
    leaders = _known(unit.municipality_id, day) if in_bulk_work() else Leaders.of(Q(unit__in=ids), day)
    return leaders.nearest(ids, without)


def _known(municipality_id: int, day: datetime.date) -> Leaders:
    """All leaders of the municipality, read once for all days between two on which a role or a deputy changes."""

    def ask() -> list[datetime.date]:
        led = Membership.objects.filter(unit__level_0=municipality_id, role=Role.LEADER)
        away = Deputy.objects.filter(principal__municipality=municipality_id)
        spans = [*led.values_list("valid_from", "valid_to"), *away.values_list("valid_from", "valid_to")]
        ended = {last + datetime.timedelta(days=1) for _, last in spans if last}
        return sorted({first for first, _ in spans} | ended)

    since = bisect_right(asked_once((_known, municipality_id), ask), day)
    return asked_once((Leaders, municipality_id, since), lambda: Leaders.of(Q(unit__level_0=municipality_id), day))


def stand_ins(people: Collection[int], on: datetime.date | None = None) -> dict[int, User]:
    """Who stands in for each of the people (ids) that is away on the day. One query."""
    rows = Deputy.objects.on(on or timezone.localdate()).filter(principal__in=people)
    return {row.principal_id: row.deputy for row in rows.select_related("deputy").order_by("-pk")}


@dataclass(frozen=True)
class Leaders:
    """The leaders of some units on a day, unit by unit, and who stands in for them."""

    at: dict[int, list[Membership]]
    deputies: dict[int, User]

    @classmethod
    def of(cls, where: Q, day: datetime.date) -> Self:
        """Two queries, however many units ``where`` (over memberships) covers."""
        at: defaultdict[int, list[Membership]] = defaultdict(list)
        memberships = (
            Membership.objects.on(day)
            .filter(where, role=Role.LEADER, user__is_active=True)
            .select_related("user", "unit")
            .order_by("valid_from", "pk")
        )
        for membership in memberships:
            at[membership.unit_id].append(membership)
        people = [membership.user_id for each in at.values() for membership in each]
        if not people:
            return cls({}, {})
        return cls(dict(at), stand_ins(people, day))

    def nearest(self, ids: Sequence[int], without: Collection[int] = ()) -> Assignment | None:
        """Whose it is at the first of the units (ids, the nearest first) that has a leader who may have it."""
        for pk in ids:
            if found := self._at(pk, without):
                return found
        return None

    def _at(self, pk: int, without: Collection[int]) -> Assignment | None:
        for membership in self.at.get(pk, ()):
            if membership.user_id in without:
                continue
            stand_in = self.deputies.get(membership.user_id)
            if stand_in is None:
                return Assignment(membership.user, membership.unit)
            if stand_in.is_active and stand_in.pk not in without:
                return Assignment(stand_in, membership.unit, acting_for=membership.user)
        return None


def administrators_of(municipality_id: int) -> list[User]:
    """Those who keep units and people of the municipality today."""
    memberships = Membership.objects.on(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, unit__level_0=municipality_id
    )
    return list(User.objects.active().filter(pk__in=memberships.values("user")).order_by("pk"))


def quality_coordinators_of(municipality_id: int) -> list[User]:
    """The quality contacts of the whole municipality."""
    memberships = Membership.objects.on(timezone.localdate()).filter(role=Role.QUALITY_CONTACT, unit=municipality_id)
    return list(User.objects.active().filter(pk__in=memberships.values("user")).order_by("pk"))
