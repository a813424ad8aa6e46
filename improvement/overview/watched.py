"""What is counted over time in each unit, as charts: from the same counts as reports, without cases about leaders.

A category has one chart in a unit: by week where there is something in most weeks, else by month. What is so rare that
most months are empty has none: see docs/decisions/0044.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from deviations.figures import IN_TIME, LATE, TICK, keys_of
from deviations.models import Category, Deviation, FigureCount, Kind, Source
from deviations.reports import WAITS
from improvement import periods
from improvement.charts import Chart, Nature, Point, read
from improvement.models import Rhythm
from improvement.overview.scope import Scope
from kvalitetslosen.database.numbered import Numbered
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.workdays import midnight

MONTHS, WEEKS = 24, 26
FEWEST = 12
"""So many cases in the time of the chart at least, or as many values."""
SETTLED = datetime.timedelta(days=14)
"""So long after a month has ended, whether a limit was kept is known of nearly all its cases."""


class What(StrEnum):
    """What is counted; as an address has it."""

    CASES = "saker"
    TICKS = "kryss"
    ALL = "meldt"
    NEAR = "nesten"
    RECEIPT = "mottak"
    ANSWER = "svar"


SHARES = (What.NEAR, What.RECEIPT, What.ANSWER)
LIMITS = {What.RECEIPT: "receipt_in", What.ANSWER: "answer_in"}
WITH_SUB = "med-"

Key = tuple[int, str, str]  # unit, measure, value


@dataclass(frozen=True)
class Watched:
    """One thing counted in one unit. ``category`` is as an address has it: ``12``, or ``med-12`` with those below."""

    what: What
    unit: int
    rhythm: str
    points: tuple[Point, ...]
    category: str = ""
    label: str = ""

    @cached_property
    def chart(self) -> Chart:
        return read(Nature.SHARE if self.what in SHARES else Nature.COUNT, self.points)

    @property
    def times(self) -> int:
        """What the values are multiplied by to be shown."""
        return 100 if self.what in SHARES else 1

    @property
    def group(self) -> str:
        """The same for all that is counted of one thing, in whichever unit."""
        return f"{self.what}:{self.category}"


class Counted:
    """The counts of every unit that is charted: four queries."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.last = months_after(this_month(), -1)  # the running month would look low
        self.first = months_after(self.last, 1 - MONTHS)
        self.months = [months_after(self.first, n) for n in range(MONTHS)]
        monday = scope.today - datetime.timedelta(days=scope.today.weekday())
        self.weeks = [monday - periods.WEEK * n for n in range(WEEKS, 0, -1)]
        self._named: dict[tuple[str, datetime.date], tuple[str, str]] = {}
        self.by_month: defaultdict[Key, Counter[datetime.date]] = defaultdict(Counter)
        self._add_kept()
        self._take_hidden()
        self._add_waiting()
        self.by_week: defaultdict[tuple[int, int], Counter[datetime.date]] = defaultdict(Counter)
        self.all_weeks: defaultdict[int, Counter[datetime.date]] = defaultdict(Counter)
        self._add_weeks()

    def _add_kept(self) -> None:
        measures = ("category", "kind", TICK, *LIMITS.values())
        rows = FigureCount.objects.filter(
            unit_id__in=self.scope.charted, measure__in=measures, month__range=(self.first, self.last)
        )
        for unit, measure, value, month, n in rows.values_list("unit_id", "measure", "value", "month", "n"):
            self.by_month[unit, measure, value][month] += n

    def _take_hidden(self) -> None:
        """No case about a leader: whoever shows the chart to others would show that there is one."""
        about = Deviation.objects.filter(self.scope.where, about__isnull=False, reported_at__gte=midnight(self.first))
        for deviation in about:
            for unit, month, measure, value in keys_of(deviation):
                if (counts := self.by_month.get((unit, measure, value))) and month in counts:
                    counts[month] -= 1

    def _add_waiting(self) -> None:
        """Past the limit and still waiting: late, too."""
        now = timezone.now()
        late = {
            What.RECEIPT: Q(received_at=None, receive_by__lt=now),
            What.ANSWER: Q(first_answer_at=None, answer_by__lt=now),
        }
        rows = (
            Deviation.objects.filter(self.scope.where, about=None, closed_at=None)
            .exclude(source=Source.ELSEWHERE)
            .filter(
                late[What.RECEIPT] | late[What.ANSWER],
                reported_at__gte=midnight(self.first),
                reported_at__lt=midnight(months_after(self.last, 1)),
            )
            .order_by()
            .annotate(number=Numbered("reported_at", [midnight(month) for month in self.months]))
            .values_list("number", *self.scope.levels)
            .annotate(receipt=Count("pk", filter=late[What.RECEIPT]), answer=Count("pk", filter=late[What.ANSWER]))
        )
        for number, *line, receipt, answer in rows:
            month = self.months[number - 1]
            for unit in line:
                if unit in self.scope.charted:
                    self.by_month[unit, LIMITS[What.RECEIPT], WAITS][month] += receipt
                    self.by_month[unit, LIMITS[What.ANSWER], WAITS][month] += answer

    def _add_weeks(self) -> None:
        ended = self.weeks[-1] + periods.WEEK
        rows = (
            Deviation.objects.filter(
                self.scope.where,
                about=None,
                reported_at__gte=midnight(self.weeks[0]),
                reported_at__lt=midnight(ended),
            )
            .once()
            .order_by()
            .annotate(number=Numbered("reported_at", [midnight(week) for week in self.weeks]))
            .values_list("number", "category", *self.scope.levels)
            .annotate(n=Count("pk"))
        )
        for number, category, *line, n in rows:
            week = self.weeks[number - 1]
            for unit in line:
                if unit in self.scope.charted:
                    self.by_week[unit, category or 0][week] += n
                    self.all_weeks[unit][week] += n

    # The charts

    def watched(self) -> Iterator[Watched]:
        """All there is enough of to be read."""
        values: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        for unit, measure, value in self.by_month:
            values[unit, measure].add(value)
        for unit in self.scope.charted:
            for what, measure in ((What.CASES, "category"), (What.TICKS, TICK)):
                for category, label, wanted in self._subjects(values[unit, measure]):
                    yield from self._of_counts(what, unit, measure, wanted, category, label)
            yield from self._of_counts(What.ALL, unit, "kind", sorted(values[unit, "kind"]))
            near, events = Kind.NEAR_MISS.value, (Kind.NEAR_MISS.value, Kind.DEVIATION.value)
            yield from self._of_share(What.NEAR, unit, "kind", near, events, self.last)
            for what, measure in LIMITS.items():
                ended = self.last
                if months_after(ended, 1) + SETTLED > self.scope.today:
                    ended = months_after(ended, -1)
                yield from self._of_share(what, unit, measure, IN_TIME, (IN_TIME, LATE, WAITS), ended)

    def _subjects(self, values: set[str]) -> Iterator[tuple[str, str, list[str]]]:
        """The categories that were counted, and the main ones of several: address, name, what is counted."""
        mains: defaultdict[int, list[str]] = defaultdict(list)
        for value in sorted(values):
            category = self.scope.categories.get(int(value)) if value.isdecimal() else None
            if category is not None:
                yield value, category.whole_label, [value]
                mains[category.parent_id or category.pk].append(value)
        for main, wanted in mains.items():
            if len(wanted) > 1:
                yield f"{WITH_SUB}{main}", self.scope.categories[main].label, wanted

    def _of_counts(
        self, what: What, unit: int, measure: str, wanted: list[str], category: str = "", label: str = ""
    ) -> Iterator[Watched]:
        counts: Counter[datetime.date] = Counter()
        for value in wanted:
            counts.update(self.by_month[unit, measure, value])
        if what != What.TICKS and (weeks := self._weeks_of(unit, what, wanted)):
            yield Watched(what, unit, Rhythm.WEEK, weeks, category, label)
            return
        began = next((month for month in self.months if counts[month]), None)
        since = [month for month in self.months if began and month >= began]
        points = tuple(self._point(Rhythm.MONTH, month, counts[month]) for month in since)
        empty = sum(point.value == 0 for point in points)
        if len(points) >= FEWEST and sum(point.value for point in points) >= FEWEST and 2 * empty <= len(points):
            yield Watched(what, unit, Rhythm.MONTH, points, category, label)

    def _weeks_of(self, unit: int, what: What, wanted: list[str]) -> tuple[Point, ...]:
        """Week by week, where more than half of the weeks have something."""
        counts = Counter(self.all_weeks.get(unit)) if what == What.ALL else Counter[datetime.date]()
        if what == What.CASES:
            for value in wanted:
                counts.update(self.by_week.get((unit, int(value))))
        if 2 * sum(1 for week in self.weeks if counts[week]) <= WEEKS:
            return ()
        return tuple(self._point(Rhythm.WEEK, week, counts[week]) for week in self.weeks)

    def _of_share(
        self, what: What, unit: int, measure: str, value: str, among: tuple[str, ...], last: datetime.date
    ) -> Iterator[Watched]:
        points = []
        for month in self.months:
            size = sum(self.by_month[unit, measure, each][month] for each in among)
            if size > 0 and month <= last:
                points.append(self._point(Rhythm.MONTH, month, self.by_month[unit, measure, value][month], size))
        if len(points) >= FEWEST and sum(point.size for point in points) >= FEWEST * 3:
            yield Watched(what, unit, Rhythm.MONTH, tuple(points))

    def _point(self, rhythm: str, day: datetime.date, value: float, size: float = 1) -> Point:
        return Point(day, value, size, *self._names(rhythm, day))

    def _names(self, rhythm: str, day: datetime.date) -> tuple[str, str]:
        """The same for all charts, of which there are thousands."""
        if (rhythm, day) not in self._named:
            self._named[rhythm, day] = periods.name_of(rhythm, day), periods.short_of(rhythm, day)
        return self._named[rhythm, day]

    def last_reports(self) -> dict[int, datetime.date]:
        """The last whole month with a case or tick in each unit, of the months that are looked at."""
        found: dict[int, datetime.date] = {}
        for (unit, measure, _value), counts in self.by_month.items():
            if measure in ("kind", TICK):
                for month, n in counts.items():
                    if n > 0 and (unit not in found or found[unit] < month):
                        found[unit] = month
        return found


def title_of(watched: Watched) -> str:
    """What the chart is of."""
    return {
        What.CASES: _("Cases: %(what)s"),
        What.TICKS: _("Ticks: %(what)s"),
        What.ALL: _("All that is reported"),
        What.NEAR: _("The share of near misses"),
        What.RECEIPT: _("The share received in time"),
        What.ANSWER: _("The share of first answers in time"),
    }[watched.what] % {"what": watched.label}


def category_of(watched: Watched, scope: Scope) -> Category | None:
    text = watched.category.removeprefix(WITH_SUB)
    return scope.categories.get(int(text)) if text else None
