"""One hazard of a risk analysis, and the cases that point to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import access as cases
from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import access, actions
from improvement.forms import assessing as forms
from improvement.models import Hazard, RiskAnalysis
from improvement.risk_estimate import cases_of, experience
from improvement.risk_lifecycle import RISK, RiskState
from improvement.views.risks import actions_against, visible_risk
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import User

SHOWN = 60


def _hazard(user: User, pk: int, number: int) -> Hazard:
    """The hazard, or 404 for whoever may not see its analysis."""
    analysis = visible_risk(user, pk)
    hazard = get_object_or_404(Hazard, analysis=analysis, number=number)
    hazard.analysis = analysis
    return hazard


def _may(analysis: RiskAnalysis, user: User, step: str) -> bool:
    """Whether the step is open now; 403 for whom it never is."""
    parts = access.parts_in_risk(analysis, user)
    if not RISK[step].parts & parts:
        raise PermissionDenied
    return analysis.state in RISK[step].sources


@require_GET
def hazard_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What can happen, how large the risk is, what is done about it; what has happened, for those who may see it."""
    user = visitor(request)
    hazard = _hazard(user, pk, number)
    analysis = hazard.analysis
    parts = access.parts_in_risk(analysis, user)
    steps = {step.name for step in access.risk_steps(analysis, parts)}
    plans = actions_against([hazard], user).get(hazard.pk, [])
    context: dict[str, Any] = {
        "hazard": hazard,
        "analysis": analysis,
        "plans": plans,
        "may_change": "assess" in steps,
        "may_decide": "decide" in steps,
        "may_take_away": "take_away" in steps and not plans,
        "may_plan": access.may_plan_against(analysis, user),
    }
    if parts:
        context |= {
            "cases": list(cases_of(hazard, user)[:SHOWN]),
            "experience": experience(analysis, [hazard], user)[hazard.pk],
        }
    return render(request, "improvement/risks/hazard.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more thing that can happen."""
    user = visitor(request)
    analysis = visible_risk(user, pk)
    if not _may(analysis, user, "add_hazard"):
        return too_late(request, analysis)
    form = forms.HazardForm(request.POST if request.method == "POST" else None, analysis=analysis)
    if request.method == "POST" and form.is_valid():
        try:
            hazard = actions.add_hazard(analysis=analysis, by=user, seen=form.cleaned_data["seen"], **form.says())
        except StepRefused:
            return too_late(request, visible_risk(user, pk))
        messages.success(request, _("The hazard is added. What do you do about it?"))
        return redirect(hazard)
    return render(request, "improvement/risks/hazard_form.html", {"form": form, "analysis": analysis})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Other words, or another estimate."""
    user = visitor(request)
    hazard = _hazard(user, pk, number)
    if not _may(hazard.analysis, user, "assess"):
        return too_late(request, hazard.analysis)
    form = forms.HazardForm(
        request.POST if request.method == "POST" else None, analysis=hazard.analysis, hazard=hazard
    )
    if request.method == "POST" and form.is_valid():
        decided = hazard.acceptance
        try:
            actions.assess(hazard=hazard, by=user, seen=form.cleaned_data["seen"], **form.says())
        except StepRefused:
            return too_late(request, visible_risk(user, pk))
        if decided and not hazard.acceptance:
            messages.success(request, _("The hazard is changed. The risk is another now: can you live with it?"))
        else:
            messages.success(request, _("The hazard is changed."))
        return redirect(hazard)
    context = {"form": form, "analysis": hazard.analysis, "hazard": hazard}
    return render(request, "improvement/risks/hazard_form.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Whether one can live with what remains, and why."""
    user = visitor(request)
    hazard = _hazard(user, pk, number)
    if not _may(hazard.analysis, user, "decide"):
        return too_late(request, hazard.analysis)
    form = forms.DecideForm(request.POST if request.method == "POST" else None, hazard=hazard)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_on_hazard(hazard=hazard, by=user, **form.cleaned_data)
        except StepRefused:
            return too_late(request, visible_risk(user, pk))
        messages.success(request, _("Noted."))
        return redirect(hazard)
    context = {"form": form, "analysis": hazard.analysis, "hazard": hazard}
    return render(request, "improvement/risks/decide.html", context)


@require_POST
def take_away(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """It was no hazard after all."""
    user = visitor(request)
    hazard = _hazard(user, pk, number)
    if not _may(hazard.analysis, user, "take_away"):
        return too_late(request, hazard.analysis)
    try:
        actions.take_hazard_away(hazard=hazard, by=user)
    except StepRefused:
        return too_late(request, visible_risk(user, pk))
    messages.success(request, _("The hazard is taken away."))
    return redirect(hazard.analysis)


# From the page of a case


def _case(user: User, reference: str) -> Deviation:
    """The case, for whoever handles it. 404 and 403 as everywhere."""
    rows = Deviation.objects.visible_to(user).select_related("unit", "handling_unit")
    deviation = get_object_or_404(rows, reference=reference)
    if not access.may_point(deviation, cases.parts_of(deviation, user)):
        raise PermissionDenied
    return deviation


def hazards_for(deviation: Deviation, user: User) -> list[Hazard]:
    """What applies where it happened or is handled, or above, of what the person may see."""
    line = {*deviation.unit.ancestor_ids, *deviation.handling_unit.ancestor_ids}
    analyses = RiskAnalysis.objects.visible_to(user).filter(state=RiskState.APPLIES, unit__in=line)
    rows = Hazard.objects.filter(analysis__in=analyses).exclude(ties__deviation=deviation)
    return list(rows.select_related("analysis__unit").order_by("analysis__title", "analysis", "number"))


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, reference: str) -> HttpResponse:
    """Say which hazard the case shows."""
    user = visitor(request)
    deviation = _case(user, reference)
    hazards = hazards_for(deviation, user)
    form = forms.PointForm(request.POST if request.method == "POST" else None, hazards=hazards)
    if request.method == "POST" and form.is_valid():
        try:
            actions.point(hazard=form.cleaned_data["hazard"], deviation=deviation, by=user)
        except actions.CannotPoint:
            form.add_error("hazard", _("The case can't point to this hazard. Choose another."))
        else:
            messages.success(request, _("The case points to the hazard."))
            return redirect(f"{deviation.get_absolute_url()}#risiko")
    context = {"form": form, "deviation": deviation, "hazards": hazards}
    return render(request, "improvement/risks/point.html", context)


@require_POST
def point_no_more(request: HttpRequest, reference: str, hazard: int) -> HttpResponse:
    """The case had to do with something else."""
    user = visitor(request)
    deviation = _case(user, reference)
    seen = Hazard.objects.filter(analysis__in=RiskAnalysis.objects.visible_to(user))
    row = get_object_or_404(seen, pk=hazard)
    actions.point_no_more(hazard=row, deviation=deviation, by=user)
    messages.success(request, _("The case doesn't point to it any more."))
    return redirect(f"{deviation.get_absolute_url()}#risiko")
