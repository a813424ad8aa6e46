"""What a new leader has looked at in the first days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import Membership


class FirstWeek(models.Model):
    """A convenience of one person's, of no consequence for anybody: it has no journal."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="+", verbose_name=_("role"))
    seen = models.JSONField(default=list)  # names of the tasks one has gone to
    put_away_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.membership)
