"""Two cases that have to do with each other: each shows the other, to those who see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deviations import actions
from deviations.models import Deviation, Related
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def shown(client: Client, deviation: Deviation, other: Deviation) -> bool:
    return other.reference in client.get(deviation.get_absolute_url()).text


def test_a_case_is_chosen_or_written_and_both_show_it(world: World, login: Login) -> None:
    one, other, third = cases.received(world), cases.closed(world), cases.ordinary(world)
    leif = login(world.leif)
    path = f"{one.get_absolute_url()}sammenheng/"
    assert other.reference in leif.get(path).text
    assert leif.post(path, {"chosen": other.reference}).status_code == 302
    leif.post(path, {"chosen": other.reference})  # the second time nothing happens
    assert leif.post(path, {"chosen": "another", "reference": third.reference.lower()}).status_code == 302
    assert Related.objects.count() == 2
    assert shown(leif, one, other)
    assert shown(leif, other, one)
    assert shown(leif, one, third)
    assert not shown(leif, other, third)
    one.refresh_from_db()
    assert one.events_count == 4
    assert leif.post(f"{other.get_absolute_url()}sammenheng/{one.reference}/fjern/").status_code == 302
    assert not shown(leif, one, other)
    assert leif.post(f"{other.get_absolute_url()}sammenheng/{one.reference}/fjern/").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"chosen": "another"}, {"chosen": "another", "reference": "SJO-2026-0001"}])
def test_choosing_none_or_what_one_may_not_see_is_pointed_out(
    world: World, login: Login, sent: dict[str, str]
) -> None:
    one, _other = cases.received(world), cases.ordinary(world)
    answer = login(world.leif).post(f"{one.get_absolute_url()}sammenheng/", sent)
    assert answer.status_code == 200
    assert "error" in answer.text
    assert not Related.objects.exists()


def test_each_end_is_shown_to_those_who_see_it_only(world: World, login: Login) -> None:
    ordinary = cases.received(world)
    about, hse = cases.about_the_leader(world), cases.hse(world)
    elsewhere = cases.ordinary(world, by=world.greta, unit=world.nursing_home)
    for other in (about, hse, elsewhere):
        actions.link(deviation=ordinary, other=other, by=world.sunniva)
    sees = {
        "leif": {hse}, "sunniva": {about, hse, elsewhere}, "rolf": {about, hse, elsewhere},
        "kaja": {hse, elsewhere}, "kristin": {hse, elsewhere}, "nora": set(),
    }  # fmt: skip
    for who, which in sees.items():
        page = login(world.people[who]).get(ordinary.get_absolute_url()).text
        for other in (about, hse, elsewhere):
            assert (other.reference in page) == (other in which), (who, other)
    page = login(world.vidar).get(hse.get_absolute_url()).text
    assert ordinary.reference not in page
    assert "belongs together" not in login(world.nora).get(ordinary.get_absolute_url()).text


@pytest.mark.parametrize(("who", "status"), [("nora", 403), ("greta", 404), ("vidar", 404), ("kaja", 200)])
def test_who_may_link(world: World, login: Login, who: str, status: int) -> None:
    one, other = cases.received(world), cases.ordinary(world)
    client = login(world.people[who])
    assert client.get(f"{one.get_absolute_url()}sammenheng/").status_code == status
    sent = client.post(f"{one.get_absolute_url()}sammenheng/", {"chosen": other.reference})
    assert sent.status_code == (302 if status == 200 else status)
    assert Related.objects.exists() == (status == 200)
    taken = client.post(f"{one.get_absolute_url()}sammenheng/{other.reference}/fjern/")
    assert taken.status_code == (302 if status == 200 else status)
    assert client.get(f"{one.get_absolute_url()}sammenheng/{other.reference}/fjern/").status_code == 405
