"""The secret address of a person's own calendar."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class CalendarAddress(models.Model):
    """One a person; without a row nothing is served. What is secret is computed, and only its hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seed = models.UUIDField(default=uuid.uuid4, editable=False)  # a new one makes a new address
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    used_on = models.DateField(null=True, blank=True, editable=False)  # a day, never an hour

    def __str__(self) -> str:
        return str(self.user)
