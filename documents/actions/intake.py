"""The verbs of taking in many files: begin, read, correct, take in.

Rights are asked before, in the view, and once more when the worker does it: a role may have ended in between.

Whatever a worker does is a row first. Reading a file changes its row alone; taking it in is one transaction with the
row in it: a worker killed at any moment has done a file or hasn't.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from typing import IO, Any

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents import access
from documents.actions.approving import into_force
from documents.actions.life import create_document, months_after, new_version, put_file, put_text, save
from documents.actions.requirements import places_named, set_legal_bases, sources_for
from documents.intake import archive
from documents.intake.conversion import MAX_SIZE, converted
from documents.intake.extraction import Reader
from documents.intake.guesses import Guess, folded, guess
from documents.lifecycle import OPEN, State
from documents.models import Document, DocumentType, Intake, IntakeFile, Kind, LegalBasis, Reach, TakenIn, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import Leaders

logger = structlog.get_logger(__name__)

SLICE = 20  # seconds a worker goes on with one import before it lets others come first
LEASE = datetime.timedelta(seconds=120)  # after which another may go on: longer than any file takes
MOST_TRIES = 3
SPREAD = datetime.timedelta(days=182)  # in which what is past its review when it comes in is to be looked over

_STATES = IntakeFile.State
_STAGES = Intake.Stage


class Problem(Exception):
    """Why a file isn't taken in: a name in ``intake.problems``, and what its sentence says."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


# Beginning -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, by: User, name: str, file: IO[bytes], listed: archive.Listed) -> Intake:
    """Keep the files, to be read by a worker. Nobody else sees them."""
    assert by.municipality_id is not None
    intake = Intake.objects.create(
        owner=by,
        municipality_id=by.municipality_id,
        name=name[:120],
        archive=File(file, name="x.zip"),
        left_out=listed.left_out,
    )
    IntakeFile.objects.bulk_create((_row(intake, entry) for entry in listed.files), batch_size=200)
    transaction.on_commit(lambda: tell(intake), robust=True)
    return intake


def _row(intake: Intake, entry: archive.Entry) -> IntakeFile:
    row = IntakeFile(intake=intake, position=entry.position, path=entry.path, size=min(entry.size, 2**60))
    if identity_numbers.blocks(row.path):  # of a folder, or of the file: it isn't kept, not even here
        row.path = identity_numbers.redact(row.path, "…")
        row.state, row.problem, row.keep = _STATES.REFUSED, "identity_number", False
    return row


def tell(intake: Intake) -> None:
    """Let a worker go on with it. Where none hears, the sweep finds it."""
    from kvalitetslosen.celery import app

    app.tell("documents.go_on_with_intake", intake.pk)


# The worker's part ---------------------------------------------------------------------------------------------------


def go_on(intake_id: int, *, seconds: float = SLICE) -> bool:
    """Do what waits in an import, for so long. True when more waits: call again. Nothing where another is at it."""
    now = timezone.now()
    free = Q(worked_at=None) | Q(worked_at__lt=now - LEASE)
    if not Intake.objects.under_way().filter(free, pk=intake_id).update(worked_at=now):
        return False
    intake = Intake.objects.select_related("owner", "municipality").get(pk=intake_id)
    until = time.monotonic() + seconds
    try:
        with translation.override(intake.owner.language or None):
            more = _read_some(intake, until) if intake.stage == _STAGES.READING else _take_some(intake, until)
    finally:
        Intake.objects.filter(pk=intake_id).update(worked_at=None)
    return more


def _next(intake: Intake, state: str) -> IntakeFile | None:
    """The next file in this state, its try counted before it is tried."""
    row = intake.files.filter(state=state).without_text().order_by("path", "pk").first()
    if row is not None:
        row.tries += 1
        row.save(update_fields=["tries"])
        Intake.objects.filter(pk=intake.pk).update(worked_at=timezone.now())
    return row


def _read_some(intake: Intake, until: float) -> bool:
    around = Surroundings(intake)
    try:
        stored = intake.archive.open("rb")
    except (FileNotFoundError, ValueError):
        waiting = intake.files.filter(state=_STATES.WAITING)
        waiting.update(state=_STATES.REFUSED, problem="gone", keep=False)
        _read_through(intake)
        return False
    with stored, archive.opened(stored) as opened, Reader() as reader:
        while row := _next(intake, _STATES.WAITING):
            _read(row, opened, reader, around)
            if time.monotonic() > until:
                break
    if intake.files.filter(state=_STATES.WAITING).exists():
        return True
    _read_through(intake)
    return False


def _read_through(intake: Intake) -> None:
    Intake.objects.filter(pk=intake.pk, stage=_STAGES.READING).update(stage=_STAGES.CHECKING)


def _read(row: IntakeFile, opened: zipfile.ZipFile, reader: Reader, around: Surroundings) -> None:
    """Read one file, guess what it is, and write both into its row. Nothing else changes."""
    fields: dict[str, Any]
    try:
        if row.tries > MOST_TRIES:
            raise Problem("broke")
        fields = _read_fields(row, opened, reader, around)
    except Problem as problem:
        refused = {"state": _STATES.REFUSED, "keep": False, "problem": problem.code, "problem_data": problem.data}
        fields = {**refused, **around.known_of(row)}
    IntakeFile.objects.filter(pk=row.pk, state=_STATES.WAITING).update(**fields)


def _read_fields(row: IntakeFile, opened: zipfile.ZipFile, reader: Reader, around: Surroundings) -> dict[str, Any]:
    data = _bytes_of(row, opened)
    row.sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(b"PK\x03\x04") and row.name.lower().endswith(".zip"):
        raise Problem("archive")
    twin = IntakeFile.objects.filter(intake=row.intake_id, sha256=row.sha256).exclude(pk=row.pk)
    if (other := twin.exclude(state=_STATES.WAITING).order_by("pk").first()) is not None:
        raise Problem("twin", other=other.path)
    try:
        found = converted(row.name, data, reader=reader)
    except ValidationError as error:
        raise Problem(str(error.code or "unreadable")) from None
    guessed = guess(row.path, found.said, found.text)
    fields = around.placed(guessed) | {
        "state": _STATES.READ,
        "sha256": row.sha256,
        "counts": found.counts,
        "body": found.html,
        "text": found.text,
        "is_pdf": found.keep_file,
    }
    for name, value in fields.items():
        setattr(row, name, value)
    if identity_numbers.blocks(row.title):
        row.title = fields["title"] = ""
    return fields | _matched(row, around.owner)


def _bytes_of(row: IntakeFile, opened: zipfile.ZipFile) -> bytes:
    if row.size > MAX_SIZE:
        raise Problem("too_large")
    try:
        info = opened.infolist()[row.position]
        if info.flag_bits & 1:
            raise Problem("password")
        data = archive.content_of(opened, row.position, MAX_SIZE)
    except (*archive.FAULTS, LookupError) as error:
        raise Problem("unreadable") from error
    if not data:
        raise Problem("empty")
    if len(data) > MAX_SIZE:
        raise Problem("too_large")
    return data


def _matched(row: IntakeFile, by: User) -> dict[str, Any]:
    """Of which document it is a new version, if of any; and whether it says anything new."""
    match = match_of(row, by)
    if match is None:
        return {"match": None}
    matched: dict[str, Any] = {"match": match}
    if match.type.is_active:  # a new version never changes what the document is
        matched["type"] = match.type
    if is_same(row, match):
        return matched | {"state": _STATES.SAME, "keep": False}
    return matched


class Surroundings:
    """What guesses are held against: the units one may write for, people and leaders. Asked for once a slice."""

    def __init__(self, intake: Intake) -> None:
        self.owner: User = intake.owner
        self.units = list(access.units_to_write_for(self.owner).order_by("depth", "pk"))
        self.by_name: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.name, unit.code):
                if name:
                    self.by_name.setdefault(folded(name), unit)
        self.types = list(DocumentType.objects.visible_to(self.owner).active().in_order())
        people = User.objects.active().filter(municipality=intake.municipality_id).order_by("pk")
        self.people: defaultdict[str, list[int]] = defaultdict(list)
        for pk, name in people.values_list("pk", "name"):
            self.people[folded(name)].append(pk)
        self.leaders = Leaders.of(Q(unit__level_0=intake.municipality_id), timezone.localdate())
        home = self.owner.standing.home
        self.home = next((unit for unit in self.units if home is not None and unit.pk == home.pk), None)

    def unit_called(self, names: Iterable[str]) -> Unit | None:
        """The first of the names that is a unit's, whole; else the first that has one in it."""
        names = [folded(name) for name in names if name.strip()]
        for name in names:
            if name in self.by_name:
                return self.by_name[name]
        for name in names:
            fitting = [unit for key, unit in self.by_name.items() if len(key) > 4 and re.search(rf"\b{key}\b", name)]
            if fitting:
                return max(fitting, key=lambda unit: unit.depth)
        return None

    def placed(self, guessed: Guess) -> dict[str, Any]:
        """A guess as the fields of a row."""
        unit = self.unit_called(guessed.units) or self.home or (self.units[0] if len(self.units) == 1 else None)
        return {
            "title": guessed.title,
            "type": self.type_of(guessed),
            "number": guessed.number,
            "label": guessed.version,
            "unit": unit,
            "owner_id": self.owner_of(guessed, unit),
            "reach": Reach.MUNICIPALITY if unit is not None and unit.depth == 0 else Reach.UNIT,
            "approved_by": guessed.approved_by,
            "approved_on": guessed.approved_on,
            "revised_on": guessed.revised_on,
            "review_on": guessed.review_on,
            "laws": "\n".join(guessed.laws),
        }

    def type_of(self, guessed: Guess) -> DocumentType | None:
        """One of the municipality's own names in the title or the folders; else the shared kind, else a procedure."""
        said = {word for name in (guessed.title, *guessed.units) for word in (folded(name), *folded(name).split()[:1])}
        own = next((type for type in self.types if type.name and folded(type.name) in said), None)
        by_kind = {type.base: type for type in self.types if type.base}
        return own or by_kind.get(guessed.type) or by_kind.get(Kind.PROCEDURE) or next(iter(self.types), None)

    def owner_of(self, guessed: Guess, unit: Unit | None) -> int:
        """Somebody of that name, if only one has it; else the nearest leader; else whoever brings it."""
        for name in guessed.people:
            if len(fitting := self.people.get(folded(name), [])) == 1:
                return fitting[0]
        nearest = self.leaders.nearest(unit.ancestor_ids[::-1]) if unit is not None else None
        return (nearest.acting_for or nearest.user).pk if nearest else self.owner.pk

    def known_of(self, row: IntakeFile) -> dict[str, Any]:
        """What is said of a file that isn't taken in."""
        return {"sha256": row.sha256, "title": row.name[:200]} if not identity_numbers.blocks(row.name) else {}


# Of which document ---------------------------------------------------------------------------------------------------


def match_of(row: IntakeFile, by: User) -> Document | None:
    """The document that this file was, or that has its number, or its title in its unit; only what one may see."""
    seen = Document.objects.visible_to(by).select_related("unit", "type")
    if row.sha256:
        before = TakenIn.objects.of_file(row.sha256, by.municipality_id).values("version__document")
        living = Version.objects.filter(state__in=[State.IN_FORCE, *OPEN]).values("document")
        found = seen.filter(pk__in=before).filter(pk__in=living).order_by("-pk").first()
        if found is not None:
            return found
    if row.number and (found := seen.filter(number__iexact=row.number).first()) is not None:
        return found
    if row.title and row.unit_id:
        return seen.filter(title__iexact=row.title, unit=row.unit_id).order_by("pk").first()
    return None


def newest_of(document: Document) -> Version | None:
    """What is being written, else what applies, else what applied last."""
    rows = Version.objects.filter(document=document)
    once = rows.once_in_force().order_by("-in_force_from", "-pk")
    return rows.open().first() or rows.in_force().first() or once.first()


def is_same(row: IntakeFile, document: Document) -> bool:
    """Whether the document says already what the file says."""
    newest = newest_of(document)
    if newest is None or newest.state == State.WITHDRAWN:
        return False
    if row.sha256 and TakenIn.objects.filter(version=newest, sha256=row.sha256).exists():
        return True
    return (
        newest.title == row.title
        and bool(row.text)
        and newest.text.split() == row.text.split()
        and bool(newest.file) == row.is_pdf
        and newest.body.count("<img") == row.body.count("<img")
    )


# Correcting ----------------------------------------------------------------------------------------------------------


def correct(*, row: IntakeFile, by: User, **fields: Any) -> IntakeFile:
    """Write what somebody says of a file into its row, and see of which document it then is a version."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.state, row.problem, row.problem_data = _STATES.READ, "", {}
    for name, value in _matched(row, by).items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "state", "problem", "problem_data", "match", "type", "keep"])
    return row


@transaction.atomic
def correct_many(*, rows: QuerySet[IntakeFile], by: User, **fields: Any) -> int:
    """The same for many at once: how many it was."""
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in found:
        keep = row.keep
        correct(row=row, by=by, **fields)
        if "keep" not in fields and row.keep != keep and row.state == _STATES.READ:
            row.keep = keep
            row.save(update_fields=["keep"])
    return len(found)


# Taking in -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_in_chosen(*, intake: Intake, by: User, in_force: bool) -> int:
    """Let the worker make documents of the chosen files: how many. Nothing while it is at something else."""
    locked = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if locked.stage != _STAGES.CHECKING:
        return 0
    chosen = locked.files.chosen().update(state=_STATES.QUEUED, tries=0, problem="", problem_data={})
    if chosen:
        Intake.objects.filter(pk=locked.pk).update(stage=_STAGES.TAKING, in_force=in_force)
        transaction.on_commit(lambda: tell(locked), robust=True)
    return chosen


def _take_some(intake: Intake, until: float) -> bool:
    while row := _next(intake, _STATES.QUEUED):
        try:
            if row.tries > MOST_TRIES:
                raise Problem("broke")
            _take(row.pk, intake)
        except Problem as problem:
            _failed(row, problem.code, problem.data)
        except ValidationError as error:
            _failed(row, str(error.code or "unreadable"), {})
        if time.monotonic() > until:
            break
    if intake.files.filter(state=_STATES.QUEUED).exists():
        return True
    _taken_through(intake)
    return False


def _failed(row: IntakeFile, code: str, data: dict[str, Any]) -> None:
    IntakeFile.objects.filter(pk=row.pk, state=_STATES.QUEUED).update(
        state=_STATES.FAILED, problem=code, problem_data=data
    )


def _taken_through(intake: Intake) -> None:
    """Back to what is left to decide; over when nothing is."""
    if intake.files.readable().exists():
        Intake.objects.filter(pk=intake.pk, stage=_STAGES.TAKING).update(stage=_STAGES.CHECKING)
    else:
        finish(intake=intake)


@transaction.atomic
def _take(row_id: int, intake: Intake) -> None:
    """Make a document, or a new version, of one file; the row says so in the same transaction.

    Raises ``Problem`` or ``ValidationError``: then nothing was done.
    """
    row = IntakeFile.objects.select_for_update(of=("self",)).select_related("unit", "type").get(pk=row_id)
    if row.state != _STATES.QUEUED:
        return
    row.intake = intake
    by = User.objects.get(pk=intake.owner_id)
    in_force = intake.in_force and access.answers_for_municipality(by)
    unit = _unit_for(row, by)
    match = match_of(row, by)
    if match is not None and is_same(row, match):
        IntakeFile.objects.filter(pk=row.pk).update(state=_STATES.SAME, match=match, keep=False)
        return
    now = timezone.now()
    version = _renewed(row, match, by, now) if match is not None else _begun(row, unit, by, now)
    _put(row, version, by, now)
    if in_force:
        take_into_force(version=version, row=row, by=by, at=now)
    else:
        record(version, "documents.brought_in", by=by, at=now, file=row.name)
    TakenIn.objects.create(
        version=version,
        taken_by=by,
        taken_at=now,
        file_name=row.name[:120],
        sha256=row.sha256,
        approved_elsewhere=in_force,
        approved_by=row.approved_by,
        approved_on=row.approved_on or row.revised_on,
        left_out=row.counts,
    )
    if row.laws and not LegalBasis.objects.filter(document=version.document_id).exists():
        places = places_named(row.laws, sources_for(intake.municipality_id))
        set_legal_bases(document=version.document, by=by, places=places)
    IntakeFile.objects.filter(pk=row.pk).update(state=_STATES.TAKEN, version=version, match=match, body="", text="")


def _unit_for(row: IntakeFile, by: User) -> Unit:
    if not row.title.strip():
        raise Problem("no_title")
    if row.type is None:
        raise Problem("no_type")
    if row.unit is None:
        raise Problem("no_unit")
    unit = row.unit
    if not access.units_to_write_for(by).filter(pk=unit.pk).exists():
        raise Problem("not_yours")
    return unit


def _begun(row: IntakeFile, unit: Unit, by: User, now: datetime.datetime) -> Version:
    type = row.type
    assert type is not None
    number = row.number
    if number and Document.objects.filter(level_0=unit.municipality_id, number__iexact=number).exists():
        number = ""  # somebody else's: it gets the next one
    return create_document(
        by=by,
        title=row.title,
        kind=type,
        unit=unit,
        owner=_owner_of(row, by),
        reach=row.reach,
        number=number,
        at=now,
    )


def _owner_of(row: IntakeFile, by: User) -> User:
    if row.owner_id is None:
        return by
    return User.objects.active().filter(pk=row.owner_id, municipality=by.municipality_id).first() or by


def _renewed(row: IntakeFile, document: Document, by: User, now: datetime.datetime) -> Version:
    """The draft of a new version of a document that is here already. Nobody's draft is written over."""
    if not may_renew(document, by):
        raise Problem("not_your_document", title=document.title)
    if (already := access.open_version(document)) is not None:
        raise Problem("being_written", person=already.author.name, title=document.title)
    return new_version(document=document, by=by, at=now)


def may_renew(document: Document, by: User) -> bool:
    return access.may_write(access.parts_in(document, by)) or access.answers_for_municipality(by)


def _put(row: IntakeFile, version: Version, by: User, now: datetime.datetime) -> None:
    """What the file says becomes the draft's wording."""
    if row.is_pdf:
        try:
            with row.intake.archive.open("rb") as stored, archive.opened(stored) as opened:
                data = _bytes_of(row, opened)
        except (FileNotFoundError, ValueError):
            raise Problem("gone") from None
        put_file(version=version, by=by, file=ContentFile(data, row.name), name=row.name, text=row.text, at=now)
    else:
        put_text(version=version, by=by, html=row.body, at=now)
    if not version.is_first or version.title != row.title:
        summary = "" if version.is_first else _("Taken in from the file “%(name)s”.") % {"name": row.name}
        save(version=version, by=by, title=row.title, change_summary=summary, at=now)


@transaction.atomic
def take_into_force(*, version: Version, row: IntakeFile, by: User, at: datetime.datetime) -> Version:
    """Let a version apply that was approved before it came here. Who takes it in answers for it, and the page says so.

    Only for whoever answers for the whole municipality: asked by whoever calls.
    """
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("unit", "type").get(pk=version.document_id)
    )
    version.document = document
    into_force(
        version,
        document,
        "take_in",
        by=by,
        now=at,
        number=_label_for(version, row.label),
        review_on=_review_on(row, document, timezone.localdate(at)),
        data={
            "file": row.name,
            "approver": row.approved_by,
            "approved_on": row.approved_on.isoformat() if row.approved_on else "",
        },
        approved_by=by,
        approved_elsewhere=True,
    )
    return version


def _label_for(version: Version, label: str) -> tuple[int, int]:
    """The number it had elsewhere, if that comes after those here; else the next one."""
    rows = Version.objects.once_in_force().filter(document=version.document_id)
    latest = rows.order_by("-major", "-minor").first()
    had = (latest.major or 0, latest.minor or 0) if latest is not None else (0, 0)
    if re.fullmatch(r"\d{1,3}\.\d{1,3}", label):
        major, minor = (int(each) for each in label.split("."))
        if (major, minor) > had and major:
            return major, minor
    return had[0] + 1, 0


def _review_on(row: IntakeFile, document: Document, today: datetime.date) -> datetime.date:
    """Its own date, or its interval after it was last looked over. What is past that comes within half a year.

    Spread evenly by the file's place, so that a municipality that moves in isn't told of four hundred one morning.
    """
    since = row.revised_on or row.approved_on or today
    wanted = row.review_on or months_after(min(since, today), document.review_months)
    if wanted > today:
        return wanted
    return today + datetime.timedelta(days=30 + row.position * 13 % (SPREAD.days - 30))


# The end -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def finish(*, intake: Intake) -> None:
    """Leave out what wasn't taken in. The files and their texts go; what became of each stays for a while."""
    locked = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if locked.stage == _STAGES.DONE:
        return
    left = [_STATES.WAITING, _STATES.READ, _STATES.QUEUED, _STATES.FAILED]
    locked.files.filter(state__in=left).update(state=_STATES.SKIPPED, keep=False)
    locked.files.update(body="", text="")
    stored = locked.archive.name
    Intake.objects.filter(pk=locked.pk).update(stage=_STAGES.DONE, done_at=timezone.now(), archive="")
    _remove_after_commit(stored)


@transaction.atomic
def give_up(*, intake: Intake) -> None:
    """Forget an import: files, texts and rows. What was taken in stays."""
    locked = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    stored = locked.archive.name
    locked.delete()
    _remove_after_commit(stored)


def _remove_after_commit(name: str | None) -> None:
    if name:
        storage = Intake._meta.get_field("archive").storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def sweep() -> None:
    """Go on with what no worker is at, and forget what is too old."""
    for intake in Intake.objects.expired().order_by("pk"):
        give_up(intake=intake)
    lost = Q(worked_at=None) | Q(worked_at__lt=timezone.now() - LEASE)
    for intake in Intake.objects.under_way().filter(lost).order_by("pk"):
        tell(intake)


def clear_left_over() -> int:
    """Remove archives no import tells of, which a process killed at the wrong moment left: how many."""
    storage = Intake._meta.get_field("archive").storage
    try:
        _folders, files = storage.listdir("intake")
    except FileNotFoundError:
        return 0
    known = set(Intake.objects.exclude(archive="").values_list("archive", flat=True))
    old = timezone.now() - datetime.timedelta(days=1)
    removed = 0
    for file in files:
        name = f"intake/{file}"
        if name not in known and storage.get_modified_time(name) < old:
            storage.delete(name)
            removed += 1
    return removed
