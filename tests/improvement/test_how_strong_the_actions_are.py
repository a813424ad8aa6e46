"""How strong an action is, and the question where all depend on somebody remembering. It never stops anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.models import Action, Strength
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]
ASKED = "All the actions so far depend on somebody remembering."


def page_of(client: Client, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def test_the_owner_or_the_leader_says_how_strong_it_is(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    action = plan(deviation=case)
    path = f"{action.get_absolute_url()}steg/weigh/"
    leif = login(world.leif)
    assert "a checklist" in leif.get(path).text
    assert "Fill in" in leif.post(path, {}).text or Action.objects.get(pk=action.pk).strength == ""
    assert leif.post(path, {"strength": "medium"}).status_code == 302
    action.refresh_from_db()
    assert action.strength == Strength.MEDIUM
    assert "You assessed the action as medium strong." in page_of(leif, action.get_absolute_url())
    assert "Medium strong" in page_of(leif, case.get_absolute_url())
    assert login(world.nora).post(path, {"strength": "strong"}).status_code == 404
    assert login(world.kaja).post(path, {"strength": "strong"}).status_code == 403
    actions.cancel(action=action, by=world.leif, note="Nei")
    leif.post(path, {"strength": "weak"})
    action.refresh_from_db()
    assert action.strength == Strength.MEDIUM


@pytest.mark.parametrize(
    ("strengths", "asked"),
    [([], False), (["weak"], True), (["weak", "weak"], True), (["weak", "medium"], False), (["weak", ""], False)],
)
def test_where_all_are_weak_the_case_asks_once_more(
    world: World, login: Login, plan: Plan, case: Deviation, strengths: list[str], asked: bool
) -> None:
    for strength in strengths:
        plan(deviation=case, strength=strength)
    for who, reads in (("leif", asked), ("sunniva", asked), ("kaja", False), ("nora", False)):
        assert (ASKED in page_of(login(world.people[who]), case.get_absolute_url())) == reads, who
    closing = page_of(login(world.leif), f"{case.get_absolute_url()}steg/close/")
    assert (ASKED in closing) == asked


def test_one_that_was_cancelled_does_not_count_and_nobody_is_stopped(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    strong = plan(deviation=case, strength="strong")
    weak = plan(deviation=case, strength="weak")
    leif = login(world.leif)
    assert ASKED not in page_of(leif, case.get_absolute_url())
    actions.cancel(action=strong, by=world.leif, note="For dyrt")
    assert ASKED in page_of(leif, case.get_absolute_url())
    actions.finish(action=weak, by=world.leif, done_note="Gjort.")
    assert ASKED in page_of(leif, f"{case.get_absolute_url()}steg/close/")
    leif.post(f"{case.get_absolute_url()}steg/close/", {"outcome": "Vi har minnet alle på det."})
    case.refresh_from_db()
    assert case.state == "closed"
    assert ASKED not in page_of(leif, case.get_absolute_url())


def test_in_a_serious_case_the_strength_is_asked_for_in_plain_sight(
    world: World, login: Login, case: Deviation
) -> None:
    path = f"/tiltak/ny/?sak={case.reference}"

    def folded() -> bool:
        page = BeautifulSoup(login(world.leif).get(path).text, "html.parser")
        return page.select_one("details [name=strength]") is not None

    assert folded()
    cases.assess(deviation=case, by=world.leif, consequence=4, probability=4)
    assert not folded()
