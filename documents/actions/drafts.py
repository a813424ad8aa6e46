"""What is written in a draft and not saved yet: kept for whoever writes it, and given up."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import access
from documents.html import TooLong, clean
from documents.lifecycle import State
from documents.models import DraftCopy, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User


@transaction.atomic
def keep_copy(
    *,
    version: Version,
    by: User,
    seen: int,
    title: str,
    body: str | None = None,
    change_summary: str = "",
    is_minor: bool = False,
    at: datetime.datetime | None = None,
) -> DraftCopy | None:
    """Keep what somebody has on the screen, for themselves alone. No event: the draft is as it was.

    ``seen`` is how many events the draft had when they began. ``None``, and no copy, when it says what the draft says.
    Raises ``ValidationError`` for identity numbers, which are kept nowhere, and for a text too long.
    """
    try:
        body = version.body if body is None else clean(body)
    except TooLong:
        raise ValidationError(_("The text is too long to be kept."), code="too_long") from None
    identity_numbers.guard_html(body)
    for text in (title, change_summary):
        identity_numbers.guard(text)
    said: dict[str, Any] = {
        "title": title.strip()[:200],
        "body": body,
        "change_summary": change_summary.strip(),
        "is_minor": is_minor,
    }
    mine = DraftCopy.objects.select_for_update(of=("self",)).filter(version=version, user=by).first()
    if all(getattr(version, name) == value for name, value in said.items()):
        if mine is not None:
            mine.delete()
        return None
    if mine is not None and mine.seen == seen and mine.begun_from:
        begun_from = mine.begun_from
    else:
        begun_from = "" if saved_since(version, seen) else version.body
    values = said | {"seen": seen, "begun_from": begun_from, "saved_at": at or timezone.now()}
    copy, _new = DraftCopy.objects.update_or_create(version=version, user=by, defaults=values)
    return copy


def saved_since(version: Version, seen: int) -> bool:
    """Whether anybody saved the draft after it had so many events."""
    if seen == version.events_count:
        return False
    return Event.objects.about(version).filter(type=access.SAVED, number__gt=seen).exists()


def discard_copy(*, version: Version, by: User) -> None:
    """Give up what the person had written and not saved."""
    DraftCopy.objects.filter(version=version, user=by).delete()


def clear_copies() -> int:
    """Forget copies that are of use to nobody any more: how many."""
    deleted, _rows = DraftCopy.objects.of_use_to_nobody().delete()
    return deleted


def copy_of(version: Version, user: User) -> DraftCopy | None:
    """What the person has written in the draft and not saved, if anything."""
    if version.state != State.DRAFT:
        return None
    return DraftCopy.objects.filter(version=version, user=user).first()
