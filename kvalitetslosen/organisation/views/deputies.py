"""Who stands in for whom: for leaders themselves, and for anybody by the administrator."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.access import (
    areas,
    is_administrator,
    keeps_municipality,
    may_have_deputies,
    may_keep,
    people_at,
    person,
)
from kvalitetslosen.organisation.forms import DeputyForm
from kvalitetslosen.organisation.models import Deputy, User

SHOWN = 200


@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """Who takes what comes while somebody is away?"""
    user = person(request)
    keeper, leader = is_administrator(user), may_have_deputies(user)
    if not (keeper or leader):
        raise PermissionDenied
    form = DeputyForm(request.POST if request.method == "POST" else None, user=user, for_others=keeper)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        principal: User = given.get("principal") or user
        try:
            if principal.pk != user.pk and not may_keep(user, principal):
                raise ValidationError(
                    _("You don't keep the account of %(name)s."), params={"name": principal.name}, code="outside"
                )
            actions.appoint_deputy(
                principal=principal,
                deputy=given["deputy"],
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
                by=user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("New tasks for %(principal)s go to %(deputy)s in that period.")
                % {"principal": principal.name, "deputy": given["deputy"].name},
            )
            return redirect("organisation:deputies")
    today = timezone.localdate()
    rows = Deputy.objects.visible_to(user).not_ended(today).select_related("principal", "deputy")
    if keeper and not keeps_municipality(user):
        rows = rows.filter(Q(principal__in=people_at(areas(user))) | Q(principal=user) | Q(deputy=user))
    elif not keeper:
        rows = rows.filter(Q(principal=user) | Q(deputy=user))
    shown = list(rows.order_by("valid_from", "pk")[: SHOWN + 1])
    return render(
        request,
        "organisation/deputies.html",
        {
            "form": form,
            "rows": [(row, row.valid_from <= today, keeper or row.principal_id == user.pk) for row in shown[:SHOWN]],
            "more": len(shown) > SHOWN,
            "keeper": keeper,
        },
    )


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer, from today: what has gone to the deputy stays there."""
    user = person(request)
    rows = Deputy.objects.visible_to(user).filter(withdrawn=False).select_related("principal", "deputy")
    deputy = get_object_or_404(rows, pk=pk)
    own = deputy.principal_id == user.pk and may_have_deputies(user)
    if not own and not (is_administrator(user) and may_keep(user, deputy.principal)):
        raise PermissionDenied
    today = timezone.localdate()
    actions.end_deputy(deputy=deputy, by=user, last_day=today - datetime.timedelta(days=1))
    messages.success(
        request, _("New tasks for %(principal)s go to themselves again.") % {"principal": deputy.principal.name}
    )
    return redirect("organisation:deputies")
