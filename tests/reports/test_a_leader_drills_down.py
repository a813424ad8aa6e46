"""From the whole to its parts, from a number to its cases, from one period to another."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from deviations import actions
from deviations.models import Deviation, Kind
from deviations.reports import in_words
from kvalitetslosen.organisation.actions import grant_role
from kvalitetslosen.organisation.models import Role, Unit, User
from tests.people import World
from tests.reports.histories import categories

Login = Callable[[User], Client]
NOW = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _late_november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def report(world: World, unit: Unit, days_ago: int, kind: str = Kind.DEVIATION) -> Deviation:
    at = timezone.now() - datetime.timedelta(days=days_ago)
    return actions.report(by=world.nora, unit=unit, kind=kind, text="Noe hendte.", at=at)


def page(client: Client, **query: Any) -> BeautifulSoup:
    answer = client.get(reverse("deviations:figures"), query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def table(soup: BeautifulSoup, part: str) -> dict[str, list[str]]:
    """The rows of a part's table by name, the numbers as they are written."""
    found = soup.select_one(f"#{part} table")
    assert found is not None
    return {
        row.select("th")[0].get_text(): [cell.get_text() for cell in row.select("td.number")]
        for row in found.select("tbody tr, tfoot tr")
    }


def cases_behind(client: Client, link: Tag) -> int:
    return len(BeautifulSoup(client.get(str(link["href"])).content, "html.parser").select(".los-cases > li"))


def test_every_number_of_the_page_leads_to_as_many_cases(world: World, login: Login) -> None:
    for days in (0, 3, 30, 31, 70, 200):
        report(world, world.home_care, days)
    for days in (5, 400):
        closed = report(world, world.nursing_home, days, Kind.NEAR_MISS)
        at = closed.reported_at + datetime.timedelta(days=2)
        actions.receive_and_close(
            deviation=closed, by=world.hans, outcome="Ordnet.", consequence=2, probability=2, at=at
        )
    report(world, world.health, 1)
    client = login(world.sunniva)
    links = page(client).select(".los-figures td.number a")
    assert len(links) > 30
    for link in links:
        assert int(link.get_text()) == cases_behind(client, link), link["href"]


def test_the_units_below_lead_to_their_own_figures(world: World, login: Login) -> None:
    report(world, world.home_care, 1)
    report(world, world.home_care, 2)
    report(world, world.nursing_home, 2)
    report(world, world.school, 2)
    client = login(world.rolf)
    whole = page(client)
    assert table(whole, "enheter")["Helse og omsorg"] == ["3", "3"]
    assert table(whole, "enheter")["Fjelldal skole"] == ["1", "1"]
    link = next(a for a in whole.select("#enheter th a") if a.get_text() == "Helse og omsorg")
    health = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    assert table(health, "enheter") == {"Hjemmetjenesten": ["2", "2"], "Sykehjemmet": ["1", "1"]}
    up = health.select_one(".los-crumbs a")
    assert up is not None
    assert up.get_text() == "Fjelldal"
    assert parse_qs(urlsplit(str(up["href"])).query)["enhet"] == [str(world.municipality.pk)]


def test_the_period_is_the_last_twelve_months_until_another_is_chosen(world: World, login: Login) -> None:
    report(world, world.home_care, 10)
    report(world, world.home_care, 360)  # late in November last year: the same month, a year before
    client = login(world.leif)
    rows = table(page(client), "maned")
    assert len(rows) == 13
    assert list(rows.values())[-2][:2] == ["1", "1"]
    assert list(rows.values())[-1][:2] == ["1", "1"]
    older = table(page(client, fra="2025-10", til="2025-12"), "maned")
    assert [numbers[0] for numbers in older.values()] == ["0", "1", "0", "1"]
    assert page(client, fra="2025-10", til="2025-12").select("details.los-period[open]")
    two_years = page(client, fra="2024-12", til="2026-11")
    assert not two_years.select("details.los-period[open]")
    assert len(two_years.select('.los-tabs [aria-current][href*="til="]')) == 1
    assert len(table(two_years, "maned")) == 25


@pytest.mark.parametrize(
    "query",
    [
        {"fra": "2026-13"},
        {"fra": "i fjor"},
        {"fra": "2026-05", "til": "2026-04"},
        {"fra": "2001-01"},
        {"til": "0001-01"},
    ],
)
def test_a_period_that_makes_no_sense_is_pointed_out(world: World, login: Login, query: dict[str, str]) -> None:
    client = login(world.leif)
    soup = page(client, **query)
    assert soup.select(".ds-validation-message")
    assert soup.select_one("details.los-period[open]")
    assert len(table(soup, "apne") if soup.select("#apne table") else [1]) > 0
    assert client.get(reverse("deviations:figures_csv"), query).status_code == 400
    assert client.get(reverse("deviations:figures_xlsx"), query).status_code == 400


def test_picture_sentence_and_table_say_the_same(world: World, login: Login) -> None:
    for days in (1, 2, 40, 365 + 2):
        report(world, world.home_care, days)
    soup = page(login(world.leif))
    part = soup.select_one("#maned")
    assert part is not None
    picture = part.select_one("[role=img]")
    assert picture is not None
    assert picture["aria-label"] == part.select("p")[0].get_text()
    drawn = [text.get_text() for text in picture.select(".los-chart__value")]
    in_table = [numbers[0] for name, numbers in table(soup, "maned").items()][:-1]
    assert drawn == [number for number in in_table if number != "0"] == ["1", "2"]
    assert len(picture.select(".los-chart__bars rect")) == 2
    assert len(picture.select(".los-chart__line circle")) == 12


def test_categories_are_summed_by_main_category_and_the_rest_is_folded(world: World, login: Login) -> None:
    medicine, violence, _privacy, not_given = categories(world)
    for category, n in ((medicine, 1), (not_given, 2), (violence, 2)):
        for _case in range(n):
            actions.report(
                by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe hendte.", category=category
            )
    client = login(world.leif)
    soup = page(client)
    assert table(soup, "kategori") == {"Legemiddel": ["3"], "Vold": ["2"]}
    link = soup.select_one("#kategori tbody a")
    assert link is not None
    assert cases_behind(client, link) == 3, "those under the main category are counted and listed"
    fold = soup.select_one("#kategori details")
    assert fold is not None
    assert not fold.has_attr("open")
    assert [row.get_text() for row in fold.select("tbody th")] == ["Legemiddel: Ikke gitt", "Vold", "Legemiddel"]


@pytest.mark.parametrize(("n", "said"), [(3, "three of three"), (13, "12 of 13")])
def test_numbers_in_a_sentence_are_all_in_words_or_all_in_figures(
    world: World, login: Login, n: int, said: str
) -> None:
    for number in range(n):
        report(world, world.home_care, 1, Kind.RISK if number == 12 else Kind.DEVIATION)
    part = page(login(world.leif)).select_one("#type")
    assert part is not None
    assert f": {said}." in part.get_text()


def test_how_long_it_took_is_told_in_working_days(world: World, login: Login) -> None:
    for working_days in (0, 1, 1, 4):
        case = report(world, world.home_care, 21)  # a Monday
        at = case.reported_at + datetime.timedelta(days=working_days)
        actions.receive(deviation=case, by=world.leif, at=at)
    soup = page(login(world.leif))
    rows = list(table(soup, "tid").values())
    assert [numbers[0] for numbers in rows] == ["1", "2", "0", "1", "0", "0", "0", "1"]  # the last is the median
    assert rows[-1] == ["1", "–", "–", "–"]


def test_what_lies_open_is_told_by_age_and_the_oldest_named(world: World, login: Login) -> None:
    old = report(world, world.home_care, 600)
    report(world, world.home_care, 45)
    report(world, world.nursing_home, 0)
    soup = page(login(world.sunniva))
    assert [numbers[0] for numbers in table(soup, "apne").values()] == ["1", "1", "0", "0", "0", "1", "3"]
    assert list(table(soup, "apne-enheter")) == ["Hjemmetjenesten", "Sykehjemmet"]
    first = soup.select(".los-list a")[0]
    assert old.reference in first.get_text()
    assert first["href"] == old.get_absolute_url()


def test_an_empty_period_teaches_instead_of_showing_zeros(world: World, login: Login) -> None:
    soup = page(login(world.hans))
    assert not soup.select("#maned table, [role=img]")
    assert soup.select_one("#maned .los-quiet")


def test_a_leader_of_several_places_finds_them_all(world: World, login: Login) -> None:
    grant_role(user=world.leif, unit=world.school, role=Role.LEADER)
    client = login(world.leif)
    first = page(client)
    link = first.select("main > p a")[0]
    second = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    titles = {each.h1.get_text(strip=True) for each in (first, second) if each.h1}
    assert len(titles) == 2
    assert [a.get_text() for a in second.select("main > p a")] != [link.get_text()]


def test_the_page_obeys_the_policy_that_forbids_inline_style(world: World, login: Login) -> None:
    report(world, world.home_care, 3)
    html = login(world.leif).get(reverse("deviations:figures")).content.decode()
    assert not re.search(r'\sstyle\s*=|<style|\son\w+\s*=\s*"', html)


def test_the_page_costs_as_many_queries_however_much_there_is(world: World, login: Login) -> None:
    client = login(world.sunniva)

    def queries(**query: Any) -> int:
        client.get(reverse("deviations:figures"), query)
        with CaptureQueriesContext(connection) as counted:
            page(client, **query)
        return len(counted)

    report(world, world.home_care, 1)
    few = queries()
    for days in range(40):
        report(world, (world.home_care, world.nursing_home, world.health)[days % 3], days * 9)
    assert queries() == few <= 8
    assert queries(enhet=world.home_care.pk) <= 8


def test_a_list_can_say_how_it_was_narrowed(world: World) -> None:
    with translation.override("en"):
        assert in_words(QueryDict("svar=3-5&lukking=21-&mottak=0"), world.health) == [
            "Received the same day.",
            "First answer after 3–5 working days.",
            "Closed after 21+ working days.",
        ]
        assert in_words(QueryDict("selv=1&svar=x"), world.health) == [
            "Only Helse og omsorg itself, not the units below."
        ]
        assert in_words(QueryDict("status=alle"), world.health) == []
