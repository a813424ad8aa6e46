"""The systems that cases and counts come from: what they are, how they are read, and their tokens."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import actions, elsewhere
from deviations.forms.elsewhere import OtherSystemForm
from deviations.models import OtherSystem
from deviations.views.visiting import visitor
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import Role, Unit, User


def may_bring_somewhere(user: User) -> bool:
    """Whether there is a unit whose cases the person reads and may bring in. No query."""
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


def acquainted(request: HttpRequest) -> User:
    """Whoever defines systems, or brings from them; 403 for others."""
    user = visitor(request)
    if not (keeps_municipality(user) or may_bring_somewhere(user)):
        raise PermissionDenied
    return user


def keeper(request: HttpRequest) -> User:
    user = visitor(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    return user


def visible_system(user: User, key: uuid.UUID) -> OtherSystem:
    return get_object_or_404(OtherSystem.objects.visible_to(user).select_related("municipality"), key=key)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Which systems do cases and counts come from?"""
    user = acquainted(request)
    rows = OtherSystem.objects.visible_to(user).order_by("-is_active", "name", "pk")
    return render(
        request, "deviations/elsewhere/overview.html", {"rows": list(rows), "may_keep": keeps_municipality(user)}
    )


@require_http_methods(["GET", "POST"])
def define(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    municipality = Unit.objects.get(pk=user.municipality_id)
    form = OtherSystemForm(request.POST if request.method == "POST" else None, municipality_id=municipality.pk)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.define_system(municipality=municipality, by=user, **form.cleaned_data))
    return render(request, "deviations/elsewhere/define.html", {"form": form})


@require_GET
def system(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What the system is, how a file comes in, and how another machine sends."""
    user = acquainted(request)
    return page(request, user, visible_system(user, key))


def page(request: HttpRequest, user: User, found: OtherSystem, token: str = "") -> HttpResponse:
    response = render(
        request,
        "deviations/elsewhere/system.html",
        {
            "system": found,
            # Not what the column is called: a file without headings has its first row there, with what it tells.
            "fields": [(each, each.name in found.columns) for each in elsewhere.fields_of(found)],
            "may_keep": keeps_municipality(user),
            "may_bring": may_bring_somewhere(user) and found.is_active,
            "token": token,
            "address": absolute(reverse("deviations:api_rows")),
        },
    )
    if token:
        response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    user = keeper(request)
    found = visible_system(user, key)
    form = OtherSystemForm(
        request.POST if request.method == "POST" else None, municipality_id=found.municipality_id, system=found
    )
    if request.method == "POST" and form.is_valid():
        actions.change_system(system=found, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "deviations/elsewhere/define.html", {"form": form, "system": found})


@require_POST
def make_token(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A new token, shown on this page and never again."""
    user = keeper(request)
    found = visible_system(user, key)
    return page(request, user, found, actions.make_token(system=found, by=user))


@require_POST
def revoke_token(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    user = keeper(request)
    found = visible_system(user, key)
    actions.revoke_token(system=found, by=user)
    messages.success(request, _("The token opens nothing any more."))
    return redirect(found)
