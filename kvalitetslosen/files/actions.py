"""The verbs of files: attach, carry over, remove."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from kvalitetslosen.files import store
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.files.uploads import Examined, examine
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.record import record

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User


def attach(
    *,
    owner: Journaled,
    upload: UploadedFile[bytes] | Examined,
    by: User | None,
    at: datetime.datetime | None = None,
) -> Attachment:
    """Attach one file; see ``attach_all``."""
    return attach_all(owner=owner, uploads=[upload], by=by, at=at)[0]


@transaction.atomic
def attach_all(
    *,
    owner: Journaled,
    uploads: Sequence[UploadedFile[bytes] | Examined],
    by: User | None,
    at: datetime.datetime | None = None,
) -> list[Attachment]:
    """Attach files to something, with one event ``files.attached`` in its journal. Nothing happens for no files.

    Meant to be called inside the transaction that makes or changes the owner, as

        with transaction.atomic():
            deviation = actions.report(by=user, …)
            attach_all(owner=deviation, uploads=form.cleaned_data["files"], by=None if hide_name else user)

    The bytes are moved to their place after the commit; when the transaction is rolled back they vanish. A file that
    the owner has already (sent twice by a double click) isn't attached again.

    ``by`` must be ``None`` when the sender's name is hidden: neither the row nor the event then tells it. The owner's
    manager must have ``visible_to(user)``, which decides who may have the file. ``MultipleFileField`` has looked at
    its files already; an ``UploadedFile`` from elsewhere is examined here, and refused with ``ValidationError``.
    """
    found, new = store_all(owner=owner, uploads=uploads, by=by, at=at)
    if new:
        record(owner, "files.attached", by=by, at=at, attachments=[each.pk for each in new])
    return found


def store_all(
    *,
    owner: models.Model,
    uploads: Sequence[UploadedFile[bytes] | Examined],
    by: User | None,
    at: datetime.datetime | None = None,
) -> tuple[list[Attachment], list[Attachment]]:
    """The rows of ``attach_all``, with those of them that are new, and no event: for owners with another journal."""
    if not uploads:
        return [], []
    if not hasattr(type(owner)._default_manager, "visible_to"):
        raise TypeError(
            f"{type(owner).__name__}.objects has no visible_to: nobody could decide who may see its files."
        )
    now = at or timezone.now()
    attached = {each.sha256: each for each in Attachment.objects.of(owner)}
    found, new = [], []
    for upload in uploads:
        examined = upload if isinstance(upload, Examined) else examine(upload)
        if examined.sha256 not in attached:
            attached[examined.sha256] = attachment = _row(owner, examined, by, now)
            new.append(attachment)
            transaction.on_commit(examined.incoming.keep, robust=True)
        found.append(attached[examined.sha256])
    Attachment.objects.bulk_create(new)
    return found, new


def forget_all(owner: models.Model) -> None:
    """Delete all files of an owner for good, with no event: for owners with another journal. In a transaction."""
    for attachment in Attachment.objects.of(owner):
        attachment.delete()
        transaction.on_commit(partial(_forget_bytes, attachment.stored_as), robust=True)


@transaction.atomic
def remove(
    *,
    owner: Journaled,
    attachment: Attachment,
    by: User | None,
    reason: str,
    at: datetime.datetime | None = None,
) -> bool:
    """Delete one of the owner's files for good, with one event ``files.removed``: what and why, never its name.

    Returns whether it was there: nothing happens the second time. The bytes go after the commit; what a process that
    is killed just then leaves behind, ``clear_left_over`` takes. ``by`` must be ``None`` when the name is hidden.
    """
    deleted, _rows = Attachment.objects.of(owner).order_by().filter(pk=attachment.pk).delete()
    if not deleted:
        return False
    record(owner, "files.removed", by=by, at=at, attachment=attachment.pk, reason=reason)
    transaction.on_commit(partial(_forget_bytes, attachment.stored_as), robust=True)
    return True


def _forget_bytes(name: str) -> None:
    if not Attachment.objects.filter(stored_as=name).exists():
        store.remove(name)


@transaction.atomic
def carry_over(*, source: models.Model, owner: models.Model, only: int | None = None) -> list[Attachment]:
    """Let what was attached to one thing be attached to another too, as a new version of it. The bytes lie there once.
    ``only`` is the id of one of the files.

    Records no event: it is part of how the other begins. The rows are locked, so that none is removed meanwhile.
    """
    rows = list(Attachment.objects.of(source).filter(**({"pk": only} if only else {})).select_for_update(of=("self",)))
    owner_type = ContentType.objects.get_for_model(owner)
    for row in rows:
        row.pk, row.key, row.owner_type, row.owner_id = None, uuid.uuid4(), owner_type, owner.pk
    return Attachment.objects.bulk_create(rows)


def _row(owner: models.Model, examined: Examined, by: User | None, now: datetime.datetime) -> Attachment:
    return Attachment(
        owner_type=ContentType.objects.get_for_model(owner),
        owner_id=owner.pk,
        name=examined.name,
        content_type=examined.kind.content_type,
        size=examined.size,
        sha256=examined.sha256,
        stored_as=examined.incoming.name,
        width=examined.width,
        height=examined.height,
        uploaded_by=by,
        created_at=now,
    )


def clear_left_over() -> tuple[int, int]:
    """Remove files that no row tells of and settle those a killed process left half-way: how many of each."""
    return store.clear(
        lambda names: set(Attachment.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
    )
