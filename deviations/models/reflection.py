"""What a team makes of a case together, and the screens on their wall."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.lifecycle import REFLECTION, ReflectionState, State
from deviations.models.deviation import Deviation
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import Role, Unit, User


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cases one sees; what is only planned is not for the reporter yet, but no secret either."""
        return self.filter(deviation__in=Deviation.objects.visible_to(user).values("pk"))

    def planned(self) -> Self:
        """What is to be talked about. A case that was merged into another is talked about there."""
        return self.filter(state=ReflectionState.PLANNED).exclude(deviation__state=State.MERGED)

    def held(self) -> Self:
        return self.filter(state=ReflectionState.HELD)

    def led_by(self, user: User) -> Self:
        """Those of the cases the person handles, leads the line of or coordinates."""
        standing = user.standing
        led = standing.over(Role.LEADER, "deviation__") | standing.over(Role.QUALITY_CONTACT, "deviation__")
        return self.visible_to(user).filter(Q(deviation__handler=user) | led)


class Reflection(Moving):
    """A case taken up with the team: what they are told, and their answers to the four questions.

    ``told`` is written for the team by whoever leads them: what happened, without who. The questions are those of
    after-action reviews as small teams hold them: what happened, why, what is typical, what do we try.
    """

    lifecycle: ClassVar[Lifecycle] = REFLECTION

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="reflections", verbose_name=_("case"))
    state = models.CharField(max_length=10, choices=ReflectionState.choices, default=ReflectionState.PLANNED)
    told = models.TextField(_("what happened"))
    why = models.TextField(_("why"), blank=True)
    typical = models.TextField(_("what is typical"), blank=True)
    tries = models.TextField(_("what do we try"), blank=True)
    held_on = models.DateField(_("talked about on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReflectionState.HELD, held_on__isnull=False) & ~Q(tries="")
                | ~Q(state=ReflectionState.HELD) & Q(held_on=None),
                name="reflection_held_on_a_day_with_words",
            ),
            models.UniqueConstraint(
                fields=["deviation"], name="reflection_planned_once", condition=Q(state=ReflectionState.PLANNED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deviation_id}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("deviations:slide", args=[self.deviation.reference])


class WallScreen(Journaled):
    """A screen on the wall of a unit, opened by its address alone: no log-in, and nothing about any person."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit"], name="wall_screen_once", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return str(self.unit_id)

    def get_absolute_url(self) -> str:
        return reverse("deviations:wall", args=[self.key])
