"""Questions that the counts kept with every change can answer: see decisions 4 and 40.

One kept dimension, months or coarser, nothing narrowed. What is hidden from the person is counted row by row and taken
away, as on the report of the unit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from deviations import reports
from deviations.figures import BY_DAY, THEIRS, TICK
from deviations.models import Category, FigureCount, TickCount
from kvalitetslosen.figures import periods
from kvalitetslosen.figures.counting import of_rows
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import NOT_SET, UNDER, Counted, Dimension, Kind

MEASURES = {
    "type": "kind",
    "kategori": "category",
    "hovedkategori": "category",
    "alvor": "severity",
    "status": "state",
}
DAYS = {time.address: time.measure for time in reports.TIMES}
BELOW = Dimension("unit", "", "", lambda _question: "unit_id", lambda _question, _values: {}, number=True)
"""The unit a count by day is of."""
COARSE = ("", periods.MONTH, periods.QUARTER, periods.YEAR)


def _fits(question: Question) -> bool:
    return (
        question.by in COARSE
        and periods.is_whole_months(question.first, question.last)
        and not question.filters
        and len(question.split) <= 1
    )


def _sight(question: Question) -> reports.Sight | None:
    try:
        found = reports.sight(question.user, question.unit, for_all=question.sight.shared)
    except PermissionDenied:
        return None
    return found if found.kept else None


def kept_cases(question: Question) -> Counted | None:
    """Counts of cases, or of how many took so many working days."""
    split = question.split[0].key if question.split else ""
    by_unit = split == UNDER
    if not _fits(question) or (split and not by_unit and split not in MEASURES):
        return None
    if question.measure.kind is Kind.COUNT:
        measure = MEASURES.get(split, "kind")
    elif question.measure.key in DAYS and split in ("", UNDER):
        measure = DAYS[question.measure.key]
    else:
        return None
    seen = _sight(question)
    return _cases(question, seen, measure) if seen is not None else None


def _cases(question: Question, seen: reports.Sight, measure: str) -> Iterator[Any]:
    yield from _kept(question, measure)
    for start, values, measured, n in of_rows(question, question.narrowed(seen.rows())):
        yield start, values, measured, -n


def kept_ticks(question: Question) -> Counted | None:
    """Counts of ticks: what other systems counted stands among them, and is taken away.

    What months don't tell, the counts by day do, high up in the tree.
    """
    split = question.split[0].key if question.split else ""
    if _sight(question) is None:
        return None
    if _fits(question) and split in ("", "kategori", UNDER):
        return _ticks(question)
    return _days(question) if _fits_days(question) else None


def _fits_days(question: Question) -> bool:
    """Whether the unit, and those right below where it is split by them, are counted by day."""
    by_unit = any(each.key == UNDER for each in question.split)
    narrowed = any(each.key == UNDER for each, _values in question.filters)
    return question.unit.depth + by_unit < len(BY_DAY) and not narrowed


def _days(question: Question) -> Iterator[Any]:
    """The same question to the counts by day; what lies in the unit itself is what is left of it."""
    rows = question.narrowed(TickCount.objects.filter(unit_id=question.unit.pk))
    place = next((place for place, each in enumerate(question.split) if each.key == UNDER), None)
    if place is None:
        yield from of_rows(question, rows, Sum("n"))
        return
    rest = tuple(each for each in question.split if each.key != UNDER)
    asked = replace(question, split=rest)

    def with_unit(values: tuple[str, ...], unit: str) -> tuple[str, ...]:
        return (*values[:place], unit, *values[place:])

    for start, values, measured, n in of_rows(asked, rows, Sum("n")):
        yield start, with_unit(values, NOT_SET), measured, n
    below = question.narrowed(TickCount.objects.filter(unit_id__in=[pk for pk, _name, _closed in question.below]))
    by_unit = replace(question, split=(*rest, BELOW))
    for start, values, measured, n in of_rows(by_unit, below, Sum("n")):
        yield start, with_unit(values[:-1], values[-1]), measured, n
        yield start, with_unit(values[:-1], NOT_SET), measured, -n


def _ticks(question: Question) -> Iterator[Any]:
    yield from _kept(question, TICK)
    yield from _kept(question, f"{THEIRS}{TICK}", sign=-1)


def _kept(question: Question, measure: str, sign: int = 1) -> Iterator[Any]:
    split = question.split[0].key if question.split else ""
    by_unit, counts = split == UNDER, question.measure.kind is Kind.COUNT
    below = [pk for pk, _name, _closed in question.below] if by_unit else []
    mains = _mains(question) if split == "hovedkategori" else {}
    rows = FigureCount.objects.filter(
        unit_id__in=[question.unit.pk, *below],
        measure=measure,
        month__gte=question.first,
        month__lte=question.last,
    )
    for unit, month, value, n in rows.order_by().values_list("unit_id", "month", "value", "n"):
        start = _start(question.by, month)
        measured = None if counts else int(value)
        if not split:
            yield start, (), measured, sign * n
        elif not by_unit:
            yield start, (mains.get(value, value),), measured, sign * n
        elif unit == question.unit.pk:  # all of the subtree: what lies in the units below is taken from it
            yield start, (NOT_SET,), measured, sign * n
        else:
            yield start, (str(unit),), measured, sign * n
            yield start, (NOT_SET,), measured, -sign * n


def _start(by: str, month: datetime.date) -> datetime.date | None:
    return periods.start_of(by, month) if by else None


def _mains(question: Question) -> Mapping[str, str]:
    """The main category of each."""
    rows = Category.objects.filter(municipality=question.unit.municipality_id).values_list("pk", "parent")
    return {str(pk): str(parent or pk) for pk, parent in rows}
