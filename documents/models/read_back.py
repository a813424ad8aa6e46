"""A handbook on its way back in: who brought the file, and what became of it."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, User


def handbook_path(reading: HandbookReading, name: str) -> str:
    """The name on disk says nothing about what is in it."""
    return f"handbooks-to-read/{uuid.uuid4().hex}.zip"


class HandbookReadingQuerySet(models.QuerySet["HandbookReading"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(asked_by=user, municipality=user.municipality_id)

    def to_read(self, now: datetime.datetime) -> Self:
        """Not begun, or begun by a worker that hasn't been heard of for a while."""
        silent = now - HandbookReading.SILENCE
        return self.filter(read_at=None, refused_at=None).filter(Q(heard_at=None) | Q(heard_at__lt=silent))


class HandbookReading(Journaled):
    """One file that is read back, all of it or nothing. The file is deleted once it is settled."""

    SILENCE: ClassVar[datetime.timedelta] = datetime.timedelta(minutes=30)

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answerable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # owns what people own who aren't here any more
    name = models.CharField(max_length=200)  # of the file, as its bringer called it
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    heard_at = models.DateTimeField(null=True, editable=False)  # when a worker began
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    why = models.CharField(max_length=300, blank=True, editable=False)  # it was refused, in its bringer's language
    documents = models.PositiveIntegerField(default=0, editable=False)
    versions = models.PositiveIntegerField(default=0, editable=False)
    new_people = models.PositiveIntegerField(default=0, editable=False)
    file = models.FileField(upload_to=handbook_path, blank=True, editable=False)

    objects = HandbookReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(read_at=None) | Q(refused_at=None), name="handbook_read_or_refused"),
            models.CheckConstraint(
                condition=Q(refused_at=None, why="") | Q(refused_at__isnull=False) & ~Q(why=""),
                name="handbook_refused_says_why",
            ),
            # Two at a time would fill the same empty handbook.
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(read_at=None, refused_at=None),
                name="handbook_read_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["heard_at"], name="handbook_to_read", condition=Q(read_at=None, refused_at=None))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        return self.read_at is None and self.refused_at is None
