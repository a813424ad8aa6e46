"""Stretches of time, in Norwegian time: days, ISO weeks, months, quarters and years, and the same a year earlier.

A stretch that the period begins or ends inside of is cut off there. A week is Monday to Sunday and belongs to the year
its Thursday lies in; week 53 has no week to be compared with when the year before had 52, and 29 February no day.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.months import month_text, month_words, months_after
from kvalitetslosen.workdays import midnight

DAY, WEEK, MONTH, QUARTER, YEAR = "dag", "uke", "maned", "kvartal", "ar"
STRETCHES = {
    DAY: _("Day"),
    WEEK: _("Week"),
    MONTH: _("Month"),
    QUARTER: _("Quarter"),
    YEAR: _("Year"),
}
"""As an address has them, the finest first."""
MOST = 400
"""So many stretches are told at most; of more, the next coarser ones are."""
MOST_OF_PAIRS = 70
"""The same where it is split two ways: nobody reads a hundred lines of five years of weeks."""
ONE_DAY = datetime.timedelta(days=1)
EARLIEST, LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


class Stretch(NamedTuple):
    """One of them, both ends included. ``start`` is its first day before it was cut off, as the database knows it."""

    start: datetime.date
    first: datetime.date
    last: datetime.date


def start_of(by: str, day: datetime.date) -> datetime.date:
    """The first day of the stretch the day lies in."""
    if by == DAY:
        return day
    if by == WEEK:
        return day - datetime.timedelta(days=day.weekday())
    if by == MONTH:
        return day.replace(day=1)
    if by == QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def after(by: str, start: datetime.date) -> datetime.date:
    """The first day of the next stretch."""
    if by == DAY:
        return start + ONE_DAY
    if by == WEEK:
        return start + 7 * ONE_DAY
    return months_after(start, {MONTH: 1, QUARTER: 3, YEAR: 12}[by])


def stretches(by: str, first: datetime.date, last: datetime.date) -> list[Stretch]:
    """All of the period, in order; the period itself where it isn't told by time."""
    if not by:
        return [Stretch(first, first, last)]
    found, start = [], start_of(by, first)
    while start <= last:
        following = after(by, start)
        found.append(Stretch(start, max(first, start), min(last, following - ONE_DAY)))
        start = following
    return found


def coarse_enough(by: str, first: datetime.date, last: datetime.date, most: int = MOST) -> str:
    """``by``, or the next coarser that gives no more than so many."""
    lengths = {DAY: 1, WEEK: 7, MONTH: 28, QUARTER: 89, YEAR: 365}
    order = list(STRETCHES)
    for each in order[order.index(by) :] if by else []:
        if (last - first).days // lengths[each] <= most:
            return each
    return by and YEAR


def year_before(by: str, day: datetime.date) -> datetime.date | None:
    """The same day a year earlier; for weeks that of the week with the same number. None where there is none."""
    if by == WEEK:
        year, week, weekday = day.isocalendar()
        try:
            return datetime.date.fromisocalendar(year - 1, week, weekday)
        except ValueError:
            return None
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return None


def stretch_before(by: str, stretch: Stretch) -> Stretch | None:
    """The stretch a year earlier that this one is compared with."""
    if by in (WEEK, DAY):
        start, first, last = (year_before(by, day) for day in stretch)
        return Stretch(start, first, last) if start and first and last else None
    start = stretch.start.replace(year=stretch.start.year - 1) if by else None
    first = year_before("", stretch.first) or stretch.first.replace(year=stretch.first.year - 1, day=28) + ONE_DAY
    whole = stretch.last + ONE_DAY  # so that the last of February goes with the last of February
    last = (year_before("", whole) or datetime.date(whole.year - 1, 3, 1)) - ONE_DAY
    return Stretch(start or first, first, last) if last >= first else None


def within(moment: str, by_day: bool, first: datetime.date, last: datetime.date) -> dict[str, object]:
    """What a row of the period answers to."""
    if by_day:
        return {f"{moment}__gte": first, f"{moment}__lte": last}
    return {f"{moment}__gte": midnight(first), f"{moment}__lt": midnight(last + ONE_DAY)}


# In words


def name_of(by: str, stretch: Stretch) -> str:
    """As the table has it, with the year."""
    start = stretch.start
    if by == DAY:
        return f"{start.day}. {MONTHS[start.month]} {start.year}"
    if by == WEEK:
        year, week, _day = start.isocalendar()
        return gettext("Week %(week)s, %(year)s") % {"week": week, "year": year}
    if by == MONTH:
        return str(capfirst(month_words(start)))
    if by == QUARTER:
        return gettext("Quarter %(quarter)s, %(year)s") % {"quarter": (start.month + 2) // 3, "year": start.year}
    if by == YEAR:
        return str(start.year)
    return period_words(stretch.first, stretch.last)


def short_name(by: str, stretch: Stretch) -> str:
    """As there is room for under a picture."""
    start = stretch.start
    if by == DAY:
        return f"{start.day}.{start.month}."
    if by == WEEK:
        return str(start.isocalendar()[1])
    if by == MONTH:
        return str(MONTHS_3[start.month]).rstrip(".")
    if by == QUARTER:
        return gettext("Q%(quarter)s") % {"quarter": (start.month + 2) // 3}
    return str(start.year)


def year_of(by: str, stretch: Stretch) -> int:
    return stretch.start.isocalendar()[0] if by == WEEK else stretch.start.year


def period_words(first: datetime.date, last: datetime.date) -> str:
    """«desember 2025 til november 2026» where the months are whole, else with the days."""
    if is_whole_months(first, last):
        one, other = month_words(first), month_words(last)
    else:
        one, other = (f"{day.day}. {MONTHS[day.month]} {day.year}" for day in (first, last))
    return one if one == other else gettext("%(first)s to %(last)s") % {"first": one, "last": other}


def is_whole_months(first: datetime.date, last: datetime.date) -> bool:
    return first.day == 1 and (last + ONE_DAY).day == 1


def last_of_month(day: datetime.date) -> datetime.date:
    return after(MONTH, day.replace(day=1)) - ONE_DAY


# In an address


def day_text(day: datetime.date) -> str:
    return day.isoformat()


def period_text(first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Months where they are whole: 2026-11; else days: 2026-11-29."""
    if is_whole_months(first, last):
        return month_text(first), month_text(last)
    return first.isoformat(), last.isoformat()


def day_in(text: str, *, end: bool) -> datetime.date | None:
    """A day as the address has it; of a month its first or, with ``end``, its last. None for nonsense."""
    try:
        if len(text) == 7:
            day = datetime.date.fromisoformat(f"{text}-01")
            day = last_of_month(day) if end else day
        else:
            day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
