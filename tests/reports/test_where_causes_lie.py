"""Which kinds of causes recur is counted where the cause was looked for; what would tell of one case is hidden."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions
from deviations.models import CauseKind, Deviation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def caused(world: World, *kinds: CauseKind, of: Callable[..., Deviation] = cases.ordinary, **more: Any) -> Deviation:
    deviation = of(world, **more)
    assert deviation.handler is not None
    for kind in kinds:
        actions.put_why(
            deviation=deviation, by=deviation.handler, key=uuid.uuid4(), text="Fordi.", weight="root", kind=kind
        )
    return deviation


def card(client: Client) -> str:
    found = BeautifulSoup(client.get("/rapporter/").text, "html.parser").find(id="arsaker")
    return " ".join(found.get_text(" ").split()) if found else ""


def rows(client: Client) -> dict[str, str]:
    found = BeautifulSoup(client.get("/rapporter/").text, "html.parser").select("#arsaker tbody tr")
    return {row.th.get_text(strip=True): row.td.get_text(strip=True) for row in found if row.th and row.td}


def test_each_case_counts_once_for_each_kind_and_few_are_not_shown(world: World, login: Login) -> None:
    leif = login(world.leif)
    assert card(leif) == "", "nobody has looked"
    caused(world, CauseKind.TOOLS, CauseKind.TOOLS)
    assert "fewer than three cases" in card(leif)
    assert rows(leif) == {}
    caused(world, CauseKind.TOOLS, CauseKind.TASKS)
    caused(world, CauseKind.TOOLS, CauseKind.TASKS)
    assert rows(leif) == {"Tools and equipment": "3", "Tasks": "–"}
    assert "“Tools and equipment”" in card(leif)
    assert "Tools and equipment" in leif.get("/rapporter/tall.csv").content.decode()


def test_each_has_their_share(world: World, login: Login) -> None:
    """Nobody is told of what they reported, or of what is about them; who has figures alone reads them elsewhere."""
    for _ in range(3):
        caused(world, CauseKind.TASKS)
    caused(world, CauseKind.TASKS, of=cases.about_the_leader)
    caused(world, CauseKind.TASKS, by=world.sunniva)
    caused(world, CauseKind.TASKS, of=cases.hse)
    shown = {who: rows(login(user)).get("Tasks") for who, user in world.people.items()}
    assert shown == {
        "leif": "5", "sunniva": "5", "rolf": "6", "kaja": "5", "kristin": "5", "tiril": None,
        "nora": None, "greta": None, "hans": None, "vidar": None, "per": None, "ada": None, "mona": None,
    }  # fmt: skip
    assert "arsak" not in login(world.vidar).get("/rapporter/tall.csv").content.decode()


def test_one_that_was_merged_elsewhere_or_lies_outside_the_period_counts_as_before(world: World, login: Login) -> None:
    for _ in range(3):
        caused(world, CauseKind.OUTSIDE)
    assert rows(login(world.leif)) == {"Outside us": "3"}
    page = BeautifulSoup(login(world.leif).get("/rapporter/?fra=2020-01&til=2020-02").text, "html.parser")
    assert page.find(id="arsaker") is None
