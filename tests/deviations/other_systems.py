"""Files and rows as other systems have them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deviations import actions
from deviations.models import Bringing, Brings, OtherSystem
from tests.people import World

HEADINGS = ("Saksnr", "Avdeling", "Dato", "Beskrivelse", "Type", "Kategori", "Status", "Lukket", "Svar")
SECRET = "Døra til medisinrommet sto åpen hele natta."
CASES: list[tuple[Any, ...]] = [
    ("P-1", "Hjemmetjenesten", "2026-03-02", SECRET, "Avvik", "", "Lukket", "2026-03-05", "Ny lås."),
    ("P-2", "HB", "03.03.2026", "Alarmen ringte ikke.", "Nestenulykke", "", "Åpen", "", ""),
]


def system(world: World, **more: Any) -> OtherSystem:
    fields: dict[str, Any] = {"name": "Profil", "brings": Brings.CASES, "handled_here": False}
    return actions.define_system(municipality=world.municipality, by=world.ada, **fields | more)


def counting(world: World) -> OtherSystem:
    return system(world, name="FDV", brings=Brings.COUNTS)


def xlsx(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (headings, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("fra profil.xlsx", file.getvalue())


def csv(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("fra profil.csv", text.encode(encoding))


def looked_through(client: Client, found: OtherSystem, file: SimpleUploadedFile) -> str:
    """The file is chosen; the address where it is looked through, or the page with what is wrong."""
    answer = client.post(f"{found.get_absolute_url()}fil/", {"file": file})
    return str(answer["Location"]) if answer.status_code == 302 else answer.text


def brought(client: Client, found: OtherSystem, file: SimpleUploadedFile, **choices: str) -> dict[str, int]:
    """The file from beginning to end, as the page guesses its columns; what became of the rows."""
    address = looked_through(client, found, file)
    page = client.get(address)
    form = page.context["form"]
    chosen = {name: field.initial or "" for name, field in form.fields.items()} | choices
    assert client.post(address, {**chosen, "hent": "1"}).status_code == 302
    kept = Bringing.objects.latest("pk")
    assert kept.ended_at is not None
    outcome: dict[str, int] = kept.outcome
    return outcome
