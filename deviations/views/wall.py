"""A screen on a unit's wall: how many, about what, what is tried. Opened by its address; nothing about any person."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deviations import access, actions
from deviations.lifecycle import State
from deviations.models import Category, Deviation, Reflection, TallySheet, Tick, WallScreen
from deviations.views.visiting import visitor
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.practice.middleware import practice_of

DAYS = 30
TRIED_WITHIN = datetime.timedelta(days=120)
FEW = 3
"""Fewer than so many cases or ticks about one thing aren't named: in a small unit that could point somebody out."""
LINES = 4


@require_GET
@login_not_required
def wall(request: HttpRequest, key: UUID) -> HttpResponse:
    """What hangs on the wall. 404 when it was taken down or never was."""
    unit = hangs_at(request, key)
    return on_screen(request, "deviations/team/wall.html", unit, lambda: shown(unit))


def hangs_at(request: HttpRequest, key: UUID) -> Unit:
    """The unit of the screen with this address. 404 when it was taken down or never was."""
    here = Unit.objects.of_world(practice_of(request) is not None).values("pk")
    screens = WallScreen.objects.filter(unit__level_0__in=here).select_related("unit")
    unit: Unit = get_object_or_404(screens, key=key, closed_at=None).unit
    return unit


def on_screen(request: HttpRequest, template: str, unit: Unit, context: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page for whoever passes by, in the unit's language: a screen has no reader who chose one."""
    language = unit.language or Unit.objects.get(level_0=unit.level_0, depth=0).language
    with translation.override(language):
        response = render(request, template, {"unit": unit, **context()})
    response.headers["Content-Language"] = language
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def shown(unit: Unit) -> dict[str, Any]:
    """The last thirty days of the unit and those below it. Cases about a leader are in none of it."""
    since = timezone.now() - datetime.timedelta(days=DAYS)
    cases = Deviation.objects.in_subtree(unit).filter(about=None)
    new = cases.filter(reported_at__gte=since)
    counts = new.aggregate(reported=Count("pk"), received=Count("pk", filter=~Q(state=State.REPORTED)))
    ticks = Tick.objects.filter(sheet__in=TallySheet.objects.in_subtree(unit).values("pk"), date__gte=since.date())
    ticks = ticks.filter(undone_at=None, became=None)
    tried = Reflection.objects.held().filter(
        deviation__in=cases.values("pk"), held_on__gte=timezone.localdate() - TRIED_WITHIN
    )
    return {
        **counts,
        "answered": cases.filter(closed_at__gte=since).exclude(state=State.MERGED).count(),
        "ticked": ticks.count(),
        "about": about(new, ticks),
        "tries": list(tried.order_by("-held_on", "-pk").values_list("tries", flat=True)[:LINES]),
    }


def about(cases: Any, ticks: Any) -> list[tuple[str, int]]:
    """What most of it was about, cases and ticks together, where it was enough not to point at anybody."""
    numbers: dict[int, int] = {}
    for rows in (cases, ticks):
        for category, number in rows.exclude(category=None).values_list("category").annotate(Count("pk")).order_by():
            numbers[category] = numbers.get(category, 0) + number
    most = sorted(((number, pk) for pk, number in numbers.items() if number >= FEW), reverse=True)[:LINES]
    labels = {
        each.pk: each.whole_label
        for each in Category.objects.filter(pk__in=[pk for _number, pk in most]).select_related("parent")
    }
    return [(labels[pk], number) for number, pk in most]


def places(user: User) -> list[Unit]:
    """The units whose wall is the person's to decide about: those they lead or coordinate themselves."""
    standing = user.standing
    found = {unit.pk: unit for role in (Role.LEADER, Role.QUALITY_CONTACT) for unit in standing.units(role)}
    return sorted(found.values(), key=lambda unit: (unit.depth, unit.name, unit.pk))


def unit_of(user: User, pk: str) -> Unit:
    """The unit that was asked for. 404 for another municipality's, 403 for one that isn't the person's."""
    number = int(pk) if pk.isdecimal() and len(pk) < 18 else 0
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=number)
    if not access.may_put_up_screen(user, unit):
        raise PermissionDenied
    return unit


@require_POST
def put_up(request: HttpRequest) -> HttpResponse:
    user = visitor(request)
    actions.put_up_screen(unit=unit_of(user, request.POST.get("unit", "")), by=user)
    messages.success(request, _("The screen has an address now. Open it on the screen that hangs on the wall."))
    return redirect("deviations:meeting")


@require_POST
def take_down(request: HttpRequest) -> HttpResponse:
    user = visitor(request)
    unit = unit_of(user, request.POST.get("unit", ""))
    for screen in WallScreen.objects.filter(unit=unit, closed_at=None):
        actions.take_down_screen(screen=screen, by=user)
        messages.success(request, _("The address shows nothing any more."))
    return redirect("deviations:meeting")
