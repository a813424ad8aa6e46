"""Those who lead or watch over have figures, each their own; nobody else has any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deviations import actions
from deviations.models import Category, Deviation, FigureCount, Kind, Topic
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
ADDRESSES = ("deviations:figures", "deviations:figures_csv", "deviations:figures_xlsx", "deviations:export")


def case(world: World, *, topic: str = Topic.NONE) -> Deviation:
    category = None
    if topic:
        row = Category(municipality=world.municipality, name=f"Om {topic}", topic=topic)
        category = create(row, "deviations.category_added", by=None)
    return actions.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Hemmelig innhold.", category=category
    )


def total(client: Client) -> int:
    page = BeautifulSoup(client.get(reverse("deviations:figures")).content, "html.parser")
    foot = page.select_one("#maned tfoot td")
    return int(foot.get_text()) if foot else 0


@pytest.mark.parametrize("name", ["leif", "sunniva", "rolf", "kaja", "kristin", "vidar", "per"])
def test_those_who_lead_or_watch_over_have_figures(world: World, login: Login, name: str) -> None:
    answer = login(world.people[name]).get(reverse("deviations:figures"))
    assert answer.status_code == 200
    assert reverse("deviations:figures") in answer.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["nora", "ada"])
def test_employees_and_administrators_have_none(world: World, login: Login, name: str, address: str) -> None:
    client = login(world.people[name])
    assert client.get(reverse(address)).status_code == 403
    assert f'href="{reverse("deviations:figures")}"' not in client.get(reverse("deviations:list")).content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_has_them_without_logging_in(world: World, client: Client, address: str) -> None:
    answer = client.get(reverse(address))
    assert answer.status_code == 302
    assert "/konto/" in answer["Location"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_figures_are_read_not_sent(world: World, login: Login, address: str) -> None:
    assert login(world.leif).post(reverse(address)).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_units_of_another_municipality_do_not_exist(world: World, login: Login, address: str) -> None:
    for number in (world.other_school.pk, 987654321, "x", "9" * 30):
        assert login(world.rolf).get(reverse(address), {"enhet": number}).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_a_leader_has_figures_of_the_own_unit_and_below_only(world: World, login: Login, address: str) -> None:
    for unit, status in (
        (world.home_care, 403),
        (world.municipality, 403),
        (world.health, 403),
        (world.nursing_home, 200),
    ):
        assert login(world.hans).get(reverse(address), {"enhet": unit.pk}).status_code == status
    for unit in (world.health, world.nursing_home, world.home_care):
        assert login(world.sunniva).get(reverse(address), {"enhet": unit.pk}).status_code == 200


def test_each_sees_their_own_share_of_the_same_cases(world: World, login: Login) -> None:
    case(world)
    case(world, topic=Topic.HSE)
    case(world, topic=Topic.PRIVACY)
    about = case(world)
    Deviation.objects.filter(pk=about.pk).update(about=world.leif)
    expected = {
        "leif": 3,  # not the one about himself
        "sunniva": 4,
        "rolf": 4,
        "kaja": 3,
        "kristin": 3,
        "vidar": 1,
        "per": 1,
        "hans": 0,
    }
    assert {name: total(login(world.people[name])) for name in expected} == expected


def test_a_safety_representative_is_told_what_is_counted(world: World, login: Login) -> None:
    case(world, topic=Topic.HSE)
    page = BeautifulSoup(login(world.vidar).get(reverse("deviations:figures")).content, "html.parser")
    lead = page.select_one(".los-title p")
    ordinary = BeautifulSoup(login(world.leif).get(reverse("deviations:figures")).content, "html.parser")
    usual = ordinary.select_one(".los-title p")
    assert lead is not None
    assert usual is not None
    assert lead.get_text() != usual.get_text()


def test_a_union_representative_reads_figures_where_small_numbers_are_kept_back(world: World, login: Login) -> None:
    deviation = case(world)
    client = login(world.tiril)
    for address in ("deviations:figures_csv", "deviations:figures_xlsx", "deviations:national", "deviations:export"):
        assert client.get(reverse(address)).status_code == 403, address
    assert client.get(reverse("deviations:figures"), {"enhet": world.health.pk}).status_code == 403
    with CaptureQueriesContext(connection) as queries:
        sent = client.get(reverse("deviations:figures"))
    assert sent.headers["Location"] == reverse("figures:explore")
    assert not any(FigureCount._meta.db_table in each["sql"] for each in queries), "nothing is counted to be sent on"
    page = client.get(sent.headers["Location"]).text
    assert "Fewer than five" in page
    for secret in (reverse("deviations:list") + "?", deviation.reference, reverse("deviations:export")):
        assert secret not in page


def test_a_role_that_has_ended_gives_no_figures(world: World, login: Login) -> None:
    world.leif.memberships.all().delete()
    assert login(world.leif).get(reverse("deviations:figures")).status_code == 403
