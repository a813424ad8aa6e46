"""Reporting a case."""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from deviations import actions
from deviations.filters import oversees
from deviations.forms.fields import ELSEWHERE, CategoryChoices, NearUnits, documents_like, unit_label, units_like
from deviations.forms.questions import FragmentForm
from deviations.forms.reporting import ReportForm
from deviations.forms.tallying import shift_at
from deviations.models import EXAMPLES, Deviation, Harm, Naming, Tick, When
from deviations.views.tallying import tick_asked_for
from deviations.views.visiting import visitor
from kvalitetslosen.files.actions import attach_all
from kvalitetslosen.limits import Limit
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.lookup import suggestions

ANONYMOUS = Limit("anonymous report", times=60, seconds=3600)
TOO_MANY = gettext_lazy("Very many have been sent from here in a short time. Wait an hour, and send it again.")


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """What happened? One screen."""
    user = visitor(request)
    tick = tick_asked_for(user, request.GET) if "kryss" in request.GET else None
    begun = filled_in(user, request.GET, tick)
    form = ReportForm(request.POST or None, request.FILES or None, user=user, initial=begun)
    valid = request.method == "POST" and form.is_valid()
    to_ask = valid and form.has_more_to_ask
    if valid and not to_ask:
        if form.is_anonymous:
            if not ANONYMOUS.is_reached(request):
                return without_name(request, form, tick)
            form.add_error(None, TOO_MANY)
        else:
            return redirect("deviations:receipt", sent(form, tick).deviation.reference)
    home = user.standing.home
    return render(
        request,
        "deviations/report.html",
        {
            "form": form,
            "begun": bool(begun),
            "tick": tick,
            "to_ask": form.asks_about if to_ask else None,
            "files_lost": bool(to_ask and request.FILES),
            "examples": EXAMPLES(**home.line) if home else (),
            "small_units": form.near.small,
            "writes_examples": user.standing.has(Role.LEADER, Role.QUALITY_CONTACT),
        },
    )


def sent(form: ReportForm, tick: Tick | None = None) -> actions.Unnamed:
    """Report what the form says, files and all or nothing: the case, and the code of one without a name."""
    uploads, code = form.cleaned_data["files"], ""
    with transaction.atomic() if uploads or tick else nullcontext():
        if form.is_anonymous:
            deviation, code = actions.report_anonymously(**form.report)
        else:
            deviation = actions.report(by=form.user, hide_name=form.hides_name, **form.report)
        if tick:
            actions.become_case(tick=tick, deviation=deviation)
        if uploads:
            named = form.user if deviation.naming == Naming.NAMED else None
            attach_all(owner=deviation, uploads=uploads, by=named)
    return actions.Unnamed(deviation, code)


def without_name(request: HttpRequest, form: ReportForm, tick: Tick | None) -> HttpResponse:
    """From here on nothing knows who sends it. The code is in this answer alone: in no session, address or message."""
    ANONYMOUS.count(request)
    deviation, code = sent(form, tick)
    return code_shown(request, deviation, code, again=reverse("deviations:report"))


def code_shown(request: HttpRequest, deviation: Deviation, code: str, **more: Any) -> HttpResponse:
    """The one page a code stands on."""
    request.user = AnonymousUser()  # the page has no name in its corner
    return render(request, "deviations/coded/receipt.html", {"deviation": deviation, "code": code, **more})


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What the chosen category asks: for the script, which puts it into the form."""
    form = FragmentForm()
    form.ask_for(CategoryChoices(visitor(request)).get(request.GET.get("category", "")), "")
    return render(request, "deviations/questions.html", {"form": form})


def filled_in(user: User, query: QueryDict, tick: Tick | None) -> dict[str, Any]:
    """What a report begins with when it comes from a tally sheet: a tick, or something too serious to be ticked."""
    if tick is not None:
        unit: Unit | None = tick.sheet.unit
        category, harm, shift, day = str(tick.category_id), tick.harm, tick.shift, tick.date
    else:
        number = query.get("telleark", "")
        if not (number.isdecimal() and len(number) < 18):
            return {}
        unit = Unit.objects.visible_to(user).filter(pk=int(number)).select_related("parent").first()
        category, harm, shift = query.get("kategori", ""), str(Harm.SERIOUS), query.get("skift", "")
        day = day_in(query.get("dag", ""))
    if unit is None:
        return {}
    now = timezone.now()
    begun: dict[str, Any] = {"category": str(category), "harm": harm, **place_of(user, unit)}
    if day != timezone.localdate(now):
        return begun | {"happened": When.DATE, "happened_on": day}
    return begun | {"happened": When.SHIFT if shift == shift_at(now) else When.TODAY}


def day_in(text: str) -> datetime.date:
    """The day of an address, today where it makes no sense."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def place_of(user: User, unit: Unit) -> dict[str, str]:
    """The unit as the form has it: one of those near the person, or written."""
    if NearUnits(user).get(str(unit.pk)):
        return {"unit": str(unit.pk)}
    return {"unit": ELSEWHERE, "elsewhere": unit_label(unit)}


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
    return suggestions(units_like(visitor(request), asked_for(request)), unit_label)


@require_GET
def find_procedure(request: HttpRequest) -> HttpResponse:
    return suggestions(documents_like(visitor(request), asked_for(request)))
