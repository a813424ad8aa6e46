"""What a chart says, in sentences: which chart it is and why, what is more than chance, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from improvement.charts.limits import Kind
from improvement.charts.points import Point
from improvement.charts.reading import Chart, Rule, Signal, Why
from improvement.charts.verdict import Suggestion, Verdict
from kvalitetslosen.ui.charts import number

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS: dict[Kind, _StrPromise] = {
    Kind.RUN: gettext_lazy("Run chart"),
    Kind.XMR: gettext_lazy("Control chart for numbers (XmR)"),
    Kind.C: gettext_lazy("Control chart for counts (c)"),
    Kind.U: gettext_lazy("Control chart for rates (u)"),
    Kind.P: gettext_lazy("Control chart for shares (p)"),
    Kind.G: gettext_lazy("Control chart for rare events (g)"),
    Kind.T: gettext_lazy("Control chart for the time between events (t)"),
}

WHY: dict[Why, _StrPromise] = {
    Why.FEW: gettext_lazy("There are fewer than twelve values to count limits from, so it has a middle line only."),
    Why.NUMBER: gettext_lazy("The limits come from how much the numbers usually change from one to the next."),
    Why.COUNT: gettext_lazy("It is about how many times something happens, each time in a period of the same length."),
    Why.RARE: gettext_lazy(
        "More than half of the counts are zero, so the chart shows how many periods go between each time instead."
    ),
    Why.RATE: gettext_lazy("The limits are wider where little was counted, and narrower where much was."),
    Why.SHARE: gettext_lazy(
        "It is about a share of a number that varies; the limits are wider where the number is low."
    ),
    Why.WHOLE_DAYS: gettext_lazy(
        "It is about whole days between events. A point above the upper limit is a long wait."
    ),
    Why.TIMES: gettext_lazy("It is about the time between events. A point above the upper limit is a long wait."),
}


def said_of(chart: Chart) -> list[str]:
    """Each signal in a sentence, or one sentence that there is none."""
    if not chart.signals:
        if len(chart.points) < 10:
            return [_("There are too few values to tell chance from change. Ten is the least.")]
        return [_("Nothing is more than chance: the values vary as they usually do.")]
    return [sentence(chart, signal) for signal in chart.signals]


def sentence(chart: Chart, signal: Signal) -> str:
    first, last = chart.points[signal.first], chart.points[signal.last]
    where = {"first": first.name, "last": last.name, "n": signal.last - signal.first + 1}
    if signal.rule is Rule.OUTSIDE:
        if signal.above:
            return _("%(first)s is above the upper limit. Ask what was special then.") % where
        return _("%(first)s is below the lower limit. Ask what was special then.") % where
    if signal.rule is Rule.LONG_RUN:
        if signal.above:
            return (
                _("From %(first)s to %(last)s the values stay above the middle line, longer than chance gives.")
                % where
            )
        return _("From %(first)s to %(last)s the values stay below the middle line, longer than chance gives.") % where
    if signal.rule is Rule.FEW_CROSSINGS:
        return _("The values cross the middle line fewer times than chance gives. They have shifted.")
    if signal.above:
        return (
            _("From %(first)s to %(last)s values lie close to the upper limit, more often than chance gives.") % where
        )
    return _("From %(first)s to %(last)s values lie close to the lower limit, more often than chance gives.") % where


def middle_of(chart: Chart, times: float = 1) -> str:
    """What is usual, and the limits where they are the same for all points. ``times``: as in the picture."""
    if not chart.lines:
        return _("There are no values yet.")
    line = chart.lines[0]
    figures = {
        "centre": number(round(line.centre * times, 1)),
        "lower": number(round((line.lower or 0) * times, 1)),
        "upper": number(round((line.upper or 0) * times, 1)),
        "n": len(chart.points) if chart.baseline is None else chart.baseline,
    }
    if line.upper is None:
        said = _("The middle is %(centre)s.") % figures
    elif len(set(chart.lines)) == 1:
        said = _("The middle is %(centre)s; chance gives values from %(lower)s to %(upper)s.") % figures
    else:
        said = _("The middle is %(centre)s; the limits follow how much was counted each time.") % figures
    if chart.baseline is None:
        return said
    counted = ngettext(
        "It is counted from the one value before the change and stays there.",
        "It is counted from the %(n)d values before the change and stays there.",
        chart.baseline,
    )
    return f"{said} {counted % figures}"


def suggested(chart: Chart, suggestion: Suggestion) -> str:
    """What the chart says about the change, in a sentence; nothing where no change is marked."""
    if chart.baseline is None:
        return ""
    if suggestion.verdict == Verdict.TOO_EARLY:
        return _("It is too early to say: there must be ten values, and six of them after the change.")
    if suggestion.verdict == Verdict.IMPROVED:
        return _("It has improved since the change, by more than chance gives.")
    if suggestion.verdict == Verdict.WORSE:
        return _("It has become worse since the change, by more than chance gives.")
    if suggestion.verdict == Verdict.UNCHANGED:
        return _("It is unchanged: since the change the values vary as before.")
    if suggestion.moved_up:
        return _("The values have gone up since the change, by more than chance gives.")
    return _("The values have gone down since the change, by more than chance gives.")


def value_of(point: Point, times: float = 1) -> str:
    """The value as people write it; a count out of something keeps both numbers."""
    if point.size == 1:
        return number(round(point.value * times, 1))
    return _("%(value)s (%(n)s of %(size)s)") % {
        "value": number(round(point.y * times, 1)),
        "n": number(point.value),
        "size": number(point.size),
    }
