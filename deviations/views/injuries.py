"""The register of work injuries: as a page, a file and on paper; and writing a case's line in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deviations import access, actions, exports, injuries
from deviations.forms.injuries import InjuryForm, TakeOutForm
from deviations.models import REGISTER_READERS, Deviation
from deviations.views.visiting import visible_case, visitor
from kvalitetslosen.csv_files import CSV, written
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.answers import on_paper

YEARS = 6


def reader(request: HttpRequest) -> User:
    """Who asks, if the register is open to them; raises ``PermissionDenied`` otherwise."""
    user = visitor(request)
    if not injuries.may_read(user):
        raise PermissionDenied
    return user


def year_in(request: HttpRequest) -> int:
    """The year asked for; the running one where it makes no sense."""
    now, asked = timezone.localdate().year, request.GET.get("aar", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= now else now


def lines_of(user: User, rows: list[Deviation]) -> list[injuries.Line]:
    """In words; with the way to the case for those who may open it. One query."""
    seen = set(Deviation.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    lines = [injuries.line(row) for row in rows]
    for row, each in zip(rows, lines, strict=True):
        each.case = row.get_absolute_url() if row.pk in seen else ""
    return lines


def whose_lines(user: User) -> str:
    """Of which units the person reads the register."""
    units: dict[int, Unit] = {}
    for role in REGISTER_READERS:
        for unit in user.standing.units(role):
            units.setdefault(unit.pk, unit)
    tops = [each for each in units.values() if not any(each.is_within(o) for o in units.values() if o.pk != each.pk)]
    return _("Of %(units)s, with all units below.") % {"units": ", ".join(each.name for each in tops)}


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Who was injured at work, or made ill by it, without saying who."""
    user = reader(request)
    year, now = year_in(request), timezone.localdate().year
    rows = list(injuries.rows(user, year)[: injuries.SHOWN + 1])
    lines = lines_of(user, rows[: injuries.SHOWN])
    here = reverse("deviations:injuries")
    context: dict[str, Any] = {
        "lines": lines,
        "headings": injuries.headings(),
        "is_more": len(rows) > injuries.SHOWN,
        "shown": injuries.SHOWN,
        "undescribed": sum(not each.described for each in lines),
        "year": year,
        "where": whose_lines(user),
        "tabs": [(str(each), f"{here}?aar={each}", each == year) for each in range(now, now - YEARS, -1)],
    }
    return render(request, "deviations/injuries/register.html", context)


@require_GET
def register_csv(request: HttpRequest) -> HttpResponse:
    """The register of a year, one line an injury."""
    user = reader(request)
    year = year_in(request)
    lines = [injuries.line(row).cells for row in injuries.rows(user, year)[: injuries.MOST]]
    exports.record_export(by=user, unit=None, what="injuries", rows=len(lines), asked=request.GET)
    answer = HttpResponse(written([injuries.headings(), *lines]), content_type=CSV)
    name = _("work-injuries")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{year}.csv"'
    return answer


@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The register of a year on paper, as Arbeidstilsynet may ask for it."""
    user = reader(request)
    year = year_in(request)
    rows = list(injuries.rows(user, year)[: injuries.MOST])
    exports.record_export(by=user, unit=None, what="injuries", rows=len(rows), asked=request.GET)
    context = {
        "lines": [injuries.line(row) for row in rows],
        "headings": injuries.headings(),
        "year": year,
        "where": whose_lines(user),
        "municipality": Unit.objects.get(pk=user.municipality_id).name,
    }
    name, back = _("work-injuries"), reverse("deviations:injuries")
    return on_paper(request, "deviations/injuries/paper.html", context, name=f"{name} {year}", back=back)


def case_to_enter(request: HttpRequest, reference: str) -> tuple[User, Deviation]:
    """Who asks and the case, if they may write its line; raises ``Http404`` and ``PermissionDenied`` otherwise."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.may_enter_injury(deviation, access.parts_of(deviation, user)):
        raise PermissionDenied
    return user, deviation


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, reference: str) -> HttpResponse:
    """Write or change what the register says of the case."""
    user, deviation = case_to_enter(request, reference)
    entry = injuries.entry_of(deviation)
    form = InjuryForm(request.POST if request.method == "POST" else None, deviation=deviation, entry=entry)
    if request.method == "POST" and form.is_valid():
        actions.enter_injury(deviation=deviation, by=user, **form.cleaned_data)
        messages.success(request, _("It is in the register of work injuries."))
        return redirect(f"{deviation.get_absolute_url()}#skaderegister")
    return render(request, "deviations/injuries/enter.html", {"form": form, "deviation": deviation})


@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest, reference: str) -> HttpResponse:
    """It was no injury at work after all."""
    user, deviation = case_to_enter(request, reference)
    form = TakeOutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.take_out_injury(deviation=deviation, by=user, reason=form.cleaned_data["reason"])
        messages.success(request, _("It is out of the register."))
        return redirect(f"{deviation.get_absolute_url()}#skaderegister")
    return render(request, "deviations/injuries/take_out.html", {"form": form, "deviation": deviation})
