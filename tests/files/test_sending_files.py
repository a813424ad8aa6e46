"""People send photos and files with what they report, and nothing harmful or private comes along."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image

from documents.models import Document
from kvalitetslosen.files import kinds, uploads
from kvalitetslosen.files.actions import attach, attach_all, clear_left_over
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.files.store import INCOMING, SMALL, place_of
from kvalitetslosen.files.uploads import SwallowRest, examine
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.documents.in_force import in_force
from tests.documents.office_files import docx, paragraph, pdf
from tests.people import World

Commits = Callable[..., AbstractContextManager[Any]]
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(world: World) -> Document:
    return in_force("Vask", "Vask hver dag.", unit=world.home_care, author=world.leif, approver=world.sunniva)


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def photo(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    result = io.BytesIO()
    Image.new("RGB", size, "red").save(result, form, **more)
    return result.getvalue()


def wav() -> bytes:
    parts = [(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)), (b"LIST", b"INFOhome"), (b"data", b"\x80" * 8)]
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(content)) + content for name, content in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def refused(data: bytes, name: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        examine(upload(data, name))
    assert len(refusal.value.messages) == 1
    return str(refusal.value.code)


def stored(examined: uploads.Examined, folder: Path) -> bytes:
    return (folder / INCOMING / examined.incoming.name).read_bytes()


def test_a_photo_tells_nothing_about_place_and_telephone(folder: Path) -> None:
    exif = Image.Exif()
    exif[MAKE] = "Telefon"
    exif[ORIENTATION] = 6  # taken with the telephone on its side
    exif.get_ifd(GPS)[1] = "N"
    examined = examine(upload(photo(exif=exif), "IMG_1.jpg"))

    with Image.open(io.BytesIO(stored(examined, folder))) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (40, 60), {})
    assert (examined.width, examined.height, examined.name) == (40, 60, "IMG_1.jpg")
    assert b"Telefon" not in stored(examined, folder)


@pytest.mark.parametrize(
    ("form", "name", "became"), [("PNG", "tegning.png", ".png"), ("WEBP", "bilde.webp", ".jpg"), ("JPEG", "b", ".jpg")]
)
def test_pictures_are_drawn_anew(form: str, name: str, became: str) -> None:
    examined = examine(upload(photo(form), name))

    assert examined.kind.ending == became
    assert examined.name.endswith(became)


def test_large_pictures_are_made_smaller(folder: Path) -> None:
    examined = examine(upload(photo(size=(4000, 100)), "bred.jpg"))
    assert (examined.width, examined.height) == (2560, 64)


def test_word_files_forget_their_writer(folder: Path) -> None:
    core = b'<cp:coreProperties xmlns:cp="x"><creator>Kari Nordmann</creator></cp:coreProperties>'
    examined = examine(upload(docx(paragraph("Brann"), extra={"docProps/core.xml": core}), "rutine.docx"))

    with zipfile.ZipFile(io.BytesIO(stored(examined, folder))) as archive:
        assert b"Kari" not in archive.read("docProps/core.xml")
        assert b"Brann" in archive.read("word/document.xml")


def test_recordings_forget_their_title(folder: Path) -> None:
    examined = examine(upload(wav(), "lyd.wav"))

    assert examined.kind == kinds.WAV
    assert b"home" not in stored(examined, folder)
    assert b"\x80" * 8 in stored(examined, folder)


def test_text_becomes_utf_8(folder: Path) -> None:
    assert stored(examine(upload("blåbær".encode("cp1252"), "notat.txt")), folder).decode() == "blåbær"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "tom.pdf", "empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200, "program.jpg", "kind"),
        (b"<html><script>alert(1)</script></html>", "side.html", "kind"),
        (b"<html><script>alert(1)</script></html>", "side.txt", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "bilde.svg", "kind"),
        (docx(paragraph("x"), extra={"word/vbaProject.bin": b"x"}), "makro.docx", "kind"),
        (b"GIF89a" + b"<script>" + pdf("x"), "to.pdf", "name_and_kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40, "IMG.heic", "phone_picture"),
        (pdf("x"), "bilde.jpg", "name_and_kind"),
        (photo()[:200], "halv.jpg", "unreadable"),
        (b"Pasient 15076500565 falt", "notat.txt", "identity_number_inside"),
        (b"Vanlig tekst", "15076500565.txt", "identity_number"),
        (docx(paragraph("x"), extra={"word/x.bin": b"\0" * 100_000_001}), "bombe.docx", "unreadable"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_one_sentence(folder: Path, data: bytes, name: str, code: str) -> None:
    assert refused(data, name) == code
    assert files_in(folder) == []


def test_too_large_files_and_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kvalitetslosen.files.pictures.MAX_PIXELS", {"JPEG": 100, "PNG": 100, "WEBP": 100})
    assert refused(photo(), "stor.jpg") == "pixels"
    monkeypatch.setattr(uploads, "MAX_SIZE", 10)
    assert refused(photo(), "stor.jpg") == "too_large"


def test_names_are_made_harmless() -> None:
    assert examine(upload(b"tekst", "..\\..\\notat\u202e<b>.txt")).name == "notat_b_.txt"


class Daemon(StreamRequestHandler):
    """Speaks as ClamAV's does, and finds the word EICAR."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(size)
        self.wfile.write(b"stream: Eicar FOUND\0" if b"EICAR" in data else b"stream: OK\0")


@pytest.fixture
def scanner(settings: Any) -> Iterator[None]:
    with TCPServer(("127.0.0.1", 0), Daemon) as server:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("scanner")
def test_the_virus_check_stops_what_it_knows() -> None:
    assert examine(upload(b"trygg tekst", "notat.txt")).size == 11
    assert refused(b"EICAR", "notat.txt") == "virus"


def test_nothing_is_let_in_while_the_virus_check_is_silent(settings: Any) -> None:
    settings.CLAMD_ADDRESS = "/nowhere/clamd.sock"
    assert refused(b"trygg tekst", "notat.txt") == "no_scanner"


def test_it_works(owner: Document, world: World, folder: Path, django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attach(owner=owner, upload=upload(photo(), "fall.jpg"), by=world.nora)

    data = place_of(attachment.stored_as).read_bytes()
    assert (attachment.size, attachment.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert place_of(attachment.stored_as + SMALL).exists()
    assert not list((folder / INCOMING).iterdir())
    event = Event.objects.get(type="files.attached")
    assert (event.subject_id, event.data, event.by) == (owner.pk, {"attachments": [attachment.pk]}, world.nora)


def test_a_hidden_name_is_in_neither_row_nor_event(owner: Document) -> None:
    attachment = attach(owner=owner, upload=upload(b"tekst", "notat.txt"), by=None)

    assert attachment.uploaded_by is None
    assert Event.objects.get(type="files.attached").by is None


def test_the_same_file_sent_twice_is_attached_once(owner: Document, world: World) -> None:
    first = attach(owner=owner, upload=upload(b"tekst", "notat.txt"), by=world.nora)
    again = attach_all(owner=owner, uploads=[upload(b"tekst", "annet.txt")] * 2, by=world.nora)

    assert again == [first, first]
    assert Attachment.objects.of(owner).count() == 1
    assert Event.objects.filter(type="files.attached").count() == 1


def test_nothing_happens_for_no_files(owner: Document, world: World) -> None:
    assert attach_all(owner=owner, uploads=[], by=world.nora) == []
    assert not Event.objects.filter(type="files.attached").exists()


def test_the_bytes_vanish_with_the_transaction(owner: Document, world: World, folder: Path) -> None:
    class Regret(Exception):
        pass

    def try_it() -> None:
        with transaction.atomic():
            attach(owner=owner, upload=upload(photo(), "fall.jpg"), by=world.nora)
            assert len(files_in(folder)) == 2
            raise Regret

    with pytest.raises(Regret):
        try_it()
    transaction.get_connection().run_on_commit.clear()  # the test's own transaction holds them until its end
    assert Attachment.objects.count() == 0
    assert files_in(folder) == []


@pytest.fixture
def attached(owner: Document, world: World, django_capture_on_commit_callbacks: Commits) -> list[Attachment]:
    with django_capture_on_commit_callbacks(execute=True):
        return attach_all(
            owner=owner,
            uploads=[
                upload(photo(), "fall.jpg"),
                upload(pdf("Skjema"), "skjema.pdf"),
                upload(docx(paragraph("Brev")), "brev å.docx"),
                upload(b"notat", "notat.txt"),
            ],
            by=world.nora,
        )


def test_whoever_may_see_the_owner_may_have_its_files(
    attached: list[Attachment], world: World, login: Callable[[User], Client]
) -> None:
    photo_, form, letter, note = attached
    client = login(world.nora)

    response = client.get(photo_.url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(response) == place_of(photo_.stored_as).read_bytes()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get(photo_.thumbnail_url)["Content-Type"] == "image/jpeg"
    assert client.get(form.url)["Content-Disposition"] == 'inline; filename="skjema.pdf"'
    assert client.get(letter.url)["Content-Disposition"] == "attachment; filename*=utf-8''brev%20%C3%A5.docx"
    assert client.get(note.url)["Content-Disposition"].startswith("attachment")


def test_refuses_those_who_may_not_and_strangers_as_if_there_were_no_file(
    attached: list[Attachment], world: World, login: Callable[[User], Client], client: Client
) -> None:
    for user in (world.greta, world.mona, world.ada):
        for attachment in attached:
            assert login(user).get(attachment.url).status_code == 404
        assert login(user).get(attached[0].thumbnail_url).status_code == 404
    assert client.get(attached[0].url).status_code == 302
    assert login(world.nora).post(attached[0].url).status_code == 405


def test_only_pictures_have_a_small_one(
    attached: list[Attachment], world: World, login: Callable[[User], Client]
) -> None:
    assert attached[1].thumbnail_url == ""
    assert login(world.nora).get(f"{attached[1].url}liten/").status_code == 404


def test_a_file_lost_from_the_disk_is_not_found(
    attached: list[Attachment], world: World, login: Callable[[User], Client]
) -> None:
    place_of(attached[1].stored_as).unlink()
    assert login(world.nora).get(attached[1].url).status_code == 404


def test_the_list_shows_pictures_and_names(attached: list[Attachment]) -> None:
    html = render_to_string("files/list.html", {"files": attached})

    assert html.count("<img") == 1
    assert 'width="60" height="40"' in html
    assert "brev å.docx" in html
    assert html.count("<li>") == 4


def _age(paths: list[Path]) -> None:
    then = time.time() - 2 * 24 * 60 * 60
    for path in paths:
        os.utime(path, (then, then))


def test_only_what_belongs_to_nothing_is_cleared_away(attached: list[Attachment], folder: Path) -> None:
    kept = files_in(folder)
    left, handbook, half_way = folder / INCOMING / ("a" * 32), folder / "documents" / "x.pdf", attached[0].stored_as
    handbook.parent.mkdir()
    for path in (left, folder / "aa" / ("a" * 31 + "b"), handbook):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    place_of(half_way).rename(folder / INCOMING / half_way)
    assert clear_left_over() == (0, 0)  # too young: somebody may not be finished

    _age(files_in(folder))
    assert clear_left_over() == (2, 1)
    assert files_in(folder) == sorted([*kept, handbook])
    assert clear_left_over() == (0, 0)
    call_command("clear_files")
    assert files_in(folder) == sorted([*kept, handbook])


def test_the_field_names_every_file_it_refuses() -> None:
    field = MultipleFileField(required=False)
    with pytest.raises(ValidationError) as refusal:
        field.clean([upload(b"", "tom.txt"), upload(b"godt", "god.txt"), upload(b"MZ" + b"\0" * 99, "fil.exe")])

    first, second, last = refusal.value.messages
    assert "tom.txt" in first
    assert "fil.exe" in second
    assert last == "Choose the files again; the rest of what you wrote is still here."
    assert field.clean([]) == []
    assert [each.name for each in field.clean([upload(b"godt", "god.txt")])] == ["god.txt"]


def test_the_field_takes_so_many_and_no_more() -> None:
    with pytest.raises(ValidationError, match="at most two"):
        MultipleFileField(max_files=2).clean([upload(b"x", "a.txt")] * 3)
    with pytest.raises(ValidationError) as refusal:
        MultipleFileField().clean(None)
    assert refusal.value.code == "required"


def test_a_file_larger_than_any_form_takes_is_not_written_to_disk() -> None:
    handler = SwallowRest(HttpRequest())

    assert handler.receive_data_chunk(b"x", uploads.SWALLOWED_FROM) == b"x"
    assert handler.receive_data_chunk(b"x", uploads.SWALLOWED_FROM + 1) is None
