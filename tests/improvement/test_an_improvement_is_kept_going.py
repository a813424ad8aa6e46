"""An improvement doesn't die quietly: reminders, the morning page, hand-over, practice; and the board stays quick."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Kind, TallySheet
from improvement import actions
from improvement.models import Improvement
from improvement.practice import forget
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.improvement.test_a_team_makes_something_better import TITLE, at_the_last_step
from tests.notifications.conftest import Post, at
from tests.people import World

Login = Callable[[User], Client]


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def begun(world: World) -> Improvement:
    deliver.take_as_told()
    return actions.begin_improvement(by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif)


def test_nothing_for_thirty_days_is_asked_about(
    clock: time_machine.Traveller, world: World, login: Login, post: Post, begun: Improvement
) -> None:
    post.round()
    assert "Improvements to go on with" not in text_of(login(world.leif).get("/"))
    clock.move_to(at("2026-10-05 12:00"))
    mails = post.round()
    assert "Quiet for a while" in text_of(login(world.leif).get("/"))
    assert len([each for each in mails if each.to == [world.leif.email]]) == 1
    assert TITLE not in str(mails[0].body)
    assert not [each for each in post.round() if each.to == [world.leif.email]], "once"


def test_the_day_one_set_is_reminded_of(
    clock: time_machine.Traveller, world: World, login: Login, post: Post, begun: Improvement
) -> None:
    post.round()
    login(world.leif).post(f"/forbedring/{begun.pk}/steg/set_next/", {"seen": 1, "next_on": "2026-09-08"})
    begun.refresh_from_db()
    assert begun.next_on == datetime.date(2026, 9, 8)
    assert not [each for each in post.round() if each.to == [world.leif.email]]
    clock.move_to(at("2026-09-08 12:00"))
    assert [each for each in post.round() if each.to == [world.leif.email]]
    assert TITLE in text_of(login(world.leif).get("/"))


def test_whoever_is_given_or_invited_is_told(world: World, begun: Improvement) -> None:
    actions.invite_to_team(improvement=begun, by=world.leif, person=world.vidar)
    actions.invite_to_team(improvement=begun, by=world.leif, person=world.vidar)
    actions.give_improvement(improvement=begun, by=world.leif, owner=world.nora)
    deliver.sweep()
    here = begun.get_absolute_url()
    for user in (world.vidar, world.nora):
        assert Notification.objects.filter(user=user, url=here).count() == 1
    with pytest.raises(actions.CannotHave):
        actions.invite_to_team(improvement=begun, by=world.leif, person=world.mona)
    actions.take_out(improvement=begun, by=world.leif, person=world.vidar.pk)
    assert not Improvement.objects.visible_to(world.vidar).exists()


def test_whoever_leaves_hands_it_over(world: World, begun: Improvement) -> None:
    found = next(each for each in handover.responsibilities() if each.key == "improvement.improvements")
    assert found.count(world.leif) == 1
    found.move(user=world.leif, to=world.sunniva, by=world.ada)
    begun.refresh_from_db()
    assert begun.owner == world.sunniva


def test_what_was_practised_is_forgotten(world: World, begun: Improvement) -> None:
    at_the_last_step(begun, world.leif)
    actions.finish_improvement(improvement=begun, by=world.leif, result="Bra", without_document="Lås")
    forget(world.municipality)
    begun.refresh_from_db()
    trial, solution = begun.trials.get(), begun.solutions.get()
    assert {
        begun.title, begun.analysis, begun.goal, begun.number_goal, begun.measured, begun.result,
        begun.without_document, trial.change, trial.prediction, trial.seen, trial.learnt, solution.what,
    } == {"–"}  # fmt: skip


def test_a_month_of_ticks_leads_to_one(world: World, login: Login) -> None:
    month = timezone.localdate().replace(day=1)
    sheet = TallySheet(unit=world.home_care, month=month, handler=world.leif)
    sheet.copy_levels(world.home_care)
    sheet.save()
    client = login(world.leif)
    assert f"/forbedring/ny/?ark={sheet.pk}" in client.get(sheet.get_absolute_url()).content.decode()
    form = {"key": "3f1b8a52-0000-4000-8000-000000000106", "title": TITLE, "unit": world.home_care.pk}
    client.post(f"/forbedring/ny/?ark={sheet.pk}", form | {"owner": "Leif Lund"})
    improvement = Improvement.objects.get()
    assert improvement.sheet == sheet
    assert TITLE in text_of(client.get(sheet.get_absolute_url()))
    assert "/forbedring/ny/" not in login(world.nora).get(sheet.get_absolute_url()).content.decode()


def test_the_board_and_a_page_cost_the_same_at_few_and_many(world: World, login: Login) -> None:
    leif = login(world.leif)

    def more(number: int) -> Improvement:
        for _ in range(number):
            case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.PROPOSAL, text="Kan bli bedre")
            row = actions.begin_improvement(
                by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif, cases=[case]
            )
        return row

    row = more(2)
    paths = ("/forbedring/", "/forbedring/skjerm/", f"/forbedring/{row.pk}/", "/")

    def counted() -> list[int]:
        found = []
        for path in paths:
            leif.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert leif.get(path).status_code == 200
            found.append(len(captured))
        return found

    few = counted()
    more(12)
    actions.plan(by=world.leif, what="Noe", owner=world.leif, deadline=timezone.localdate(), improvement=row)
    for number in range(8):
        actions.suggest(improvement=row, by=world.leif, what=str(number), effort=1, effect=1)
    few_of_page = few[2]
    many = counted()
    assert (many[0], many[1]) == (few[0], few[1])
    assert many[2] <= few_of_page + 1, "whether its actions may be opened is asked once, for all of them"
    assert few[0] < 20


def test_who_has_left_leads_nothing_that_is_taken_up_again(world: World, begun: Improvement) -> None:
    actions.give_improvement(improvement=begun, by=world.leif, owner=world.nora)
    actions.give_up(improvement=begun, by=world.nora, note="Ingen tid.")
    User.objects.filter(pk=world.nora.pk).update(is_active=False)
    actions.take_up_again(improvement=begun, by=world.leif)
    begun.refresh_from_db()
    assert (begun.state, begun.owner) == ("analyse", world.leif)


def test_nothing_is_tied_to_what_has_ended_meanwhile(world: World, login: Login, begun: Improvement) -> None:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.NEAR_MISS, text="Nesten fall")
    stale = Improvement.objects.get(pk=begun.pk)
    actions.give_up(improvement=begun, by=world.leif, note="Ingen tid.")
    with pytest.raises(actions.CannotTakeUp):
        actions.take_in(improvement=stale, deviation=case, by=world.leif)
    with pytest.raises(actions.WorkEnded):
        actions.plan(by=world.leif, what="Flytt", owner=world.leif, deadline=timezone.localdate(), improvement=stale)
