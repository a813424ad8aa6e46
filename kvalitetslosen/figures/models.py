"""What numbers are divided by, where nobody but the units themselves knows it: bed days, visits, pupils, users."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import TreeQuerySet, Unit, UnitScoped, User


class Basis(models.TextChoices):
    """What it could have happened to. Days and visits are summed over time; pupils and users there are so many of."""

    BED_DAYS = "liggedogn", _("Bed days")
    VISITS = "besok", _("Visits")
    PUPILS = "elever", _("Pupils")
    USERS = "brukere", _("Users")


SUMMED = (Basis.BED_DAYS, Basis.VISITS)
PER = {Basis.BED_DAYS: 1000, Basis.VISITS: 1000, Basis.PUPILS: 100, Basis.USERS: 100}


class DenominatorQuerySet(TreeQuerySet["Denominator"]):
    def visible_to(self, user: User) -> Self:
        """No secret in one's own municipality."""
        return self.filter(level_0=user.municipality_id)


class Denominator(UnitScoped, Journaled):
    """How many of something a unit, with all below it, had in a month. Without a number it was taken back."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False)
    month = models.DateField(_("month"))  # its first day
    basis = models.CharField(_("of what"), max_length=10, choices=Basis.choices)
    n = models.PositiveIntegerField(_("how many"), null=True)

    objects = DenominatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "basis", "month"], name="denominator_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="denominator_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m} {self.basis}: {self.n}"
