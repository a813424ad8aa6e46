"""The page about one's calendar, and the calendar itself, for programs that know its address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from kvalitetslosen.calendars import actions, feed
from kvalitetslosen.calendars.models import CalendarAddress
from kvalitetslosen.calendars.registry import entries_of
from kvalitetslosen.limits import Limit, within_the_minute
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.access import person

WRONG = Limit("calendar-token", times=30, seconds=600)
A_MINUTE = 20  # times one calendar is made; programs fetch it every few hours
SHOWN = 5


@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The address, how one's own calendar follows it, and what comes next."""
    user = person(request)
    address = CalendarAddress.objects.filter(user=user).first()
    url = absolute(reverse("calendars:feed", args=[actions.token_of(address)])) if address else ""
    coming = [entry for _name, entry in entries_of(user)]
    return render(
        request,
        "calendars/calendar.html",
        {
            "address": address,
            "url": url,
            "subscribe": f"webcal://{url.partition('://')[2]}" if url else "",
            "coming": coming[:SHOWN],
            "rest": coming[SHOWN:],
            "count": len(coming),
        },
    )


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the address, or a new one in its place."""
    user = person(request)
    had_one = CalendarAddress.objects.filter(user=user).exists()
    actions.make_address(user=user)
    messages.success(
        request,
        _("You have a new address. The one before opens nothing any more.")
        if had_one
        else _("Your calendar is there."),
    )
    return redirect("calendars:calendar")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    user = person(request)
    actions.revoke_address(user=user, by=user)
    messages.success(request, _("The address opens nothing any more."))
    return redirect("calendars:calendar")


@login_not_required
@require_safe
def serve(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever the address belongs to. A wrong one is an address that never was."""
    user = actions.whose(token)
    if user is None:
        if WRONG.is_reached(request):
            return HttpResponse(status=429, headers={"Retry-After": "600"})
        WRONG.count(request)
        raise Http404
    if not within_the_minute(f"calendar:{user.pk}", A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    with translation.override(user.language):
        body = feed.calendar_of(user)
    mark = feed.mark_of(body)
    # Kept by whoever fetched it alone, and asked about each time: what is done must not stand there for hours.
    headers = {"ETag": mark, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if mark in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    headers |= {"Content-Disposition": 'inline; filename="kvalitetslosen.ics"', "Content-Language": user.language}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
