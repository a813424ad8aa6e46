"""Sharing an approved report with everybody who has a role, and stopping."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kvalitetslosen.organisation.access import person
from kvalitetslosen.reports import access, actions
from kvalitetslosen.reports.forms import ShareForm
from kvalitetslosen.reports.models import Report, Share
from kvalitetslosen.reports.views.reading import page_of, visible_report


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    report = visible_report(user, pk)
    if not access.parts_in(report, user):
        raise PermissionDenied
    if not report.is_approved:
        messages.warning(request, _("Only an approved report is shared."))
        return redirect(report)
    form = ShareForm(request.POST, report=report)
    if not form.is_valid():
        return page_of(request, user, report, share=form)
    if actions.share(report=report, by=user, role=form.cleaned_data["role"]) is None:
        messages.warning(request, _("It was shared with them already."))
    else:
        messages.success(request, _("Shared. They get a message with a link."))
    return redirect(f"{report.get_absolute_url()}#deling")


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    rows = Share.objects.filter(report__in=Report.objects.visible_to(user)).select_related("report__unit")
    found = get_object_or_404(rows, pk=pk)
    if not access.parts_in(found.report, user):
        raise PermissionDenied
    actions.stop_sharing(share=found, by=user)
    messages.success(request, _("They don’t see it any more."))
    return redirect(f"{found.report.get_absolute_url()}#deling")
