"""The first page of a PDF is drawn in the background, and goes to those who may have the file, by its own doors."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.files import previews, store
from kvalitetslosen.files.actions import attach, carry_over, remove
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.files.tasks import draw_previews
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.documents.office_files import pdf
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def with_pdf(owner: Deviation, data: bytes | None = None) -> Attachment:
    return attach(owner=owner, upload=SimpleUploadedFile("vedtak.pdf", data or pdf("Vedtak")), by=None)


def test_it_stands_on_the_case_and_goes_to_nobody_else(world: World, login: Login) -> None:
    deviation = cases.about_the_leader(world)
    attachment = with_pdf(deviation)
    small = f"/vedlegg/{attachment.key}/liten/"
    assert login(world.sunniva).get(small).status_code == 404, "not drawn yet"
    assert "vedtak.pdf" in login(world.sunniva).get(deviation.get_absolute_url()).text
    draw_previews()
    attachment.refresh_from_db()
    assert (attachment.width, attachment.height) == (453, 640)
    assert attachment.thumbnail_url == small
    assert f'src="{small}"' in login(world.sunniva).get(deviation.get_absolute_url()).text
    for who, user in world.people.items():
        expected = 200 if who in ("nora", "sunniva", "rolf") else 404
        assert login(user).get(small).status_code == expected, who
    answer = login(world.nora).get(small)
    with Image.open(io.BytesIO(b"".join(answer))) as seen:
        assert (seen.format, seen.size) == ("JPEG", (226, 320))
    assert answer["Cache-Control"] == "private, no-store"
    assert login(world.nora).get(attachment.url)["Content-Type"] == "application/pdf"


def test_by_the_case_code_too(world: World) -> None:
    deviation, code = cases.coded(world)
    attachment = with_pdf(deviation)
    draw_previews()
    client = Client()
    assert client.get(f"/sak/min/filer/{attachment.key}/liten/").status_code in (302, 404)
    client.post("/sak/", {"code": code})
    assert f'src="/sak/min/filer/{attachment.key}/liten/"' in client.get("/sak/min/").text
    assert client.get(f"/sak/min/filer/{attachment.key}/liten/").status_code == 200


@pytest.mark.parametrize(
    "spoilt",
    [b"%PDF-1.4\nikke mer enn dette\n%%EOF", pdf("x").replace(b"/Kids [", b"/Kidz ["), pdf("x")[:400] + b"%%EOF"],
)
def test_what_cannot_be_drawn_is_tried_once_and_shown_by_name(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch, spoilt: bytes
) -> None:
    deviation = cases.ordinary(world)
    attachment = with_pdf(deviation)
    monkeypatch.setattr(Attachment, "open", lambda _self: io.BytesIO(spoilt))
    assert previews.draw_waiting() == 1
    assert previews.draw_waiting() == 0
    attachment.refresh_from_db()
    assert attachment.thumbnail_url == ""
    assert "vedtak.pdf" in login(world.leif).get(deviation.get_absolute_url()).text


def test_one_that_takes_forever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "PATIENCE", 0)
    assert previews.first_page(pdf("Vedtak")) is None


def test_the_other_process_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def run(command: list[str], **more: Any) -> Any:
        asked.update(more)
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    assert previews.first_page(b"%PDF") is None
    assert set(asked["env"]) == {"PATH"}


def test_what_is_deleted_takes_its_picture_along(
    world: World, folder: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    deviation = cases.ordinary(world)
    with django_capture_on_commit_callbacks(execute=True):
        attachment = with_pdf(deviation)
    draw_previews()
    assert store.place_of(attachment.stored_as + store.SMALL).exists()
    with django_capture_on_commit_callbacks(execute=True):
        remove(owner=deviation, attachment=attachment, by=world.leif, reason="Feil fil")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not previews.draw(attachment) or not store.place_of(attachment.stored_as + store.SMALL).exists()


def test_what_lies_there_once_for_two_is_drawn_for_both(world: World) -> None:
    one, two = cases.ordinary(world), cases.ordinary(world)
    with_pdf(one)
    carry_over(source=one, owner=two)
    draw_previews()
    assert {each.has_preview for each in Attachment.objects.all()} == {True}
    actions.receive(deviation=two, by=world.leif)
