"""Whoever reports sees how far the case has come: received by whom, answered, what is next by when, what is late."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions
from deviations.clock import milestones
from deviations.models import Deviation
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui import dates
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)
STEPS = ["Reported", "Received", "First answer", "Outcome", "Whether it helped"]


def seen(deviation: Deviation) -> dict[str, tuple[str, str]]:
    """Name of each step, with its words and where it stands."""
    fresh = Deviation.objects.get(pk=deviation.pk)
    return {each.name: (each.words, each.stands) for each in milestones(fresh)}


def on_page(text: str) -> list[str]:
    trail = BeautifulSoup(text, "html.parser").select_one(".los-trail")
    return [" ".join(each.get_text().split()) for each in trail.select("li")] if trail else []


def test_a_new_case_says_who_is_to_receive_it_by_when(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    told = seen(deviation)
    assert list(told) == STEPS
    assert told["Reported"][1] == "done"
    assert told["Received"] == (f"Expected by {dates.dated(deviation.receive_by)}.", "next")
    assert told["First answer"] == (f"Expected by {dates.dated(deviation.answer_by)}.", "ahead")
    assert told["Outcome"] == (f"Expected by {dates.dated(deviation.deadline)}.", "ahead")
    page = on_page(login(world.nora).get(deviation.get_absolute_url()).text)
    assert page[1].startswith("Received Next Expected by")


def test_received_names_who_and_when(world: World) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    told = seen(deviation)
    assert told["Received"][0].endswith("by Leif Lund")
    assert [name for name, (_words, stands) in told.items() if stands == "next"] == ["First answer"]


def test_what_is_late_is_said_to_be_late(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    gone = timezone.now() - 2 * DAY
    Deviation.objects.filter(pk=deviation.pk).update(receive_by=gone, answer_by=gone)
    told = seen(deviation)
    assert told["Received"] == (f"Late. It should have come by {dates.dated(gone)}.", "late")
    assert told["First answer"][1] == "late"
    assert told["Outcome"][1] == "ahead"
    mine = login(world.nora).get("/avvik/?visning=mine").text
    assert f"should have been received {dates.short(gone)}" in mine


def test_a_question_stands_as_the_reporters_own_step(world: World) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvor lenge?")
    told = seen(deviation)
    assert list(told) == [*STEPS[:3], "Your answer", *STEPS[3:]]
    assert [name for name, (_words, stands) in told.items() if stands == "next"] == ["Your answer"]


def test_the_end_is_the_outcome_and_the_reporters_word_on_it(world: World, login: Login) -> None:
    deviation = cases.closed(world)
    told = seen(deviation)
    assert told["Outcome"][1] == "done"
    assert told["Whether it helped"] == ("You are asked now, under the answer.", "next")
    actions.say_whether_it_helped(deviation=deviation, by=world.nora, helped=False)
    assert seen(deviation)["Whether it helped"] == ("You said that it did not help.", "done")
    assert "it did not help" in login(world.nora).get("/avvik/?visning=mine&status=alle").text


def test_a_case_answered_at_once_was_received_by_whoever_answered(world: World) -> None:
    deviation = actions.receive_and_close(deviation=cases.ordinary(world), by=world.leif, outcome="Ordnet.")
    assert seen(deviation)["Received"][0].endswith("by Leif Lund")


def test_a_merged_case_waits_for_the_one_it_goes_on_in(world: World) -> None:
    deviation, other = cases.ordinary(world), cases.received(world)
    actions.merge(deviation=deviation, by=world.leif, into=other)
    told = seen(deviation)
    assert told["Outcome"][0].endswith("It comes from the case this one goes on in.")
    actions.close(deviation=other, by=world.leif, outcome="Ordnet.")
    assert seen(deviation)["Outcome"][1] == "done"
    assert seen(deviation)["Whether it helped"][1] == "done"


def test_it_is_the_reporters_and_stands_on_nobody_elses_page(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    for reader in (world.leif, world.sunniva, world.kristin):
        assert not on_page(login(reader).get(deviation.get_absolute_url()).text)
    assert login(world.hans).get(deviation.get_absolute_url()).status_code == 404


def test_it_stands_on_the_page_of_a_case_code_too(world: World) -> None:
    deviation, code = cases.coded(world)
    actions.receive(deviation=deviation, by=world.leif)
    client = Client()
    client.post("/sak/", {"code": code})
    page = on_page(client.get("/sak/min/").text)
    assert len(page) == 5
    assert "by Leif Lund" in page[1]


def test_it_costs_one_question_however_long_the_story(world: World) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    for number in range(30):
        actions.write_message(deviation=deviation, by=world.leif, text=f"{number}", from_reporter=False)
    fresh = Deviation.objects.get(pk=deviation.pk)
    milestones(fresh)  # what is remembered from then on
    with CaptureQueriesContext(connection) as asked:
        milestones(fresh)
    assert len(asked) == 1
