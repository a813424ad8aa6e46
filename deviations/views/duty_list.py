"""All the duties to tell that a person sees: running, late and done; as a file, and on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deviations import exports
from deviations.duty_lines import may_see_list, year_lines
from deviations.lifecycle import DutyState
from deviations.models import Breach, Duty
from deviations.report_law import counted_duties, how_it_went
from deviations.reports import Period
from deviations.views.duties import visible_duty
from deviations.views.visiting import visitor
from kvalitetslosen.csv_files import CSV, written
from kvalitetslosen.figures.periods import day_in
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.answers import on_paper
from kvalitetslosen.ui.keyset import newest_first

SHOWN = 200
RUNNING, LATE, ENDED = "lopende", "for-sent", "ferdig"


@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """Whom is still to be told, what is late, what is done."""
    user = visitor(request)
    if "enhet" in request.GET:
        return _of_report(request, user)
    view = request.GET.get("visning", RUNNING)
    view = view if view in (LATE, ENDED) else RUNNING
    rows = Duty.objects.visible_to(user).for_lines()
    context: dict[str, Any] = {"view": view, "tabs": _tabs(view), "years": _years(), "exports": may_see_list(user)}
    if view == ENDED:
        page = newest_first(rows.exclude(state=DutyState.RUNNING), "done_at", request.GET)
        context |= {"rows": page.rows, "newer": page.newer, "older": page.older}
    else:
        rows = rows.late() if view == LATE else rows.running()
        found = list(rows.order_by("due_at", "pk")[: SHOWN + 1])
        context |= {"rows": found[:SHOWN], "is_more": len(found) > SHOWN, "shown": SHOWN}
    return render(request, "deviations/duties/list.html", context)


def _of_report(request: HttpRequest, user: User) -> HttpResponse:
    """Those behind one number of a report. What makes no sense in the address is nothing to be found."""
    asked = request.GET
    number = asked["enhet"]
    first, last = (day_in(asked.get(name, ""), end=False) for name in ("fra", "til"))
    if not number.isdecimal() or len(number) >= 18 or first is None or last is None:
        raise Http404
    period = Period(first.replace(day=1), last.replace(day=1))
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=int(number))
    rows = counted_duties(user, unit, period, asked.get("slag", ""))
    where = how_it_went().get(asked.get("hva", ""))
    found = list((rows.filter(where) if where is not None else rows).for_lines().order_by("due_at", "pk")[: SHOWN + 1])
    context = {
        "view": "", "tabs": _tabs(""), "rows": found[:SHOWN], "is_more": len(found) > SHOWN, "shown": SHOWN,
        "of": f"{unit.name}, {period}",
    }  # fmt: skip
    return render(request, "deviations/duties/list.html", context)


def _tabs(view: str) -> list[tuple[str, str, bool]]:
    here = reverse("deviations:duties")
    return [
        (words, f"{here}?visning={each}", each == view)
        for each, words in ((RUNNING, _("To do")), (LATE, _("Too late")), (ENDED, _("Finished")))
    ]


def _years() -> list[int]:
    year = timezone.localdate().year
    return [year, year - 1]


@require_GET
def year_csv(request: HttpRequest) -> HttpResponse:
    """The duties of a year that the person sees, one a line, with whether they were done in time."""
    user = visitor(request)
    if not may_see_list(user):
        raise PermissionDenied
    asked = request.GET.get("aar", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked[:6]) <= 2200 else timezone.localdate().year
    lines = year_lines(user, year)
    exports.record_export(by=user, unit=None, what="duties", rows=len(lines) - 1, asked=request.GET)
    answer = HttpResponse(written(lines), content_type=CSV)
    name = _("duties-to-tell")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{year}.csv"'
    return answer


@require_GET
def confirmation(request: HttpRequest, key: UUID) -> HttpResponse:
    """That they were told, when, by whom and with which receipt: a page to keep, without anything confidential."""
    return _on_paper(request, key, "confirmation", {})


@require_GET
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is written in the report of a breach, to have beside one while filling in Altinn's form."""
    user = visitor(request)
    row = visible_duty(user, key)
    breach = Breach.objects.filter(duty=row).first() or Breach(duty=row)
    fields = [(Breach._meta.get_field(name).verbose_name, getattr(breach, name)) for name in Breach.FIELDS]  # type: ignore[union-attr]
    return _on_paper(request, key, "report", {"fields": fields})


def _on_paper(request: HttpRequest, key: UUID, what: str, more: dict[str, Any]) -> HttpResponse:
    user: User = visitor(request)
    row = visible_duty(user, key)
    context = {
        "duty": row,
        "rule": row.counted_by,
        "municipality": row.municipality.name,
        **more,
    }
    day = f"{timezone.localdate(row.done_at or row.clock_from):%Y-%m-%d}"
    return on_paper(
        request, f"deviations/duties/paper_{what}.html", context, name=f"{row.recipient} {day}",
        back=row.get_absolute_url(),
    )  # fmt: skip
