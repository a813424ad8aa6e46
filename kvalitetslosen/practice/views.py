"""Stepping in, changing sides, beginning anew and stepping out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kvalitetslosen.limits import Limit
from kvalitetslosen.practice import actions
from kvalitetslosen.practice.middleware import SIDE, practice_of, real_person
from kvalitetslosen.practice.models import Side

ANEW = Limit("begun practising anew", times=60, seconds=3600)


@require_GET
def practice(request: HttpRequest) -> HttpResponse:
    """What practising is, and the way in."""
    context = {"practising": practice_of(request), "side": request.session.get(SIDE), "sides": Side}
    return render(request, "practice/practice.html", context)


@require_POST
def step_in(request: HttpRequest) -> HttpResponse:
    """Practise as an employee or as a leader, also by changing over from the other."""
    asked = request.POST.get("side", "")
    if asked not in Side.values:
        return redirect("practice:practice")
    actions.begin(owner=real_person(request))
    request.session[SIDE] = asked
    return redirect("today")


@require_POST
def anew(request: HttpRequest) -> HttpResponse:
    """Begin with the examples again. What was done until now is gone."""
    if practice_of(request) is None:
        return redirect("practice:practice")
    if ANEW.is_reached(request):
        messages.warning(request, _("That was many times in a short while. Wait an hour, and try again."))
        return redirect("practice:practice")
    ANEW.count(request)
    actions.begin_anew(owner=real_person(request))
    messages.success(request, _("All you did while practising is gone. Here are the examples again."))
    return redirect("today")


@require_POST
def step_out(request: HttpRequest) -> HttpResponse:
    """Back to work. What was practised on stays, for next time."""
    request.session.pop(SIDE, None)
    return redirect("today")
