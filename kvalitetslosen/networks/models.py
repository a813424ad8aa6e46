"""Municipalities that share with each other on purpose: procedures today, stories and meetings next to them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.networks.lifecycle import LIFECYCLE, OPEN, State
from kvalitetslosen.organisation.models import Unit, User


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, user: User) -> Self:
        """Those one's own municipality is in, or is asked to join."""
        here = NetworkMember.objects.filter(municipality=user.municipality_id, state__in=OPEN)
        return self.filter(pk__in=here.values("network"))

    def of(self, municipality_id: int) -> Self:
        """Those the municipality is a member of."""
        here = NetworkMember.objects.filter(municipality=municipality_id, state=State.MEMBER)
        return self.filter(pk__in=here.values("network"))


class Network(Journaled):
    """A group of municipalities. Each stays master of its own; what is shared is shared deliberately."""

    name = models.CharField(_("name"), max_length=120, db_collation="nb")
    purpose = models.CharField(_("what it is for"), max_length=300, blank=True)
    founded_by = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NetworkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("networks:network", args=[self.pk])

    @property
    def journal_municipality_id(self) -> int | None:
        return self.founded_by_id


class NetworkMemberQuerySet(models.QuerySet["NetworkMember"]):
    def open(self) -> Self:
        """Asked, or in it."""
        return self.filter(state__in=OPEN)

    def members(self) -> Self:
        return self.filter(state=State.MEMBER)

    def visible_to(self, user: User) -> Self:
        """One's own municipality's; and those of the networks it is a member of."""
        together = NetworkMember.objects.filter(
            network=OuterRef("network"), municipality=user.municipality_id, state=State.MEMBER
        )
        return self.filter(Q(municipality=user.municipality_id) | Exists(together))


class NetworkMember(Moving):
    """One municipality in one network."""

    lifecycle: ClassVar[Lifecycle] = LIFECYCLE

    network = models.ForeignKey(Network, models.PROTECT, related_name="members")
    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    invited_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.INVITED)
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "municipality"], name="network_member_once"),
        ]
        indexes = [models.Index(fields=["municipality", "state"], name="network_member_of")]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.network}"

    def get_absolute_url(self) -> str:
        return self.network.get_absolute_url()
