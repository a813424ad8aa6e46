"""What a handbook consists of, noun by noun: how each is written to a file and read back.

A noun that comes later is added by one entry:

    register(Noun("hearings", Hearing, Level.VERSION, owner="version",
                  fields=("asked_at", "answer_by"), refs={"asked_by": "people"}))

``fields`` are written as they are; ``refs`` are foreign keys, each with the noun it leads to. In the file everything
is named by the order in which it was written, within its noun (versions: within their document), and documents by
their number. Two handbooks that are the same thus give the same file, whatever the ids in their databases.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime

from documents.models import (
    Adoption,
    Approval,
    Comment,
    Counter,
    Document,
    DocumentLink,
    DocumentType,
    DraftCopy,
    Favourite,
    Fingerprint,
    HandbookExport,
    HandbookReading,
    Hearing,
    IndexedWord,
    Intake,
    IntakeFile,
    Invitation,
    KeptOffline,
    LegalBasis,
    MissedSearch,
    ReadAudience,
    ReadNudge,
    ReadReceipt,
    ReadRequirement,
    Requirement,
    Response,
    ReviewRules,
    SearchEntry,
    Share,
    Source,
    Subject,
    SubjectOf,
    Synonyms,
    TakenIn,
    Version,
    Visit,
)
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User


class Level(Enum):
    """Where a noun's rows stand in the file."""

    HANDBOOK = "handbook"  # once, in handbook.json
    DOCUMENT = "document"  # with each document
    VERSION = "version"  # with each version


@dataclass(frozen=True)
class Noun:
    name: str  # what it is called in the file
    model: type[models.Model]
    level: Level
    owner: str  # the field that says whose it is: of the municipality, the document or the version
    fields: tuple[str, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    # What a row is known again by in a municipality that has it already: the first of these that isn't empty.
    same: tuple[tuple[str, ...], ...] = ()
    answering: bool = False  # told to those alone who answer for the document
    left: tuple[str, ...] = ()  # fields that aren't taken along, since they follow from the rest
    html: tuple[str, ...] = ()  # fields with text as the editor writes it: cleaned, and its links by number
    shared: bool = False  # rows without a municipality come with the product, and are known again there

    @property
    def has_events(self) -> bool:
        return issubclass(self.model, Journaled)

    def rows_of(self, owner: models.Model, reader: User | None) -> Iterable[Any]:
        """The rows of one owner that the reader may see, in the order they are named by."""
        rows: Any = self.model._default_manager.all()
        if reader is not None and hasattr(rows, "visible_to"):
            rows = rows.visible_to(reader)
        wanted = models.Q(**{self.owner: owner.pk})
        if self.shared:
            wanted |= models.Q(**{self.owner: None})
        return rows.filter(wanted).order_by("pk")  # type: ignore[no-any-return]


DOCUMENT_FIELDS = ("number", "title", "reach", "review_months", "review_on", "keywords", "created_at")
DOCUMENT_REFS = {"type": "types", "unit": "units", "owner": "people"}
VERSION_FIELDS = (
    *("major", "minor", "is_minor", "title", "body", "text", "file_name", "file_size", "change_summary", "wanted"),
    *("state", "created_at", "saved_at", "sent_at", "in_force_from", "ended_at", "applies_from"),
    *("approved_elsewhere", "without_approval", "hides_old"),
)
VERSION_REFS = {"author": "people", "edited_by": "people", "approved_by": "people"}
DOCUMENTS = Noun("documents", Document, Level.HANDBOOK, "level_0", DOCUMENT_FIELDS, DOCUMENT_REFS)
ATTACHMENT_FIELDS = ("name", "content_type", "size", "sha256", "width", "height", "created_at")
ATTACHMENT_REFS = {"uploaded_by": "people"}
ATTACHMENTS = Noun("attachments", Attachment, Level.VERSION, "owner_id", ATTACHMENT_FIELDS, ATTACHMENT_REFS)
VERSIONS = Noun("versions", Version, Level.DOCUMENT, "document", VERSION_FIELDS, VERSION_REFS, html=("body",))

_nouns: dict[str, Noun] = {}


def register(*nouns: Noun) -> None:
    """Add nouns, each after those its references lead to."""
    for noun in nouns:
        _nouns[noun.name] = noun


def of_level(level: Level) -> list[Noun]:
    return [noun for noun in _nouns.values() if noun.level is level]


register(
    Noun(
        "types", DocumentType, Level.HANDBOOK, "municipality",
        ("base", "name", "letters", "with_unit_code", "template", "review_months", "asks_hearing", "asks_approval",
         "asks_reading",
         "required", "position", "is_active"),
        same=(("base",), ("name",)), html=("template",),
    ),
    Noun(
        "subjects", Subject, Level.HANDBOOK, "municipality",
        ("name", "name_nn", "name_en", "position", "is_active"), {"parent": "subjects"}, same=(("parent_id", "name"),),
    ),
    Noun(
        "sources", Source, Level.HANDBOOK, "municipality",
        ("short", "title", "title_nn", "names", "kind", "address", "position", "is_active"),
        same=(("short",),), shared=True,
    ),
    Noun(
        "requirements", Requirement, Level.HANDBOOK, "municipality",
        ("place", "place_key", "text", "text_nn", "position", "is_active"), {"source": "sources"},
        same=(("source_id", "place_key"),), shared=True,
    ),
    Noun("synonyms", Synonyms, Level.HANDBOOK, "municipality", ("words", "is_active"), same=(("words",),)),
    Noun(
        "review_rules", ReviewRules, Level.HANDBOOK, "municipality",
        ("remind_days_before", "repeat_days", "escalate_days"), same=((),),
    ),
    Noun("counters", Counter, Level.HANDBOOK, "municipality", ("letters", "last"), same=(("letters",),)),
    Noun("subjects_of_documents", SubjectOf, Level.DOCUMENT, "document", (), {"subject": "subjects"}),
    Noun(
        "legal_bases", LegalBasis, Level.DOCUMENT, "document", ("place",),
        {"source": "sources", "requirement": "requirements"},
    ),
)  # fmt: skip

register(
    Noun(
        "approvals", Approval, Level.VERSION, "version", ("round", "position", "state", "asked_at", "at", "note"),
        {"approver": "people", "approver_for": "people"},
    ),
    Noun(
        "taken_in", TakenIn, Level.VERSION, "version",
        ("taken_at", "file_name", "sha256", "approved_elsewhere", "approved_by", "approved_on", "left_out"),
        {"taken_by": "people"},
    ),
    Noun(
        "comments", Comment, Level.DOCUMENT, "document",
        ("heading", "kind", "text", "state", "at", "answer", "answered_at"),
        {"version": "versions", "author": "people", "answered_by": "people", "settled_in": "versions"},
    ),
    Noun(
        "hearings", Hearing, Level.DOCUMENT, "version__document", ("question", "deadline", "opened_at", "closed_at"),
        {"version": "versions", "asked_by": "people", "closed_by": "people"}, answering=True,
    ),
    Noun(
        "hearing_invitations", Invitation, Level.DOCUMENT, "hearing__version__document", ("role", "answered_at"),
        {"hearing": "hearings", "user": "people", "unit": "units"}, answering=True,
    ),
    Noun(
        "hearing_responses", Response, Level.DOCUMENT, "hearing__version__document",
        ("heading", "text", "at", "outcome", "answer", "answered_at"),
        {"hearing": "hearings", "by": "people", "answered_by": "people"}, answering=True,
    ),
    Noun(
        "read_requirements", ReadRequirement, Level.DOCUMENT, "document",
        ("asked_at", "asked_on", "due_on", "days", "note", "ended_at"),
        {"version": "versions", "asked_by": "people", "ended_by": "people"}, answering=True,
    ),
    Noun(
        "read_audiences", ReadAudience, Level.DOCUMENT, "requirement__document", ("role",),
        {"requirement": "read_requirements", "unit": "units", "person": "people"}, answering=True,
    ),
    Noun(
        "read_receipts", ReadReceipt, Level.DOCUMENT, "document", ("major", "at"),
        {"user": "people", "version": "versions"},
    ),
)  # fmt: skip

# Nouns that are no part of a handbook: one person's own, what search and imports have learnt, ties to others.
NOT_TAKEN: frozenset[type[models.Model]] = frozenset(
    {DocumentLink, DraftCopy, Favourite, Fingerprint, HandbookExport, HandbookReading, IndexedWord, Intake, IntakeFile}
    | {KeptOffline, MissedSearch, ReadNudge, SearchEntry, Share, Adoption, Visit}
)

# Ids in the journal's data besides those its sentences tell of, and what they lead to.
IDS_IN_DATA: dict[str, str] = {
    "version": "versions",
    "settled_in": "versions",
    "begins_with": "versions",
    "others": "people",  # whoever was asked to approve it besides who sent it back
    "people": "people",  # who was asked in a hearing after the others
    "response": "hearing_responses",
    "type": "types",
    "subjects": "subjects",
    "attachments": "attachments",
    "attachment": "attachments",
}
# The same of lists whose places mean something each.
PLACES_IN_DATA: dict[str, tuple[str | None, ...]] = {"audience": ("units", None, "people")}
_MODELS: dict[type[models.Model], str] = {User: "people", Unit: "units", Document: "documents", Version: "versions"}


def noun_of(model: type[models.Model]) -> str | None:
    """What a model's rows are called in the file."""
    return _MODELS.get(model) or next((noun.name for noun in _nouns.values() if noun.model is model), None)


def plain(row: models.Model, name: str) -> Any:
    """A field's value as the file has it."""
    value = getattr(row, name)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return value


def from_plain(model: type[models.Model], name: str, value: Any) -> Any:
    """A value of the file as the field has it. Raises ``ValueError``."""
    kind: Any = model._meta.get_field(name)
    if value is None:
        if not kind.null:
            raise ValueError(f"{name} is missing")
        return None
    if isinstance(kind, models.DateTimeField):
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise ValueError(f"{name} is no moment")
        return moment
    if isinstance(kind, models.DateField):
        day = parse_date(value)
        if day is None:
            raise ValueError(f"{name} is no date")
        return day
    if isinstance(value, str):
        longest = getattr(kind, "max_length", None)
        if "\0" in value or (longest and len(value) > longest):
            raise ValueError(f"{name} is too long")
        choices = getattr(kind, "choices", None)
        if choices and value not in dict(choices) and not (value == "" and kind.blank):
            raise ValueError(f"{name} is none of what it may be")
    return value
