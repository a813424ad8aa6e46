"""Who decides for a municipality in its networks: those who keep it, and its quality coordinator."""

from __future__ import annotations

from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.networks.lifecycle import LIFECYCLE, Part
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import Role, User


def decides(user: User) -> bool:
    """Whether the person may found, join and leave networks on behalf of the municipality. No query of its own."""
    return keeps_municipality(user) or any(unit.depth == 0 for unit in user.standing.units(Role.QUALITY_CONTACT))


def is_member(network: Network, user: User) -> bool:
    return NetworkMember.objects.members().filter(network=network, municipality=user.municipality_id).exists()


def parts_of(member: NetworkMember, user: User, *, inside: bool) -> frozenset[Part]:
    """What the person is to the membership; ``inside``: their own municipality is a member of the network."""
    if not decides(user):
        return frozenset()
    parts = set()
    if member.municipality_id == user.municipality_id:
        parts.add(Part.KEEPER)
    elif inside:
        parts.add(Part.MEMBER)
    return frozenset(parts)


def available_steps(member: NetworkMember, parts: frozenset[Part]) -> list[Step]:
    return LIFECYCLE.available(member.state, parts)


def may_invite(user: User, *, inside: bool) -> bool:
    return inside and decides(user)
