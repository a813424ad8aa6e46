"""Taking a step in an improvement: asked for what it needs, checked once for rights, once for state."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from deviations.views.visiting import visitor
from documents.models import Version
from improvement import access, actions
from improvement.forms import improving as forms
from improvement.guide import GUIDES
from improvement.models import Improvement
from improvement.seven_steps import IMPROVEMENT
from improvement.views.stepping import StepPage, back_to
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

STEPS: dict[str, StepPage] = {
    "analyse": StepPage(forms.AnalyseForm, actions.analyse, gettext_lazy("Saved. Next: the goal.")),
    "set_goal": StepPage(forms.GoalForm, actions.set_goal, gettext_lazy("Saved. Next: what could help?")),
    "suggest": StepPage(forms.SuggestForm, actions.suggest, gettext_lazy("It is among the solutions.")),
    "take_away": StepPage(forms.TakeAwayForm, actions.take_away, gettext_lazy("It is taken away.")),
    "weigh_up": StepPage(forms.NoQuestionsForm, actions.weigh_up, gettext_lazy("Next: choose what you try first.")),
    "choose": StepPage(forms.ChooseForm, actions.choose, gettext_lazy("Chosen. Next: a small trial.")),
    "plan_trial": StepPage(
        forms.PlanTrialForm, actions.plan_trial, gettext_lazy("The trial has begun. Good luck with it.")
    ),
    "study_trial": StepPage(
        forms.StudyTrialForm, actions.study_trial, gettext_lazy("Saved. What you learnt stands on the page.")
    ),
    "follow_up": StepPage(
        forms.NoQuestionsForm, actions.follow_up, gettext_lazy("Next: see on a chart whether it holds.")
    ),
    "tie_measure": StepPage(forms.TieMeasureForm, actions.tie_measure, gettext_lazy("Its chart stands on the page.")),
    "untie_measure": StepPage(
        forms.UntieMeasureForm, actions.untie_measure, gettext_lazy("Its chart doesn't stand here any more.")
    ),
    "conclude": StepPage(forms.ConcludeForm, actions.conclude, gettext_lazy("Saved. Next: make it the usual way.")),
    "open_draft": StepPage(
        forms.OpenDraftForm,
        actions.open_draft,
        gettext_lazy("This is the draft. When it is in force, the improvement can be finished."),
    ),
    "finish": StepPage(
        forms.FinishForm,
        actions.finish_improvement,
        gettext_lazy("Finished. Well done! Everybody whose report it began from is told."),
    ),
    "rewrite": StepPage(forms.RewriteForm, actions.rewrite, gettext_lazy("It is changed.")),
    "set_next": StepPage(
        forms.NextForm,
        actions.set_next,
        gettext_lazy("Noted."),
        gettext_lazy("Whoever leads the work is reminded on that day."),
    ),
    "go_back": StepPage(
        forms.GoBackForm,
        actions.go_back,
        gettext_lazy("You are back at an earlier step. What was written stays."),
        gettext_lazy("What has been written stays, and can be changed."),
    ),
    "invite": StepPage(
        forms.PersonForm,
        actions.invite_to_team,
        gettext_lazy("They are invited."),
        gettext_lazy("Whoever is invited sees the improvement and takes part. They don't see the cases behind it."),
    ),
    "take_out": StepPage(forms.TakeOutForm, actions.take_out, gettext_lazy("They are no longer in the team.")),
    "hand_over": StepPage(
        forms.GiveForm, actions.give_improvement, gettext_lazy("They lead the work now, and are told.")
    ),
    "give_up": StepPage(
        forms.ReasonForm,
        actions.give_up,
        gettext_lazy("It is given up. What you learnt stays on the page."),
        gettext_lazy("That is no defeat: that something doesn't help is worth knowing."),
    ),
    "take_up_again": StepPage(
        forms.NoQuestionsForm, actions.take_up_again, gettext_lazy("You go on where you left off.")
    ),
}

ASKS_NOTHING = frozenset(name for name, how in STEPS.items() if how.form.asks_nothing)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step of the table."""
    user = visitor(request)
    improvement = _visible(user, pk)
    parts = access.parts_in_improvement(improvement, user)
    if not IMPROVEMENT[name].parts & parts:
        raise PermissionDenied
    how = STEPS[name]
    row = IMPROVEMENT.find(name, improvement.state)
    if row is None or row not in access.improvement_steps(improvement, parts):
        return too_late(request, improvement)
    if request.method == "GET" and how.form.asks_nothing:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    options: dict[str, Any] = {"improvement": improvement, "user": user}
    if row.note is not Note.NONE:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        # Several suggest at the same meeting: none of them is in another's way.
        seen = None if name in ("suggest", "take_away") else form.cleaned_data["seen"]
        try:
            done = how.verb(improvement=improvement, by=user, seen=seen, **form.what())
        except StepRefused:
            return too_late(request, _visible(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotHave:
            form.add_error("person", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            return redirect(
                done if isinstance(done, Version) else back_to(user, improvement, reverse("improvements:board"))
            )
    return render(
        request,
        "improvement/improvements/step.html",
        {
            "form": form,
            "improvement": improvement,
            "step": row,
            "lead": how.lead,
            "guide": GUIDES.get(improvement.state) if name not in BESIDE else None,
        },
    )


BESIDE = frozenset(
    {"rewrite", "set_next", "go_back", "invite", "hand_over", "give_up", "tie_measure", "take_out", "take_up_again"}
)
"""What isn't one of the seven steps, and so not led by their questions."""


def _visible(user: User, pk: int) -> Improvement:
    rows = Improvement.objects.visible_to(user).select_related("owner", "unit", "version__document")
    return get_object_or_404(rows.prefetch_related("solutions", "trials"), pk=pk)
