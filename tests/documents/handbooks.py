"""A handbook with one document of each sort, the file it is taken out to, and what spoils such a file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents import actions
from documents.exchange.writing import Scope, write
from kvalitetslosen.files.uploads import examine
from kvalitetslosen.organisation.models import Unit, User
from tests.documents.conftest import approved, drafted, sent
from tests.people import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def a_handbook(world: World) -> None:
    """One document of each sort: renewed, kept as a PDF, withdrawn, waiting, in draft, linked and with attachments."""
    first = approved(world)
    note = examine(SimpleUploadedFile("sjekk.txt", b"Se etter at ingen ligger."))
    second = actions.new_version(document=first.document, by=world.leif)
    link = '<p>Se <a href="/handbok/P-0002/">nøkler</a>.</p><aside data-callout="warning"><p>Varm dør</p></aside>'
    approved(world, title="Nøkler")
    actions.save(
        version=second, by=world.leif, title="Fall i heimen", body=link, change_summary="Ny lenke", attach=[note]
    )
    actions.send(version=second, by=world.leif, approver=world.sunniva)
    actions.want_changes(version=second, by=world.sunniva, note="Skriv mer")
    actions.send(version=second, by=world.leif, approver=world.sunniva)
    actions.approve(version=second, by=world.sunniva)
    actions.review_without_change(version=second, by=world.leif, note="Lest")
    brought = drafted(world, title="Brannplan")
    actions.put_file(version=brought, by=world.leif, file=ContentFile(PDF), name="plan.pdf", text="Planen")
    actions.send(version=brought, by=world.leif, approver=world.sunniva)
    actions.approve(version=brought, by=world.sunniva)
    actions.withdraw(version=approved(world, title="Gammel rutine"), by=world.leif, note="Ikke i bruk")
    comment = actions.send_comment(version=second, by=world.nora, kind="unclear", text="Hvilken dør?")
    actions.accept_comment(comment=comment, by=world.leif, answer="Takk")
    actions.ask_to_read(document=second.document, by=world.leif, units=[world.home_care], due_on=timezone.localdate())
    actions.confirm_reading(version=second, by=world.nora)
    sent(world, title="Venter")
    drafted(world, title="Bare en kladd")
    actions.discard(version=drafted(world, title="Forkastet"), by=world.leif)


def taken_out(municipality: Unit, *, unit: Unit | None = None, reader: User | None = None) -> io.BytesIO:
    file = io.BytesIO()
    write(Scope(municipality, unit or municipality, reader), file)
    file.seek(0)
    return file


def contents(file: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(file: io.BytesIO) -> dict[str, Any]:
    """All JSON in the file, without what must differ: seals, sums, the time, and how the municipality is called."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            without = {"key", "head", "hash", "sha256", "made_at", "municipality"}
            return {name: plain(each) for name, each in value.items() if name not in without}
        return [plain(each) for each in value] if isinstance(value, list) else value

    found = {name: plain(json.loads(data)) for name, data in contents(file).items() if name.endswith(".json")}
    for rows in found["handbook.json"].values():  # a municipality has its own types and subjects from the start
        for row in rows if isinstance(rows, list) else []:
            row.pop("events", None)
    return found


def changed(file: io.BytesIO, changes: dict[str, Any]) -> io.BytesIO:
    """The same file with some of its parts changed (None: left out), and its lists of sums right."""
    parts = contents(file)
    for name, change in changes.items():
        if change is None:
            del parts[name]
        elif callable(change):
            row = json.loads(parts[name])
            change(row)
            parts[name] = json.dumps(row).encode()
        else:
            parts[name] = change
    for name in sorted(parts, key=lambda each: each.endswith("document.json")):
        if name.endswith(".json"):
            row = json.loads(parts[name])
            for part in [*row.get("versions", ()), *row.get("documents", ())]:
                if part["path"] in parts:
                    part["sha256"] = hashlib.sha256(parts[part["path"]]).hexdigest()
            parts[name] = json.dumps(row).encode()
    handbook = json.loads(parts["handbook.json"])
    for part in handbook["documents"]:
        part["sha256"] = hashlib.sha256(parts.get(part["path"], b"")).hexdigest()
    parts["handbook.json"] = json.dumps(handbook).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    made.seek(0)
    return made


def first_version(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    return {"dokumenter/P-0001/versjon-1.0.json": change}


HOSTILE: dict[str, tuple[Any, str]] = {
    "without a text": (first_version(lambda row: row.update(body=None)), "can't be understood"),
    "with a state of its own": (first_version(lambda row: row.update(state="secret")), "can't be understood"),
    "in force without an approver": (first_version(lambda row: row.update(approved_by=None)), "doesn't fit together"),
    "with no time": (first_version(lambda row: row.update(saved_at="yesterday")), "can't be understood"),
    "with an identity number": (first_version(lambda row: row.update(title="Om 13097248022")), "identity number"),
    "with a gap in its history": (first_version(lambda row: row["events"].pop(0)), "gap"),
    "with too deep a text": (first_version(lambda row: row.update(body="<ul><li>" * 99)), "longer"),
    "from tomorrow": ({"handbook.json": lambda row: row.update(edition=99)}, "newer version"),
    "of something else": ({"handbook.json": lambda row: row.update(format="x")}, "something else"),
    "a list": ({"handbook.json": b"[]"}, "can't be understood"),
    "no JSON": ({"handbook.json": b"{"}, "can't be understood"),
    "too deep": ({"handbook.json": b"[" * 100_000}, "can't be understood"),
    "without an owner": ({"dokumenter/P-0001/document.json": lambda row: row.update(owner=99)}, "lacks"),
    "out of its folder": (
        {"dokumenter/P-0001/document.json": lambda row: row["versions"][0].update(path="../../etc/passwd")},
        "missing or too large",
    ),
    "without a version": ({"dokumenter/P-0001/versjon-1.0.json": None}, "missing or too large"),
}
