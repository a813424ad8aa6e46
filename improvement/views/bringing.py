"""A case on the agenda of a meeting, from the case's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import actions
from improvement.forms.meeting import BringCaseForm
from improvement.meeting_access import may_bring
from improvement.models import AgendaItem, Meeting
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import dated
from kvalitetslosen.workdays import midnight

SHOWN = 20


def meetings_to_bring_to(user: User) -> list[Meeting]:
    """What is planned in the forums the person is in, the nearest first."""
    rows = Meeting.objects.visible_to(user).planned().filter(starts_at__gte=midnight(timezone.localdate()))
    return list(rows.select_related("forum").order_by("starts_at", "pk")[:SHOWN])


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the case for a meeting, without who."""
    user = visitor(request)
    deviation = get_object_or_404(Deviation.objects.visible_to(user), reference=reference)
    if not may_bring(deviation, user):
        raise PermissionDenied
    meetings = {str(each.pk): each for each in meetings_to_bring_to(user)}
    if not meetings:
        messages.info(request, _("No meeting is planned in the forums you are in. Plan one first."))
        return redirect("meetings:list")
    named = {pk: f"{each.forum.name}, {dated(each.starts_at)}" for pk, each in meetings.items()}
    form = BringCaseForm(request.POST if request.method == "POST" else None, deviation=deviation, meetings=named)
    if request.method == "POST" and form.is_valid():
        meeting = meetings[form.cleaned_data["meeting"]]
        try:
            actions.bring_case(
                meeting=meeting,
                by=user,
                deviation=deviation,
                heading=form.cleaned_data["heading"],
                words=form.cleaned_data["words"],
            )
        except actions.NotForAMeeting as refused:
            raise PermissionDenied from refused
        except actions.Locked:
            messages.warning(request, _("The meeting was held or cancelled meanwhile. Choose another."))
            return redirect("meetings:bring", reference)
        messages.success(request, _("The case is on the agenda of %(forum)s.") % {"forum": meeting.forum.name})
        return redirect(deviation)
    return render(request, "improvement/meetings/bring.html", {"form": form, "deviation": deviation})


OF_CASE = Prepared(
    lambda deviation: (
        AgendaItem.objects.chosen()
        .filter(deviation=deviation)
        .select_related("meeting__forum")
        .order_by("-meeting__starts_at", "-pk")[:10]
    ),
    deviation=int,
)


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """On the page of the case: where it is on an agenda, and the way to put it there."""
    if not may_bring(deviation, user):
        return None
    rows = OF_CASE(deviation=deviation.pk) if getattr(deviation, "is_on_an_agenda", True) else []
    return {"deviation": deviation, "rows": rows}
