"""The verbs of taking in many files: begin, read, correct, take in.

Rights are asked before, in the view, and once more when the worker does it: a role may have ended in between.

Whatever a worker does is a row first. Reading a file changes its row alone; taking it in is one transaction with the
row in it: a worker killed at any moment has done a file or hasn't.
"""

from __future__ import annotations

import datetime
import hashlib
import time
import zipfile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from documents.actions.taking_in import bytes_of, take_in_file
from documents.intake import archive
from documents.intake.conversion import converted
from documents.intake.extraction import Reader
from documents.intake.guesses import guess
from documents.intake.problems import Problem
from documents.intake.surroundings import Surroundings, matched
from documents.models import Intake, IntakeFile
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import User

SLICE = 20  # seconds a worker goes on with one import before it lets others come first
LEASE = datetime.timedelta(seconds=120)  # after which another may go on: longer than any file takes
MOST_TRIES = 3

_STATES = IntakeFile.State
_STAGES = Intake.Stage


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
    data = bytes_of(row, opened)
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
    return fields | matched(row, around.owner)


# Correcting ----------------------------------------------------------------------------------------------------------


def correct(*, row: IntakeFile, by: User, **fields: Any) -> IntakeFile:
    """Write what somebody says of a file into its row, and see of which document it then is a version."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.state, row.problem, row.problem_data = _STATES.READ, "", {}
    for name, value in matched(row, by).items():
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
            take_in_file(row.pk, intake)
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
