"""Ready reports: who has which, and that their numbers are those of the pages they come from."""

from __future__ import annotations

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deviations.models import Topic
from kvalitetslosen.reports.registry import kinds
from tests.deviations import cases
from tests.notifications.conftest import at
from tests.people import World
from tests.ready_reports.conftest import Login, reported, this_month

LIVE = [kind.name for kind in kinds()]
EVERYBODY = {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "vidar", "per", "tiril"}
HAVE = {
    "ledermote": {"leif", "sunniva", "rolf", "hans", "kaja", "kristin"},
    "hms": {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "vidar"},
    "personvern": {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "per"},
    "kommunestyret": {"rolf", "kristin"},
    "meldevilkar": {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "tiril"},
}


def numbers(client: Client, url: str, section: str) -> list[str]:
    page = BeautifulSoup(client.get(url).content, "html.parser")
    return [cell.get_text() for cell in page.select(f"#{section} td.number")]


@pytest.mark.parametrize("name", LIVE)
def test_whoever_leads_the_municipality_opens_each_of_them(month: World, login: Login, name: str) -> None:
    client = login(month.rolf)
    assert f'href="{reverse("reports:live", args=[name])}"' in client.get(reverse("reports:list")).content.decode()
    assert client.get(reverse("reports:live", args=[name])).status_code == 200


@pytest.mark.parametrize("name", sorted(HAVE))
def test_a_report_is_opened_by_those_whose_it_is(month: World, login: Login, name: str) -> None:
    url = reverse("reports:live", args=[name])
    opened = {who for who, user in month.people.items() if login(user).get(url).status_code == 200}
    assert opened - {"mona"} == HAVE[name]
    assert login(month.nora).get(url).status_code == 403
    assert login(month.ada).get(reverse("reports:list")).status_code == 403


def test_nobody_opens_a_unit_that_isnt_theirs(month: World, login: Login) -> None:
    url = reverse("reports:live", args=["ledermote"])
    assert login(month.leif).get(f"{url}?enhet={month.nursing_home.pk}").status_code == 403
    assert login(month.mona).get(f"{url}?enhet={month.home_care.pk}").status_code == 404
    assert login(month.leif).get(f"{url}?enhet=99999999").status_code == 404
    assert login(month.leif).get(reverse("reports:live", args=["finnes-ikke"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "section"), [("leif", "maned"), ("sunniva", "maned"), ("rolf", "type"), ("kaja", "alvor")]
)
def test_the_numbers_are_those_of_the_page_they_come_from(month: World, login: Login, who: str, section: str) -> None:
    cases.about_the_leader(month)
    client, kind = login(month.people[who]), "enhetens-ar"
    report = BeautifulSoup(client.get(reverse("reports:live", args=[kind])).content, "html.parser")
    period = report.select_one("form[method=post] input[name=fra]")
    last = report.select_one("form[method=post] input[name=til]")
    assert period is not None
    assert last is not None
    query = f"fra={period['value']}&til={last['value']}"
    theirs = numbers(client, f"{reverse('deviations:figures')}?{query}", section)
    assert theirs
    assert numbers(client, f"{reverse('reports:live', args=[kind])}?{query}", section) == theirs


def test_a_report_of_safety_counts_what_is_about_it_alone(month: World, login: Login) -> None:
    cases.hse(month)
    cases.privacy(month)
    for who in ("leif", "vidar", "rolf"):
        client = login(month.people[who])
        cells = numbers(client, reverse("reports:live", args=["hms"]), "maned tfoot")
        assert cells[0] == "1", who
        page = BeautifulSoup(client.get(reverse("reports:live", args=["hms"])).content, "html.parser")
        link = page.select_one("#maned tfoot a")
        assert link is not None
        assert f"tema={Topic.HSE}" in str(link["href"])
        assert client.get(str(link["href"])).content.decode().count("FJE-") >= 1


def test_a_report_asks_the_same_few_questions_however_many_cases(month: World, login: Login) -> None:
    client, url = login(month.rolf), reverse("reports:live", args=["kommunestyret"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    reported(month, 30)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_page_tells_what_to_do_where_nothing_is_there_yet(world: World, login: Login) -> None:
    page = login(world.leif).get(reverse("reports:list")).content.decode()
    assert "Open a report above" in page
    shared = login(world.vidar).get(reverse("reports:list")).content.decode()
    assert reverse("reports:live", args=["hms"]) in shared


@pytest.mark.parametrize("name", ["live", "live_pdf", "live_xlsx", "live_slides"])
def test_what_only_shows_takes_no_post(world: World, login: Login, name: str) -> None:
    assert login(world.leif).post(reverse(f"reports:{name}", args=["ledermote"])).status_code == 405


def test_a_month_that_is_yet_to_come_is_no_zero_and_the_report_says_so(
    month: World, login: Login, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-11-20 10:00"))
    reported(month, 2)
    clock.move_to(at("2027-11-20 10:00"))
    reported(month, 6)
    client, url = login(month.leif), reverse("reports:live", args=["enhetens-ar"])
    page = BeautifulSoup(client.get(f"{url}?fra=2027-01&til=2027-12").content, "html.parser")
    rows = [[cell.get_text() for cell in row.select("td.number")] for row in page.select("#maned tbody tr")]
    assert (rows[10][0], rows[11][0], rows[9][0]) == ("6", "–", "0")
    assert "The period isn’t over" in page.select("#maned")[0].get_text()
    last = BeautifulSoup(client.get(f"{url}?fra=2026-01&til=2026-12").content, "html.parser")
    assert "The period isn’t over" not in last.select("#maned")[0].get_text()


def test_nothing_is_drawn_that_the_sentence_has_said(month: World, login: Login) -> None:
    client = login(month.leif)
    one = BeautifulSoup(
        client.get(f"{reverse('reports:live', args=['ledermote'])}?{this_month().query}").content, "html.parser"
    )
    assert len(one.select("#maned tbody tr")) == 1
    assert not one.select("#maned tfoot")
    none = BeautifulSoup(
        client.get(f"{reverse('reports:live', args=['personvern'])}?{this_month().query}").content, "html.parser"
    )
    assert none.select("#maned")
    assert not none.select("#maned table")
