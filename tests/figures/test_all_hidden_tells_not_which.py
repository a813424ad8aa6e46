"""Where so little is counted that all of it is hidden, not even which rows there are is told; nor by a median."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from deviations import actions
from deviations.models import Category, Deviation, Kind
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


def report(world: World, n: int, at: datetime.datetime, category: Category | None = None) -> None:
    for _each in range(n):
        actions.report(
            by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Kveld", category=category, at=at
        )


def ask(user: User, address: str) -> Answer:
    return Answer.to(Question.asked(User.objects.get(pk=user.pk), QueryDict(address)))


def words(answer: Answer) -> list[str]:
    return [cell.words for row in answer.figures.rows for cell in row.cells]


MARCH, MAY = (datetime.datetime(2026, month, 3, 10, tzinfo=OSLO) for month in (3, 5))


def test_no_category_is_named_where_each_of_five_cases_would_be_one_or_two(world: World, login: Login) -> None:
    for name, n in (("Vold", 1), ("Fall", 1), ("Brann", 1), ("Tyveri", 2)):
        row = Category(municipality=world.municipality, name=name)
        report(world, n, MARCH, create(row, "deviations.category_added", by=None))
    answer = ask(world.tiril, "om=avvik&per=alt&del=hovedkategori")
    assert answer.figures.rows == []
    assert answer.figures.note
    assert ask(world.rolf, "om=avvik&per=alt&del=hovedkategori&fra=2026-01&til=2026-12").figures.rows
    for address in ("utforsk/", "utforsk.csv"):
        page = login(world.tiril).get(f"/rapporter/{address}?om=avvik&per=alt&del=hovedkategori")
        assert page.status_code == 200
        assert b"Tyveri" not in page.getvalue()


def test_a_median_tells_of_no_month_that_its_count_does_not_tell_of(world: World) -> None:
    report(world, 1, MARCH)
    report(world, 6, MAY)
    for case in Deviation.objects.all():
        actions.receive(deviation=case, by=world.leif)
    assert set(words(ask(world.tiril, "om=avvik&per=maned&del=ingen"))) == {"not told"}
    assert set(words(ask(world.tiril, "om=avvik&per=maned&del=ingen&mal=mottak"))) == {"too few"}


def test_none_and_few_are_alike_to_a_median_and_no_year_before_stands_beside_it(world: World) -> None:
    report(world, 1, MARCH)
    for month in (5, 6, 7):
        report(world, 9, datetime.datetime(2026, month, 3, 10, tzinfo=OSLO))
    for case in Deviation.objects.all():
        actions.receive(deviation=case, by=world.leif)
    answer = ask(world.tiril, "om=avvik&per=maned&del=ingen&mal=mottak&ifjor=1")
    told = [row.cells[0].words for row in answer.figures.rows]
    assert len([each for each in told if each == "too few"]) == 9
    assert not answer.question.compared


# The year before beside it


def by_category(world: World, **years: dict[str, int]) -> None:
    """So many cases of each category in March, by year: y2026={"Fall": 9}."""
    rows: dict[str, Category] = {}
    for year, numbers in years.items():
        for name, n in numbers.items():
            if name not in rows:
                row = Category(municipality=world.municipality, name=name)
                rows[name] = create(row, "deviations.category_added", by=None)
            report(world, n, MARCH.replace(year=int(year[1:])), rows[name])


def compared(user: User, split: str = "hovedkategori") -> dict[str, list[float | str]]:
    """What is told of this year and the year before, row by row."""
    figures = ask(user, f"om=avvik&per=alt&del={split}&fra=2026-01&til=2026-12&ifjor=1").figures
    rows = [*figures.rows, *([figures.foot] if figures.foot else [])]
    return {row.name: [cell.words or cell.value or 0 for cell in row.cells] for row in rows}


def test_what_only_the_year_before_had_is_not_what_is_left_of_its_sum(world: World) -> None:
    by_category(world, y2026={"Fall": 9, "Vold": 8}, y2025={"Fall": 10, "Vold": 8, "Brann": 2})
    told = {"Fall": [9, 10], "Vold": [8, "not told"], "Brann": [0, "1–4"], "Together": [17, 20]}
    assert compared(world.tiril) == told
    assert compared(world.rolf) == {"Fall": [9, 10], "Vold": [8, 8], "Brann": [0, 2], "Together": [17, 20]}


def test_where_all_of_the_year_before_is_hidden_it_is_not_told_which_there_were(world: World) -> None:
    by_category(world, y2026={"Fall": 9, "Vold": 8}, y2025={"Fall": 1, "Brann": 1, "Tyveri": 3})
    told = compared(world.tiril)
    assert told == {"Fall": [9, "not told"], "Vold": [8, "not told"], "Together": [17, 5]}


def test_where_all_of_this_year_is_hidden_the_rows_left_out_are_not_what_is_left_of_the_year_before(
    world: World,
) -> None:
    report(world, 1, MARCH)
    for n, unit in ((9, world.school), (2, world.municipality)):
        for _each in range(n):
            actions.report(by=world.rolf, unit=unit, kind=Kind.DEVIATION, text="K", at=MARCH.replace(year=2025))
    told = compared(world.tiril, "under")
    assert set(told) == {"Helse og omsorg", "Fjelldal skole", "Together"}  # not what lies in the municipality itself
    assert {row[1] for name, row in told.items() if name != "Together"} == {"not told"}
