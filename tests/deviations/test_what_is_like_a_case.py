"""Similar cases and the procedures that apply: beside a case, and while one reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions, similar
from deviations.models import Deviation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.documents.in_force import in_force
from tests.people import World

Login = Callable[[User], Client]
TEXT = "Morgendosen i multidosen var ikke gitt, og dosetten lå urørt."


def shown(client: Client, deviation: Deviation) -> str:
    return client.get(f"{deviation.get_absolute_url()}lignende/", headers={"HX-Request": "true"}).text


def test_cases_of_the_same_words_or_category_are_shown_with_what_was_answered(world: World, login: Login) -> None:
    fall = cases.category(world, "Fall")
    words = cases.ordinary(world, text="Kveldsdosen i multidosen ble ikke gitt. Dosetten var tom.")
    words = actions.receive_and_close(deviation=words, by=world.leif, outcome="Ny liste på vaktrommet.")
    same = cases.ordinary(world, text="Snublet i trappa.", category=fall, by=world.greta, unit=world.nursing_home)
    unlike = cases.ordinary(world, text="Bilen startet ikke.")
    mine = cases.ordinary(world, text=TEXT, category=fall)
    leif = login(world.leif)
    assert f"{mine.get_absolute_url()}lignende/" in leif.get(mine.get_absolute_url()).text
    page = shown(leif, mine)
    assert words.reference in page
    assert "Ny liste på vaktrommet." in page
    assert same.reference not in page, "Leif doesn't lead the nursing home"
    assert unlike.reference not in page
    assert "<html" not in page
    assert "<html" in leif.get(f"{mine.get_absolute_url()}lignende/").text, "a whole page without script"
    above = shown(login(world.sunniva), mine)
    assert same.reference in above
    assert words.reference in above


@pytest.mark.parametrize(("who", "status"), [("nora", 403), ("greta", 404), ("mona", 404), ("kaja", 200)])
def test_who_looks(world: World, login: Login, who: str, status: int) -> None:
    deviation = cases.ordinary(world)
    assert login(world.people[who]).get(f"{deviation.get_absolute_url()}lignende/").status_code == status


def test_nobody_is_shown_what_they_may_not_see(world: World) -> None:
    rows = {kind: make(world) for kind, make in cases.KINDS.items()}
    for user in world.people.values():
        seen = set(Deviation.objects.visible_to(user).values_list("pk", flat=True))
        for row in rows.values():
            for each in similar.cases_like(user, row):
                assert each.case.pk in seen
                assert each.case.reporter_id != user.pk


def test_it_costs_the_same_however_many_cases(world: World, login: Login) -> None:
    leif, fall = login(world.leif), cases.category(world, "Fall")
    mine = cases.ordinary(world, text=TEXT, category=fall)
    counts = []
    for n in (3, 60):
        for _ in range(n):
            cases.ordinary(world, text=TEXT, category=fall)
        shown(leif, mine)
        with CaptureQueriesContext(connection) as asked:
            shown(leif, mine)
        counts.append(len([each for each in asked if "SAVEPOINT" not in each["sql"]]))
    assert counts[0] == counts[1] <= 14


def test_procedures_are_found_by_category_and_words_and_only_those_one_may_read(world: World, login: Login) -> None:
    how: dict[str, Any] = {"unit": world.home_care, "author": world.kaja, "approver": world.leif}
    in_force("Legemiddelhåndtering og multidose", "Slik legges multidosen opp.", **how)
    in_force("Kjøring av tjenestebil", "Bilen skal vaskes.", **how)
    medication = cases.category(world, "Legemiddelhåndtering")
    deviation = cases.ordinary(world, text=TEXT, category=medication)
    page = BeautifulSoup(shown(login(world.leif), deviation), "html.parser").text
    assert "Legemiddelhåndtering og multidose" in page
    assert "tjenestebil" not in page
    for who, n in (("nora", 1), ("mona", 0)):
        answer = login(world.people[who]).post("/meld/passende/", {"text": TEXT})
        assert answer.text.count("Legemiddelhåndtering og multidose") == n, who
        assert "FJE-2026" not in answer.text
    nora = login(world.nora)
    assert nora.get("/meld/passende/").status_code == 405
    assert nora.post("/meld/passende/", {"text": "", "category": "x"}).text.strip() == ""
    assert "data-procedures-about" in nora.get("/meld/").text
