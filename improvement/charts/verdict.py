"""Did it get better? What the chart says of it; whoever answers for the measure has the last word."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from improvement.charts.points import Better
from improvement.charts.reading import Chart, Rule
from improvement.charts.runs import FEWEST

ENOUGH_AFTER = 6
"""Fewer values since the change can't show a shift: the classical run chart asks for six on the same side."""


class Verdict(models.TextChoices):
    IMPROVED = "improved", _("Improved")
    UNCHANGED = "unchanged", _("Unchanged")
    WORSE = "worse", _("Worse")
    TOO_EARLY = "too_early", _("Too early to say")


@dataclass(frozen=True)
class Suggestion:
    """``verdict`` is None where a chart can't say: no change is marked, or neither way is good."""

    verdict: Verdict | None
    moved_up: bool | None = None  # which way the values went, where they did


def suggest(chart: Chart, better: Better) -> Suggestion:
    """What the points since the change say, held against the lines from before it.

    A lasting move is a run that chance doesn't give, two of three far out, or two points beyond a limit; a single one
    is an event, not a change. Where both ways are seen, the latest counts.
    """
    if chart.baseline is None:
        return Suggestion(None)
    if chart.runs.useful < FEWEST or chart.after < ENOUGH_AFTER:
        return Suggestion(Verdict.TOO_EARLY)
    up = _moved(chart)
    if better == Better.NEITHER:
        return Suggestion(None if up is not None else Verdict.UNCHANGED, up)
    if up is None:
        return Suggestion(Verdict.UNCHANGED)
    good_is_up = (better == Better.UP) != chart.as_gaps  # fewer events are longer gaps
    return Suggestion(Verdict.IMPROVED if up == good_is_up else Verdict.WORSE, up)


def _moved(chart: Chart) -> bool | None:
    """Which way the values have gone for good since the change: up, down, or nowhere."""
    begins = chart.baseline or 0
    latest: dict[bool, int] = {}
    outside: dict[bool, int] = {True: 0, False: 0}
    for signal in chart.signals:
        if signal.last < begins:
            continue
        if signal.above is None:
            side = _mostly(chart, begins)
            if side is not None:
                latest[side] = max(latest.get(side, 0), begins)
            continue
        if signal.rule is Rule.OUTSIDE:
            outside[signal.above] += 1
            if outside[signal.above] < 2:
                continue
        elif signal.rule is Rule.LONG_RUN and signal.last - max(signal.first, begins) + 1 < ENOUGH_AFTER:
            continue  # most of the run is older than the change
        latest[signal.above] = max(latest.get(signal.above, 0), signal.last)
    if not latest:
        return None
    return max(latest, key=lambda side: latest[side])


def _mostly(chart: Chart, begins: int) -> bool | None:
    """The side that at least two of three points since the change lie on."""
    since = [point.y - line.centre for point, line in zip(chart.points, chart.lines, strict=True)][begins:]
    for side in (True, False):
        on_it = sum(each != 0 and (each > 0) == side for each in since)
        if 3 * on_it >= 2 * len(since):
            return side
    return None
