"""What happened: one row per change, never altered, never deleted (the databases' own triggers refuse)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from kvalitetslosen.journal.chain import Journaled, link


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, row: Journaled) -> Self:
        """The row's own events, oldest first."""
        return self.of_subject(ContentType.objects.get_for_model(row).pk, row.pk)

    def of_subject(self, subject_type: int, subject_id: int) -> Self:
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("number")


class Event(models.Model):
    """Who did what to what. ``data`` holds old and new values; it never holds a hidden name."""

    at = models.DateTimeField()
    type = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    municipality_id = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "number"], name="event_one_of_each_number")
        ]
        indexes = [models.Index(fields=["at", "id"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.type} {self.at:%Y-%m-%d %H:%M}"

    def hash_after(self, previous: str, row: Journaled) -> str:
        return link(
            key=row.key,
            number=self.number,
            previous=previous,
            type=self.type,
            by_id=self.by_id,
            at=self.at,
            data=self.data,
        )

    def old_and_new(self, field: str) -> tuple[Any, Any]:
        old, new = self.data.get("changes", {}).get(field, (None, None))
        return old, new
