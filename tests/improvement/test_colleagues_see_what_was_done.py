"""Colleagues read what was done, when it is done and somebody chose to show it: that, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Action
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.improvement.conftest import SECRET_TEXT
from tests.improvement.test_who_sees_an_action import EVERYBODY
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]
PAGE = "/tiltak/?visning=gjort"
RESULT = "Ny dosett henger der nå."


def an_ordinary_case(world: World) -> Deviation:
    return cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")


def a_case_with_a_hidden_name(world: World) -> Deviation:
    return cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose", hide_name=True)


def a_case_about_the_leader(world: World) -> Deviation:
    return cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om ham", about_leader=True)


def no_case(world: World) -> None:
    return None


CASES: dict[str, Callable[[World], Deviation | None]] = {
    "ordinary": an_ordinary_case,
    "hidden name": a_case_with_a_hidden_name,
    "about the leader": a_case_about_the_leader,
    "none": no_case,
}
COLLEAGUES = {"nora", "leif"}
# By the case and how far the action has come: who reads of it on the page of colleagues.
TABLE: dict[tuple[str, str], set[str]] = {
    ("ordinary", "open"): set(),
    ("ordinary", "cancelled"): set(),
    ("ordinary", "done"): COLLEAGUES,
    ("ordinary", "done, not shown"): set(),
    ("hidden name", "done"): set(),
    ("about the leader", "done"): set(),
    ("none", "open"): set(),
    ("none", "done"): COLLEAGUES,
    ("none", "done, not shown"): set(),
}


def brought(action: Action, how_far: str, world: World) -> None:
    if how_far == "cancelled":
        actions.cancel(action=action, by=world.sunniva, note="Ikke nødvendig")
    elif how_far.startswith("done"):
        actions.finish(action=action, by=action.owner, done_note=RESULT)


@pytest.mark.parametrize(("kind", "how_far"), TABLE)
def test_each_reads_what_the_table_says(world: World, login: Login, plan: Plan, kind: str, how_far: str) -> None:
    """Whatever a form or an older row says: the rule is asked of the rows."""
    action = plan(deviation=CASES[kind](world), unit=world.home_care, by=world.sunniva, strength="strong")
    Action.objects.filter(pk=action.pk).update(shared=how_far != "done, not shown")
    action.refresh_from_db()
    brought(action, how_far, world)
    told = {name for name in EVERYBODY if SECRET_TEXT in login(world.people[name]).get(PAGE).content.decode()}
    # Without colleagues one lands on one's own open actions, where the owner has it.
    assert told - ({"greta"} if how_far == "open" else set()) == TABLE[kind, how_far]


def test_it_says_what_was_done_where_and_how_strong_and_nothing_else(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    action = plan(deviation=case, shared=True, strength="strong")
    actions.finish(action=action, by=world.greta, done_note=RESULT)
    colleague = organisation.add_person(
        municipality=world.municipality, name="Siri Sol", email="siri@fjelldal.example", language="nb"
    )
    organisation.grant_role(user=colleague, unit=world.home_care, role=Role.EMPLOYEE)
    client = login(colleague)
    (card,) = BeautifulSoup(client.get(PAGE).content, "html.parser").select("main .los-card")
    assert " ".join(card.get_text().split()) == (
        f"{SECRET_TEXT} {RESULT} Hjemmetjenesten · Strong: makes the mistake impossible or hard to make"
    )
    page = client.get(PAGE).content.decode()
    for secret in (case.reference, "Feil dose", "Greta Gran", action.get_absolute_url()):
        assert secret not in page
    assert client.get(action.get_absolute_url()).status_code == 404
    assert client.get(case.get_absolute_url()).status_code == 404


def test_a_unit_below_reads_it_and_one_beside_does_not(world: World, login: Login, plan: Plan) -> None:
    action = plan(unit=world.health, by=world.sunniva, owner=world.sunniva, shared=True)
    actions.finish(action=action, by=world.sunniva, done_note=RESULT)
    shown = {name for name in EVERYBODY if Action.objects.shared_with(world.people[name]).exists()}
    assert shown == {"nora", "leif", "greta", "hans", "sunniva"}


def answers(**more: Any) -> dict[str, Any]:
    return {"key": "", "what": "Nytt skap", "owner": "Nora Nygård", "deadline": "2031-01-15", **more}


def test_the_planner_ticks_it_and_reads_who_sees_it(world: World, login: Login, case: Deviation) -> None:
    leif = login(world.leif)
    address = f"/tiltak/ny/?sak={case.reference}"
    form = leif.get(address)
    assert "Those who work in the unit and the units below it" in form.content.decode()
    key = form.context["form"].initial["key"]
    assert leif.post(address, answers(key=key, shared="on")).status_code == 302
    assert Action.objects.get().shared


def test_it_is_not_shown_unless_ticked(world: World, login: Login, case: Deviation) -> None:
    leif = login(world.leif)
    address = f"/tiltak/ny/?sak={case.reference}"
    leif.post(address, answers(key=leif.get(address).context["form"].initial["key"]))
    assert not Action.objects.get().shared


@pytest.mark.parametrize("kind", ["hidden name", "about the leader"])
def test_where_it_may_not_be_shown_it_is_not_asked_and_can_not_be_forced(
    world: World, login: Login, plan: Plan, kind: str
) -> None:
    case = CASES[kind](world)
    assert case is not None
    sunniva = login(world.sunniva)
    address = f"/tiltak/ny/?sak={case.reference}"
    form = sunniva.get(address).context["form"]
    assert "shared" not in form.fields
    sunniva.post(address, answers(key=form.initial["key"], shared="on"))
    action = Action.objects.get()
    assert not action.shared
    assert "steg/share/" not in sunniva.get(action.get_absolute_url()).content.decode()
    sunniva.post(f"/tiltak/{action.pk}/steg/share/", {"seen": action.events_count})
    action.refresh_from_db()
    assert not action.shared


def test_the_leader_shows_and_hides_what_is_done(world: World, login: Login, plan: Plan, case: Deviation) -> None:
    action = plan(deviation=case)
    actions.finish(action=action, by=world.greta, done_note=RESULT)
    leif, nora = login(world.leif), login(world.nora)
    for step, shown in (("share", True), ("unshare", False)):
        address = f"/tiltak/{action.pk}/steg/{step}/"
        assert leif.get(address).status_code == 405
        assert login(world.mona).post(address).status_code == 404
        assert login(world.greta).post(address).status_code == 403
        for _ in range(2):  # the second time it does nothing
            assert leif.post(address, {"seen": action.events_count}).status_code == 302
        before = action.events_count
        action.refresh_from_db()
        assert action.events_count == before + 1
        assert (RESULT in nora.get(PAGE).content.decode()) is shown


def test_the_one_who_finishes_it_is_told_who_will_read(world: World, login: Login, plan: Plan) -> None:
    shown, hidden = plan(shared=True), plan()
    greta = login(world.greta)
    told = [
        "Those who work in Hjemmetjenesten read this" in greta.get(f"/tiltak/{each.pk}/steg/finish/").content.decode()
        for each in (shown, hidden)
    ]
    assert told == [True, False]


def test_it_stays_hidden_when_its_case_becomes_one_with_a_hidden_reporters(world: World, plan: Plan) -> None:
    ordinary, hidden = an_ordinary_case(world), a_case_with_a_hidden_name(world)
    action = plan(deviation=ordinary, shared=True)
    cases.merge(deviation=ordinary, by=world.leif, into=hidden)
    action.refresh_from_db()
    assert not action.shared


def test_nobody_without_colleagues_has_the_page_and_an_empty_one_says_why(world: World, login: Login) -> None:
    assert "Nothing is shown here yet" in login(world.nora).get(PAGE).content.decode()
    assert "visning=gjort" not in login(world.ada).get("/tiltak/").content.decode()


def test_the_page_costs_the_same_at_many(world: World, login: Login, plan: Plan) -> None:
    nora = login(world.nora)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert nora.get(PAGE).status_code == 200
        return len(asked)

    questions()
    for _ in range(2):
        actions.finish(action=plan(shared=True), by=world.greta, done_note=RESULT)
    few = questions()
    for _ in range(30):
        actions.finish(action=plan(shared=True), by=world.greta, done_note=RESULT)
    assert questions() == few
