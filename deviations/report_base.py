"""What every section of a report stands on: whose it is, of which unit and period, the numbers, and their lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.urls import reverse
from django.utils.translation import get_language, gettext

from deviations.report_counts import Counts, count
from deviations.report_words import Words, words
from deviations.reports import ABOUT_LEADERS, OURS, THEIRS, Period, Place, Sight, place, sight, sight_of_topic
from kvalitetslosen.months import months_after
from kvalitetslosen.organisation.models import Unit, User


@dataclass
class ReportBase:
    """The figures of a unit in a period, as one person may see them."""

    user: User
    place: Place
    period: Period
    seen: Sight
    origin: str = ""  # registered here, in other systems, or all together
    for_all: bool = False  # others read it too: no case about a leader is counted
    topic: str = ""  # only cases about this

    @classmethod
    def of(
        cls, user: User, number: str, period: Period, origin: str = "", *, for_all: bool = False, topic: str = ""
    ) -> Self:
        """Raises ``Http404`` and ``PermissionDenied`` as ``place``."""
        where = place(user, number)
        seen = (
            sight_of_topic(user, where.unit, topic, for_all=for_all)
            if topic
            else sight(user, where.unit, for_all=for_all)
        )
        origin = origin if origin in (OURS, THEIRS) else ""
        return cls(user, where, period, seen, origin, for_all, topic)

    @cached_property
    def counts(self) -> Counts:
        """Asked when a number is: whoever may not read it, or reads elsewhere, has nothing counted."""
        return count(self.place, self.seen, self.period, self.origin)

    @property
    def unit(self) -> Unit:
        return self.place.unit

    @cached_property
    def words(self) -> Words:
        return words(get_language() or "nb")

    @cached_property
    def total(self) -> int:
        return sum(n for (month, _kind), n in self.counts.months.items() if month >= self.period.first)

    @cached_property
    def total_before(self) -> int:
        """In the same months a year earlier."""
        first, last = months_after(self.period.first, -12), months_after(self.period.last, -12)
        return sum(n for (month, _kind), n in self.counts.months.items() if first <= month <= last)

    @cached_property
    def open_total(self) -> int:
        return sum(self.counts.open.values())

    # Addresses

    @cached_property
    def _list(self) -> str:
        return f"{reverse('deviations:list')}?enhet="

    @cached_property
    def _all_of_period(self) -> str:
        return f"&status=alle&{self.period.query}"

    def _link(self, query: str, unit: int | None = None) -> str:
        """The list a number counts; none for those who have figures only. ``query`` begins with &, or is empty."""
        if not self.seen.listed:
            return ""
        where = f"&kilde={self.origin}" if self.origin else ""
        where += f"&tema={self.topic}" if self.topic else ""
        where += f"&uten={ABOUT_LEADERS}" if self.for_all else ""
        return f"{self._list}{self.unit.pk if unit is None else unit}{query}{where}"

    def _in_period_before(self) -> str:
        first, last = months_after(self.period.first, -12), months_after(self.period.last, -12)
        return self._link(f"&status=alle&{Period(first, last).query}")

    def _in_period(self, query: str = "", unit: int | None = None) -> str:
        return self._link(f"{self._all_of_period}{query}", unit)

    @property
    def _itself(self) -> str:
        return gettext("%(unit)s itself") % {"unit": self.unit.name}
