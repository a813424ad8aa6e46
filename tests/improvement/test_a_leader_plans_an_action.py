from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.models import Action
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
IN_TEN_DAYS = datetime.timedelta(days=10)


def answers(**how: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "what": "Innføre dobbelkontroll",
        "owner": "Greta Gran",
        "deadline": (timezone.localdate() + IN_TEN_DAYS).isoformat(),
        **how,
    }


def test_from_the_page_of_a_case_to_a_planned_action(world: World, login: Login, case: Deviation) -> None:
    leif = login(world.leif)
    page = leif.get(case.get_absolute_url()).content.decode()
    address = f"/tiltak/ny/?sak={case.reference}"
    assert address in page
    form = leif.get(address)
    assert "Leif Lund (Hjemmetjenesten)" in form.content.decode(), "the leader by default"
    assert (timezone.localdate() + datetime.timedelta(days=14)).isoformat() in form.content.decode()
    answer = leif.post(address, answers(strength="strong"))
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    action = Action.objects.get()
    assert (action.owner, action.deviation, action.unit) == (world.greta, case, world.home_care)
    assert (action.state, action.strength, action.level_1) == ("planned", "strong", world.health.pk)
    assert [event.type for event in Event.objects.about(action)] == ["improvement.action_planned"]
    assert "Innføre" not in str(Event.objects.about(action).get().data)
    assert "Innføre dobbelkontroll" in leif.get(case.get_absolute_url()).content.decode()


def test_the_same_form_sent_twice_makes_one(world: World, login: Login, case: Deviation) -> None:
    leif, sent = login(world.leif), answers()
    for _ in range(2):
        assert leif.post(f"/tiltak/ny/?sak={case.reference}", sent).status_code == 302
    assert Action.objects.count() == 1


def test_without_a_case_in_a_unit_one_leads(world: World, login: Login) -> None:
    assert login(world.leif).post("/tiltak/ny/", answers()).status_code == 302
    action = Action.objects.get()
    assert (action.deviation, action.unit) == (None, world.home_care)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "Ring 15858510055 om dosen"}, "what"),
        ({"owner": ""}, "owner"),
        ({"owner": "Mona Moe"}, "owner"),
        ({"owner": "Nobody Such"}, "owner"),
        ({"deadline": "2020-01-01"}, "deadline"),
        ({"deadline": "3020-01-01"}, "deadline"),
        ({"deadline": ""}, "deadline"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    world: World, login: Login, case: Deviation, wrong: dict[str, str], field: str
) -> None:
    answer = login(world.leif).post(f"/tiltak/ny/?sak={case.reference}", answers(**wrong))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Action.objects.exists()


def test_a_stranger_finds_no_case_to_add_to(world: World, login: Login, case: Deviation) -> None:
    for user in (world.mona, world.greta, world.hans):
        assert login(user).post(f"/tiltak/ny/?sak={case.reference}", answers()).status_code == 404


def test_those_who_only_see_the_case_may_not_add_to_it(world: World, login: Login, case: Deviation) -> None:
    for user in (world.nora, world.kaja, world.kristin):
        assert login(user).get(f"/tiltak/ny/?sak={case.reference}").status_code == 403
        assert login(user).post(f"/tiltak/ny/?sak={case.reference}", answers()).status_code == 403
        assert "/tiltak/ny/" not in login(user).get(case.get_absolute_url()).content.decode()
    assert not Action.objects.exists()


def test_only_leaders_plan_without_a_case(world: World, login: Login) -> None:
    for user in (world.nora, world.kaja, world.ada):
        assert login(user).get("/tiltak/ny/").status_code == 403
        assert login(user).post("/tiltak/ny/", answers()).status_code == 403


def test_nothing_is_added_to_a_closed_case(world: World, login: Login, case: Deviation) -> None:
    cases.close(deviation=case, by=world.leif, outcome="Løst")
    answer = login(world.leif).post(f"/tiltak/ny/?sak={case.reference}", answers())
    assert answer["Location"] == case.get_absolute_url()
    assert not Action.objects.exists()
    with pytest.raises(actions.CaseClosed):
        actions.plan(by=world.leif, owner=world.leif, what="x", deadline=timezone.localdate(), deviation=case)


def test_the_leader_a_case_is_about_gets_no_action_in_it(
    world: World, login: Login, case_about_leif: Deviation
) -> None:
    sunniva = login(world.sunniva)
    address = f"/tiltak/ny/?sak={case_about_leif.reference}"
    answer = sunniva.post(address, answers(owner="Leif Lund"))
    assert list(answer.context["form"].errors) == ["owner"]
    assert sunniva.post(address, answers()).status_code == 302
    assert Action.objects.get().unit_id == case_about_leif.handling_unit_id


def test_colleagues_are_found_by_the_beginning_of_a_name(world: World, login: Login) -> None:
    found = login(world.leif).get("/tiltak/personer/", {"owner": "gre"}).content.decode()
    assert re.findall('value="([^"]+)"', found) == ["Greta Gran (Sykehjemmet)"]
    assert login(world.mona).get("/tiltak/personer/", {"owner": "gre"}).content == b""
    assert login(world.leif).post("/tiltak/personer/").status_code == 405
