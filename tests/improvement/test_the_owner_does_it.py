from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from deviations.models import Deviation
from improvement import actions
from improvement.lifecycle import LIFECYCLE
from improvement.models import Action
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import known
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]

ANSWERS: dict[str, dict[str, Any]] = {
    "start": {},
    "finish": {"done_note": "Nye rutiner er på plass"},
    "move_deadline": {"note": "Venter på utstyr", "deadline": "2031-01-15"},
    "hand_over": {"owner": "Hans Haug"},
    "outlive": {},
    "cancel": {"note": "Ikke nødvendig"},
}
BY_OWNER = ("start", "finish", "move_deadline")
EVENTS = {
    "start": "improvement.action_started",
    "finish": "improvement.action_done",
    "move_deadline": "improvement.action_deadline_moved",
    "hand_over": "improvement.action_handed_over",
    "outlive": "improvement.action_goes_on",
    "cancel": "improvement.action_cancelled",
}


def address(action: Action, step: str) -> str:
    return f"/tiltak/{action.pk}/steg/{step}/"


def take(client: Client, action: Action, step: str, **how: Any) -> Any:
    return client.post(address(action, step), {"seen": action.events_count, **ANSWERS[step], **how})


def last_event(action: Action) -> str:
    event = Event.objects.about(action).last()
    assert event is not None
    return event.type


@pytest.fixture
def action(plan: Plan, case: Deviation) -> Action:
    return plan(deviation=case)


@pytest.mark.parametrize("step", BY_OWNER)
def test_the_owner_takes_a_step(world: World, login: Login, action: Action, step: str) -> None:
    answer = take(login(world.greta), action, step)
    assert answer.status_code == 302
    assert last_event(action) == EVENTS[step]


def test_an_owner_who_sees_the_case_or_whose_action_has_none_hands_it_over(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    for action in (plan(), plan(deviation=case, owner=world.nora)):
        assert take(login(action.owner), action, "hand_over").status_code == 302
        assert last_event(action) == EVENTS["hand_over"]


def test_an_owner_who_does_not_see_the_case_cannot_find_out_whom_it_is_about(
    world: World, login: Login, plan: Plan, case_about_leif: Deviation
) -> None:
    """Only the one it is about can't have the action: who could try every colleague would know."""
    action = plan(deviation=case_about_leif, by=world.sunniva)
    greta = login(world.greta)
    page = greta.get(action.get_absolute_url()).content.decode()
    assert address(action, "finish") in page
    assert address(action, "hand_over") not in page
    answers = [take(greta, action, "hand_over", owner=name).status_code for name in ("Leif Lund", "Hans Haug")]
    assert answers == [403, 403]
    assert greta.get(address(action, "hand_over")).status_code == 403
    assert last_event(action) == "improvement.action_planned"


@pytest.mark.parametrize("step", ANSWERS)
def test_the_handler_takes_a_step(world: World, login: Login, action: Action, step: str) -> None:
    assert take(login(world.leif), action, step).status_code == 302
    assert last_event(action) == EVENTS[step]


def test_what_the_steps_leave_behind(world: World, login: Login, plan: Plan, case: Deviation) -> None:
    leif = login(world.leif)
    left = {}
    for step in ANSWERS:
        action = plan(deviation=case)
        take(leif, action, step)
        action.refresh_from_db()
        left[step] = action
    assert left["start"].state == "under_way"
    done, cancelled = left["finish"], left["cancel"]
    assert (done.state, done.done_note, done.closed_by) == ("done", "Nye rutiner er på plass", world.leif)
    assert done.closed_at is not None
    assert (cancelled.state, cancelled.closed_by) == ("cancelled", world.leif)
    assert Event.objects.about(cancelled).last().data["note"] == "Ikke nødvendig"  # type: ignore[union-attr]
    assert left["move_deadline"].deadline == datetime.date(2031, 1, 15)
    assert left["move_deadline"].state == "planned"
    assert left["hand_over"].owner == world.hans
    assert left["outlive"].goes_on is True


@pytest.mark.parametrize("step", ANSWERS)
def test_looking_at_a_step_changes_nothing(world: World, login: Login, action: Action, step: str) -> None:
    expected = 405 if step in ("start", "outlive") else 200
    assert login(world.leif).get(address(action, step)).status_code == expected
    assert last_event(action) == "improvement.action_planned"


@pytest.mark.parametrize("step", ANSWERS)
def test_a_stranger_finds_nothing(world: World, login: Login, action: Action, step: str) -> None:
    for user in (world.mona, world.hans, world.vidar, world.ada):
        assert take(login(user), action, step).status_code == 404
    assert last_event(action) == "improvement.action_planned"


@pytest.mark.parametrize("step", ANSWERS)
def test_whoever_only_sees_it_may_not(world: World, login: Login, action: Action, step: str) -> None:
    for user in (world.kaja, world.kristin):
        assert take(login(user), action, step).status_code == 403
    if step not in BY_OWNER:
        assert take(login(world.greta), action, step).status_code == 403
    assert last_event(action) == "improvement.action_planned"


@pytest.mark.parametrize("step", ["start", "finish", "outlive", "cancel", "hand_over"])
def test_nothing_happens_the_second_time(world: World, login: Login, action: Action, step: str) -> None:
    leif = login(world.leif)
    sent = {"seen": action.events_count, **ANSWERS[step]}
    leif.post(address(action, step), sent)
    count = Event.objects.about(action).count()
    leif.post(address(action, step), sent)
    assert Event.objects.about(action).count() == count


@pytest.mark.parametrize(
    ("step", "how"),
    [
        ("finish", {"done_note": " "}),
        ("finish", {"done_note": "Snakket med 15858510055"}),
        ("cancel", {"note": ""}),
        ("move_deadline", {"note": ""}),
        ("move_deadline", {"deadline": "2020-01-01"}),
        ("hand_over", {"owner": "Greta Gran"}),
        ("hand_over", {"owner": "Mona Moe"}),
    ],
)
def test_a_step_says_what_is_missing(
    world: World, login: Login, action: Action, step: str, how: dict[str, str]
) -> None:
    answer = take(login(world.leif), action, step, **how)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert last_event(action) == "improvement.action_planned"


def test_the_slower_of_two_is_told(world: World, login: Login, action: Action) -> None:
    seen = action.events_count
    take(login(world.greta), action, "finish")
    answer = login(world.leif).post(address(action, "cancel"), {"seen": seen, "note": "Ikke nødvendig"}, follow=True)
    action.refresh_from_db()
    assert action.state == "done"
    assert "Greta Gran" in str(next(iter(answer.context["messages"])))


def test_what_people_write_stays_out_of_the_journal(world: World, login: Login, action: Action) -> None:
    take(login(world.greta), action, "finish")
    assert "Nye rutiner" not in str([event.data for event in Event.objects.about(action)])


def test_every_event_reads_as_a_sentence() -> None:
    assert [step.event for step in LIFECYCLE if not known(step.event)] == []
    assert known("improvement.action_planned")


def test_overdue_is_the_day_after_the_deadline(plan: Plan) -> None:
    today = timezone.localdate()
    due, late = plan(deadline=today), plan(deadline=today - datetime.timedelta(days=1))
    assert (due.is_overdue, late.is_overdue) == (False, True)
    assert list(Action.objects.overdue()) == [late]


@pytest.mark.parametrize(
    "half",
    [
        {"state": "done"},
        {"closed_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        {"state": "cancelled", "closed_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        {"done_note": "x"},
        {"goes_on": True},
    ],
)
def test_the_database_refuses_half_an_end(plan: Plan, half: dict[str, Any]) -> None:
    action = plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**half)


def test_nobody_is_given_anything_after_they_left(world: World, plan: Plan) -> None:
    action = plan()
    User.objects.filter(pk=world.hans.pk).update(is_active=False)
    with pytest.raises(actions.CannotOwn):
        actions.hand_over(action=action, by=world.leif, owner=world.hans)
    assert last_event(action) == "improvement.action_planned"
