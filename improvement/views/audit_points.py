"""The checklist of an internal audit: making it, answering one point at a time, and reporting what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from deviations.models import Category, Deviation
from deviations.views.visiting import visitor
from documents.models import Document, Source
from improvement import actions, audit_access, audit_checklist
from improvement.forms import auditing as forms
from improvement.models import Answer, Audit, AuditPoint
from improvement.views.audits import not_now, points_of, visible_audit
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import Unit, User

BELOW = 60  # units to choose from


# Making it


@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is looked at: from a law, a procedure, an earlier audit."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    if refused := not_now(request, audit, user, "prepare"):
        return refused
    asked = request.GET
    offered, chosen, several = _offered(user, audit, asked)
    there = set(audit.points.values_list("question", flat=True))
    offered = [each for each in offered if each[0].question[: actions.QUESTION] not in there]
    form = forms.ChecklistForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_points(audit=audit, by=user, points=form.chosen())
        except StepRefused:
            return too_late(request, visible_audit(user, pk))
        said = ngettext("%(n)d point is added.", "%(n)d points are added.", len(added)) % {"n": len(added)}
        messages.success(request, said)
        return redirect(f"{audit.get_absolute_url()}#sjekkliste")
    return render(
        request,
        "improvement/audits/checklist.html",
        {
            "audit": audit,
            "form": form if offered else None,
            "chosen": chosen,
            "several": several,
            "asked": asked.get("prosedyre", "")[:200],
            "laws": audit_checklist.laws_for(user),
            "earlier": audit_checklist.earlier_for(user, audit),
        },
    )


def _offered(user: User, audit: Audit, asked: Any) -> tuple[list[tuple[actions.Asked, str]], str, list[Document]]:
    """What there is to choose among, from what; and the procedures that fit where more than one does."""
    law, earlier, words = asked.get("lov", ""), asked.get("revisjon", ""), asked.get("prosedyre", "").strip()[:200]
    if _is_number(law):
        source = get_object_or_404(Source.objects.visible_to(user), pk=int(law))
        return audit_checklist.of_law(user, source), source.label, []
    if _is_number(earlier):
        other = get_object_or_404(Audit.objects.visible_to(user), pk=int(earlier))
        return audit_checklist.of_earlier(other), other.title, []
    if number := asked.get("dokument", ""):
        document = get_object_or_404(Document.objects.visible_to(user).in_force(), number=number[:32])
        return audit_checklist.of_procedure(document), document.title, []
    if words:
        found = audit_checklist.procedures_for(user, words)
        if len(found) == 1:
            return audit_checklist.of_procedure(found[0]), found[0].title, []
        return [], words, found
    return [], "", []


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 18


@require_http_methods(["GET", "POST"])
def add_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question of one's own."""
    user = visitor(request)
    audit = visible_audit(user, pk)
    if refused := not_now(request, audit, user, "prepare"):
        return refused
    form = forms.QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_points(audit=audit, by=user, points=[actions.Asked(form.cleaned_data["question"])])
        except StepRefused:
            return too_late(request, visible_audit(user, pk))
        messages.success(request, _("The question is added."))
        if "next" in request.POST:
            return redirect("audits:add_question", pk)
        return redirect(f"{audit.get_absolute_url()}#sjekkliste")
    return render(request, "improvement/audits/question.html", {"form": form, "audit": audit})


# One point


def _point(user: User, pk: int, number: int) -> AuditPoint:
    """The point, or 404 for whoever may not see the audit."""
    audit = visible_audit(user, pk)
    point = get_object_or_404(AuditPoint.objects.select_related("requirement__source"), audit=audit, number=number)
    point.audit = audit
    return point


@require_http_methods(["GET", "POST"])
def point_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What is looked at, what it rests on, and what was seen; on the day, the answer in place."""
    user = visitor(request)
    point = _point(user, pk, number)
    audit = point.audit
    parts = audit_access.parts_in_audit(audit, user)
    steps = {step.name for step in audit_access.audit_steps(audit, parts)}
    if request.method == "POST" and (refused := not_now(request, audit, user, "answer")):
        return refused
    may_answer = "answer" in steps and point.deviation_id is None
    form = forms.AnswerForm(request.POST if request.method == "POST" else None, point=point) if may_answer else None
    if request.method == "POST":
        if form is None:
            return too_late(request, audit)
        if form.is_valid():
            try:
                actions.answer_point(point=point, by=user, **form.cleaned_data)
            except StepRefused:
                return too_late(request, visible_audit(user, pk))
            except actions.WrittenMeanwhile:
                form.add_error(None, _("Somebody else answered meanwhile. Read it, and save again."))
                form.read_again(AuditPoint.objects.get(pk=point.pk).edits)
            else:
                return redirect(_next(point))
    return _page(request, user, point, form, None)


def _next(point: AuditPoint) -> str:
    """Where something was found, its own page, to report it in one tap; else what has no answer yet."""
    if point.is_finding:
        return f"{point.get_absolute_url()}#meld"
    left = AuditPoint.objects.filter(audit=point.audit, answer="").order_by("number")
    following = left.filter(number__gt=point.number).first() or left.first()
    return following.get_absolute_url() if following else point.audit.get_absolute_url()


def _page(
    request: HttpRequest, user: User, point: AuditPoint, form: Any, finding: forms.FindingForm | None
) -> HttpResponse:
    audit = point.audit
    parts = audit_access.parts_in_audit(audit, user)
    steps = {step.name for step in audit_access.audit_steps(audit, parts)}
    all_points = points_of(audit, user)
    here = next(n for n, each in enumerate(all_points) if each.point.pk == point.pk)
    may_report = "report_finding" in steps and point.is_finding and point.deviation_id is None
    if may_report and finding is None:
        finding = _finding_form(None, user, point)
    requirement = point.requirement
    return render(
        request,
        "improvement/audits/point.html",
        {
            "audit": audit,
            "point": point,
            "seen": all_points[here],
            "before": all_points[here - 1].point if here else None,
            "after": all_points[here + 1].point if here + 1 < len(all_points) else None,
            "of": len(all_points),
            "nth": here + 1,
            "form": form,
            "finding": finding if may_report else None,
            "sees": audit_access.sees_answers(audit, parts),
            "may_strike": "strike" in steps and not point.answer,
            "covering": audit_checklist.covering(user, [requirement]) if requirement else [],
        },
    )


def _finding_form(data: Any, user: User, point: AuditPoint) -> forms.FindingForm:
    below = Unit.objects.active().in_subtree(point.audit.unit).exclude(pk=point.audit.unit_id)
    return forms.FindingForm(
        data,
        point=point,
        user=user,
        category=suggested_category(user, point),
        below=list(below.order_by("depth", "name", "pk")[:BELOW]),
    )


def suggested_category(user: User, point: AuditPoint) -> Category | None:
    """As the finding before it in the same audit; else what cases breaching the procedure most often are about.

    Of the cases the person sees, so that nothing is told of others.
    """
    seen = Deviation.objects.visible_to(user).filter(category__isnull=False, category__is_active=True)
    before = AuditPoint.objects.filter(audit=point.audit, deviation__in=seen.values("pk"))
    if last := before.select_related("deviation__category").order_by("-deviation_id").first():
        return last.deviation.category if last.deviation else None
    if point.document_id is None:
        return None
    counted = seen.filter(breached_document=point.document_id).order_by().values("category").annotate(n=Count("pk"))
    most = counted.order_by("-n", "category").first()
    return Category.objects.filter(pk=most["category"]).first() if most else None


@require_POST
def report(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One tap: the finding becomes a case, which its handler gets as any other."""
    user = visitor(request)
    point = _point(user, pk, number)
    if refused := not_now(request, point.audit, user, "report_finding"):
        return refused
    form = _finding_form(request.POST, user, point)
    if not form.is_valid():
        return _page(request, user, point, None, form)
    try:
        actions.report_finding(point=point, by=user, **form.reported())
    except StepRefused:
        return too_late(request, visible_audit(user, pk))
    if point.answer == Answer.NOT:
        messages.success(request, _("Reported. Whoever leads there gets it as any case, with the day it is due."))
    else:
        messages.success(request, _("Proposed. Whoever leads there gets it as any proposal."))
    left = AuditPoint.objects.filter(audit=point.audit, answer="").order_by("number").first()
    return redirect(left if left and "answer" in _open_steps(point.audit, user) else point.audit)


def _open_steps(audit: Audit, user: User) -> set[str]:
    return {step.name for step in audit_access.audit_steps(audit, audit_access.parts_in_audit(audit, user))}


@require_POST
def strike(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """It needn't be looked at."""
    user = visitor(request)
    point = _point(user, pk, number)
    if refused := not_now(request, point.audit, user, "strike"):
        return refused
    try:
        actions.strike(point=point, by=user)
    except StepRefused:
        return too_late(request, visible_audit(user, pk))
    messages.success(request, _("It is off the checklist."))
    return redirect(f"{point.audit.get_absolute_url()}#sjekkliste")
