"""Reading a handbook back: brought in a request, read by a worker into an empty municipality, all of it or nothing."""

from __future__ import annotations

import datetime
from typing import IO

import structlog
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents.exchange.reading import Refused, read
from documents.models import Document, HandbookReading
from documents.models.read_back import handbook_path
from kvalitetslosen.celery import app
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import Unit, User

logger = structlog.get_logger(__name__)

MOST_TRIES = 3


def may_be_read_into(municipality_id: int | None) -> bool:
    """Whether the municipality has no documents, not even drafts."""
    return not Document.objects.filter(level_0=municipality_id).exists()


@transaction.atomic
def read_back(*, by: User, name: str, file: IO[bytes], answerable: User | None = None) -> HandbookReading:
    """Have the handbook in the file read into the municipality. While one is being read no other is begun.

    ``answerable`` owns the documents of people who aren't here. Raises ``Refused`` where there are documents already,
    and while somebody else's is being read.
    """
    assert by.municipality_id is not None
    municipality = Unit.objects.select_for_update(of=("self",)).get(pk=by.municipality_id)
    waiting = HandbookReading.objects.filter(municipality=municipality, read_at=None, refused_at=None)
    if already := waiting.first():
        if already.asked_by_id != by.pk:
            raise Refused(_("Somebody else has brought a handbook that is being read now. Look again in a while."))
        return already
    if not may_be_read_into(municipality.pk):
        raise Refused(_("%(name)s has documents already.") % {"name": municipality.name})
    reading = HandbookReading(municipality=municipality, asked_by=by, answerable=answerable, name=name[:200])
    storage = reading.file.storage
    reading.file.name = storage.save(handbook_path(reading, ""), File(file))
    try:
        create(reading, "documents.reading_back_asked", by=by)
    except BaseException:
        storage.delete(reading.file.name)
        raise
    transaction.on_commit(lambda: app.tell("documents.read_back", reading.pk), robust=True)
    return reading


def go_on_reading_back(pk: int) -> bool:
    """Read one file, unless another worker is at it or it is settled. True when this call settled it."""
    now = timezone.now()
    claimed = HandbookReading.objects.to_read(now).filter(pk=pk)
    reading = claimed.select_related("municipality", "asked_by", "answerable").first()
    if reading is None or not claimed.update(heard_at=now, tries=reading.tries + 1):
        return False
    with translation.override(reading.asked_by.language):
        if reading.tries >= MOST_TRIES:
            _refuse(reading, _("It could not be read. Tell those who run the server, and try again later."))
            return True
        try:
            _read(reading)
        except Refused as refused:
            _refuse(reading, str(refused))
        except Exception:
            logger.exception("documents.reading_back_failed", reading=reading.pk)
            HandbookReading.objects.filter(pk=pk).update(heard_at=None)
            return False
    _delete_file(reading)
    return True


@transaction.atomic
def _read(reading: HandbookReading) -> None:
    """The handbook and the row that says it is read, together. Raises ``Refused``."""
    locked = HandbookReading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if not locked.is_waiting:  # another worker was faster
        return
    try:
        file = reading.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Refused(_("The file is no longer here. Choose it again.")) from None
    with file:
        done = read(file, municipality=reading.municipality, answerable=reading.answerable, by=reading.asked_by)
    change(
        locked,
        "documents.reading_back_done",
        by=None,
        read_at=timezone.now(),
        documents=done.documents,
        versions=done.versions,
        new_people=done.new_people,
    )


@transaction.atomic
def _refuse(reading: HandbookReading, why: str) -> None:
    locked = HandbookReading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if locked.is_waiting:
        change(locked, "documents.reading_back_refused", by=None, refused_at=timezone.now(), why=why[:300])


def _delete_file(reading: HandbookReading) -> None:
    """What is settled needs no file. Where this is cut short, the sweep does it."""
    settled = HandbookReading.objects.get(pk=reading.pk)
    if settled.is_waiting or not settled.file:
        return
    settled.file.storage.delete(str(settled.file.name))
    HandbookReading.objects.filter(pk=reading.pk).update(file="")


def sweep_readings_back(now: datetime.datetime | None = None) -> None:
    """Read what no worker was told of or one left unfinished, and delete files that are needed no more."""
    moment = now or timezone.now()
    for pk in HandbookReading.objects.to_read(moment).order_by("pk").values_list("pk", flat=True)[:1]:
        go_on_reading_back(pk)
    for reading in HandbookReading.objects.exclude(file="").order_by("pk"):
        _delete_file(reading)
