"""Deadlines and reminders as the municipality wants them."""

from __future__ import annotations

import datetime
from collections.abc import Container
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from deviations.models.choices import Severity
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.notifications.clock import closed_days
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.workdays import deadline


class HandlingRules(Journaled):
    """Deadlines and reminders as the municipality wants them, in working days. One row a municipality."""

    municipality = models.OneToOneField(
        Unit, models.PROTECT, related_name="handling_rules", limit_choices_to={"parent": None}
    )
    receive_days = models.PositiveSmallIntegerField(_("to receive a case"), default=2)
    answer_days = models.PositiveSmallIntegerField(_("to the first answer to the reporter"), default=4)
    close_days_low = models.PositiveSmallIntegerField(_("to close, low severity"), default=30)
    close_days_moderate = models.PositiveSmallIntegerField(_("to close, moderate severity"), default=30)
    close_days_high = models.PositiveSmallIntegerField(_("to close, high severity"), default=20)
    close_days_critical = models.PositiveSmallIntegerField(_("to close, critical severity"), default=20)
    remind_days_before = models.PositiveSmallIntegerField(_("remind before the deadline"), default=3)
    repeat_days = models.PositiveSmallIntegerField(_("remind again after the deadline, every"), default=5)
    escalate_days = models.PositiveSmallIntegerField(_("tell the leader above after"), default=5)

    class Meta:
        verbose_name = _("deadlines and reminders")

    def __str__(self) -> str:
        return str(self.municipality)

    @cached_property
    def closed(self) -> Container[object]:
        """The days the municipality's offices are closed besides public holidays."""
        chosen = getattr(self.municipality, "settings", None)
        return closed_days(chosen.closed_days if chosen else None)

    def due(self, start: datetime.datetime, workdays: int) -> datetime.datetime:
        """The end of the last of so many of the municipality's working days."""
        return deadline(start, workdays, closed=self.closed)

    def close_days(self, severity: str) -> int:
        """Working days from report to closing; a case not yet assessed counts as moderate."""
        days: int = getattr(self, f"close_days_{severity or Severity.MODERATE}")
        return days
