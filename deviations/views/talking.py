"""What passes between the reporter and those who handle the case."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deviations import access, actions
from deviations.forms.talking import CommentForm, IdentityForm, MessageForm
from deviations.lifecycle import Part
from deviations.views.case import case_context
from deviations.views.steps import too_late
from deviations.views.visiting import visible_case, visitor


@require_POST
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the other side."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_write(parts):
        raise PermissionDenied
    form = MessageForm(request.POST, deviation=deviation, user=user)
    if not deviation.is_open:
        return too_late(request, deviation)
    if form.is_valid():
        actions.write_message(
            deviation=deviation, by=user, text=form.cleaned_data["text"], from_reporter=Part.REPORTER in parts
        )
        messages.success(request, _("Sent."))
        return redirect(deviation)
    context = case_context(user, deviation, parts, whole=False)
    return render(request, "deviations/case.html", context | {"message_form": form})


@require_POST
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """Say something to a case one watches over, or answer what was said."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_comment(deviation, parts, commented=deviation.comments.exists()):
        raise PermissionDenied
    form = CommentForm(request.POST, deviation=deviation, user=user)
    if form.is_valid():
        actions.comment(deviation=deviation, by=user, **form.what())
        messages.success(request, _("Sent."))
        return redirect(f"{deviation.get_absolute_url()}#kommentarer")
    context = case_context(user, deviation, parts, whole=False)
    return render(request, "deviations/case.html", context | {"comment_form": form})


@require_POST
def helped(request: HttpRequest, reference: str) -> HttpResponse:
    """The reporter says whether the answer helped."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.is_reporter(deviation, user):
        raise PermissionDenied
    answered = deviation.outcome and request.POST.get("helped") in ("yes", "no")  # a merged case has no own answer
    if deviation.is_open or not answered:
        return too_late(request, deviation) if deviation.is_open else redirect(deviation)
    said = request.POST["helped"] == "yes"
    actions.say_whether_it_helped(deviation=deviation, by=user, helped=said)
    messages.success(
        request,
        _("Thanks for telling.") if said else _("Thanks for telling. You can ask to have the case opened again."),
    )
    return redirect(deviation)


@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a hidden name: why is asked, and the reporter sees it."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.may_open_identity(deviation, user):
        raise PermissionDenied
    form = IdentityForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    reporter = None
    if request.method == "POST" and form.is_valid():
        reporter = actions.open_identity(deviation=deviation, by=user, reason=form.cleaned_data["reason"])
    return render(request, "deviations/identity.html", {"form": form, "deviation": deviation, "reporter": reporter})
