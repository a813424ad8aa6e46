"""Blowing the whistle, with or without a log-in: from the first step on, nothing here knows who sends it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations.views.outside import spoken
from deviations.views.reporting import TOO_MANY
from deviations.whistle import actions
from deviations.whistle.forms import TURN_TO, WhistleForm
from deviations.whistle.models import FEWEST, WhistleRecipient, whistle_settings
from kvalitetslosen.limits import Limit
from kvalitetslosen.organisation.models import Unit, User

SENT = Limit("whistle-blowing", times=20, seconds=3600)


@login_not_required
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Which municipality, where that isn't known; then who reads it, what the law protects, and one screen."""
    sender = request.user if request.user.is_authenticated else None
    municipality = sender.municipality if sender else asked_for(request)
    if municipality is None:
        places = list(Unit.objects.municipalities().active().order_by("name", "pk"))
        return render(request, "deviations/whistle/where.html", {"places": places})
    with spoken(request, municipality):
        return _form(request, municipality, sender)


def asked_for(request: HttpRequest) -> Unit | None:
    """The municipality of the address, or the only one there is."""
    places = Unit.objects.municipalities().active()
    if code := request.GET.get("kommune", "")[:12]:
        return places.filter(code=code).first()
    few = list(places.order_by("pk")[:2])
    return few[0] if len(few) == 1 else None


def _form(request: HttpRequest, municipality: Unit, sender: User | None) -> HttpResponse:
    rows = WhistleRecipient.objects.in_place().filter(municipality=municipality).select_related("user")
    recipients = list(rows.order_by("user__name", "pk"))
    chosen = whistle_settings(municipality.pk)
    form = None
    if len(recipients) >= FEWEST:
        form = WhistleForm(
            request.POST or None,
            request.FILES or None,
            recipients=recipients,
            instead=chosen.instead,
            sender=sender,
        )
        if request.method == "POST" and form.is_valid():
            if not SENT.is_reached(request):
                return _sent(request, municipality, form)
            form.add_error(None, TOO_MANY)
    return render(
        request,
        "deviations/whistle/tell.html",
        {
            "municipality": municipality,
            "form": form,
            "recipients": recipients,
            "receives": sender is not None and any(each.user_id == sender.pk for each in recipients),
            "days": chosen.receipt_days,
            "instead": chosen.instead.strip() or TURN_TO,
        },
    )


def _sent(request: HttpRequest, municipality: Unit, form: WhistleForm) -> HttpResponse:
    """The one page the code stands on: in no session, address or message."""
    SENT.count(request)
    request.user = AnonymousUser()
    try:
        case, code = actions.blow_the_whistle(municipality=municipality, **form.told)
    except ValidationError:  # the last who could receive it stopped meanwhile
        return redirect("deviations:whistle")
    return render(request, "deviations/whistle/receipt.html", {"case": case, "code": code, "title": _("Thanks!")})
