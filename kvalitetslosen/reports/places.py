"""Which report of which unit and period an address asks for, and whether the person has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils import timezone

from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.reports.periods import Period, Rhythm
from kvalitetslosen.reports.registry import Kind, find

OFFERED = 60  # units below one, to go on to


class Link(NamedTuple):
    words: str
    url: str
    current: bool


@dataclass(frozen=True)
class Place:
    """The unit, those above it as far as the person has the report of them, and those right below."""

    unit: Unit
    above: list[Unit]
    below: list[Unit]
    others: list[Unit]  # where else the person's reports begin


def kind_named(name: str) -> Kind:
    kind = find(name)
    if kind is None:
        raise Http404
    return kind


def place(user: User, kind: Kind, number: str) -> Place:
    """The unit asked for, or where the person's own begin. One query.

    Raises ``PermissionDenied`` where they have none of this report, ``Http404`` for a unit of another municipality.
    """
    begins = kind.begins(user)
    if not begins:
        raise PermissionDenied
    if number and not (number.isdecimal() and len(number) < 18):
        raise Http404
    pk = int(number) if number else begins[0]
    here = Unit.objects.filter(pk=pk)
    wanted = Q(pk__in=[pk, *begins]) | Q(parent=pk)
    for level in LEVELS[:-1]:
        wanted |= Q(pk__in=here.values(level))
    rows = list(Unit.objects.visible_to(user).filter(wanted).order_by("depth", "name", "pk"))
    unit = next((row for row in rows if row.pk == pk), None)
    if unit is None:
        raise Http404
    if not kind.reaches(user, unit):
        raise PermissionDenied
    above = [row for row in rows if row.pk in unit.ancestor_ids and row.pk != pk and kind.reaches(user, row)]
    below = [row for row in rows if row.parent_id == pk and kind.reaches(user, row) and row.closed_on is None]
    others = [row for row in rows if row.pk in begins and row.pk != pk and row not in above and row not in below]
    return Place(unit, above, below[:OFFERED], others)


def period(kind: Kind, query: QueryDict, *, bound: bool) -> Period:
    """The months asked for; else the running ones of its rhythm, or those before while these have just begun.

    ``bound``: one of its rhythm, whatever was asked. The difference of a period and one a month longer would tell
    what small numbers are kept back in both.
    """
    asked = Period.asked(query.get("fra", ""), query.get("til", ""))
    if asked is not None:
        return Period.around(kind.rhythm, asked.first) if bound else asked
    today = timezone.localdate()
    running = Period.around(kind.rhythm, today)
    begun = (today - running.first).days
    return running if begun >= BEGUN[kind.rhythm] else Period.around(kind.rhythm, today, back=1)


BEGUN = {Rhythm.MONTH: 5, Rhythm.QUARTER: 15, Rhythm.YEAR: 45}
"""So many days into a period there is something to look at; before that one looks at the last."""


def periods(kind: Kind, chosen: Period, url: str) -> list[Link]:
    """The running one and those before it, and whatever else was asked for."""
    today = timezone.localdate()
    several = {Rhythm.MONTH: 4, Rhythm.QUARTER: 4, Rhythm.YEAR: 3}[kind.rhythm]
    offered = [Period.around(kind.rhythm, today, back=back) for back in range(several)]
    if chosen not in offered:
        offered.append(chosen)
    return [Link(each.heading, f"{url}&{each.query}", each == chosen) for each in offered]


def units_of(user: User, kinds: list[Kind]) -> list[Unit]:
    """The units the person has one of the reports of: where they begin, and those right below. One query."""
    begins = {pk for kind in kinds for pk in kind.begins(user)}
    rows = Unit.objects.visible_to(user).active().filter(Q(pk__in=begins) | Q(parent__in=begins))
    return list(rows.order_by("depth", "name", "pk")[:300])
