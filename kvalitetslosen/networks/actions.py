"""The verbs of networks. Rights are asked before, in the view; states are checked once, in ``move``."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.journal.record import change, create
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.networks.lifecycle import OPEN, State
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def found(*, by: User, name: str, purpose: str = "", at: datetime.datetime | None = None) -> Network:
    """A new network with the founder's municipality as its first member."""
    now = at or timezone.now()
    network = Network(name=name.strip(), purpose=purpose.strip(), founded_by_id=by.municipality_id, created_at=now)
    create(network, "networks.founded", by=by, at=now)
    member = NetworkMember(network=network, municipality_id=by.municipality_id, state=State.MEMBER, since=now)
    create(member, "networks.joined", by=by, at=now)
    return network


def rename(*, network: Network, by: User, name: str, purpose: str) -> None:
    change(network, "networks.changed", by=by, name=name.strip(), purpose=purpose.strip())


@transaction.atomic
def invite(*, network: Network, municipality: Unit, by: User, at: datetime.datetime | None = None) -> NetworkMember:
    """Ask another municipality to join.

    Raises ``ValidationError`` where it is asked or in it already.
    """
    now = at or timezone.now()
    Network.objects.select_for_update(of=("self",)).get(pk=network.pk)
    member = NetworkMember.objects.filter(network=network, municipality=municipality).first()
    if member is None:
        member = NetworkMember(network=network, municipality=municipality, invited_by_id=by.municipality_id, since=now)
        return create(member, "networks.invited", by=by, at=now)
    if member.state in OPEN:
        raise ValidationError(
            _("%(name)s is in the network, or asked to join it, already."),
            params={"name": municipality.name},
            code="already",
        )
    invite_again(member=member, by=by, at=now)
    return member


def invite_again(
    *, member: NetworkMember, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    now = at or timezone.now()
    move(member, "invite_again", by=by, at=now, seen=seen, invited_by_id=by.municipality_id, untold={"since": now})


def join(*, member: NetworkMember, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    now = at or timezone.now()
    move(member, "join", by=by, at=now, seen=seen, untold={"since": now})


def decline(*, member: NetworkMember, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    now = at or timezone.now()
    move(member, "decline", by=by, at=now, seen=seen, untold={"since": now})


def leave(*, member: NetworkMember, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """From now on nothing the others share is seen here, and nothing of ours there. What was adopted stays."""
    now = at or timezone.now()
    move(member, "leave", by=by, at=now, seen=seen, untold={"since": now})
