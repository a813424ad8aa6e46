"""The chart as a picture, drawn by the server, and the words and places around it.

As in ``kvalitetslosen.ui.charts``: places along are percentages and sizes pixels, colours are classes and follow light
and dark, and to a screen reader the picture is one image described by a sentence, with its numbers in a table beside.
What is more than chance has another shape, not only another colour; nothing says that few are good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from improvement.charts.reading import Chart
from improvement.charts.words import amount

HEIGHT, TOP, FOOT = 220, 26, 26  # pixels: of the plot, over it for the letters of marks, under it for names
NAMES = 6  # so many names fit under the picture


class Marked(NamedTuple):
    """Something that happened, put between the points by its letter."""

    letter: str
    place: float  # how many points lie before it
    said: str


def ticks_between(lowest: float, highest: float) -> list[float]:
    """Round numbers around the values, at most seven of them."""
    reach = highest - lowest or abs(highest) or 1.0
    rough = reach / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(base * power for base in (1, 2, 5, 10) if rough <= base * power * 1.000001)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    if first == last:
        last += 1
    return [round(number * step, 10) for number in range(first, last + 1)]


def drawn(chart: Chart, sentence: str, *, marks: Sequence[Marked] = (), times: float = 1) -> SafeString:
    """The picture. ``times``: what rates and shares are multiplied by, 100 for per cent."""
    if not chart.points:
        return SafeString("")
    values = [point.y * times for point in chart.points]
    limits = [
        limit * times for line in chart.lines for limit in (line.lower, line.centre, line.upper) if limit is not None
    ]
    ticks = ticks_between(min([*values, *limits]), max([*values, *limits]))
    floor, reach, step = TOP + HEIGHT, ticks[-1] - ticks[0], 100 / len(values)

    def up(value: float) -> float:
        return round(floor - (value - ticks[0]) * HEIGHT / reach, 1)

    def along(place: float) -> str:
        return f"{(place + 0.5) * step:.5g}%"

    axis = [f'<text x="100%" y="{up(tick)}" dy="4" text-anchor="end">{amount(tick)}</text>' for tick in ticks]
    plot = [f'<line x1="0" x2="100%" y1="{up(tick)}" y2="{up(tick)}"/>' for tick in ticks]
    plot += _levels(chart, up, step, times)
    if chart.baseline is not None:
        edge = f"{chart.baseline * step:.5g}%"
        plot.append(f'<line class="los-spc__change" x1="{edge}" x2="{edge}" y1="{TOP}" y2="{floor}"/>')
    plot += [
        f'<text class="los-spc__mark" x="{max(0.0, min(100.0, mark.place * step)):.5g}%" y="{TOP - 10}"'
        f' text-anchor="middle">{escape(mark.letter)}</text>'
        for mark in marks
    ]
    plot.append('<g class="los-spc__way">')
    plot += [
        f'<line x1="{along(place)}" x2="{along(place + 1)}" y1="{up(values[place])}" y2="{up(values[place + 1])}"/>'
        for place in range(len(values) - 1)
    ]
    plot.append("</g>")
    signalled = chart.signalled()
    for place, value in enumerate(values):
        kind, size = ("los-spc__signal", 6) if place in signalled else ("los-spc__point", 3.5)
        plot.append(f'<circle class="{kind}" cx="{along(place)}" cy="{up(value)}" r="{size}"/>')
    every = max(1, math.ceil(len(values) / NAMES))
    plot.append('<g text-anchor="middle">')
    for place in range(every // 2, len(values), every):
        spare = ' class="los-chart__spare"' if len(values) > NAMES and place // every % 2 else ""
        name = escape(chart.points[place].short or chart.points[place].name)
        plot.append(f'<text{spare} x="{along(place)}" y="{floor + 18}">{name}</text>')
    plot.append("</g>")
    return mark_safe(  # noqa: S308 - names are escaped above, the rest is digits and our own words
        f'<div class="los-chart los-spc" role="img" aria-label="{escape(sentence)}">'
        f'<svg class="los-chart__axis" height="{floor + FOOT}" aria-hidden="true">{"".join(axis)}</svg>'
        f'<svg class="los-chart__plot" height="{floor + FOOT}" aria-hidden="true">{"".join(plot)}</svg></div>'
        f"{_key(chart)}"
    )


def _levels(chart: Chart, up: Callable[[float], float], step: float, times: float) -> list[str]:
    """The middle line and the limits, a stretch for each point: limits may differ from point to point."""
    found = []
    for name in ("lower", "centre", "upper"):
        kind = "los-spc__centre" if name == "centre" else "los-spc__limit"
        begun, last = 0, None
        levels = [getattr(line, name) for line in chart.lines]
        for place, level in enumerate([*levels, None]):
            if place and (place == len(levels) or level != last):
                if last is not None:
                    y = up(last * times)
                    found.append(
                        f'<line class="{kind}" x1="{begun * step:.5g}%" x2="{place * step:.5g}%" y1="{y}" y2="{y}"/>'
                    )
                begun = place
            last = level
    return found


def _key(chart: Chart) -> str:
    """What the lines and shapes are."""
    parts = [('<line class="los-spc__centre" x1="0" x2="26" y1="7" y2="7"/>', _("The middle"))]
    if chart.lines[0].upper is not None:
        parts.append(('<line class="los-spc__limit" x1="0" x2="26" y1="7" y2="7"/>', _("Limits of chance")))
    if chart.signalled():
        parts.append(('<circle class="los-spc__signal" cx="13" cy="7" r="6"/>', _("More than chance")))
    if chart.baseline is not None:
        parts.append(('<line class="los-spc__change" x1="13" x2="13" y1="0" y2="14"/>', _("The change")))
    spans = "".join(f'<span><svg width="26" height="14">{shape}</svg>{escape(words)}</span>' for shape, words in parts)
    return f'<p class="los-chart__key los-spc" aria-hidden="true">{spans}</p>'
