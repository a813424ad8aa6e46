"""Leif plans an action for Greta; Nora has a part in it. Each ticks their own, and Greta finishes the whole."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations.models import Deviation
from improvement import actions, reminders
from improvement.models import Action, ActionPart
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]
WHAT = "Lag den nye lista."


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def action(world: World, plan: Plan) -> Action:
    return plan()


@pytest.fixture
def part(world: World, action: Action) -> ActionPart:
    return actions.add_part(action=action, by=world.leif, what=WHAT, owner=world.nora)


def form(world: World, **more: str) -> dict[str, str]:
    return {"key": "3f1b8a52-0000-4000-8000-000000000009", "what": WHAT, "owner": world.nora.name} | more


def test_the_leader_gives_a_part_and_she_sees_it_and_ticks_it(world: World, login: Login, action: Action) -> None:
    nora = login(world.nora)
    assert nora.get(f"/tiltak/{action.pk}/").status_code == 404
    leif = login(world.leif)
    for _click in range(2):
        answer = leif.post(f"/tiltak/{action.pk}/deler/ny/", form(world))
        assert answer["Location"] == f"/tiltak/{action.pk}/#deler"
    part = ActionPart.objects.get()
    assert part.by_day == action.deadline, "without a day of its own it follows the whole"

    nora = login(world.nora)
    assert WHAT in text_of(nora.get(f"/tiltak/{action.pk}/"))
    assert action.what in text_of(nora.get("/tiltak/"))
    assert "My part is done" in text_of(nora.get(f"/tiltak/{action.pk}/"))
    nora.post(f"/tiltak/{action.pk}/deler/{part.pk}/gjort/")
    nora.post(f"/tiltak/{action.pk}/deler/{part.pk}/gjort/")
    part.refresh_from_db()
    assert part.done_at
    assert action.what not in text_of(nora.get("/tiltak/")), "her part is done"
    kinds = [event.type.partition(".")[2] for event in Event.objects.about(action).order_by("number")]
    assert kinds == ["action_planned", "part_added", "part_done"], "nothing twice"
    assert WHAT not in str(list(Event.objects.about(action).values_list("data", flat=True)))
    nora.post(f"/tiltak/{action.pk}/deler/{part.pk}/angre/")
    part.refresh_from_db()
    assert part.is_waiting


def test_what_is_due_this_week_stands_on_her_morning_page(world: World, login: Login, action: Action) -> None:
    soon = timezone.localdate() + datetime.timedelta(days=2)
    assert "Your actions" not in text_of(login(world.nora).get("/"))
    actions.add_part(action=action, by=world.leif, what=WHAT, owner=world.nora, due_on=soon)
    assert "Your actions" in text_of(login(world.nora).get("/"))


def test_a_part_is_due_no_later_than_the_whole(world: World, login: Login, action: Action) -> None:
    after = action.deadline + datetime.timedelta(days=1)
    answer = login(world.leif).post(f"/tiltak/{action.pk}/deler/ny/", form(world, due_on=after.isoformat()))
    assert answer.status_code == 200
    assert "so its parts are too" in text_of(answer)
    with pytest.raises(actions.PartTooLate):
        actions.add_part(action=action, by=world.leif, what=WHAT, owner=world.nora, due_on=after)
    part = actions.add_part(action=action, by=world.leif, what=WHAT, owner=world.nora, due_on=action.deadline)
    earlier = action.deadline - datetime.timedelta(days=5)
    actions.move_deadline(action=action, by=world.leif, deadline=earlier, note="Det haster.")
    part = ActionPart.objects.due(earlier).get(pk=part.pk)
    assert part.by_day == earlier


def test_before_finishing_she_reads_which_parts_are_not_ticked(
    world: World, login: Login, action: Action, part: ActionPart
) -> None:
    greta = login(world.greta)
    page = text_of(greta.get(f"/tiltak/{action.pk}/steg/finish/"))
    assert "These parts aren’t ticked yet" in page
    assert f"Nora Nygård: {WHAT}" in page
    greta.post(f"/tiltak/{action.pk}/steg/finish/", {"done_note": "Gjort."})
    action.refresh_from_db()
    assert not action.is_open
    assert login(world.nora).post(f"/tiltak/{action.pk}/deler/{part.pk}/gjort/").status_code == 302
    part.refresh_from_db()
    assert part.done_at is None, "what has ended stands as it was"


def test_who_may_and_who_may_not(world: World, login: Login, action: Action, part: ActionPart) -> None:
    here = f"/tiltak/{action.pk}/deler"
    assert login(world.nora).post(f"{here}/{part.pk}/fjern/").status_code == 403
    assert login(world.nora).get(f"{here}/ny/").status_code == 403
    assert login(world.leif).post(f"{here}/{part.pk}/gjort/").status_code == 403, "each ticks their own"
    assert login(world.mona).post(f"{here}/{part.pk}/gjort/").status_code == 404
    assert login(world.nora).get(f"{here}/{part.pk}/gjort/").status_code == 405
    assert login(world.greta).post(f"{here}/{part.pk}/fjern/").status_code == 302
    assert not ActionPart.objects.exists()
    assert login(world.nora).get(f"/tiltak/{action.pk}/").status_code == 404, "she has no part in it any more"


def test_nobody_gets_a_part_in_a_case_about_themselves(
    world: World, login: Login, plan: Plan, case_about_leif: Deviation
) -> None:
    action = plan(by=world.sunniva, deviation=case_about_leif, owner=world.greta)
    with pytest.raises(actions.CannotOwn):
        actions.add_part(action=action, by=world.sunniva, what=WHAT, owner=world.leif)
    answer = login(world.sunniva).post(f"/tiltak/{action.pk}/deler/ny/", form(world, owner=world.leif.name))
    assert answer.status_code == 200
    assert login(world.greta).get(f"/tiltak/{action.pk}/deler/ny/").status_code == 403, "she may not try names"


def test_she_is_told_and_reminded(world: World, action: Action, part: ActionPart) -> None:
    deliver.sweep()
    assert Notification.objects.filter(user=world.nora, name="improvement.part_given").exists()
    actions.tick_part(part=part, by=world.nora, done=True)
    deliver.sweep()
    assert Notification.objects.filter(user=world.greta, name="improvement.part_done").exists()
    actions.tick_part(part=part, by=world.nora, done=False)
    rule = reminders.PartDeadline()
    noon = datetime.time(12, tzinfo=timezone.get_current_timezone())
    late = Clock(datetime.datetime.combine(action.deadline + datetime.timedelta(days=1), noon))
    row = rule.queryset(late).get()
    assert list(rule.recipients(row, late)) == [world.nora]
    assert rule.may_see(row, world.nora)
    assert rule.occasion(row, late)


def test_what_she_answers_for_is_handed_over(world: World, action: Action, part: ActionPart) -> None:
    assert [each.key for each, _count in handover.outstanding(world.nora)] == ["improvement.parts"]
    handover.hand_over(user=world.nora, heirs={"improvement.parts": world.hans}, by=world.ada)
    part.refresh_from_db()
    assert part.owner == world.hans
    assert not handover.outstanding(world.nora)


def test_what_is_late_where_one_leads_is_one_tap_away(world: World, login: Login, action: Action) -> None:
    assert "Late where you lead" not in text_of(login(world.leif).get("/"))
    Action.objects.update(deadline=timezone.localdate() - datetime.timedelta(days=3))
    page = text_of(login(world.leif).get("/"))
    assert "Late where you lead" in page
    assert "See all late actions" in page
    assert "Late where you lead" not in text_of(login(world.hans).get("/"))
