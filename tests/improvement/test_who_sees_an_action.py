from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Action
from kvalitetslosen.organisation.models import MunicipalitySettings, User
from tests.improvement.conftest import SECRET_TEXT
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]

EVERYBODY = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per", "ada", "mona",
)  # fmt: skip
LINE = {"leif", "sunniva", "rolf"}


def those_who_open(world: World, login: Login, action: Action) -> set[str]:
    answers = {name: login(getattr(world, name)).get(action.get_absolute_url()).status_code for name in EVERYBODY}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


def those_who_list(world: World, login: Login) -> set[str]:
    return {
        name
        for name in EVERYBODY
        if SECRET_TEXT in login(getattr(world, name)).get("/tiltak/?visning=omrade").content.decode()
    }


def test_an_action_of_a_case(world: World, login: Login, plan: Plan, case: Deviation) -> None:
    action = plan(deviation=case)
    assert those_who_open(world, login, action) == LINE | {"greta", "kaja", "kristin"}
    assert those_who_list(world, login) == LINE | {"greta", "kaja", "kristin"}


def test_an_action_without_a_case(world: World, login: Login, plan: Plan) -> None:
    assert those_who_open(world, login, plan()) == LINE | {"greta", "kaja", "kristin"}


def test_an_action_of_a_case_about_a_leader(
    world: World, login: Login, plan: Plan, case_about_leif: Deviation
) -> None:
    action = plan(deviation=case_about_leif, by=world.sunniva)
    assert those_who_open(world, login, action) == {"greta", "sunniva", "rolf"}
    assert those_who_list(world, login) == {"greta", "sunniva", "rolf"}
    assert SECRET_TEXT not in login(world.leif).get("/").content.decode()


def test_the_one_a_case_is_about_sees_nothing_even_if_it_is_theirs_by_mistake(
    world: World, login: Login, plan: Plan, case_about_leif: Deviation
) -> None:
    action = plan(deviation=case_about_leif, by=world.sunniva)
    Action.objects.filter(pk=action.pk).update(owner=world.leif)
    assert login(world.leif).get(action.get_absolute_url()).status_code == 404
    assert SECRET_TEXT not in login(world.leif).get("/tiltak/").content.decode()
    assert SECRET_TEXT not in login(world.leif).get("/").content.decode()


def test_the_owner_sees_the_action_and_not_the_case(world: World, login: Login, plan: Plan, case: Deviation) -> None:
    action = plan(deviation=case)
    page = login(world.greta).get(action.get_absolute_url()).content.decode()
    assert SECRET_TEXT in page
    assert case.reference not in page
    assert case.reference in login(world.leif).get(action.get_absolute_url()).content.decode()
    assert login(world.greta).get(case.get_absolute_url()).status_code == 404


def test_the_reporter_reads_on_the_case_what_is_planned_and_how_it_stands(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    action = plan(deviation=case)
    page = login(world.nora).get(case.get_absolute_url()).content.decode()
    assert SECRET_TEXT in page
    assert action.get_absolute_url() not in page
    assert "Greta Gran" not in page
    assert login(world.nora).get(action.get_absolute_url()).status_code == 404


def test_a_hidden_reporter_reads_it_like_any_other(world: World, login: Login, plan: Plan) -> None:
    hidden = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose", hide_name=True)
    action = plan(deviation=hidden)
    page = login(world.nora).get(hidden.get_absolute_url()).content.decode()
    assert SECRET_TEXT in page
    assert action.get_absolute_url() not in page


@pytest.mark.parametrize("hide_name", [False, True])
def test_a_leader_above_who_reported_the_case_reads_what_any_reporter_reads(
    world: World, login: Login, plan: Plan, hide_name: bool
) -> None:
    own = cases.report(
        by=world.sunniva, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose", hide_name=hide_name
    )
    assert own.handler == world.leif
    action = plan(deviation=own)
    assert those_who_open(world, login, action) == {"leif", "rolf", "greta", "kaja", "kristin"}
    assert "sunniva" not in those_who_list(world, login)
    page = login(world.sunniva).get(own.get_absolute_url()).text
    assert SECRET_TEXT in page
    assert action.get_absolute_url() not in page
    another = plan(what="Noe annet", deviation=cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Fall"
    ))  # fmt: skip
    assert login(world.sunniva).get(another.get_absolute_url()).status_code == 200
    assert login(world.sunniva).get(plan(what="Uten sak").get_absolute_url()).status_code == 200


def test_a_leader_who_reported_the_case_does_not_decide_over_its_actions(
    world: World, login: Login, plan: Plan
) -> None:
    own = cases.report(by=world.leif, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    assert own.handler == world.sunniva
    action = plan(deviation=own, by=world.sunniva)
    leif = login(world.leif)
    answer = leif.post(f"/tiltak/{action.pk}/steg/cancel/", {"seen": 1, "note": "x"})
    assert answer.status_code == 404
    assert leif.get(f"/tiltak/ny/?sak={own.reference}").status_code == 403


def test_the_case_sent_elsewhere_takes_its_actions_into_view_there(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    action = plan(deviation=case, owner=world.nora)
    cases.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Hører til der")
    assert "hans" in those_who_open(world, login, action)


@pytest.mark.parametrize(
    "path", ["/tiltak/", "/tiltak/?visning=omrade", "/tiltak/?visning=sent", "/tiltak/?visning=ferdige"]
)
def test_an_empty_list_says_why(world: World, login: Login, path: str) -> None:
    for user in (world.leif, world.nora):
        answer = login(user).get(path)
        assert answer.status_code == 200
        assert "los-empty" in answer.content.decode()
    assert login(world.leif).post(path).status_code == 405


def test_the_tabs_hold_what_they_say(world: World, login: Login, plan: Plan) -> None:
    mine = plan(what="Mitt eget", owner=world.leif)
    late = plan(what="For sent", deadline=timezone.localdate().replace(year=2020, day=1))
    ended = plan(what="Ferdig arbeid")
    actions.finish(action=ended, by=world.greta, done_note="Gjort")
    shown = {}
    for view in ("mine", "omrade", "sent", "ferdige", "tull"):
        page = login(world.leif).get("/tiltak/", {"visning": view}).context["page_of_actions"]
        shown[view] = list(page.rows)
    assert shown == {"mine": [mine], "omrade": [late, mine], "sent": [late], "ferdige": [ended], "tull": [mine]}


@pytest.mark.parametrize("view", ["omrade", "ferdige"])
def test_a_long_list_is_read_page_by_page_and_back(world: World, login: Login, plan: Plan, view: str) -> None:
    made = [plan(what=f"Nummer {number}") for number in range(60)]
    if view == "ferdige":
        for action in made:
            actions.cancel(action=action, by=world.leif, note="x")
        made.reverse()
    leif = login(world.leif)
    pages, address = [], f"?visning={view}"
    while address:
        pages.append((address, list(leif.get("/tiltak/" + address).context["page_of_actions"].rows)))
        address = leif.get("/tiltak/" + address).context["page_of_actions"].older
    assert [row for _, rows in pages for row in rows] == made
    last = leif.get("/tiltak/" + pages[-1][0]).context["page_of_actions"]
    back = leif.get("/tiltak/" + last.newer).context["page_of_actions"]
    assert list(back.rows) == pages[-2][1]
    assert leif.get(f"/tiltak/?visning={view}&etter=tull~x").status_code == 200


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_three_hundred_actions_cost_no_more_queries_than_ten(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    first = plan(deviation=case, owner=world.leif)
    for _ in range(9):
        plan(deviation=case, owner=world.leif, deadline=timezone.localdate())
    leif = login(world.leif)
    paths = [
        "/tiltak/", "/tiltak/?visning=omrade", "/tiltak/?visning=sent", "/", case.get_absolute_url(),
        first.get_absolute_url(), f"/tiltak/ny/?sak={case.reference}",
    ]  # fmt: skip
    for path in paths:
        queries(leif, path)
    few = {path: queries(leif, path) for path in paths}
    for _ in range(290):
        plan(deviation=case, owner=world.leif, deadline=timezone.localdate())
    assert {path: queries(leif, path) for path in paths} == few
    assert few["/tiltak/"] <= 5
    assert few[first.get_absolute_url()] <= 9


def test_where_upper_leaders_see_serious_cases_only_they_see_the_actions_of_those_only(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    MunicipalitySettings.objects.update_or_create(
        municipality=world.municipality, defaults={"narrow_upper_sight": True}
    )
    action, without_case = plan(deviation=case), plan()
    assert "rolf" not in those_who_open(world, login, action)
    assert "sunniva" in those_who_open(world, login, action)
    assert "rolf" in those_who_open(world, login, without_case)
    cases.assess(deviation=case, by=world.leif, consequence=5, probability=4)
    assert "rolf" in those_who_open(world, login, action)
