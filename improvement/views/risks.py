"""The list of risk analyses, beginning one, its page with the matrix, and the steps of its life."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations.views.visiting import visitor
from improvement import access, actions
from improvement.forms import assessing as forms
from improvement.models import Action, Hazard, RiskAnalysis
from improvement.risk_estimate import experience
from improvement.risk_lifecycle import RISK, RiskState
from improvement.risk_matrix import matrix
from improvement.views.stepping import StepPage, back_to
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

PER_PAGE = 50
TOLD = 40
SOON = datetime.timedelta(days=30)


@require_GET
def risk_list(request: HttpRequest) -> HttpResponse:
    """The analyses one may see, those to be looked at anew first."""
    user = visitor(request)
    ended = request.GET.get("visning") == "trukne"
    rows = RiskAnalysis.objects.visible_to(user)
    if ended:
        rows = rows.filter(state=RiskState.WITHDRAWN).order_by("-withdrawn_at", "-pk")
    else:
        rows = rows.current().order_by(F("review_on").asc(nulls_last=True), "title", "pk")
    rows = rows.select_related("unit", "owner").prefetch_related("hazards")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    here, view = reverse("risks:list"), "trukne" if ended else ""
    return render(
        request,
        "improvement/risks/list.html",
        {
            "page_of_risks": page,
            "lines": [(row, _largest(row)) for row in page.object_list],
            "soon": timezone.localdate() + SOON,
            "ended": ended,
            "tabs": [(_("Current"), here, not ended), (_("Withdrawn"), f"{here}?visning=trukne", ended)],
            "previous": f"?visning={view}&side={page.previous_page_number()}" if page.has_previous() else None,
            "following": f"?visning={view}&side={page.next_page_number()}" if page.has_next() else None,
            "may_begin": access.may_analyse_risk(user),
        },
    )


def _largest(analysis: RiskAnalysis) -> Hazard | None:
    return min(analysis.hazards.all(), key=lambda hazard: hazard.rank, default=None)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin an analysis in a unit one leads or coordinates."""
    user = visitor(request)
    if not access.may_analyse_risk(user):
        raise PermissionDenied
    form = forms.BeginForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            analysis = actions.begin_analysis(by=user, **form.begun())
        except actions.CannotHave:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, _("It has begun. Add what can go wrong, one thing at a time."))
            return redirect(analysis)
    return render(request, "improvement/risks/add.html", {"form": form})


# One analysis


def visible_risk(user: User, pk: int) -> RiskAnalysis:
    """The analysis, or 404 for whoever may not see it."""
    rows = RiskAnalysis.objects.visible_to(user).select_related("owner", "unit").prefetch_related("hazards")
    return get_object_or_404(rows, pk=pk)


FURTHER = ("confirm", "revise", "rewrite", "hand_over", "withdraw")


@require_GET
def risk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix before and after, the hazards with what is done about each, and when it is looked at anew."""
    user = visitor(request)
    analysis = visible_risk(user, pk)
    parts = access.parts_in_risk(analysis, user)
    steps = {step.name: step for step in access.risk_steps(analysis, parts)}
    hazards = sorted(analysis.hazards.all(), key=lambda hazard: hazard.rank)
    plans = actions_against(hazards, user)
    seen = experience(analysis, hazards, user) if parts else {}
    leading = steps.get("put_in_force")
    if analysis.review_on is not None and analysis.review_on <= timezone.localdate() + SOON:
        leading = steps.get("confirm")
    return render(
        request,
        "improvement/risks/risk.html",
        {
            "analysis": analysis,
            "hazards": [(hazard, plans.get(hazard.pk, []), seen.get(hazard.pk)) for hazard in hazards],
            "before": matrix((hazard.consequence, hazard.probability, hazard) for hazard in hazards),
            "after": matrix((*hazard.after, hazard) for hazard in hazards if hazard.after),
            "has_after": any(hazard.after for hazard in hazards),
            "leading": leading,
            "form": STEPS[leading.name].form(analysis=analysis, user=user) if leading else None,
            "may_add": "add_hazard" in steps,
            "further": [steps[name] for name in FURTHER if name in steps and steps[name] != leading],
            "told": tell(Event.objects.about(analysis).select_related("by").order_by("-number")[:TOLD], user)
            if parts
            else [],
        },
    )


def actions_against(hazards: list[Hazard], user: User) -> dict[int, list[tuple[Action, bool]]]:
    """What is done about each hazard; whether the person may open each action."""
    rows = list(
        Action.objects.filter(hazard__in=[hazard.pk for hazard in hazards])
        .select_related("owner")
        .order_by("deadline", "pk")
    )
    if not rows:
        return {}
    may = set(Action.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    found: dict[int, list[tuple[Action, bool]]] = {}
    for row in rows:
        found.setdefault(row.hazard_id or 0, []).append((row, row.pk in may))
    return found


# Its steps


STEPS: dict[str, StepPage] = {
    "put_in_force": StepPage(
        forms.ApplyForm,
        actions.let_apply,
        gettext_lazy("It applies from now on, and colleagues in the unit can read it."),
        gettext_lazy("Colleagues in the unit can read it from then on, without the cases."),
    ),
    "confirm": StepPage(
        forms.ConfirmForm, actions.confirm_analysis, gettext_lazy("Reviewed. You are reminded next time.")
    ),
    "revise": StepPage(
        forms.ReviseForm, actions.revise_analysis, gettext_lazy("Reviewed. You are reminded next time.")
    ),
    "rewrite": StepPage(forms.RewriteForm, actions.rewrite_analysis, gettext_lazy("It is changed.")),
    "hand_over": StepPage(
        forms.GiveForm, actions.give_analysis, gettext_lazy("They answer for it from now on, and are told.")
    ),
    "withdraw": StepPage(
        forms.WithdrawForm,
        actions.withdraw_analysis,
        gettext_lazy("It is withdrawn. It can still be read by those who answer for the area."),
    ),
}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step of the table."""
    user = visitor(request)
    analysis = visible_risk(user, pk)
    parts = access.parts_in_risk(analysis, user)
    if not RISK[name].parts & parts:
        raise PermissionDenied
    how = STEPS[name]
    row = RISK.find(name, analysis.state)
    if row is None or row not in access.risk_steps(analysis, parts):
        return too_late(request, analysis)
    options: dict[str, Any] = {"analysis": analysis, "user": user}
    if row.note is not Note.NONE:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(analysis=analysis, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused:
            return too_late(request, visible_risk(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotHave:
            form.add_error("person", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            return redirect(back_to(user, analysis, reverse("risks:list")))
    context = {"form": form, "analysis": analysis, "step": row, "lead": how.lead}
    return render(request, "improvement/risks/step.html", context)
