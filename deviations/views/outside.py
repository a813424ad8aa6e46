"""The form that is open to those without a log-in, and the pages where the administrator keeps it."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import actions
from deviations.forms.outside import ForWhichUnitForm, OpenFormForm, OutsideForm
from deviations.models import OpenForm, Source
from deviations.views.reporting import TOO_MANY, code_shown
from documents.paper.copies import qr
from kvalitetslosen.files.actions import attach_all
from kvalitetslosen.limits import Limit
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.practice.middleware import practice_of

SENT = Limit("report from outside", times=30, seconds=3600)
MOST_UNITS = 300


@login_not_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """What happened? One screen, for somebody who isn't known here and isn't asked who they are."""
    request.user = AnonymousUser()
    here = Unit.objects.of_world(practice_of(request) is not None)
    answering = OpenForm.objects.answering().filter(level_0__in=here.values("pk"))
    found = get_object_or_404(answering.select_related("unit"), slug=slug)
    municipality = found.municipality
    with spoken(request, municipality):
        form = OutsideForm(request.POST or None, request.FILES or None, open_form=found)
        if request.method == "POST" and form.is_valid():
            if not SENT.is_reached(request):
                SENT.count(request)
                deviation, code = sent(form)
                return code_shown(request, deviation, code, again=found.get_absolute_url())
            form.add_error(None, TOO_MANY)
        return render(
            request, "deviations/outside/form.html", {"form": form, "open_form": found, "municipality": municipality}
        )


def spoken(request: HttpRequest, municipality: Unit) -> translation.override:
    """In the municipality's own Norwegian for those whose browser wants any; as chosen, for those who have chosen."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    norwegian = translation.get_language() in ("nb", "nn")
    return translation.override(municipality.language if norwegian and not chosen else translation.get_language())


@transaction.atomic
def sent(form: OutsideForm) -> actions.Unnamed:
    unnamed = actions.report_anonymously(**form.report, source=Source.OUTSIDE)
    actions.leave_contact(deviation=unnamed.deviation, **form.contact)
    attach_all(owner=unnamed.deviation, uploads=form.cleaned_data["files"], by=None)
    return unnamed


# For the administrator


def keeper(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not user.standing.has(Role.ADMINISTRATOR):
        raise PermissionDenied
    return user


def kept(request: HttpRequest, pk: int) -> OpenForm:
    """One of the forms the person keeps; 404 for those of others."""
    rows = OpenForm.objects.visible_to(keeper(request)).select_related("unit")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Which forms there are, open and shut, and a new one."""
    user = keeper(request)
    units = list(
        Unit.objects.in_any_subtree(user.standing.units(Role.ADMINISTRATOR))
        .active()
        .filter(open_form=None)
        .order_by("depth", "name", "pk")[:MOST_UNITS]
    )
    form = ForWhichUnitForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        made = actions.make_open_form(unit=form.units[form.cleaned_data["unit"]], by=user)
        messages.success(request, _("The form is made. It is shut until you open it."))
        return redirect("deviations:open_form", made.pk)
    rows = OpenForm.objects.visible_to(user).select_related("unit").order_by("unit__depth", "unit__name", "pk")
    return render(request, "deviations/outside/overview.html", {"form": form, "rows": rows, "units": units})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: what it asks, its address and its QR code."""
    found = kept(request, pk)
    begun = {"kinds": found.kinds, "welcome": found.welcome}
    form = OpenFormForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        actions.change_open_form(form=found, by=keeper(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("deviations:open_form", found.pk)
    return render(request, "deviations/outside/edit.html", {"form": form, "open_form": found, **address(found)})


def address(found: OpenForm) -> dict[str, str]:
    """Where the form is, in letters and as a QR code."""
    target = f"{settings.SITE_URL}{found.get_absolute_url()}"
    return {"target": target, "short": target.partition("://")[2], "qr": qr(target)}


@require_POST
def switch(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Open or shut it."""
    found, user = kept(request, pk), keeper(request)
    if name not in ("apne", "lukk"):
        raise Http404
    if name == "apne":
        actions.open_form(form=found, by=user)
        messages.success(request, _("The form is open. Whoever has the address or the QR code can use it."))
    else:
        actions.close_form(form=found, by=user)
        messages.success(request, _("The form is shut. Those who scan the QR code find nothing there."))
    return redirect("deviations:open_form", found.pk)


@require_GET
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page for the wall: what it is, the QR code, the address."""
    found = kept(request, pk)
    municipality = found.municipality
    with translation.override(municipality.language):
        context = {"open_form": found, "municipality": municipality, **address(found)}
        return render(request, "deviations/outside/poster.html", context)
