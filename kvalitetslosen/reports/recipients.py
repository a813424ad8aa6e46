"""Who gets a report that comes by itself: those with a role, and those named; and who of them may have it today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, User, with_standing
from kvalitetslosen.reports.models import Recipient, Report, Schedule
from kvalitetslosen.reports.registry import find

MOST = 500
"""So many are told of one report."""


def holders(roles: Iterable[str], place: Report | Schedule, *, below: bool) -> list[User]:
    """Active people with one of the roles today at the unit or above it, with ``below`` also under it."""
    unit = place.unit
    rows = Membership.objects.on(timezone.localdate()).filter(role__in=list(roles), user__is_active=True)
    where = Q(unit__in=unit.ancestor_ids)
    if below:
        where |= Q(**{f"unit__{LEVELS[unit.depth]}": unit.pk})
    ids = rows.filter(where).values("user")
    return list(User.objects.filter(pk__in=ids).select_related("municipality").order_by("pk")[:MOST])


def may_have(schedule: Schedule, user: User) -> bool:
    """Whether the person has the report today: those with figures only in its own rhythm alone."""
    kind = find(schedule.kind)
    if kind is None or not user.is_active or not kind.reaches(user, schedule.unit):
        return False
    return schedule.rhythm == kind.rhythm or not kind.protects(user, schedule.unit)


def recipients_of(schedule: Schedule) -> list[User]:
    """Each once, whether for a role or by name. Whether they may have it is asked of each afterwards."""
    named = User.objects.filter(pk__in=schedule.named.running().values("person")).select_related("municipality")
    found = {user.pk: user for user in [*holders(schedule.roles, schedule, below=False), *named.order_by("pk")]}
    return list(found.values())


@dataclass(frozen=True)
class Gets:
    """A person on the list, why they stand there, and what keeps it from them, if anything does."""

    person: User
    why: str
    named: Recipient | None
    hindered: str = ""
    told: str = ""  # how it reaches them, where that isn't by mail


def list_of(schedule: Schedule) -> list[Gets]:
    """All of them, by name, with what each gets. A few queries, however many they are."""
    named = {row.person_id: row for row in schedule.named.running()}
    people = with_standing(recipients_of(schedule))
    sent = Email.objects.filter(
        user__in=[each.pk for each in people], name="reports.report_ready", event__subject_id=schedule.pk
    )
    latest = dict(sent.order_by("pk").values_list("user", "state"))
    found = []
    for person in people:
        roles = [str(Role(role).label) for role in schedule.roles if person.standing.reaches(role, schedule.unit)]
        row = named.get(person.pk)
        found.append(
            Gets(
                person,
                ", ".join([*roles, *([_("by name")] if row else [])]),
                row,
                "" if may_have(schedule, person) else _hindrance(schedule, person),
                _without_mail(person, latest.get(person.pk) == Email.State.FAILED),
            )
        )
    return sorted(found, key=lambda each: (each.person.name.casefold(), each.person.pk))


def _hindrance(schedule: Schedule, person: User) -> str:
    if not person.is_active:
        return _("Can’t log in any more. Gets nothing.")
    kind = find(schedule.kind)
    if kind is not None and kind.reaches(person, schedule.unit):
        return _("Has figures only, and gets this report in its own rhythm alone.")
    return _("Doesn’t have this report of this unit. Gets nothing.")


def _without_mail(person: User, refused: bool) -> str:
    if not person.email:
        return _("Has no e-mail address. Reads it among the notices here.")
    return _("The latest e-mail was refused. It stands among the notices here.") if refused else ""


def may_be_named(schedule: Schedule) -> list[User]:
    """Those in the municipality who have the report of the unit today, and aren't named already."""
    kind = find(schedule.kind)
    if kind is None:
        return []
    people = {user.pk: user for user in holders(kind.roles, schedule, below=False)}
    if schedule.unit.depth == 0:
        people |= {user.pk: user for user in holders(kind.whole, schedule, below=True)}
    taken = set(schedule.named.running().values_list("person", flat=True))
    found = with_standing(user for user in people.values() if user.pk not in taken)
    return sorted(
        (user for user in found if may_have(schedule, user)), key=lambda user: (user.name.casefold(), user.pk)
    )
