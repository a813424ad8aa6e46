"""The list of ready reports, one of them live or as it was saved, and what is taken along of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.paper.answers import on_paper
from kvalitetslosen.reports import access, files, places, shown
from kvalitetslosen.reports.added import FIRST, others_read
from kvalitetslosen.reports.forms import ShareForm
from kvalitetslosen.reports.models import Report, Schedule, Share
from kvalitetslosen.reports.registry import kinds_of
from kvalitetslosen.reports.shown import Shown
from kvalitetslosen.ui.registry import panels
from kvalitetslosen.ui.spreadsheet import XLSX

SAVED = 40


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Which reports are ready, which are kept, and which come by themselves?"""
    user = person(request)
    if not access.has_page(user):
        raise PermissionDenied
    kinds = kinds_of(user)
    rows = Report.objects.visible_to(user).select_related("unit", "writer").order_by("-created_at", "-pk")
    saved = list(rows[: SAVED + 1])
    schedules = (
        list(
            Schedule.objects.visible_to(user)
            .running()
            .select_related("unit")
            .annotate(named_people=Count("named", filter=Q(named__ended_at=None)))
            .order_by("kind", "pk")[:SAVED]
        )
        if kinds
        else []
    )
    return render(
        request,
        "reports/list.html",
        {
            "kinds": kinds,
            "drafts": [each for each in saved if each.is_draft],
            "reports": [each for each in saved[:SAVED] if not each.is_draft],
            "is_more": len(saved) > SAVED,
            "shown": SAVED,
            "schedules": schedules,
            "may_schedule": access.may_schedule(user),
        },
    )


# Live


def _live(request: HttpRequest, name: str) -> tuple[User, places.Place, Shown]:
    user = person(request)
    kind = places.kind_named(name)
    where = places.place(user, kind, request.GET.get("enhet", ""))
    period = places.period(kind, request.GET, bound=kind.protects(user, where.unit))
    return user, where, shown.live(user, kind, where.unit, period)


@require_GET
def live_page(request: HttpRequest, name: str) -> HttpResponse:
    """The report as it stands now, as the person may read it."""
    user, where, found = _live(request, name)
    kind, period = found.kind, found.period
    here = request.path
    same = {"kind": kind.name, "unit": where.unit, "first": period.first, "last": period.last}
    saved = Report.objects.visible_to(user).living().filter(**same).order_by("-created_at", "-pk").first()
    return render(
        request,
        "reports/live.html",
        {
            "shown": found,
            "place": where,
            "sections": [shown.drawn(part) for part in found.told],
            "periods": places.periods(kind, period, f"{here}?enhet={where.unit.pk}"),
            "above": [(unit.name, f"{here}?enhet={unit.pk}&{period.query}") for unit in where.above],
            "below": [(unit.name, f"{here}?enhet={unit.pk}&{period.query}") for unit in where.below],
            "others": [(unit.name, f"{here}?enhet={unit.pk}&{period.query}") for unit in where.others],
            "query": f"enhet={where.unit.pk}&{period.query}",
            "saved": saved,
            "panels": panels("reports.live", user, where.unit),
            "may_write": kind.writes(user, where.unit),
            "may_schedule": access.may_schedule(user),
        },
    )


@require_GET
def live_slides(request: HttpRequest, name: str) -> HttpResponse:
    _user, where, found = _live(request, name)
    query = f"enhet={where.unit.pk}&{found.period.query}"
    return _slides(request, found, f"{reverse('reports:live', args=[name])}?{query}", f"{request.path}?{query}&")


@require_GET
def live_pdf(request: HttpRequest, name: str) -> HttpResponse:
    user, where, found = _live(request, name)
    return _pdf(request, user, found, f"{reverse('reports:live', args=[name])}?enhet={where.unit.pk}")


@require_GET
def live_xlsx(request: HttpRequest, name: str) -> HttpResponseBase:
    user, _where, found = _live(request, name)
    return _xlsx(user, found)


# Saved


def visible_report(user: User, pk: int) -> Report:
    """The report, or 404 for whoever may not see it."""
    shares = Prefetch("shares", Share.objects.filter(ended_at=None).order_by("at", "pk"), to_attr="running_shares")
    rows = Report.objects.visible_to(user).select_related("unit", "writer", "approver").prefetch_related(shares)
    return get_object_or_404(rows, pk=pk)


@require_GET
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with its figures now, or an approved report with its figures then and what has changed since."""
    user = person(request)
    return page_of(request, user, visible_report(user, pk))


def page_of(request: HttpRequest, user: User, report: Report, **forms: Any) -> HttpResponse:
    steps = access.steps_of(report, user)
    found = shown.of(report, user, compare=True)
    full = found.in_full
    if "withdraw" in steps:
        forms.setdefault("share", ShareForm(report=report))
    shares = getattr(report, "running_shares", [])
    return render(
        request,
        "reports/report.html",
        {
            "report": report,
            "shown": found,
            "sections": _sections(found, user, report),
            "may_add": "add_figures" in steps and access.may_add(report, user),
            "changed": sum(len(each.changes) for each in found.since.values()),
            "steps": steps,
            "forms": forms,
            "shares": [(each, Role(each.role).label) for each in shares] if full else [],
            "told": tell(Event.objects.about(report).order_by("-number"), user) if full else [],
        },
    )


def _sections(found: Shown, user: User, report: Report) -> list[dict[str, Any]]:
    """Each section drawn, with what has changed since; of added ones in a draft, where they can be moved."""
    parts = found.parts if report.is_draft else found.told
    movable = report.is_draft and access.may_add(report, user)
    return [
        {
            "drawn": shown.drawn(part, draft=report.is_draft),
            "since": found.since.get(part.name),
            "name": part.name,
            "title": part.title,
            "added": part.added and movable,
            "others": others_read(part) if movable else "",
            "up": (parts[at - 2].name if at > 1 else FIRST) if at else None,
            "down": parts[at + 1].name if at + 1 < len(parts) else None,
        }
        for at, part in enumerate(parts)
    ]


@require_GET
def report_slides(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    report = visible_report(user, pk)
    return _slides(request, shown.of(report, user), report.get_absolute_url(), f"{request.path}?")


@require_GET
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    report = visible_report(user, pk)
    return _pdf(request, user, shown.of(report, user), report.get_absolute_url())


@require_GET
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponseBase:
    user = person(request)
    return _xlsx(user, shown.of(visible_report(user, pk), user))


# What is taken along


def _slides(request: HttpRequest, found: Shown, back: str, here: str) -> HttpResponse:
    """One section a slide, in big letters; all of them below each other to print."""
    parts = found.told
    number = request.GET.get("nr", "1")
    chosen = min(max(int(number), 1), len(parts) + 1) if number.isdecimal() and len(number) < 4 else 1
    every = request.GET.get("alle") == "1"
    # The first slide says what it is.
    wanted = list(enumerate(parts, start=2)) if every else [(chosen, parts[chosen - 2])] if chosen > 1 else []
    return render(
        request,
        "reports/slides.html",
        {
            "shown": found,
            "slides": [(n, part, shown.bars_of(part), shown.words_of(part)) for n, part in wanted],
            "has_title": every or chosen == 1,
            "every": every,
            "number": chosen,
            "of": len(parts) + 1,
            "before": f"{here}nr={chosen - 1}" if chosen > 1 and not every else "",
            "after": f"{here}nr={chosen + 1}" if chosen <= len(parts) and not every else "",
            "all": f"{here}alle=1",
            "back": back,
        },
    )


def _pdf(request: HttpRequest, user: User, found: Shown, back: str) -> HttpResponse:
    files.note_taken(found, user, "pdf")
    with translation.override(found.language):
        context, name = files.context_of(found, user), files.file_name(found, "")
        return on_paper(request, "reports/paper.html", context, name=name, back=back)


def _xlsx(user: User, found: Shown) -> FileResponse:
    files.note_taken(found, user, "workbook")
    name = files.file_name(found, ".xlsx")
    return FileResponse(files.workbook(found, user), as_attachment=True, filename=name, content_type=XLSX)
