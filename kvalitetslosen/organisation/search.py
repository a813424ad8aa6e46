"""Finding units and people by part of what they are called, as one writes in a field."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from kvalitetslosen.organisation.access import kept
from kvalitetslosen.organisation.models import Unit, User


def unit_label(unit: Unit) -> str:
    """A unit so that no other is meant: codes are unique in the municipality."""
    return f"{unit.name} ({unit.code})"


def person_label(user: User) -> str:
    """A person so that no other is meant."""
    return f"{user.name}, {user.email}"


def units_like(rows: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    where = Q(name__icontains=text) | Q(code__iexact=text)
    if labelled := re.fullmatch(r"(.*\S)\s*\(([^()]+)\)\s*", text):
        where |= Q(name__iexact=labelled[1], code__iexact=labelled[2])
    return rows.filter(where).order_by("depth", "name", "pk")


def people_like(rows: QuerySet[User], text: str) -> QuerySet[User]:
    where = Q(name__icontains=text) | Q(email__icontains=text)
    if written := re.search(r"(\S+@\S+)\s*$", text):
        where |= Q(email__iexact=written[1])
    return rows.filter(where).order_by("name", "pk")


def units_kept_by(user: User, text: str) -> QuerySet[Unit]:
    """Open units the administrator keeps."""
    return units_like(Unit.objects.active().filter(kept(user)), text)


def colleagues_of(user: User, text: str) -> QuerySet[User]:
    """People in one's own municipality who work there now."""
    return people_like(User.objects.visible_to(user).active(), text)
