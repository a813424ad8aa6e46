"""Taking cases up with the team: the list, one case as one picture, and what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import access, actions
from deviations.forms.reflecting import HoldForm, TakeToTeamForm
from deviations.lifecycle import ReflectionState
from deviations.models import Deviation, Reflection, ReflectionQuerySet, WallScreen
from deviations.views.visiting import visible_case, visitor
from deviations.views.wall import places
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import Role, Unit, User

LATELY = 12  # what was talked about last


def leads_a_team(user: User) -> bool:
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


def to_talk_about(user: User) -> ReflectionQuerySet:
    """What waits for the team meetings the person leads, in the order it was put there."""
    rows = Reflection.objects.led_by(user).planned()
    return rows.select_related("deviation__handling_unit", "deviation__category__parent").order_by("created_at", "pk")


@require_GET
def meeting(request: HttpRequest) -> HttpResponse:
    """What do we talk about this time, and what did we say last?"""
    user = visitor(request)
    if not leads_a_team(user):
        raise PermissionDenied
    said = (
        Reflection.objects.led_by(user)
        .held()
        .select_related("deviation__handling_unit", "deviation__category__parent")
    )
    return render(
        request,
        "deviations/team/meeting.html",
        {
            "planned": list(to_talk_about(user)[:50]),
            "said": list(said.order_by("-held_on", "-pk")[:LATELY]),
            "walls": walls(user),
        },
    )


def walls(user: User) -> list[tuple[Unit, WallScreen | None]]:
    """The units whose wall is the person's to decide about, each with its screen if it has one."""
    units = places(user)
    screens = {each.unit_id: each for each in WallScreen.objects.filter(unit__in=units, closed_at=None)}
    return [(unit, screens.get(unit.pk)) for unit in units]


def case_for_team(user: User, reference: str) -> Deviation:
    """The case, for whoever may take it up with the team: else 404 or 403."""
    deviation = visible_case(user, reference)
    if not access.may_take_to_team(deviation, access.parts_of(deviation, user)):
        raise PermissionDenied
    return deviation


def planned_of(deviation: Deviation) -> Reflection | None:
    return Reflection.objects.filter(deviation=deviation, state=ReflectionState.PLANNED).first()


@require_http_methods(["GET", "POST"])
def take_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a case on the list, in words that tell the team what happened and nobody who."""
    user = visitor(request)
    deviation = case_for_team(user, reference)
    planned = planned_of(deviation)
    form = TakeToTeamForm(request.POST if request.method == "POST" else None, deviation=deviation, planned=planned)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_to_team(deviation=deviation, by=user, told=form.cleaned_data["told"])
        except actions.NotForTheTeam as refused:
            raise PermissionDenied from refused
        messages.success(request, _("It is on the list for the team meeting."))
        return redirect("deviations:meeting")
    return render(request, "deviations/team/take_up.html", {"form": form, "deviation": deviation, "planned": planned})


@require_POST
def take_off(request: HttpRequest, reference: str) -> HttpResponse:
    """It isn't to be talked about after all. Nothing happens if it isn't on the list."""
    user = visitor(request)
    deviation = case_for_team(user, reference)
    if planned := planned_of(deviation):
        actions.drop(reflection=planned, by=user)
    return redirect("deviations:meeting")


@require_http_methods(["GET", "POST"])
def slide(request: HttpRequest, reference: str) -> HttpResponse:
    """One case as one picture, with the four questions; what the team says is written in it."""
    user = visitor(request)
    deviation = case_for_team(user, reference)
    reflection = planned_of(deviation)
    if reflection is None:
        if request.method == "POST":
            messages.warning(request, _("Somebody has kept what was said already, or taken it off the list."))
            return redirect(deviation)
        return redirect("deviations:take_up", reference)
    reflection.deviation = deviation
    form = HoldForm(request.POST if request.method == "POST" else None, reflection=reflection)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold(reflection=reflection, by=user, **form.cleaned_data)
        except StepRefused:
            messages.warning(request, _("Somebody else wrote here meanwhile. Read it, and save again."))
        else:
            messages.success(request, _("Kept with the case. The reporter is told that you talked about it."))
            after = to_talk_about(user).first()
            return redirect(after) if after else redirect("deviations:meeting")
    return render(
        request,
        "deviations/team/slide.html",
        {"form": form, "deviation": deviation, "reflection": reflection, **neighbours(user, reflection)},
    )


def neighbours(user: User, reflection: Reflection) -> dict[str, Any]:
    """The pictures before and after this one."""
    rows = list(to_talk_about(user)[:50])
    keys = [row.pk for row in rows]
    if reflection.pk not in keys:
        return {}
    n = keys.index(reflection.pk)
    return {
        "before": rows[n - 1] if n else None,
        "after": rows[n + 1] if n + 1 < len(rows) else None,
        "number": n + 1,
        "of": len(rows),
    }


def said_about(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """On the page of the case: what the team said, for everybody who sees the case; what waits, for those who lead."""
    parts = access.parts_of(deviation, user)
    may = access.may_take_to_team(deviation, parts)
    rows = (
        list(deviation.reflections.order_by("created_at", "pk")) if getattr(deviation, "taken_to_team", True) else []
    )
    said = [row for row in rows if row.state == ReflectionState.HELD]
    planned = next((row for row in rows if row.state == ReflectionState.PLANNED), None)
    if not said and not may:
        return None
    return {"said": said, "planned": planned if may else None, "may": may, "deviation": deviation}
