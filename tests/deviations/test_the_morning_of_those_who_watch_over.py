"""The morning page of the safety representative, the data protection officer and the union representative."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions, pages
from deviations.models import Deviation, Topic
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
MONTH = datetime.timedelta(days=31)
WATCHED = {"vidar": "hse", "per": "privacy"}


def closed(deviation: Deviation, by: User) -> Deviation:
    return actions.receive_and_close(deviation=deviation, by=by, outcome="Ordnet.")


@pytest.mark.parametrize("who", WATCHED)
def test_open_cases_of_the_own_kind_stand_there_without_their_text(world: World, login: Login, who: str) -> None:
    mine = cases.KINDS[WATCHED[who]](world)
    others = [make(world) for kind, make in cases.KINDS.items() if kind != WATCHED[who]]
    ended = closed(cases.KINDS[WATCHED[who]](world), world.leif)
    page = login(world.people[who]).get("/").text
    assert mine.reference in page
    assert not [each.reference for each in [*others, ended] if each.reference in page]
    assert cases.TEXT not in page
    assert "Nothing waits for you." in page  # to watch over isn't to have something to do


def test_a_case_outside_the_area_does_not(world: World, login: Login) -> None:
    elsewhere = cases.ordinary(world, unit=world.school, category=cases.category(world, "Vold", Topic.HSE))
    assert elsewhere.reference not in login(world.vidar).get("/").text


def test_a_case_about_a_leader_is_not_there_even_if_one_reported_it(world: World) -> None:
    cases.ordinary(world, by=world.vidar, about_leader=True, category=cases.category(world, "Vold", Topic.HSE))
    assert (pages.about_safety(world.vidar) or {})["rows"] == []


@pytest.mark.parametrize(
    ("who", "said"), [("vidar", "next safety round"), ("per", "within 72 hours"), ("tiril", "See the reports")]
)
def test_it_says_something_when_there_is_nothing(world: World, login: Login, who: str, said: str) -> None:
    assert said in login(world.people[who]).get("/").text


@pytest.mark.parametrize("who", ["nora", "leif", "kaja", "ada"])
def test_nobody_else_has_these_parts(world: World, who: str) -> None:
    for part in (pages.about_safety, pages.about_privacy, pages.at_a_glance):
        assert part(world.people[who]) is None


def test_the_newest_stand_first_and_the_list_has_the_rest(world: World) -> None:
    made = [cases.hse(world) for _ in range(pages.SHOWN + 1)]
    part = pages.about_safety(world.vidar) or {}
    assert part["rows"] == made[:0:-1]
    assert part["is_more"]


def test_a_union_representative_reads_numbers_only(world: World, login: Login) -> None:
    for make in cases.KINDS.values():
        make(world)
    closed(cases.ordinary(world), world.leif)
    told = (pages.at_a_glance(world.tiril) or {})["sentence"]
    assert told.startswith("Cases: 9. Fjelldal")  # ten kinds less the two about a leader, and the one that is closed
    page = login(world.tiril).get("/").text
    assert told in page
    assert "/rapporter/" in page
    assert not [each for each in Deviation.objects.order_by("pk") if each.reference in page]
    assert world.home_care.name not in page


def test_of_few_cases_the_number_is_not_told(world: World) -> None:
    cases.ordinary(world)
    assert "Fewer than five" in (pages.at_a_glance(world.tiril) or {})["sentence"]


@pytest.mark.parametrize(
    ("who", "part", "n"),
    [("vidar", pages.about_safety, 1), ("per", pages.about_privacy, 1), ("tiril", pages.at_a_glance, 3)],
)
def test_each_asks_the_database_little(world: World, who: str, part: Callable[[User], object], n: int) -> None:
    user = world.people[who]
    assert user.standing.held
    for _ in range(3):
        cases.hse(world)
        cases.privacy(world)
    with CaptureQueriesContext(connection) as asked:
        part(user)
    assert len(asked) == n
