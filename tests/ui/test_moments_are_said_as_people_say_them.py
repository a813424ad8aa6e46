from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from kvalitetslosen.ui import dates

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12.00 in Norway


@pytest.fixture(autouse=True)
def _monday_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (timedelta(0), "today 12:00"),
        (timedelta(hours=-13), "yesterday 23:00"),
        (timedelta(days=1), "tomorrow 12:00"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=7), "in 7 days"),
        (timedelta(days=8), "1 December"),
        (timedelta(days=-2), "21 November"),
        (timedelta(days=-400), "19 October 2025"),
    ],
)
def test_a_moment(moved: timedelta, said: str) -> None:
    assert dates.when(NOON + moved) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "23 November (today)"), (3, "26 November (in 3 days)"), (9, "2 December"), (-2, "21 November")],
)
def test_what_follows_a_preposition_is_a_date(days: int, said: str) -> None:
    page = Template("{% load ui %}by {{ day|dated }}").render(Context({"day": date(2026, 11, 23) + timedelta(days)}))
    assert page == f"by {said}"
    page = Template('{% include "documents/reading/due.html" %}').render(
        Context({"due": date(2026, 11, 23) + timedelta(days), "late": days < 0})
    )
    assert f"<span>by {said}</span>" in page


def test_midnight_is_the_municipalitys_not_greenwichs() -> None:
    assert dates.when(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "today 00:30"


def test_a_day_has_no_clock() -> None:
    assert dates.when(date(2026, 11, 23)) == "today"


def test_norwegians_write_the_clock_and_the_date_with_a_dot() -> None:
    with translation.override("nb"):
        assert dates.when(NOON).endswith(" 12.00")
        assert dates.when(date(2026, 10, 14)) == "14. oktober"


def test_nothing_is_said_of_no_moment() -> None:
    assert dates.when(None) == ""
    assert dates.days_left(None) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "due today"), (1, "1 day left"), (5, "5 days left"), (-1, "1 day late"), (-9, "9 days late")],
)
def test_a_deadline(days: int, said: str) -> None:
    assert dates.days_left(timezone.localdate() + timedelta(days=days)) == said


def test_numbers_up_to_twelve_are_words() -> None:
    assert [dates.in_words(number) for number in (1, 3, 12, 13)] == ["one", "three", "twelve", "13"]


def test_the_page_has_the_whole_date_for_machines_and_on_hover() -> None:
    html = Template("{% load ui %}{% when moment %}").render(Context({"moment": NOON}))
    assert html == '<time datetime="2026-11-23T12:00+01:00" title="23 November 2026 12:00">today 12:00</time>'


def test_a_deadline_that_passed_says_so_in_words() -> None:
    late = Template("{% load ui %}{% deadline day %}").render(Context({"day": date(2026, 11, 20)}))
    assert "3 days late" in late
    assert "20 November" in late


def test_a_deadline_of_a_finished_case_is_only_a_date() -> None:
    done = Template("{% load ui %}{% deadline day True %}").render(Context({"day": date(2026, 11, 20)}))
    assert "late" not in done
