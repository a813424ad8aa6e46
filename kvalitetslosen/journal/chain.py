"""The chain of events that every journalled row anchors.

An event's hash is an HMAC over what the event says and over the seal of the event before; the row itself keeps how
many events it has and the seal of the newest. Seals are kept nowhere else: whoever cuts off the newest event would
have to make the seal of the one before, which takes the key. So nobody without it can change, remove or add an event
unseen, the last one included.
"""

from __future__ import annotations

import hmac
import json
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Journaled(models.Model):
    """A row whose every change leaves an event."""

    # Whether rows may have come with the product, laid by a migration: they have no event before they are changed.
    comes_with_product: ClassVar[bool] = False

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    events_count = models.PositiveIntegerField(default=0, editable=False)
    events_head = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def journal_municipality_id(self) -> int | None:
        """The municipality whose journal the row's events belong to."""
        return getattr(self, "level_0", None) or getattr(self, "municipality_id", None)


def link(
    *, key: uuid.UUID, number: int, previous: str, type: str, by_id: int | None, at: datetime, data: dict[str, Any]
) -> str:
    """The hash of one event: 64 hexadecimal digits."""
    said = json.dumps(
        [str(key), number, previous, type, by_id, at.astimezone(UTC).isoformat(timespec="microseconds"), data],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hmac.digest(settings.JOURNAL_KEY.encode(), said.encode(), "sha256").hex()


def seal(hash: str) -> str:
    """What the row keeps of its newest event, and what the next event's hash builds on: 64 hexadecimal digits."""
    return hmac.digest(settings.JOURNAL_KEY.encode(), b"seal:" + hash.encode(), "sha256").hex()
