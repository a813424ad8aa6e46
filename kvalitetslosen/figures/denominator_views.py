"""Where leaders write down bed days, visits, pupils and users."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kvalitetslosen.figures import access, actions
from kvalitetslosen.figures.forms import DenominatorForm
from kvalitetslosen.figures.models import Basis, Denominator
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import Unit, User

MONTHS = 13


@require_http_methods(["GET", "POST"])
def denominators(request: HttpRequest) -> HttpResponse:
    """How many there were, month by month."""
    user = person(request)
    unit = unit_of(user, request.GET.get("enhet", ""))
    basis = Basis(request.GET["hva"]) if request.GET.get("hva", "") in Basis.values else usual(unit)
    months = latest_months()
    rows = Denominator.objects.visible_to(user).filter(unit=unit, basis=basis, month__in=months, n__isnull=False)
    known = {month: n or 0 for month, n in rows.order_by("month").values_list("month", "n")}
    form = DenominatorForm(request.POST or None, months=months, known=known)
    here = f"{reverse('figures:denominators')}?enhet={unit.pk}&hva="
    explorer = reverse("figures:explore")
    if request.method == "POST" and form.is_valid():
        changed = actions.write_denominators(unit=unit, basis=basis, months=form.numbers, by=user)
        n = len(changed)
        messages.success(
            request,
            ngettext("One month was written down.", "%(n)d months were written down.", n) % {"n": n}
            if n
            else _("Nothing was changed."),
        )
        return redirect(f"{here}{basis.value}")
    return render(
        request,
        "figures/denominators.html",
        {
            "unit": unit,
            "form": form,
            "basis": basis,
            "kinds": [(each.label, f"{here}{each.value}", each == basis) for each in Basis],
            "others": [each for each in access.own_units(user) if each.pk != unit.pk],
            "below": Unit.objects.active().filter(parent=unit).order_by("name", "pk"),
            "rate_url": f"{explorer}?om=avvik&enhet={unit.pk}&per=maned&del=ingen&rate={basis.value}",
        },
        status=422 if form.errors else 200,
    )


def unit_of(user: User, number: str) -> Unit:
    """The unit asked for, or the person's own. Raises ``PermissionDenied`` where they may not write."""
    own = access.own_units(user)
    if not own:
        raise PermissionDenied
    if not (number.isdecimal() and len(number) < 18):
        return own[0]
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=int(number))
    if not access.may_write(user, unit):
        raise PermissionDenied
    return unit


def usual(unit: Unit) -> Basis:
    """What was last written down for the unit, to begin with."""
    row = Denominator.objects.filter(unit=unit, n__isnull=False).order_by("-month", "basis").first()
    return Basis(row.basis) if row else Basis.BED_DAYS


def latest_months() -> list[datetime.date]:
    """The running month and those before it, the newest first."""
    return [months_after(this_month(), -n) for n in range(MONTHS)]
