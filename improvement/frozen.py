"""A measure's chart as it was on one day: figures copied, without any date, for a story that others read.

What is kept are the values and where the change lies, not when each was: a date of an event tells more than a story
may. Days between the values are kept where they are the values.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from improvement.charts import Better, Chart, Nature, Point, Suggestion, drawn, read, suggest
from improvement.charts.words import amount, middle_of, said_of, suggested
from improvement.models import Measure
from improvement.series import series_of
from kvalitetslosen.organisation.models import User

FIRST = datetime.date(2000, 1, 1)  # the points have no day of their own any more: one a day from here
FEWEST = 2


def frozen(measure: Measure, teller: User) -> dict[str, Any] | None:
    """What all may read of the figures the teller sees; nothing where there are none, or too few to be a chart."""
    series = series_of(measure, teller, for_all=True)
    if series.hidden or len(series.points) < FEWEST:
        return None
    changed = measure.changed_on
    before = sum(point.day < changed for point in series.points) if changed else None
    return {
        "name": measure.name,
        "in_what": series.in_what,
        "nature": measure.nature,
        "better": measure.better,
        "times": series.times,
        "before": before,
        "of_reports": not measure.is_collected,
        "points": [[point.value, point.size] for point in series.points],
    }


@dataclass(frozen=True)
class Frozen:
    """What was kept, read as a chart again: the same lines and the same verdict, in the reader's language."""

    kept: dict[str, Any]

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> Frozen | None:
        return cls(kept) if kept else None

    @property
    def name(self) -> str:
        return str(self.kept["name"])

    @property
    def in_what(self) -> str:
        return str(self.kept["in_what"])

    @property
    def of_reports(self) -> bool:
        """Whether it is counted from reports, which tell as much of how people report."""
        return bool(self.kept["of_reports"])

    @cached_property
    def chart(self) -> Chart:
        day = datetime.timedelta(days=1)
        points = [
            Point(
                FIRST + number * day,
                value,
                size,
                name=_("number %(n)s") % {"n": number + 1},
                short=str(number + 1),
            )
            for number, (value, size) in enumerate(self.kept["points"])
        ]
        before = self.kept["before"]
        return read(Nature(self.kept["nature"]), points, None if before is None else FIRST + before * day)

    @property
    def times(self) -> float:
        return float(self.kept["times"])

    @property
    def middle(self) -> str:
        return middle_of(self.chart, self.times)

    @property
    def told(self) -> list[str]:
        return said_of(self.chart)

    @cached_property
    def suggestion(self) -> Suggestion:
        return suggest(self.chart, Better(self.kept["better"]))

    @property
    def suggested(self) -> str:
        return suggested(self.chart, self.suggestion)

    @property
    def picture(self) -> SafeString:
        return drawn(self.chart, " ".join([self.middle, *self.told]), times=self.times)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The table for those who don't see the picture: which value it is, and how much."""
        return [(point.name, amount(point.y * self.times)) for point in self.chart.points]
