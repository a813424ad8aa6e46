"""What the administrator decides: who receives, and the limits. Nothing here tells whether there are cases."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deviations.whistle import actions
from deviations.whistle.forms import AppointForm, SettingsForm
from deviations.whistle.models import FEWEST, WhistleRecipient, whistle_settings
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import User


def keeper(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not keeps_municipality(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The limits; below them who receives."""
    user = keeper(request)
    form = SettingsForm(
        request.POST if request.method == "POST" else None, instance=whistle_settings(user.municipality_id)
    )
    if request.method == "POST" and form.is_valid():
        actions.set_whistle_settings(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("deviations:whistle_settings")
    return _page(request, user, form=form)


def _page(
    request: HttpRequest, user: User, *, form: SettingsForm | None = None, appoint_form: AppointForm | None = None
) -> HttpResponse:
    current = WhistleRecipient.objects.visible_to(user).current().select_related("user")
    in_place = set(
        WhistleRecipient.objects.in_place().filter(pk__in=current.values("pk")).values_list("pk", flat=True)
    )
    return render(
        request,
        "deviations/whistle/settings.html",
        {
            "form": form or SettingsForm(instance=whistle_settings(user.municipality_id)),
            "appoint_form": appoint_form or AppointForm(user=user),
            "rows": [(each, each.pk in in_place) for each in current.order_by("user__name", "pk")],
            "too_few": len(in_place) < FEWEST,
        },
    )


@require_POST
def appoint(request: HttpRequest) -> HttpResponse:
    """Let somebody receive. All recipients are told."""
    user = keeper(request)
    form = AppointForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, user, appoint_form=form)
    try:
        actions.appoint_recipient(user=form.cleaned_data["who"], by=user)
    except ValidationError as refusal:
        form.add_error("who", refusal)
        return _page(request, user, appoint_form=form)
    messages.success(request, _("Done. All who receive are told of it."))
    return redirect("deviations:whistle_settings")


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody no longer receive. All recipients are told."""
    user = keeper(request)
    found = get_object_or_404(WhistleRecipient.objects.visible_to(user).select_related("user"), pk=pk)
    try:
        actions.end_recipient(recipient=found, by=user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Done. All who receive are told of it."))
    return redirect("deviations:whistle_settings")
