"""Similar cases and the procedures that apply: beside a case, and beside the form while one reports."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from deviations import access, similar
from deviations.forms.fields import LONGEST_TEXT, CategoryChoices
from deviations.lifecycle import Part
from deviations.views.visiting import visible_case, visitor


@require_GET
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What is like this case, as far as the person sees it: a part of the case's page, or a page without script."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if Part.REPORTER in access.parts_of(deviation, user):
        raise PermissionDenied
    part = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "deviations/alike_card.html" if part else "deviations/alike.html",
        {
            "deviation": deviation,
            "alike": similar.cases_like(user, deviation),
            "procedures": similar.procedures(user, deviation.category, deviation.text),
        },
    )


@require_POST
def for_report(request: HttpRequest) -> HttpResponse:
    """The procedures that are about what somebody is about to report. What is written is in no address or log."""
    user = visitor(request)
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    category = CategoryChoices(user).get(request.POST.get("category", ""))
    found = similar.procedures(user, category, text)
    return render(request, "deviations/procedures_about.html", {"procedures": found})
