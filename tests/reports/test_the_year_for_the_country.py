"""The yearly table by national code and figure: each event once, each number as one may see it, each with its list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, settings_actions
from deviations.models import Category, Kind, Topic
from deviations.settings_actions import change_category
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.test_ticking import tick
from tests.people import World

pytestmark = pytest.mark.database
Login = Callable[[User], Client]
PATH = "/rapporter/nasjonale/"


def table(page: str) -> dict[str, list[tuple[str, str]]]:
    """Rows by their name: each number with its address."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in BeautifulSoup(page, "html.parser").select("table.los-figures tr"):
        name = line.find("th", {"scope": "row"})
        if name:
            cells = [(each.get_text(), str(each.a["href"]) if each.a else "") for each in line.select("td.number")]
            found.setdefault(name.get_text(), cells)
    return found


def listed(client: Client, address: str) -> int:
    return len(set(re.findall(r"FJE-\d{4}-\d{4}", client.get(address).text)))


def happenings(world: World) -> Category:
    """Two falls, one of them merged; one that nearly was; an idea about falls; a tick, and one that became a case."""
    fall = cases.category(world, "Fall")
    change_category(category=fall, by=world.ada, code="FALL", figure="fall-institution", may_be_ticked=True)
    first, second = cases.ordinary(world, category=fall), cases.ordinary(world, category=fall)
    actions.merge(deviation=second, by=world.leif, into=first)
    cases.ordinary(world, category=fall, kind=Kind.NEAR_MISS)
    cases.ordinary(world, category=fall, kind=Kind.PROPOSAL)
    cases.ordinary(world)
    cases.about_the_leader(world)
    tick(world, category=fall)
    grave = tick(world, category=fall)
    actions.become_case(tick=grave, deviation=cases.ordinary(world, category=fall))
    return fall


def test_each_event_is_counted_once_and_leads_to_its_list(world: World, login: Login) -> None:
    happenings(world)
    for who, none in (("leif", 1), ("sunniva", 2), ("kristin", 1)):
        client = login(world.people[who])
        found = table(client.get(PATH).text)
        row = next(cells for name, cells in found.items() if "(FALL)" in name)
        assert [n for n, _href in row] == ["3", "1", "4"], who
        assert found["Counts in none"][0][0] == str(none), who
        for cells in found.values():
            n, href = cells[0]
            assert listed(client, href) == int(n), (who, href)
        assert "Falls of patients" in " ".join(found) or "Fall blant" in " ".join(found)


def test_who_sees_less_counts_less(world: World, login: Login) -> None:
    happenings(world)
    violence = cases.category(world, "Vold", Topic.HSE)
    change_category(category=violence, by=world.ada, figure="violence")
    cases.hse(world)
    found = table(login(world.vidar).get(PATH).text)
    assert not any("(FALL)" in name and cells[0][0] != "0" for name, cells in found.items())
    assert any(cells[0][0] == "1" for cells in found.values())
    for who, code in (("nora", 403), ("greta", 403), ("ada", 403), ("mona", 200)):
        assert login(world.people[who]).get(PATH).status_code == code, who
    assert "(FALL)" not in login(world.mona).get(PATH).text
    assert login(world.mona).get(f"{PATH}?enhet={world.municipality.pk}").status_code == 404


def test_the_file_has_the_same_numbers_and_is_noted(world: World, login: Login) -> None:
    happenings(world)
    client = login(world.leif)
    answer = client.get("/rapporter/nasjonale.csv?ar=2000x")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    fall = next(row for row in rows if "(FALL)" in row[3])
    assert fall[4:] == ["3", "1", "4"]
    assert fall[1] == str(timezone.localdate().year)
    noted = Event.objects.filter(type="deviations.exported").latest("pk")
    assert (noted.by, noted.data["what"]) == (world.leif, "national figures")
    old = client.get("/rapporter/nasjonale.csv?ar=2015")
    assert "(FALL)" in old.text
    assert ";3;" not in old.text


def test_it_costs_the_same_at_few_and_many(world: World, login: Login) -> None:
    fall = happenings(world)
    client = login(world.leif)
    counted = []
    for n in (0, 30):
        for _ in range(n):
            cases.ordinary(world, category=fall)
        client.get(PATH)
        with CaptureQueriesContext(connection) as asked:
            client.get(PATH)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 8


def test_the_administrator_maps_the_categories(world: World, login: Login) -> None:
    fall, own = cases.category(world, "Fall"), cases.category(world, "Eget")
    change_category(category=own, by=world.ada, code="2.11.1")
    client, path = login(world.ada), "/avvik/innstillinger/nasjonalt/"
    assert "2.11.1" in client.get(path).text
    form = {f"code-{fall.pk}": "FALL", f"figure-{fall.pk}": "fall-institution", f"code-{own.pk}": "2.11.1"}
    assert client.post(path, form | {f"figure-{own.pk}": "no-such"}).status_code == 200
    assert client.post(path, form).status_code == 302
    fall.refresh_from_db()
    own.refresh_from_db()
    assert (fall.code, fall.figure, own.code) == ("FALL", "fall-institution", "2.11.1")
    last = Event.objects.about(fall).latest("pk")
    client.post(path, form)
    assert Event.objects.about(fall).latest("pk") == last
    assert settings_actions.not_taken(world.municipality.pk)
