"""Medians, working days in the database, scales: against the textbook, with random examples."""

from __future__ import annotations

import datetime
import itertools
import statistics
from collections import Counter
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deviations import actions, figures
from deviations.models import Deviation, Kind
from deviations.reports import Period, day_range, days_text, narrowed
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.figures.counting import median
from kvalitetslosen.months import months_after
from kvalitetslosen.ui import charts
from kvalitetslosen.ui.charts import Cell, Figures, Row
from kvalitetslosen.workdays import OSLO, workdays_between
from tests.people import World

moments = st.builds(
    lambda day, hours: datetime.datetime(day.year, day.month, day.day, tzinfo=OSLO) + datetime.timedelta(hours=hours),
    st.dates(datetime.date(1995, 1, 1), datetime.date(2027, 12, 31)),
    st.floats(0, 23.99),
)


@given(st.lists(st.integers(0, 400), max_size=60))
def test_the_median_of_a_histogram_is_the_median(numbers: list[int]) -> None:
    found = median(Counter(numbers))
    assert found == (statistics.median(numbers) if numbers else None)


def test_a_histogram_may_hold_zeros() -> None:
    assert median({0: 0, 5: 0}) is None
    assert median({0: 0, 5: 2, 9: 0}) == 5


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begun=moments, ended=moments)
def test_the_database_counts_working_days_as_the_calendar_does(
    world: World, begun: datetime.datetime, ended: datetime.datetime
) -> None:
    case = Deviation.objects.first() or actions.report(
        by=world.nora, unit=world.home_care, kind=Kind.RISK, text="Glatt."
    )
    Deviation.objects.filter(pk=case.pk).update(reported_at=begun, received_at=ended)
    found = Deviation.objects.values_list(WorkdaysBetween("reported_at", "received_at"), flat=True).get()
    case.refresh_from_db()
    assert found == workdays_between(timezone.localdate(begun), timezone.localdate(ended))
    assert str(found) == figures.values_of(case)["receipt"]
    for since in (begun.date(), ended.date(), datetime.date(2026, 1, 1)):
        many = WorkdaysBetween("reported_at", "received_at", since=since)
        assert Deviation.objects.values_list(many, flat=True).get() == found
    assert Deviation.objects.values_list(WorkdaysBetween("reported_at", "closed_at"), flat=True).get() is None


@given(st.integers(0, 99_999), st.one_of(st.none(), st.integers(0, 99_999)))
def test_a_number_of_days_stands_in_an_address_and_back(first: int, last: int | None) -> None:
    assert day_range(days_text(first, last)) == (first, last)


@pytest.mark.parametrize("text", ["", "-", "-3", "x", "3-x", "1-2-3", "³", "999999", "1-999999", " 1"])
def test_what_is_no_number_of_days_asks_for_nothing(world: World, text: str) -> None:
    assert day_range(text) is None
    actions.report(by=world.nora, unit=world.home_care, kind=Kind.RISK, text="Glatt.")
    rows = Deviation.objects.all()
    assert narrowed(rows, QueryDict(urlencode({"svar": text}))).count() == 1


@given(st.integers(1990, 2090), st.integers(1, 12), st.integers(-300, 300))
def test_months_go_forth_and_back(year: int, month: int, n: int) -> None:
    start = datetime.date(year, month, 1)
    there = months_after(start, n)
    assert there.day == 1
    assert months_after(there, -n) == start
    period = Period(min(start, there), max(start, there))
    assert period.months[-1] == period.last
    assert len(period.months) == len(period) == abs(n) + 1


@given(st.integers(0, 10**7))
def test_a_scale_is_round_short_and_reaches_the_top(largest: int) -> None:
    ticks = charts.scale(largest)
    assert ticks[0] == 0
    assert ticks[-1] >= max(1, largest)
    assert 2 <= len(ticks) <= 6
    steps = {after - before for before, after in itertools.pairwise(ticks)}
    assert len(steps) == 1
    assert str(steps.pop())[0] in "125"


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("nb", 12345, "12\u00a0345"),
        ("nn", 2.5, "2,5"),
        ("nb", 3.0, "3"),
        ("en", 12345, "12,345"),
        ("en", 2.5, "2.5"),
        ("nb", None, "–"),
        ("nb", 0, "0"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(language: str, value: float | None, written: str) -> None:
    with translation.override(language):
        assert charts.number(value) == written


HOSTILE = "<script>\"&'</script>"


def figures_of(values: list[int]) -> Figures:
    return Figures(
        key="x",
        title=HOSTILE,
        sentence=HOSTILE,
        head=[HOSTILE, HOSTILE, HOSTILE],
        rows=[
            Row(f"{HOSTILE}{n}", [Cell(value, f'/avvik/?a=1&b="{n}'), Cell(value + 1)], short=HOSTILE)
            for n, value in enumerate(values)
        ],
        note=HOSTILE,
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=130))
def test_pictures_and_tables_hold_every_number_and_no_foreign_markup(values: list[int]) -> None:
    drawn = figures_of(values)
    html = charts.card(drawn, charts.columns(drawn, bar=0, line=1), charts.table(drawn, bars=0))
    assert "<script" not in html
    assert " style=" not in html
    soup = BeautifulSoup(html, "html.parser")
    rows = soup.select("tbody tr")
    assert len(rows) == len(values)
    with translation.override("nb"):
        assert [row.select(".number")[0].get_text() for row in rows] == [charts.number(value) for value in values]
    links = [str(link["href"]) for link in soup.select("td a")]
    assert len(links) == sum(1 for value in values if value)
    picture = soup.select_one("[role=img]")
    assert picture is not None
    assert picture["aria-label"] == HOSTILE
    assert len(picture.select(".los-chart__bars rect")) == sum(1 for value in values if value)
    heights = [float(str(bar["height"])) for bar in picture.select(".los-chart__bars rect")]
    assert all(0 <= height <= charts.PLOT for height in heights)


def test_no_figures_no_picture() -> None:
    assert charts.columns(figures_of([])) == ""
