"""What an hour costs, for the report of what time costs."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kvalitetslosen.organisation.access import administrator, keeps_municipality
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.forms import PriceForm
from kvalitetslosen.reports.models import HourPrice


@require_http_methods(["GET", "POST"])
def prices(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    row = HourPrice.objects.filter(municipality=user.municipality_id).first()
    form = PriceForm(request.POST if request.method == "POST" else None, initial=PriceForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        actions.set_price(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("reports:prices")
    return render(request, "reports/prices.html", {"form": form, "row": row})
