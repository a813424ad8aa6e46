"""Reporting where there is no net: the form that a device keeps, and what it sends when the net is back."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations.forms.reporting import ReportForm
from deviations.models import When
from deviations.views.reporting import sent
from deviations.views.visiting import visitor

STILL_NOW = datetime.timedelta(minutes=30)
"""How long what was written as «now» still is about now."""
OLDEST = datetime.timedelta(days=31)
"""Older than this is no report that waited, but a device whose clock is wrong."""


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """GET: the form by itself, which the device keeps. POST: a report that waited there, sent by the device.

    The answers to POST are JSON: 200 when it is a case, also when it was one already; 409 when somebody else than its
    writer is logged in by now; 422 with what has to be put right.
    """
    user = visitor(request)
    if request.method == "GET":
        return render(request, "deviations/report_without_net.html", {"form": ReportForm(user=user, waits=True)})
    if request.POST.get("sender") != str(user.pk):
        return JsonResponse({}, status=409)
    form = ReportForm(as_it_was(request.POST), request.FILES, user=user, waits=True)
    if not form.is_valid():
        return JsonResponse({"problems": problems(form)}, status=422)
    deviation = sent(form).deviation
    return JsonResponse(
        {"url": reverse("deviations:receipt", args=[deviation.reference]), "name": deviation.reference}
    )


def as_it_was(data: QueryDict) -> QueryDict:
    """What was written, with the day it was written on where it says «now», «today» or «this shift» of another day."""
    written = written_at(data.get("written_at", ""))
    now = timezone.now()
    if written is None or not now - OLDEST < written < now:
        return data
    day, happened = timezone.localdate(written), data.get("happened")
    of_that_day = happened in (When.NOW, When.TODAY, When.SHIFT)
    data = data.copy()
    if of_that_day and day != timezone.localdate(now):
        data["happened"], data["happened_on"] = When.DATE, day.isoformat()
    elif happened == When.NOW and now - written > STILL_NOW:
        data["happened"] = When.TODAY
    return data


def written_at(text: str) -> datetime.datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def problems(form: ReportForm) -> list[str]:
    """What has to be put right, each with its question before it, for there is no form beside it."""
    asked = {name: field.label for name, field in form.fields.items()}
    return [
        _("%(question)s %(problem)s") % {"question": asked[name], "problem": error} if name in asked else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
