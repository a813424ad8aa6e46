"""Writing a report: begin, write, approve, put away, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import User
from kvalitetslosen.reports import access, actions, places, shown
from kvalitetslosen.reports.forms import SeenForm, TextsForm, WithdrawForm
from kvalitetslosen.reports.models import Report
from kvalitetslosen.reports.views.reading import visible_report


@require_POST
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """A draft of the report of this unit and period, or the one there is."""
    user = person(request)
    kind = places.kind_named(name)
    where = places.place(user, kind, request.POST.get("enhet", ""))
    if not kind.writes(user, where.unit):
        raise PermissionDenied
    report = actions.begin(
        kind=kind,
        unit=where.unit,
        period=places.period(kind, request.POST, bound=kind.protects(user, where.unit)),
        by=user,
        language=where.unit.language or translation.get_language() or "nb",
    )
    return redirect("reports:write", report.pk)


def _may(user: User, report: Report, step: str) -> bool:
    """Whether the person may take the step now. Raises ``PermissionDenied`` for who may never."""
    if not access.parts_in(report, user):
        raise PermissionDenied
    return step in access.steps_of(report, user)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of each section, beside what its figures say."""
    user = person(request)
    report = visible_report(user, pk)
    if not _may(user, report, "write"):
        return too_late(request, report)
    kind = report.of_kind
    assert kind is not None
    parts = shown.of(report, user).parts
    form = TextsForm(
        request.POST if request.method == "POST" else None,
        report=report,
        parts=parts,
        prompts={section.name: str(section.prompt) for section in kind.sections},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(report=report, by=user, texts=form.written(), seen=form.cleaned_data["seen"])
        except StepRefused as refused:
            report = visible_report(user, pk)
            if not report.is_draft:
                return too_late(request, report)
            _warn(form, refused, report)
        else:
            messages.success(request, _("Saved."))
            return redirect(report)
    return render(request, "reports/write.html", {"form": form, "report": report, "shown": parts})


def _warn(form: TextsForm, refused: StepRefused, report: Report) -> None:
    """Somebody else wrote meanwhile: nothing is lost, and what they wrote isn't overwritten unseen."""
    by = refused.latest.by.name if refused.latest and refused.latest.by else ""
    form.add_error(
        None,
        _("%(name)s has written here meanwhile. What you wrote is kept below. Save again to let yours stand.")
        % {"name": by or _("Somebody")},
    )
    form.data = {**{name: form.data.get(name) for name in form.data}, "seen": str(report.events_count)}


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures stay as they are now."""
    user = person(request)
    report = visible_report(user, pk)
    form = SeenForm(request.POST)
    if not _may(user, report, "approve") or not form.is_valid():
        return too_late(request, report)
    try:
        actions.approve(report=report, by=user, seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_report(user, pk))
    messages.success(request, _("Approved. The figures stay as they are now, and the text is locked."))
    return redirect(report)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    report = visible_report(user, pk)
    form = SeenForm(request.POST)
    if not _may(user, report, "put_away") or not form.is_valid():
        return too_late(request, report)
    try:
        actions.put_away(report=report, by=user, seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_report(user, pk))
    messages.success(request, _("The draft is put away."))
    return redirect("reports:list")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody it was shared with reads it any more; those who wrote it see why."""
    user = person(request)
    report = visible_report(user, pk)
    if not _may(user, report, "withdraw"):
        return too_late(request, report)
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"seen": report.events_count})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(report=report, by=user, note=form.cleaned_data["note"], seen=form.cleaned_data["seen"])
        except StepRefused:
            return too_late(request, visible_report(user, pk))
        messages.success(request, _("Withdrawn. Those it was shared with can’t open it any more."))
        return redirect(report)
    return render(request, "reports/withdraw.html", {"form": form, "report": report})
