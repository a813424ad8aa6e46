"""Under the answer of the explorer, and under the list behind a number, whoever leads there is asked in one tap."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions as cases
from deviations.models import Kind
from deviations.settings_actions import add_category
from kvalitetslosen.organisation.models import User
from tests.people import World

EXPLORE, LIST = "/rapporter/utforsk/", "/rapporter/utforsk/liste/"
Login = Callable[[User], Client]


def asked(client: Client, address: str) -> tuple[str, dict[str, list[str]]] | None:
    """The words of the link and what its address says; nothing where there is none."""
    found = BeautifulSoup(client.get(address).content, "html.parser").select("main a[href^='/sporsmal/']")
    assert len(found) < 2
    return (found[0].get_text(), parse_qs(urlparse(str(found[0]["href"])).query)) if found else None


@pytest.mark.parametrize("place", [EXPLORE, LIST])
def test_the_leader_of_the_unit_is_asked_about_its_category(world: World, login: Login, place: str) -> None:
    category = add_category(municipality_id=world.municipality.pk, by=None, name="Fall")
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", category=category)
    client = login(world.sunniva)
    expected = {"enhet": [str(world.home_care.pk)], "kategori": [str(category.pk)]}
    of_unit = f"{place}?om=avvik&enhet={world.home_care.pk}&kategori={category.pk}"
    narrowed = f"{place}?om=avvik&enhet={world.health.pk}&under={world.home_care.pk}&kategori={category.pk}"
    for address in (of_unit, narrowed):
        assert asked(client, address) == (f"Ask {world.leif.name} about this", expected)
    form = BeautifulSoup(client.get("/sporsmal/spor/", expected).content, "html.parser")
    chosen = [
        str(each["value"])
        for each in form.select("select[name=unit] option[selected], select[name=category] option[selected]")
    ]
    assert chosen == [str(world.home_care.pk), str(category.pk)], "the one tap has chosen both"


@pytest.mark.parametrize("place", [EXPLORE, LIST])
def test_of_what_one_leads_oneself_one_of_those_below_is_asked(world: World, login: Login, place: str) -> None:
    address = f"{place}?om=avvik&enhet={world.health.pk}"
    assert asked(login(world.sunniva), address) == ("Ask a leader about this", {})


@pytest.mark.parametrize("place", [EXPLORE, LIST])
def test_who_asks_nobody_has_no_link(world: World, login: Login, place: str) -> None:
    assert asked(login(world.leif), f"{place}?om=avvik&enhet={world.home_care.pk}") is None, "nobody leads below him"
    assert asked(login(world.kaja), f"{place}?om=avvik&enhet={world.home_care.pk}") is None, "she leads nobody"


@pytest.mark.parametrize("place", ["/rapporter/", "/rapporter/faste/enhetens-ar/"])
def test_so_it_is_on_the_report_of_a_unit_and_on_ready_ones(world: World, login: Login, place: str) -> None:
    client = login(world.sunniva)
    below = asked(client, f"{place}?enhet={world.home_care.pk}")
    assert below == (f"Ask {world.leif.name} about this", {"enhet": [str(world.home_care.pk)]})
    assert asked(client, f"{place}?enhet={world.health.pk}") == ("Ask a leader about this", {})
    assert asked(login(world.leif), f"{place}?enhet={world.home_care.pk}") is None
