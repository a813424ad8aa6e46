"""What those who watch over a case say to it, and what they are answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models.deviation import Deviation


class Comment(models.Model):
    """A remark of a safety representative or a data protection officer, or an answer to one.

    Read by those who handle the case and those who watch over it; by the reporter only where it is meant for them.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("comment"))
    for_reporter = models.BooleanField(_("The reporter may read it too"), default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.deviation_id}, {self.at:%Y-%m-%d %H:%M}"
