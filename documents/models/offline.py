"""What people have chosen to read where there is no net."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models.document import Document
from kvalitetslosen.organisation.models import User


class KeptOfflineQuerySet(models.QuerySet["KeptOffline"]):
    def readable_by(self, user: User) -> Self:
        """One's own choices, as far as one may still read them."""
        readable = Document.objects.visible_to(user).in_force()
        return self.filter(user=user, document__in=readable)


class KeptOffline(models.Model):
    """One person's choice of one document. On which devices it lies is told nobody: they fetch it themselves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = KeptOfflineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="kept_offline_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document_id}"
