"""Merged by mistake: the case stands again where it stood, with all that had gone along."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.figures import counted_anew
from deviations.models import Deviation, FigureCount, Severity, Task
from improvement import actions as improvement
from improvement.models import Action
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)


def main_of(client: Client, deviation: Deviation) -> str:
    main = BeautifulSoup(client.get(deviation.get_absolute_url()).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def fresh(deviation: Deviation) -> Deviation:
    return Deviation.objects.get(pk=deviation.pk)


def test_the_one_case_is_two_again(world: World, login: Login) -> None:
    goes_on, ended = cases.received(world), cases.waiting(world)
    asked_since = ended.waiting_since
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    leif = login(world.leif)
    path = f"{ended.get_absolute_url()}steg/unmerge/"
    assert leif.get(path).status_code == 405
    assert leif.post(path, {"seen": ended.events_count}).status_code == 302
    ended = fresh(ended)
    assert (ended.state, ended.waiting_since, ended.merged_into) == ("waiting", asked_since, None)
    assert "You undid the merging into" in main_of(leif, ended)
    page = main_of(leif, goes_on)
    assert "You took a case that had been merged into this one out again." in page
    assert "Merged into this one:" not in page
    reporter = main_of(login(world.nora), ended)
    assert "it goes on by itself" in reporter
    assert goes_on.reference not in reporter
    count = ended.events_count
    leif.post(path, {"seen": count})
    assert fresh(ended).events_count == count, "the second time nothing happens"
    with pytest.raises(StepRefused):
        actions.unmerge(deviation=fresh(ended), by=world.leif)


def test_it_is_undone_from_the_page_of_the_case_that_goes_on(world: World, login: Login) -> None:
    goes_on, ended = cases.received(world), cases.ordinary(world)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    page = BeautifulSoup(login(world.leif).get(goes_on.get_absolute_url()).text, "html.parser")
    form = page.find("form", action=f"{ended.get_absolute_url()}steg/unmerge/")
    assert form is not None
    assert login(world.nora).post(f"{ended.get_absolute_url()}steg/unmerge/").status_code == 403
    assert login(world.greta).post(f"{ended.get_absolute_url()}steg/unmerge/").status_code == 404
    assert fresh(ended).state == "merged"


def test_what_had_gone_along_comes_back_done_or_not(world: World) -> None:
    first, second, third = cases.received(world), cases.received(world), cases.received(world)
    due = timezone.localdate() + 9 * DAY
    plan, ask = improvement.plan, actions.ask_colleague
    open_action = plan(by=world.leif, what="A", owner=world.greta, deadline=due, deviation=first, shared=True)
    done = plan(by=world.leif, what="B", owner=world.greta, deadline=due, deviation=first)
    other = plan(by=world.leif, what="C", owner=world.greta, deadline=due, deviation=second)
    task = ask(deviation=first, by=world.leif, given_to=world.greta, text="?", deadline=due)
    actions.merge(deviation=first, by=world.leif, into=second)
    actions.merge(deviation=fresh(second), by=world.leif, into=third)
    improvement.finish(action=Action.objects.get(pk=done.pk), by=world.greta, done_note="Gjort.")
    actions.answer_task(task=Task.objects.get(pk=task.pk), by=world.greta, answer="Ja.")
    with pytest.raises(actions.CannotPart):
        actions.unmerge(deviation=fresh(first), by=world.leif)  # where it went has itself been merged
    actions.unmerge(deviation=fresh(second), by=world.leif)
    where = {action.what: action.deviation for action in Action.objects.all()}
    assert where == {"A": second, "B": second, "C": second}
    actions.unmerge(deviation=fresh(first), by=world.leif)
    where = {action.what: action.deviation for action in Action.objects.all()}
    assert where == {"A": first, "B": first, "C": second}
    assert Task.objects.get().deviation == first
    assert Action.objects.get(pk=open_action.pk).shared
    assert Action.objects.get(pk=other.pk).unit == second.handling_unit


def test_what_colleagues_were_shown_is_shown_again(world: World) -> None:
    first, hidden = cases.received(world), cases.hidden_name(world)
    due = timezone.localdate() + 9 * DAY
    action = improvement.plan(by=world.leif, what="A", owner=world.greta, deadline=due, deviation=first, shared=True)
    actions.merge(deviation=first, by=world.leif, into=hidden)
    assert not Action.objects.get(pk=action.pk).shared
    actions.unmerge(deviation=fresh(first), by=world.leif)
    assert Action.objects.get(pk=action.pk).shared


@pytest.mark.parametrize("later", ["nothing", "assessed", "another merge", "another merge before"])
def test_severity_and_deadline_are_as_without_it(world: World, later: str) -> None:
    goes_on, ended, another = cases.received(world), cases.received(world), cases.received(world)
    actions.assess(deviation=goes_on, by=world.leif, consequence=2, probability=2)
    actions.assess(deviation=ended, by=world.leif, consequence=4, probability=4)
    actions.assess(deviation=another, by=world.leif, consequence=4, probability=3)
    own = goes_on.deadline
    if later == "another merge before":
        actions.merge(deviation=another, by=world.leif, into=goes_on)
    actions.merge(deviation=ended, by=world.leif, into=fresh(goes_on))
    if later == "another merge":
        actions.merge(deviation=another, by=world.leif, into=fresh(goes_on))
    if later == "assessed":
        actions.assess(deviation=fresh(goes_on), by=world.leif, consequence=3, probability=3)
    assert fresh(goes_on).severity == (Severity.MODERATE if later == "assessed" else Severity.CRITICAL)
    actions.unmerge(deviation=fresh(ended), by=world.leif)
    expected = {"nothing": Severity.LOW, "assessed": Severity.MODERATE}.get(later, Severity.HIGH)
    after = fresh(goes_on)
    assert after.severity == expected
    assert after.deadline == (own if later == "nothing" else after.deadline)
    if later.startswith("another"):
        assert after.deadline == another.deadline
        actions.unmerge(deviation=fresh(another), by=world.leif)
        assert (fresh(goes_on).severity, fresh(goes_on).deadline) == (Severity.LOW, own)
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.exclude(n=0)}
    assert kept == dict(counted_anew(Deviation.objects.all())), "the figures follow"


def test_where_the_other_is_closed_that_one_is_opened_first(world: World, login: Login) -> None:
    goes_on, ended = cases.received(world), cases.ordinary(world)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    actions.close(deviation=fresh(goes_on), by=world.leif, outcome="Ny rutine.")
    leif = login(world.leif)
    assert "Undo the merging" not in leif.get(ended.get_absolute_url()).text
    leif.post(f"{ended.get_absolute_url()}steg/unmerge/")
    assert fresh(ended).state == "merged"
    actions.reopen(deviation=fresh(goes_on), by=world.leif, note="Det var to hendelser.")
    leif.post(f"{ended.get_absolute_url()}steg/unmerge/")
    assert fresh(ended).state == "reported"


@pytest.mark.parametrize("how", ["unmerged", "reopened"])
def test_a_case_whose_handler_has_left_goes_to_whoever_leads_now(world: World, how: str) -> None:
    ended = cases.received(world)
    if how == "unmerged":
        goes_on = cases.received(world)
        actions.merge(deviation=ended, by=world.leif, into=goes_on)
        actions.take_over(deviation=fresh(goes_on), by=world.sunniva)
    else:
        actions.close(deviation=ended, by=world.leif, outcome="Ny rutine.")
    heirs = {each.key: world.sunniva for each, _n in handover.outstanding(world.leif)}
    handover.deactivate(user=world.leif, by=world.ada, heirs=heirs)
    if how == "unmerged":
        actions.unmerge(deviation=fresh(ended), by=world.sunniva)
    else:
        actions.reopen(deviation=fresh(ended), by=world.nora, note="Det skjedde igjen.")
    assert fresh(ended).handler == world.sunniva


def test_the_reporter_and_the_handler_are_told(world: World) -> None:
    goes_on, ended = cases.received(world), cases.received(world)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    sweep()
    actions.unmerge(deviation=fresh(ended), by=world.sunniva)
    sweep()
    told = set(Notification.objects.filter(name__startswith="deviations.parted").values_list("user__email", "name"))
    assert told == {
        (world.leif.email, "deviations.parted"),
        (world.nora.email, "deviations.parted_for_reporter"),
    }
