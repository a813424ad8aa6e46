"""Which cases belong together without being the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from deviations.models.deviation import Deviation, DeviationQuerySet, own_reports
from kvalitetslosen.organisation.models import User


class Related(models.Model):
    """Two cases that have to do with each other, the older number first. Each end is shown to those who see it.

    That it was made or taken away is an event of both.
    """

    first = models.ForeignKey(Deviation, models.PROTECT, related_name="+")
    second = models.ForeignKey(Deviation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="related_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="related_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"


def related_to(deviation: Deviation, user: User) -> DeviationQuerySet:
    """The cases linked to this one that the person sees, without those they reported themselves."""
    ends = Related.objects.filter(Q(first=deviation) | Q(second=deviation))
    others = Q(pk__in=ends.values("first")) | Q(pk__in=ends.values("second"))
    return Deviation.objects.visible_to(user).exclude(own_reports(user)).filter(others).exclude(pk=deviation.pk)
