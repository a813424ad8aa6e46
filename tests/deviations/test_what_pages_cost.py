"""Each page asks the database as many questions at many rows as at few."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

# One of them the session's, which is in the cache where there is Redis.
# The list asks two more than its rows need: which lists the person keeps, and which other systems cases come from.
# The morning page asks one for each section a leader may have something in.
PAGES = {"/": 11, "/avvik/": 7, "/avvik/?visning=hos-meg": 6, "/avvik/?status=alle&type=deviation": 7, "/meld/": 5}


def questions(client: Client, path: str) -> int:
    client.get(path)  # what is remembered from then on
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len([each for each in asked if "SAVEPOINT" not in each["sql"]])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_at_few_and_many_cases(world: World, login: Callable[[User], Client], path: str) -> None:
    client = login(world.leif)
    for _ in range(10):
        cases.hse(world)
    few = questions(client, path)
    for _ in range(150):
        cases.hse(world)
    assert questions(client, path) == few
    assert few <= PAGES[path]


def test_a_case_costs_the_same_however_long_its_story(world: World, login: Callable[[User], Client]) -> None:
    client = login(world.leif)
    deviation = actions.receive(deviation=cases.hse(world), by=world.leif)
    actions.write_message(deviation=deviation, by=world.leif, text="Hei", from_reporter=False)
    few = questions(client, deviation.get_absolute_url())
    for number in range(60):
        actions.write_message(
            deviation=deviation,
            by=world.nora if number % 2 else world.leif,
            text="Hei",
            from_reporter=bool(number % 2),
        )
    assert questions(client, deviation.get_absolute_url()) == few
    assert few <= 10


def test_sending_a_report_takes_few_questions_and_one_transaction(
    world: World, login: Callable[[User], Client]
) -> None:
    client = login(world.nora)
    assert world.nora.standing.home is not None
    for _ in range(2):  # the second time, what is remembered from then on is
        answers = {
            "kind": "deviation",
            "unit": world.nora.standing.home.pk,
            "happened": "now",
            "text": "Fall i trappa",
        }
        with CaptureQueriesContext(connection) as asked:
            assert client.post("/meld/", {**answers, "key": str(uuid.uuid4())}).status_code == 302
    statements = [each["sql"] for each in asked]
    assert len([each for each in statements if "SAVEPOINT" not in each]) <= 9
    assert len([each for each in statements if each.startswith("SAVEPOINT")]) == 1, (
        "the test's own transaction is open"
    )


def test_a_step_takes_few_questions_and_one_transaction(world: World, login: Callable[[User], Client]) -> None:
    client = login(world.leif)
    for _ in range(2):
        deviation = actions.receive(deviation=cases.hse(world), by=world.leif)
        with CaptureQueriesContext(connection) as asked:
            answers = {"consequence": "2", "probability": "3"}
            assert client.post(f"{deviation.get_absolute_url()}steg/assess/", answers).status_code == 302
    statements = [each["sql"] for each in asked]
    assert len([each for each in statements if "SAVEPOINT" not in each]) <= 8
    assert len([each for each in statements if each.startswith("SAVEPOINT")]) == 1, (
        "the test's own transaction is open"
    )
