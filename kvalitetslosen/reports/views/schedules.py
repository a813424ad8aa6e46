"""Reports that come by themselves when a period is over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kvalitetslosen.organisation.access import person
from kvalitetslosen.reports import access, actions
from kvalitetslosen.reports.forms import RecipientForm, ScheduleForm
from kvalitetslosen.reports.models import Recipient, Schedule
from kvalitetslosen.reports.periods import Period
from kvalitetslosen.reports.places import units_of
from kvalitetslosen.reports.recipients import list_of, may_be_named
from kvalitetslosen.reports.registry import find, kinds_of


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not access.may_schedule(user):
        raise PermissionDenied
    kind = find(request.GET.get("rapport", ""))
    number = request.GET.get("plan", "")
    running = Schedule.objects.visible_to(user).running()
    row = running.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        user=user,
        units=units_of(user, kinds_of(user)),
        initial={
            "kind": kind.name if kind else "",
            "rhythm": row.rhythm if row else kind.rhythm if kind else "",
            "unit": request.GET.get("enhet", ""),
            **({"roles": row.roles, "with_file": row.with_file} if row else {}),
        },
    )
    if request.method == "POST" and form.is_valid():
        row = actions.schedule(by=user, **form.chosen())
        messages.success(request, _("Planned. Here you see who gets it, and can name others."))
        return redirect(row)
    return render(request, "reports/schedule.html", {"form": form})


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets it when the next period is over, and who else is to."""
    user = person(request)
    row = get_object_or_404(Schedule.objects.visible_to(user).select_related("unit", "owner"), pk=pk)
    if not access.may_schedule(user):
        raise PermissionDenied
    if row.ended_at is not None:
        messages.warning(request, _("This report isn’t sent any more."))
        return redirect("reports:list")
    form = RecipientForm(request.POST if request.method == "POST" else None, people=may_be_named(row))
    if request.method == "POST" and form.is_valid():
        if actions.name_recipient(schedule=row, by=user, person=form.chosen()) is None:
            messages.warning(request, _("They get it already."))
        else:
            messages.success(request, _("They get it from the next period that is over."))
        return redirect(row)
    gets = list_of(row)
    return render(
        request,
        "reports/plan.html",
        {
            "schedule": row,
            "gets": gets,
            "nobody": not any(not each.hindered for each in gets),
            "next": Period.around(row.rhythm, timezone.localdate()),
            "form": form if form.people else None,
            "change": f"{reverse('reports:schedule')}?rapport={row.kind}&enhet={row.unit_id}&plan={row.pk}",
        },
    )


@require_POST
def end_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    rows = Recipient.objects.filter(schedule__in=Schedule.objects.visible_to(user)).select_related("schedule__unit")
    row = get_object_or_404(rows, pk=pk)
    if not access.may_schedule(user):
        raise PermissionDenied
    actions.end_recipient(recipient=row, by=user)
    messages.success(request, _("They don’t get it by name any more."))
    return redirect(row.schedule)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    row = get_object_or_404(Schedule.objects.visible_to(user), pk=pk)
    if not access.may_schedule(user):
        raise PermissionDenied
    actions.stop_schedule(schedule=row, by=user)
    messages.success(request, _("Stopped. Nobody gets it any more."))
    return redirect("reports:list")
