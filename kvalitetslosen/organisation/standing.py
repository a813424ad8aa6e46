"""What a person is to whom today: the one place every question about rights starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import InTree, Unit


FIGURES = "figures"
"""No role of a person's: what somebody is who reads by a token the figures of one unit, and nothing else."""

Shape = tuple[tuple[tuple[str, tuple[int, ...]], ...], bool]


@dataclass(frozen=True)
class Standing:
    """The units a person holds each role at, on the day it was asked."""

    held: dict[str, tuple[Unit, ...]]
    narrowed: bool  # the municipality lets leaders two or more levels up see only serious cases

    @classmethod
    def of(cls, memberships: Iterable[Any]) -> Self:
        """What follows from these memberships, as ``Membership.objects.with_sight`` gives them."""
        held: defaultdict[str, list[Unit]] = defaultdict(list)
        narrowed = False
        for membership in memberships:
            held[membership.role].append(membership.unit)
            narrowed = narrowed or membership.narrowed
        return cls({role: tuple(units) for role, units in held.items()}, narrowed)

    @property
    def shape(self) -> Shape:
        """All that a question about sight depends on, but for which units they are: few shapes fit all people."""
        return tuple((role, tuple(unit.depth for unit in units)) for role, units in self.held.items()), self.narrowed

    @property
    def ids(self) -> dict[str, int]:
        """Which units they are, named by their places in the shape."""
        return {f"{role}_{n}": unit.pk for role, units in self.held.items() for n, unit in enumerate(units)}

    def units(self, role: str) -> tuple[Unit, ...]:
        """The units where the role is held, the topmost first."""
        return self.held.get(role, ())

    def has(self, *roles: str) -> bool:
        return any(role in self.held for role in roles)

    def reaches(self, role: str, place: InTree) -> bool:
        """Whether the role is held at the place or above it."""
        return any(place.is_within(unit) for unit in self.units(role))

    def over(self, role: str, prefix: str = "") -> Q:
        """The rows (with a place in the tree) at or below the units where the role is held."""
        where = Q(pk__in=())
        for unit in self.units(role):
            where |= Q(**{f"{prefix}level_{unit.depth}": unit.pk})
        return where

    @property
    def home(self) -> Unit | None:
        """The unit one works in: where one is employed, else where one leads or holds another role."""
        for role in ("employee", "leader"):
            if units := self.units(role):
                return units[-1]
        return next((units[-1] for units in self.held.values()), None)
