"""The year wheel: what is to be done in a unit in which month of the year, and what it takes to call it done."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from improvement.year_lifecycle import YEAR_TASK, YearState
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Role, TreeQuerySet, Unit, UnitScoped, User
from kvalitetslosen.workdays import OSLO, add_workdays

NINE = datetime.time(9)


class Recurrence(models.TextChoices):
    YEARLY = "yearly", _("Once a year")
    HALF = "half", _("Every half-year")
    QUARTERLY = "quarterly", _("Every quarter")
    MONTHLY = "monthly", _("Every month")


MONTHS_BETWEEN = {Recurrence.YEARLY: 12, Recurrence.HALF: 6, Recurrence.QUARTERLY: 3, Recurrence.MONTHLY: 1}


def months_of(recurrence: str, first: int) -> list[int]:
    """The months of a whole year it comes in, when one of them is this."""
    step = MONTHS_BETWEEN[Recurrence(recurrence)]
    return sorted({(first - 1 + step * n) % 12 + 1 for n in range(12 // step)})


class YearTaskQuerySet(TreeQuerySet["YearTask"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the units one leads or is quality contact for."""
        standing = user.standing
        oversight = standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT)
        return self.filter(Q(owner=user) | oversight, level_0=user.municipality_id)

    def of_year(self, year: int) -> Self:
        return self.filter(month__gte=datetime.date(year, 1, 1), month__lte=datetime.date(year, 12, 1))

    def waiting(self) -> Self:
        """To be done still, in a unit that hasn't closed."""
        return self.filter(state=YearState.PLANNED, unit__closed_on=None)

    def come(self, today: datetime.date) -> Self:
        """Of this month or one before."""
        return self.filter(month__lte=today)


class YearTask(Moving, UnitScoped):
    """One duty in one month. What comes back has a row for each time, held together by ``series``."""

    lifecycle: ClassVar[Lifecycle] = YEAR_TASK

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    ready = models.CharField(max_length=40, blank=True, editable=False)  # its name in the ready sets
    month = models.DateField(_("month"))  # the first of it
    what = models.CharField(_("what is to be done"), max_length=200)
    done_is = models.TextField(_("when it is done"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who does it"), db_index=False
    )
    minutes = models.PositiveSmallIntegerField(_("minutes set aside"), default=60)
    starts_at = models.DateTimeField(_("time set aside"), null=True, blank=True)
    recurrence = models.CharField(_("how often"), max_length=10, choices=Recurrence.choices, default=Recurrence.YEARLY)
    state = models.CharField(_("status"), max_length=10, choices=YearState.choices, default=YearState.PLANNED)
    words = models.TextField(_("in own words"), blank=True)  # what came of it, or why it was skipped
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = YearTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "month"], name="year_task_once_a_month"),
            models.UniqueConstraint(fields=["unit", "ready", "month"], condition=~Q(ready=""), name="year_task_ready"),
            models.CheckConstraint(condition=Q(month__day=1), name="year_task_month_by_its_first"),
            models.CheckConstraint(condition=Q(minutes__lte=600), name="year_task_within_a_day"),
            models.CheckConstraint(
                condition=Q(state=YearState.PLANNED, ended_at=None, words="")
                | ~Q(state=YearState.PLANNED) & Q(ended_at__isnull=False) & ~Q(words=""),
                name="year_task_ended_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "month"], name="year_task_unit"),
            models.Index(fields=["owner", "month"], name="year_task_owner"),
            models.Index(fields=["month"], name="year_task_waits", condition=Q(state=YearState.PLANNED)),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("year:task", args=[self.pk])

    @property
    def due_on(self) -> datetime.date:
        """The last day of its month."""
        return (self.month + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)

    @property
    def is_waiting(self) -> bool:
        return self.state == YearState.PLANNED

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.due_on < timezone.localdate()

    @property
    def color(self) -> str:
        return {YearState.DONE: "success", YearState.SKIPPED: "neutral"}.get(YearState(self.state), "info")

    @property
    def time_set_aside(self) -> datetime.datetime | None:
        """When it stands in the calendar: as chosen, else nine on the first working day after the first week."""
        if not self.minutes:
            return None
        if self.starts_at:
            return self.starts_at
        day = add_workdays(self.month + datetime.timedelta(days=6), 1)
        return datetime.datetime.combine(day, NINE, OSLO)
