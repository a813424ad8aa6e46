"""Reads a handbook that was taken out back into a municipality that has none: all of it, or nothing.

The file may have been made by anybody. It is held to its schema and its checksums, texts are cleaned as if somebody
had written them, files must be what they say they are, and nothing is unpacked to a place the file names.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any

import fastjsonschema
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from documents import links, search
from documents.exchange.nouns import ATTACHMENTS, DOCUMENTS, VERSIONS, Level, Noun, from_plain, of_level
from documents.exchange.schema import EDITION, FORMAT, checks
from documents.exchange.writing import MANIFEST, TAKEN, TOP
from documents.html import TooLong, clean, words_alone
from documents.intake import archive
from documents.models import Document, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.files import kinds
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.files.scan import Infected, ScannerUnavailable, scan
from kvalitetslosen.files.store import Incoming
from kvalitetslosen.journal.chain import Journaled, link, seal
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change, create, record
from kvalitetslosen.notifications.models import Delivery
from kvalitetslosen.organisation.actions import create_unit, new_person
from kvalitetslosen.organisation.models import Unit, User

MOST_FILES = 500_000
MOST_LISTED = 100 * MOST_FILES  # bytes of what lists them: 46 and the name for each
MOST_JSON = 40_000_000  # bytes of one JSON file: a text with all its pictures, and the list of everything
MOST_FILE = 50_000_000  # bytes of one PDF or attachment
PDF_START = b"%PDF-"
_LINKED = re.compile(r'<a data-document="([^"]*)"')
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)

Progress = Callable[[int, int], None]


class Refused(Exception):
    """The file isn't read back, and nothing of it is kept. Says why in one sentence."""


@dataclass
class ReadBack:
    documents: int = 0
    versions: int = 0
    events: int = 0
    files: int = 0
    new_people: int = 0  # whose accounts are closed: they are named in what they did


class _Source:
    """The zip, as far as it can be trusted."""

    def __init__(self, file: IO[bytes]) -> None:
        too_many = _("The file has too many parts, or parts with the same name.")
        try:
            self.zip = archive.opened(file, most_listed=MOST_LISTED)
        except ValidationError as error:
            no_zip = _("This isn't a zip file, or it is damaged.")
            raise Refused(too_many if error.code == "too_many" else no_zip) from None
        entries = self.zip.infolist()
        names = {each.filename for each in entries}
        if len(entries) > MOST_FILES or len(names) < len(entries):
            raise Refused(too_many)
        if any(each.flag_bits & 1 for each in entries):
            raise Refused(_("The file is protected by a password."))
        self.sizes = {each.filename: each.file_size for each in entries}
        if MANIFEST not in names:
            raise Refused(_("This isn't a handbook: %(name)s is missing.") % {"name": MANIFEST})

    def bytes(self, path: str, most: int, checksum: str = "") -> bytes:
        """What lies there, whole, and no more than it may be whatever the file says of its size."""
        if self.sizes.get(path, most + 1) > most:
            raise Refused(_("“%(path)s” is missing or too large.") % {"path": path})
        try:
            with self.zip.open(path) as part:
                data = part.read(most + 1)
        except _BROKEN:
            raise Refused(_("“%(path)s” is damaged.") % {"path": path}) from None
        if len(data) > most:
            raise Refused(_("“%(path)s” is missing or too large.") % {"path": path})
        if checksum and hashlib.sha256(data).hexdigest() != checksum:
            raise Refused(_("“%(path)s” isn't as it was when it was taken out.") % {"path": path})
        return data

    def json(self, path: str, schema: str, checksum: str = "") -> dict[str, Any]:
        """A JSON file that fits its schema."""
        try:
            said: dict[str, Any] = json.loads(self.bytes(path, MOST_JSON, checksum))
            if schema == "handbook" and (said.get("format"), said.get("edition", 0) > EDITION) != (FORMAT, False):
                raise Refused(_("The file was made by a newer version, or by something else."))
            checks()[schema](said)
        except (ValueError, RecursionError, AttributeError, TypeError) as error:
            where = f" ({error.path})" if isinstance(error, fastjsonschema.JsonSchemaValueException) else ""
            raise Refused(_("“%(path)s” can't be understood.") % {"path": path} + where) from None
        return said


class Reader:
    def __init__(self, source: _Source, municipality: Unit, answerable: User | None) -> None:
        self.source, self.municipality, self.answerable = source, municipality, answerable
        self.done = ReadBack()
        self.of: dict[str, dict[Any, int]] = defaultdict(dict)
        self.units: dict[str, Unit] = {}
        self.people: list[User] = []
        self.stored: list[Any] = []  # files to remove again when it fails
        self.incoming: list[Incoming] = []
        self.to_link: list[tuple[Any, dict[str, str]]] = []  # rows with what their texts were in the file

    def read(self, progress: Progress) -> ReadBack:
        handbook = self.source.json(MANIFEST, "handbook")
        self.read_units(handbook["units"])
        self.read_people(handbook["people"])
        for noun in of_level(Level.HANDBOOK):
            self.read_known(noun, handbook[noun.name])
        listed = handbook["documents"]
        documents = []
        for each in listed:
            said = self.source.json(each["path"], "document", each["sha256"])
            documents.append(self.read_document(said))
        self.link()
        for number, (each, document) in enumerate(zip(listed, documents, strict=True), 1):
            self.read_rest(self.source.json(each["path"], "document", each["sha256"]), document)
            progress(number, len(documents))
        for document in documents:
            for version in document.versions.order_by("pk"):
                links.keep(version)
            search.index(document)
        self.take_as_told()
        return self.done

    # What the documents stand on -----------------------------------------------------------------------------------

    def read_units(self, rows: list[dict[str, Any]]) -> None:
        """Units with the same code are the same; others are made where they lay."""
        there = Unit.objects.filter(level_0=self.municipality.pk)
        self.units = {unit.code: unit for unit in there if unit.pk != self.municipality.pk}
        self.units[TOP] = self.municipality
        for row in rows:
            if row["code"] in self.units:
                continue
            parent = self.units.get(row["parent"] or TOP)
            if parent is None:
                raise Refused(_("The unit “%(code)s” lies under one that is missing.") % {"code": row["code"]})
            for name in ("code", "name", "kind", "language"):
                from_plain(Unit, name, row[name])
            unit = create_unit(
                parent=parent, name=row["name"], code=row["code"], kind=row["kind"], language=row["language"]
            )
            if row["closed_on"]:
                change(
                    unit,
                    "organisation.unit_closed",
                    by=None,
                    closed_on=from_plain(Unit, "closed_on", row["closed_on"]),
                )
            self.units[row["code"]] = unit
        self.of["units"] = {code: unit.pk for code, unit in self.units.items()}

    def read_people(self, rows: list[dict[str, Any]]) -> None:
        """People with the same e-mail address are the same; others are named by an account nobody can log in to."""
        known = {user.email: user for user in User.objects.filter(municipality=self.municipality)}
        for row in rows:
            email = row["email"].strip().lower()
            found = known.get(email) or known.get(email + TAKEN)
            if found is None:
                for name in ("name", "email", "title", "language"):
                    from_plain(User, name, row[name])
                taken = User.objects.filter(email=email).exists()
                found = new_person(
                    municipality=self.municipality,
                    name=row["name"],
                    email=email + TAKEN if taken else email,
                    language=row["language"],
                    title=row["title"],
                )
                found.is_active = False
                create(found, "organisation.person_added", by=None)
                known[found.email] = found
                self.done.new_people += 1
            self.people.append(found)
        self.of["people"] = {number: user.pk for number, user in enumerate(self.people, 1)}

    def read_known(self, noun: Noun, rows: list[dict[str, Any]]) -> None:
        """Rows the municipality may have already, known by what they are the same by."""
        for number, row in enumerate(rows, 1):
            values = self.values(noun, row)
            texts = {name: values[name] for name in noun.html}
            values |= {name: self.html(str(values.get("name") or noun.name), text) for name, text in texts.items()}
            with_product = bool(row.get("comes_with_product"))
            by = next((names for names in noun.same if all(values[name] != "" for name in names)), ())
            known = {name: values[name] for name in by} | {noun.owner: None if with_product else self.municipality}
            found = noun.model._base_manager.filter(**known).order_by("pk").first()
            if found is None:
                # What the product has left out since is the municipality's own from now on.
                found = noun.model(**values, **{noun.owner: self.municipality})
                found.save(force_insert=True)
                self.tell(found, row.get("events", []))
            elif with_product:
                pass
            elif isinstance(found, Journaled):
                change(found, "documents.read_back", by=None, **values)
            else:
                noun.model._base_manager.filter(pk=found.pk).update(**values)
            self.of[noun.name][number] = found.pk
            if any(_LINKED.search(text) for text in texts.values()):
                self.to_link.append((found, texts))

    def link(self) -> None:
        """Let texts that came before the documents lead to them."""
        for row, texts in self.to_link:
            linked: dict[str, Any] = {name: self.html(str(row), text) for name, text in texts.items()}
            change(row, "documents.read_back", by=None, **linked)

    # Documents -----------------------------------------------------------------------------------------------------

    def read_document(self, said: dict[str, Any]) -> Document:
        values = self.values(DOCUMENTS, said)
        self.plain_text(said["number"], values["title"], values["keywords"])
        unit = self.units.get(said["unit"])
        owner = self.of["people"].get(said["owner"])
        if unit is None or owner is None or values.get("type_id") is None:
            raise Refused(_("“%(number)s” lacks its unit, type or owner.") % {"number": said["number"]})
        values.pop("unit_id")
        document = Document(**values)
        if self.answerable is not None and not User.objects.filter(pk=owner, is_active=True).exists():
            document.owner = self.answerable
        document.place_in(unit)
        document.save(force_insert=True)
        self.of["documents"][document.number] = document.pk
        self.done.documents += 1
        return document

    def read_rest(self, said: dict[str, Any], document: Document) -> None:
        """Its versions, what it carries, and what has happened to it."""
        self.of["versions"], self.of["attachments"] = {}, {}
        for number, part in enumerate(said["versions"], 1):
            self.read_version(self.source.json(part["path"], "version", part["sha256"]), document, number)
        for noun in of_level(Level.DOCUMENT):
            self.of[noun.name] = {}
            self.read_rows(noun, said[noun.name], document)
        self.tell(document, said.get("events", []))

    def read_version(self, said: dict[str, Any], document: Document, number: int) -> None:
        values = self.values(VERSIONS, said)
        self.plain_text(document.number, values["title"], values["change_summary"], values["wanted"])
        values["body"] = self.html(document.number, values["body"])
        if values["body"]:
            values["text"] = words_alone(values["body"])
        version = Version(document=document, **values)
        if said["file"]:
            data = self.source.bytes(said["file"]["path"], MOST_FILE, said["file"]["sha256"])
            self.harmless(said["file"]["path"], data, "application/pdf")
            version.file.save(said["file_name"] or "fil.pdf", ContentFile(data), save=False)
            self.stored.append(version.file)
            version.file_size = len(data)
            self.done.files += 1
        version.save(force_insert=True)
        self.of["versions"][number] = version.pk
        for each in said["attachments"]:
            self.read_attachment(each, version)
        for noun in of_level(Level.VERSION):
            self.of[noun.name] = {}
            self.read_rows(noun, said[noun.name], version)
        self.tell(version, said.get("events", []))
        self.done.versions += 1

    def read_attachment(self, said: dict[str, Any], version: Version) -> None:
        data = self.source.bytes(said["path"], MOST_FILE, said["sha256"])
        self.harmless(said["path"], data, said["content_type"])
        self.plain_text(version.document.number, said["name"])
        incoming = Incoming(data)
        self.incoming.append(incoming)
        values = self.values(ATTACHMENTS, said) | {"size": len(data)}
        attachment = Attachment.objects.create(
            owner_type=ContentType.objects.get_for_model(version),
            owner_id=version.pk,
            stored_as=incoming.name,
            **values,
        )
        transaction.on_commit(incoming.keep, robust=True)
        self.of["attachments"][len(self.of["attachments"]) + 1] = attachment.pk
        self.done.files += 1

    def read_rows(self, noun: Noun, rows: list[dict[str, Any]], owner: models.Model) -> None:
        for number, row in enumerate(rows, 1):
            whose = {} if "__" in noun.owner else {noun.owner: owner}
            made = noun.model(**self.values(noun, row), **whose)
            made.save(force_insert=True)
            self.of[noun.name][number] = made.pk
            self.tell(made, row.get("events", []))

    # Values --------------------------------------------------------------------------------------------------------

    def values(self, noun: Noun, row: dict[str, Any]) -> dict[str, Any]:
        """The row's fields as the model has them."""
        try:
            found = {name: from_plain(noun.model, name, row[name]) for name in noun.fields}
        except ValueError as error:
            raise Refused(
                _("“%(noun)s” can't be understood: %(why)s.") % {"noun": noun.name, "why": str(error)}
            ) from None
        for name, to in noun.refs.items():
            found[f"{name}_id"] = self.of[to].get(row[name])
        return found

    def html(self, of: str, text: str) -> str:
        """A text with nothing in it but what the editor writes, and its links to the documents that are here."""
        try:
            cleaned = clean(_LINKED.sub(self.linked, text)) if text else ""
            identity_numbers.guard_html(cleaned)
        except (TooLong, ValidationError):
            raise Refused(
                _("The text of “%(number)s” is longer than a text may be, or has an identity number in it.")
                % {"number": of}
            ) from None
        return cleaned

    def linked(self, found: re.Match[str]) -> str:
        return f'<a data-document="{self.of["documents"].get(found[1], 0)}"'

    def plain_text(self, number: str, *texts: str) -> None:
        if any(identity_numbers.blocks(text) for text in texts if text):
            raise Refused(_("It looks as if “%(number)s” contains an identity number.") % {"number": number})

    def harmless(self, path: str, data: bytes, content_type: str) -> None:
        """A file is what it says it is, and has passed the virus check where there is one."""
        kind = kinds.kind_of(data)
        if kind is None or kind.content_type != content_type:
            raise Refused(_("“%(path)s” isn't the kind of file it says it is.") % {"path": path})
        try:
            scan(data)
        except Infected:
            raise Refused(_("“%(path)s” was stopped by the virus check.") % {"path": path}) from None
        except ScannerUnavailable:
            raise Refused(_("The virus check doesn't answer. Try again a little later.")) from None

    # History -------------------------------------------------------------------------------------------------------

    def tell(self, row: models.Model, said: Iterable[dict[str, Any]]) -> None:
        """The row's events as they were, in a chain that this installation seals."""
        if not isinstance(row, Journaled):
            return
        events, head = [], ""
        subject_type = ContentType.objects.get_for_model(row)
        for number, each in enumerate(said, 1):
            at = parse_datetime(each["at"])
            if at is None or at.tzinfo is None or each["number"] != number:
                raise Refused(_("The history of “%(what)s” has a gap or no time.") % {"what": str(row)[:80]})
            event = Event(
                type=each["type"],
                by_id=self.of["people"].get(each["by"]),
                at=at,
                subject_type=subject_type,
                subject_id=row.pk,
                municipality_id=self.municipality.pk,
                number=number,
                data=self.data(each["data"]),
            )
            event.hash = link(
                key=row.key, number=number, previous=head, type=event.type, by_id=event.by_id, at=at, data=event.data
            )
            head = seal(event.hash)
            events.append(event)
        if not events:
            record(row, "documents.read_back", by=None)
            return
        Event.objects.bulk_create(events, batch_size=500)
        # Whatever the file calls them: nobody is told of what happened long ago.
        Delivery.objects.bulk_create([Delivery(event=each) for each in events], batch_size=1000)
        row.__class__._base_manager.filter(pk=row.pk).update(events_count=len(events), events_head=head)
        self.done.events += len(events)

    def data(self, said: Any) -> Any:
        """The data with names turned into ids again."""
        if isinstance(said, dict):
            if said.keys() == {"ref", "is"}:
                return self.of[str(said["ref"])].get(said["is"])
            return {name: self.data(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self.data(each) for each in said]
        return said

    def take_as_told(self) -> None:
        """Nobody gets mail about what happened long ago."""
        told = Exists(Delivery.objects.filter(event=OuterRef("pk")))
        events = Event.objects.filter(~told, municipality_id=self.municipality.pk, type__startswith="documents.")
        rows = [Delivery(event_id=pk) for pk in events.order_by("pk").values_list("pk", flat=True).iterator(5000)]
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)

    def clean_up(self) -> None:
        for file in self.stored:
            file.delete(save=False)


def read(
    file: IO[bytes],
    *,
    municipality: Unit,
    answerable: User | None = None,
    by: User | None = None,
    progress: Progress = lambda done, total: None,
) -> ReadBack:
    """Read the handbook back into the municipality. ``answerable`` owns what people own who aren't here any more.

    Raises ``Refused``; then everything is as it was.
    """
    reader: Reader | None = None
    try:
        with transaction.atomic():
            Unit.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
            if Document.objects.filter(level_0=municipality.pk).exists():
                raise Refused(_("%(name)s has documents already.") % {"name": municipality.name})
            source = _Source(file)
            reader = Reader(source, municipality, answerable)
            done = reader.read(progress)
            file.seek(0)
            checksum = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            record(municipality, "documents.handbook_read_back", by=by, sha256=checksum, documents=done.documents)
    except (DatabaseError, ValidationError) as error:
        _undo(reader)
        raise Refused(_("What is in the file doesn't fit together.")) from error
    except BaseException:
        _undo(reader)
        raise
    return done


def _undo(reader: Reader | None) -> None:
    if reader is not None:
        reader.clean_up()
