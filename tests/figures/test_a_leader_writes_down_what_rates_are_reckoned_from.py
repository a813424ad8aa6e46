"""Bed days and the like are written down by month, and numbers are told as a rate of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from deviations import actions as cases
from deviations.models import Kind
from kvalitetslosen.figures import actions, denominators, pictures
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.models import Basis, Denominator
from kvalitetslosen.figures.question import Question
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.workdays import OSLO
from tests.people import World

PAGE = "/rapporter/grunnlag/"
Login = Callable[[User], Client]
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


def write(
    unit: Unit, months: dict[datetime.date, int | None], by: User | None = None, basis: str = "liggedogn"
) -> Any:
    return actions.write_denominators(unit=unit, basis=basis, months=months, by=by)


def ask(user: User, address: str) -> Answer:
    return Answer.to(Question.asked(User.objects.get(pk=user.pk), QueryDict(address)))


def rates(answer: Answer) -> list[float | None]:
    return [row.cells[-1].value for row in answer.figures.rows]


def lacks(answer: Answer) -> str:
    return denominators.lacking(answer.question, answer.rate)


def test_a_leader_writes_them_down_and_changes_them(world: World, login: Login) -> None:
    client = login(world.leif)
    assert client.get(PAGE).status_code == 200
    answer = client.post(f"{PAGE}?hva=liggedogn", {"m202611": "300", "m202610": ""})
    assert answer.status_code == 302
    row = Denominator.objects.get()
    assert (row.unit, row.month, row.basis, row.n) == (world.home_care, NOVEMBER, Basis.BED_DAYS, 300)
    client.post(f"{PAGE}?hva=liggedogn", {"m202611": "310"})
    client.post(f"{PAGE}?hva=liggedogn", {"m202611": "310"})
    assert Denominator.objects.get().n == 310
    client.post(f"{PAGE}?hva=liggedogn", {"m202611": ""})
    assert Denominator.objects.get().n is None
    kinds = Event.objects.filter(type__startswith="figures.").order_by("pk").values_list("type", flat=True)
    assert list(kinds) == ["figures.denominator_written", *["figures.denominator_changed"] * 2]


def test_nonsense_is_told_and_nothing_is_written(world: World, login: Login) -> None:
    answer = login(world.leif).post(PAGE, {"m202611": "mange", "m202610": "20"})
    assert answer.status_code == 422
    assert not Denominator.objects.exists()


def test_strangers_and_those_who_may_not_are_refused(world: World, login: Login) -> None:
    for who in (world.nora, world.tiril, world.vidar):
        assert login(who).get(PAGE).status_code == 403
    client = login(world.leif)
    assert client.post(f"{PAGE}?enhet={world.nursing_home.pk}", {"m202611": "3"}).status_code == 403
    assert client.post(f"{PAGE}?enhet={world.other_school.pk}", {"m202611": "3"}).status_code == 404
    assert login(world.kaja).get(f"{PAGE}?enhet={world.nursing_home.pk}").status_code == 200
    assert not Denominator.objects.exists()


def test_numbers_are_told_per_thousand_bed_days(world: World) -> None:
    for _each in range(3):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    write(world.home_care, {OCTOBER: 310, NOVEMBER: 300})
    answer = ask(world.leif, "fra=2026-10&til=2026-11&del=ingen&rate=liggedogn")
    assert rates(answer) == [0, 10]
    assert answer.figures.foot is not None
    assert answer.figures.foot.cells[-1].value == 4.9  # 3 of 610
    assert answer.figures.head[-1] == "Per 1,000 bed days"


def test_where_a_month_is_lacking_there_is_no_rate_and_it_is_said(world: World) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    address = "fra=2026-10&til=2026-11&del=ingen&rate=liggedogn"
    assert lacks(ask(world.leif, address)) == (
        "Nobody has written down bed days for Hjemmetjenesten in the period, so there is no rate."
    )
    write(world.home_care, {NOVEMBER: 300})
    answer = ask(world.leif, address)
    assert rates(answer) == [None, 3.3]
    assert answer.figures.foot is not None
    assert answer.figures.foot.cells[-1].value is None
    assert "oktober 2026" in lacks(answer)
    assert lacks(ask(world.leif, "fra=2026-11-03&til=2026-11-09&per=dag&del=ingen&rate=liggedogn"))
    assert lacks(ask(world.leif, "fra=2026-11-03&til=2026-11-09&per=alt&del=ingen&rate=liggedogn"))


def test_a_unit_without_a_number_has_the_sum_of_those_below_if_all_have_one(world: World) -> None:
    address = f"enhet={world.health.pk}&fra=2026-11&til=2026-11&per=alt&rate=liggedogn&del="
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    write(world.home_care, {NOVEMBER: 300})
    assert rates(ask(world.sunniva, f"{address}ingen")) == [None]
    write(world.nursing_home, {NOVEMBER: 200})
    assert rates(ask(world.sunniva, f"{address}ingen")) == [2]
    by_unit = ask(world.sunniva, f"{address}under")
    assert {row.name: row.cells[-1].value for row in by_unit.figures.rows} == {
        "Hjemmetjenesten": 3.3,
        "Sykehjemmet": 0,
    }
    write(world.health, {NOVEMBER: 1000})
    assert rates(ask(world.sunniva, f"{address}ingen")) == [1]


def test_a_question_narrowed_to_a_unit_is_divided_by_what_that_unit_has(world: World) -> None:
    """Not by what all of those above it have: the numbers would look ten times better than they are."""
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    write(world.home_care, {NOVEMBER: 100})
    write(world.nursing_home, {NOVEMBER: 900})
    address = f"enhet={world.health.pk}&fra=2026-11&til=2026-11&rate=liggedogn"
    assert rates(ask(world.sunniva, f"{address}&per=alt&del=ingen")) == [1]
    narrowed = ask(world.sunniva, f"{address}&per=maned&del=ingen&under={world.home_care.pk}")
    assert rates(narrowed) == [10]
    both = f"{address}&per=alt&del=ingen&under={world.home_care.pk}&under={world.nursing_home.pk}"
    assert rates(ask(world.sunniva, both)) == [1]
    itself = ask(world.sunniva, f"{address}&per=alt&del=ingen&under=-")
    assert rates(itself) == [None]
    pairs = ask(world.sunniva, f"{address}&per=maned&del=type&del=under")
    assert pairs.rates is not None
    found = dict(zip(pairs.figures.head[1:], pairs.rates.rows[0].cells, strict=False))
    assert {name: cell.value for name, cell in found.items()} == {"Deviation · Hjemmetjenesten": 10, "Together": 1}


def test_where_a_month_is_lacking_in_the_unit_it_is_narrowed_to_that_is_said(world: World) -> None:
    write(world.health, {NOVEMBER: 900})
    address = f"enhet={world.health.pk}&fra=2026-11&til=2026-11&per=alt&del=ingen&rate=liggedogn"
    assert not lacks(ask(world.sunniva, address))
    assert lacks(ask(world.sunniva, f"{address}&under={world.home_care.pk}"))


def test_the_picture_is_of_the_rate(world: World) -> None:
    """Five of a hundred are more than six of a thousand, in the picture too."""
    for unit, n in ((world.home_care, 5), (world.nursing_home, 6)):
        for _each in range(n):
            cases.report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Det ble glemt.")
    write(world.home_care, {OCTOBER: 100, NOVEMBER: 100})
    write(world.nursing_home, {OCTOBER: 1000, NOVEMBER: 1000})
    address = f"enhet={world.health.pk}&fra=2026-11&til=2026-11&per=alt&del=under&rate=liggedogn"
    page = str(pictures.drawn(ask(world.sunniva, address)))
    bars = dict(re.findall(r'<th scope="row"><a .*?>(.*?)</a></th>.*?<rect width="([\d.]+)%"', page))
    assert bars == {"Hjemmetjenesten": "100", "Sykehjemmet": "12"}
    over_time = ask(world.sunniva, address.replace("fra=2026-11", "fra=2026-10").replace("per=alt", "per=maned"))
    assert over_time.rates is not None
    november = over_time.rates.rows[-1]
    by_unit = dict(zip(over_time.rates.head[1:], (cell.value for cell in november.cells), strict=True))
    assert by_unit == {"Hjemmetjenesten": 50, "Sykehjemmet": 6, "Together": 10}
    page = str(pictures.drawn(over_time))
    assert page.count("<table") == 2  # the rates, and the numbers with their lists
    assert ">50<" in page
    assert page.count("/rapporter/utforsk/liste/") == sum(
        bool(cell.href) for row in [*over_time.figures.rows, over_time.figures.foot] if row for cell in row.cells
    )


def test_the_run_chart_is_of_the_rate(world: World) -> None:
    """As many cases of half as many bed days are twice as often."""
    for _each in range(2):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    months = {datetime.date(2026, month, 1): 100 for month in range(1, 11)}
    write(world.home_care, {**months, NOVEMBER: 50})
    address = "fra=2026-01&til=2026-10&per=maned&del=ingen&vis=serie"
    with time_machine.travel(datetime.datetime(2026, 10, 20, 10, tzinfo=OSLO), tick=False):
        for _each in range(3):
            cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    plain, rate = (str(pictures.drawn(ask(world.leif, address + more))) for more in ("", "&rate=liggedogn"))
    assert ">30<" in rate.partition("<table")[0]
    assert ">30<" not in plain.partition("<table")[0]


def test_pupils_are_a_mean_over_months_and_not_a_sum(world: World) -> None:
    cases.report(by=world.hans, unit=world.school, kind=Kind.DEVIATION, text="Slag i skolegården.")
    write(world.school, {OCTOBER: 90, NOVEMBER: 110}, basis="elever")
    answer = ask(world.rolf, f"enhet={world.school.pk}&fra=2026-10&til=2026-11&per=alt&del=ingen&rate=elever")
    assert rates(answer) == [1]


def test_employees_are_those_at_work_in_the_middle_of_each_period(world: World) -> None:
    for person, unit in ((world.greta, world.home_care), (world.hans, world.home_care)):
        organisation.grant_role(user=person, unit=unit, role=Role.EMPLOYEE, valid_from=datetime.date(2026, 11, 2))
    for _each in range(4):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    organisation.grant_role(user=world.leif, unit=world.home_care, role=Role.EMPLOYEE)  # one person, two roles
    address = "fra=2026-11&til=2026-11&per=maned&del=ingen&rate=ansatte"
    before = {row.valid_from for row in world.nora.memberships.all()}
    assert max(before) <= datetime.date(2026, 11, 20)
    answer = ask(world.leif, address)
    at_middle = answer.rate
    assert at_middle is not None
    n = at_middle.of(answer.stretches[0].stretch)
    assert n is not None
    expected = {
        row.user_id
        for row in world.home_care.memberships.all()
        if row.role in (Role.EMPLOYEE, Role.LEADER) and row.valid_from <= datetime.date(2026, 11, 15)
    }
    assert n == len(expected)


def test_a_moved_unit_takes_its_numbers_along(world: World) -> None:
    write(world.home_care, {NOVEMBER: 300})
    organisation.move_unit(unit=world.home_care, parent=world.school, by=None)
    assert Denominator.objects.in_subtree(world.school).count() == 1
    assert not Denominator.objects.in_subtree(world.health).exists()


def test_a_hidden_number_has_no_rate(world: World) -> None:
    for _each in range(2):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    write(world.municipality, {datetime.date(2026, month, 1): 1000 for month in range(1, 13)})
    answer = ask(world.tiril, "om=avvik&per=maned&del=ingen&rate=liggedogn")
    november = next(row for row in answer.figures.rows if row.name == "November 2026")
    assert [cell.value for cell in november.cells] == [None, None]
    assert answer.figures.foot is not None
    assert [cell.value for cell in answer.figures.foot.cells] == [None, None]
