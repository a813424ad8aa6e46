"""What in the charts is more than chance and still goes on, as facts.

Two rules only, both of ``improvement.charts``: a run longer than chance gives that reaches the last value (a shift),
and a last value above the upper limit. Many charts are read at once: what has ended isn't told, few crossings aren't,
and a limit counts only where at least one is usual. See docs/decisions/0044 for how often chance alone speaks.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from improvement import periods
from improvement.charts import Rule
from improvement.charts.words import amount
from improvement.models import Rhythm
from improvement.overview.facts import Fact, Kind
from improvement.overview.scope import Scope
from improvement.overview.watched import SHARES, WITH_SUB, Counted, Watched, What
from kvalitetslosen.organisation.models import Unit

USUAL = 1
"""So many are usual at least, where one value above the limit is told."""


@dataclass(frozen=True)
class Change:
    watched: Watched
    is_shift: bool
    up: bool
    first: datetime.date  # of the values that show it
    length: int  # how many of them


def change_in(watched: Watched) -> Change | None:
    """The shift that goes on, or the last value where it stands out."""
    chart = watched.chart
    if chart.as_gaps or not chart.points:
        return None
    going = chart.runs.runs[-1] if chart.runs.runs else None
    if going is not None and going in chart.runs.too_long:
        return Change(watched, is_shift=True, up=going.above, first=chart.points[going.first].day, length=going.length)
    last = len(chart.points) - 1
    if watched.what in SHARES or chart.lines[last].centre < USUAL:
        return None
    if any(each.rule is Rule.OUTSIDE and each.first == last and each.above for each in chart.signals):
        return Change(watched, is_shift=False, up=True, first=chart.points[last].day, length=1)
    return None


@dataclass(frozen=True)
class Changes:
    """What is told of the charts, and how many of them were read."""

    facts: list[Fact]
    read: int


def of_charts(scope: Scope, counted: Counted) -> Changes:
    read, found = 0, []
    for watched in counted.watched():
        read += 1
        if change := change_in(watched):
            found.append(change)
    return Changes([_fact(scope, change) for change in _each_once(scope, found)], read)


def _each_once(scope: Scope, found: list[Change]) -> Iterator[Change]:
    """Where a unit and one above it, or a category and its main one, show the same: only the narrower.

    That more is reported in all isn't told where a category says it.
    """

    def narrowness(change: Change) -> tuple[int, int, int, str]:
        watched = change.watched
        unit = scope.units[watched.unit]
        return (
            -unit.depth,
            watched.category.startswith(WITH_SUB) + 2 * (watched.what == What.ALL),
            unit.pk,
            watched.group,
        )

    told: list[tuple[Change, Unit, str]] = []
    for change in sorted(found, key=narrowness):
        watched, unit = change.watched, scope.units[change.watched.unit]
        main = _main_of(scope, watched)
        same = [
            other
            for other, below, its_main in told
            if other.up == change.up and below.is_within(unit) and _covers(watched, other.watched, main, its_main)
        ]
        if not same:
            told.append((change, unit, main))
            yield change


def _main_of(scope: Scope, watched: Watched) -> str:
    text = watched.category.removeprefix(WITH_SUB)
    category = scope.categories.get(int(text)) if text else None
    return str(category.parent_id or category.pk) if category else ""


def _covers(watched: Watched, other: Watched, main: str, its_main: str) -> bool:
    """Whether what the first counts has all that the second counts in it."""
    if watched.what == What.ALL:
        return other.what in (What.ALL, What.CASES)
    if watched.what != other.what:
        return False
    return watched.category == other.category or (watched.category.startswith(WITH_SUB) and main == its_main)


def chart_url(watched: Watched) -> str:
    said = {"hva": str(watched.what), "enhet": str(watched.unit)}
    if watched.category:
        said["kategori"] = watched.category
    return f"{reverse('overview:chart')}?{urlencode(said)}"


def _fact(scope: Scope, change: Change) -> Fact:
    watched, unit = change.watched, scope.units[change.watched.unit]
    since = change.first if change.is_shift else periods.next_after(watched.rhythm, change.first)
    return Fact(
        _kind_of(change),
        unit,
        since,
        sentence(change),
        chart_url(watched),
        scope.ask(unit, question_about(watched, up=change.up), watched.category.removeprefix(WITH_SUB)),
        about=f"{watched.group}:{'opp' if change.up else 'ned'}",
        is_good=change.up and watched.what in SHARES,
    )


def question_about(watched: Watched, *, up: bool) -> str:
    """Which of the good questions opens the talk."""
    match watched.what:
        case What.CASES | What.TICKS:
            return "typical"
        case What.RECEIPT | What.ANSWER:
            return "proud" if up else "need"
        case What.ALL if not up:
            return "quiet"
    return "learnt"


def _kind_of(change: Change) -> Kind:
    what = change.watched.what
    if what in (What.CASES, What.TICKS):
        return Kind.SHIFT if change.is_shift else Kind.POINT
    if what == What.ALL:
        return Kind.REPORTED
    if what == What.NEAR:
        return Kind.NEAR
    return Kind.FASTER if change.up else Kind.SLOWER


def since_words(watched: Watched, day: datetime.date) -> str:
    """«week 34», «August 2026»; the year of a week where it isn't this one."""
    if watched.rhythm == Rhythm.WEEK and day.isocalendar().year == watched.points[-1].day.isocalendar().year:
        return periods.short_of(watched.rhythm, day)
    return periods.name_of(watched.rhythm, day)


def sentence(change: Change) -> str:
    """What is more than chance, since when, and the figures it stands on."""
    watched, up = change.watched, change.up
    said = {"what": watched.label, "when": since_words(watched, change.first)}
    if not change.is_shift:
        point, line = watched.points[-1], watched.chart.lines[-1]
        head = {
            What.CASES: _("«%(what)s»: unusually many cases in %(when)s."),
            What.TICKS: _("«%(what)s»: unusually many ticks in %(when)s."),
            What.ALL: _("Unusually much was reported in %(when)s."),
        }[watched.what]
        figures = {"n": amount(point.value), "usual": amount(line.centre), "limit": amount(line.upper or 0)}
        told = _("%(n)s, where %(usual)s is usual and chance gives up to %(limit)s.") % figures
        return f"{head % said} {told}"
    head = {
        (What.CASES, True): _("«%(what)s»: more cases since %(when)s."),
        (What.CASES, False): _("«%(what)s»: fewer cases since %(when)s."),
        (What.TICKS, True): _("«%(what)s»: more ticks since %(when)s."),
        (What.TICKS, False): _("«%(what)s»: fewer ticks since %(when)s."),
        (What.ALL, True): _("More is reported since %(when)s."),
        (What.ALL, False): _("Less is reported since %(when)s."),
        (What.NEAR, True): _("More of what is reported are near misses since %(when)s."),
        (What.NEAR, False): _("Less of what is reported are near misses since %(when)s."),
        (What.RECEIPT, True): _("More cases are received in time since %(when)s."),
        (What.RECEIPT, False): _("Fewer cases are received in time since %(when)s."),
        (What.ANSWER, True): _("More reporters get their first answer in time since %(when)s."),
        (What.ANSWER, False): _("Fewer reporters get their first answer in time since %(when)s."),
    }[watched.what, up]
    tail = {
        (Rhythm.WEEK.value, True): _("%(n)d weeks lie above what is usual: %(usual)s."),
        (Rhythm.WEEK.value, False): _("%(n)d weeks lie below what is usual: %(usual)s."),
        (Rhythm.MONTH.value, True): _("%(n)d months lie above what is usual: %(usual)s."),
        (Rhythm.MONTH.value, False): _("%(n)d months lie below what is usual: %(usual)s."),
    }[str(watched.rhythm), up]
    usual = amount((watched.chart.centre or 0) * watched.times)
    if watched.what in SHARES:
        usual = pgettext("a share", "%(n)s per cent") % {"n": usual}
    return f"{head % said} {tail % {'n': change.length, 'usual': usual}}"
