"""The verbs of what readers say of a document, and of the owner's answers."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Comment, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.record import create
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import User


def _plain(text: str) -> str:
    """Words that hold no identity number. Raises ``ValidationError``."""
    identity_numbers.guard(text)
    return text.strip()


def send_comment(
    *, version: Version, by: User, kind: str, text: str, heading: str = "", at: datetime.datetime | None = None
) -> Comment:
    """Say something of a document one reads, about one heading or all of it. The same twice is one.

    Raises ``ValidationError`` for identity numbers, and where there are no words.
    """
    text = _plain(text)
    if not text:
        raise ValidationError(_("Write what you want to say."), code="empty")
    said = {"document": version.document, "author": by, "kind": kind, "text": text, "heading": heading.strip()[:300]}
    if already := Comment.objects.unanswered().filter(**said).order_by("pk").first():
        return already
    comment = Comment(version=version, at=at or timezone.now(), **said)
    return create(comment, "documents.comment_sent", by=by, at=at, kind=kind)


def accept_comment(
    *, comment: Comment, by: User, answer: str = "", at: datetime.datetime | None = None, seen: int | None = None
) -> Comment:
    """It is right: the next version is to deal with it, and the reader hears."""
    now = at or timezone.now()
    move(
        comment, "accept", by=by, at=now, seen=seen, answer=_plain(answer), answered_by=by, untold={"answered_at": now}
    )
    return comment


def thank_for_comment(
    *, comment: Comment, by: User, answer: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Comment:
    """Answer where nothing is to be changed: praise, or a question that has its answer."""
    now = at or timezone.now()
    move(
        comment, "thank", by=by, at=now, seen=seen, answer=_plain(answer), answered_by=by, untold={"answered_at": now}
    )
    return comment


def decline_comment(
    *, comment: Comment, by: User, answer: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Comment:
    """It stays as it is, and the reader hears why."""
    now = at or timezone.now()
    move(
        comment, "decline", by=by, at=now, seen=seen, answer=_plain(answer), answered_by=by,
        untold={"answered_at": now},
    )  # fmt: skip
    return comment


def take_back_comment(
    *, comment: Comment, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Comment:
    move(comment, "take_back", by=by, at=at, seen=seen)
    return comment


def settle_comments(*, version: Version, by: User | None, at: datetime.datetime | None = None) -> None:
    """A version has come into force: what was accepted before it was sent to approval is dealt with by it."""
    rows = Comment.objects.accepted().filter(document=version.document_id)
    if version.sent_at is not None:
        rows = rows.filter(answered_at__lte=version.sent_at)
    for comment in rows.select_related("document").order_by("pk"):
        move(comment, "settle", by=by, at=at, settled_in=version)
