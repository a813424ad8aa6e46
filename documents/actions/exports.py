"""Taking the handbook out: asked for in a request, made by a worker, fetched by who asked, deleted after some days."""

from __future__ import annotations

import datetime
import tempfile
import time
from typing import Any

import structlog
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation

from documents.exchange.writing import Scope, Written, write
from documents.models import HandbookExport
from documents.models.export import export_path
from kvalitetslosen.celery import app
from kvalitetslosen.journal.record import change, create, record
from kvalitetslosen.organisation.models import Unit, User

logger = structlog.get_logger(__name__)

MOST_TRIES = 3
HEARD_EVERY = 5.0  # seconds between two signs of life


class Gone(Exception):
    """The file isn't there (any more)."""


@transaction.atomic
def ask_export(*, by: User, unit: Unit, every_pdf: bool = False) -> HandbookExport:
    """Have the handbook of the unit and below made into a file. One that is being made already is not begun again."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    there = HandbookExport.objects.filter(asked_by=by, unit=unit, every_pdf=every_pdf, made_at=None, failed_at=None)
    if already := there.order_by("-pk").first():
        return already
    export = HandbookExport(asked_by=by, every_pdf=every_pdf)
    export.place_in(Unit.objects.standing_still(unit.pk))
    create(export, "documents.export_asked", by=by, unit=unit)
    transaction.on_commit(lambda: app.tell("documents.make_export", export.pk), robust=True)
    return export


def make_export(pk: int) -> bool:
    """Make the file, unless another worker is at it or it is made. True when this call made it."""
    now = timezone.now()
    claimed = HandbookExport.objects.to_make(now).filter(pk=pk)
    export = claimed.select_related("unit", "asked_by__municipality").first()
    if export is None or not claimed.update(heard_at=now, tries=export.tries + 1):
        return False
    if export.tries >= MOST_TRIES:
        change(export, "documents.export_failed", by=None, failed_at=now)
        return False
    try:
        with tempfile.TemporaryFile() as file:
            written = _write(export, file)
            _keep(export, file, written)
    except Exception:
        logger.exception("documents.export_failed", export=export.pk)
        HandbookExport.objects.filter(pk=pk).update(heard_at=None)
        return False
    return True


def _write(export: HandbookExport, file: Any) -> Written:
    """With the rights the person has now."""
    heard = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal heard
        if done == total or time.monotonic() - heard > HEARD_EVERY:
            heard = time.monotonic()
            HandbookExport.objects.filter(pk=export.pk).update(heard_at=timezone.now(), done=done, total=total)

    user = export.asked_by
    with translation.override(user.language):
        scope = Scope(user.municipality, export.unit, user, export.every_pdf)
        return write(scope, file, progress)


def _keep(export: HandbookExport, file: Any, written: Written) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    export.refresh_from_db()
    if not export.is_waiting:  # another worker was faster
        return
    storage = export.file.storage
    name = storage.save(export_path(export, ""), File(file))
    try:
        change(
            export,
            "documents.export_made",
            by=None,
            data={"documents": written.documents, "versions": written.versions},
            made_at=timezone.now(),
            file=name,
            size=size,
            left_out=len(written.left_out),
        )
    except BaseException:
        storage.delete(name)
        raise


def fetch_export(*, export: HandbookExport, by: User) -> Any:
    """The file, opened, and a note in the journal of who took it out. Raises ``Gone``."""
    if not export.file:
        raise Gone
    try:
        opened = export.file.open("rb")
    except FileNotFoundError:
        raise Gone from None
    record(export, "documents.export_fetched", by=by)
    return opened


def sweep_exports(now: datetime.datetime | None = None) -> None:
    """Make what no worker was told of or one left unfinished, and delete what has lain its days."""
    moment = now or timezone.now()
    for pk in HandbookExport.objects.to_make(moment).order_by("pk").values_list("pk", flat=True)[:5]:
        make_export(pk)
    for export in HandbookExport.objects.over(moment).order_by("pk"):
        storage, name = export.file.storage, export.file.name
        change(export, "documents.export_removed", by=None, file="")
        if name:
            storage.delete(name)
