"""Days, working days and stretches of time in Norway, reckoned a second time: see ``independent``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
EASTER = {2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16)}
"""From the almanac."""
ONE_DAY = datetime.timedelta(days=1)


@cache
def norwegian(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(OSLO)


def day_of(moment: datetime.datetime) -> datetime.date:
    return norwegian(moment).date()


@cache
def is_free(day: datetime.date) -> bool:
    easter = datetime.date(day.year, *EASTER[day.year])
    if day.weekday() >= 5 or (day - easter).days in (-3, -2, 0, 1, 39, 49, 50):
        return True
    return (day.month, day.day) in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))


@cache
def working_days(begun: datetime.datetime, ended: datetime.datetime) -> int:
    """Those after the first day, up to and with the last."""
    day, last, n = day_of(begun), day_of(ended), 0
    assert day <= last
    while day < last:
        day += ONE_DAY
        n += not is_free(day)
    return n


@cache
def stretch(by: str, day: datetime.date) -> tuple[int, ...]:
    """What the days of a stretch of time have in common."""
    return {
        "": (),
        "dag": (day.year, day.month, day.day),
        "uke": day.isocalendar()[:2],
        "maned": (day.year, day.month),
        "kvartal": (day.year, (day.month + 2) // 3),
        "ar": (day.year,),
    }[by]


def days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def a_year_before(by: str, asked: Iterable[datetime.date], last: datetime.date) -> set[datetime.date] | None:
    """The days that those asked about are compared with: each a year back; weeks with the week of the same number.

    Week 53 and 29 February by themselves are compared with nothing, which isn't none.
    """
    found: set[datetime.date] = set()
    for day in asked:
        if by == "uke":
            year, week, weekday = day.isocalendar()
            if week <= datetime.date(year - 1, 12, 28).isocalendar().week:
                found.add(datetime.date.fromisocalendar(year - 1, week, weekday))
        elif (day.month, day.day) != (2, 29):
            found.add(day.replace(year=day.year - 1))
    if not found:
        return None
    if by not in ("uke", "dag"):
        # The last day of February has 29 February with it, in the years that have one.
        leap = {datetime.date(year, 2, 29) for year in range(last.year - 6, last.year + 1) if year % 4 == 0}
        found |= {day + ONE_DAY for day in found if (day.month, day.day) == (2, 28)} & leap
    return found
