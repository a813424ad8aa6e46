"""Months are counted one by one, and agree with the calendar over leap years and turns of the year."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

from deviations.reports import Period as OfCases
from kvalitetslosen.figures import periods
from kvalitetslosen.months import WholeMonths, months_after, same_day_after
from kvalitetslosen.reports.periods import Period as OfReport

DAY = datetime.timedelta(days=1)
BEGUN = datetime.date(2023, 12, 31)


def test_each_month_begins_the_day_after_the_last_ends() -> None:
    months = WholeMonths(datetime.date(2023, 12, 1), datetime.date(2028, 3, 1)).months
    assert len(months) == 52
    for one, following in pairwise(months):
        assert (one.day, (following - DAY).month, months_after(following, -1)) == (1, one.month, one)
        assert WholeMonths(one, one).ends == following - DAY == periods.last_of_month(one)
        assert periods.after(periods.MONTH, one) == following


@pytest.mark.parametrize("n", range(-30, 31))
def test_the_same_day_is_the_last_where_there_is_none(n: int) -> None:
    found = same_day_after(BEGUN, n)
    assert found.replace(day=1) == months_after(BEGUN, n)
    assert found.day == 31 or (found + DAY).day == 1


@pytest.mark.parametrize("kind", [OfCases, OfReport])
def test_a_period_of_cases_and_one_of_a_report_say_the_same(kind: type[WholeMonths]) -> None:
    one, several = datetime.date(2026, 5, 1), datetime.date(2026, 9, 1)
    assert kind(one, several).query == "fra=2026-05&til=2026-09"
    assert (len(kind(one, several)), kind(one, several).ends) == (5, datetime.date(2026, 9, 30))
    assert str(kind(one, one)) == periods.period_words(one, datetime.date(2026, 5, 31))
    assert str(kind(one, several)) == periods.period_words(one, datetime.date(2026, 9, 30))
