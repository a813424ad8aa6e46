"""Who may write down what figures are divided by: whoever leads the unit or is quality contact there, or above."""

from __future__ import annotations

from kvalitetslosen.organisation.models import InTree, Role, Unit, User

WRITING = (Role.LEADER, Role.QUALITY_CONTACT)


def may_write(user: User, place: InTree) -> bool:
    return any(user.standing.reaches(role, place) for role in WRITING)


def own_units(user: User) -> list[Unit]:
    """Where the person may write, the topmost of each role."""
    return list({unit.pk: unit for role in WRITING for unit in user.standing.units(role)}.values())
