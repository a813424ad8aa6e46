from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from deviations.access import closing_obstacles
from deviations.models import Deviation
from improvement import actions
from improvement.models import Action
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]


def close(client: Client, case: Deviation, step: str = "close") -> bool:
    case.refresh_from_db()
    address = f"/avvik/{case.reference}/steg/{step}/"
    client.post(address, {"seen": case.events_count, "outcome": "Vi har ryddet opp."})
    case.refresh_from_db()
    return not case.is_open


@pytest.mark.parametrize("step", ["close", "not_deviation"])
def test_an_open_action_keeps_it_open(world: World, login: Login, plan: Plan, case: Deviation, step: str) -> None:
    action = plan(deviation=case)
    leif = login(world.leif)
    assert not close(leif, case, step)
    with translation.override("en"):
        (said,) = closing_obstacles(case)
        assert said.startswith("An action in the case is not finished. Mark it as done, cancel it, or let it go on")
        plan(deviation=case)
        assert closing_obstacles(case)[0].startswith("2 actions in the case are not finished.")
    actions.start(action=action, by=world.greta)
    assert not close(leif, case, step)


def test_done_and_cancelled_actions_do_not(world: World, login: Login, plan: Plan, case: Deviation) -> None:
    done, cancelled = plan(deviation=case), plan(deviation=case)
    actions.finish(action=done, by=world.greta, done_note="Gjort")
    actions.cancel(action=cancelled, by=world.leif, note="Ikke nødvendig")
    assert close(login(world.leif), case)


@pytest.mark.parametrize("step", ["close", "not_deviation"])
def test_an_action_may_go_on_after_the_case(
    world: World, login: Login, plan: Plan, case: Deviation, step: str
) -> None:
    action = plan(deviation=case)
    leif = login(world.leif)
    leif.post(f"/tiltak/{action.pk}/steg/outlive/", {"seen": action.events_count})
    assert close(leif, case, step)
    action.refresh_from_db()
    assert action.is_open
    answer = login(world.greta).post(
        f"/tiltak/{action.pk}/steg/finish/", {"seen": action.events_count, "done_note": "Gjort"}
    )
    assert answer.status_code == 302
    action.refresh_from_db()
    assert action.state == "done"


def test_actions_of_other_cases_and_of_none_are_no_hindrance(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    plan()
    assert close(login(world.leif), case)
