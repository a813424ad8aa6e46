"""Reports that come by themselves when a period is over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kvalitetslosen.organisation.access import person
from kvalitetslosen.reports import access, actions
from kvalitetslosen.reports.forms import ScheduleForm
from kvalitetslosen.reports.models import Schedule
from kvalitetslosen.reports.places import units_of
from kvalitetslosen.reports.registry import find, kinds_of


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not access.may_schedule(user):
        raise PermissionDenied
    kind = find(request.GET.get("rapport", ""))
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        user=user,
        units=units_of(user, kinds_of(user)),
        initial={
            "kind": kind.name if kind else "",
            "rhythm": kind.rhythm if kind else "",
            "unit": request.GET.get("enhet", ""),
        },
    )
    if request.method == "POST" and form.is_valid():
        row = actions.schedule(by=user, **form.chosen())
        messages.success(request, _("From the next period that is over they get a mail with a link."))
        return redirect(row)
    return render(request, "reports/schedule.html", {"form": form})


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    row = get_object_or_404(Schedule.objects.visible_to(user), pk=pk)
    if not access.may_schedule(user):
        raise PermissionDenied
    actions.stop_schedule(schedule=row, by=user)
    messages.success(request, _("Stopped. Nobody gets it any more."))
    return redirect("reports:list")
