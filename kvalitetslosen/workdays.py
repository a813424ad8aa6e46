"""Norwegian public holidays, working days and deadlines.

Sources: public holidays are § 2 of lov om helligdager og helligdagsfred (24 February 1995 no. 12), and 1 and 17 May,
put on a level with Sundays by § 1 of lov om 1 og 17 mai som høgtidsdager (26 April 1947 no. 1). Easter Sunday is
computed with the anonymous Gregorian algorithm (Meeus/Jones/Butcher).

A working day is here Monday to Friday without the public holidays. Saturday is a "virkedag" in some laws; offices are
closed then, and a deadline that lands on it would find nobody. Days on which a municipality closes of its own accord
(Christmas Eve, the Wednesday before Easter) are passed in as `closed`.

The law counts some duties in hours instead (72 hours in GDPR article 33): those clocks run through nights, weekends
and holidays, see `hours_after`.
"""

from collections.abc import Container, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
END_OF_WORKING_DAY = time(16)
NEVER_CLOSED: frozenset[date] = frozenset()

_DAY = timedelta(days=1)
_SATURDAY = 5


class Yearly(Container[object]):
    """The same days every year, to be passed as `closed`: `Yearly([(12, 24)])` is every Christmas Eve."""

    def __init__(self, month_and_day: Iterable[tuple[int, int]]) -> None:
        self._days = frozenset(month_and_day)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day.month, day.day) in self._days


@lru_cache(maxsize=512)
def easter_sunday(year: int) -> date:
    """First Sunday after the first ecclesiastical full moon on or after 21 March (§ 2 e of the holidays act)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    skipped_leaps, of_four_centuries = divmod(century, 4)
    lunar_correction = (century - (century + 8) // 25 + 1) // 3
    full_moon = (19 * golden + century - skipped_leaps - lunar_correction + 15) % 30
    leaps, of_leap = divmod(of_century, 4)
    to_sunday = (32 + 2 * of_four_centuries + 2 * leaps - full_moon - of_leap) % 7
    late_moon = (golden + 11 * full_moon + 22 * to_sunday) // 451
    month, day = divmod(full_moon + to_sunday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of the year that have a name; ordinary Sundays are holidays too but aren't listed."""
    easter = easter_sunday(year)
    moveable = (
        -3,  # skjærtorsdag
        -2,  # langfredag
        0,  # første påskedag
        1,  # annen påskedag
        39,  # Kristi himmelfartsdag
        49,  # første pinsedag
        50,  # annen pinsedag
    )
    fixed = (
        (1, 1),  # nyttårsdag
        (5, 1),  # første mai
        (5, 17),  # grunnlovsdagen
        (12, 25),  # første juledag
        (12, 26),  # annen juledag
    )
    return frozenset(
        [easter + timedelta(days=days) for days in moveable] + [date(year, month, day) for month, day in fixed]
    )


def is_workday(day: date, *, closed: Container[object] = NEVER_CLOSED) -> bool:
    """Monday to Friday, no public holiday, not `closed`. Raises TypeError for a datetime: which day it is depends on
    the time zone."""
    if isinstance(day, datetime):
        raise TypeError("A date is needed: take the date of the moment in the right time zone first.")
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year) and day not in closed


def add_workdays(day: date, workdays: int, *, closed: Container[object] = NEVER_CLOSED) -> date:
    """The working day that comes `workdays` working days after the day; before it when negative.

    The day itself isn't counted, as is usual for legal periods (domstolloven § 148). With 0: the day itself, or the
    first working day after it. Raises OverflowError when no such day exists (everything closed).
    """
    step = -_DAY if workdays < 0 else _DAY
    if workdays == 0:
        while not is_workday(day, closed=closed):
            day += step
    left = abs(workdays)
    while left:
        day += step
        if is_workday(day, closed=closed):
            left -= 1
    return day


def workdays_between(start: date, end: date, *, closed: Container[object] = NEVER_CLOSED) -> int:
    """How many working days lie after `start`, up to and including `end`; negative when `end` comes first.

    The answer of `add_workdays`, turned round: from a day to `add_workdays(day, n)` there are n, for any n above 0.
    """
    if end < start:
        return -workdays_between(end, start, closed=closed)
    count = 0
    for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
        count += is_workday(date.fromordinal(ordinal), closed=closed)
    return count


def deadline(
    start: datetime,
    workdays: int,
    *,
    closed: Container[object] = NEVER_CLOSED,
    ends: time = END_OF_WORKING_DAY,
) -> datetime:
    """The end of the working day (16:00 in Norway, summer and winter) that is `workdays` working days after `start`.

    The day of `start` in Norway isn't counted. With 0 it is the same day, or the next working day when that day's
    16:00 has passed or the day is free. Raises ValueError for a naive `start` or a negative number.
    """
    if workdays < 0:
        raise ValueError("A deadline lies ahead: the number of working days can't be negative.")
    local = _in_oslo(start)
    day = add_workdays(local.date(), workdays, closed=closed)
    if workdays == 0 and day == local.date() and local.time() >= ends:
        day = add_workdays(day, 1, closed=closed)
    return datetime.combine(day, ends, tzinfo=OSLO)


def hours_after(start: datetime, hours: float) -> datetime:
    """The moment `hours` hours of elapsed time after `start`, told in Norwegian time: weekends, holidays and nights
    count, and a change of the clock neither gives nor takes an hour.

    For duties that the law counts in hours, such as the 72 of GDPR article 33. Raises ValueError for a naive `start`.
    """
    return (_in_oslo(start).astimezone(UTC) + timedelta(hours=hours)).astimezone(OSLO)


def midnight(day: date) -> datetime:
    """When the day begins in Norway."""
    return datetime.combine(day, time(), tzinfo=OSLO)


def _in_oslo(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("The moment needs a time zone.")
    return moment.astimezone(OSLO)
