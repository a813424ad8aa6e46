"""The list of actions, one action, and planning a new one."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations.forms.people import colleagues_like, person_label
from deviations.models import Deviation
from improvement import access, actions
from improvement.filters import (
    AREA,
    ENDED,
    LATE,
    MINE,
    NOT_SET,
    SHARED,
    WITH_CASE,
    WITHOUT,
    ActionFilter,
    oversees,
    own_units,
    page_of,
    works,
)
from improvement.forms import acting as forms
from improvement.lifecycle import LIFECYCLE, Part
from improvement.models import Action, Hazard, Improvement, RiskAnalysis, Strength
from improvement.views.checking import effects_of
from improvement.views.stepping import StepPage, back_to
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.dates import written
from kvalitetslosen.ui.lookup import suggestions

TOLD = 50  # events on an action's page
HEADING = 120  # characters of an action that fit in a heading


def visitor(request: HttpRequest) -> User:
    """Who asks; the log-in middleware has seen to it that it is somebody."""
    return cast("User", request.user)


# The list


@require_GET
def action_list(request: HttpRequest) -> HttpResponse:
    """What is to be done, by whom, and what is late."""
    user = visitor(request)
    asked = ActionFilter.of(user, request.GET)
    if asked.view == SHARED:
        rows = asked.rows().select_related("unit").only("what", "done_note", "strength", "closed_at", "unit__name")
    else:
        rows = asked.rows().select_related("owner", "unit")
    return render(
        request,
        "improvement/list.html",
        {
            "asked": asked,
            "view": asked.view,
            "page_of_actions": page_of(rows, asked.view, request.GET),
            "tabs": _tabs(user, asked.view),
            "filters": [] if asked.view == SHARED else _filters(user, asked),
            "asks_owner": asked.view not in (MINE, SHARED) and oversees(user),
            "is_filtered": asked.is_filtered,
            "may_plan": access.may_plan(user),
        },
    )


def _tabs(user: User, current: str) -> list[tuple[str, str, bool]]:
    views = [(MINE, _("Mine"))]
    if oversees(user):
        views.append((AREA, _("My area")))
    views += [(LATE, _("Late")), (ENDED, _("Ended"))]
    if works(user):
        views.append((SHARED, _("Done where I work")))
    here = reverse("improvement:actions")
    return [(label, f"{here}?visning={view}", view == current) for view, label in views]


def _filters(user: User, asked: ActionFilter) -> list[dict[str, Any]]:
    """The choices of the filter bar: name, label and options with the chosen one marked."""
    options: list[tuple[str, str, str, list[tuple[str, Any]]]] = [
        (
            "styrke",
            _("Strength"),
            asked.strength,
            [("", _("All")), *Strength.choices, (NOT_SET, _("Not assessed"))],
        ),
        (
            "sak",
            _("Case"),
            asked.case,
            [("", _("With and without a case")), (WITH_CASE, _("In a case")), (WITHOUT, _("Without a case"))],
        ),
    ]
    if asked.view != MINE and oversees(user):
        chosen = str(asked.unit.pk) if asked.unit else ""
        options.append(("enhet", _("Unit"), chosen, _units([asked.unit] if asked.unit else own_units(user))))
    return [
        {"name": name, "label": label, "options": [(value, text, value == chosen) for value, text in choices]}
        for name, label, chosen, choices in options
    ]


def _units(here: list[Unit]) -> list[tuple[str, Any]]:
    """The whole area, the units given, and those right below each."""
    below = list(Unit.objects.active().filter(parent__in=here).order_by("name", "pk")[:60])
    units: list[tuple[str, Any]] = [("", _("My whole area"))]
    for unit in here:
        units.append((str(unit.pk), unit.name))
        units += [(str(each.pk), f"– {each.name}") for each in below if each.parent_id == unit.pk]
    return units


@require_GET
def find_person(request: HttpRequest) -> HttpResponse:
    """Suggestions while one writes a colleague's name."""
    written = next((str(value) for value in request.GET.values()), "")[:200]
    return suggestions(colleagues_like(visitor(request), written), person_label)


# A new one


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """What, who, by when: in a case, or without one."""
    user = visitor(request)
    improvement = _improvement_asked_for(user, request.GET.get("forbedring", ""))
    hazard = _hazard_asked_for(user, request.GET.get("fare", "")) if improvement is None else None
    deviation = _case_asked_for(user, request.GET.get("sak", "")) if improvement is None and hazard is None else None
    if deviation is not None and not deviation.is_open:
        messages.warning(request, _("The case is closed, so no actions can be added to it."))
        return redirect(deviation)
    form = forms.ActionForm(
        request.POST if request.method == "POST" else None,
        user=user,
        deviation=deviation,
        improvement=improvement,
        hazard=hazard,
    )
    if request.method == "POST" and form.is_valid():
        try:
            action = actions.plan(by=user, **form.planned())
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have the action. Choose somebody else."))
        except actions.CaseClosed:
            messages.warning(request, _("The case was closed meanwhile, so the action was not added."))
            return redirect(deviation or "improvement:actions")
        except actions.WorkEnded:
            messages.warning(request, _("It was ended meanwhile, so the action was not added."))
            return redirect(improvement or hazard or "improvement:actions")
        else:
            messages.success(
                request,
                _("The action is planned: you, by %(day)s.") % {"day": written(action.deadline)}
                if action.owner_id == user.pk
                else _("The action is planned: %(who)s, by %(day)s.")
                % {"who": action.owner.name, "day": written(action.deadline)},
            )
            return redirect(deviation or improvement or hazard or action)
    context = {"form": form, "deviation": deviation, "improvement": improvement, "hazard": hazard}
    return render(request, "improvement/add.html", context)


def _improvement_asked_for(user: User, pk: str) -> Improvement | None:
    """The improvement an action is to be part of, if any. 404 and 403 as everywhere."""
    if not pk:
        return None
    rows = Improvement.objects.visible_to(user).select_related("unit")
    improvement = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
    if not improvement.is_working:
        raise PermissionDenied
    return improvement


def _hazard_asked_for(user: User, pk: str) -> Hazard | None:
    """The hazard an action is to be against, if any. 404 and 403 as everywhere."""
    if not pk:
        return None
    rows = Hazard.objects.filter(analysis__in=RiskAnalysis.objects.visible_to(user)).select_related("analysis__unit")
    hazard = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
    if not access.may_plan_against(hazard.analysis, user):
        raise PermissionDenied
    return hazard


def _case_asked_for(user: User, reference: str) -> Deviation | None:
    """The case an action is to belong to, if any. 404 and 403 as everywhere."""
    if not reference:
        if not access.may_plan(user):
            raise PermissionDenied
        return None
    rows = Deviation.objects.visible_to(user).select_related("handling_unit")
    deviation = get_object_or_404(rows, reference=reference)
    if not access.may_plan_in(deviation, user):
        raise PermissionDenied
    return deviation


# One action


def visible_action(user: User, pk: int) -> Action:
    """The action, or 404 for whoever may not see it."""
    rows = Action.objects.visible_to(user).select_related(
        "owner", "unit", "deviation", "improvement", "closed_by", "hazard", "agenda_item__deviation"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def action_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done, who does it, by when, and what next."""
    user = visitor(request)
    action = visible_action(user, pk)
    parts = access.parts_of(action, user)
    steps = {step.name: step for step in access.available_steps(action, parts)}
    primary = steps.pop("finish", None)
    deviation = action.deviation
    may_see_case = deviation is not None and Deviation.objects.visible_to(user).filter(pk=deviation.pk).exists()
    part_of = action.improvement
    if part_of is not None and not Improvement.objects.visible_to(user).filter(pk=part_of.pk).exists():
        part_of = None
    hazard = action.hazard
    if hazard is not None and not RiskAnalysis.objects.visible_to(user).filter(pk=hazard.analysis_id).exists():
        hazard = None
    events = Event.objects.about(action).order_by("-number")[:TOLD]
    return render(
        request,
        "improvement/action.html",
        {
            "action": action,
            "primary": primary,
            "start": steps.pop("start", None),
            "further": list(steps.values()),
            "case": deviation if may_see_case else None,
            "part_of": part_of,
            "hazard": hazard,
            "told": tell(events, user),
            "is_mine": Part.OWNER in parts,
            "pieces": action.parts.select_related("owner").order_by("pk"),
            "may_divide": access.may_divide(action, parts),
            "is_shortened": len(action.what) > HEADING or "\n" in action.what,
            "asks_nothing": ASKS_NOTHING,
            **effects_of(action, user),
        },
    )


STEPS: dict[str, StepPage] = {
    "start": StepPage(forms.NoQuestionsForm, actions.start, gettext_lazy("The action is under way.")),
    "finish": StepPage(
        forms.FinishForm, actions.finish, gettext_lazy("Done. Well done!"), gettext_lazy("A sentence is enough.")
    ),
    "move_deadline": StepPage(forms.MoveDeadlineForm, actions.move_deadline, gettext_lazy("The deadline is moved.")),
    "hand_over": StepPage(
        forms.HandOverForm,
        actions.hand_over,
        gettext_lazy("The action is handed over."),
        gettext_lazy("They are told, and are reminded from now on."),
    ),
    "weigh": StepPage(forms.WeighForm, actions.weigh, gettext_lazy("The strength is noted.")),
    "outlive": StepPage(
        forms.NoQuestionsForm, actions.outlive, gettext_lazy("The case can be closed while the action goes on.")
    ),
    "share": StepPage(
        forms.NoQuestionsForm,
        actions.share,
        gettext_lazy("Colleagues in the unit see what was done, once it is done."),
    ),
    "unshare": StepPage(forms.NoQuestionsForm, actions.unshare, gettext_lazy("Colleagues don't see it.")),
    "cancel": StepPage(forms.ReasonForm, actions.cancel, gettext_lazy("The action is cancelled.")),
}

ASKS_NOTHING = frozenset(name for name, how in STEPS.items() if how.form.asks_nothing)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    action = visible_action(user, pk)
    parts = access.parts_of(action, user)
    if not any(each.parts & parts for each in LIFECYCLE if each.name == name):
        raise PermissionDenied
    how = STEPS[name]
    row = LIFECYCLE.find(name, action.state)
    if row is None or row not in access.available_steps(action, parts):
        return too_late(request, action)
    if request.method == "GET" and how.form.asks_nothing:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    options: dict[str, Any] = {"action": action, "user": user}
    if row.note is Note.REQUIRED:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(action=action, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused:
            return too_late(request, visible_action(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have the action. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            return redirect(back_to(user, action, reverse("improvement:actions")))
    return render(
        request,
        "improvement/step.html",
        {
            "form": form,
            "action": action,
            "step": row,
            "lead": how.lead,
            "not_ticked": action.parts.waiting().select_related("owner").order_by("pk") if name == "finish" else (),
        },
    )
