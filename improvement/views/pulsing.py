"""The pulse: a minute's answer, and for leaders what came of the last rounds."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deviations.views.visiting import visitor
from improvement import actions
from improvement.forms.pulsing import PulseForm, works_in
from improvement.models import PulseRound
from improvement.pulse_results import results_for
from kvalitetslosen.organisation.models import Role


@require_http_methods(["GET", "POST"])
def pulse(request: HttpRequest) -> HttpResponse:
    """How are the conditions for learning where you work?"""
    user = visitor(request)
    unit = works_in(user)
    if unit is None:
        raise PermissionDenied
    round = PulseRound.objects.to_answer(user).first()
    if round is None:
        return render(request, "improvement/pulse/none.html", {"leads": user.standing.has(Role.LEADER)})
    form = PulseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.answer_pulse(round=round, by=user, unit=unit, answers=form.cleaned_data)
        messages.success(request, _("Thank you. Your answer is counted, and nobody can see which it was."))
        return redirect("today")
    return render(request, "improvement/pulse/answer.html", {"form": form, "round": round})


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """What do they say where I lead, beside what we did?"""
    user = visitor(request)
    if not user.standing.has(Role.LEADER):
        raise PermissionDenied
    rounds = list(PulseRound.objects.visible_to(user).closed()[:8])
    chosen = next((each for each in rounds if str(each.pk) == request.GET.get("runde", "")), None)
    chosen = chosen or next(iter(rounds), None)
    return render(
        request,
        "improvement/pulse/results.html",
        {
            "rounds": [(each.name, f"?runde={each.pk}", each is chosen) for each in rounds],
            "round": chosen,
            "results": results_for(user, chosen) if chosen else [],
        },
    )
