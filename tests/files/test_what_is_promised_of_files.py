"""What is promised of files, tried where it could fail: a check that hangs, a half upload, sound from a telephone."""

from __future__ import annotations

import socket
import struct
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deviations.models import Deviation
from kvalitetslosen.files import kinds, scan
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.organisation.models import User
from tests.files.test_a_photo_goes_with_a_report import photo, send
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def recording(brand: bytes, handler: bytes = b"soun") -> bytes:
    """The frame of what a telephone records, with its place beside it."""
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(13))
    moov = box(b"moov", box(b"trak", box(b"mdia", hdlr)) + box(b"udta", b"+58.6+007.6/"))
    return box(b"ftyp", brand + bytes(4) + brand) + moov + box(b"mdat", bytes(range(256)))


# Sound


@pytest.mark.parametrize(
    ("brand", "name"), [(b"M4A ", "opptak.m4a"), (b"3gp4", "opptak.3gp"), (b"mp42", "opptak.mp4")]
)
def test_sound_from_a_telephone_is_played_on_the_case(world: World, login: Login, brand: bytes, name: str) -> None:
    sent = SimpleUploadedFile(name, recording(brand), "audio/mp4")
    assert send(login(world.nora), world, files=[sent]).status_code == 302
    attachment = Attachment.objects.get()
    page = BeautifulSoup(login(world.leif).get(Deviation.objects.get().get_absolute_url()).text, "html.parser")
    player = page.select_one("audio")
    assert player is not None
    assert (player["src"], player["preload"]) == (attachment.url, "none")
    content = login(world.leif).get(attachment.url).getvalue()
    assert b"+58.6" not in content
    assert bytes(range(256)) in content


def test_a_film_is_no_sound(world: World, login: Login) -> None:
    film = SimpleUploadedFile("opptak.mp4", recording(b"mp42", b"vide"), "audio/mp4")
    assert send(login(world.nora), world, files=[film]).status_code == 200
    assert not Attachment.objects.exists()


def test_a_recording_is_handed_out_in_parts_by_the_same_rule(world: World, login: Login) -> None:
    send(login(world.nora), world, files=[SimpleUploadedFile("opptak.m4a", recording(b"M4A "), "audio/mp4")])
    attachment = Attachment.objects.get()
    leif = login(world.leif)
    whole = leif.get(attachment.url)
    content = whole.getvalue()
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    for asked, first, last in (
        ("bytes=0-1", 0, 1),
        ("bytes=10-", 10, len(content) - 1),
        ("bytes=5-9999999", 5, len(content) - 1),
    ):
        part = leif.get(attachment.url, headers={"range": asked})
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
        assert part.getvalue() == content[first : last + 1]
        assert int(part["Content-Length"]) == last - first + 1
    for asked in ("bytes=9-3", "bytes=-5", "lines=1-2", "bytes=0-1,4-5", f"bytes={len(content)}-"):
        assert leif.get(attachment.url, headers={"range": asked}).getvalue() == content, asked
    assert login(world.greta).get(attachment.url, headers={"range": "bytes=0-1"}).status_code == 404


# Said beforehand


def test_how_much_may_be_sent_is_said_beside_the_field_before_anything_is_chosen(world: World, login: Login) -> None:
    page = BeautifulSoup(login(world.nora).get("/meld/").text, "html.parser")
    field = page.select_one('input[type="file"][name="files"]')
    assert field is not None
    said = " ".join(
        each.get_text(" ") for part in str(field["aria-describedby"]).split() if (each := page.find(id=part))
    )
    assert f"{kinds.MAX_SIZE // 1_000_000} MB" in said


# The virus check, over a real socket


class Answering(StreamRequestHandler):
    """Takes what is sent and gives the answer of the test, or none."""

    answer: bytes | None = b"stream: OK\0"
    stop = threading.Event()

    def handle(self) -> None:
        self.rfile.read(10)
        while size := int.from_bytes(self.rfile.read(4), "big"):
            self.rfile.read(size)
        if self.answer is None:
            self.stop.wait(20)
        else:
            self.wfile.write(self.answer)


@pytest.fixture
def daemon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answering]]:
    monkeypatch.setattr(scan, "TIMEOUT", 0.5)

    class Told(Answering):
        stop = threading.Event()

    with ThreadingTCPServer(("127.0.0.1", 0), Told) as server:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Told
        Told.stop.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: Eicar-Test-Signature FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"",
        b"stream: OK but\0",
        None,
    ],
)
def test_what_is_not_said_to_be_clean_does_not_come_in(
    world: World, login: Login, daemon: type[Answering], folder: Path, answer: bytes | None
) -> None:
    daemon.answer = answer
    page = send(login(world.nora), world)
    assert page.status_code == 200
    assert "Dosetten var feil." in page.text, "what was written is still there"
    assert not Deviation.objects.exists()
    assert not files_in(folder)


def test_what_is_clean_comes_in(world: World, login: Login, daemon: type[Answering]) -> None:
    daemon.answer = b"stream: OK\0"
    assert send(login(world.nora), world).status_code == 302


def test_a_check_that_is_down_lets_nothing_in(world: World, login: Login, settings: Any, folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{free.getsockname()[1]}"  # nobody listens there
        assert send(login(world.nora), world).status_code == 200
    assert not Deviation.objects.exists()
    assert not files_in(folder)


# A half upload, and where files lie


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_half_upload_leaves_nothing(world: World, login: Login, folder: Path, kept: float) -> None:
    edge = "-----edge"
    fields = {
        "key": str(uuid.uuid4()), "text": "Halv", "unit": str(world.home_care.pk), "happened": "now",
        "kind": "deviation",
    }  # fmt: skip
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    picture = photo().read()
    head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="b.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    body += head.encode() + picture[: int(len(picture) * kept)]  # the net went: no end, and less than was announced
    answer = login(world.nora).generic("POST", "/meld/", body, content_type=f"multipart/form-data; boundary={edge}")
    assert answer.status_code == 400
    assert not Deviation.objects.exists()
    assert not Attachment.objects.exists()
    assert not files_in(folder)


def test_files_lie_outside_what_the_web_server_shows(world: World, login: Login, settings: Any, folder: Path) -> None:
    send(login(world.nora), world)
    attachment = Attachment.objects.get()
    assert not any(folder.is_relative_to(Path(str(each))) for each in settings.STATICFILES_DIRS)
    leif = login(world.leif)
    for path in (f"/media/{attachment.stored_as}", f"/static/{attachment.stored_as}", f"/{attachment.stored_as}"):
        assert leif.get(path).status_code == 404, path
