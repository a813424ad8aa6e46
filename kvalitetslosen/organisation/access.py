"""Who keeps the organisation: an administrator, from the unit where the role is held and down. They see no case."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from kvalitetslosen.organisation.models import LEVELS, InTree, Membership, Role, Unit, User, UserQuerySet


def person(request: HttpRequest) -> User:
    """Who asks."""
    return cast("User", request.user)


def sees_less_below(user: User, unit: Unit) -> bool:
    """Whether a leader sees only serious cases of some units there. A query, and only where sight is narrowed."""
    led = [top.depth for top in user.standing.units(Role.LEADER) if unit.is_within(top)]
    if not user.standing.narrowed or not led or user.standing.reaches(Role.QUALITY_CONTACT, unit):
        return False
    return Unit.objects.filter(**{LEVELS[unit.depth]: unit.pk}, depth__gte=max(led) + 2).exists()


def administrator(request: HttpRequest) -> User:
    """Who asks, if they keep anything of the organisation; raises ``PermissionDenied`` otherwise."""
    user = person(request)
    if not is_administrator(user):
        raise PermissionDenied
    return user


def is_administrator(user: User) -> bool:
    return user.standing.has(Role.ADMINISTRATOR)


def keeps_municipality(user: User) -> bool:
    """Whether the person keeps all of the municipality, with its settings."""
    return any(unit.depth == 0 for unit in user.standing.units(Role.ADMINISTRATOR))


def keeps(user: User, place: InTree) -> bool:
    return user.standing.reaches(Role.ADMINISTRATOR, place)


def areas(user: User) -> tuple[Unit, ...]:
    """The topmost units the person keeps, none of them below another."""
    tops: list[Unit] = []
    for unit in user.standing.units(Role.ADMINISTRATOR):
        if not any(unit.is_within(top) for top in tops):
            tops.append(unit)
    return tuple(tops)


def kept(user: User, prefix: str = "") -> Q:
    """The rows with a place in the tree (reached by ``prefix``) that the person keeps."""
    return user.standing.over(Role.ADMINISTRATOR, prefix)


def may_keep(user: User, someone: User) -> bool:
    """Whether the person may change, hand over for and close the account of somebody.

    The keeper of the municipality: everybody's in it. The keeper of a part: those whose every role lies in that part,
    since a new e-mail address is a way into everything an account may see.
    """
    if user.municipality_id != someone.municipality_id:
        return False
    if keeps_municipality(user):
        return True
    roles = Membership.objects.not_ended(timezone.localdate()).filter(user=someone).select_related("unit")
    places = [membership.unit for membership in roles.order_by("pk")]
    return bool(places) and all(keeps(user, place) for place in places)


def is_leaving(someone: User) -> bool:
    """Whether every role of the person has a last day: only then is what they answer for handed over in advance."""
    return not Membership.objects.not_ended(timezone.localdate()).filter(user=someone, valid_to=None).exists()


def people_at(units: Iterable[Unit]) -> UserQuerySet:
    """People with a role, today or later, at the units or below them."""
    where = reduce(or_, (Q(**{f"unit__{LEVELS[unit.depth]}": unit.pk}) for unit in units), Q(pk__in=()))
    memberships = Membership.objects.not_ended(timezone.localdate()).filter(where)
    return User.objects.filter(pk__in=memberships.values("user"))


def may_have_deputies(user: User) -> bool:
    """New tasks come to leaders, so it is they who need somebody to stand in."""
    return user.standing.has(Role.LEADER)
