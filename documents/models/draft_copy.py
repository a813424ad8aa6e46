"""What somebody has written in a draft and not saved yet."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.document import Version

WRITING = datetime.timedelta(minutes=15)  # since the last sign of somebody, for them to be at it still
KEPT = datetime.timedelta(days=90)


class DraftCopyQuerySet(models.QuerySet["DraftCopy"]):
    def of(self, version: Version) -> Self:
        return self.filter(version=version)

    def of_use_to_nobody(self) -> Self:
        """Of versions nobody writes in any more, and those left for a season."""
        open_ones = Version.objects.open().filter(pk=OuterRef("version"))
        return self.filter(~Exists(open_ones) | Q(saved_at__lt=timezone.now() - KEPT))


class DraftCopy(models.Model):
    """The text as one person has it on the screen, kept while they write. Nobody else reads it,
    unless they leave: then it goes to whoever takes the draft over.

    It is not in the journal and not part of the draft: it becomes the draft when the person saves, and is gone then.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    change_summary = models.TextField(_("what is changed"), blank=True)
    is_minor = models.BooleanField(default=False)
    seen = models.PositiveIntegerField()  # how many events the draft had when the person began from it
    begun_from = models.TextField(blank=True)  # its text then, so that two people's changes can be told apart
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftCopyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="draft_copy_one_a_writer")]
        indexes = [models.Index(fields=["user"], name="draft_copy_user")]

    def __str__(self) -> str:
        return self.title
