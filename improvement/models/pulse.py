"""The pulse: how the conditions for learning are, asked of everybody once a quarter. Nobody's answer is kept."""

from __future__ import annotations

import datetime
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.organisation.models import LEVELS, InTree, TreeQuerySet, Unit, User


class PulseRoundQuerySet(models.QuerySet["PulseRound"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def open(self, today: datetime.date | None = None) -> Self:
        day = today or timezone.localdate()
        return self.filter(opens_on__lte=day, closes_on__gte=day)

    def closed(self, today: datetime.date | None = None) -> Self:
        return self.filter(closes_on__lt=today or timezone.localdate())

    def to_answer(self, user: User) -> Self:
        """Open, and not answered by the person yet."""
        answered = PulseAnswered.objects.filter(user=user).values("round")
        return self.visible_to(user).open().exclude(pk__in=answered)


class PulseRound(models.Model):
    """One quarter's questions in one municipality. Nothing is shown before its last day has passed."""

    OPEN: ClassVar[datetime.timedelta] = datetime.timedelta(days=27)  # four weeks

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    opens_on = models.DateField()  # the first day of the quarter
    closes_on = models.DateField()

    objects = PulseRoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-opens_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["municipality", "opens_on"], name="pulse_once_a_quarter")]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.opens_on}"

    @property
    def quarter(self) -> int:
        return (self.opens_on.month + 2) // 3

    @property
    def name(self) -> str:
        """«4. kvartal 2026»."""
        return _("%(n)s. quarter %(year)s") % {"n": self.quarter, "year": self.opens_on.year}

    @property
    def ended_on(self) -> datetime.date:
        """The last day of the quarter."""
        month = self.opens_on.replace(day=1) + datetime.timedelta(days=95)
        return month.replace(day=1) - datetime.timedelta(days=1)


class PulseAnswered(models.Model):
    """That somebody has answered, so that nobody does twice. Neither what nor when.

    Its key is random, as those of the counts are: numbers in the order of answering would join the two.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PulseRound, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="pulse_answered_once")]

    def __str__(self) -> str:
        return f"{self.round_id}"


class PulseTallyQuerySet(TreeQuerySet["PulseTally"]):
    pass


class PulseTally(InTree):
    """How many in a unit gave one answer to one question: the only thing that is kept of anybody's answer.

    The levels stay as they were when it was answered, also when a unit is moved: two reports of one quarter that
    differ by a unit would tell what that unit answered. All rows of a unit are made at once, before anything is
    counted in them, so that none says by coming first who answered first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PulseRound, models.PROTECT, related_name="tallies", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=10)
    value = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField(default=0)

    objects = PulseTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "question", "value"], name="pulse_tally_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 10)), name="pulse_tally_from_one_to_ten"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id} {self.question}"

    @property
    def path(self) -> tuple[int, ...]:
        """The units from the municipality down to where it was answered."""
        return tuple(pk for level in LEVELS if (pk := getattr(self, level)) is not None)
