"""Which cases belong together."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deviations import access, actions
from deviations.forms.merging import LinkForm
from deviations.models import related_to
from deviations.views.case import related_cases
from deviations.views.visiting import visible_case, visitor


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Link another case to this one, or take a link away."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.may_link(access.parts_of(deviation, user)):
        raise PermissionDenied
    form = LinkForm(request.POST if request.method == "POST" else None, deviation=deviation, user=user)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        actions.link(deviation=deviation, other=other, by=user)
        messages.success(request, _("%(case)s is linked.") % {"case": other.reference})
        return redirect(f"{deviation.get_absolute_url()}#sammenheng")
    return render(
        request,
        "deviations/link.html",
        {"form": form, "deviation": deviation, "related": related_cases(deviation, user)},
    )


@require_POST
def unlink(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    """Take the link to another case away."""
    user = visitor(request)
    deviation = visible_case(user, reference)
    if not access.may_link(access.parts_of(deviation, user)):
        raise PermissionDenied
    linked = get_object_or_404(related_to(deviation, user), reference=other)
    actions.unlink(deviation=deviation, other=linked, by=user)
    messages.success(request, _("The link is taken away."))
    return redirect(deviation)
