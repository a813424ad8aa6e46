"""How alive the work is, unit by unit; the QR code for reporting; and a new leader's first week."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.paper.copies import qr
from improvement import first_week, warmth
from improvement.models import WORKING
from improvement.views.acting import visitor
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit, User

MOST = 500  # roles on the page of a unit


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """A sentence and a suggestion for each unit, the coldest first."""
    user = visitor(request)
    if not warmth.may_look(user):
        raise PermissionDenied
    found = warmth.suggested(user, warmth.look(user))
    return render(
        request,
        "improvement/keeping/overview.html",
        {
            "to_visit": [pair for pair in found if pair[0].to_visit],
            "fine": [pair for pair in found if not pair[0].to_visit],
        },
    )


@require_GET
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page for the wall: the QR code that leads to reporting."""
    user = visitor(request)
    unit = get_object_or_404(Unit.objects.visible_to(user).active(), pk=pk)
    target = f"{settings.SITE_URL}{reverse('deviations:report')}"
    return render(
        request,
        "improvement/keeping/poster.html",
        {"unit": unit, "qr": qr(target), "short": target.partition("://")[2]},
    )


@require_GET
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works in a unit one leads, and below it: whoever is missing can't report."""
    user = visitor(request)
    unit = get_object_or_404(Unit.objects.visible_to(user).active(), pk=pk)
    if not user.standing.reaches(Role.LEADER, unit):
        raise PermissionDenied
    held = Membership.objects.on(timezone.localdate()).filter(role__in=WORKING, user__is_active=True)
    rows = held.filter(**{f"unit__{LEVELS[unit.depth]}": unit.pk}).select_related("user", "unit")
    people: dict[User, list[str]] = {}
    for row in rows.order_by("user__name", "user", "unit__depth", "pk")[:MOST]:
        role = str(row.get_role_display())
        people.setdefault(row.user, []).append(role if row.unit_id == unit.pk else f"{role}, {row.unit.name}")
    return render(
        request,
        "improvement/keeping/team.html",
        {"unit": unit, "people": [(user, " · ".join(roles)) for user, roles in people.items()]},
    )


@require_POST
def go(request: HttpRequest, name: str) -> HttpResponse:
    """Go to one of the first week's tasks, and note that one has been there."""
    user = visitor(request)
    week = first_week.of(user)
    task = next((each for each in week.tasks if each.name == name), None) if week else None
    if week is None or task is None:
        return redirect("today")
    first_week.been(week=week, name=name)
    return redirect(task.url)


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """The first week is put away."""
    week = first_week.of(visitor(request))
    if week is not None:
        first_week.put_away(week=week)
        messages.success(request, _("It is put away."))
    return redirect("today")
