"""How many, of what, when: one question to the database for each stretch of time asked about.

What is kept counted already answers where it can (``Subject.kept``); otherwise the rows are counted, grouped by the
database. A median or a share is made from how many rows have which value, so that it is exact in every sum as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Aggregate, Count, QuerySet
from django.db.models.expressions import Combinable

from kvalitetslosen.database.calm import in_one_process
from kvalitetslosen.database.numbered import Numbered
from kvalitetslosen.figures import periods
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import Counted, Dimension, Kind, Measure
from kvalitetslosen.workdays import midnight

EACH = Count("pk")
Key = tuple[datetime.date | None, tuple[str, ...]]
"""A stretch of time by its first day, and a value for each split."""


@dataclass(slots=True)
class Amount:
    """What was counted of one cell. ``seen`` has how many rows have which measured value; nothing for a plain count.

    There may be a hundred thousand of them: each is as light as it can be.
    """

    n: int = 0
    seen: dict[Any, int] | None = None

    def add(self, measured: Any, n: int) -> None:
        self.n += n
        if measured is not None:
            if self.seen is None:
                self.seen = {}
            self.seen[measured] = self.seen.get(measured, 0) + n

    def join(self, other: Amount) -> None:
        if other.seen is None:
            self.n += other.n
            return
        for measured, n in other.seen.items():
            self.add(measured, n)

    def value(self, measure: Measure) -> float | None:
        """The number as it is told: None where there is nothing to take a median or a share of."""
        if measure.kind is Kind.COUNT:
            return self.n
        if not self.n or self.seen is None:
            return None
        if measure.kind is Kind.MEDIAN:
            return median({int(value): n for value, n in self.seen.items()})
        return share(sum(n for value, n in self.seen.items() if int(value)), self.n)


def total(amounts: Iterable[Amount]) -> Amount:
    found = Amount()
    for each in amounts:
        found.join(each)
    return found


def counted(question: Question) -> dict[Key, Amount]:
    """The whole answer."""
    kept = question.subject.kept(question) if question.subject.kept else None
    if kept is not None:
        return gathered(kept)
    with in_one_process():
        return gathered(of_rows(question, question.rows()))


def counted_before(question: Question) -> dict[Key, Amount]:
    """The same of the year before, by the first day of the stretch then."""
    found = [periods.stretch_before(question.by, each) for each in question.stretches]
    before = [each for each in found if each is not None]
    if not before:
        return {}
    return counted(replace(question, first=before[0].first, last=before[-1].last))


def gathered(rows: Counted) -> dict[Key, Amount]:
    found: dict[Key, Amount] = {}
    for start, values, measured, n in rows:
        key = (start, values)
        amount = found.get(key)
        if amount is None:
            amount = found[key] = Amount()
        amount.add(measured, n)
    return {key: each for key, each in found.items() if each.n}


def of_rows(question: Question, rows: QuerySet[Any], n: Aggregate = EACH) -> Counted:
    """The rows counted, grouped by stretch, splits and what is measured. ``n``: how many each group is."""
    groups: list[Any] = []
    if question.by:
        groups.append(_stretch_of(question))
    groups += [each.counted(question) for each in question.split]
    if question.measure.expression is not None:
        groups.append(question.measure.expression(question))
    names = [f"group_{number}" for number in range(len(groups))]
    annotated = rows.order_by().annotate(**dict(zip(names, groups, strict=True)))
    try:
        if not names:
            yield None, (), None, rows.order_by().aggregate(n_rows=n)["n_rows"] or 0
            return
        grouped = list(annotated.values(*names).annotate(n_rows=n).values_list(*names, "n_rows"))
    except EmptyResultSet:
        return
    for row in grouped:
        yield arranged(question, row)


def arranged(question: Question, row: Sequence[Any]) -> tuple[datetime.date | None, tuple[str, ...], Any, int]:
    """A row of groups and their number, as it is gathered."""
    values = list(row[:-1])
    start = question.stretches[values.pop(0) - 1].start if question.by else None
    measured = values.pop() if question.measure.expression is not None else None
    return start, tuple(Dimension.value(each) for each in values), measured, row[-1]


def _stretch_of(question: Question) -> Combinable:
    """Which stretch a row lies in, by its number."""
    by_day = question.subject.by_day
    begins = [each.start if by_day else midnight(each.start) for each in question.stretches]
    return Numbered(question.subject.moment, begins)


def share(n: int, of: int) -> int | None:
    """Per cent, rounded; nothing of nothing. All but one of a thousand are not all, and one is not none."""
    if not of:
        return None
    rounded = round(100 * n / of)
    return min(rounded, 99) if n < of else max(rounded, 1) if n else rounded


def median(histogram: Mapping[int, int]) -> float | None:
    """The exact median of whole numbers, each with how often it occurs; nothing when there are none."""
    n = sum(histogram.values())
    if n <= 0:
        return None
    lower, upper = (n - 1) // 2, n // 2
    passed = 0
    found: list[int] = []
    for value in sorted(histogram):
        passed += histogram[value]
        while len(found) < 2 and passed > (lower, upper)[len(found)]:
            found.append(value)
        if len(found) == 2:
            break
    middle = sum(found) / 2
    return int(middle) if middle == int(middle) else middle
