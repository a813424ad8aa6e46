"""What is answered to the questions of a case's category: the reporter what is missing, those responsible all."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations import access, actions
from deviations.forms.questions import AnswersForm
from deviations.lifecycle import Part
from deviations.models import Naming
from deviations.views.steps import too_late
from deviations.views.visiting import AnswersIn, answers_in, visible_case, visitor
from kvalitetslosen.files.models import files_of


@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer what is missing, or put an answer right."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_answer(parts):
        raise PermissionDenied
    if not deviation.is_open:
        return too_late(request, deviation)
    found = answers_in(deviation, parts)
    is_reporter = Part.REPORTER in parts
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, questions=found.questions, only_missing=is_reporter)
    if not form.question_names:
        messages.info(request, _("There is nothing more to answer."))
        return redirect(deviation)
    if request.method == "POST" and form.is_valid():
        hidden = is_reporter and deviation.naming == Naming.SEALED
        actions.answer_questions(
            deviation=deviation, by=None if hidden else user, given=form.given, from_reporter=is_reporter
        )
        messages.success(request, _("Saved."))
        return redirect(deviation)
    return render(
        request,
        "deviations/answers.html",
        {
            "form": form,
            "deviation": deviation,
            "is_reporter": is_reporter,
            "files": files_of(deviation),
            "answers": AnswersIn(found.questions, found.answered if is_reporter else (), found.earlier),
        },
    )
