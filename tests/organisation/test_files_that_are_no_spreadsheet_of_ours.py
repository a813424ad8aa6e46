"""Whatever is brought instead of a spreadsheet is refused with what to do, or read; nothing breaks."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from kvalitetslosen.files import zips
from kvalitetslosen.organisation import spreadsheet
from kvalitetslosen.organisation.models import ImportDraft
from tests.organisation.workbooks import PAGE, PEOPLE, upload, workbook
from tests.people import World

Login = Callable[..., Client]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def locked_zip() -> bytes:
    data = bytearray(workbook(people=[("Ny", "ny@x.example", "HB", "", "", "")]))
    place = data.find(b"PK\x01\x02")
    while place != -1:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Navn;E-post\nNy;ny@fjelldal.example\n", "This isn't a spreadsheet"),
        (b"%PDF-1.7 ...", "This isn't a spreadsheet"),
        (zipped(word__document=b"<w/>"), "This isn't a spreadsheet"),
        (OLE, "of an old kind (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (locked_zip(), "locked with a password"),
        (b"PK\x03\x04 not really", "The file is damaged"),
        (workbook(people=[("Ny", "ny@x.example", "HB")])[:-200], "The file is damaged"),
        (zipped(**{"xl__workbook.xml": b"<workbook"}), "The file is damaged"),
        (zipped(**{"xl__workbook.xml": b"", "bomb": b"\0" * (spreadsheet.MAX_UNPACKED + 1)}), "too big when unpacked"),
        (zipped(**{"xl__workbook.xml": b"", **{f"p{n}": b"" for n in range(zips.MAX_PARTS)}}), "The file is damaged"),
        (b"PK\x03\x04" + b"x" * spreadsheet.MAX_BYTES, "at most 5 MB"),
        (workbook(Ark=[("Hei", "du")]), "No sheet in the file has the headings"),
        (workbook(Ark=[]), "No sheet in the file has the headings"),
        (workbook(Ark=[PEOPLE]), "There are no rows below the headings"),
        (workbook(Ark=[("Navn", "E-post")]), "lacks the column “Unit (code)”"),
        (workbook(Ark=[("Navn", "E-post", "E-mail", "Enhet")]), "two columns called “E-mail”"),
    ],
)
def test_a_file_that_is_no_spreadsheet_of_ours_is_refused_with_what_to_do(
    world: World, login: Login, data: bytes, said: str
) -> None:
    response = upload(login(world.ada), data)
    assert response.status_code == 200
    assert said in BeautifulSoup(response.content, "html.parser").get_text(" ")
    assert not ImportDraft.objects.exists()


def test_no_file_and_an_empty_file_are_refused(world: World, login: Login) -> None:
    client = login(world.ada)
    assert "Choose the spreadsheet first." in client.post(PAGE, {}).content.decode()
    assert upload(client, b"").status_code == 200


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 10)
    with pytest.raises(ValidationError, match="at most 10"):
        spreadsheet.read(io.BytesIO(workbook(people=[("Ny", f"{n}@x.example", "HB") for n in range(10)])))


def lonely_cells(sheets: int) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number in range(sheets):
            page = book.add_worksheet(f"Personer {number}")
            page.write_row(0, 0, PEOPLE)
            page.write(150_000, 0, "Langt nede")
    out.seek(0)
    return out


def test_a_cell_far_down_is_found_but_not_looked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.number for row in spreadsheet.read(lonely_cells(1)).people] == [150_001]
    monkeypatch.setattr(spreadsheet, "MAX_READ", 200_000)
    with pytest.raises(ValidationError, match="too many rows"):
        spreadsheet.read(lonely_cells(2))


@pytest.mark.parametrize("seed", range(60))
def test_a_file_spoilt_at_random_is_read_or_refused_but_never_breaks(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(workbook(units=[("A", "B", "", "")], people=[("Ny", "ny@x.example", "A", "", "", "")]))
    if seed % 2:  # spoil what the parts say, keeping the package whole
        parts = zipfile.ZipFile(io.BytesIO(bytes(data)))
        inside = {name: bytearray(parts.read(name)) for name in parts.namelist()}
        spoilt = inside[chance.choice(sorted(inside))]
        for _time in range(3):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for name, part in inside.items():
                package.writestr(name, bytes(part))
        data = bytearray(out.getvalue())
    else:
        for _time in range(5):
            data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(ValidationError):
        contents = spreadsheet.read(io.BytesIO(bytes(data)))
        assert contents.units or contents.people or contents.faults


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"), (12, "12"), (1.5, "1.5"), (True, "True"), (None, ""), ("  Ny\u00a0  Nilsen\n", "Ny Nilsen"),
        ("A\u030a", "Å"), ("Ny\u200b\ufeff", "Ny"), ("a\x07b", "ab"), ("ny\tto", "ny to"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_person_would(value: Any, text: str) -> None:
    assert spreadsheet.clean(value) == text
