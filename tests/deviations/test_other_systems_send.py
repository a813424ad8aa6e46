"""Another system sends rows with a token: in they go, nothing comes out, and each is there once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from deviations import actions
from deviations.models import BroughtCount, Deviation, OtherSystem
from deviations.views import api
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import Unit, User
from tests.deviations import cases
from tests.deviations.other_systems import counting, system
from tests.people import World

Login = Callable[[User], Client]
ROW = {"id": "4711", "unit": "HB", "date": "2026-03-02", "text": "Alarmen ringte ikke.", "status": "open"}


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    cache.clear()


pytestmark = pytest.mark.xdist_group("counts in the cache")


def send(token: str, *rows: Any, body: str | None = None) -> tuple[int, dict[str, Any]]:
    answer = Client(enforce_csrf_checks=True).post(
        "/api/v1/rader/",
        body if body is not None else json.dumps({"rows": list(rows)}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def test_rows_come_in_and_again_they_change_nothing(world: World) -> None:
    found = system(world)
    token = actions.make_token(system=found, by=world.ada)
    status, said = send(token, ROW, ROW | {"id": "4712", "text": ""})
    assert status == 200
    assert (said["made"], said["refused"]) == (1, 1)
    assert said["problems"][0]["row"] == 2
    assert said["problems"][0]["id"] == "4712"
    assert send(token, ROW)[1]["same"] == 1
    row = Deviation.objects.get()
    assert row.handling_unit == world.home_care
    assert row.text not in json.dumps(said)
    assert send(token, ROW | {"text": "Den ringte likevel."})[1]["changed"] == 1
    found.refresh_from_db()
    assert found.token_used_at is not None


def test_counts_too_with_numbers_as_numbers(world: World) -> None:
    cases.category(world, "Fall")
    token = actions.make_token(system=counting(world), by=world.ada)
    row = {"unit": "HB", "category": "Fall", "date": "2026-03-02", "n": 3}
    assert send(token, row)[1]["made"] == 1
    assert send(token, row | {"n": -1}, row | {"n": True}, row | {"n": 1.5})[1]["refused"] == 3
    assert BroughtCount.objects.get().n == 3


def test_a_token_reaches_its_own_municipality_alone(world: World) -> None:
    token = actions.make_token(system=system(world), by=world.ada)
    own = Unit.objects.get(pk=world.other_school.pk)
    status, said = send(token, ROW | {"unit": own.name}, ROW | {"unit": "SJO"})
    assert (status, said["refused"]) == (200, 2)
    other = actions.define_system(
        municipality=world.other_municipality, by=world.mona, name="Profil", brings="cases", handled_here=False
    )
    theirs = actions.make_token(system=other, by=world.mona)
    assert send(theirs, ROW)[1]["refused"] == 1
    case = cases.ordinary(world)
    sent = ROW | {"unit": own.name, "ours": case.reference}
    assert send(theirs, sent)[1]["made"] == 1, "another municipality’s number is no number here"
    assert not case.elsewhere.exists()


def test_a_token_is_shown_once_made_anew_and_revoked(world: World, login: Login) -> None:
    found, client = system(world), login(world.ada)
    address = found.get_absolute_url()
    page = client.post(f"{address}token/")
    token = next(
        word
        for word in page.text.replace("<", " ").replace(">", " ").split()
        if word.startswith("kl_") and len(word) > 20
    )
    assert page["Cache-Control"] == "no-store"
    assert token not in client.get(address).text
    found.refresh_from_db()
    assert token not in found.token_hash
    assert all(token not in str(event.data) for event in Event.objects.all())
    assert send(token, ROW)[0] == 200
    newer = actions.make_token(system=OtherSystem.objects.get(), by=world.ada)
    assert send(token, ROW)[0] == 401
    assert send(newer, ROW)[0] == 200
    assert client.get(f"{address}token/trekk/").status_code == 405
    for _ in range(2):
        client.post(f"{address}token/trekk/")
    assert send(newer, ROW)[0] == 401
    assert Event.objects.filter(type="deviations.token_revoked").count() == 1


def test_a_system_out_of_use_takes_nothing(world: World) -> None:
    found = system(world)
    token = actions.make_token(system=found, by=world.ada)
    actions.change_system(system=found, by=world.ada, is_active=False)
    assert send(token, ROW)[0] == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "json"), ("{", "json"), ("[" * 100_000, "json"), ("[]", "rows"), ('{"rows": 1}', "rows"),
        ('{"rows": [1]}', "rows"), ("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "json"),
        (json.dumps({"rows": [{}] * 501}), "too_many_rows"), ("x" * 2_000_001, "too_big"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_in_json(world: World, body: str, code: str) -> None:
    token = actions.make_token(system=system(world), by=world.ada)
    status, said = send(token, body=body)
    assert status in (400, 413)
    assert said["error"]["code"] == code
    assert not Deviation.objects.exists()


def test_strange_fields_and_values_are_refused_row_by_row(world: World) -> None:
    token = actions.make_token(system=system(world), by=world.ada)
    said = send(
        token, {}, ROW | {"handler": 1}, ROW | {"text": {"a": 1}}, ROW | {"text": ["x"]}, ROW | {"id": "x" * 200},
        ROW | {"text": "Gjelder 01019012480"}, ROW | {"date": "2026-02-30"}, ROW,
    )[1]  # fmt: skip
    assert (said["made"], said["refused"]) == (1, 7)
    assert "01019012480" not in json.dumps(said)


def test_it_is_refused_without_a_token_by_get_and_too_often(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/api/v1/rader/").status_code == 405
    assert Client().post("/api/v1/rader/").status_code == 401
    token = actions.make_token(system=system(world), by=world.ada)
    monkeypatch.setattr(api, "A_MINUTE", 3)
    statuses = [send(token, ROW)[0] for _ in range(5)]
    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses[3:]
    statuses = [send("kl_feil", ROW)[0] for _ in range(40)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_a_number_that_is_too_long_is_said_of_counts_too(world: World) -> None:
    cases.category(world, "Fall")
    token = actions.make_token(system=counting(world), by=world.ada)
    row = {"unit": "HB", "category": "Fall", "date": "2026-03-02", "n": 4}
    status, said = send(token, row | {"id": "x" * 200}, row | {"id": "T-1"})
    assert (status, said["made"], said["refused"]) == (200, 1, 1)
    assert "at most 80 characters" in said["problems"][0]["problems"][0]


def test_what_a_leader_says_of_a_unit_word_is_no_way_for_a_token(world: World) -> None:
    """Leif could have rows of the nursing home come to him; who reads everywhere says where they belong."""
    found = system(world)
    token = actions.make_token(system=found, by=world.ada)
    actions.keep_mapping(system=found, by=world.leif, columns={}, units={"post 2": world.home_care.pk}, categories={})
    assert send(token, ROW | {"unit": "Post 2"})[1]["refused"] == 1
    assert not Deviation.objects.exists()
    units = {"post 2": world.nursing_home.pk}
    actions.keep_mapping(system=found, by=world.kristin, columns={}, units=units, categories={})
    assert send(token, ROW | {"unit": "Post 2"})[1]["made"] == 1
    actions.keep_mapping(system=found, by=world.leif, columns={}, units={"post 2": world.home_care.pk}, categories={})
    assert send(token, ROW | {"id": "4713", "unit": "Post 2"})[1]["made"] == 1
    assert {row.unit for row in Deviation.objects.select_related("unit")} == {world.nursing_home}
