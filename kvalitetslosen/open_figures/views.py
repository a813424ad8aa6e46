"""The page of tokens: which there are, a new one, and an end to one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.open_figures import actions
from kvalitetslosen.open_figures.access import may_make_any
from kvalitetslosen.open_figures.forms import TokenForm
from kvalitetslosen.open_figures.models import ReportToken
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import User

SHOWN = 100


def maker(request: HttpRequest) -> User:
    user = person(request)
    if not may_make_any(user):
        raise PermissionDenied
    return user


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The tokens, those in force first, and how another program reads with one."""
    return page(request, maker(request))


def page(request: HttpRequest, user: User, made: str = "") -> HttpResponse:
    rows = ReportToken.objects.visible_to(user).select_related("unit", "made_by")
    response = render(
        request,
        "open_figures/tokens.html",
        {
            "tokens": rows.in_force_first()[:SHOWN],
            "made": made,
            "address": absolute("/api/tall/v1/"),
            "openapi": reverse("open_figures_api:openapi"),
        },
    )
    if made:
        response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A new token. Its secret is shown on the page that answers, and never again."""
    user = maker(request)
    form = TokenForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _token, secret = actions.make_token(
                name=said["name"], by=user, expires_on=said["expires_on"], unit=said.get("unit")
            )
        except ValidationError as refusal:
            form.add_error("unit", refusal)
        else:
            return page(request, user, secret)
    return render(request, "open_figures/make.html", {"form": form})


@require_POST
def revoke(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    user = maker(request)
    token = get_object_or_404(ReportToken.objects.visible_to(user), key=key)
    actions.revoke_token(token=token, by=user)
    messages.success(request, _("The token opens nothing any more."))
    return redirect("open_figures:tokens")
