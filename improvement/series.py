"""The values of a measure as its reader sees them, read as a chart, with what must be said beside it."""

from __future__ import annotations

import datetime
import string
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deviations import monthly
from deviations.models import QuestionSet
from deviations.reports import Period
from improvement import periods
from improvement.charts import Better, Chart, Marked, Nature, Point, Suggestion, drawn, read, suggest
from improvement.charts.words import KINDS, WHY, amount, middle_of, said_of, suggested, value_of
from improvement.models import ChangeMark, MarkKind, Measure, MeasureValue, Source
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

LONGEST = 400  # values on one chart, the latest ones
MONTHS = 36  # of what is counted from reports


@dataclass(frozen=True)
class Line:
    """One row of the table beside the picture, the value in words and what is said of it."""

    name: str
    value: str
    usual: str
    told: str
    day: datetime.date


class Series:
    """A measure read by one person. ``hidden``: it is counted from cases, and they have no figures of the unit."""

    def __init__(self, measure: Measure, user: User, points: list[Point] | None, marks: Sequence[ChangeMark]) -> None:
        self.measure, self.user, self.marks = measure, user, marks
        self.hidden = points is None
        self.points = points or []

    @cached_property
    def chart(self) -> Chart:
        return read(Nature(self.measure.nature), self.points, self.measure.changed_on)

    @cached_property
    def suggestion(self) -> Suggestion:
        return suggest(self.chart, Better(self.measure.better))

    @property
    def times(self) -> float:
        """What rates and shares are multiplied by to be shown."""
        if self.measure.nature == Nature.SHARE:
            return 100
        return self.measure.per if self.measure.nature == Nature.RATE else 1

    @property
    def in_what(self) -> str:
        """What the numbers of the picture are."""
        measure = self.measure
        if self.chart.as_gaps:
            return _("Months between each time") if measure.rhythm == "month" else _("Weeks between each time")
        if measure.nature == Nature.SHARE:
            return _("Per cent of %(what)s") % {"what": measure.size_name} if measure.size_name else _("Per cent")
        if measure.nature == Nature.RATE:
            return _("For each %(n)s %(what)s") % {"n": amount(measure.per), "what": measure.size_name}
        if measure.nature == Nature.DAYS:
            return _("Days since the last time")
        return _("How many each time") if measure.nature == Nature.COUNT else ""

    @property
    def kind(self) -> str:
        return f"{KINDS[self.chart.kind]}. {WHY[self.chart.why]}"

    @property
    def middle(self) -> str:
        return middle_of(self.chart, self.times)

    @property
    def told(self) -> list[str]:
        """What is more than chance, a sentence each."""
        return said_of(self.chart)

    @property
    def suggested(self) -> str:
        return suggested(self.chart, self.suggestion)

    @property
    def picture(self) -> SafeString:
        return drawn(self.chart, " ".join([self.middle, *self.told]), marks=self._placed(), times=self.times)

    def _placed(self) -> list[Marked]:
        days = [point.day for point in self.chart.points]
        return [
            Marked(letter, sum(day < mark.day for day in days), mark.what)
            for letter, mark in self.lettered
            if days and days[0] < mark.day
        ]

    @property
    def lettered(self) -> list[tuple[str, ChangeMark]]:
        """The marks with the letters they have in the picture."""
        return list(zip(_letters(len(self.marks)), self.marks, strict=True))

    @property
    def lines(self) -> list[Line]:
        """The table, the latest value first."""
        chart, found = self.chart, []
        signalled = chart.signalled()
        for place, (point, line) in enumerate(zip(chart.points, chart.lines, strict=True)):
            usual = amount(line.centre * self.times)
            if line.upper is not None:
                usual += f" ({amount((line.lower or 0) * self.times)}–{amount(line.upper * self.times)})"
            told = _("More than chance") if place in signalled else ""
            found.append(Line(point.name, value_of(point, self.times), usual, told, point.day))
        return found[::-1]

    @cached_property
    def warnings(self) -> list[str]:
        """What makes before and after hard to compare."""
        measure, found = self.measure, []
        if not measure.is_collected:
            found.append(
                _(
                    "Reports tell how people report as much as what happens: few is not good, many is not bad. To see "
                    "whether a change helps, measure the thing itself."
                )
            )
        if not self.points:
            return found
        first, last = self.points[0].day, self.points[-1].day
        found += [
            _("On %(day)s there was a drive to report more, or a new form: before and after can't be compared.")
            % {"day": full(mark.day)}
            for mark in self.marks
            if mark.kind == MarkKind.REPORTING and first < mark.day <= last
        ]
        if measure.source == Source.CASES and measure.category_id:
            asked = QuestionSet.objects.published().filter(
                category=measure.category_id, published_at__date__gt=first, published_at__date__lte=last
            )
            found += [
                _("On %(day)s the category began to ask other questions: before and after may differ because of it.")
                % {"day": full(timezone.localdate(moment))}
                for moment in asked.order_by("published_at").values_list("published_at", flat=True)
                if moment is not None
            ]
        return found


def _letters(number: int) -> list[str]:
    """A, B, … Z, AA, AB, …"""
    abc = string.ascii_uppercase
    return [(abc[n // 26 - 1] if n >= 26 else "") + abc[n % 26] for n in range(number)]


def series_of(measure: Measure, user: User, *, for_all: bool = False) -> Series:
    """The measure's values as the person may know them: three queries, four where it is counted from reports.

    ``for_all``: the person shows them to others, a team or readers of a story. No case about a leader is counted then.
    """
    points = points_of(measure, user, for_all=for_all)
    return Series(measure, user, points, list(measure.marks.select_related("made_by")))


def all_series(measures: Sequence[Measure], user: User, *, for_all: bool = False) -> dict[int, Series]:
    """The same of several by their keys: two queries for all, and one more for each that is counted from reports."""
    marks = ChangeMark.objects.select_related("made_by")
    values = MeasureValue.objects.order_by("-day")[:LONGEST]
    prefetch_related_objects(measures, Prefetch("marks", marks), Prefetch("values", values, to_attr="latest"))
    return {
        row.pk: Series(row, user, points_of(row, user, for_all=for_all), list(row.marks.all())) for row in measures
    }


def points_of(measure: Measure, user: User, *, for_all: bool = False) -> list[Point] | None:
    """The values in the order of time; None when they are counted from what the person has no figures of."""
    if measure.is_collected:
        found = getattr(measure, "latest", None)
        rows = (list(measure.values.order_by("-day")[:LONGEST]) if found is None else found)[::-1]
        return [
            Point(
                row.day,
                float(row.value),
                float(row.size),
                periods.name_of(measure.rhythm, row.day),
                periods.short_of(measure.rhythm, row.day),
            )
            for row in rows
        ]
    last = months_after(this_month(), -1)  # the running month isn't over, and would look low
    period = Period(months_after(last, 1 - MONTHS), last)
    if measure.source == Source.CASES:
        counted = monthly.cases(user, measure.unit, measure.category, period, for_all=for_all)
    else:
        counted = monthly.ticks(user, measure.unit, measure.category, period)
    if counted is None:
        return None
    began = next((month for month in period.months if counted[month]), None)
    return [
        Point(
            month,
            counted[month],
            name=periods.name_of(measure.rhythm, month),
            short=periods.short_of(measure.rhythm, month),
        )
        for month in period.months
        if began and month >= began
    ]
