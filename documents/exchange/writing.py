"""Writes the handbook, or a unit's, to a zip: for people to read as it lies there, and for a program to read back.

Documents are written one after the other and forgotten: memory stays the same however many there are.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from documents import access
from documents.exchange.nouns import (
    ATTACHMENTS,
    DOCUMENTS,
    IDS_IN_DATA,
    PLACES_IN_DATA,
    VERSIONS,
    Level,
    Noun,
    noun_of,
    of_level,
    plain,
)
from documents.exchange.schema import EDITION, FORMAT
from documents.html import LinkTarget, shown
from documents.lifecycle import State
from documents.links import LINKED
from documents.models import Document, Version
from documents.paper import copies
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import refers_of
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.press import Press, Unprintable
from kvalitetslosen.paper.printing import static_file

AT_A_TIME = 50
TAKEN = ".read-back.invalid"  # ends the address of who was read back where the address was another's
TOP = "."  # what the municipality itself is called among its units
CHUNK = 1 << 20  # bytes
MANIFEST, SUMS = "handbook.json", "checksums.sha256"
_ICON = re.compile(r"<svg class=\"los-icon.*?</svg>")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scope:
    """What is taken out: everything of the unit and below that the reader may read; without a reader, all there is."""

    municipality: Unit
    unit: Unit
    reader: User | None
    every_pdf: bool = False  # of old versions too

    def documents(self) -> models.QuerySet[Document]:
        rows = Document.objects.filter(level_0=self.municipality.pk).in_subtree(self.unit)
        if self.reader is not None:
            rows = rows.visible_to(self.reader)
        return rows.order_by("number", "pk")

    def versions(self, documents: Iterable[Document]) -> models.QuerySet[Version]:
        rows = Version.objects.filter(document__in=[each.pk for each in documents])
        if self.reader is not None:
            rows = rows.visible_to(self.reader)
        return rows.order_by("pk")

    def tells_history(self, document: Document) -> bool:
        return self.reader is None or access.may_read_old(access.parts_in(document, self.reader))


class Names:
    """What rows are called in the file: by the order in which they are written."""

    def __init__(self, municipality: Unit) -> None:
        self.of: dict[str, dict[int, Any]] = defaultdict(dict)
        self.people: dict[int, int] = {}
        units = Unit.objects.filter(level_0=municipality.pk).values_list("pk", "code")
        self.of["units"] = {pk: TOP if pk == municipality.pk else code for pk, code in units}

    def add(self, noun: str, pk: int) -> int:
        rows = self.of[noun]
        return int(rows.setdefault(pk, len(rows) + 1))

    def name(self, noun: str, pk: int | None) -> Any:
        """None where the row isn't in the file."""
        if pk is None:
            return None
        if noun == "people":
            return self.people.setdefault(pk, len(self.people) + 1)
        return self.of[noun].get(pk)


class Archive:
    """The zip as it is written, with the checksum of all that is in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._sums: list[str] = []

    def put(self, path: str, content: str | bytes) -> dict[str, str]:
        data = content.encode() if isinstance(content, str) else content
        kind = zipfile.ZIP_STORED if path.endswith((".pdf", ".jpg", ".png", ".docx", ".xlsx")) else None
        self._zip.writestr(path, data, compress_type=kind)
        return self._noted(path, hashlib.sha256(data).hexdigest())

    def put_json(self, path: str, content: Any) -> dict[str, str]:
        return self.put(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def copy(self, path: str, source: IO[bytes]) -> dict[str, str]:
        made = hashlib.sha256()
        with self._zip.open(zipfile.ZipInfo(path, timezone.localtime().timetuple()[:6]), "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                made.update(chunk)
                out.write(chunk)
        return self._noted(path, made.hexdigest())

    def _noted(self, path: str, checksum: str) -> dict[str, str]:
        self._sums.append(f"{checksum}  {path}\n")
        return {"path": path, "sha256": checksum}

    def close(self) -> None:
        """As ``sha256sum -c`` reads it."""
        self._zip.writestr(SUMS, "".join(self._sums))
        self._zip.close()


@dataclass
class Written:
    """What came into the file."""

    documents: int = 0
    versions: int = 0
    events: int = 0
    left_out: list[dict[str, str]] = field(default_factory=list)


@dataclass
class _Line:
    """A document in the table of contents."""

    number: str
    title: str
    unit: int
    label: str
    page: str
    pdf: str


class Writer:
    def __init__(self, scope: Scope, file: IO[bytes], press: Press) -> None:
        self.scope, self.press = scope, press
        self.archive = Archive(file)
        self.names = Names(scope.municipality)
        self.written = Written()
        self.lines: list[_Line] = []
        self.numbers: dict[int, str] = dict(scope.documents().values_list("pk", "number"))
        self.names.of["documents"] = dict(self.numbers)
        self.can_print = True

    def write(self, progress: Progress) -> Written:
        handbook: dict[str, Any] = {
            "format": FORMAT,
            "edition": EDITION,
            "made_at": timezone.now().isoformat(),
            "complete": self.scope.reader is None and self.scope.unit == self.scope.municipality,
            "municipality": {name: getattr(self.scope.municipality, name) for name in ("name", "code", "language")},
            "unit": self.names.name("units", self.scope.unit.pk),
        }
        for noun in of_level(Level.HANDBOOK):
            handbook[noun.name] = self.rows(noun, self.scope.municipality, told=True)
        handbook["documents"] = []
        total = len(self.numbers)
        progress(0, total)
        for done, document in enumerate(self.documents(), 1):
            if (part := self.document(*document)) is not None:
                handbook["documents"].append({"number": document[0].number, **part})
            progress(done, total)
        handbook["units"] = self.units()
        handbook["people"] = self.people()
        handbook["left_out"] = self.written.left_out
        self.archive.put("stil.css", static_file("css/offline.css").read_text(encoding="utf-8"))
        self.archive.put("index.html", self.contents())
        self.archive.put_json(MANIFEST, handbook)
        self.archive.close()
        return self.written

    def documents(self) -> Iterator[tuple[Document, list[Version]]]:
        """Each with the versions that are taken along, some at a time."""
        pks = list(self.numbers)
        for start in range(0, len(pks), AT_A_TIME):
            rows = Document.objects.filter(pk__in=pks[start : start + AT_A_TIME]).select_related("unit", "owner")
            documents = sorted(rows, key=lambda each: (each.number, each.pk))
            of_each: dict[int, list[Version]] = defaultdict(list)
            for version in self.scope.versions(documents).select_related("approved_by"):
                of_each[version.document_id].append(version)
            for document in documents:
                for version in of_each[document.pk]:
                    version.document = document
                yield document, of_each.pop(document.pk)

    # Rows ----------------------------------------------------------------------------------------------------------

    def row(self, noun: Noun, row: Any, *, told: bool) -> dict[str, Any]:
        """One row as the file has it."""
        said = {name: plain(row, name) for name in noun.fields}
        for name in noun.html:
            said[name] = LINKED.sub(self._linked, said[name])
        for name, to in noun.refs.items():
            said[name] = self.names.name(to, getattr(row, f"{name}_id"))
        if noun.shared:
            said["comes_with_product"] = row.municipality_id is None
        if told and noun.has_events and not said.get("comes_with_product"):
            said |= {"key": str(row.key), "head": row.events_head, "events": self.events(row)}
        return said

    def rows(self, noun: Noun, owner: models.Model, *, told: bool) -> list[dict[str, Any]]:
        if noun.answering and not told:
            return []
        # What the documents stand on is no secret, and whoever reads the file back needs all of it.
        reader = None if noun.level is Level.HANDBOOK else self.scope.reader
        found = list(noun.rows_of(owner, reader))
        if noun.level is not Level.HANDBOOK:
            self.names.of[noun.name] = {}
        for each in found:
            self.names.add(noun.name, each.pk)
        return [self.row(noun, each, told=told) for each in found]

    def events(self, row: Journaled) -> list[dict[str, Any]]:
        said = [
            {
                "number": event.number,
                "type": event.type,
                "at": event.at.isoformat(),
                "by": self.names.name("people", event.by_id),
                "data": self.data(event),
                "hash": event.hash,
            }
            for event in Event.objects.about(row)
        ]
        self.written.events += len(said)
        return said

    def data(self, event: Event) -> dict[str, Any]:
        """The data with ids turned into names: ``{"ref": "people", "is": 3}``."""
        refers = {name: noun for name, model in refers_of(event.type).items() if (noun := noun_of(model))}
        refers = IDS_IN_DATA | refers
        said = {
            name: [self.placed(name, each) for each in value]
            if name in PLACES_IN_DATA
            else self.named(refers.get(name), value)
            for name, value in event.data.items()
            if name != "changes"
        }
        if "changes" in event.data:
            said["changes"] = {
                name: [self.named(refers.get(name), each) for each in pair]
                for name, pair in event.data["changes"].items()
            }
        return said

    def placed(self, name: str, row: list[Any]) -> list[Any]:
        return [self.named(noun, each) for noun, each in zip(PLACES_IN_DATA[name], row, strict=False)]

    def named(self, noun: str | None, value: Any) -> Any:
        if noun and isinstance(value, list):
            return [self.named(noun, each) for each in value]
        if noun and isinstance(value, int) and not isinstance(value, bool):
            return {"ref": noun, "is": self.names.name(noun, value)}
        return value

    def units(self) -> list[dict[str, Any]]:
        """The units of the scope and those above, each after the one it lies under."""
        rows = Unit.objects.filter(level_0=self.scope.municipality.pk).exclude(pk=self.scope.municipality.pk)
        above = set(self.scope.unit.ancestor_ids)
        return [
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "parent": self.names.name("units", unit.parent_id),
                "language": unit.language,
                "closed_on": plain(unit, "closed_on"),
            }
            for unit in rows.order_by("depth", "pk")
            if unit.is_within(self.scope.unit) or unit.pk in above
        ]

    def people(self) -> list[dict[str, Any]]:
        """Everybody the rest names, in the order they were named."""
        rows = User.objects.in_bulk(list(self.names.people))
        return [
            {
                "name": rows[pk].name,
                "email": rows[pk].email.removesuffix(TAKEN),
                "title": rows[pk].title,
                "language": rows[pk].language,
            }
            for pk in self.names.people
        ]

    # Documents -----------------------------------------------------------------------------------------------------

    def document(self, document: Document, versions: list[Version]) -> dict[str, str] | None:
        if not versions:
            return None
        told = self.scope.tells_history(document)
        folder = f"dokumenter/{_safe(document.number)}"
        self.names.of["versions"] = {}
        self.names.of["attachments"] = {}
        attachments = Attachment.objects.by_owner(versions)
        for version in versions:
            self.names.add("versions", version.pk)
            for each in attachments.get(version.pk, ()):
                self.names.add("attachments", each.pk)
        parts = [self.version(folder, each, attachments.get(each.pk, []), versions, told=told) for each in versions]
        said = self.row(DOCUMENTS, document, told=told)
        for noun in of_level(Level.DOCUMENT):
            said[noun.name] = self.rows(noun, document, told=told)
        said["versions"] = parts
        self.written.documents += 1
        return self.archive.put_json(f"{folder}/document.json", said)

    def version(
        self, folder: str, version: Version, attachments: list[Attachment], all_of_it: list[Version], *, told: bool
    ) -> dict[str, str]:
        name = _file_name(version, self.names.name("versions", version.pk))
        said = self.row(VERSIONS, version, told=told)
        said["label"] = version.label
        said["file"] = self.file(folder, name, version)
        said["attachments"] = [
            each for each in (self.attachment(folder, name, each) for each in attachments) if each is not None
        ]
        for noun in of_level(Level.VERSION):
            said[noun.name] = self.rows(noun, version, told=told)
        in_force = version.state == State.IN_FORCE
        pdf = self.pdf(folder, name, version) if in_force or self.scope.every_pdf else ""
        others = [
            (each, f"{_file_name(each, self.names.name('versions', each.pk))}.html")
            for each in all_of_it
            if each.pk != version.pk
        ]
        page = f"{folder}/{name}.html"
        context = {
            "version": version,
            "document": version.document,
            "mark": copies.mark_of(version),
            "language": translation.get_language(),
            "text": self.as_read(version.body),
            "others": others,
            "pdf": pdf.rpartition("/")[2],
            "file": said["file"]["path"].removeprefix(f"{folder}/") if said["file"] else "",
            "attachments": [(each["name"], each["path"].removeprefix(f"{folder}/")) for each in said["attachments"]],
        }
        self.archive.put(page, render_to_string("documents/exchange/version.html", context))
        if in_force or (version is all_of_it[-1] and not any(each.state == State.IN_FORCE for each in all_of_it)):
            document = version.document
            self.lines.append(
                _Line(document.number, version.title, document.unit_id, version.label if in_force else "", page, pdf)
            )
        self.written.versions += 1
        return self.archive.put_json(f"{folder}/{name}.json", said)

    def as_read(self, body: str) -> SafeString:
        """The text as its page shows it; without icons, which lie in a file of the product's."""
        return mark_safe(_ICON.sub("", shown(body, self.targets(body)).html))  # noqa: S308 - cleaned

    def _linked(self, link: re.Match[str]) -> str:
        """A link to a document by its number; by 0 to one that isn't in the file."""
        return f'<a data-document="{self.numbers.get(int(link[1]), "0")}"'

    def targets(self, body: str) -> dict[int, LinkTarget]:
        """Where links lead in the folder itself: to what is in it."""
        wanted = {int(each) for each in LINKED.findall(body)} & self.numbers.keys()
        rows = Document.objects.filter(pk__in=wanted).values_list("pk", "number", "title") if wanted else ()
        return {pk: LinkTarget(number, title, f"../../index.html#{number}") for pk, number, title in rows}

    def file(self, folder: str, name: str, version: Version) -> dict[str, str] | None:
        if not version.file:
            return None
        try:
            with version.file.open("rb") as source:
                return self.archive.copy(f"{folder}/{name}-original.pdf", source)
        except FileNotFoundError:
            self.leave_out(version.document, version.file_name, _("The file is missing on the server."))
            return None

    def attachment(self, folder: str, name: str, attachment: Attachment) -> dict[str, Any] | None:
        number = self.names.name("attachments", attachment.pk)
        path = f"{folder}/vedlegg/{number}-{_safe(attachment.name)}"
        try:
            with attachment.open() as source:
                part = self.archive.copy(path, source)
        except FileNotFoundError:
            return None
        return {**self.row(ATTACHMENTS, attachment, told=False), **part}

    def pdf(self, folder: str, name: str, version: Version) -> str:
        """Where the paper copy lies; empty where there is none."""
        if not self.can_print:
            return ""
        path = f"{folder}/{name}.pdf"
        try:
            original = b""
            if version.file:
                with version.file.open("rb") as source:
                    original = source.read()
            pdf = copies.printed(
                version, municipality=self.scope.municipality.name, press=self.press, original=original
            )
        except FileNotFoundError:
            return ""
        except Unprintable as error:
            self.can_print = error.code != "missing"
            why = {
                "missing": _("The server can't make PDFs."),
                "slow": _("It takes too long to make a PDF of it."),
            }.get(error.code, _("No PDF could be made of it."))
            self.leave_out(version.document, path, why)
            return ""
        self.archive.put(path, pdf)
        return path

    def leave_out(self, document: Document, what: str, why: str) -> None:
        self.written.left_out.append({"number": document.number, "what": what, "why": why})

    def contents(self) -> str:
        """The page to begin with: the tree of units, and under each its documents."""
        units = list(Unit.objects.filter(level_0=self.scope.municipality.pk))
        below: dict[int | None, list[Unit]] = defaultdict(list)
        for unit in sorted(units, key=lambda each: each.name.casefold()):
            below[unit.parent_id].append(unit)
        of_unit: dict[int, list[_Line]] = defaultdict(list)
        for line in sorted(self.lines, key=lambda each: each.title.casefold()):
            of_unit[line.unit].append(line)
        shown_units: list[tuple[Unit, list[_Line]]] = []

        def walk(unit: Unit) -> None:
            if of_unit[unit.pk]:
                shown_units.append((unit, of_unit[unit.pk]))
            for each in below[unit.pk]:
                walk(each)

        walk(self.scope.unit)
        return render_to_string(
            "documents/exchange/index.html",
            {
                "municipality": self.scope.municipality,
                "unit": self.scope.unit,
                "units": shown_units,
                "now": timezone.localtime(),
                "written": self.written,
                "language": translation.get_language(),
            },
        )


def _file_name(version: Version, name: int) -> str:
    """«versjon-2.1», or «kladd-4» for what has no number."""
    return f"versjon-{version.label}" if version.label else f"kladd-{name}"


def _safe(text: str) -> str:
    """The text as part of a file's name anywhere."""
    return re.sub(r"[^\w.-]+", "_", text)


def write(scope: Scope, file: IO[bytes], progress: Progress = lambda done, total: None) -> Written:
    """Write what the scope covers to a file that can be written anywhere in."""
    with Press() as press:
        return Writer(scope, file, press).write(progress)
