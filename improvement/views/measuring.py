"""The list of measures, one measure with its chart, and entering a value."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations.views.visiting import visitor
from improvement import access, actions
from improvement.filters import oversees
from improvement.forms import measuring as forms
from improvement.lifecycle import MEASURE
from improvement.models import Improvement, Measure
from improvement.series import series_of
from improvement.views.stepping import StepPage, back_to
from improvement.whom_to_ask import may_ask, measuring
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

TOLD = 30  # events on a measure's page
TIED = 8  # improvements that show its chart
PER_PAGE = 50
MINE, AREA, ENDED = "mine", "omrade", "ferdige"


@require_GET
def measure_list(request: HttpRequest) -> HttpResponse:
    """What is measured, by whom, and where a value is late."""
    user = visitor(request)
    views = [(MINE, _("Mine")), *([(AREA, _("My area"))] if oversees(user) else []), (ENDED, _("Ended"))]
    asked = request.GET.get("visning", "")
    view = asked if asked in dict(views) else AREA if oversees(user) else MINE
    rows = Measure.objects.visible_to(user).select_related("unit", "owner")
    rows = rows.ended() if view == ENDED else rows.followed()
    if view == MINE:
        rows = rows.filter(pk__in=Measure.objects.mine(user).values("pk"))
    here = reverse("measures:list")
    page = Paginator(rows.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("side"))
    return render(
        request,
        "improvement/measures/list.html",
        {
            "page_of_measures": page,
            "view": view,
            "tabs": [(label, f"{here}?visning={name}", name == view) for name, label in views],
            "previous": f"?visning={view}&side={page.previous_page_number()}" if page.has_previous() else None,
            "following": f"?visning={view}&side={page.next_page_number()}" if page.has_next() else None,
            "may_measure": access.may_measure(user),
        },
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin to measure something in a unit one leads or coordinates; for an improvement, shown on its page."""
    user = visitor(request)
    if not access.may_measure(user):
        raise PermissionDenied
    improvement = improvement_asked_for(user, request.GET.get("forbedring", ""))
    initial = {"unit": str(improvement.unit_id)} if improvement else {}
    form = forms.MeasureForm(request.POST if request.method == "POST" else None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            measure = actions.measure(by=user, **form.begun())
        except actions.CannotHave:
            form.add_error("owner", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, _("It is measured from now on."))
            if improvement is not None and improvement.is_working:
                actions.tie_measure(improvement=improvement, by=user, measure=measure)
                return redirect(improvement)
            return redirect(measure)
    return render(request, "improvement/measures/add.html", {"form": form, "improvement": improvement})


def improvement_asked_for(user: User, pk: str) -> Improvement | None:
    """The improvement it is to be part of, while that goes on. 404 for whoever may not see it."""
    if not pk:
        return None
    number = int(pk) if pk.isdecimal() and len(pk) < 18 else 0
    improvement = get_object_or_404(Improvement.objects.visible_to(user).select_related("unit"), pk=number)
    return improvement if improvement.is_working else None


def visible_measure(user: User, pk: int) -> Measure:
    """The measure, or 404 for whoever may not see it."""
    rows = Measure.objects.visible_to(user).select_related("owner", "unit", "category__parent")
    return get_object_or_404(rows, pk=pk)


@require_GET
def measure_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes: the next value, the chart, what it says, what happened."""
    user = visitor(request)
    measure = visible_measure(user, pk)
    parts = access.parts_in_measure(measure, user)
    steps = {step.name: step for step in access.measure_steps(measure, parts)}
    day = _day(request.GET.get("dag", ""))
    enter = forms.EnterForm(measure=measure, user=user, day=day) if steps.pop("enter", None) else None
    return render(
        request,
        "improvement/measures/measure.html",
        {
            "measure": measure,
            "series": series_of(measure, user),
            "may_ask": may_ask(user) and measuring(user, measure) is not None,
            "may_improve": access.may_improve(user),
            "improvements": list(
                Improvement.objects.visible_to(user).filter(measures=measure).order_by("-moved_at", "-pk")[:TIED]
            ),
            "enter": enter,
            "correcting": day is not None,
            "mark": steps.pop("mark", None),
            "judge": steps.pop("judge", None),
            "further": list(steps.values()),
            "asks_nothing": ASKS_NOTHING,
            "invited": list(measure.invited.order_by("name", "pk")),
            "may_correct": enter is not None and measure.rhythm != "event",
            # That values were entered the table shows; the story is of what was corrected, marked and said.
            "told": tell(
                Event.objects.about(measure)
                .exclude(type="improvement.value_entered", data__corrected=False)
                .order_by("-number")[:TOLD],
                user,
            ),
        },
    )


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
def big(request: HttpRequest, pk: int) -> HttpResponse:
    """The chart and what it says, for the big screen of a meeting."""
    user = visitor(request)
    measure = visible_measure(user, pk)
    context = {"measure": measure, "series": series_of(measure, user, for_all=True)}
    return render(request, "improvement/measures/big.html", context)


STEPS: dict[str, StepPage] = {
    "enter": StepPage(forms.EnterForm, actions.enter, gettext_lazy("The value is entered.")),
    "mark": StepPage(
        forms.MarkForm,
        actions.mark,
        gettext_lazy("It is marked on the chart."),
        gettext_lazy("What may have moved the values: a change of yours, or something else."),
    ),
    "judge": StepPage(forms.JudgeForm, actions.judge, gettext_lazy("Your verdict stands on the page.")),
    "adjust": StepPage(forms.AdjustForm, actions.adjust, gettext_lazy("It is changed.")),
    "invite": StepPage(
        forms.PersonForm,
        actions.invite,
        gettext_lazy("They are invited."),
        gettext_lazy("Whoever is invited sees the measure and enters values."),
    ),
    "hand_over": StepPage(
        forms.GiveForm,
        actions.give_away,
        gettext_lazy("It is handed over."),
        gettext_lazy("They are told, and are reminded of values from now on."),
    ),
    "end": StepPage(
        forms.ReasonForm, actions.end, gettext_lazy("It isn't measured any more. What was measured stays.")
    ),
    "resume": StepPage(forms.NoQuestionsForm, actions.resume, gettext_lazy("It is measured again.")),
}

ASKS_NOTHING = frozenset(name for name, how in STEPS.items() if how.form.asks_nothing)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    measure = visible_measure(user, pk)
    parts = access.parts_in_measure(measure, user)
    if not MEASURE[name].parts & parts:
        raise PermissionDenied
    how = STEPS[name]
    row = MEASURE.find(name, measure.state)
    if row is None or row not in access.measure_steps(measure, parts):
        return too_late(request, measure)
    if request.method == "GET" and how.form.asks_nothing:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    options: dict[str, Any] = {"measure": measure, "user": user}
    if row.note is Note.REQUIRED:
        options["note_label"] = row.note_label
    form = how.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        # Two may enter values at the same moment: they are of different periods, or the later one counts.
        seen = None if name == "enter" else form.cleaned_data["seen"]
        try:
            how.verb(measure=measure, by=user, seen=seen, **form.what())
        except StepRefused:
            return too_late(request, visible_measure(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotHave:
            form.add_error("person", _("This person can't have it. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            return redirect(back_to(user, measure, reverse("measures:list")))
    return render(
        request, "improvement/measures/step.html", {"form": form, "measure": measure, "step": row, "lead": how.lead}
    )
