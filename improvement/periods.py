"""The weeks and months that values are entered for, each by its first day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.dates import MONTHS_AP
from django.utils.translation import gettext as _

from improvement.models import Rhythm
from kvalitetslosen.months import month_words, months_after
from kvalitetslosen.ui.dates import short, written

WEEK = datetime.timedelta(days=7)


def begins(rhythm: str, day: datetime.date) -> datetime.date:
    """The first day of the period the day is in; the day itself where values follow events."""
    if rhythm == Rhythm.WEEK:
        return day - datetime.timedelta(days=day.weekday())
    return day.replace(day=1) if rhythm == Rhythm.MONTH else day


def next_after(rhythm: str, first: datetime.date) -> datetime.date:
    """The first day of the period after the one that begins then."""
    return first + WEEK if rhythm == Rhythm.WEEK else months_after(first, 1)


def over(rhythm: str, since: datetime.date, today: datetime.date) -> Iterator[datetime.date]:
    """The periods from the one with ``since`` to the last that is over, the earliest first."""
    first = begins(rhythm, since)
    while (following := next_after(rhythm, first)) <= today:
        yield first
        first = following


def name_of(rhythm: str, day: datetime.date) -> str:
    """As people say it: week 46 of 2026, November 2026, 12 November."""
    if rhythm == Rhythm.WEEK:
        year, week, _weekday = day.isocalendar()
        return _("week %(week)d of %(year)d") % {"week": week, "year": year}
    return month_words(day) if rhythm == Rhythm.MONTH else written(day)


def short_of(rhythm: str, day: datetime.date) -> str:
    """For under a picture: week 46, Nov 26, 12 Nov."""
    if rhythm == Rhythm.WEEK:
        return _("week %(week)d") % {"week": day.isocalendar().week}
    return f"{MONTHS_AP[day.month]} {day:%y}" if rhythm == Rhythm.MONTH else short(day)
