"""Reporting, the list and the case."""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import access, actions, forms
from deviations.filters import (
    AREA,
    IN_HAND,
    LOOKED_THROUGH,
    MINE,
    NOT_SET,
    STATUSES,
    CaseFilter,
    overseen_units,
    oversees,
)
from deviations.history import SHOWN_FIRST, History, history, latest_in_words
from deviations.lifecycle import LIFECYCLE, Part, State
from deviations.models import (
    EXAMPLES,
    Category,
    Deviation,
    DeviationQuerySet,
    Kind,
    Message,
    Naming,
    Severity,
    severity_of,
)
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.files.actions import attach_all, remove
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.journal.transitions import Note, Step, StepIncomplete, StepRefused
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import Role, Unit, User, about, somebody
from kvalitetslosen.organisation.standing import Shape
from kvalitetslosen.ui import dates
from kvalitetslosen.ui.keyset import newest_first
from kvalitetslosen.ui.lookup import suggestions
from kvalitetslosen.ui.registry import panels


def visitor(request: HttpRequest) -> User:
    """Who asks; the log-in middleware has seen to it that it is somebody."""
    return cast("User", request.user)


# Reporting


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """What happened? One screen."""
    user = visitor(request)
    form = forms.ReportForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        uploads = form.cleaned_data["files"]
        with transaction.atomic() if uploads else nullcontext():
            deviation = actions.report(by=user, **form.report)
            if uploads:
                hidden = deviation.naming == Naming.SEALED
                attach_all(owner=deviation, uploads=uploads, by=None if hidden else user)
        return redirect("deviations:receipt", deviation.reference)
    home = user.standing.home
    return render(
        request,
        "deviations/report.html",
        {
            "form": form,
            "examples": EXAMPLES(**home.line) if home else (),
            "writes_examples": user.standing.has(Role.LEADER, Role.QUALITY_CONTACT),
        },
    )


@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Thanks, who has it now, and when to expect an answer."""
    user = visitor(request)
    rows = Deviation.objects.visible_to(user).reported_by(user).select_related("handling_unit", "handler")
    deviation = get_object_or_404(rows, reference=reference)
    return render(request, "deviations/receipt.html", {"deviation": deviation, "has_tab": oversees(user)})


def asked_for(request: HttpRequest) -> str:
    """What is written so far in the field that asks, whatever the field's name."""
    return next((str(value) for value in request.GET.values()), "")[:200]


@require_GET
def find_unit(request: HttpRequest) -> HttpResponse:
    return suggestions(forms.units_like(visitor(request), asked_for(request)), forms.unit_label)


@require_GET
def find_procedure(request: HttpRequest) -> HttpResponse:
    return suggestions(forms.documents_like(visitor(request), asked_for(request)))


# The list


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Which cases, whose turn, how late."""
    user = visitor(request)
    asked = CaseFilter.of(user, request.GET)
    if asked.reference:
        sought = Deviation.objects.visible_to(user).filter(reference=asked.reference).only("reference").first()
        if sought is not None:
            return redirect(sought)
    page = newest_first(asked.rows().for_lines(), "reported_at", request.GET)
    own = asked.view == MINE
    return render(
        request,
        "deviations/list.html",
        {
            "asked": asked,
            "page_of_cases": page,
            "own": own,
            "unread": unread_answers(user, [row.get_absolute_url() for row in page.rows]) if own else (),
            "tabs": _tabs(user, asked),
            "filters": _filters(user, asked),
            "is_filtered": any(
                name in request.GET
                for name in ("status", "type", "kategori", "alvor", "enhet", "prosedyre", "fra", "til")
            ),
            "looked_through": LOOKED_THROUGH,
        },
    )


def unread_answers(user: User, urls: list[str]) -> set[str]:
    """The addresses of those cases whose answer the person hasn't opened."""
    unread = Notification.objects.visible_to(user).unread().filter(name="deviations.closed", url__in=urls)
    return set(unread.values_list("url", flat=True))


def _tabs(user: User, asked: CaseFilter) -> list[tuple[str, str, bool]]:
    views = [(MINE, _("Reported by me"))]
    if oversees(user):
        views = [(AREA, _("My area")), (IN_HAND, _("In my hands")), *views]
    here = reverse("deviations:list")
    return [(label, f"{here}?visning={view}", view == asked.view) for view, label in views]


def _filters(user: User, asked: CaseFilter) -> list[dict[str, Any]]:
    """The choices of the filter bar: name, label and options with the chosen one marked."""
    categories = forms.CategoryChoices(user).rows
    mains = [row for row in categories if row.parent_id is None]
    subs = [row for row in categories if row.parent_id]
    options: list[tuple[str, str, str, list[tuple[str, Any]]]] = [
        ("status", _("Status"), asked.status, list(STATUSES)),
        ("type", _("Kind"), asked.kind, [("", _("All")), *Kind.choices]),
        (
            "kategori",
            _("Category"),
            asked.category,
            [("", _("All")), *_category_options(mains, subs), (NOT_SET, _("Not set"))],
        ),
        ("alvor", _("Severity"), asked.severity, [("", _("All")), *Severity.choices, (NOT_SET, _("Not assessed"))]),
    ]
    if asked.view == AREA and (units := _unit_options(user, asked)):
        options.append(("enhet", _("Unit"), str(asked.unit.pk) if asked.unit else "", units))
    return [
        {"name": name, "label": label, "options": [(value, text, value == chosen) for value, text in choices]}
        for name, label, chosen, choices in options
    ]


def _unit_options(user: User, asked: CaseFilter) -> list[tuple[str, str]]:
    """The person's units and the one looked at, each with those right below; nothing where there is no choice."""
    tops = overseen_units(user)
    if asked.unit and asked.unit.pk not in {unit.pk for unit in tops}:
        tops.append(asked.unit)
    below = list(Unit.objects.active().filter(parent__in=tops).order_by("name", "pk")[:120]) if tops else []
    if len(tops) < 2 and not below:
        return []
    units: list[tuple[str, str]] = []
    if len(tops) > 1:
        units.append(("", _("My whole area")))
    inside = {unit.pk for unit in below}
    for top in tops:
        if top.pk not in inside:
            units.append((str(top.pk), top.name))
            units.extend((str(unit.pk), f"– {unit.name}") for unit in below if unit.parent_id == top.pk)
        else:
            units.extend((str(unit.pk), f"– – {unit.name}") for unit in below if unit.parent_id == top.pk)
    return units


def _category_options(mains: list[Category], subs: list[Category]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for main in mains:
        inside = [sub for sub in subs if sub.parent_id == main.pk]
        rows.extend([(str(sub.pk), f"{main.label}: {sub.label}") for sub in inside] or [(str(main.pk), main.label)])
    return rows


# The case


@lru_cache(maxsize=64)
def _case_question(shape: Shape, names: tuple[str, ...], alone: bool) -> Prepared[Deviation]:
    """The case by its reference, as far as those with such a standing see it."""

    def question(reference: str, **who: int) -> DeviationQuerySet:
        rows = Deviation.objects.visible_to(somebody(shape, **who)).filter(reference=reference)
        # What few cases point to is asked for when they do: three joins more take longer than the rest of it.
        if alone:
            return rows
        rows = rows.select_related("unit", "handling_unit", "category__parent", "handler", "reporter")
        return rows.annotate(took_in=Exists(Deviation.objects.filter(merged_into=OuterRef("pk"))))

    return Prepared(question, reference=str, **dict.fromkeys(names, int))


def visible_case(user: User, reference: str, *, alone: bool = False) -> Deviation:
    """The case, or 404 for whoever may not see it. ``alone`` leaves what it points to for when it is asked for."""
    who = about(user)
    rows = _case_question(user.standing.shape, tuple(who), alone)(reference=reference, **who)
    if not rows:
        raise Http404
    deviation = rows[0]
    if not alone and deviation.closed_by_id is not None and deviation.closed_by_id == deviation.handler_id:
        deviation.closed_by = deviation.handler
    return deviation


TALK = Prepared(
    lambda deviation: Message.objects.filter(deviation=deviation).select_related("author").order_by("at", "pk"),
    deviation=int,
)


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, what now, who is waiting."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    read(user.pk, deviation)
    return render(request, "deviations/case.html", _case_context(user, deviation, parts, bool(request.GET.get("alt"))))


def read(person: int | None, deviation: Deviation, **which: Any) -> None:
    """The person's notices about the case need no more reading: it is open before them, or somebody else has it."""
    unread = Notification.objects.unread().filter(user=person, url=deviation.get_absolute_url(), **which)
    unread.update(read_at=timezone.now())


def _case_context(user: User, deviation: Deviation, parts: frozenset[Part], whole: bool) -> dict[str, Any]:
    steps = access.available_steps(deviation, parts)
    talk = talk_of(deviation, parts)
    # Whoever says that the answer didn't help is offered what one can do about it, in plain sight.
    reopen_asked = Part.REPORTER in parts and deviation.helped is False and not deviation.is_open
    told = history_for(deviation, user, parts, limit=None if whole else SHOWN_FIRST)
    return {
        "deviation": deviation,
        "parts": parts,
        "is_reporter": Part.REPORTER in parts,
        "primary": primary_step(deviation, steps),
        "secondary": [step for step in steps if step.name in BESIDE],
        "further": [step for step in steps if step.name in FURTHER and not (step.name == "reopen" and reopen_asked)],
        "turn": whose_turn(deviation, user, parts),
        "told": told,
        "talk": talk,
        "question": latest_question(deviation, talk) if Part.REPORTER in parts else None,
        "reopen_asked": reopen_asked,
        "may_write": access.may_write(parts) and deviation.is_open,
        "may_reclassify": bool(parts & {Part.HANDLER, Part.LEADER, Part.QUALITY}) and deviation.is_open,
        "may_open_identity": access.may_open_identity(deviation, user),
        "files": _files(deviation, parts),
        "merged_here": merged_here(deviation, user),
        "answer": answer_to_reporter(deviation) if Part.REPORTER in parts else deviation,
        "panels": panels("deviations.case", user, deviation),
        "similar": similar_cases(user, deviation) if Part.REPORTER not in parts else None,
        "may_see_name": bool(parts & SEES_NAME),
        "asks_nothing": ASKS_NOTHING,
        "message_form": forms.MessageForm(deviation=deviation, user=user),
        "answer_form": forms.AnswerForm(deviation=deviation, user=user),
    }


def answer_to_reporter(deviation: Deviation) -> Deviation:
    """The case whose answer the reporter reads: where their own was merged, the one it ended in, once closed."""
    last = deviation
    while last.merged_into is not None:
        last = last.merged_into
    return deviation if last.is_open else last


def merged_here(deviation: Deviation, user: User) -> list[dict[str, Any]]:
    """The cases that go on in this one, with their files, as far as the person may see them."""
    if not getattr(deviation, "took_in", False):
        return []
    rows = list(Deviation.objects.visible_to(user).filter(merged_into=deviation.pk).order_by("reported_at", "pk"))
    files = Attachment.objects.by_owner(rows)
    return [{"case": row, "files": files.get(row.pk, [])} for row in rows]


def talk_of(deviation: Deviation, parts: frozenset[Part]) -> list[Message]:
    """What the reporter and those who handle the case have written to each other, for whoever may read it."""
    if not (access.may_write(parts) or Part.QUALITY in parts):
        return []
    return TALK(deviation=deviation.pk)


def latest_question(deviation: Deviation, talk: list[Message]) -> Message | None:
    """What the reporter is asked, while it waits for them."""
    if deviation.state != State.WAITING:
        return None
    return next((each for each in reversed(talk) if not each.from_reporter), None)


def _files(deviation: Deviation, parts: frozenset[Part]) -> list[Attachment]:
    """The files of the case, each with the way to remove it for those who may."""
    files = files_of(deviation)
    if access.may_remove_files(deviation, parts):
        for each in files:
            each.remove_url = reverse("deviations:remove_file", args=[deviation.reference, each.key])
    return files


def similar_cases(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """How many of the same category the unit has had in the last year, with the way to their list."""
    if deviation.category_id is None:
        return None
    since = timezone.localdate().replace(day=1) - datetime.timedelta(days=360)
    unit = deviation.handling_unit
    query = QueryDict(mutable=True)
    query.update({
        "visning": AREA, "enhet": str(unit.pk), "kategori": str(deviation.category_id), "status": "alle",
        "fra": since.strftime("%Y-%m"),
    })  # fmt: skip
    asked = CaseFilter(  # what the list makes of the address, without asking for the unit again
        user,
        AREA,
        unit,
        status="alle",
        category=str(deviation.category_id),
        first_month=since.replace(day=1),
        query=query,
    )
    n = asked.rows().exclude(pk=deviation.pk).count()
    words = ngettext(
        "%(n)d of the same category in the last year", "%(n)d of the same category in the last year", n
    ) % {"n": n}
    return {"n": n, "url": f"{reverse('deviations:list')}?{query.urlencode()}", "words": words} if n else None


PRIMARY = ("receive_and_close", "receive", "answer", "close", "resume")
BESIDE = ("receive", "ask", "assess", "analyse", "resume", "take_over")
FURTHER = ("start", "forward", "escalate", "merge", "not_deviation", "make_proposal", "reopen")


def primary_step(deviation: Deviation, steps: list[Step]) -> Step | None:
    """The one filled button."""
    by_name = {step.name: step for step in steps}
    return next((by_name[name] for name in PRIMARY if name in by_name), None)


def whose_turn(deviation: Deviation, reader: User, parts: frozenset[Part]) -> str:
    """One line: who has the case and what is waited for. The reader is «you»."""
    who = deviation.handler.name if deviation.handler else ""
    state = deviation.state
    if not deviation.is_open:
        return ""
    if not who:
        return _("Nobody has this case yet: the unit has no leader. The administrator is told.")
    if deviation.handler_id == reader.pk:
        if state == "waiting":
            return _("You have asked the reporter and wait for the answer.")
        return _("You have the case to receive.") if state == "reported" else _("You have the case.")
    if state == "waiting" and Part.REPORTER in parts:
        return _("%(who)s has asked you, and waits for your answer.") % {"who": who}
    if state == "waiting":
        return _("%(who)s has asked the reporter and waits for the answer.") % {"who": who}
    if state == "reported":
        return _("%(who)s has the case to receive.") % {"who": who}
    return _("%(who)s has the case.") % {"who": who}


# Steps: one address each, the same way through for all


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
    form: type[forms.StepForm]
    verb: Any
    done: Any  # what is said afterwards: words, or what makes them of the case
    lead: Any = ""


STEPS: dict[str, StepPage] = {
    "receive": StepPage(
        forms.NoQuestionsForm, actions.receive, gettext_lazy("You have the case now. The reporter is told.")
    ),
    "receive_and_close": StepPage(
        forms.ReceiveAndCloseForm,
        actions.receive_and_close,
        gettext_lazy("Closed. The reporter gets your answer."),
        gettext_lazy("For the simple ones: what did you do about it?"),
    ),
    "assess": StepPage(forms.AssessForm, actions.assess, severity_said),
    "start": StepPage(forms.NoQuestionsForm, actions.start, gettext_lazy("The case is in progress.")),
    "close": StepPage(forms.CloseForm, actions.close, gettext_lazy("Closed. The reporter gets your answer.")),
    "ask": StepPage(forms.AskForm, actions.ask_reporter, gettext_lazy("The reporter is asked.")),
    "answer": StepPage(forms.AnswerForm, actions.answer, gettext_lazy("Thanks! Your answer is sent.")),
    "resume": StepPage(forms.NoQuestionsForm, actions.resume, gettext_lazy("The case is in progress again.")),
    "analyse": StepPage(forms.AnalyseForm, actions.analyse, gettext_lazy("The cause is written down.")),
    "take_over": StepPage(forms.NoQuestionsForm, actions.take_over, gettext_lazy("You have the case now.")),
    "forward": StepPage(forms.ForwardForm, actions.forward, forwarded_said),
    "escalate": StepPage(forms.ReasonForm, actions.escalate, handler_said),
    "merge": StepPage(forms.MergeForm, actions.merge, gettext_lazy("The cases are one now.")),
    "not_deviation": StepPage(
        forms.NotDeviationForm, actions.not_deviation, gettext_lazy("Closed. The reporter gets your reason.")
    ),
    "make_proposal": StepPage(
        forms.ProposalForm,
        actions.make_proposal,
        gettext_lazy("The case is an improvement proposal now. The reporter gets your reason."),
        gettext_lazy("No deviation, but worth doing something about? The case stays open, with the one who has it."),
    ),
    "reopen": StepPage(forms.ReasonForm, actions.reopen, gettext_lazy("The case is open again.")),
}

ASKS_NOTHING = frozenset(name for name, how in STEPS.items() if how.form is forms.NoQuestionsForm)


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
        return _too_late(request, deviation)
    options: dict[str, Any] = {"deviation": deviation, "user": user}
    if row.note is Note.REQUIRED:
        options["note_label"] = row.note_label
    if request.method == "GET" and how.form is forms.NoQuestionsForm:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = how.form(request.POST if request.method == "POST" else None, **options)
    obstacles = access.closing_obstacles(deviation) if name in access.CLOSING else []
    if request.method == "POST" and form.is_valid() and not obstacles:
        before = deviation.handler_id
        try:
            how.verb(deviation=deviation, by=user, seen=form.cleaned_data["seen"], **form.what())
        except StepRefused as refused:
            form.add_error(None, told_meanwhile(refused, user))
            deviation = visible_case(user, reference)
            if LIFECYCLE.find(name, deviation.state) is None:
                return _too_late(request, deviation)
            data = request.POST.copy()
            data["seen"] = str(deviation.events_count)
            form.data = data
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.CannotMerge:
            form.add_error("into", forms.CANNOT_MERGE)
        except actions.NobodyAbove:
            form.add_error(None, _("There is no leader above who can have this case."))
        else:
            if before != deviation.handler_id:
                read(before, deviation, name="deviations.arrived")
            messages.success(request, how.done(deviation) if callable(how.done) else str(how.done))
            return redirect(_after(user, deviation))
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
            "obstacles": obstacles,
            "instead": row.name == "not_deviation" and LIFECYCLE["make_proposal"] in steps,
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
        "is_reporter": Part.REPORTER in parts,
    }


def _after(user: User, deviation: Deviation) -> str:
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


def _too_late(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """The step isn't possible any more: say what happened instead of doing anything."""
    latest = _latest(deviation, visitor(request))
    messages.warning(request, _("That is not possible any more: %(what)s") % {"what": latest})
    return redirect(deviation)


SEES_NAME = frozenset({Part.HANDLER, Part.LEADER, Part.QUALITY})


def history_for(deviation: Deviation, user: User, parts: frozenset[Part], limit: int | None) -> History:
    """The case's timeline as this person may read it."""
    is_reporter = Part.REPORTER in parts
    named = is_reporter or bool(parts & SEES_NAME)
    return history(deviation, reader=user, is_reporter=is_reporter, names_reporter=named, limit=limit)


@require_POST
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the other side."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_write(parts):
        raise PermissionDenied
    form = forms.MessageForm(request.POST, deviation=deviation, user=user)
    if not deviation.is_open:
        return _too_late(request, deviation)
    if form.is_valid():
        actions.write_message(
            deviation=deviation, by=user, text=form.cleaned_data["text"], from_reporter=Part.REPORTER in parts
        )
        messages.success(request, _("Sent."))
        return redirect(deviation)
    context = _case_context(user, deviation, parts, whole=False)
    return render(request, "deviations/case.html", context | {"message_form": form})


@require_POST
def helped(request: HttpRequest, reference: str) -> HttpResponse:
    """The reporter says whether the answer helped."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.is_reporter(deviation, user):
        raise PermissionDenied
    answered = deviation.outcome and request.POST.get("helped") in ("yes", "no")  # a merged case has no own answer
    if deviation.is_open or not answered:
        return _too_late(request, deviation) if deviation.is_open else redirect(deviation)
    said = request.POST["helped"] == "yes"
    actions.say_whether_it_helped(deviation=deviation, by=user, helped=said)
    messages.success(
        request,
        _("Thanks for telling.") if said else _("Thanks for telling. You can ask to have the case opened again."),
    )
    return redirect(deviation)


@require_http_methods(["GET", "POST"])
def reclassify(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct kind, category or procedure."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.parts_of(deviation, user) & SEES_NAME:
        raise PermissionDenied
    if not deviation.is_open:
        return _too_late(request, deviation)
    form = forms.ReclassifyForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        actions.reclassify(deviation=deviation, by=user, **form.what())
        messages.success(request, _("Saved."))
        return redirect(deviation)
    return render(request, "deviations/reclassify.html", {"form": form, "deviation": deviation})


@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a hidden name: why is asked, and the reporter sees it."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.may_open_identity(deviation, user):
        raise PermissionDenied
    form = forms.IdentityForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    reporter = None
    if request.method == "POST" and form.is_valid():
        reporter = actions.open_identity(deviation=deviation, by=user, reason=form.cleaned_data["reason"])
    return render(request, "deviations/identity.html", {"form": form, "deviation": deviation, "reporter": reporter})


@require_http_methods(["GET", "POST"])
def remove_file(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Delete a wrong photo or file for good: shown once more, why is asked, and the case keeps that it was done."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_remove_files(deviation, parts):
        raise PermissionDenied
    attachment = Attachment.objects.of(deviation).filter(key=key).first()
    if attachment is None:
        messages.warning(request, _("The file is not there any more."))
        return redirect(deviation)
    form = forms.RemoveFileForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        hidden = Part.REPORTER in parts and deviation.naming == Naming.SEALED
        reason = form.cleaned_data["reason"]
        remove(owner=deviation, attachment=attachment, by=None if hidden else user, reason=reason)
        messages.success(request, _("The file is deleted."))
        return redirect(deviation)
    return render(
        request, "deviations/remove_file.html", {"form": form, "deviation": deviation, "files": [attachment]}
    )
