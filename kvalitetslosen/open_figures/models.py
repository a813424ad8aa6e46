"""Tokens that let another program read figures: with a person's rights, or figures alone."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.access import kept
from kvalitetslosen.organisation.models import Unit, User


class Reads(models.TextChoices):
    RIGHTS = "rights", _("What I may read")
    FIGURES = "figures", _("Figures only, nobody’s rights")


class ReportTokenQuerySet(models.QuerySet["ReportToken"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those for figures of what one keeps. A token with somebody's rights is theirs alone."""
        return self.filter(
            Q(reads=Reads.RIGHTS, made_by=user, municipality=user.municipality_id)
            | Q(reads=Reads.FIGURES) & kept(user, "unit__")
        )

    def in_force(self, today: datetime.date | None = None) -> Self:
        """Those that open something; one with a person's rights for as long as the person works here."""
        return self.filter(
            Q(reads=Reads.FIGURES) | Q(made_by__is_active=True),
            revoked_at=None,
            expires_on__gte=today or timezone.localdate(),
        )

    def telling(self) -> Self:
        """Those in force, and those that were ever read with: any year can be asked about, and stays known."""
        return self.in_force() | self.filter(used_on__isnull=False)

    def in_force_first(self, today: datetime.date | None = None) -> Self:
        """Those that are not over, the newest first, and then those that are."""
        going = Q(revoked_at=None, expires_on__gte=today or timezone.localdate())
        return self.order_by(Case(When(going, then=0), default=1), "-made_at", "-pk")


class ReportToken(Journaled):
    """What another program shows to read figures. It is shown once, and only its keyed hash is kept."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    reads = models.CharField(_("what it reads"), max_length=7, choices=Reads.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField(_("last day"))
    used_on = models.DateField(null=True, blank=True, editable=False)  # a day, never an hour
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reads=Reads.RIGHTS, unit=None) | Q(reads=Reads.FIGURES, unit__isnull=False),
                name="report_token_of_a_person_or_a_unit",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.revoked_at is not None or self.expires_on < timezone.localdate()
