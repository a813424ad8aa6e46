"""Two cases become one: what is still to be done in the one that ends goes along to the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deviations import actions as cases
from deviations.access import closing_obstacles
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Action
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.improvement.conftest import SECRET_TEXT
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]


@pytest.fixture
def other(world: World) -> Deviation:
    """The same, reported in the nursing home."""
    return cases.report(by=world.greta, unit=world.nursing_home, kind=Kind.DEVIATION, text="Feil dose")


def merge(client: Client, case: Deviation, other: Deviation) -> None:
    answer = client.post(f"/avvik/{case.reference}/steg/merge/", {"seen": case.events_count, "into": other.reference})
    assert answer.status_code == 302


def test_it_keeps_owner_and_deadline_and_lies_where_the_other_case_is_handled(
    world: World, login: Login, plan: Plan, case: Deviation, other: Deviation
) -> None:
    action = plan(deviation=case)
    before = (action.owner, action.deadline, action.state)
    merge(login(world.sunniva), case, other)
    action.refresh_from_db()
    assert (action.deviation, action.unit) == (other, world.nursing_home)
    assert action.ancestor_ids == world.nursing_home.ancestor_ids
    assert (action.owner, action.deadline, action.state) == before
    assert SECRET_TEXT in login(world.hans).get(other.get_absolute_url()).text
    assert SECRET_TEXT not in login(world.leif).get(case.get_absolute_url()).text


def test_those_who_see_the_other_case_see_it_from_then_on(
    world: World, login: Login, plan: Plan, case: Deviation, other: Deviation
) -> None:
    action = plan(deviation=case, owner=world.nora)
    address = action.get_absolute_url()
    assert login(world.hans).get(address).status_code == 404
    cases.merge(deviation=case, by=world.sunniva, into=other)
    seen = {
        name
        for name in ("nora", "leif", "hans", "kaja", "vidar")
        if login(world.people[name]).get(address).status_code == 200
    }
    assert seen == {"nora", "hans", "kaja"}


def test_its_story_says_so_without_naming_either_case(
    world: World, login: Login, plan: Plan, case: Deviation, other: Deviation
) -> None:
    action = plan(deviation=case, owner=world.ada)
    cases.merge(deviation=case, by=world.sunniva, into=other)
    event = Event.objects.about(action).last()
    assert event is not None
    assert (event.type, event.by) == ("improvement.action_followed", world.sunniva)
    page = login(world.ada).get(action.get_absolute_url()).text
    assert "Sunniva Sand merged its case into another" in page
    assert case.reference not in page
    assert other.reference not in page


def test_it_holds_the_other_case_back_and_one_that_goes_on_does_not(
    world: World, plan: Plan, case: Deviation, other: Deviation
) -> None:
    going_on = plan(deviation=case)
    actions.outlive(action=going_on, by=world.leif)
    cases.merge(deviation=case, by=world.sunniva, into=other)
    assert not closing_obstacles(other)
    going_on.refresh_from_db()
    assert (going_on.deviation, going_on.goes_on) == (other, True)


def test_an_unfinished_one_holds_the_other_case_back(
    world: World, plan: Plan, case: Deviation, other: Deviation
) -> None:
    plan(deviation=case)
    assert not closing_obstacles(other)
    cases.merge(deviation=case, by=world.sunniva, into=other)
    assert closing_obstacles(other)


def test_what_is_done_stays_where_it_was_done(world: World, plan: Plan, case: Deviation, other: Deviation) -> None:
    done = plan(deviation=case)
    actions.finish(action=done, by=world.greta, done_note="Gjort")
    cases.merge(deviation=case, by=world.sunniva, into=other)
    done.refresh_from_db()
    assert (done.deviation, done.unit) == (case, world.home_care)


def test_a_merge_that_is_refused_moves_nothing(
    world: World, plan: Plan, case: Deviation, case_about_leif: Deviation
) -> None:
    action = plan(deviation=case_about_leif, by=world.sunniva)
    with pytest.raises(cases.CannotMerge):
        cases.merge(deviation=case_about_leif, by=world.sunniva, into=case)
    action.refresh_from_db()
    assert action.deviation == case_about_leif
