"""How an agenda is made: who makes it, of which unit and period, and the sources it asks.

Every member reads it, whatever they may open. So it says numbers, never cases; counts no case about a leader, since
somebody could find out by comparing; and names nothing that few would tell of somebody (``few``, ``FEW``).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from deviations.models import Deviation, DeviationQuerySet
from deviations.reports import FIGURES_ONLY
from improvement.agendas.ready import READY, Point
from improvement.models import Forum, ForumKind, Meeting
from kvalitetslosen.organisation.models import Role, Unit, User, with_standing
from kvalitetslosen.workdays import midnight

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST = 7
"""How many items stand on an agenda that makes itself; the rest is one click away."""

FEW = 3
"""Fewer than so many of one thing aren't told as a number: in a small unit that could point somebody out."""


def few(n: int) -> str:
    """The number as a whole group may read it."""
    if n == 0:
        return _("none")
    return _("fewer than three") if n < FEW else str(n)


@dataclass(frozen=True)
class Making:
    """Who makes the agenda of which meeting. ``first`` and ``last`` are the days of its period, both included."""

    user: User
    meeting: Meeting

    @property
    def forum(self) -> Forum:
        return self.meeting.forum

    @property
    def unit(self) -> Unit:
        return self.forum.unit

    @property
    def first(self) -> datetime.date:
        return self.meeting.period_first

    @property
    def last(self) -> datetime.date:
        return self.meeting.period_last

    def within(self, field: str) -> Q:
        """That the moment lies in the period."""
        after = midnight(self.last + datetime.timedelta(days=1))
        return Q(**{f"{field}__gte": midnight(self.first), f"{field}__lt": after})

    def within_days(self, field: str) -> Q:
        return Q(**{f"{field}__range": (self.first, self.last)})

    def before(self, field: str) -> Q:
        """That the moment lies in as many days before the period."""
        days = (self.last - self.first).days + 1
        begins = midnight(self.first - datetime.timedelta(days=days))
        return Q(**{f"{field}__gte": begins, f"{field}__lt": midnight(self.first)})

    @cached_property
    def sees_cases(self) -> bool:
        return sees_cases(self.user, self.unit)

    @property
    def cases(self) -> DeviationQuerySet:
        """The unit's cases as whoever makes the agenda sees or has figures of them, without those about a leader."""
        rows = Deviation.objects.once().filter(about=None)
        if self.sees_cases:
            return rows.visible_to(self.user, within=self.unit)
        if self.unit.depth == 0 and self.user.standing.has(*FIGURES_ONLY):
            return rows.in_subtree(self.unit)
        return rows.none()

    @cached_property
    def previous(self) -> Meeting | None:
        """The meeting before this one that was held."""
        rows = Meeting.objects.minuted().filter(forum=self.forum, starts_at__lt=self.meeting.starts_at)
        return rows.order_by("-starts_at", "-pk").first()

    @property
    def is_first_review(self) -> bool:
        """Whether a management review has no review before it, whose decisions it could look back on."""
        return self.forum.kind == ForumKind.REVIEW and self.previous is None

    @cached_property
    def members(self) -> list[User]:
        """With what each is to whom today: one question for all of them."""
        return with_standing(self.forum.members.filter(is_active=True).order_by("pk"))

    def count(self, rows: DeviationQuerySet, **conditions: Q) -> dict[str, int]:
        """How many of the rows answer to each condition, in one question."""
        counted = {f"n_{name}": Count("pk", filter=condition) for name, condition in conditions.items()}
        found = rows.filter(reduce(or_, conditions.values())).order_by().aggregate(**counted)  # no others are read
        return {name: found[f"n_{name}"] for name in conditions}


def sees_cases(user: User, unit: Unit) -> bool:
    """Whether the person has cases of the unit to open, of some kind at least."""
    standing = user.standing
    roles = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)
    return (standing.has(Role.DPO) and unit.is_within(_top(unit))) or any(
        standing.reaches(role, unit) for role in roles
    )


def _top(unit: Unit) -> Unit:
    return Unit(pk=unit.municipality_id, depth=0)


def no_link(user: User, meeting: Meeting) -> str:
    return ""


@dataclass(frozen=True)
class Source:
    """Where an item comes from.

    ``write`` says in the active language what the period has of it, or nothing. ``link`` gives each reader the address
    behind it, if they may open it. ``across``: it tells nothing of any municipality, so that a forum across
    municipalities may have it. ``alone``: only where a ready agenda names it, and never among the rest. ``covers``:
    other sources whose words stand in its own, and aren't said once more.
    """

    name: str
    heading: _StrOrPromise
    write: Callable[[Making], str]
    link: Callable[[User, Meeting], str] = no_link
    across: bool = False
    alone: bool = False
    covers: tuple[str, ...] = ()


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Raises ValueError when another has the name."""
    if _sources.get(source.name, source).write is not source.write:
        raise ValueError(f"There is a source {source.name} already.")
    _sources[source.name] = source


def sources() -> dict[str, Source]:
    return dict(_sources)


@dataclass(frozen=True)
class Draft:
    """An item as a source or a ready agenda gives it."""

    kind: str
    heading: str
    words: str
    chosen: bool
    told: bool = True  # a source had something to say; else only what there is to talk about


def made(user: User, meeting: Meeting) -> list[Draft]:
    """The meeting's ready agenda in order, and after it whatever other sources have something to say."""
    making, forum = Making(user, meeting), meeting.forum
    ready = READY[forum.kind]
    found = [draft for point in ready.points if (draft := _drafted(point, making))]
    # Where there is more than there is room for, what has something to say stays.
    first = sorted(found, key=lambda each: not each.told)[: MOST if ready.limited else len(found)]
    found = [replace(each, chosen=each in first) for each in found]
    taken = {point.source for point in ready.points}
    taken |= {name for draft in found if draft.kind in _sources for name in _sources[draft.kind].covers}
    for source in _sources.values():
        if source.name not in taken and not source.alone and (words := _written(source, making)):
            found.append(Draft(source.name, str(source.heading), words, chosen=False))
    return found


def _drafted(point: Point, making: Making) -> Draft | None:
    source = _sources.get(point.source)
    if source is None and point.source:
        return None
    words = _written(source, making) if source else ""
    told = bool(words) or source is None
    if not words:
        if not point.always:
            return None
        words = str(point.words)
    heading = str(point.heading) or (str(source.heading) if source else "")
    return Draft(source.name if source else "own", heading, words, chosen=True, told=told)


def _written(source: Source, making: Making) -> str:
    if making.forum.is_across and not source.across:
        return ""
    return source.write(making)


def linked(kind: str, user: User, meeting: Meeting) -> str:
    """The address behind an item for this reader, if there is one."""
    source = _sources.get(kind)
    if source is None or (meeting.forum.is_across and not source.across):
        return ""
    return source.link(user, meeting)


def anew(kind: str, user: User, meeting: Meeting) -> str:
    """What the source says now."""
    source = _sources.get(kind)
    return _written(source, Making(user, meeting)) if source else ""
