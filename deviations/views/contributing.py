"""A colleague who is asked for help to find the cause writes in the analysis of that one case, on the task's page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deviations import actions
from deviations.forms.analysing import MomentForm, WhyForm
from deviations.models import CauseAnalysis, Task, Why
from deviations.views.analysing import REMOVING, Found, Own, put_moment, put_why
from deviations.views.asking import task_page, visible_task
from deviations.views.visiting import visitor
from kvalitetslosen.organisation.models import User

PUTS = {"tid": ("moment", MomentForm, put_moment), "hvorfor": ("why", WhyForm, put_why)}


def task_to_help_with(user: User, key: uuid.UUID) -> Task:
    """The task, for whoever is asked to look for the cause in it: else 404 or 403."""
    task = visible_task(user, key)
    if task.given_to_id != user.pk or not task.opens_analysis:
        raise PermissionDenied
    return task


@require_POST
def save(request: HttpRequest, key: uuid.UUID, part: str) -> HttpResponse:
    """Add a moment or a why, or correct one's own; the same sent twice changes nothing."""
    user = visitor(request)
    task = task_to_help_with(user, key)
    if part not in PUTS:
        raise Http404
    noun, form_class, put = PUTS[part]
    form = form_class(request.POST)
    if not form.is_valid():
        return task_page(request, user, task, status=422, **{noun: form})
    if not _is_own(user, task, part, form.cleaned_data["key"]):
        raise PermissionDenied
    where = f"#{part}"
    try:
        where = put(user, task.deviation, form)
    except actions.CaseEnded:
        messages.warning(request, _("The case was closed meanwhile."))
    except actions.TooManyRows:
        messages.warning(request, _("There are a hundred already. Take some away before you add more."))
    except Why.DoesNotExist:
        messages.warning(request, _("Somebody took that away meanwhile."))
    return redirect(f"{task.get_absolute_url()}{where}")


@require_POST
def remove(request: HttpRequest, key: uuid.UUID, part: str, row: uuid.UUID) -> HttpResponse:
    """Take away what one has written oneself, as long as nobody has built upon it. One that is gone is gone."""
    user = visitor(request)
    task = task_to_help_with(user, key)
    if part not in PUTS:
        raise Http404
    analysis = CauseAnalysis.objects.filter(deviation=task.deviation).first()
    own = Own.of(analysis, user) if analysis else Own(frozenset(), frozenset())
    try:
        actions.remove_row(
            deviation=task.deviation,
            by=user,
            noun=REMOVING[part],
            key=row,
            own=own.moments if part == "tid" else own.whys,
        )
    except actions.CaseEnded:
        messages.warning(request, _("The case was closed meanwhile."))
    except actions.BuiltUpon:
        raise PermissionDenied from None
    return redirect(f"{task.get_absolute_url()}#{part}")


def _is_own(user: User, task: Task, part: str, key: uuid.UUID) -> bool:
    """Whether the row is new or the person's own."""
    found = Found.of(task.deviation, user)
    if found.own is None:
        return True
    if part == "tid":
        return all(each.pk in found.own.moments for each in found.moments if each.key == key)
    return all(each.pk in found.own.whys for each in found.whys if each.key == key)
