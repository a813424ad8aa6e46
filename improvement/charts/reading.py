"""Which chart fits the values, and what in it is more than chance."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from improvement.charts.limits import Kind, Line, lines_of
from improvement.charts.points import Nature, Point, gaps
from improvement.charts.runs import Runs, runs_of

ENOUGH = 12
"""Fewer values than this to count from give no limits worth drawing."""


class Why(StrEnum):
    """Why a chart was chosen. ``improvement.charts.words`` says it."""

    FEW = "few"  # too few to draw limits from
    NUMBER = "number"
    COUNT = "count"
    RARE = "rare"  # counts that are zero more than half of the time
    RATE = "rate"
    SHARE = "share"
    WHOLE_DAYS = "whole_days"
    TIMES = "times"


class Choice(NamedTuple):
    kind: Kind
    why: Why
    as_gaps: bool = False  # the chart shows how long it takes between events, not how many there are


def choose(nature: Nature, points: Sequence[Point], baseline: int | None = None) -> Choice:
    """The chart for such values. ``baseline``: limits are counted from so many of the first points, not from all.

    Counts that are zero more than half of the time have a median of zero, which hides every change: the gaps between
    events are drawn instead (https://anhoej.github.io/spc4hc/spc-charts-for-rare-events.html). Whole days between
    events belong on a g chart, exact times on a t chart.
    """
    base = points[:baseline]
    if nature == Nature.COUNT and base and 2 * sum(point.value == 0 for point in base) > len(base):
        return Choice(Kind.G, Why.RARE, as_gaps=True)
    if len(base) < ENOUGH:
        return Choice(Kind.RUN, Why.FEW)
    if nature == Nature.DAYS:
        if all(point.value == int(point.value) for point in points) or any(point.value <= 0 for point in points):
            return Choice(Kind.G, Why.WHOLE_DAYS)
        return Choice(Kind.T, Why.TIMES)
    return {
        Nature.NUMBER: Choice(Kind.XMR, Why.NUMBER),
        Nature.COUNT: Choice(Kind.C, Why.COUNT),
        Nature.RATE: Choice(Kind.U, Why.RATE),
        Nature.SHARE: Choice(Kind.P, Why.SHARE),
    }[nature]


class Rule(StrEnum):
    OUTSIDE = "outside"  # beyond a limit
    LONG_RUN = "long_run"  # a run that chance doesn't give
    FEW_CROSSINGS = "few_crossings"  # the centre line is crossed too seldom
    OUTER_THIRD = "outer_third"  # two of three in the outer third, on the same side


@dataclass(frozen=True)
class Signal:
    """Something that is more than chance. ``above`` is None where it is on no one side."""

    rule: Rule
    first: int
    last: int
    above: bool | None


@dataclass(frozen=True)
class Chart:
    """A chart, read. ``baseline`` is how many points the lines are counted from; None when no change is marked."""

    kind: Kind
    why: Why
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    runs: Runs
    signals: tuple[Signal, ...]
    baseline: int | None = None
    as_gaps: bool = False

    @property
    def after(self) -> int:
        """How many points there are since the change."""
        return 0 if self.baseline is None else len(self.points) - self.baseline

    @property
    def centre(self) -> float | None:
        return self.lines[0].centre if self.lines else None

    def signalled(self) -> frozenset[int]:
        """Which points a signal is about, for the picture."""
        return frozenset(
            place
            for signal in self.signals
            if signal.rule is not Rule.FEW_CROSSINGS
            for place in range(signal.first, signal.last + 1)
        )


def read(nature: Nature, points: Sequence[Point], changed_on: datetime.date | None = None) -> Chart:
    """Choose the chart, draw its lines and find its signals.

    With ``changed_on``, the lines are counted from the points before that day alone, and never anew because things
    went well. A change before the first point, or after the last, can't be seen: it counts as none.
    """
    found = list(points)
    baseline = _before(found, changed_on)
    choice = choose(nature, found, baseline)
    if choice.as_gaps:
        found = gaps(found)
        baseline = _before(found, changed_on)
        if len(found[:baseline]) < ENOUGH:
            choice = Choice(Kind.RUN, Why.RARE, as_gaps=True)
    if not found:
        return Chart(choice.kind, choice.why, (), (), Runs(()), (), as_gaps=choice.as_gaps)
    lines = lines_of(choice.kind, found, baseline)
    values = [point.y for point in found]
    runs = runs_of(values, lines[0].centre)
    signals = sorted(_signals(choice.kind, values, lines, runs), key=lambda each: (each.first, each.last, each.rule))
    return Chart(choice.kind, choice.why, tuple(found), tuple(lines), runs, tuple(signals), baseline, choice.as_gaps)


def _before(points: Sequence[Point], changed_on: datetime.date | None) -> int | None:
    if changed_on is None:
        return None
    number = sum(point.day < changed_on for point in points)
    return number if 0 < number < len(points) else None


def _signals(kind: Kind, values: Sequence[float], lines: Sequence[Line], runs: Runs) -> Iterator[Signal]:
    for place, (value, line) in enumerate(zip(values, lines, strict=True)):
        if line.upper is not None and value > line.upper:
            yield Signal(Rule.OUTSIDE, place, place, above=True)
        elif line.lower is not None and value < line.lower:
            yield Signal(Rule.OUTSIDE, place, place, above=False)
    for run in runs.too_long:
        yield Signal(Rule.LONG_RUN, run.first, run.last, run.above)
    if runs.too_few_crossings:
        yield Signal(Rule.FEW_CROSSINGS, 0, len(values) - 1, above=None)
    if kind is Kind.XMR:
        yield from _outer_third(values, lines)


def _outer_third(values: Sequence[float], lines: Sequence[Line]) -> Iterator[Signal]:
    """Two of three one after the other between two thirds of the way to a limit and the limit, on the same side.

    The NHS's rule for XmR charts. One signal for each stretch that such threes make together.
    """
    for above in (True, False):
        far = [_is_far(value, line, above) for value, line in zip(values, lines, strict=True)]
        begun: tuple[int, int] | None = None
        for start in range(len(far) - 2):
            places = [place for place in range(start, start + 3) if far[place]]
            if len(places) < 2:
                continue
            if begun and places[0] <= begun[1]:
                begun = (begun[0], places[-1])
                continue
            if begun:
                yield Signal(Rule.OUTER_THIRD, *begun, above)
            begun = (places[0], places[-1])
        if begun:
            yield Signal(Rule.OUTER_THIRD, *begun, above)


def _is_far(value: float, line: Line, above: bool) -> bool:
    limit = line.upper if above else line.lower
    if limit is None or limit == line.centre:
        return False
    edge = line.centre + (limit - line.centre) * 2 / 3
    return edge < value <= limit if above else limit <= value < edge
