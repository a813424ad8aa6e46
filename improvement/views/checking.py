"""Looks at the effect: planning one in a case, its page, and saying whether it worked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import access, actions
from improvement.forms import checking as forms
from improvement.lifecycle import EFFECT, EffectState, State
from improvement.models import Action, EffectCheck, Hazard, Improvement, Measure, RiskAnalysis
from improvement.series import series_of
from improvement.views.stepping import StepPage
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import written

TOLD = 50  # events on its page


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what shall be seen, by when and by whom."""
    user = visitor(request)
    deviation = get_object_or_404(
        Deviation.objects.visible_to(user).select_related("handling_unit"), reference=reference
    )
    if not access.may_plan_in(deviation, user):
        raise PermissionDenied
    form = forms.PlanCheckForm(request.POST if request.method == "POST" else None, user=user, deviation=deviation)
    if request.method == "POST" and form.is_valid():
        try:
            check = actions.plan_check(by=user, deviation=deviation, **form.planned())
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        except actions.NothingToLookAt:
            messages.warning(request, _("Nothing was done in this case whose effect could be looked at."))
            return redirect(deviation)
        else:
            messages.success(request, _("The effect is looked at on %(day)s.") % {"day": written(check.opens_on)})
            return redirect(deviation)
    return render(request, "improvement/effects/add.html", {"form": form, "deviation": deviation})


@require_http_methods(["GET", "POST"])
def add_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for an action that has no case."""
    user = visitor(request)
    action = get_object_or_404(Action.objects.visible_to(user).select_related("owner", "unit", "deviation"), pk=pk)
    if not access.may_look_at(action, access.parts_of(action, user)):
        raise PermissionDenied
    form = forms.PlanCheckForm(request.POST if request.method == "POST" else None, user=user, deviation=None)
    if request.method == "POST" and form.is_valid():
        try:
            check = actions.plan_check_of(by=user, action=action, **form.planned())
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        except actions.NothingToLookAt:
            messages.warning(request, _("The action is cancelled, so there is no effect to look at."))
            return redirect(action)
        else:
            messages.success(request, _("The effect is looked at on %(day)s.") % {"day": written(check.opens_on)})
            return redirect(action)
    return render(request, "improvement/effects/add.html", {"form": form, "action": action})


def another_for(action: Action, user: User) -> str:
    """Where another action is planned for the same, by those who may."""
    here = reverse("improvement:add")
    if action.improvement_id is not None:
        seen = Improvement.objects.visible_to(user).filter(pk=action.improvement_id).exists()
        return f"{here}?forbedring={action.improvement_id}" if seen else ""
    if action.hazard_id is not None:
        hazards = Hazard.objects.filter(analysis__in=RiskAnalysis.objects.visible_to(user))
        return f"{here}?fare={action.hazard_id}" if hazards.filter(pk=action.hazard_id).exists() else ""
    return here if access.may_plan(user) else ""


def effects_of(action: Action, user: User) -> dict[str, Any]:
    """What the page of an action says of its effect; where it did not work, the way to another action.

    Until one is planned since: for the same improvement or hazard, from the same point of an agenda, or else there.
    """
    checks = EffectCheck.objects.visible_to(user).filter(action=action).exclude(state=EffectState.DROPPED)
    rows = list(checks.select_related("owner").order_by("created_at", "pk")) if action.deviation_id is None else []
    parts = access.parts_of(action, user)
    last = rows[-1] if rows else None
    another = ""
    if last and last.state == EffectState.INEFFECTIVE and last.judged_at:
        same = {name: getattr(action, name) for name in ("improvement_id", "hazard_id", "agenda_item_id", "unit_id")}
        since = Action.objects.filter(**same, deviation=None, created_at__gte=last.judged_at).exclude(pk=action.pk)
        another = "" if since.exclude(state=State.CANCELLED).exists() else another_for(action, user)
    may = access.may_look_at(action, parts) and not any(row.is_waiting for row in rows)
    return {"effects": rows, "another": another, "may_look": may}


def visible_check(user: User, pk: int) -> EffectCheck:
    """The look at the effect, or 404 for whoever may not see it."""
    rows = EffectCheck.objects.visible_to(user).select_related(
        "owner", "unit", "deviation", "action", "measure", "judged_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def effect_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was to be seen, and whether it is."""
    user = visitor(request)
    check = visible_check(user, pk)
    steps = {step.name: step for step in access.check_steps(check, access.parts_in_check(check, user))}
    judging = [steps.pop(name) for name in ("effective", "ineffective", "inconclusive") if name in steps]
    measure = Measure.objects.visible_to(user).filter(pk=check.measure_id).first() if check.measure_id else None
    return render(
        request,
        "improvement/effects/effect.html",
        {
            "check": check,
            "judging": judging,
            "further": list(steps.values()),
            "case": Deviation.objects.visible_to(user).filter(pk=check.deviation_id).first()
            if check.deviation_id
            else None,
            "action": _seen(user, check),
            "measure": measure,
            "series": series_of(measure, user) if measure else None,
            "told": tell(Event.objects.about(check).order_by("-number")[:TOLD], user),
        },
    )


STEPS: dict[str, StepPage] = {
    "effective": StepPage(
        forms.FoundForm, actions.found_effective, gettext_lazy("Noted: it worked. The reporter is told.")
    ),
    "ineffective": StepPage(
        forms.FoundForm,
        actions.found_ineffective,
        gettext_lazy("Noted: it did not work. The case is open again, for its cause and another action."),
        gettext_lazy("It is worth as much to know. The case opens again, and another action is asked for."),
    ),
    "inconclusive": StepPage(forms.LaterForm, actions.cannot_tell, gettext_lazy("It is looked at again later.")),
    "reword": StepPage(forms.RewordForm, actions.reword, gettext_lazy("The plan is changed.")),
    "hand_over": StepPage(forms.PassOnForm, actions.pass_on, gettext_lazy("It is handed over.")),
    "drop": StepPage(forms.ReasonForm, actions.drop, gettext_lazy("The effect is not looked at.")),
}


OF_ACTION: dict[str, Any] = {
    "effective": gettext_lazy("Noted: it worked. Whoever did it is told."),
    "ineffective": gettext_lazy("Noted: it did not work. What do you try instead?"),
}
"""What is said where there is no case."""


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    check = visible_check(user, pk)
    parts = access.parts_in_check(check, user)
    if not EFFECT[name].parts & parts:
        raise PermissionDenied
    how = STEPS[name]
    row = EFFECT.find(name, check.state)
    if row is None:
        return too_late(request, check)
    options: dict[str, Any] = {"check": check, "user": user}
    if row.note is Note.REQUIRED:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(check=check, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused:
            return too_late(request, check)
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, str(how.done if check.deviation_id else OF_ACTION.get(name, how.done)))
            if name == "ineffective" and (action := _seen(user, check)) is not None:
                return redirect(action)
            seen = EffectCheck.objects.visible_to(user).filter(pk=check.pk).exists()
            return redirect(check if seen else "today")
    return render(
        request,
        "improvement/effects/step.html",
        {"form": form, "check": check, "step": row, "lead": how.lead if check.deviation_id else ""},
    )


def _seen(user: User, check: EffectCheck) -> Action | None:
    """The action it is of, if it is of one and the person sees it."""
    if check.action_id is None:
        return None
    return Action.objects.visible_to(user).filter(pk=check.action_id).first()
