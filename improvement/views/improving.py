"""Beginning an improvement, and its page: the step it is at, led by a question, and what the others came to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import access as cases
from deviations.lifecycle import State as CaseState
from deviations.models import Category, Deviation, TallySheet
from deviations.several import MOST
from deviations.views.visiting import visitor
from documents.models import Document
from improvement import access, actions
from improvement.forms import improving as forms
from improvement.guide import GUIDES
from improvement.models import Action, Decision, Improvement, Measure
from improvement.series import all_series
from improvement.seven_steps import STEPS_IN_ORDER, Share, Stage
from improvement.views.improvement_steps import ASKS_NOTHING, STEPS
from improvement.views.stepping import back_to
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.lookup import suggestions

TOLD = 40  # events on an improvement's page
SHOWN = 60  # cases and actions on it
CHARTS = 12
ENOUGH_SOLUTIONS = 3
SUGGESTED = 4  # measures of what the cases are about


def visible_improvement(user: User, pk: int) -> Improvement:
    """The improvement, or 404 for whoever may not see it."""
    rows = Improvement.objects.visible_to(user).select_related("owner", "unit", "sheet__unit", "version__document")
    return get_object_or_404(rows.prefetch_related("solutions", "trials"), pk=pk)


# Beginning


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """From cases, a chart, a month of ticks, or nothing."""
    user = visitor(request)
    if not access.may_improve(user):
        raise PermissionDenied
    taken, left = _cases_asked_for(user, request.GET.getlist("sak"))
    measure = _asked_for(Measure.objects.visible_to(user).select_related("unit"), request.GET.get("maling", ""))
    sheet = _asked_for(TallySheet.objects.visible_to(user).select_related("unit"), request.GET.get("ark", ""))
    place = measure.unit if measure else sheet.unit if sheet else taken[0].handling_unit if taken else None
    category, suggested = (None, []) if measure else _measures_for(user, taken)
    form = forms.BeginForm(
        request.POST if request.method == "POST" else None,
        user=user,
        unit=place,
        suggested=suggested,
        category=category,
    )
    if request.method == "POST" and form.is_valid():
        begun = form.begun()
        try:
            improvement = actions.begin_improvement(by=user, cases=taken, sheet=sheet, **{"measure": measure, **begun})
        except actions.CannotHave:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, _("It has begun. The page leads you through the steps."))
            return redirect(back_to(user, improvement, reverse("improvements:board")))
    context = {"form": form, "cases": taken, "left": left, "measure": measure, "sheet": sheet}
    return render(request, "improvement/improvements/add.html", context)


def _cases_asked_for(user: User, asked: list[str]) -> tuple[list[Deviation], list[Deviation]]:
    """The cases with these numbers that can become part of it, and those that can't, of those the person sees."""
    references = [each.partition(":")[0][:24].upper() for each in asked[:MOST]]
    if not references:
        return [], []
    rows = Deviation.objects.visible_to(user).filter(reference__in=references)
    found = list(rows.select_related("handling_unit", "unit", "category__parent").order_by("-reported_at", "-pk"))
    may = [row for row in found if access.may_take_up(row, cases.parts_of(row, user))]
    return may, [row for row in found if row not in may]


def _measures_for(user: User, taken: list[Deviation]) -> tuple[Category | None, list[Measure]]:
    """What most of the cases are about, and what is measured of it already where they are handled or above."""
    about = Counter(row.category for row in taken if row.category is not None)
    if not about:
        return None, []
    category = about.most_common(1)[0][0]
    line = {pk for row in taken for pk in row.handling_unit.ancestor_ids}
    rows = Measure.objects.visible_to(user).followed().filter(category=category, unit__in=line)
    return category, list(rows.select_related("unit").order_by("name", "pk")[:SUGGESTED])


def _asked_for(rows: QuerySet[Any], pk: str) -> Any:
    return rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None


@require_GET
def find_document(request: HttpRequest) -> HttpResponse:
    """Suggestions while one writes the title of a document one may change."""
    written = next((str(value) for value in request.GET.values()), "")[:200]
    rows: QuerySet[Document] = forms.documents_like(visitor(request), written)
    return suggestions(rows, lambda row: str(row.title))


# One improvement


@require_GET
def improvement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Which step it is at, what that asks, and what has come of the others. Colleagues read what came of it."""
    user = visitor(request)
    told = Improvement.objects.told_to(user).filter(pk=pk).select_related("unit").first()
    if told is not None and not Improvement.objects.visible_to(user).filter(pk=pk).exists():
        return render(request, "improvement/improvements/told.html", {"improvement": told})
    improvement = visible_improvement(user, pk)
    parts = access.parts_in_improvement(improvement, user)
    steps = {step.name: step for step in access.improvement_steps(improvement, parts)}
    return render(
        request,
        "improvement/improvements/improvement.html",
        {
            "improvement": improvement,
            "guide": GUIDES.get(improvement.state),
            "steps": [(GUIDES[stage], stage, _standing(improvement, stage)) for stage in STEPS_IN_ORDER],
            "primary": _primary(improvement, steps),
            "is_studying": "study_trial" in steps,
            **_forms(improvement, user, steps),
            "further": [steps[name] for name in FURTHER if name in steps],
            "asks_nothing": ASKS_NOTHING,
            "solutions": list(improvement.solutions.all()),
            "trials": list(improvement.trials.all()),
            "charts": _charts(improvement, user),
            "draft": _draft(improvement, user),
            "cases": cases_of(improvement, user),
            "plans": _actions(improvement, user),
            "may_work": improvement.is_working and bool(parts),
            "may_plan": improvement.is_working and bool(parts & {Share.OWNER, Share.RESPONSIBLE, Share.TEAM}),
            "may_tell": not improvement.is_working and bool(parts & {Share.OWNER, Share.RESPONSIBLE}),
            "may_take_out": "take_out" in steps,
            "invited": list(improvement.invited.order_by("name", "pk")),
            "told": tell(Event.objects.about(improvement).select_related("by").order_by("-number")[:TOLD], user),
        },
    )


FURTHER = (
    "set_next", "rewrite", "suggest", "tie_measure", "invite", "hand_over", "go_back", "give_up", "take_up_again",
)  # fmt: skip
"""What one can do besides the step one is at."""

LEADING = {
    Stage.ANALYSE: ("analyse",),
    Stage.GOAL: ("set_goal",),
    Stage.SOLUTIONS: ("suggest", "weigh_up"),
    Stage.CHOOSE: ("choose",),
    Stage.TRY: ("study_trial", "plan_trial", "follow_up"),
    Stage.MEASURE: ("conclude",),
    Stage.FORMALISE: ("open_draft", "finish"),
}
"""What each step asks for, on the page itself."""


def _standing(improvement: Improvement, stage: Stage) -> str:
    """Whether a step is done, where one is, or to come."""
    at = Stage(improvement.state)
    if at == Stage.FINISHED:
        return "done"
    if at == Stage.GIVEN_UP:
        return "later"
    here, there = STEPS_IN_ORDER.index(at), STEPS_IN_ORDER.index(stage)
    return "done" if there < here else "now" if there == here else "later"


def _primary(improvement: Improvement, steps: dict[str, Step]) -> str:
    """The one filled button: what usually comes next."""
    leading = [name for name in LEADING.get(Stage(improvement.state), ()) if name in steps]
    if improvement.state == Stage.SOLUTIONS and len(improvement.solutions.all()) >= ENOUGH_SOLUTIONS:
        return "weigh_up"
    trials = list(improvement.trials.all())
    if "follow_up" in steps and trials and trials[-1].decision == Decision.ADOPT:
        return "follow_up"
    if improvement.state == Stage.FORMALISE and improvement.is_in_force:
        return "finish"
    return leading[0] if leading else ""


def _forms(improvement: Improvement, user: User, steps: dict[str, Step]) -> dict[str, Any]:
    """The forms of the step it is at; a button where the step asks for nothing."""
    leading = [name for name in LEADING.get(Stage(improvement.state), ()) if name in steps]
    if improvement.state == Stage.FORMALISE and improvement.has_draft:
        leading = [name for name in leading if name != "open_draft"]  # there is nothing to choose any more
    found = []
    for name in leading:
        how = STEPS[name]
        form = None if how.form.asks_nothing else how.form(improvement=improvement, user=user)
        found.append((steps[name], form))
    return {"leading": found}


def _charts(improvement: Improvement, user: User) -> list[tuple[Measure, Any, bool]]:
    """The measures tied to it, read by whoever looks; those of them whose own page the person may open."""
    rows = list(improvement.measures.select_related("unit", "category").order_by("name", "pk")[:CHARTS])
    if not rows:
        return []
    read = all_series(rows, user)
    may = set(Measure.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [(row, read[row.pk], row.pk in may) for row in rows]


def _draft(improvement: Improvement, user: User) -> Any:
    """The version that makes it the usual way, for those who may open it: the title of a draft is not for others."""
    version = improvement.version
    if version is None:
        return None
    return version if type(version).objects.visible_to(user).filter(pk=version.pk).exists() else None


def cases_of(improvement: Improvement, user: User) -> list[Deviation]:
    """The cases that are part of it, of those the person may see: nobody is told that there are others.

    A merged one stands there as the one that goes on, where the person sees that.
    """
    seen = Deviation.objects.visible_to(user).filter(pk__in=improvement.ties.values("deviation"))
    rows = seen.exclude(state=CaseState.MERGED, merged_into__in=seen.values("pk"))
    rows = rows.select_related("unit", "category__parent")
    return list(rows.order_by("-reported_at", "-pk")[:SHOWN])


def _actions(improvement: Improvement, user: User) -> list[tuple[Action, bool]]:
    """What is to be done as part of it; whether the person may open each."""
    rows = list(improvement.actions.select_related("owner").order_by("deadline", "pk")[:SHOWN])
    if not rows:
        return []
    may = set(Action.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [(row, row.pk in may) for row in rows]


# Cases that are part of it


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a case part of it, by its number."""
    user = visitor(request)
    improvement = _to_work_on(user, pk)
    form = forms.TakeInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        may, _left = _cases_asked_for(user, [form.cleaned_data["reference"]])
        if may:
            try:
                actions.take_in(improvement=improvement, deviation=may[0], by=user)
            except actions.CannotTakeUp:
                messages.warning(request, _("It was ended meanwhile, so the case was not taken in."))
            else:
                messages.success(request, _("The case is part of it now."))
            return redirect(improvement)
        form.add_error("reference", _("There is no case with that number that you can take in."))
    return render(request, "improvement/improvements/take_in.html", {"form": form, "improvement": improvement})


@require_POST
def let_go(request: HttpRequest, pk: int, reference: str) -> HttpResponse:
    """The case was no part of it after all."""
    user = visitor(request)
    improvement = _to_work_on(user, pk)
    deviation = get_object_or_404(Deviation.objects.visible_to(user), reference=reference)
    if not access.may_take_up(deviation, cases.parts_of(deviation, user)):
        raise PermissionDenied
    actions.let_go(improvement=improvement, deviation=deviation, by=user)
    messages.success(request, _("The case is no part of it any more."))
    return redirect(improvement)


def _to_work_on(user: User, pk: int) -> Improvement:
    """The improvement, while it goes on. 404 and 403 as everywhere."""
    improvement = visible_improvement(user, pk)
    if not improvement.is_working:
        raise PermissionDenied
    return improvement
