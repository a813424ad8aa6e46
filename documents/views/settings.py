"""What the municipality decides about its handbook."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents import actions
from documents.forms.settings import ReviewRulesForm
from documents.views.visiting import visitor
from kvalitetslosen.organisation.access import keeps_municipality


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """When owners are reminded of reviews."""
    user = visitor(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    rules = actions.review_rules_of(user.municipality_id)
    form = ReviewRulesForm(request.POST if request.method == "POST" else None, instance=rules)
    if request.method == "POST" and form.is_valid():
        actions.set_review_rules(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:settings")
    return render(request, "documents/settings.html", {"form": form})
