"""The board of improvements: for the desk, for the team to stand in front of, and for the screen on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deviations.models import WallScreen
from deviations.views.visiting import visitor
from deviations.views.wall import hangs_at, on_screen, places
from improvement import access
from improvement.filters import oversees, own_units, right_below
from improvement.models import Improvement, ImprovementQuerySet
from improvement.seven_steps import Column, Stage
from kvalitetslosen.organisation.models import Unit, User

IN_COLUMN = 30
ON_WALL = 8


@dataclass(frozen=True)
class Lane:
    """One column of the board; ``more``: it has others that aren't shown."""

    column: Column
    rows: list[Improvement]
    more: bool


def lanes(rows: ImprovementQuerySet, told: ImprovementQuerySet | None = None, size: int = IN_COLUMN) -> list[Lane]:
    """The board, column by column, what moved last first. ``told``: what colleagues read of when it is finished."""
    found = []
    for column in Column:
        here = rows.in_column(column)
        if told is not None and column == Column.ADOPTED:
            here = here | told.in_column(column)
        shown = list(here.select_related("unit", "owner").order_by("-moved_at", "-pk")[: size + 1])
        found.append(Lane(column, shown[:size], len(shown) > size))
    return found


def unit_asked_for(user: User, text: str) -> Unit | None:
    if not text.isdecimal() or len(text) >= 18:
        return None
    return Unit.objects.visible_to(user).filter(pk=int(text)).first()


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What we make better, and how far each has come."""
    user = visitor(request)
    unit = unit_asked_for(user, request.GET.get("enhet", "")) if oversees(user) else None
    rows, told = Improvement.objects.visible_to(user), Improvement.objects.told_to(user)
    given_up = rows.filter(state=Stage.GIVEN_UP)
    if unit:
        rows, told, given_up = (each.in_subtree(unit) for each in (rows, told, given_up))
    columns = lanes(rows, told)
    screens = WallScreen.objects.filter(unit__in=places(user), closed_at=None).select_related("unit")
    return render(
        request,
        "improvement/improvements/board.html",
        {
            "columns": columns,
            "is_empty": not any(lane.rows for lane in columns),
            "unit": unit,
            "units": _units(user, unit),
            "may_improve": access.may_improve(user),
            "given_up": list(given_up.select_related("unit").order_by("-moved_at", "-pk")[:IN_COLUMN]),
            "screens": [(each.unit, reverse("improvements:wall", args=[each.key])) for each in screens.order_by("pk")],
        },
    )


def _units(user: User, chosen: Unit | None) -> list[tuple[str, Any, bool]]:
    """The whole area, what one leads or coordinates, and those right below each."""
    if not oversees(user):
        return []
    own = own_units(user)
    below = right_below(own)
    found: list[tuple[str, Any, bool]] = [("", _("My whole area"), chosen is None)]
    for unit in own:
        found.append((str(unit.pk), unit.name, unit == chosen))
        found += [(str(each.pk), f"– {each.name}", each == chosen) for each in below if each.parent_id == unit.pk]
    if chosen and not any(current for *_each, current in found):
        found.append((str(chosen.pk), chosen.name, True))
    return found


@require_GET
def big(request: HttpRequest) -> HttpResponse:
    """The same without anybody's name, for a team to stand in front of."""
    user = visitor(request)
    unit = unit_asked_for(user, request.GET.get("enhet", "")) or user.standing.home
    rows = Improvement.objects.visible_to(user)
    rows = rows.in_subtree(unit) if unit else rows.none()
    context = {"unit": unit, "columns": lanes(rows, size=ON_WALL), "back": True}
    return render(request, "improvement/improvements/wall.html", context)


@require_GET
@login_not_required
def wall(request: HttpRequest, key: UUID) -> HttpResponse:
    """The board of a unit on the screen that hangs on its wall. 404 when it was taken down or never was."""
    unit = hangs_at(request, key)
    rows = Improvement.objects.in_subtree(unit)
    return on_screen(
        request,
        "improvement/improvements/wall.html",
        unit,
        lambda: {"columns": lanes(rows, size=ON_WALL), "back": False},
    )
