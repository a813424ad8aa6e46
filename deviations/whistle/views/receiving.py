"""The recipients' pages. To everybody else they are as if they weren't there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.whistle import actions, journal
from deviations.whistle.forms import (
    AcknowledgeForm,
    ConcludeForm,
    DeclineForm,
    ExamineForm,
    LookAfterForm,
    PassOnForm,
    ReopenForm,
    WriteForm,
)
from deviations.whistle.lifecycle import ENDED, LIFECYCLE, Part
from deviations.whistle.models import WhistleCase, WhistleIdentity, WhistleRecipient, whistle_settings
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.files.views import handed_out
from kvalitetslosen.journal.transitions import Step, StepRefused
from kvalitetslosen.organisation.models import User

SHOWN = 200


class Asked(NamedTuple):
    form: type[Form]
    act: Callable[..., None]


STEPS: dict[str, Asked] = {
    "acknowledge": Asked(AcknowledgeForm, actions.acknowledge),
    "examine": Asked(ExamineForm, actions.examine),
    "conclude": Asked(ConcludeForm, actions.conclude),
    "pass_on": Asked(PassOnForm, actions.pass_on),
    "decline": Asked(DeclineForm, actions.decline),
    "look_after": Asked(LookAfterForm, actions.look_after),
    "reopen": Asked(ReopenForm, actions.reopen),
}


def recipient(request: HttpRequest) -> User:
    """Who asks, if they receive; 404 for everybody else."""
    user = cast("User", request.user)
    if not WhistleRecipient.objects.in_place().filter(user=user).exists():
        raise Http404
    return user


def seen(request: HttpRequest, key: UUID) -> WhistleCase:
    rows = WhistleCase.objects.visible_to(cast("User", request.user))
    return get_object_or_404(rows.select_related("municipality"), key=key)


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """What waits first, then the open ones, then those that have ended; and who else receives."""
    user = recipient(request)
    ended_last = Case(When(state__in=ENDED, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = WhistleCase.objects.visible_to(user).order_by(ended_last, "-received_at", "-pk")[:SHOWN]
    others = WhistleRecipient.objects.current().filter(municipality=user.municipality_id).select_related("user")
    in_place = set(WhistleRecipient.objects.in_place().filter(pk__in=others.values("pk")).values_list("pk", flat=True))
    return render(
        request,
        "deviations/whistle/cases.html",
        {
            "rows": rows,
            "recipients": [(each, each.pk in in_place) for each in others.order_by("user__name", "pk")],
            "i_see_all": any(
                each.user_id == user.pk and each.sees_all_at and each.pk in in_place for each in others.order_by("pk")
            ),
        },
    )


@require_GET
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """One case. That it was opened, and by whom, is kept before it is shown."""
    found = seen(request, key)
    actions.open_case(case=found, by=cast("User", request.user))
    return _page(request, found)


def _page(request: HttpRequest, case: WhistleCase, **more: Any) -> HttpResponse:
    user = cast("User", request.user)
    files = files_of(case)
    for each in files:
        each.door = reverse("deviations:whistle_files", args=[case.key])
    context: dict[str, Any] = {
        "case": case,
        "steps": [] if case.erased_at else LIFECYCLE.available(case.state, {Part.RECIPIENT}),
        "entries": case.entries.select_related("author").order_by("at", "pk"),
        "files": files,
        "told": journal.story(case),
        "has_identity": WhistleIdentity.objects.filter(case=case).exists(),
        "passed_by": [each.user.name for each in case.concerns.select_related("user").order_by("pk")],
        "kept_until": case.kept_until(whistle_settings(case.municipality_id).keep_months),
        "tell_form": WriteForm(),
        "note_form": WriteForm(prefix="note"),
        "reader": user,
    }
    return render(request, "deviations/whistle/case.html", context | more)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """What one step asks for, and the step."""
    found, asked = seen(request, key), STEPS.get(name)
    if asked is None:
        raise Http404
    row = LIFECYCLE.find(name, found.state)
    form = asked.form(request.POST if request.method == "POST" else None)
    if row is None or found.erased_at:
        return _too_late(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            asked.act(case=found, by=cast("User", request.user), **form.cleaned_data)
        except StepRefused:
            return _too_late(request, found)
        messages.success(request, _("Done."))
        return redirect(found)
    context: dict[str, Step | WhistleCase | Form] = {"case": found, "step": row, "form": form}
    return render(request, "deviations/whistle/step.html", context)


def _too_late(request: HttpRequest, case: WhistleCase) -> HttpResponse:
    messages.warning(request, _("That is not possible any more. Look at what has happened below."))
    return redirect(case)


@require_POST
def tell_reporter(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = seen(request, key), WriteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, tell_form=form)
    if not actions.tell_reporter(case=found, by=cast("User", request.user), text=form.cleaned_data["text"]):
        return _too_late(request, found)
    messages.success(request, _("Sent. The whistle-blower reads it with the code."))
    return redirect(found)


@require_POST
def note(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = seen(request, key), WriteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _page(request, found, note_form=form)
    if not actions.note(case=found, by=cast("User", request.user), text=form.cleaned_data["text"]):
        return _too_late(request, found)
    messages.success(request, _("Saved."))
    return redirect(found)


@require_POST
def identity(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who the whistle-blower says they are, shown on this answer alone; that somebody looked is kept."""
    found = seen(request, key)
    who = actions.open_identity(case=found, by=cast("User", request.user))
    return _page(request, found, identity=who)


@require_GET
def file(request: HttpRequest, key: UUID, file: UUID) -> HttpResponseBase:
    found = seen(request, key)
    attachment = get_object_or_404(Attachment.objects.of(found), key=file)
    actions.open_file(case=found, by=cast("User", request.user))
    return handed_out(attachment)


@require_GET
def thumbnail(request: HttpRequest, key: UUID, file: UUID) -> HttpResponseBase:
    """Part of the page, whose opening is kept."""
    return handed_out(get_object_or_404(Attachment.objects.of(seen(request, key)), key=file), small=True)


@require_GET
def files(request: HttpRequest, key: UUID) -> HttpResponse:
    return redirect(seen(request, key))


@require_POST
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One recipient lets another see what came before them."""
    user = recipient(request)
    rows = WhistleRecipient.objects.visible_to(user).current().select_related("user")
    other = get_object_or_404(rows, pk=pk)
    try:
        actions.let_in(recipient=other, by=user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(name)s sees all cases from now on.") % {"name": other.user.name})
    return redirect("deviations:whistle_cases")
