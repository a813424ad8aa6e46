"""A case of somebody without a name, opened by its code.

The code is asked for once; from then on the browser holds a signed mark of its own for a short while, which is no
session, knows no person, and is sent to these pages only. Whoever happens to be logged in on the device stays outside:
the pages neither show nor use it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import actions, codes
from deviations.forms.coded import CodeForm, FilesForm
from deviations.forms.questions import AnswersForm
from deviations.forms.steps import ReasonForm, StepForm
from deviations.forms.talking import AnswerForm, MessageForm
from deviations.history import history, latest_in_words
from deviations.lifecycle import LIFECYCLE, Part
from deviations.models import CaseCode, Deviation
from deviations.views.case import answer_to_reporter, whose_turn
from deviations.views.reporting import TOO_MANY
from deviations.views.visiting import AnswersIn, answers_in, latest_question, talk_of
from deviations.visits import Door
from kvalitetslosen.files.actions import attach_all
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.files.views import handed_out
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.limits import Limit
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.practice.middleware import practice_of
from kvalitetslosen.ui.registry import panels

WRONG = Limit("wrong case code", times=20, seconds=15 * 60)
SENDING = Limit("sent by case code", times=60, seconds=3600)
DOOR = Door("deviations:enter_code", cookie="losen_case", salt="deviations.by_code")
PARTS = frozenset({Part.REPORTER})
NOBODY = User()  # where a form or a sentence wants to know who reads: it has no number, so it is nobody

Case = Callable[..., HttpResponseBase]


@login_not_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Right, wrong and no code at all ask the database the same, and wrong is said in one way."""
    request.user = AnonymousUser()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = opened_by(request, form.cleaned_data["code"])
        if WRONG.is_reached(request):
            form.add_error("code", _("That was many tries in a short time. Wait a quarter of an hour, and try again."))
        elif found is None:
            WRONG.count(request)
            form.add_error("code", _("There is no case with this code. Look at what you wrote down, and try again."))
        else:
            return DOOR.let_in(redirect("deviations:coded_case"), found.visit)
    return render(request, "deviations/coded/enter.html", {"form": form})


def opened_by(request: HttpRequest, code: str) -> CaseCode | None:
    """The case of the code. Who practises opens none that is real, and nobody else one that is practice."""
    here = Unit.objects.of_world(practice_of(request) is not None)
    return CaseCode.objects.filter(hash=codes.hash_of(code), deviation__level_0__in=here.values("pk")).first()


def with_code(view: Case) -> Case:
    """The case whose code was shown, or back to where it is asked for. Every page lets it last a while longer."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, **more: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        visit = DOOR.visit(request)
        took_in = Exists(Deviation.objects.filter(merged_into=OuterRef("pk")))
        rows = Deviation.objects.select_related("unit", "handling_unit", "category__parent", "handler")
        here = Unit.objects.of_world(practice_of(request) is not None)
        rows = rows.filter(level_0__in=here.values("pk"))
        deviation = rows.annotate(took_in=took_in).opened_with(visit).first() if visit else None
        if visit is None or deviation is None:
            if request.method == "POST":
                messages.warning(request, _("It took a while, so nothing was sent. Write the case code once more."))
            return DOOR.out()
        return DOOR.let_in(view(request, deviation, **more), visit)

    return opened


@require_GET
@with_code
def case(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Where the case is, the answer, the talk, the files."""
    return _page(request, deviation)


def _page(request: HttpRequest, deviation: Deviation, **forms: StepForm) -> HttpResponse:
    talk = talk_of(deviation, PARTS)
    open_again = "reopen" in {step.name for step in LIFECYCLE.available(deviation.state, PARTS)}
    fresh: dict[str, Any] = {"deviation": deviation, "user": NOBODY}
    context: dict[str, Any] = {
        "deviation": deviation,
        "is_reporter": True,
        "turn": whose_turn(deviation, NOBODY, PARTS),
        "answer": answer_to_reporter(deviation),
        "question": latest_question(deviation, talk),
        "talk": talk,
        "files": files_here(deviation),
        "answers": answers_here(deviation),
        "told": history(deviation, reader=None, is_reporter=True),
        "panels": panels("deviations.coded_case", NOBODY, deviation),
        "may_reopen": open_again,
        "answer_form": AnswerForm(**fresh),
        "message_form": MessageForm(**fresh),
        "files_form": FilesForm(**fresh),
        "reopen_form": _reason(deviation) if open_again else None,
    }
    return render(request, "deviations/coded/case.html", context | forms)


def files_here(deviation: Deviation) -> list[Attachment]:
    """The files of the case, with the addresses they have for whoever shows its code."""
    files = files_of(deviation)
    for each in files:
        each.door = reverse("deviations:coded_files")
    return files


def answers_here(deviation: Deviation) -> AnswersIn:
    return answers_in(deviation, PARTS, reverse("deviations:coded_questions"))


def _reason(deviation: Deviation, data: Any = None) -> ReasonForm:
    return ReasonForm(data, deviation=deviation, user=NOBODY, note_label=LIFECYCLE["reopen"].note_label)


def _sending(request: HttpRequest, form: Form) -> bool:
    """Whether what was written may be sent: all is filled in, and not very much has come from there lately."""
    if not form.is_valid():
        return False
    if SENDING.is_reached(request):
        form.add_error(None, TOO_MANY)
        return False
    SENDING.count(request)
    return True


def _too_late(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    told = history(deviation, reader=None, is_reporter=True, limit=1)
    messages.warning(request, _("That is not possible any more: %(what)s") % {"what": latest_in_words(told)})
    return redirect("deviations:coded_case")


@require_POST
@with_code
def answer(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Answer what was asked."""
    form = AnswerForm(request.POST, deviation=deviation, user=NOBODY)
    if LIFECYCLE.find("answer", deviation.state) is None:
        return _too_late(request, deviation)
    if not _sending(request, form):
        return _page(request, deviation, answer_form=form)
    try:
        actions.answer(deviation=deviation, by=None, text=form.cleaned_data["text"])
    except StepRefused:
        return _too_late(request, deviation)
    messages.success(request, _("Thanks! Your answer is sent."))
    return redirect("deviations:coded_case")


@require_http_methods(["GET", "POST"])
@with_code
def questions(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Answer what the category asks and isn't answered yet."""
    found = answers_here(deviation)
    if not deviation.is_open:
        return _too_late(request, deviation)
    form = AnswersForm(
        request.POST if request.method == "POST" else None, questions=found.questions, only_missing=True
    )
    if not form.question_names:
        return redirect("deviations:coded_case")
    if request.method == "POST" and _sending(request, form):
        actions.answer_questions(deviation=deviation, by=None, given=form.given, from_reporter=True)
        messages.success(request, _("Saved."))
        return redirect("deviations:coded_case")
    return render(request, "deviations/coded/questions.html", {"form": form})


@require_POST
@with_code
def message(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Write to those who handle the case."""
    form = MessageForm(request.POST, deviation=deviation, user=NOBODY)
    if not deviation.is_open:
        return _too_late(request, deviation)
    if not _sending(request, form):
        return _page(request, deviation, message_form=form)
    actions.write_message(deviation=deviation, by=None, text=form.cleaned_data["text"], from_reporter=True)
    messages.success(request, _("Sent."))
    return redirect("deviations:coded_case")


@require_http_methods(["GET", "POST"])
@with_code
def files(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Add photos and files to the case."""
    if request.method == "GET":
        return redirect("deviations:coded_case")
    form = FilesForm(request.POST, request.FILES, deviation=deviation, user=NOBODY)
    if not deviation.is_open:
        return _too_late(request, deviation)
    if not _sending(request, form):
        return _page(request, deviation, files_form=form)
    attach_all(owner=deviation, by=None, **form.what())
    messages.success(request, _("The files are added."))
    return redirect("deviations:coded_case")


@require_POST
@with_code
def helped(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Say whether the answer helped."""
    said = request.POST.get("helped")
    if deviation.is_open:
        return _too_late(request, deviation)
    if deviation.outcome and said in ("yes", "no"):  # a merged case has no own answer
        actions.say_whether_it_helped(deviation=deviation, by=None, helped=said == "yes")
        messages.success(request, _("Thanks for telling."))
    return redirect("deviations:coded_case")


@require_POST
@with_code
def reopen(request: HttpRequest, deviation: Deviation) -> HttpResponse:
    """Have the case opened again, with why."""
    if LIFECYCLE.find("reopen", deviation.state) is None:
        return _too_late(request, deviation)
    form = _reason(deviation, request.POST)
    if not _sending(request, form):
        return _page(request, deviation, reopen_form=form)
    try:
        actions.reopen(deviation=deviation, by=None, note=form.cleaned_data["note"])
    except StepRefused:
        return _too_late(request, deviation)
    messages.success(request, _("The case is open again."))
    return redirect("deviations:coded_case")


@require_GET
@with_code
def file(request: HttpRequest, deviation: Deviation, key: UUID) -> HttpResponseBase:
    found = get_object_or_404(Attachment.objects.of(deviation), key=key)
    return handed_out(found, part=request.headers.get("Range", ""))


@require_GET
@with_code
def thumbnail(request: HttpRequest, deviation: Deviation, key: UUID) -> HttpResponseBase:
    return handed_out(get_object_or_404(Attachment.objects.of(deviation), key=key), small=True)


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Shut the case on this device."""
    return DOOR.out()
