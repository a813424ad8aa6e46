"""Reporting a case."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from deviations import actions
from deviations.filters import oversees
from deviations.forms.fields import documents_like, unit_label, units_like
from deviations.forms.reporting import ReportForm
from deviations.models import EXAMPLES, Deviation, Naming
from deviations.views.visiting import visitor
from kvalitetslosen.files.actions import attach_all
from kvalitetslosen.organisation.models import Role
from kvalitetslosen.ui.lookup import suggestions


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """What happened? One screen."""
    user = visitor(request)
    form = ReportForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        uploads = form.cleaned_data["files"]
        with transaction.atomic() if uploads else nullcontext():
            deviation = actions.report(by=user, **form.report)
            if uploads:
                hidden = deviation.naming == Naming.SEALED
                attach_all(owner=deviation, uploads=uploads, by=None if hidden else user)
        return redirect("deviations:receipt", deviation.reference)
    home = user.standing.home
    return render(
        request,
        "deviations/report.html",
        {
            "form": form,
            "examples": EXAMPLES(**home.line) if home else (),
            "writes_examples": user.standing.has(Role.LEADER, Role.QUALITY_CONTACT),
        },
    )


@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Thanks, who has it now, and when to expect an answer."""
    user = visitor(request)
    rows = Deviation.objects.visible_to(user).reported_by(user).select_related("handling_unit", "handler")
    deviation = get_object_or_404(rows, reference=reference)
    return render(request, "deviations/receipt.html", {"deviation": deviation, "has_tab": oversees(user)})


def asked_for(request: HttpRequest) -> str:
    """What is written so far in the field that asks, whatever the field's name."""
    return next((str(value) for value in request.GET.values()), "")[:200]


@require_GET
def find_unit(request: HttpRequest) -> HttpResponse:
    return suggestions(units_like(visitor(request), asked_for(request)), unit_label)


@require_GET
def find_procedure(request: HttpRequest) -> HttpResponse:
    return suggestions(documents_like(visitor(request), asked_for(request)))
