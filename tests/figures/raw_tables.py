"""All rows as the tables have them, and who sees which by the table of rights in the design: see ``independent``."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from tests.figures.norwegian_time import day_of

SERIOUS = ("high", "critical")
NONE = "-"


def table(name: str) -> list[SimpleNamespace]:
    model: type[Model] = apps.get_model(name)
    return [SimpleNamespace(**row) for row in model._base_manager.order_by("pk").values()]


def pairs(name: str, one: str, other: str) -> dict[int, set[int]]:
    """A table between two others."""
    owner, field = name.rsplit(".", 1)
    through = getattr(apps.get_model(owner), field).through
    found: dict[int, set[int]] = defaultdict(set)
    for row in through._base_manager.values():
        found[row[f"{one}_id"]].add(row[f"{other}_id"])
    return found


def text(value: Any) -> str:
    return NONE if value in (None, "") else str(value)


class Tables:
    """All there is to count, fetched once."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.today = day_of(self.now)
        self.units = {row.id: row for row in table("organisation.Unit")}
        self.users = {row.id: row for row in table("organisation.User")}
        self.memberships = [
            row
            for row in table("organisation.Membership")
            if not row.withdrawn
            and row.valid_from <= self.today
            and (row.valid_to is None or row.valid_to >= self.today)
        ]
        self.narrowing = {
            row.municipality_id for row in table("organisation.MunicipalitySettings") if row.narrow_upper_sight
        }
        self.cases = {row.id: row for row in table("deviations.Deviation")}
        self.categories = {row.id: row for row in table("deviations.Category")}
        self.sealed = {row.deviation_id: row.user_id for row in table("deviations.SealedIdentity")}
        self._people: dict[int, Person] = {}

    @cached_property
    def actions(self) -> dict[int, SimpleNamespace]:
        return {row.id: row for row in table("improvement.Action")}

    @cached_property
    def items(self) -> dict[int | None, int]:
        return {row.id: row.deviation_id for row in table("improvement.AgendaItem")}

    @cached_property
    def checks(self) -> list[SimpleNamespace]:
        return table("improvement.EffectCheck")

    @cached_property
    def documents(self) -> dict[int, SimpleNamespace]:
        return {row.id: row for row in table("documents.Document")}

    @cache  # noqa: B019 - one for each world
    def line(self, unit: int) -> tuple[int, ...]:
        """The unit and those above it, the nearest first."""
        above = self.units[unit].parent_id
        return (unit, *(self.line(above) if above else ()))

    def is_within(self, unit: int, place: int) -> bool:
        return place in self.line(unit)

    def right_below(self, unit: int, place: int) -> str:
        """Which unit below the place it is in; - for the place itself."""
        line = self.line(unit)
        where = line.index(place)
        return str(line[where - 1]) if where else NONE

    def talked_about(self, action: SimpleNamespace | None) -> SimpleNamespace | None:
        """The case a meeting talked about when it decided on the action."""
        return action and self.cases.get(self.items.get(action.agenda_item_id))

    def main(self, category: int | None) -> str:
        return text(category and (self.categories[category].parent_id or category))

    def person(self, pk: int) -> Person:
        if pk not in self._people:
            self._people[pk] = Person(self, pk)
        return self._people[pk]


# Who sees what


class Person:
    def __init__(self, tables: Tables, pk: int) -> None:
        self.tables, self.pk = tables, pk
        user = tables.users[pk]
        self.municipality = user.municipality_id
        self.roles: dict[str, set[int]] = defaultdict(set)
        for row in tables.memberships:
            if row.user_id == pk and user.is_active:
                self.roles[row.role].add(row.unit_id)
        self.narrowed = self.municipality in tables.narrowing

    def over(self, place: int, *roles: str) -> bool:
        """Whether they hold one of the roles there or above."""
        return any(self.roles[role].intersection(self.tables.line(place)) for role in roles)

    def leads(self, place: int, *, serious: bool) -> bool:
        """Two levels up or more, only what is serious where the municipality narrows what they see."""
        up = [level for level, unit in enumerate(self.tables.line(place)) if unit in self.roles["leader"]]
        return any(level < 2 or serious or not self.narrowed for level in up)

    def reads_figures_only(self, place: int) -> bool:
        seeing = ("leader", "quality_contact", "safety_rep")
        return not self.over(place, *seeing) and not self.roles["dpo"]

    def may_choose(self, subject: str) -> bool:
        """Whether the subject is one of theirs at all."""
        return any(self.roles[role] for role in (*READERS[subject], *MUNICIPAL.get(subject, ())))

    def has_figures(self, subject: str, place: int) -> bool:
        if self.tables.line(place)[-1] != self.municipality:
            return False
        if self.over(place, *READERS[subject]):
            return True
        if subject not in MUNICIPAL:
            return False
        at_top = place == self.municipality
        return bool(self.roles["dpo"]) or (at_top and any(self.roles[role] for role in FIGURES_ONLY))

    def reported(self, case: SimpleNamespace) -> bool:
        return self.pk in (case.reporter_id, self.tables.sealed.get(case.id))

    def sees_case(self, case: SimpleNamespace) -> bool:
        if case.about_id == self.pk:
            return False
        place = case.handling_unit_id
        if self.reported(case) or case.handler_id == self.pk:
            return True
        if self.leads(place, serious=case.severity in SERIOUS):
            return True
        if case.about_id is not None:
            return False
        if self.over(place, "quality_contact"):
            return True
        if case.topic == "hse" and self.over(place, "safety_rep"):
            return True
        return case.topic == "privacy" and bool(self.roles["dpo"]) and self.tables.line(place)[-1] == self.municipality

    def oversees(self, case: SimpleNamespace | None, *places: int, of_no_leader: bool = True) -> bool:
        """What is done about a case, or in one of the places: by whoever answers for it, unless they reported it."""
        if case is not None and self.reported(case):
            return False
        if case is not None and case.handler_id == self.pk:
            return True
        serious = case is None or case.severity in SERIOUS
        if any(self.leads(place, serious=serious) for place in places):
            return True
        about_nobody = of_no_leader and (case is None or case.about_id is None)
        return about_nobody and any(self.over(place, "quality_contact") for place in places)


FIGURES_ONLY = ("union_rep", "work_environment")
MUNICIPAL = {"avvik": ("dpo", *FIGURES_ONLY), "telling": ("dpo", *FIGURES_ONLY)}
_ANSWERING = ("leader", "quality_contact")
READERS = {
    "avvik": (*_ANSWERING, "safety_rep"),
    "telling": (*_ANSWERING, "safety_rep"),
    "tiltak": _ANSWERING,
    "effekt": _ANSWERING,
    "dokumenter": _ANSWERING,
    "lesing": ("leader",),
    "forbedring": _ANSWERING,
    "sporsmal": ("leader",),
    "moter": (*_ANSWERING, "safety_rep"),
}
