"""The handbook on its way out: who asked for which part of it, and what became of that."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Unit, UnitScoped, User


def export_path(export: HandbookExport, name: str) -> str:
    """The name on disk says nothing about what is in it."""
    return f"handbook-exports/{uuid.uuid4().hex}.zip"


class HandbookExportQuerySet(models.QuerySet["HandbookExport"]):
    def visible_to(self, user: User) -> Self:
        """One's own: what is in it is what that person may read."""
        return self.filter(asked_by=user, level_0=user.municipality_id)

    def to_make(self, now: datetime.datetime) -> Self:
        """Not begun, or begun by a worker that hasn't been heard of for a while."""
        silent = now - HandbookExport.SILENCE
        return self.filter(made_at=None, failed_at=None).filter(Q(heard_at=None) | Q(heard_at__lt=silent))

    def over(self, now: datetime.datetime) -> Self:
        """Whose file is to be deleted."""
        return self.filter(~Q(file=""), made_at__lt=now - HandbookExport.LIFE)


class HandbookExport(UnitScoped, Journaled):
    """One file with the handbook of a unit and below, as its asker may read it. Kept for some days."""

    LIFE: ClassVar[datetime.timedelta] = datetime.timedelta(days=5)
    SILENCE: ClassVar[datetime.timedelta] = datetime.timedelta(minutes=10)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    every_pdf = models.BooleanField(_("PDF of old versions too"), default=False)
    heard_at = models.DateTimeField(null=True, editable=False)  # when a worker last said how far it is
    done = models.PositiveIntegerField(default=0, editable=False)  # documents
    total = models.PositiveIntegerField(default=0, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    file = models.FileField(upload_to=export_path, blank=True, editable=False)
    size = models.BigIntegerField(default=0, editable=False)  # bytes
    left_out = models.PositiveIntegerField(default=0, editable=False)  # files that aren't in it

    objects = HandbookExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(made_at=None) | Q(failed_at=None), name="export_made_or_failed"),
            models.CheckConstraint(condition=Q(file="") | Q(made_at__isnull=False), name="export_file_when_made"),
        ]
        indexes = [models.Index(fields=["heard_at"], name="export_to_make", condition=Q(made_at=None, failed_at=None))]

    def __str__(self) -> str:
        return f"{self.unit} {self.asked_at:%Y-%m-%d}"

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None and self.failed_at is None

    @property
    def until(self) -> datetime.datetime | None:
        """When the file is deleted."""
        return self.made_at + self.LIFE if self.made_at else None
