"""A municipality of one's own to practise in."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import Unit, User


class Side(models.TextChoices):
    """Which side of a case one tries."""

    EMPLOYEE = "employee", _("Employee")
    LEADER = "leader", _("Leader")


class WorldQuerySet(models.QuerySet["World"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, owner: User) -> Self:
        """The one the person practises in, if any, with whom they practise as."""
        return self.open().filter(owner=owner).select_related("municipality")


class World(models.Model):
    """What one person practises in: an invented municipality with the names of their own units, seen by nobody else.

    They have a part in it twice, as an employee and as the leader, so that they meet their own report from both sides.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    municipality = models.OneToOneField(Unit, models.PROTECT, related_name="+")
    employee = models.OneToOneField(User, models.PROTECT, related_name="+")
    leader = models.OneToOneField(User, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WorldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(ended_at=None), name="practice_world_once"),
        ]

    def __str__(self) -> str:
        return str(self.municipality_id)

    def id_of(self, side: str) -> int:
        """The key of whom the person is on this side."""
        return self.leader_id if side == Side.LEADER else self.employee_id
