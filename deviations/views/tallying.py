"""Ticking: the page for staff on a phone, taking a tick back, and what is ticked in a unit."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deviations import access, actions
from deviations.actions.tallying import UNDO_WITHIN
from deviations.forms.tallying import TickedForm, TickForm
from deviations.lifecycle import SheetState
from deviations.models import CHOICES_IN_LINE, TICKED, Category, Harm, TallyChoice, TallySheet, Tick
from deviations.views.visiting import visitor
from kvalitetslosen.months import month_words, this_month
from kvalitetslosen.organisation.models import Role, Unit, User

NOTES_SHOWN_FOR = datetime.timedelta(days=45)
"""How long what was learnt stands on the page where people tick."""


def unit_asked_for(user: User, number: str) -> Unit:
    """The unit asked for, the person's own when none is.

    404 for one of another municipality, 403 where the person has nothing to tick.
    """
    if number:
        if not (number.isdecimal() and len(number) < 18):
            raise Http404
        unit = get_object_or_404(Unit.objects.visible_to(user), pk=int(number))
    elif user.standing.home is not None:
        unit = user.standing.home
    else:
        raise PermissionDenied
    if not access.may_tick(user, unit):
        raise PermissionDenied
    return unit


def choice_for(unit: Unit) -> TallyChoice | None:
    """What is ticked in the unit: its own choice, or that of the nearest unit above that has one."""
    return next(iter(CHOICES_IN_LINE(**unit.line)), None)


def own_units(user: User) -> list[Unit]:
    """Where the person works or answers for something, to choose between."""
    found = {unit.pk: unit for role in access.TICKING for unit in user.standing.units(role)}
    return [unit for unit in found.values() if unit.closed_on is None]


@require_http_methods(["GET", "POST"])
def tally(request: HttpRequest) -> HttpResponse:
    """One tap for each event. Something worse opens a case with what is known filled in."""
    user = visitor(request)
    unit = unit_asked_for(user, request.GET.get("enhet", ""))
    choice = choice_for(unit)
    categories = TICKED(choice=choice.pk) if choice else []
    here = f"{reverse('deviations:tally')}?enhet={unit.pk}"
    form = TickForm(request.POST if request.method == "POST" else None, categories=categories)
    if request.method == "POST":
        if not form.is_valid():
            messages.warning(request, str(next(iter(form.errors.values()))[0]))
            return redirect(here)
        what = form.what
        if what["harm"] == Harm.SERIOUS:
            return redirect(f"{reverse('deviations:report')}?{urlencode(as_report(unit, what))}")
        try:
            actions.tick(by=user, unit=unit, **what)
        except actions.SheetClosed as closed:
            said = _("%(month)s is closed here. Ask the leader to open it, or report a case.")
            messages.warning(request, said % {"month": month_words(closed.sheet.month).capitalize()})
        return redirect(here)
    return render(request, "deviations/tally/tally.html", _context(user, unit, choice, categories, form))


def as_report(unit: Unit, what: dict[str, Any]) -> dict[str, Any]:
    """What a report begins with, as its address says it."""
    return {
        "telleark": unit.pk,
        "kategori": what["category"].pk,
        "skift": what["shift"],
        "dag": what["date"].isoformat(),
    }


def _context(
    user: User, unit: Unit, choice: TallyChoice | None, categories: list[Category], form: TickForm
) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    of_today = (
        Tick.objects.counted()
        .filter(sheet__unit=unit, sheet__month=today.replace(day=1), date=today)
        .order_by()
        .values_list("category")
        .annotate(n=Count("pk"))
    )
    counts = dict(of_today) if categories else {}
    lately = (
        Tick.objects.counted()
        .filter(by=user, at__gt=now - UNDO_WITHIN, sheet__state=SheetState.OPEN)
        .select_related("category__parent", "sheet__unit")
        .order_by("-at", "-pk")[:5]
    )
    closed = (
        TallySheet.objects.filter(unit=unit, state=SheetState.CLOSED, closed_at__gt=now - NOTES_SHOWN_FOR)
        .order_by("-month")
        .first()
    )
    return {
        "unit": unit,
        "form": form,
        "choice": choice,
        "buttons": [(each, counts.get(each.pk, 0)) for each in categories],
        "lately": lately,
        "learnt": closed,
        "others": [each for each in own_units(user) if each.pk != unit.pk],
        "may_choose": access.may_choose_ticked(user, unit),
        "month": f"{this_month():%Y-%m}",
        "of_today": today,
    }


def own_tick(user: User, key: UUID) -> Tick:
    """A tick of the person's own, or one on a sheet they answer for; 404 for any other."""
    tick = get_object_or_404(Tick.objects.select_related("sheet__unit__parent", "category"), key=key)
    if tick.by_id != user.pk and not access.may_strike(tick.sheet, access.parts_in_sheet(tick.sheet, user)):
        raise Http404
    return tick


@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a tick back: one's own for some minutes, a wrong one for whoever answers for the month."""
    user = visitor(request)
    tick = own_tick(user, key)
    sheet = tick.sheet
    answers = access.may_strike(sheet, access.parts_in_sheet(sheet, user))
    own = tick.by_id == user.pk and timezone.now() - tick.at < UNDO_WITHIN
    if not own and not answers:
        messages.warning(request, _("It is too long since you ticked. Ask your leader to take it away."))
    else:
        try:
            undone = actions.undo(tick=tick)
        except actions.SheetClosed:
            messages.warning(request, _("The month is closed, so it stays as it is."))
        else:
            said = _("Taken away: %(what)s.") if undone else _("It was taken away already: %(what)s.")
            messages.success(request, said % {"what": tick.category.label})
    if request.POST.get("til") == "maned" and answers:
        return redirect(sheet)
    return redirect(f"{reverse('deviations:tally')}?enhet={sheet.unit_id}")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, unit: int) -> HttpResponse:
    """What is ticked in the unit and below it."""
    user = visitor(request)
    place = get_object_or_404(Unit.objects.visible_to(user), pk=unit)
    if not access.may_choose_ticked(user, place):
        raise PermissionDenied
    offered = list(
        Category.objects.visible_to(user)
        .active()
        .filter(may_be_ticked=True)
        .select_related("parent")
        .order_by("parent__position", "position", "name", "pk")
    )
    choice = choice_for(place)
    # Whoever has chosen nothing yet is offered all of it: one tap, and the unit can begin.
    chosen = TICKED(choice=choice.pk) if choice else offered
    form = TickedForm(request.POST if request.method == "POST" else None, offered=offered, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        actions.choose_ticked(unit=place, categories=form.cleaned_data["categories"], by=user)
        messages.success(request, _("Saved. It holds in the unit and those below it that have not chosen themselves."))
        return redirect(f"{reverse('deviations:tally')}?enhet={place.pk}")
    return render(
        request,
        "deviations/tally/choose.html",
        {
            "form": form,
            "unit": place,
            "offered": offered,
            "choice": choice,
            "keeps": user.standing.has(Role.ADMINISTRATOR),
        },
    )


def tick_asked_for(user: User, query: QueryDict) -> Tick | None:
    """The tick a report is to take the place of, where the address names one that still counts.

    404 for one that isn't the person's. One that has become a case is asked for no more: the report was sent twice.
    """
    try:
        key = UUID(query.get("kryss", ""))
    except ValueError:
        return None
    if Tick.objects.filter(key=key).exclude(undone_at=None, became=None).exists():
        return None
    return own_tick(user, key)
