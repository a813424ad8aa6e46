"""What the municipality decides for itself."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.access import administrator, keeps_municipality
from kvalitetslosen.organisation.forms import SettingsForm
from kvalitetslosen.organisation.models import MunicipalitySettings
from kvalitetslosen.organisation.pages import setting_pages


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Language, sight and closed days; links to what the modules let one decide."""
    user = administrator(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    rows = MunicipalitySettings.objects.select_related("municipality")
    current = get_object_or_404(rows, municipality=user.municipality_id)
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=copy(current))
    if request.method == "POST" and form.is_valid():
        actions.change_settings(settings=current, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("organisation:settings")
    return render(
        request,
        "organisation/settings.html",
        {"form": form, "municipality": current.municipality, "pages": setting_pages()},
    )
