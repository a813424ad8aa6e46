"""Centre lines and limits, chart by chart, from the values before a change.

The formulas are those of qicharts2 (Anhøj) and, for the XmR chart, of the NHS's "plot the dots".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median
from typing import NamedTuple

from improvement.charts.points import Point

TO_LIMIT = 3 / 1.128
"""From the mean moving range to three standard deviations: 2.66. 1.128 is d2, for ranges of two values."""
FREAK = 3.267
"""A moving range larger than so many times their mean (D4) is left out of it (Nelson 1982)."""
POWER = 3.6
"""What makes waiting times about normally distributed, as 1/3.6 (Nelson 1994)."""


class Kind(StrEnum):
    RUN = "run"
    XMR = "xmr"
    C = "c"
    U = "u"
    P = "p"
    G = "g"
    T = "t"


class Line(NamedTuple):
    """What one point is held against. No limits on a run chart."""

    centre: float
    lower: float | None = None
    upper: float | None = None


def mean_moving_range(values: Sequence[float]) -> float:
    """The mean of the steps from each value to the next, without freak ones. 0 for fewer than two values."""
    steps = [abs(one - other) for one, other in pairwise(values)]
    if not steps:
        return 0.0
    highest = FREAK * fmean(steps)
    # All that aren't freak: if every step is the same, none is.
    return fmean([step for step in steps if step <= highest])


def _run(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    return [Line(median(point.y for point in base))] * len(points)


def _xmr(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    values = [point.y for point in base]
    centre, away = fmean(values), TO_LIMIT * mean_moving_range(values)
    return [Line(centre, centre - away, centre + away)] * len(points)


def _c(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    centre = fmean(point.value for point in base)
    away = 3 * math.sqrt(centre)
    return [Line(centre, max(0.0, centre - away), centre + away)] * len(points)


def _pooled(base: Sequence[Point]) -> float:
    return sum(point.value for point in base) / sum(point.size for point in base)


def _u(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    centre = _pooled(base)
    away = [3 * math.sqrt(centre / point.size) for point in points]
    return [Line(centre, max(0.0, centre - each), centre + each) for each in away]


def _p(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    centre = _pooled(base)
    away = [3 * math.sqrt(centre * (1 - centre) / point.size) for point in points]
    return [Line(centre, max(0.0, centre - each), min(1.0, centre + each)) for each in away]


def _g(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    """Skewed, so the centre line is the median; the limit is of the mean (Benneyan 2001). A point above is good."""
    values = [point.y for point in base]
    mean = fmean(values)
    return [Line(median(values), 0.0, mean + 3 * math.sqrt(mean * (mean + 1)))] * len(points)


def _t(points: Sequence[Point], base: Sequence[Point]) -> list[Line]:
    """An XmR chart of the values to the power of 1/3.6, drawn in days again. No value may be 0."""
    values = [point.y ** (1 / POWER) for point in base]
    centre, away = fmean(values), TO_LIMIT * mean_moving_range(values)
    line = Line(centre**POWER, max(0.0, centre - away) ** POWER, (centre + away) ** POWER)
    return [line] * len(points)


_LINES: dict[Kind, Callable[[Sequence[Point], Sequence[Point]], list[Line]]] = {
    Kind.RUN: _run, Kind.XMR: _xmr, Kind.C: _c, Kind.U: _u, Kind.P: _p, Kind.G: _g, Kind.T: _t,
}  # fmt: skip


def lines_of(kind: Kind, points: Sequence[Point], baseline: int | None = None) -> list[Line]:
    """The line for each point, from the first ``baseline`` points, or from all.

    Raises ``ValueError`` with no points to count from, a ``size`` that isn't above 0, or a wait of 0 on a t chart.
    """
    base = points[:baseline]
    if not base:
        raise ValueError("There are no values to count from.")
    if any(point.size <= 0 for point in points):
        raise ValueError("Nothing is counted out of nothing.")
    if kind is Kind.T and any(point.y <= 0 for point in points):
        raise ValueError("A t chart needs waits longer than 0.")
    return _LINES[kind](points, base)
