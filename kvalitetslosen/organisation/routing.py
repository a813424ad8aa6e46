"""Who gets what arrives: the nearest leader up the tree who may have it, or that leader's deputy."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from kvalitetslosen.bulk import asked_once, in_bulk_work
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.organisation.models import LEVELS, Deputy, Membership, Role, Unit, User


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
    unit: Unit,
    *,
    without: Collection[int] = (),
    above: bool = False,
    on: datetime.date | None = None,
    known: Leaders | None = None,
) -> Assignment | None:
    """The nearest leader at the unit or up the tree (``above``: not at the unit itself), deputies counted.

    People whose ids are in ``without`` (the reporter, the leader a case is about) are passed over, as leaders and as
    deputies; where a deputy can't have it, it goes on upwards, since the leader is away. ``None`` when nobody is left.
    ``known``: the leaders of the day where somebody asks for many units; else they are looked up.
    """
    ids = list(reversed(unit.ancestor_ids))[1 if above else 0 :]
    day = on or timezone.localdate()
    if known is None:
        known = _known(unit.municipality_id, day) if in_bulk_work() else Leaders.in_line(unit, day)
    return known.nearest(ids, without)


def holder_for(
    role: str, unit: Unit, *, without: Collection[int] = (), on: datetime.date | None = None
) -> Assignment | None:
    """Who holds the role nearest to the unit, up the tree; the data protection officer wherever in the municipality.

    Deputies are counted, and people passed over, as by ``leader_for``.
    """
    ids = list(reversed(unit.ancestor_ids))
    where = Q(unit__level_0=unit.municipality_id) if role == Role.DPO else Q(unit__in=ids)
    found = Leaders.among(holding(role, where, on or timezone.localdate()))
    return found.nearest([*ids, *(pk for pk in found.at if pk not in ids)], without)


def person_for(
    user: User, unit: Unit, *, without: Collection[int] = (), on: datetime.date | None = None
) -> Assignment | None:
    """The person, or whoever stands in for them; nobody where that one can't have it."""
    deputy = stand_ins([user.pk], on).get(user.pk)
    who = deputy or user
    if user.pk in without or who.pk in without or not who.is_active:
        return None
    return Assignment(who, unit, acting_for=user if deputy else None)


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


def leading(where: Q, day: datetime.date) -> models.QuerySet[Membership]:
    """Memberships of active leaders, each with the deputyship of the day as ``stand_in``."""
    return holding(Role.LEADER, where, day)


def holding(role: str, where: Q, day: datetime.date) -> models.QuerySet[Membership]:
    """Memberships of active people in a role, each with the deputyship of the day as ``stand_in``."""
    of_day = Q(user__deputies__valid_from__lte=day, user__deputies__valid_to__gte=day, user__deputies__withdrawn=False)
    return (
        Membership.objects.on(day)
        .filter(where, role=role, user__is_active=True)
        .annotate(stand_in=FilteredRelation("user__deputies", condition=of_day))
        .select_related("user", "unit", "stand_in__deputy")  # type: ignore[misc]  # named just above
        .order_by("valid_from", "pk", "-stand_in__pk")
    )


LEADERS_IN_LINE = Prepared(
    lambda day, **line: leading(Q(unit__in=list(line.values())), day),
    day=datetime.date,
    **dict.fromkeys(LEVELS, int),
)
"""The leaders of a unit and of those above it, asked by its ``line`` for each new task."""


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
        """One query, however many units ``where`` (over memberships) covers."""
        return cls.among(leading(where, day))

    @classmethod
    def in_line(cls, unit: Unit, day: datetime.date) -> Self:
        """Those of the unit and of the units above it."""
        return cls.among(LEADERS_IN_LINE(day=day, **unit.line))

    @classmethod
    def among(cls, memberships: Iterable[Any]) -> Self:
        """Those of ``leading``: a leader with several deputies comes once for each, the first of them last."""
        at: defaultdict[int, dict[int, Membership]] = defaultdict(dict)
        deputies: dict[int, User] = {}
        for membership in memberships:
            at[membership.unit_id].setdefault(membership.pk, membership)
            if stand_in := getattr(membership, "stand_in", None):  # Django sets it only where there is one
                deputies[membership.user_id] = stand_in.deputy
        return cls({unit: list(each.values()) for unit, each in at.items()}, deputies)

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
