"""Which actions a list shows, and its pages: those due soonest first, those ended latest first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from deviations.reports import ABOUT_LEADERS
from improvement.lifecycle import State
from improvement.models import WORKING, Action, ActionQuerySet, Strength
from kvalitetslosen.figures.periods import day_in, period_text, period_words, within
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.keyset import PER_PAGE, KeysetPage, newest_first

MINE, AREA, LATE, ENDED, SHARED = "mine", "omrade", "sent", "ferdige", "gjort"
OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT)
NOT_SET = "-"
BELOW = 60  # units to choose from below one's own
WITH_CASE, WITHOUT = "med", "uten"
PLANNED, DONE = "planlagt", "gjort"


def oversees(user: User) -> bool:
    """Whether the person sees actions of others because of a role."""
    return user.standing.has(*OVERSEEING)


def works(user: User) -> bool:
    """Whether the person has colleagues, whose actions they read of when done."""
    return user.standing.has(*WORKING)


@dataclass(frozen=True)
class ActionFilter:
    """Which actions. The question is in the address, so that it can be sent and kept."""

    user: User
    view: str
    unit: Unit | None = None
    strength: str = ""
    case: str = ""
    owner: str = ""
    for_all: bool = False  # without what belongs to cases about a leader, as what is counted for a sentence
    when: str = ""  # planned or done in a period: the list behind a number of a report
    first: datetime.date | None = None
    last: datetime.date | None = None

    @classmethod
    def of(cls, user: User, query: QueryDict) -> ActionFilter:
        """The question asked in the address. What makes no sense there, or isn't for the person, is left out."""

        def one_of(name: str, allowed: Iterable[str]) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        views = {MINE, LATE, ENDED} | ({AREA} if oversees(user) else set()) | ({SHARED} if works(user) else set())
        view = one_of("visning", views) or MINE
        if view == SHARED:
            return cls(user, view)
        unit, owner = None, ""
        if view != MINE and oversees(user):
            number = query.get("enhet", "")
            if number.isdecimal() and len(number) < 18:
                unit = Unit.objects.visible_to(user).filter(pk=int(number)).first()
            owner = query.get("hvem", "").strip()[:200]
        return cls(
            user=user,
            view=view,
            unit=unit,
            strength=one_of("styrke", [*Strength.values, NOT_SET]),
            case=one_of("sak", [WITH_CASE, WITHOUT]),
            owner=owner,
            for_all=query.get("uten") == ABOUT_LEADERS,
            **_when(view, query),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.unit or self.strength or self.case or self.owner or self.for_all or self.when)

    @property
    def when_words(self) -> str:
        """The period, in a sentence; nothing where there is none."""
        if not (self.first and self.last):
            return ""
        words = (
            _("Planned in the period: %(period)s.") if self.when == PLANNED else _("Done in the period: %(period)s.")
        )
        return words % {"period": period_words(self.first, self.last)}

    @property
    def addressed(self) -> list[tuple[str, str]]:
        """What goes along with the form, besides what it asks."""
        if not (self.first and self.last):
            return []
        first, last = period_text(self.first, self.last)
        return [("nar", self.when), ("fra", first), ("til", last)]

    def rows(self) -> ActionQuerySet:
        """The actions that answer the question, as far as the person may see them."""
        if self.view == SHARED:
            return Action.objects.shared_with(self.user)
        rows = Action.objects.visible_to(self.user)
        if self.first and self.last:
            field = "created_at" if self.when == PLANNED else "closed_at"
            rows = rows.filter(**within(field, by_day=False, first=self.first, last=self.last))
        if self.when == PLANNED:
            pass  # whatever became of them
        elif self.when == DONE:
            rows = rows.filter(state=State.DONE)
        elif self.view == ENDED:
            rows = rows.ended()
        elif self.view == LATE:
            rows = rows.overdue()
        else:
            rows = rows.open()
        if self.view == MINE:
            rows = rows.to_do(self.user)
        if self.for_all:
            rows = rows.about_no_leader()
        if self.unit:
            rows = rows.in_subtree(self.unit)
        if self.strength:
            rows = rows.filter(strength="" if self.strength == NOT_SET else self.strength)
        if self.case:
            rows = rows.filter(deviation__isnull=self.case == WITHOUT)
        if self.owner:
            rows = rows.filter(owner__name__icontains=self.owner.split(" (")[0])
        return rows


def _when(view: str, query: QueryDict) -> dict[str, Any]:
    """A period in which they were planned or done, where the address has one that makes sense."""
    when = query.get("nar", "")
    if (when, view) not in ((PLANNED, AREA), (DONE, ENDED)):
        return {}
    first, last = day_in(query.get("fra", ""), end=False), day_in(query.get("til", ""), end=True)
    return {"when": when, "first": first, "last": last} if first and last and first <= last else {}


def own_units(user: User, roles: Collection[str] = OVERSEEING) -> list[Unit]:
    """The units the person leads or is quality contact for, or holds these roles at. No query of its own."""
    return list({unit.pk: unit for role in roles for unit in user.standing.units(role)}.values())


def right_below(own: Collection[Unit]) -> list[Unit]:
    return list(Unit.objects.active().filter(parent__in=own).order_by("name", "pk")[:BELOW])


def units_and_below(user: User, roles: Collection[str] = OVERSEEING) -> list[Unit]:
    """The same, and after them those right below."""
    own = own_units(user, roles)
    return list({unit.pk: unit for unit in [*own, *right_below(own)]}.values())


def page_of(rows: ActionQuerySet, view: str, query: QueryDict) -> KeysetPage[Action]:
    if view in (ENDED, SHARED):
        return newest_first(rows, "closed_at", query)
    return soonest_first(rows, query)


@dataclass(frozen=True)
class _Place:
    day: datetime.date
    pk: int


def _place(text: str) -> _Place | None:
    """A place in the list as the address has it, or nothing when somebody has written in it."""
    day, _, pk = text.partition("~")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        return _Place(datetime.date.fromisoformat(day), int(pk))
    except ValueError:
        return None


def soonest_first(rows: ActionQuerySet, query: QueryDict, size: int = PER_PAGE) -> KeysetPage[Action]:
    """One page ordered by deadline and id, both rising; in the page, ``newer`` leads back and ``older`` onwards."""
    after, before = _place(query.get("etter", "")), _place(query.get("for", ""))
    if before:
        back = rows.filter(
            Q(deadline__lt=before.day) | Q(deadline=before.day, pk__lt=before.pk), deadline__lte=before.day
        )
        found = list(back.order_by("-deadline", "-pk")[: size + 1])
        more_before, more_after = len(found) > size, True
        found = found[:size][::-1]
    else:
        if after:
            rows = rows.filter(
                Q(deadline__gt=after.day) | Q(deadline=after.day, pk__gt=after.pk), deadline__gte=after.day
            )
        found = list(rows.order_by("deadline", "pk")[: size + 1])
        more_before, more_after = after is not None, len(found) > size
        found = found[:size]
    return KeysetPage(
        found,
        _address(query, "for", found[0]) if found and more_before else None,
        _address(query, "etter", found[-1]) if found and more_after else None,
    )


def _address(query: QueryDict, name: str, row: Action) -> str:
    address = query.copy()
    for each in ("etter", "for"):
        address.pop(each, None)
    address[name] = f"{row.deadline.isoformat()}~{row.pk}"
    return "?" + address.urlencode()
