"""What a device kept until it had net again arrives: once, from its writer, and about the day it was written on."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deviations.models import Deviation
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.organisation.models import User
from tests.deviations.test_report import answers
from tests.people import World

Login = Callable[[User], Client]
HERE = "/meld/uten-nett/"


def waited(world: World, writer: User, at: datetime.datetime | None = None, **more: Any) -> dict[str, Any]:
    """The form as the device sends it."""
    written = (at or timezone.now()).isoformat()
    return answers(world, sender=str(writer.pk), written_at=written, **more)


def test_it_becomes_a_case_once_however_often_it_is_sent(world: World, login: Login) -> None:
    form = waited(world, world.nora)
    client = login(world.nora)
    note = "Slik så det ut.".encode()
    said = []
    for _ in range(3):
        upload = SimpleUploadedFile("notat.txt", note, "text/plain")
        said.append(client.post(HERE, form | {"files": upload}))
    deviation = Deviation.objects.get()
    assert [each.status_code for each in said] == [200, 200, 200], said[0].content
    assert {each.json()["name"] for each in said} == {deviation.reference}
    assert said[0].json()["url"] == f"/avvik/{deviation.reference}/takk/"
    assert (deviation.reporter, deviation.handler) == (world.nora, world.leif)
    assert Attachment.objects.count() == 1


def test_nobody_else_sends_it(world: World, login: Login) -> None:
    assert login(world.greta).post(HERE, waited(world, world.nora)).status_code == 409
    assert Client().post(HERE, waited(world, world.nora)).status_code == 302
    without = waited(world, world.nora)
    del without["sender"]
    assert login(world.nora).post(HERE, without).status_code == 409
    assert not Deviation.objects.exists()


def test_what_has_to_be_put_right_is_said_with_its_question(world: World, login: Login) -> None:
    answer = login(world.nora).post(HERE, waited(world, world.nora, text="Han med 01010150074 falt", unit="0"))
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert len(problems) == 2
    assert problems[0].startswith("What happened? ")
    assert problems[1].startswith("Where? ")
    assert not Deviation.objects.exists()


@pytest.mark.parametrize(
    ("happened", "waited_for", "becomes", "day"),
    [
        ("now", datetime.timedelta(minutes=5), "now", None),
        ("now", datetime.timedelta(hours=2), "today", None),
        ("now", datetime.timedelta(hours=20), "date", datetime.date(2031, 3, 2)),
        ("shift", datetime.timedelta(hours=2), "shift", None),
        ("shift", datetime.timedelta(days=3), "date", datetime.date(2031, 2, 28)),
        ("unknown", datetime.timedelta(days=3), "unknown", None),
        ("now", datetime.timedelta(days=400), "now", None),  # a clock that is wrong
        ("now", -datetime.timedelta(days=1), "now", None),
    ],
)
def test_now_is_the_day_it_was_written_on(
    world: World,
    login: Login,
    happened: str,
    waited_for: datetime.timedelta,
    becomes: str,
    day: datetime.date | None,
) -> None:
    now = datetime.datetime(2031, 3, 3, 14, 5, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False):
        client = login(world.nora)
        answer = client.post(HERE, waited(world, world.nora, now - waited_for, happened=happened))
    assert answer.status_code == 200, answer.json()
    deviation = Deviation.objects.get()
    assert (deviation.happened, deviation.happened_on) == (becomes, day)


def test_a_moment_that_is_none_changes_nothing(world: World, login: Login) -> None:
    for moment in ("", "yesterday", "2026-13-45T00:00:00Z", "2026-03-03T14:05:00"):
        form = waited(world, world.nora) | {"written_at": moment}
        assert login(world.nora).post(HERE, form).status_code == 200
    assert set(Deviation.objects.values_list("happened", flat=True)) == {"now"}


def test_what_the_device_keeps_says_nothing_about_anybody(world: World, login: Login) -> None:
    for page in (login(world.nora).get(HERE), login(world.nora).get("/venter/")):
        assert page.status_code == 200
        assert f'data-user="{world.nora.pk}"' in page.text
        assert "csrf" not in page.text.lower().replace("x-csrf", "")
        for person in world.people.values():
            assert person.name not in page.text
            assert person.email not in page.text
    assert login(world.greta).get("/venter/hvem/").json()["user"] == str(world.greta.pk)
