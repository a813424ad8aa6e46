"""Asking a colleague for help in a case, and what the colleague sees of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import access, actions
from deviations.forms.asking import CANNOT_BE_ASKED, AnswerTaskForm, AskColleagueForm
from deviations.forms.people import colleagues_like, person_label
from deviations.lifecycle import RESPONSIBLE, Part
from deviations.models import Task
from deviations.views.analysing import Found, row_forms
from deviations.views.steps import too_late
from deviations.views.visiting import read, visible_case, visitor
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import written
from kvalitetslosen.ui.lookup import suggestions


@require_GET
def find_colleague(request: HttpRequest) -> HttpResponse:
    """Suggestions while one writes a colleague's name."""
    text = next((str(value) for value in request.GET.values()), "")[:200]
    return suggestions(colleagues_like(visitor(request), text), person_label)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a colleague one thing: who, what, by when, and whether they read what happened."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not parts & RESPONSIBLE:
        raise PermissionDenied
    if not access.may_ask_colleague(deviation, parts):
        return too_late(request, deviation)
    form = AskColleagueForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            task = actions.ask_colleague(deviation=deviation, by=user, **form.asked())
        except actions.CaseEnded:
            return too_late(request, visible_case(user, reference))
        except actions.CannotAsk:
            form.add_error("given_to", CANNOT_BE_ASKED % {"name": form.cleaned_data["given_to"].name})
        else:
            names = {"who": task.given_to.name, "day": written(task.deadline)}
            messages.success(request, _("%(who)s is asked, to answer by %(day)s.") % names)
            return redirect(deviation)
    return render(request, "deviations/task/ask.html", {"form": form, "deviation": deviation})


def visible_task(user: User, key: UUID) -> Task:
    """The task, or 404 for whoever may not see it."""
    rows = Task.objects.visible_to(user).select_related("deviation__handling_unit", "shows__unit", "given_by")
    return get_object_or_404(rows, key=key)


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a colleague is asked, what they need to read for it, and their answer."""
    user = visitor(request)
    asked = visible_task(user, key)
    if Part.COLLEAGUE not in access.parts_in_task(asked, user):
        if request.method == "POST":
            raise PermissionDenied
        return redirect(f"{asked.deviation.get_absolute_url()}#kolleger")  # those of the case read it there
    read(user.pk, asked)
    if request.method != "POST":
        return task_page(request, user, asked)
    form = AnswerTaskForm(request.POST, task=asked)
    if form.is_valid():
        try:
            actions.answer_task(
                task=asked, by=user, answer=form.cleaned_data["answer"], seen=form.cleaned_data["seen"]
            )
        except StepRefused:
            messages.warning(request, _("This was taken back meanwhile. Thanks all the same."))
        else:
            messages.success(request, _("Thanks! Your answer is sent."))
        return redirect("today")
    return task_page(request, user, asked, form=form)


def task_page(
    request: HttpRequest, user: User, asked: Task, *, form: Form | None = None, status: int = 200, **sent: Form
) -> HttpResponse:
    """The page of a colleague's task; with what is to be seen of the analysis where that is what they help with."""
    context = {"form": form or AnswerTaskForm(task=asked), "task": asked}
    if asked.opens_analysis:
        found = Found.of(asked.deviation, by=user)
        context |= {
            "found": found,
            "may": True,
            "forms": row_forms(request, found) | sent,
            "base": f"{asked.get_absolute_url()}arsak/",
            "draft": str(asked.key),
        }
    return render(request, "deviations/task/task.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back what a colleague was asked."""
    user = visitor(request)
    asked = visible_task(user, key)
    if not access.parts_in_task(asked, user) & RESPONSIBLE:
        raise PermissionDenied
    try:
        actions.withdraw_task(task=asked, by=user)
    except StepRefused:
        messages.warning(request, _("It had been answered already."))
    else:
        messages.success(request, _("Taken back. They see nothing of the case any more."))
    return redirect(asked.deviation)
