"""The list of actions answers the question in its address, within what one may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations.models import Deviation
from improvement.models import Action
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]


def shown(client: Client, **query: Any) -> list[str]:
    page = client.get("/tiltak/", {"visning": "omrade"} | query).context["page_of_actions"]
    return sorted(row.what for row in page.rows)


@pytest.fixture
def planned(world: World, plan: Plan, case: Deviation) -> None:
    plan(what="I saken", deviation=case, strength="strong")
    plan(what="Uten sak", strength="weak", owner=world.nora)
    plan(what="På sykehjemmet", unit=world.nursing_home, by=world.hans)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["I saken", "På sykehjemmet", "Uten sak"]),
        ({"styrke": "strong"}, ["I saken"]),
        ({"styrke": "-"}, ["På sykehjemmet"]),
        ({"styrke": "tull", "sak": "tull", "enhet": "tull"}, ["I saken", "På sykehjemmet", "Uten sak"]),
        ({"sak": "med"}, ["I saken"]),
        ({"sak": "uten"}, ["På sykehjemmet", "Uten sak"]),
        ({"enhet": "home_care"}, ["I saken", "Uten sak"]),
        ({"enhet": "other_school"}, ["I saken", "På sykehjemmet", "Uten sak"]),  # another municipality's doesn't exist
        ({"enhet": "school"}, []),
        ({"hvem": "nora"}, ["Uten sak"]),
        ({"hvem": "Nora Nygård (Hjemmetjenesten)"}, ["Uten sak"]),
        ({"hvem": "greta", "sak": "uten"}, ["På sykehjemmet"]),
    ],
)
def test_each_filter_holds_what_it_says(
    world: World, login: Login, planned: None, query: dict[str, str], expected: list[str]
) -> None:
    if query.get("enhet") in ("home_care", "school", "other_school"):
        query = {**query, "enhet": str(getattr(world, query["enhet"]).pk)}
    assert shown(login(world.sunniva), **query) == expected


def test_a_filter_opens_nothing_one_may_not_see(world: World, login: Login, planned: None) -> None:
    assert shown(login(world.leif), enhet=str(world.nursing_home.pk)) == []
    assert shown(login(world.leif), hvem="Greta") == ["I saken"]


def test_who_oversees_nobody_is_not_asked_for_unit_and_owner(world: World, login: Login, planned: None) -> None:
    for path in ("/tiltak/", "/tiltak/?visning=sent"):
        page = login(world.nora).get(path).content.decode()
        assert 'name="styrke"' in page
        assert 'name="enhet"' not in page
        assert 'name="hvem"' not in page
    assert shown(login(world.nora), visning="mine", hvem="Greta") == ["Uten sak"]


def test_the_units_to_choose_from_are_those_of_the_area(world: World, login: Login, planned: None) -> None:
    page = BeautifulSoup(login(world.sunniva).get("/tiltak/?visning=omrade").content, "html.parser")
    assert [option.get_text() for option in page.select("#f-enhet option")] == [
        "My whole area", "Helse og omsorg", "– Hjemmetjenesten", "– Sykehjemmet",
    ]  # fmt: skip


@pytest.mark.parametrize("view", ["omrade", "ferdige"])
def test_the_filter_is_kept_across_pages_and_in_the_bar(world: World, login: Login, plan: Plan, view: str) -> None:
    from improvement import actions

    for number in range(60):
        action = plan(what=f"Nummer {number}", strength="strong" if number % 2 else "weak")
        if view == "ferdige":
            actions.cancel(action=action, by=world.leif, note="x")
    leif = login(world.leif)
    query = f"?visning={view}&styrke=strong&hvem=greta&sak=uten&enhet={world.home_care.pk}"
    seen, address = [], query
    while address:
        page = leif.get("/tiltak/" + address)
        assert page.context["is_filtered"]
        assert 'value="greta"' in page.content.decode()
        seen += [row.what for row in page.context["page_of_actions"].rows]
        address = page.context["page_of_actions"].older
    assert sorted(seen) == sorted(f"Nummer {number}" for number in range(1, 60, 2))


def test_when_nothing_fits_it_says_so(world: World, login: Login, planned: None) -> None:
    page = login(world.leif).get("/tiltak/?visning=omrade&styrke=medium").content.decode()
    assert "No actions fit" in page
    assert 'href="?visning=omrade"' in page
