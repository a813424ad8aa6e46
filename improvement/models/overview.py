"""What a leader has read in the overview of what has changed, and put away."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class OverviewReading(models.Model):
    """A convenience of one person's, of no consequence for anybody: it has no journal.

    Kept are names of facts (what kind, which unit, which category), never a sentence or a number. ``facts`` are those
    of the last sitting, ``before`` those of the one before it; ``put_away`` says on which day each was put away.
    """

    SITTING: ClassVar[datetime.timedelta] = datetime.timedelta(hours=4)
    """So long one goes on reading: what was new stays marked until then."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)  # as the last sitting began
    facts = models.JSONField(default=list)
    before_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=list)
    put_away = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def is_over(self) -> bool:
        """Whether the next look begins a new sitting."""
        return self.read_at is None or timezone.now() - self.read_at > self.SITTING
