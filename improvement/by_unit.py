"""Counting unit by unit: one question for all of them, and what lies below each added up here."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet

from kvalitetslosen.organisation.models import Unit


def by_unit(rows: QuerySet[Any], field: str) -> Counter[int]:
    """How many of the rows each unit has, by the field that leads to it."""
    return Counter(dict(rows.order_by().values_list(field).annotate(n=Count("pk", distinct=True))))


class Tree:
    """The units of a municipality, to add up what was counted in each and below it. One query."""

    def __init__(self, municipality_id: int | None) -> None:
        self._above = {unit.pk: unit.ancestor_ids for unit in Unit.objects.filter(level_0=municipality_id)}

    def within(self, unit: Unit, counted: Counter[int]) -> int:
        """What the unit and all below it have together."""
        return sum(n for pk, n in counted.items() if unit.pk in self._above.get(pk, ()))
