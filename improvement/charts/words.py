"""What a chart says, in sentences: which chart it is and why, what is more than chance, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import capfirst, get_text_list
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from improvement.charts.limits import Kind
from improvement.charts.points import Point
from improvement.charts.reading import Chart, Rule, Signal, Why
from improvement.charts.verdict import Suggestion, Verdict
from kvalitetslosen.ui.charts import NORWEGIAN

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NAMED = 4  # so many points beyond a limit are named; of more it is said how many

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


def amount(value: float) -> str:
    """A value as people write it, to as many digits as mean something: 1 234, 45,6 and 0,24 in Norwegian."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text if get_language() == "en" else text.translate(NORWEGIAN)


def said_of(chart: Chart) -> list[str]:
    """Each signal in a sentence, or one sentence that there is none."""
    if not chart.signals:
        if len(chart.points) < 10:
            return [_("There are too few values to tell chance from change. Ten is the least.")]
        return [_("Nothing is more than chance: the values vary as they usually do.")]
    said, outside = [], {True: False, False: False}
    for signal in chart.signals:
        if signal.rule is Rule.OUTSIDE and signal.above is not None:
            if not outside[signal.above]:  # all of one side in one sentence
                said.append(_beyond(chart, above=signal.above))
            outside[signal.above] = True
        else:
            said.append(sentence(chart, signal))
    return [capfirst(each) for each in said]


def _beyond(chart: Chart, *, above: bool) -> str:
    """The points beyond one of the limits, by name where there are few."""
    names = [
        chart.points[each.first].name for each in chart.signals if each.rule is Rule.OUTSIDE and each.above == above
    ]
    if len(names) > NAMED:
        said = _("%(n)d values are above the upper limit.") if above else _("%(n)d values are below the lower limit.")
        return said % {"n": len(names)}
    listed = {"which": get_text_list(names, _("and"))}
    if above:
        return _("Above the upper limit: %(which)s. Ask what was special then.") % listed
    return _("Below the lower limit: %(which)s. Ask what was special then.") % listed


def sentence(chart: Chart, signal: Signal) -> str:
    """What is said of a run, of few crossings, or of what lies far out."""
    first, last = chart.points[signal.first], chart.points[signal.last]
    where = {"first": first.name, "last": last.name, "n": signal.last - signal.first + 1}
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
        "centre": amount(line.centre * times),
        "lower": amount((line.lower or 0) * times),
        "upper": amount((line.upper or 0) * times),
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
        return amount(point.value * times)
    return _("%(value)s (%(n)s of %(size)s)") % {
        "value": amount(point.y * times),
        "n": amount(point.value),
        "size": amount(point.size),
    }
