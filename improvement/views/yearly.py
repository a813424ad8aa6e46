"""The year wheel: the picture and the list by month, one task, ready sets, and next year's."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from improvement import access, actions
from improvement.audit_lifecycle import AuditState
from improvement.forms import yearly as forms
from improvement.models import Audit, YearTask
from improvement.views.acting import visitor
from improvement.views.stepping import StepPage
from improvement.year_lifecycle import YEAR_TASK
from improvement.year_wheel import months
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Role, Unit, User

MOST = 400  # tasks in one wheel; a unit has about forty a year


def _year(request: HttpRequest) -> int:
    value = request.GET.get("aar", "") or request.POST.get("aar", "")
    return (
        int(value)
        if value.isdecimal() and 2000 <= int(value[:4]) <= 2100 and len(value) == 4
        else timezone.localdate().year
    )


def _unit(user: User, number: str) -> Unit | None:
    """The unit asked for, if the person leads it or above it, or is its quality contact."""
    if not number.isdecimal() or len(number) >= 18:
        return None
    unit = Unit.objects.visible_to(user).filter(pk=int(number)).first()
    return unit if unit and _oversees(user, unit) else None


def _oversees(user: User, unit: Unit) -> bool:
    return user.standing.reaches(Role.LEADER, unit) or user.standing.reaches(Role.QUALITY_CONTACT, unit)


@require_GET
def wheel(request: HttpRequest) -> HttpResponse:
    """What the year asks of me, or of a unit."""
    user, today = visitor(request), timezone.localdate()
    year, unit = _year(request), _unit(user, request.GET.get("enhet", ""))
    rows = YearTask.objects.visible_to(user).of_year(year).select_related("owner", "unit")
    rows = rows.filter(unit=unit) if unit else rows.filter(owner=user)
    tasks = list(rows.order_by("month", "pk")[:MOST])
    audits = audits_of(user, year, unit)
    may_plan = access.may_plan_year(user)
    one = {task.unit_id for task in tasks}
    of = unit or (tasks[0].unit if len(one) == 1 and _oversees(user, tasks[0].unit) else None)
    return render(
        request,
        "improvement/year/wheel.html",
        {
            "year": year,
            "before": year - 1,
            "after": year + 1,
            "unit": unit,
            "units": forms.units_to_plan(user) if may_plan else [],
            "months": months(tasks, year, audits),
            "has_audits": bool(audits),
            "count": len(tasks),
            "waiting": sum(task.is_waiting for task in tasks),
            "late": sum(task.is_late for task in tasks),
            "may_plan": may_plan,
            "next_of": of if of and tasks and may_plan and may_make_next(year, today) else None,
        },
    )


def audits_of(user: User, year: int, unit: Unit | None) -> list[Audit]:
    """Those that are held in the year: in the unit, or what concerns the person."""
    rows = Audit.objects.visible_to(user).filter(held_on__year=year).exclude(state=AuditState.CANCELLED)
    rows = rows.filter(unit=unit) if unit else rows.concerning(user)
    return list(rows.select_related("unit").order_by("held_on", "pk")[:MOST])


def may_make_next(year: int, today: datetime.date) -> bool:
    """From December on, and all through the year after for whoever forgot."""
    return datetime.date(year, 12, 1) <= today <= datetime.date(year + 1, 12, 31)


@require_POST
def next_year(request: HttpRequest) -> HttpResponse:
    """Next year's wheel of a unit, made from this one's."""
    user, year = visitor(request), _year(request)
    number = request.POST.get("enhet", "")
    unit = get_object_or_404(
        Unit.objects.visible_to(user), pk=int(number) if number.isdecimal() and len(number) < 18 else 0
    )
    if not _oversees(user, unit):
        raise PermissionDenied
    there = f"{reverse('year:wheel')}?aar={year + 1}&enhet={unit.pk}"
    if not may_make_next(year, timezone.localdate()):
        messages.warning(request, _("Next year’s wheel is made in December."))
        return redirect(f"{reverse('year:wheel')}?aar={year}&enhet={unit.pk}")
    try:
        made = actions.make_next_year(unit=unit, year=year, by=user)
    except actions.NobodyLeads:
        messages.warning(request, _("Nobody leads the unit, so nobody would do it."))
        return redirect(there)
    if made:
        messages.success(request, _("The wheel of %(year)s is made: %(n)d tasks.") % {"year": year + 1, "n": made})
    else:
        messages.info(request, _("The wheel of %(year)s is made already.") % {"year": year + 1})
    return redirect(there)


@require_http_methods(["GET", "POST"])
def lay(request: HttpRequest) -> HttpResponse:
    """Choose ready sets for one's unit, or for many at once."""
    user = visitor(request)
    if not access.may_plan_year(user):
        raise PermissionDenied
    unit = _unit(user, request.GET.get("enhet", ""))
    form = forms.LayForm(request.POST if request.method == "POST" else None, user=user, unit=unit)
    if request.method == "POST" and form.is_valid():
        year, made, nobody = int(form.cleaned_data["year"]), 0, []
        for each in form.chosen:
            try:
                made += actions.lay(unit=each, sets=form.cleaned_data["sets"], year=year, by=user)
            except actions.NobodyLeads:
                nobody.append(each.name)
        if nobody:
            messages.warning(
                request, _("Nobody leads these, so nothing was laid there: %(units)s.") % {"units": ", ".join(nobody)}
            )
        if made:
            said = ngettext("%(n)d task stands in the year now.", "%(n)d tasks stand in the year now.", made)
            messages.success(request, said % {"n": made})
        elif not nobody:
            messages.info(request, _("All of it stood there already."))
        return redirect(f"{reverse('year:wheel')}?aar={year}&enhet={form.chosen[0].pk}")
    return render(request, "improvement/year/lay.html", {"form": form})


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """A duty of one's own."""
    user = visitor(request)
    if not access.may_plan_year(user):
        raise PermissionDenied
    unit = _unit(user, request.GET.get("enhet", ""))
    form = forms.PlanForm(request.POST if request.method == "POST" else None, user=user, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            task = actions.plan_yearly(by=user, **form.planned())
        except actions.NotInTheMunicipality:
            form.add_error("owner", _("This person can't have the task. Choose somebody else."))
        else:
            messages.success(request, _("It stands in the year now."))
            return redirect(task)
    return render(request, "improvement/year/plan.html", {"form": form})


# One task


def visible_task(user: User, pk: int) -> YearTask:
    return get_object_or_404(YearTask.objects.visible_to(user).select_related("owner", "unit"), pk=pk)


STEPS: dict[str, StepPage] = {
    "tick": StepPage(forms.TickForm, actions.tick, gettext_lazy("Done. Well done!")),
    "skip": StepPage(forms.SkipForm, actions.skip, gettext_lazy("It is skipped this time.")),
    "again": StepPage(forms.AgainForm, actions.put_back, gettext_lazy("It is back on the plan.")),
    "change": StepPage(forms.ChangeForm, actions.change_task, gettext_lazy("It is changed.")),
    "hand_over": StepPage(forms.GiveForm, actions.give_task, gettext_lazy("It is given to them.")),
}


@require_GET
def task_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done, what done is, and ticking it in place."""
    user = visitor(request)
    task = visible_task(user, pk)
    return _page(request, user, task, forms.TickForm(task=task, user=user))


def _page(request: HttpRequest, user: User, task: YearTask, form: forms.YearStepForm) -> HttpResponse:
    steps = {step.name: step for step in access.year_steps(task, user)}
    return render(
        request,
        "improvement/year/task.html",
        {
            "task": task,
            "form": form,
            "steps": steps,
            "further": [steps[name] for name in ("skip", "change", "hand_over") if name in steps],
            "told": tell(Event.objects.about(task).order_by("-number")[:30], user),
        },
    )


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one step: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    task = visible_task(user, pk)
    if all(each.name != name for each in access.year_steps(task, user)):
        return too_late(request, task)
    how = STEPS[name]
    if request.method == "GET" and name in ("tick", "again"):
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = how.form(request.POST if request.method == "POST" else None, task=task, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(task=task, by=user, seen=form.cleaned_data["seen"], **form.taken())
        except StepRefused:
            return too_late(request, visible_task(user, pk))
        except StepIncomplete:
            form.add_error(None, _("Something is missing. Fill it in and try again."))
        except actions.NotInTheMunicipality:
            form.add_error("owner", _("This person can't have the task. Choose somebody else."))
        else:
            messages.success(request, str(how.done))
            if YearTask.objects.visible_to(user).filter(pk=task.pk).exists():
                return redirect(task)
            return redirect("year:wheel")
    if name == "tick":
        return _page(request, user, task, form)
    return render(request, "improvement/year/step.html", {"form": form, "task": task, "step": YEAR_TASK[name]})
