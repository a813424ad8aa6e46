"""What is put right in a case: kind, category and procedure, and a file that should not be there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations import access, actions
from deviations.forms.steps import ReclassifyForm
from deviations.forms.talking import RemoveFileForm
from deviations.lifecycle import Part
from deviations.models import Naming
from deviations.views.steps import after_step, handler_said, too_late
from deviations.views.visiting import SEES_NAME, answers_in, visible_case, visitor
from kvalitetslosen.files.actions import remove
from kvalitetslosen.files.models import Attachment


@require_http_methods(["GET", "POST"])
def reclassify(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct kind, category or procedure."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not parts & SEES_NAME:
        raise PermissionDenied
    if not deviation.is_open:
        return too_late(request, deviation)
    form = ReclassifyForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        before = deviation.handler_id
        actions.reclassify(deviation=deviation, by=user, **form.what())
        if deviation.handler_id != before:
            messages.success(request, _("Saved. %(case)s") % {"case": handler_said(deviation)})
            return redirect(after_step(user, deviation))
        messages.success(request, _("Saved."))
        if deviation.question_set_id and answers_in(deviation, parts).missing:
            return redirect("deviations:answers", deviation.reference)
        return redirect(deviation)
    return render(request, "deviations/reclassify.html", {"form": form, "deviation": deviation})


@require_http_methods(["GET", "POST"])
def remove_file(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Delete a wrong photo or file for good: shown once more, why is asked, and the case keeps that it was done."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    parts = access.parts_of(deviation, user)
    if not access.may_remove_files(deviation, parts):
        raise PermissionDenied
    attachment = Attachment.objects.of(deviation).filter(key=key).first()
    if attachment is None:
        messages.warning(request, _("The file is not there any more."))
        return redirect(deviation)
    form = RemoveFileForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        hidden = Part.REPORTER in parts and deviation.naming == Naming.SEALED
        reason = form.cleaned_data["reason"]
        remove(owner=deviation, attachment=attachment, by=None if hidden else user, reason=reason)
        messages.success(request, _("The file is deleted."))
        return redirect(deviation)
    return render(
        request, "deviations/remove_file.html", {"form": form, "deviation": deviation, "files": [attachment]}
    )
