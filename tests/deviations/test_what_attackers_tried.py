"""Ways round the rules that somebody once found, and that lead nowhere any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions
from deviations.actions import report
from deviations.lifecycle import State
from deviations.models import Category, Deviation, Kind, Topic
from kvalitetslosen.journal.record import create
from kvalitetslosen.journal.transitions import StepIncomplete
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]


def case(world: World, **more: Any) -> Deviation:
    told: dict[str, Any] = {"by": world.nora, "unit": world.home_care, "text": "Noe gikk galt."}
    return report(**{"kind": Kind.DEVIATION, **told, **more})


def main(response: Any) -> str:
    page: Any = BeautifulSoup(response.content, "html.parser")
    return str(page.main.get_text(" ", strip=True))


def test_a_critical_case_is_not_closed_in_one_go(world: World, login: Login) -> None:
    deviation = case(world)
    answer = login(world.leif).post(
        f"{deviation.get_absolute_url()}steg/receive_and_close/",
        {"seen": deviation.events_count, "outcome": "Ordnet.", "consequence": 5, "probability": 5},
    )
    assert "can&#x27;t be closed in one go" in answer.text
    assert "Ordnet." in answer.text, "what was typed stays"
    deviation.refresh_from_db()
    assert deviation.state == State.REPORTED
    with pytest.raises(StepIncomplete):
        actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Ordnet.", consequence=5, probability=1)


def test_kind_and_category_of_a_closed_case_stay(world: World, login: Login) -> None:
    deviation = case(world)
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Ordnet.")
    login(world.leif).post(f"{deviation.get_absolute_url()}rett/", {"kind": Kind.GOOD_PRACTICE, "category": ""})
    deviation.refresh_from_db()
    assert deviation.kind == Kind.DEVIATION


def test_a_refused_step_tells_the_reporter_nothing_their_page_does_not(world: World, login: Login) -> None:
    deviation = case(world)
    actions.receive(deviation=deviation, by=world.leif)
    actions.assess(deviation=deviation, by=world.leif, consequence=3, probability=3)
    told = main(login(world.nora).post(f"{deviation.get_absolute_url()}steg/answer/", {"text": "Svar"}, follow=True))
    assert "not possible any more" in told
    assert "severity" not in told.partition("What happened")[0]


def test_the_safety_representative_reads_of_a_case_not_of_who_reported_it(world: World, login: Login) -> None:
    violence = Category(municipality=world.municipality, name="Vold", topic=Topic.HSE)
    create(violence, "deviations.category_added", by=world.ada)
    deviation = case(world, category=violence)
    assert "Nora Nygård" in main(login(world.leif).get(deviation.get_absolute_url()))
    assert "Nora Nygård" not in main(login(world.vidar).get(deviation.get_absolute_url()))


def test_where_a_leaders_own_hidden_report_went_does_not_tell_whose_it_is(world: World, login: Login) -> None:
    deviation = case(world, by=world.leif, hide_name=True)
    assert deviation.handler == world.sunniva
    told = main(login(world.sunniva).get(deviation.get_absolute_url())).partition("What has happened")[2]
    assert "reported the case." in told
    assert "It went to" not in told


@pytest.mark.parametrize(
    "query",
    [
        "fra=9999-12&til=9999-12",
        "fra=0001-01",
        "etter=9999-12-31T23:59:59-14:00~1",
        "etter=0001-01-01T00:00:00%2B14:00~1",
        "for=9999-12-31T23:59:59-14:00~1",
    ],
)
def test_dates_beyond_all_calendars_are_passed_over(world: World, login: Login, query: str) -> None:
    case(world)
    assert login(world.leif).get(f"/avvik/?{query}").status_code == 200
