"""What the morning page tells leaders of their units, and what opening a case does to one's notices."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions, pages
from deviations.models import Deviation
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)


def rows_of(client: Client, address: str) -> int:
    return len(BeautifulSoup(client.get(address).text, "html.parser").select(".los-cases > li"))


@pytest.mark.parametrize("who", ["sunniva", "rolf", "kaja", "kristin"])
def test_each_number_of_ones_units_is_that_of_its_list(world: World, login: Login, who: str) -> None:
    for make in cases.KINDS.values():
        make(world)
    late = cases.received(world)
    Deviation.objects.filter(pk=late.pk).update(deadline=timezone.now() - DAY)
    card = pages.the_units(world.people[who]) or {}
    client = login(world.people[who])
    assert card["late"] == rows_of(client, f"{card['url']}&status=sent") == 1
    assert card["unreceived"] == rows_of(client, f"{card['url']}&status=reported") > 0
    assert "1 past its deadline" in client.get("/").text


@pytest.mark.parametrize("who", ["nora", "leif", "vidar", "per", "ada"])
def test_who_has_no_leaders_below_has_no_such_card(world: World, who: str) -> None:
    cases.ordinary(world)
    assert pages.the_units(world.people[who]) is None


def test_how_it_goes_counts_what_the_leader_may_see(world: World, login: Login) -> None:
    cases.about_the_leader(world)
    old = cases.ordinary(world)
    Deviation.objects.filter(pk=old.pk).update(reported_at=timezone.now() - 40 * DAY)
    cases.ordinary(world)
    cases.closed(world)
    told = pages.how_it_goes(world.leif) or {}
    assert (told["reported"], told["median"]) == (2, 0)
    page = login(world.leif).get("/").text
    assert "2 reported in the last 30 days" in page
    assert "first answer the same day (median)" in page


@pytest.mark.parametrize(
    ("median", "said"),
    [(1.0, "after 1 working day ("), (1.5, "after 1.5 working days ("), (3.0, "after 3 working days (")],
)
def test_a_median_between_two_days_is_said_in_every_language(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch, median: float, said: str
) -> None:
    cases.ordinary(world)
    monkeypatch.setattr("deviations.pages.median", lambda days: median)
    organisation.choose_language(user=world.leif, language="en")
    assert f"first answer {said}median)" in login(world.leif).get("/").text
    for language in ("nb", "nn"):
        organisation.choose_language(user=world.leif, language=language)
        assert login(world.leif).get("/").status_code == 200


@pytest.mark.parametrize("who", ["nora", "vidar", "tiril"])
def test_nobody_but_leaders_reads_how_it_goes(world: World, who: str) -> None:
    assert pages.how_it_goes(world.people[who]) is None


def unread(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user, read_at=None).values_list("name", flat=True))


def test_opening_a_case_reads_its_notices_and_no_others(world: World, login: Login) -> None:
    first, _second = cases.ordinary(world), cases.ordinary(world)
    sweep()
    assert unread(world.leif) == ["deviations.arrived"] * 2
    login(world.sunniva).get(first.get_absolute_url())
    assert len(unread(world.leif)) == 2
    login(world.leif).get(first.get_absolute_url())
    assert len(unread(world.leif)) == 1


def test_that_a_case_has_arrived_is_no_news_once_another_has_received_it(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    sweep()
    login(world.sunniva).post(f"{deviation.get_absolute_url()}steg/receive/", {"seen": deviation.events_count})
    assert unread(world.leif) == []


def test_the_filled_button_is_what_waits_or_else_to_report(world: World, login: Login) -> None:
    def button(user: User) -> str:
        page = BeautifulSoup(login(user).get("/").text, "html.parser")
        return str(page.select(".los-title a.ds-button:not([data-variant])")[0]["href"])

    assert button(world.leif) == "/meld/"
    deviation = cases.ordinary(world)
    assert button(world.leif) == deviation.get_absolute_url()


def test_everybody_finds_procedures_from_the_morning_page(world: World, login: Login) -> None:
    page = BeautifulSoup(login(world.nora).get("/").text, "html.parser")
    form = page.select_one('main form[role="search"]')
    assert form is not None
    assert form["action"] == "/handbok/"
    assert form.select_one('input[name="q"]')
    assert BeautifulSoup(login(world.leif).get("/").text, "html.parser").select('main form[role="search"]')
    actions.receive(deviation=cases.ordinary(world), by=world.leif)
    assert "You are up to date" in login(world.nora).get("/").text
