"""The register of injuries and illness due to work: what is in it, whom it is open to, and what never stands there."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, injuries
from deviations.models import Category, Deviation, Injury, Kind, Topic
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.actions import grant_role
from kvalitetslosen.organisation.models import Role, User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
NEUTRAL = "En ansatt gled på vått gulv i garderoben."
SECRET = "Nora Nygård brakk håndleddet."


def injury(world: World, **more: Any) -> Deviation:
    """Reported under a category that counts as a work accident."""
    category = cases.category(world, "Personskade", Topic.HSE)
    Category.objects.filter(pk=category.pk).update(figure=injuries.COUNTS_AS)
    category.refresh_from_db()
    return cases.ordinary(world, **{"category": category, "text": SECRET, **more})


def words(**more: str) -> dict[str, str]:
    return {
        "happened_on": timezone.localdate().isoformat(), "harmed": "accident", "cause": "fall", "absence": "short",
        "text": NEUTRAL, **more,
    }  # fmt: skip


def enter(client: Client, deviation: Deviation, **more: str) -> int:
    return client.post(f"{deviation.get_absolute_url()}skaderegister/", words(**more)).status_code


def amalie(world: World) -> User:
    """Greta sits in the committee of the municipality besides working in the nursing home."""
    grant_role(user=world.greta, unit=world.municipality, role=Role.WORK_ENVIRONMENT)
    return world.greta


def page(client: Client, path: str = "/skaderegister/") -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def test_an_empty_register_says_what_it_is(world: World, login: Login) -> None:
    text = page(login(world.vidar))
    assert "Nobody is in the register this year" in text
    assert "arbeidsmiljøloven § 5-1" in text


def test_a_case_of_the_category_is_there_at_once_and_then_described(world: World, login: Login) -> None:
    deviation = injury(world)
    text = page(login(world.vidar))
    assert "Not described yet" in text
    assert "Hjemmetjenesten" in text
    assert "Describe it for the register" in page(login(world.leif), deviation.get_absolute_url())
    assert enter(login(world.leif), deviation, at_time="07:45") == 302
    text = page(login(world.vidar))
    for said in (NEUTRAL, "07.45", "Accident", "Fall", "Up to three days"):
        assert said in text
    assert "Not described yet" not in text
    told = page(login(world.sunniva), deviation.get_absolute_url())
    assert "Leif Lund entered it in the register of work injuries." in told


def test_violence_that_hurt_somebody_is_entered_by_the_leader(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    assert "Nobody is in the register" in page(login(world.vidar))
    assert enter(login(world.leif), deviation, harmed="violence", cause="violence") == 302
    assert NEUTRAL in page(login(world.vidar))


def test_nothing_the_reporter_wrote_and_no_name_is_in_it(world: World, login: Login) -> None:
    deviation = injury(world)
    enter(login(world.leif), deviation)
    reader = amalie(world)
    for path in ("/skaderegister/", "/skaderegister/aaret.csv", "/"):
        answer = login(reader).get(path).content.decode()
        for secret in ("Nora", "brakk", deviation.reference, deviation.get_absolute_url()):
            assert secret not in answer, (path, secret)
    assert login(reader).get(deviation.get_absolute_url()).status_code == 404
    assert login(reader).get("/skaderegister/papir/").status_code == 200
    event = Event.objects.about(deviation).get(type="deviations.injury_entered")
    assert NEUTRAL not in str(event.data)


@pytest.mark.parametrize("text", ["Nora Nygård gled.", "Her gled nygård, på gulvet", "Gjelder 13097248022"])
def test_the_reporters_name_and_identity_numbers_are_refused(world: World, login: Login, text: str) -> None:
    assert enter(login(world.leif), injury(world), text=text) == 200
    assert not Injury.objects.exists()


def test_a_day_after_the_report_is_refused(world: World, login: Login) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert enter(login(world.leif), injury(world), happened_on=tomorrow.isoformat()) == 200
    assert not Injury.objects.exists()


def test_it_is_changed_and_doing_it_twice_does_nothing(world: World, login: Login) -> None:
    deviation, client = injury(world), login(world.leif)
    for _ in range(2):
        assert enter(client, deviation) == 302
    deviation.refresh_from_db()
    assert deviation.events_count == 2
    assert enter(client, deviation, absence="long") == 302
    assert Injury.objects.get().absence == "long"
    assert Event.objects.about(deviation).last().data["fields"] == ["absence"]  # type: ignore[union-attr]


def test_it_is_taken_out_with_a_reason_and_entered_again(world: World, login: Login) -> None:
    deviation, client = injury(world), login(world.leif)
    path = f"{deviation.get_absolute_url()}skaderegister/ut/"
    assert client.post(path, {"reason": ""}).status_code == 200
    for _ in range(2):
        assert client.post(path, {"reason": "Ingen ble skadet."}).status_code == 302
    deviation.refresh_from_db()
    assert deviation.events_count == 2
    assert "Nobody is in the register" in page(login(world.vidar))
    assert "Ingen ble skadet." in page(client, deviation.get_absolute_url())
    assert enter(client, deviation) == 302
    assert NEUTRAL in page(login(world.vidar))


def test_near_misses_merged_cases_and_those_about_a_leader_are_not_in_it(world: World, login: Login) -> None:
    injury(world, kind=Kind.NEAR_MISS)
    about = injury(world, about_leader=True)
    first, second = injury(world), injury(world)
    actions.receive(deviation=first, by=world.leif)
    actions.merge(deviation=second, by=world.leif, into=first)
    assert [row.pk for row in injuries.rows(world.vidar, timezone.localdate().year)] == [first.pk]
    assert enter(login(world.sunniva), about) == 403


def test_the_year_is_that_of_the_injury(world: World, login: Login) -> None:
    deviation = injury(world)
    last = timezone.localdate().replace(month=1, day=1) - datetime.timedelta(days=1)
    assert enter(login(world.leif), deviation, happened_on=last.isoformat()) == 302
    assert NEUTRAL not in page(login(world.vidar))
    assert NEUTRAL in page(login(world.vidar), f"/skaderegister/?aar={last.year}")
    for nonsense in ("0", "x", "99999", "2999"):
        assert login(world.vidar).get(f"/skaderegister/?aar={nonsense}").status_code == 200


OPEN_TO = {"leif", "sunniva", "rolf", "kaja", "kristin", "vidar", "hans"}


@pytest.mark.one_kind
def test_whom_it_is_open_to(world: World, login: Login) -> None:
    deviation = injury(world)
    enter(login(world.leif), deviation)
    for who, user in world.people.items():
        answer = login(user).get("/skaderegister/")
        assert answer.status_code == (200 if who in OPEN_TO or who == "mona" else 403), who
        sees = NEUTRAL in answer.text
        assert sees == (who in OPEN_TO - {"hans"}), who  # Hans leads another unit, Mona is in another municipality
        for path in ("aaret.csv", "papir/"):
            expected = 200 if who in OPEN_TO or who == "mona" else 403
            assert login(user).get(f"/skaderegister/{path}").status_code == expected, who


@pytest.mark.parametrize("role", [Role.WORK_ENVIRONMENT, Role.OCCUPATIONAL_HEALTH])
def test_the_committee_and_the_health_service_read_it_and_no_case(world: World, login: Login, role: str) -> None:
    deviation = injury(world)
    enter(login(world.leif), deviation)
    grant_role(user=world.greta, unit=world.municipality, role=role)
    client = login(world.greta)
    start = client.get("/").text
    assert "/skaderegister/" in start
    assert NEUTRAL in page(client)
    assert not Deviation.objects.visible_to(User.objects.get(pk=world.greta.pk)).exists()
    assert client.get("/rapporter/").status_code == (302 if role == Role.WORK_ENVIRONMENT else 403)
    assert client.get("/rapporter/saker.csv").status_code == 403


def test_who_writes_in_it(world: World, login: Login) -> None:
    deviation = injury(world)
    writes = {"leif", "sunniva", "rolf", "kaja", "kristin"}
    for who, user in world.people.items():
        sees = Deviation.objects.visible_to(user).filter(pk=deviation.pk).exists()
        expected = 404 if not sees else 200 if who in writes else 403
        for path in ("skaderegister/", "skaderegister/ut/"):
            address = f"{deviation.get_absolute_url()}{path}"
            assert login(user).get(address).status_code == expected, who
            assert login(user).post(address, {}).status_code == expected, who


def test_an_ordinary_case_has_no_line(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    assert enter(login(world.leif), deviation) == 403
    assert "register of work injuries" not in page(login(world.leif), deviation.get_absolute_url())


def test_the_file_is_noted_and_harmless(world: World, login: Login) -> None:
    enter(login(world.leif), injury(world), text="=1+1 gled")
    text = login(world.vidar).get("/skaderegister/aaret.csv").content.decode()
    assert "'=1+1 gled" in text
    assert Event.objects.filter(type="deviations.exported", by=world.vidar).exists()


def test_an_administrator_cannot_open_it_to_themselves(world: World) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        grant_role(user=world.ada, unit=world.municipality, role=Role.WORK_ENVIRONMENT, by=world.ada)


def test_the_page_costs_the_same_at_many_rows(world: World, login: Login) -> None:
    client = login(world.vidar)

    def asked() -> int:
        client.get("/skaderegister/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/skaderegister/").status_code == 200
        return len(queries)

    for _ in range(3):
        injury(world)
    few = asked()
    for _ in range(30):
        injury(world)
    assert asked() == few


def test_the_database_refuses_an_empty_line(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Injury.objects.create(deviation=injury(world), happened_on=timezone.localdate())
