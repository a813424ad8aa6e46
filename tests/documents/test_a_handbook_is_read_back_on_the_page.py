"""Birk brings a handbook that was taken out, and a worker reads it back into a municipality that has none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from documents import actions
from documents.models import Document, HandbookReading
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.paper.press import Press
from tests.documents.conftest import approved
from tests.documents.handbooks import HOSTILE, a_handbook, changed, taken_out
from tests.people import World


@pytest.fixture(autouse=True)
def _the_press_stands_still(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """What PDFs look like is tested elsewhere."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(Press, "print", lambda self, html, css, **more: b"%PDF-1.7 of the test")


@pytest.fixture
def birk(world: World) -> User:
    """He keeps the other municipality, which has no documents."""
    user = organisation.add_person(
        municipality=world.other_municipality, name="Birk Berg", email="birk@sjovik.example", language="nb"
    )
    organisation.grant_role(user=user, unit=world.other_municipality, role=Role.ADMINISTRATOR)
    world.people["birk"] = user
    return user


def brought(world: World, login: Callable[[User], Client], file: io.BytesIO, **more: str) -> HandbookReading:
    """Birk, who keeps the other municipality, brings a file."""
    upload = SimpleUploadedFile("handbok.zip", file.getvalue(), "application/zip")
    login(world.birk).post("/handbok/les-tilbake/", {"file": upload, **more})
    return HandbookReading.objects.get()


@pytest.mark.usefixtures("birk")
def test_an_administrator_reads_a_handbook_back_into_an_empty_municipality(
    world: World, login: Callable[[User], Client], settings: Any
) -> None:
    a_handbook(world)
    reading = brought(world, login, taken_out(world.municipality), answerable=world.mona.name)
    client = login(world.birk)
    assert "begins in a moment" in client.get("/handbok/les-tilbake/").content.decode()
    assert b'type="file"' not in client.get("/handbok/les-tilbake/").content, "one at a time"
    assert actions.go_on_reading_back(reading.pk)
    assert not actions.go_on_reading_back(reading.pk), "it is done"
    reading.refresh_from_db()
    here = Document.objects.filter(level_0=world.other_municipality.pk)
    assert reading.documents == here.count() == Document.objects.filter(level_0=world.municipality.pk).count()
    assert {each.owner for each in here} == {world.mona}
    assert not reading.file
    assert not list((Path(settings.MEDIA_ROOT) / "handbooks-to-read").iterdir())
    page = client.get("/handbok/les-tilbake/").content.decode()
    assert "Read back" in page
    assert "has documents already" in page
    told = Event.objects.get(type="documents.handbook_read_back")
    assert told.by == world.birk
    assert list(verify(Count())) == []


@pytest.mark.usefixtures("birk")
def test_a_file_that_is_refused_says_why_and_another_may_be_brought(
    world: World, login: Callable[[User], Client]
) -> None:
    approved(world)
    reading = brought(world, login, changed(taken_out(world.municipality), HOSTILE["with an identity number"][0]))
    actions.sweep_readings_back()
    reading.refresh_from_db()
    assert "identity number" in reading.why
    assert not reading.file
    assert not Document.objects.filter(level_0=world.other_municipality.pk).exists()
    page = BeautifulSoup(login(world.birk).get("/handbok/les-tilbake/").content, "html.parser")
    assert "identity number" in page.text
    assert page.select_one("input[type=file]")


@pytest.mark.usefixtures("birk")
def test_what_is_no_zip_is_said_at_once(world: World, login: Callable[[User], Client]) -> None:
    for file, why in (
        (SimpleUploadedFile("handbok.zip", b"PK not really"), "or it is damaged"),
        (SimpleUploadedFile("13097248022.zip", b"PK"), "identity number"),
        ("", "Choose the zip file first"),
    ):
        page = login(world.birk).post("/handbok/les-tilbake/", {"file": file}).content.decode()
        assert why in page
    assert not HandbookReading.objects.exists()


@pytest.mark.usefixtures("birk")
def test_nothing_is_read_over_documents_that_are_there(world: World, login: Callable[[User], Client]) -> None:
    approved(world)
    upload = SimpleUploadedFile("handbok.zip", taken_out(world.municipality).getvalue())
    page = login(world.ada).post("/handbok/les-tilbake/", {"file": upload})
    assert b"has documents already" in page.content
    assert not HandbookReading.objects.exists()


@pytest.mark.usefixtures("birk")
def test_a_second_file_waits_for_nobody(world: World, login: Callable[[User], Client]) -> None:
    """While one is being read, bringing another does nothing."""
    approved(world)
    brought(world, login, taken_out(world.municipality))
    brought(world, login, taken_out(world.municipality))


@pytest.mark.usefixtures("birk")
def test_only_who_keeps_the_municipality_reads_back(world: World, login: Callable[[User], Client]) -> None:
    approved(world)
    reading = brought(world, login, taken_out(world.municipality))
    for who in ("nora", "leif", "kristin", "rolf", "sunniva"):
        client = login(world.people[who])
        assert client.get("/handbok/les-tilbake/").status_code == 403
        assert client.post("/handbok/les-tilbake/", {}).status_code == 403
        assert "Read a handbook back" not in client.get("/handbok/").content.decode()
    assert login(world.ada).get(f"/handbok/les-tilbake/{reading.pk}/").status_code == 404
    assert login(world.birk).post(f"/handbok/les-tilbake/{reading.pk}/").status_code == 405
    assert "Read a handbook back" in login(world.birk).get("/handbok/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.birk)
    assert strict.post("/handbok/les-tilbake/", {}).status_code == 403


@pytest.mark.usefixtures("birk")
def test_a_reading_that_a_worker_left_is_taken_up_and_given_up_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch, login: Callable[[User], Client]
) -> None:
    approved(world)
    reading = brought(world, login, taken_out(world.municipality))
    HandbookReading.objects.update(heard_at=timezone.now())
    assert not actions.go_on_reading_back(reading.pk), "another worker is at it"
    HandbookReading.objects.update(heard_at=timezone.now() - HandbookReading.SILENCE * 2)

    def broken(*args: Any, **more: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("documents.actions.reading_back.read", broken)
    for _ in range(4):
        actions.sweep_readings_back()
    reading.refresh_from_db()
    assert reading.refused_at is not None
    assert "Tell those who run the server" in reading.why
    assert not reading.file


@pytest.mark.usefixtures("birk")
def test_while_somebody_elses_is_being_read_that_is_said(world: World, login: Callable[[User], Client]) -> None:
    approved(world)
    file = taken_out(world.municipality)
    brought(world, login, file)
    organisation.grant_role(user=world.mona, unit=world.other_municipality, role=Role.ADMINISTRATOR)
    upload = SimpleUploadedFile("handbok.zip", file.getvalue())
    page = login(world.mona).post("/handbok/les-tilbake/", {"file": upload})
    assert "Somebody else has brought a handbook" in page.content.decode()
    assert HandbookReading.objects.count() == 1
