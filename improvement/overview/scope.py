"""Where somebody is told what has changed, and of which units in full."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from deviations.models import Category
from improvement.questions import LIBRARY
from improvement.whom_to_ask import leading, may_ask
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.organisation.routing import Leaders

MOST = 100
"""So many units, the topmost first: what lies below them is counted in them."""
LEADING = (Role.LEADER, Role.QUALITY_CONTACT)
ASKABLE = frozenset(each.name for each in LIBRARY)


def may_look(user: User) -> bool:
    """Leaders and quality contacts. No query of its own."""
    return user.standing.has(*LEADING)


@dataclass
class Scope:
    """The units of one reader. ``charted``: those of which the person sees every case but what is about a leader.

    Where leaders see only what is serious further down, figures of a unit with others below it would be of that
    alone: such a unit isn't charted.
    """

    user: User
    today: datetime.date
    units: dict[int, Unit]
    charted: frozenset[int]
    is_cut: bool = False  # there are more units than are looked at

    @classmethod
    def of(cls, user: User) -> Scope:
        """One query, two where sight is narrowed."""
        standing = user.standing
        where = standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT)
        rows = Unit.objects.active().filter(where, level_0=user.municipality_id)
        found = list(rows.order_by("depth", "name", "pk")[: MOST + 1])
        units = {unit.pk: unit for unit in found[:MOST]}
        return cls(user, timezone.localdate(), units, _seen_in_full(user, units), len(found) > MOST)

    @classmethod
    def of_unit(cls, user: User, unit: Unit) -> Scope:
        """As if it were the only one: for the chart of one fact. At most one query."""
        units = {unit.pk: unit}
        return cls(user, timezone.localdate(), units, _seen_in_full(user, units))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Of the tree, those the units lie at: what lies deeper is counted together, and asked for once."""
        return LEVELS[: max((unit.depth for unit in self.units.values()), default=0) + 1]

    @cached_property
    def roots(self) -> list[Unit]:
        """The topmost of the person's units."""
        return [unit for unit in self.units.values() if unit.parent_id not in self.units]

    def root_of(self, unit: Unit) -> Unit:
        return next((root for root in self.roots if unit.is_within(root)), unit)

    @property
    def where(self) -> Q:
        """The rows with a place in the tree that lie in one of the units or below."""
        found = Q(pk__in=())
        for unit in self.roots:
            found |= Q(**{LEVELS[unit.depth]: unit.pk})
        return found

    @cached_property
    def leaders(self) -> Leaders:
        """Everybody who leads here. One query."""
        return Leaders.of(Q(unit__level_0=self.user.municipality_id), self.today)

    @cached_property
    def categories(self) -> dict[int, Category]:
        """One query."""
        rows = Category.objects.filter(municipality=self.user.municipality_id).select_related("parent")
        return {row.pk: row for row in rows.order_by("pk")}

    def ask(self, unit: Unit, question: str, category: str = "") -> str:
        """Where whoever leads the unit is asked, with the question chosen; nothing where there is nobody to ask."""
        assert question in ASKABLE
        if not self.is_led(unit):
            return ""
        said = {"enhet": str(unit.pk), "sporsmal": question} | ({"kategori": category} if category else {})
        return f"{reverse('inquiries:ask')}?{urlencode(said)}"

    def is_led(self, unit: Unit) -> bool:
        """Whether the person may ask whoever leads the unit."""
        return may_ask(self.user) and leading(self.user, unit, self.leaders) is not None

    @cached_property
    def has_leaders_below(self) -> bool:
        """Whether there is anybody at all the person may ask."""
        return any(self.is_led(unit) for unit in self.units.values())

    def ask_one(self, question: str) -> str:
        """Where one of those below is asked, whom one chooses there: about what lies in many of their units."""
        assert question in ASKABLE
        return f"{reverse('inquiries:ask')}?{urlencode({'sporsmal': question})}" if self.has_leaders_below else ""

    def summed(self, counted: Mapping[int, int], above: Mapping[int, Iterable[int]]) -> Counter[int]:
        """What each of the units has with all below it. ``above``: the line of each unit that was counted."""
        found: Counter[int] = Counter()
        for pk, n in counted.items():
            for each in above[pk]:
                if each in self.units:
                    found[each] += n
        return found

    def deepest_first(self) -> Iterator[Unit]:
        return iter(sorted(self.units.values(), key=lambda unit: (-unit.depth, unit.name, unit.pk)))


def _seen_in_full(user: User, units: Mapping[int, Unit]) -> frozenset[int]:
    standing = user.standing
    if not standing.narrowed:
        return frozenset(units)
    parents = frozenset(Unit.objects.filter(parent__in=units).values_list("parent", flat=True))
    return frozenset(
        pk
        for pk, unit in units.items()
        if standing.reaches(Role.QUALITY_CONTACT, unit)
        or (
            pk not in parents
            and any(unit.is_within(led) and unit.depth <= led.depth + 1 for led in standing.units(Role.LEADER))
        )
    )
