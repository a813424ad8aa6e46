"""Deadlines fall on days when somebody is at work, at an hour that stays put when the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitetslosen.workdays import (
    OSLO,
    Yearly,
    add_workdays,
    deadline,
    easter_sunday,
    hours_after,
    is_workday,
    public_holidays,
    workdays_between,
)

EASTER = {
    1961: (4, 2), 1981: (4, 19), 2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2019: (4, 21), 2023: (4, 9),
    2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21),
    2038: (4, 25), 2049: (4, 18), 2076: (4, 19), 2285: (3, 22),
}  # fmt: skip

# As printed in the almanac: skjærtorsdag, langfredag, annen påskedag, Kristi himmelfartsdag, annen pinsedag.
MOVEABLE = {
    2024: ((3, 28), (3, 29), (4, 1), (5, 9), (5, 20)),
    2025: ((4, 17), (4, 18), (4, 21), (5, 29), (6, 9)),
    2026: ((4, 2), (4, 3), (4, 6), (5, 14), (5, 25)),
    2027: ((3, 25), (3, 26), (3, 29), (5, 6), (5, 17)),
    2028: ((4, 13), (4, 14), (4, 17), (5, 25), (6, 5)),
    2029: ((3, 29), (3, 30), (4, 2), (5, 10), (5, 21)),
    2030: ((4, 18), (4, 19), (4, 22), (5, 30), (6, 10)),
}
FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
zones = st.sampled_from([UTC, OSLO, ZoneInfo("America/New_York")])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001


@pytest.mark.parametrize("year", EASTER)
def test_easter_sunday_is_where_the_almanac_has_it(year: int) -> None:
    assert easter_sunday(year) == date(year, *EASTER[year])


@given(st.integers(1583, 9999))
def test_easter_is_always_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.isoweekday() == 7
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


@pytest.mark.parametrize("year", MOVEABLE)
def test_nobody_works_on_the_public_holidays_of_the_years(year: int) -> None:
    free = {date(year, *day) for day in (*MOVEABLE[year], *FIXED)}
    assert not any(is_workday(day) for day in free)
    every_day = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    weekdays_off = {day for day in every_day if day.isoweekday() <= 5 and not is_workday(day)}
    assert weekdays_off == {day for day in free if day.isoweekday() <= 5}
    assert not any(is_workday(day) for day in every_day if day.isoweekday() > 5)


def test_two_holidays_can_fall_on_one_day() -> None:
    assert len(public_holidays(2026)) == 12
    assert len(public_holidays(2027)) == 11  # annen pinsedag is 17 May
    assert len(public_holidays(2008)) == 11  # Kristi himmelfartsdag is 1 May


@pytest.mark.parametrize(
    "day", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 1), date(2028, 2, 29), date(2026, 5, 18)]
)
def test_days_that_only_feel_like_holidays_are_working_days(day: date) -> None:
    assert is_workday(day)


def test_a_municipality_closes_on_days_of_its_own() -> None:
    wednesday_before_easter = frozenset({date(2026, 4, 1)})
    assert not is_workday(date(2026, 4, 1), closed=wednesday_before_easter)
    assert add_workdays(date(2026, 3, 31), 1, closed=wednesday_before_easter) == date(2026, 4, 7)
    eves = Yearly([(12, 24), (12, 31)])
    assert add_workdays(date(2026, 12, 23), 1) == date(2026, 12, 24)
    assert add_workdays(date(2026, 12, 23), 1, closed=eves) == date(2026, 12, 28)
    assert workdays_between(date(2026, 12, 23), date(2027, 1, 4)) == 6
    assert workdays_between(date(2026, 12, 23), date(2027, 1, 4), closed=eves) == 4


def test_a_moment_is_no_day() -> None:
    with pytest.raises(TypeError, match="date is needed"):
        is_workday(datetime(2026, 11, 23, tzinfo=OSLO))


@pytest.mark.parametrize(
    ("start", "workdays", "end"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # Monday to Tuesday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # Saturday to Monday
        (date(2026, 11, 29), 2, date(2026, 12, 1)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 4, 1), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 4, 1), 5, date(2026, 4, 13)),
        (date(2026, 12, 23), 3, date(2026, 12, 29)),  # over Christmas
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over New Year
        (date(2027, 5, 14), 1, date(2027, 5, 18)),  # annen pinsedag and 17 May in one
        (date(2024, 2, 28), 1, date(2024, 2, 29)),  # leap day
        (date(2026, 11, 28), 0, date(2026, 11, 30)),  # 0: the next working day, when the day is free
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 29), -1, date(2026, 11, 27)),
        (date(2026, 4, 7), -1, date(2026, 4, 1)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, workdays: int, end: date) -> None:
    assert add_workdays(start, workdays) == end


@given(start=days, workdays=st.integers(1, 300))
def test_counting_back_gives_what_was_added(start: date, workdays: int) -> None:
    end = add_workdays(start, workdays)
    assert is_workday(end)
    assert workdays_between(start, end) == workdays
    assert workdays_between(end, start) == -workdays
    assert workdays_between(start, end - timedelta(days=1)) == workdays - 1


@given(start=days, workdays=st.integers(-300, -1))
def test_working_days_before_a_day_are_working_days_too(start: date, workdays: int) -> None:
    end = add_workdays(start, workdays)
    assert is_workday(end)
    between = [end + timedelta(days=n) for n in range((start - end).days)]
    assert sum(map(is_workday, between)) == -workdays


@given(day=days)
def test_between_a_day_and_itself_there_is_none(day: date) -> None:
    assert workdays_between(day, day) == 0


def test_a_place_that_never_opens_has_no_next_working_day() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(OverflowError):
        add_workdays(date(9990, 1, 1), 1, closed=Always())


@pytest.mark.parametrize(
    ("start", "workdays", "end"),
    [
        ("2026-11-23 05:40", 1, "2026-11-24 16:00+01:00"),
        ("2026-11-27 23:59", 1, "2026-11-30 16:00+01:00"),
        ("2026-11-28 12:00", 1, "2026-11-30 16:00+01:00"),
        ("2026-03-27 09:00", 1, "2026-03-30 16:00+02:00"),  # the clock goes forward on Sunday 29 March
        ("2026-10-23 09:00", 1, "2026-10-26 16:00+01:00"),  # the clock goes back on Sunday 25 October
        ("2026-03-29 02:30", 1, "2026-03-30 16:00+02:00"),  # a time that doesn't exist
        ("2026-10-25 02:30", 1, "2026-10-26 16:00+01:00"),  # a time that comes twice
        ("2026-11-23 15:59", 0, "2026-11-23 16:00+01:00"),
        ("2026-11-23 16:00", 0, "2026-11-24 16:00+01:00"),
        ("2026-11-27 18:00", 0, "2026-11-30 16:00+01:00"),
        ("2026-11-28 23:00", 0, "2026-11-30 16:00+01:00"),
    ],
)
def test_a_deadline_is_at_four_on_a_working_day(start: str, workdays: int, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=OSLO)
    ends = deadline(begun, workdays)
    assert ends.isoformat(" ", "minutes") == end
    assert ends.tzinfo is OSLO


def test_the_day_is_norways_not_the_servers() -> None:
    late = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)  # half past midnight on Tuesday in Norway
    assert deadline(late, 1).date() == date(2026, 6, 17)
    assert deadline(late.astimezone(timezone(timedelta(hours=-7))), 1).date() == date(2026, 6, 17)


def test_an_office_can_close_earlier_or_for_the_day() -> None:
    begun = datetime(2026, 12, 23, 9, tzinfo=OSLO)
    assert deadline(begun, 1, closed=Yearly([(12, 24)])) == datetime(2026, 12, 28, 16, tzinfo=OSLO)
    assert deadline(begun, 0, ends=time(15, 30)) == datetime(2026, 12, 23, 15, 30, tzinfo=OSLO)


@given(start=moments, workdays=st.integers(0, 60))
def test_a_deadline_lies_ahead_and_on_a_working_day(start: datetime, workdays: int) -> None:
    end = deadline(start, workdays)
    assert end > start
    assert end.time() == time(16)
    assert is_workday(end.date())


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-27 15:00", 72, "2026-11-30 15:00+01:00"),  # over a weekend
        ("2026-12-24 12:00", 72, "2026-12-27 12:00+01:00"),  # over Christmas
        ("2026-03-27 15:00", 72, "2026-03-30 16:00+02:00"),  # an hour is missing from this weekend
        ("2026-10-23 15:00", 72, "2026-10-26 14:00+01:00"),  # this one has an hour more
        ("2026-11-23 23:30", 0.5, "2026-11-24 00:00+01:00"),
        ("2026-11-23 12:00", 0, "2026-11-23 12:00+01:00"),
    ],
)
def test_clocks_in_hours_run_through_nights_weekends_and_holidays(start: str, hours: float, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=OSLO)
    assert hours_after(begun, hours).isoformat(" ", "minutes") == end


@given(start=moments, hours=st.integers(0, 2000))
def test_an_hour_lasts_an_hour(start: datetime, hours: int) -> None:
    elapsed = hours_after(start, hours).astimezone(UTC) - start.astimezone(UTC)
    assert elapsed == timedelta(hours=hours)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        deadline(naive, 1)
    with pytest.raises(ValueError, match="time zone"):
        hours_after(naive, 72)


def test_a_deadline_in_the_past_is_refused() -> None:
    with pytest.raises(ValueError, match="ahead"):
        deadline(datetime(2026, 11, 23, 12, tzinfo=OSLO), -1)
