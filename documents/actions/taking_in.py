"""Making a document, or a new version, of one file that was brought in: one transaction with the file's row in it."""

from __future__ import annotations

import datetime
import re
import zipfile

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import access
from documents.actions.approving import into_force
from documents.actions.life import create_document, new_version, put_file, put_text, save
from documents.actions.requirements import places_named, set_legal_bases, sources_for
from documents.intake import archive
from documents.intake.conversion import MAX_SIZE
from documents.intake.problems import Problem
from documents.intake.surroundings import is_same, match_of
from documents.models import Document, Intake, IntakeFile, LegalBasis, TakenIn, Version
from kvalitetslosen.journal.record import record
from kvalitetslosen.months import same_day_after
from kvalitetslosen.organisation.models import Unit, User

SPREAD = datetime.timedelta(days=182)  # in which what is past its review when it comes in is to be looked over

_STATES = IntakeFile.State


@transaction.atomic
def take_in_file(row_id: int, intake: Intake) -> None:
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
                data = bytes_of(row, opened)
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
    wanted = row.review_on or same_day_after(min(since, today), document.review_months)
    if wanted > today:
        return wanted
    return today + datetime.timedelta(days=30 + row.position * 13 % (SPREAD.days - 30))


def bytes_of(row: IntakeFile, opened: zipfile.ZipFile) -> bytes:
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
