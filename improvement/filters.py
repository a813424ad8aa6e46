"""Which actions a list shows, and its pages: those due soonest first, those ended latest first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from improvement.models import Action, ActionQuerySet
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.keyset import PER_PAGE, KeysetPage, newest_first

MINE, AREA, LATE, ENDED = "mine", "omrade", "sent", "ferdige"
OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT)


def oversees(user: User) -> bool:
    """Whether the person sees actions of others because of a role."""
    return user.standing.has(*OVERSEEING)


def view_asked(user: User, query: QueryDict) -> str:
    asked = query.get("visning", "")
    if asked in (MINE, LATE, ENDED) or (asked == AREA and oversees(user)):
        return asked
    return MINE


def rows_of(user: User, view: str) -> ActionQuerySet:
    rows = Action.objects.visible_to(user)
    if view == ENDED:
        return rows.ended()
    if view == LATE:
        return rows.overdue()
    rows = rows.open()
    return rows.filter(owner=user) if view == MINE else rows


def page_of(rows: ActionQuerySet, view: str, query: QueryDict) -> KeysetPage[Action]:
    if view == ENDED:
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
