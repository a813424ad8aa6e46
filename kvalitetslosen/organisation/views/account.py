"""What everybody keeps for themselves: language and sessions."""

from __future__ import annotations

from typing import NoReturn

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import Language

A_YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read the product in another language, from now on and on this device also when not logged in."""
    onwards = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onwards, {request.get_host()}, require_https=request.is_secure()):
        onwards = "/"
    response = HttpResponseRedirect(onwards)
    chosen = request.POST.get("language", "")
    if chosen not in Language.values:
        return response
    if request.user.is_authenticated:
        actions.choose_language(user=person(request), language=chosen)
    translation.activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    own = list(UserSession.objects.filter(user=person(request)).order_by("-created_at", "-pk"))
    keys = [session.session_key for session in own]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    shown = [session for session in own if session.session_key in alive]
    return render(
        request,
        "usersessions/usersession_list.html",
        {
            "sessions": [(session, session.session_key == request.session.session_key) for session in shown],
            "session_count": len(shown),
        },
    )


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out on one device."""
    session = get_object_or_404(UserSession, pk=pk, user=person(request))
    if session.session_key == request.session.session_key:
        session.delete()
        logout(request)
        return redirect(settings.ACCOUNT_LOGOUT_REDIRECT_URL)
    session.end()
    messages.success(request, _("You are logged out there."))
    return redirect("usersessions_list")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    for session in UserSession.objects.filter(user=person(request)).exclude(session_key=request.session.session_key):
        session.end()
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("usersessions_list")


@login_not_required
def nowhere(request: HttpRequest) -> NoReturn:
    """Pages of the log-in machinery that aren't in use here."""
    raise Http404
