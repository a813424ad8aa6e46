"""One question or one thing to do for a named colleague, who sees what that takes, and only as long as it does."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.models import Deviation, Task
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.notifications.reminders import all_rules
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
QUESTION = "Var dosetten fylt da du gikk av vakt?"
SOON = datetime.timedelta(days=7)


def asked(world: World, deviation: Deviation | None = None, to: str = "greta", **more: object) -> Task:
    deviation = deviation or cases.received(world)
    return actions.ask_colleague(
        deviation=deviation,
        by=more.pop("by", world.leif),  # type: ignore[arg-type]
        given_to=world.people[to],
        text=QUESTION,
        deadline=timezone.localdate() + SOON,
        **more,  # type: ignore[arg-type]
    )


def main_of(client: Client, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def answers(**more: str) -> dict[str, str]:
    day = (timezone.localdate() + SOON).isoformat()
    return {
        "key": str(uuid.uuid4()), "asking": "question", "given_to": "Greta Gran", "text": QUESTION, "deadline": day,
        "shows": "on", **more,
    }  # fmt: skip


def test_the_handler_asks_and_the_colleague_answers(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif, greta = login(world.leif), login(world.greta)
    path = f"{deviation.get_absolute_url()}kollega/"
    assert "Let them read what the reporter wrote" in leif.get(path).text
    sent = answers()
    for _ in range(2):  # a double click is one task
        assert leif.post(path, sent).status_code == 302
    task = Task.objects.get()
    assert QUESTION in main_of(greta, "/")
    page = main_of(greta, task.get_absolute_url())
    assert cases.TEXT in page
    assert QUESTION in page
    assert "Nora" not in page
    assert deviation.reference not in greta.get(task.get_absolute_url()).text
    assert "Write" in greta.post(task.get_absolute_url(), {"answer": " "}).text or not Task.objects.get().answer
    assert greta.post(task.get_absolute_url(), {"answer": "Ja, kl. 14."}).status_code == 302
    shown = main_of(leif, deviation.get_absolute_url())
    assert "Ja, kl. 14." in shown
    assert "Greta Gran answered what a colleague asked." in shown
    assert greta.get(task.get_absolute_url()).status_code == 404, "what was seen is out of sight"
    assert QUESTION not in main_of(greta, "/")
    assert greta.post(task.get_absolute_url(), {"answer": "En gang til"}).status_code == 404


def test_the_reporter_sees_who_may_read_it(world: World, login: Login) -> None:
    deviation = cases.received(world)
    asked(world, deviation)
    page = main_of(login(world.nora), deviation.get_absolute_url())
    assert "Leif Lund asked Greta Gran for help, who may read what you wrote, without your name." in page
    assert "Greta Gran is asked for help, and reads what happened until it is answered" in page
    assert QUESTION not in page


@pytest.mark.parametrize("kind", ["hidden name", "about the leader"])
def test_what_may_tell_of_a_hidden_name_or_a_leader_is_not_shown(world: World, login: Login, kind: str) -> None:
    deviation = cases.KINDS[kind](world)
    handler = deviation.handler
    assert handler is not None
    actions.receive(deviation=deviation, by=handler)
    form = login(handler).get(f"{deviation.get_absolute_url()}kollega/").text
    assert 'name="shows"' not in form
    assert login(handler).post(f"{deviation.get_absolute_url()}kollega/", answers()).status_code == 302
    task = Task.objects.get()
    page = main_of(login(world.greta), task.get_absolute_url())
    assert QUESTION in page
    assert cases.TEXT not in page


# Who may ask: the handler and the leaders in line. Who reads what is asked: also the quality contacts. Others nothing.
MAY_ASK = {
    "ordinary": {"leif", "sunniva", "rolf"},
    "hse": {"leif", "sunniva", "rolf"},
    "privacy": {"leif", "sunniva", "rolf"},
    "hidden name": {"leif", "sunniva", "rolf"},
    "about the leader": {"sunniva", "rolf"},
    "by the leader": {"sunniva", "rolf"},
    "anonymous": {"leif", "sunniva", "rolf"},
    "anonymous, about the leader": {"sunniva", "rolf"},
    "from outside": {"leif", "sunniva", "rolf"},
    "from another system": {"leif", "sunniva", "rolf"},
}
SEES_CASE = {
    "ordinary": {"nora", "kaja", "kristin"},
    "hse": {"nora", "kaja", "kristin", "vidar"},
    "privacy": {"nora", "kaja", "kristin", "per"},
    "hidden name": {"nora", "kaja", "kristin"},
    "about the leader": {"nora"},
    "by the leader": {"leif", "kaja", "kristin"},
    "anonymous": {"kaja", "kristin"},
    "anonymous, about the leader": set(),
    "from outside": {"kaja", "kristin"},
    "from another system": {"kaja", "kristin"},
}
READS = {"kaja", "kristin"}


@pytest.mark.parametrize("kind", cases.KINDS)
def test_each_asks_reads_and_takes_back_what_the_table_says(world: World, login: Login, kind: str) -> None:
    deviation = cases.KINDS[kind](world)
    handler = deviation.handler
    assert handler is not None
    task = asked(world, deviation, by=handler)
    for who, user in world.people.items():
        client = login(user)
        may, sees = who in MAY_ASK[kind], who in MAY_ASK[kind] | SEES_CASE[kind]
        assert client.get(f"{deviation.get_absolute_url()}kollega/").status_code == (
            200 if may else 403 if sees else 404
        ), (kind, who)
        if sees:
            assert (QUESTION in client.get(deviation.get_absolute_url()).text) == (may or who in READS), (kind, who)
        page = client.get(task.get_absolute_url()).status_code
        expected = 200 if who == "greta" else 302 if (sees and who not in ("nora", "leif")) or may else 404
        assert page == expected, (kind, who, page)
        if who != "greta":
            assert client.post(task.get_absolute_url(), {"answer": "x"}).status_code in (403, 404), (kind, who)
        assert client.get(f"{task.get_absolute_url()}trekk/").status_code == 405, who
        if not may:
            back = client.post(f"{task.get_absolute_url()}trekk/")
            assert back.status_code in (403, 404), (kind, who)
    task.refresh_from_db()
    assert task.is_open
    assert login(handler).post(f"{task.get_absolute_url()}trekk/").status_code == 302
    assert login(world.greta).get(task.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Leif Lund", "yourself"),
        ("Nora Nygård", "The reporter is asked in the case itself"),
        ("Mona Moe", "Nothing fits"),
        ("Ingen", "Nothing fits"),
    ],
)
def test_who_can_not_be_asked_is_pointed_out_and_nothing_is_lost(
    world: World, login: Login, name: str, why: str
) -> None:
    deviation = cases.received(world)
    page = login(world.leif).post(f"{deviation.get_absolute_url()}kollega/", answers(given_to=name)).text
    assert why in page
    assert QUESTION in page
    assert not Task.objects.exists()


def test_the_leader_it_concerns_can_not_be_asked_and_a_hidden_reporter_can(world: World) -> None:
    about = cases.about_the_leader(world)
    with pytest.raises(actions.CannotAsk):
        asked(world, about, "leif", by=world.sunniva)
    asked(world, cases.hidden_name(world), "nora")  # a refusal would tell who it was


def test_a_closed_case_needs_no_answer(world: World, login: Login) -> None:
    deviation = cases.received(world)
    task = asked(world, deviation)
    sweep()
    actions.close(deviation=deviation, by=world.leif, outcome="Vi har endret rutinen.")
    task.refresh_from_db()
    assert not task.is_open
    assert login(world.greta).get(task.get_absolute_url()).status_code == 404
    sweep()
    told = Notification.objects.filter(user=world.greta).order_by("-pk").values_list("name", "url")
    assert list(told) == [("deviations.task_taken_back", "/"), ("deviations.task_given", task.get_absolute_url())]
    with pytest.raises(actions.CaseEnded):
        asked(world, deviation)
    assert login(world.leif).get(f"{deviation.get_absolute_url()}kollega/").status_code == 302


def test_what_is_asked_goes_along_when_cases_are_merged(world: World, login: Login) -> None:
    goes_on, ended = cases.received(world), cases.received(world)
    task = asked(world, ended)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    task.refresh_from_db()
    assert (task.deviation, task.shows) == (goes_on, ended)
    assert QUESTION in main_of(login(world.leif), goes_on.get_absolute_url())
    actions.answer_task(task=task, by=world.greta, answer="Ja.")
    event = Event.objects.about(goes_on).last()
    assert event is not None
    assert event.type == "deviations.colleague_answered"


def test_the_handler_of_today_is_told_and_mail_says_nothing_of_the_case(world: World) -> None:
    task = asked(world)
    sweep()
    (given,) = Notification.objects.filter(user=world.greta)
    assert "Leif Lund asks you for help" in str(given.text)
    assert QUESTION not in str(given.text)
    actions.take_over(deviation=task.deviation, by=world.sunniva)
    task.refresh_from_db()
    actions.answer_task(task=task, by=world.greta, answer="Ja.")
    sweep()
    assert Notification.objects.filter(user=world.sunniva, name="deviations.task_answered").count() == 1
    assert not Notification.objects.filter(user=world.leif, name="deviations.task_answered").exists()


def test_the_colleague_is_reminded_the_day_before_and_after(world: World) -> None:
    with time_machine.travel("2026-03-02 10:00+01:00", tick=False):  # a Monday
        task = asked(world)
    (rule,) = [each for each in all_rules() if each.key == "deviations.task_due"]
    seen: list[str] = []
    for day in range(3, 25):
        with time_machine.travel(f"2026-03-{day:02d} 08:00+01:00", tick=False):
            clock = Clock(timezone.now())
            due = rule.occasion(Task.objects.select_related("deviation").get(pk=task.pk), clock)
            if due is not None and (not seen or seen[-1] != due.key):
                seen.append(due.key)
    assert seen[:2] == ["before:2026-03-09", "at:2026-03-09"]
    assert len(seen) >= 4


def test_whoever_leaves_hands_over_what_they_are_asked(world: World, login: Login) -> None:
    task = asked(world)
    (mine,) = [each for each, n in handover.outstanding(world.greta) if each.key == "deviations.tasks"]
    with pytest.raises(ValidationError):
        handover.deactivate(user=world.greta, by=world.ada)
    handover.hand_over(user=world.greta, heirs={mine.key: world.hans}, by=world.ada)
    task.refresh_from_db()
    assert task.given_to == world.hans
    assert login(world.hans).get(task.get_absolute_url()).status_code == 200
    assert login(world.greta).get(task.get_absolute_url()).status_code == 404
