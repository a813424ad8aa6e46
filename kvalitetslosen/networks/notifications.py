"""Whom networks tell what: those who decide are asked, and hear what the others answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.networks.lifecycle import State
from kvalitetslosen.networks.models import NetworkMember
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import Membership, Role, User

NETWORK = Placeholder("network", "nettverk", "nettverk", "network", lambda: "Kvalitet i indre Agder")
FROM = Placeholder("from", "fra", "frå", "from", lambda: "Solvik")


def deciders_of(municipality_id: int) -> list[User]:
    """Administrators and quality coordinators of the whole municipality."""
    held = Membership.objects.on(timezone.localdate()).filter(
        unit=municipality_id, role__in=(Role.ADMINISTRATOR, Role.QUALITY_CONTACT)
    )
    return list(User.objects.active().filter(pk__in=held.values("user")).order_by("pk"))


@register
class Asked(Message):
    name = "asked"
    is_task = True
    template = "networks"
    label = _("To those who decide: the municipality is asked to join a network")
    events = ("networks.invited", "networks.invited_again")
    placeholders = (NETWORK, FROM)

    def recipients(self, event: Event, subject: NetworkMember) -> Iterable[User | None]:
        return deciders_of(subject.municipality_id)

    def still_wanted(self, event: Event, subject: NetworkMember, user: User) -> bool:
        return subject.state == State.INVITED

    def context(self, event: Event, subject: NetworkMember, user: User) -> dict[str, Any]:
        return {
            "network": subject.network.name,
            "from": subject.invited_by.name if subject.invited_by else "",
        }


@register
class Joined(Message):
    """To those who asked, when another municipality has joined."""

    name = "joined"
    template = "networks"
    label = _("To those who asked: a municipality has joined the network")
    events = ("networks.joined",)
    placeholders = (NETWORK, Placeholder("name", "kommune", "kommune", "municipality", lambda: "Solvik"))

    def recipients(self, event: Event, subject: NetworkMember) -> Iterable[User | None]:
        return deciders_of(subject.invited_by_id) if subject.invited_by_id else []

    def still_wanted(self, event: Event, subject: NetworkMember, user: User) -> bool:
        return subject.state == State.MEMBER

    def context(self, event: Event, subject: NetworkMember, user: User) -> dict[str, Any]:
        return {"network": subject.network.name, "name": subject.municipality.name}
