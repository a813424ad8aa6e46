"""The steps of a case: one address each, the same way through for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from deviations import access, actions
from deviations.forms.merging import CANNOT_MERGE, MergeForm
from deviations.forms.severity import suggesting
from deviations.forms.steps import (
    AnalyseForm,
    AssessForm,
    CloseForm,
    ForwardForm,
    NoQuestionsForm,
    NotDeviationForm,
    ProposalForm,
    ReasonForm,
    ReceiveAndCloseForm,
    StepForm,
)
from deviations.forms.talking import AnswerForm, AskForm
from deviations.history import latest_in_words
from deviations.lifecycle import LIFECYCLE, Part
from deviations.models import Deviation, Naming, Severity, severity_of
from deviations.naming import NO_MAIL
from deviations.views.visiting import answers_in, history_for, latest_question, read, talk_of, visible_case, visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.transitions import Note, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui import dates
from kvalitetslosen.ui.registry import panels


def severity_said(deviation: Deviation) -> str:
    """What was set, and what follows from it."""
    return _("%(severity)s (%(score)s), deadline %(day)s.") % {
        "severity": deviation.get_severity_display(),
        "score": deviation.score,
        "day": dates.written(dates.local_day(deviation.deadline)),
    }


def handler_said(deviation: Deviation) -> str:
    """Who has it now."""
    return _("%(who)s has the case now.") % {"who": deviation.handler.name if deviation.handler else ""}


def forwarded_said(deviation: Deviation) -> str:
    """Where it went: whoever sent it on may not see it any more."""
    names = {"unit": deviation.handling_unit.name, "who": deviation.handler.name if deviation.handler else ""}
    if not names["who"]:
        return _("The case is sent to %(unit)s. Nobody there can have it yet; the administrator is told.") % names
    return _("The case is sent to %(unit)s. %(who)s has it now.") % names


@dataclass(frozen=True)
class StepPage:
    form: type[StepForm]
    verb: Any
    done: Any  # what is said afterwards: words, or what makes them of the case
    lead: Any = ""


STEPS: dict[str, StepPage] = {
    "receive": StepPage(
        NoQuestionsForm, actions.receive, gettext_lazy("You have the case now. The reporter is told.")
    ),
    "receive_and_close": StepPage(
        ReceiveAndCloseForm,
        actions.receive_and_close,
        gettext_lazy("Closed. The reporter gets your answer."),
        gettext_lazy("For the simple ones: what did you do about it?"),
    ),
    "assess": StepPage(AssessForm, actions.assess, severity_said),
    "start": StepPage(NoQuestionsForm, actions.start, gettext_lazy("The case is in progress.")),
    "close": StepPage(CloseForm, actions.close, gettext_lazy("Closed. The reporter gets your answer.")),
    "ask": StepPage(AskForm, actions.ask_reporter, gettext_lazy("The reporter is asked.")),
    "answer": StepPage(AnswerForm, actions.answer, gettext_lazy("Thanks! Your answer is sent.")),
    "resume": StepPage(NoQuestionsForm, actions.resume, gettext_lazy("The case is in progress again.")),
    "analyse": StepPage(AnalyseForm, actions.analyse, gettext_lazy("The cause is written down.")),
    "take_over": StepPage(NoQuestionsForm, actions.take_over, gettext_lazy("You have the case now.")),
    "forward": StepPage(ForwardForm, actions.forward, forwarded_said),
    "escalate": StepPage(ReasonForm, actions.escalate, handler_said),
    "merge": StepPage(MergeForm, actions.merge, gettext_lazy("The cases are one now.")),
    "unmerge": StepPage(
        NoQuestionsForm,
        actions.unmerge,
        gettext_lazy("The case goes on by itself again, with what had gone along."),
    ),
    "not_deviation": StepPage(
        NotDeviationForm, actions.not_deviation, gettext_lazy("Closed. The reporter gets your reason.")
    ),
    "make_proposal": StepPage(
        ProposalForm,
        actions.make_proposal,
        gettext_lazy("The case is an improvement proposal now. The reporter gets your reason."),
        gettext_lazy("No deviation, but worth doing something about? The case stays open, with the one who has it."),
    ),
    "reopen": StepPage(ReasonForm, actions.reopen, gettext_lazy("The case is open again.")),
}


UNNAMED: dict[str, Any] = {
    "receive": gettext_lazy("You have the case now."),
    "receive_and_close": gettext_lazy("Closed with your answer."),
    "close": gettext_lazy("Closed with your answer."),
    "ask": gettext_lazy("Your question stands on the page of the case code."),
    "not_deviation": gettext_lazy("Closed with your reason."),
    "make_proposal": gettext_lazy("The case is an improvement proposal now."),
}
"""What is said instead, where nobody can be told: the page says how the reporter comes to read it."""


def said(name: str, deviation: Deviation) -> str:
    """What is said after a step."""
    if deviation.naming == Naming.ANONYMOUS and name in UNNAMED:
        return f"{UNNAMED[name]} {NO_MAIL}"
    done = STEPS[name].done
    return done(deviation) if callable(done) else str(done)


ASKS_NOTHING = frozenset(name for name, how in STEPS.items() if how.form is NoQuestionsForm)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Take one step in a case: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    deviation = visible_case(user, reference, alone=request.method == "POST")
    if name not in STEPS:
        raise Http404
    parts = access.parts_of(deviation, user)
    rows = [each for each in LIFECYCLE if each.name == name]
    if not any(each.parts & parts for each in rows):
        raise PermissionDenied
    how = STEPS[name]
    row = LIFECYCLE.find(name, deviation.state)
    steps = access.available_steps(deviation, parts)
    if row is None or row not in steps:
        return too_late(request, deviation)
    options: dict[str, Any] = {"deviation": deviation, "user": user}
    if row.note is Note.REQUIRED:
        options["note_label"] = row.note_label
    if request.method == "GET" and how.form is NoQuestionsForm:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = how.form(request.POST if request.method == "POST" else None, **options)
    obstacles = access.closing_obstacles(deviation, name) if name in access.CLOSING else []
    if request.method == "POST" and form.is_valid() and not obstacles:
        before = deviation.handler_id
        try:
            how.verb(deviation=deviation, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused as refused:
            form.add_error(None, told_meanwhile(refused, user))
            deviation = visible_case(user, reference)
            if LIFECYCLE.find(name, deviation.state) is None:
                return too_late(request, deviation)
            data = request.POST.copy()
            data["seen"] = str(deviation.events_count)
            form.data = data
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotMerge:
            form.add_error("into", CANNOT_MERGE)
        except actions.CannotPart:
            messages.warning(request, _("The case it was merged into is closed. Open that one again first."))
            return redirect(deviation)
        except actions.NobodyAbove:
            form.add_error(None, _("There is no leader above who can have this case."))
        else:
            if before != deviation.handler_id:
                read(before, deviation, name="deviations.arrived")
            messages.success(request, said(name, deviation))
            return redirect(after_step(user, deviation))
    return render(
        request,
        "deviations/step.html",
        {
            "form": form,
            "deviation": deviation,
            "step": row,
            # Whoever was overtaken while receiving and closing goes on with the same words in closing.
            "draft": "close" if row.name == "receive_and_close" else row.name,
            "lead": how.lead,
            "tells_reporter": UNNAMED,
            "obstacles": obstacles,
            "panels": panels("deviations.closing", user, deviation) if name == "close" else [],
            "instead": row.name == "not_deviation" and LIFECYCLE["make_proposal"] in steps,
            "suggesting": suggesting(deviation) if name == "assess" else None,
            "classes": _classes(deviation) if "consequence" in form.fields else [],
            "matrix": MATRIX,
            **_what_happened(deviation, parts),
        },
        status=200,
    )


MATRIX = " ".join(severity_of(c, p) for c in range(1, 6) for p in range(1, 6))
"""Every class of the matrix, for the script that shows it while one chooses."""


def _classes(deviation: Deviation) -> list[tuple[Severity, str, str]]:
    """The classes with their points, and when the case would be due in each."""
    rules = actions.rules_of(deviation.level_0 or 0)
    points = ("1–4", "5–9", _("10–14, or critical consequence"), "15–25")
    return [
        (severity, at, dates.written(dates.local_day(rules.due(deviation.reported_at, rules.close_days(severity)))))
        for severity, at in zip(Severity, points, strict=True)
    ]


LATEST = 3  # messages beside a step's form


def _what_happened(deviation: Deviation, parts: frozenset[Part]) -> dict[str, Any]:
    """What a step's page shows of the case: the question where one is answered, otherwise the last that was said."""
    talk = talk_of(deviation, parts)
    question = latest_question(deviation, talk) if Part.REPORTER in parts else None
    return {
        "question": question,
        "latest": [] if question else talk[-LATEST:],
        "files": files_of(deviation),
        "answers": answers_in(deviation, parts),
        "is_reporter": Part.REPORTER in parts,
    }


def after_step(user: User, deviation: Deviation) -> str:
    """Back to the case, or to the list when the step took it out of sight."""
    if deviation.about_id != user.pk and (
        deviation.handler_id == user.pk
        or (user.standing.reaches(Role.LEADER, deviation) and not user.standing.narrowed)
    ):
        return deviation.get_absolute_url()  # no need to ask the database what the row itself tells
    if Deviation.objects.visible_to(user).filter(pk=deviation.pk).exists():
        return deviation.get_absolute_url()
    return reverse("deviations:list")


def _latest(deviation: Deviation, user: User) -> str:
    """What happened last, as far as this person's timeline has it."""
    return latest_in_words(history_for(deviation, user, access.parts_of(deviation, user), limit=1))


def told_meanwhile(refused: StepRefused, user: User) -> str:
    """What somebody else did first, in a sentence."""
    return _("Somebody was here before you: %(what)s Look at the case and try again if it is still right.") % {
        "what": _latest(refused.row, user)
    }


def too_late(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """The step isn't possible any more: say what happened instead of doing anything."""
    latest = _latest(deviation, visitor(request))
    messages.warning(request, _("That is not possible any more: %(what)s") % {"what": latest})
    return redirect(deviation)
