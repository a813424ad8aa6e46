"""Months, each by its first day, and stretches of whole ones: one rule for figures, reports and deadlines."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext


def months_after(month: datetime.date, n: int) -> datetime.date:
    """The first day of the month n months later, earlier when negative."""
    number = month.year * 12 + month.month - 1 + n
    return datetime.date(number // 12, number % 12 + 1, 1)


def same_day_after(day: datetime.date, n: int) -> datetime.date:
    """The same day n months later; the last of the month where it has no such day."""
    month = months_after(day, n)
    return month.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


def this_month() -> datetime.date:
    return timezone.localdate().replace(day=1)


def month_text(month: datetime.date) -> str:
    """As in an address: 2026-11."""
    return f"{month.year}-{month.month:02}"


def month_words(month: datetime.date) -> str:
    return f"{MONTHS[month.month]} {month.year}"


@dataclass(frozen=True)
class WholeMonths:
    """Both ends included, each by its first day."""

    first: datetime.date
    last: datetime.date

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def months(self) -> list[datetime.date]:
        return [months_after(self.first, n) for n in range(len(self))]

    @property
    def ends(self) -> datetime.date:
        """Its last day."""
        return months_after(self.last, 1) - datetime.timedelta(days=1)

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return f"fra={month_text(self.first)}&til={month_text(self.last)}"

    def __str__(self) -> str:
        """«november 2026», «mars 2026 til mai 2026»."""
        first, last = month_words(self.first), month_words(self.last)
        return first if first == last else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
