"""Putting figures into a report while it is written: chosen, moved, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kvalitetslosen.figures.periods import period_text, period_words
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import FROM, SUBJECT, TO, UNIT, ready_questions
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import User
from kvalitetslosen.reports import access, actions, shown
from kvalitetslosen.reports.added import FIRST, MOST, Added, made_of, others_read
from kvalitetslosen.reports.forms import AddFiguresForm, SeenForm
from kvalitetslosen.reports.frozen import Part
from kvalitetslosen.reports.models import Report
from kvalitetslosen.reports.registry import Asked, Kind, kinds
from kvalitetslosen.reports.views.reading import visible_report

SECTION, ADDRESS = "side", "adresse"
LONGEST = 2000  # letters of an address, as the field takes


@dataclass(frozen=True)
class _Chosen:
    """What the address asks to put in."""

    one: Added
    question: Question | None
    part: Part | None


def _report(request: HttpRequest, pk: int) -> tuple[User, Report, Kind]:
    """The report, for whoever may put figures in. Raises ``PermissionDenied`` for who may never."""
    user = person(request)
    report = visible_report(user, pk)
    kind = report.of_kind
    if kind is None or not access.may_add(report, user):
        raise PermissionDenied
    return user, report, kind


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a question what can be put in; with one, how it looks and where it is to stand."""
    user, report, kind = _report(request, pk)
    if "add_figures" not in access.steps_of(report, user):
        return too_late(request, report)
    if len(report.added) >= MOST:
        messages.warning(request, _("A report takes %(n)s added figures at most. Take one out first.") % {"n": MOST})
        return redirect(report)
    if ADDRESS in request.GET:
        if asked := _asked_in(request.GET[ADDRESS]):
            return redirect(f"{reverse('reports:add_figures', args=[report.pk])}?{asked}")
        return _choices(request, user, report, kind, wrong=request.GET[ADDRESS])
    query = _with_unit(request.GET, report)
    if SECTION not in query and SUBJECT not in query:
        return _choices(request, user, report, kind)
    chosen = _chosen(user, report, kind, query)
    if chosen.part is None:
        messages.warning(
            request,
            _("These figures can’t stand in this report: they are of another unit, or there are none of them."),
        )
        return redirect("reports:add_figures", report.pk)
    form = AddFiguresForm(
        request.POST if request.method == "POST" else None,
        parts=shown.of(report, user).parts,
        periods=_periods(report, chosen.question),
    )
    if request.method == "POST" and form.is_valid():
        return _put_in(request, user, report, chosen, form)
    return render(
        request,
        "reports/add_figures.html",
        {
            "form": form,
            "report": report,
            "drawn": shown.drawn(chosen.part),
            "told": chosen.question.told if chosen.question else (),
            "others": others_read(chosen.part),
            "another": f"{reverse('figures:explore')}?{chosen.question.address()}" if chosen.question else "",
        },
    )


def _with_unit(query: QueryDict, report: Report) -> QueryDict:
    """Of the report's unit where the address says none."""
    found = query.copy()
    if SUBJECT in found and UNIT not in found:
        found[UNIT] = str(report.unit_id)
    return found


def _chosen(user: User, report: Report, kind: Kind, query: QueryDict) -> _Chosen:
    asked = Asked(user, report.unit, report.period, for_all=True)
    if SECTION in query:
        one, question = Added("valgt", FIRST, section=query.get(SECTION, "")[:60]), None
    else:
        question = Question.asked(user, query, for_all=True)
        one = Added("valgt", FIRST, asked=question.address())
    return _Chosen(one, question, made_of(one, asked, of_some=kind.of_some))


def _periods(report: Report, question: Question | None) -> list[tuple[str, str]]:
    """As asked or that of the report; nothing to choose where they are the same."""
    own = (report.period.first, report.period.ends)
    if question is None or (question.first, question.last) == own:
        return []
    return [
        ("", period_words(question.first, question.last)),
        ("report", _("That of the report: %(period)s") % {"period": report.period}),
    ]


def _put_in(request: HttpRequest, user: User, report: Report, chosen: _Chosen, form: AddFiguresForm) -> HttpResponse:
    asked = chosen.one.asked
    if chosen.question is not None and form.cleaned_data.get("period") == "report":
        asked = chosen.question.address(first=report.period.first, last=report.period.ends)
    try:
        name = actions.add_figures(
            report=report,
            by=user,
            after=form.cleaned_data["place"],
            asked=asked,
            section=chosen.one.section,
            heading=form.cleaned_data["heading"],
        )
    except StepRefused:
        return too_late(request, visible_report(user, report.pk))
    messages.success(request, _("Put in. It is counted anew until the report is approved."))
    return redirect(f"{report.get_absolute_url()}#{name}")


def _asked_in(address: str) -> str:
    """The question in an address somebody kept or was sent; empty where there is none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if not parts.path.endswith(reverse("figures:explore")) or not parts.query:
        return ""
    query = QueryDict(parts.query, mutable=True)
    query.pop(ADDRESS, None)
    query.pop(SECTION, None)
    query.setdefault(SUBJECT, "avvik")
    return query.urlencode()


def _choices(request: HttpRequest, user: User, report: Report, kind: Kind, wrong: str | None = None) -> HttpResponse:
    """What can be put in; ``wrong`` is what was given as the address of a question, and is none."""
    here = reverse("reports:add_figures", args=[report.pk])
    first, last = period_text(report.period.first, report.period.ends)
    own = f"{UNIT}={report.unit_id}&{FROM}={first}&{TO}={last}"
    return render(
        request,
        "reports/add_figures.html",
        {
            "report": report,
            "ready": [(label, f"{here}?{address}&{own}") for label, address in ready_questions(user, protected=False)],
            "pages": _of_other_reports(user, report, kind, here),
            "explore": f"{reverse('figures:explore')}?{own}",
            "wrong": wrong is not None,
            "address": (wrong or "")[:LONGEST],
        },
    )


def _of_other_reports(user: User, report: Report, kind: Kind, here: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Parts of other ready reports that the person has of this unit, and that have something to show; each once."""
    asked = Asked(user, report.unit, report.period, for_all=True)
    taken = {each.title for each in shown.of(report, user).parts}
    found = []
    for other in kinds():
        if other is kind or not other.reaches(user, report.unit) or other.protects(user, report.unit):
            continue
        lines = []
        for section in other.sections:
            figures = section.make(asked) if section.make else None
            if figures is None or not figures.rows or figures.title in taken:
                continue
            taken.add(figures.title)
            lines.append((figures.title, f"{here}?{SECTION}={other.name}/{section.name}"))
        if lines:
            found.append((str(other.label), lines))
    return found


@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user, report, kind = _report(request, pk)
    form, after = SeenForm(request.POST), request.POST.get("after", "")
    known = {FIRST, *(each.name for each in kind.sections), *(each["name"] for each in report.added)}
    if after not in known:
        raise Http404
    if "move_figures" not in access.steps_of(report, user) or not form.is_valid():
        return too_late(request, report)
    try:
        actions.move_figures(report=report, by=user, name=name, after=after, seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_report(user, pk))
    return redirect(f"{report.get_absolute_url()}#{name}")


@require_POST
def take_out(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user, report, _kind = _report(request, pk)
    form = SeenForm(request.POST)
    if "take_out_figures" not in access.steps_of(report, user) or not form.is_valid():
        return too_late(request, report)
    try:
        actions.take_out_figures(report=report, by=user, name=name, seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_report(user, pk))
    messages.success(request, _("Taken out."))
    return redirect(report)
