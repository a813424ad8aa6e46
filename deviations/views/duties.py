"""Whom to tell: the questions, each duty's page, and ticking it off."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations import access, actions, duties
from deviations.forms.duties import (
    DoneForm,
    DutyForm,
    FillInForm,
    MoveClockForm,
    NotNeededForm,
    TakeBackForm,
    TriageForm,
)
from deviations.lifecycle import DUTY, Part
from deviations.models import Breach, Deviation, Duty, Kind, Reply, Topic, TriageAnswer
from deviations.views.steps import too_late
from deviations.views.visiting import read, visible_case, visitor
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui import dates

ASKED_OF = (Kind.DEVIATION, Kind.NEAR_MISS)
"""What may have harmed somebody: only there do the questions stand in plain sight."""


def areas_of(deviation: Deviation) -> list[duties.Area]:
    """What the case is about: by its category, and where that tells nothing, by the units it happened in."""
    by_topic = {Topic.PRIVACY: [duties.Area.PRIVACY], Topic.HSE: [duties.Area.EMPLOYEES]}
    found = list(by_topic.get(Topic(deviation.topic), []))
    if category := deviation.category:
        found += duties.areas_in([category.parent.name] if category.parent else [])
        found += duties.areas_in([category.name])
    if not found:
        above = [pk for pk in deviation.ancestor_ids if pk != deviation.level_0]
        found = duties.areas_in(Unit.objects.filter(pk__in=above).order_by("-depth").values_list("name", flat=True))
    return found


def triage_form(deviation: Deviation, allowed: frozenset[str], data: Any = None) -> TriageForm:
    """The questions the person may answer, with what is answered so far. A «yes» that somebody acts on is fixed."""
    answers: dict[str, str] = {}
    running: set[str] = set()
    if getattr(deviation, "is_triaged", True):
        answers = dict(TriageAnswer.objects.filter(deviation=deviation).values_list("code", "answer"))
        running = set(Duty.objects.running().filter(deviation=deviation).values_list("triage", flat=True))
    return TriageForm(
        data,
        deviation=deviation,
        first=duties.first_asked(areas_of(deviation)),
        allowed=allowed,
        answers=answers,
        fixed={code for code in running if answers.get(code) == Reply.YES},
    )


def _by(limit: datetime.datetime) -> str:
    """«1. desember 11.44»: 72 hours are counted to the minute, and «in 2 days» can't stand after «by»."""
    return f"{dates.written(dates.local_day(limit))} {dates.clock(limit)}"


def on_case(user: User, deviation: Deviation, parts: frozenset[Part], rows: list[Duty]) -> dict[str, Any] | None:
    """What stands on top of the case's page: whom is to be told, and the questions while nobody has answered."""
    allowed = access.may_triage(deviation, user, parts)
    asks = bool(allowed) and deviation.kind in ASKED_OF and not getattr(deviation, "is_triaged", True)
    if not rows and not allowed:
        return None
    steps = [
        (row, {step.name: step for step in access.duty_steps(row, own)})
        for row, own in zip(rows, access.parts_in_duties(rows, user, parts), strict=True)
    ]
    return {
        "rows": sorted(steps, key=lambda each: not each[0].is_running),
        "form": triage_form(deviation, allowed) if asks else None,
        "may_answer": bool(allowed),
        "privacy_by": _by(actions.privacy_deadline(deviation)) if asks and deviation.topic == Topic.PRIVACY else "",
    }


@require_http_methods(["GET", "POST"])
def triage(request: HttpRequest, reference: str) -> HttpResponse:
    """Must somebody be told? A «yes» starts the clocks."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    allowed = access.may_triage(deviation, user, parts)
    if not allowed:
        if not deviation.is_open and parts & {Part.HANDLER, Part.LEADER, Part.QUALITY}:
            return too_late(request, deviation)
        raise PermissionDenied
    form = triage_form(deviation, allowed, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.answer_triage(
                deviation=deviation, by=user, answers=form.answers, aware=form.cleaned_data["aware"]
            )
        except actions.DutyRuns:
            form.add_error(None, _("Somebody has begun to tell because of this. Look at the case again."))
        else:
            if opened:
                messages.warning(request, _("Somebody must be told. The clock is running: see below."))
            else:
                messages.success(request, _("Saved."))
            return redirect(deviation)
    return render(request, "deviations/duties/triage.html", {"form": form, "deviation": deviation})


def visible_duty(user: User, key: UUID) -> Duty:
    """The duty, or 404 for whoever may not see it."""
    rows = Duty.objects.visible_to(user).select_related(
        "deviation__unit", "deviation__handler", "municipality", "done_by"
    )
    return get_object_or_404(rows, key=key)


@require_GET
def duty(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whom to tell, how, by when, and whether it is done."""
    user = visitor(request)
    row = visible_duty(user, key)
    parts = access.parts_in_duty(row, user)
    steps = {step.name: step for step in access.duty_steps(row, parts)}
    case = row.deviation
    may_see_case = Deviation.objects.visible_to(user).filter(pk=case.pk).exists()
    told = actions.told_inside(row)
    read(user.pk, row)
    return render(
        request,
        "deviations/duties/duty.html",
        {
            "duty": row,
            "rule": row.counted_by,
            "case": case if may_see_case else None,
            "steps": steps,
            "told": told,
            "nobody_told": bool(row.question.told) and not told,
            "about_leader": case.about_id is not None,
            "breach": Breach.objects.filter(duty=row).first() if row.has_report else None,
            "other_rule": _other_rule(row),
        },
    )


def _other_rule(row: Duty) -> duties.Rule | None:
    """The version to come of a rule that is counted by the old one, while nobody knows from when."""
    if row.counted_by.valid_to != duties.PENDING:
        return None
    return next((each for each in duties.RULES if each.code == row.rule and each.valid_from == duties.PENDING), None)


@dataclass(frozen=True)
class DutyStep:
    form: type[DutyForm]
    verb: Any
    done: Any
    lead: Any = ""


STEPS: dict[str, DutyStep] = {
    "done": DutyStep(DoneForm, actions.mark_done, gettext_lazy("Ticked as done. You can print a confirmation.")),
    "not_needed": DutyStep(
        NotNeededForm,
        actions.mark_not_needed,
        gettext_lazy("Kept, with the reason."),
        gettext_lazy("A sentence or two."),
    ),
    "move_clock": DutyStep(
        MoveClockForm,
        actions.move_clock,
        gettext_lazy("The deadline is counted anew."),
        gettext_lazy("The clock starts when somebody in the municipality was fairly sure of what had happened."),
    ),
    "fill_in": DutyStep(
        FillInForm,
        actions.fill_in,
        gettext_lazy("Saved. You can go on later."),
        gettext_lazy("Write what you know now, and the rest when you know it. Write no names."),
    ),
    "reopen": DutyStep(TakeBackForm, actions.reopen_duty, gettext_lazy("The clock runs again.")),
}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """Take one step of a duty: checked once for rights, once for state."""
    user = visitor(request)
    row = visible_duty(user, key)
    if name not in STEPS:
        raise Http404
    parts = access.parts_in_duty(row, user)
    if not any(each.parts & parts for each in DUTY if each.name == name):
        raise PermissionDenied
    how = STEPS[name]
    found = next((each for each in access.duty_steps(row, parts) if each.name == name), None)
    if found is None:
        messages.warning(request, _("That is not possible any more. Look at how it stands now."))
        return redirect(row)
    form = how.form(request.POST if request.method == "POST" else None, duty=row)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(duty=row, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused:
            messages.warning(request, _("Somebody was here before you. Look at how it stands now, and try again."))
            return redirect(row)
        messages.success(request, str(how.done))
        return redirect(row)
    return render(request, "deviations/duties/step.html", {"form": form, "duty": row, "step": found, "lead": how.lead})
