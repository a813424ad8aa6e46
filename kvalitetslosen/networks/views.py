"""The networks of one's municipality, and each of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.networks import access, actions
from kvalitetslosen.networks.forms import InviteForm, NetworkForm, municipalities_like
from kvalitetslosen.networks.lifecycle import LIFECYCLE, State
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation.access import person
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.lookup import suggestions

DONE: dict[str, Any] = {
    "join": gettext_lazy("You are in the network now. What the others share is in the handbook, under “Shared”."),
    "decline": gettext_lazy("They see that you said no. They can ask again."),
    "leave": gettext_lazy("You have left the network. What you adopted is still yours."),
    "invite_again": gettext_lazy("Invited. Those who decide there get a message."),
}


def decider(request: HttpRequest) -> User:
    """Who asks, if they decide for their municipality; raises ``PermissionDenied`` otherwise."""
    user = person(request)
    if not access.decides(user):
        raise PermissionDenied
    return user


@require_GET
def networks(request: HttpRequest) -> HttpResponse:
    """With whom do we share?"""
    user = decider(request)
    rows = list(
        NetworkMember.objects.open()
        .filter(municipality=user.municipality_id)
        .select_related("network", "invited_by")
        .order_by("network__name", "pk")
    )
    return render(
        request,
        "networks/list.html",
        {
            "asked": [row for row in rows if row.state == State.INVITED],
            "joined": [row for row in rows if row.state == State.MEMBER],
        },
    )


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """A new network."""
    user = decider(request)
    form = NetworkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        network = actions.found(by=user, **form.cleaned_data)
        messages.success(request, _("The network is there. Ask others to join."))
        return redirect(network)
    return render(request, "networks/new.html", {"form": form})


@require_GET
def network(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in it, and who is asked."""
    user = decider(request)
    return _network_page(request, user, _network(user, pk))


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    user = decider(request)
    found = _network(user, pk)
    if not access.may_invite(user, inside=access.is_member(found, user)):
        raise PermissionDenied
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            member = actions.invite(network=found, municipality=form.cleaned_data["municipality"], by=user)
        except ValidationError as error:
            form.add_error("municipality", error)
        else:
            messages.success(
                request,
                _("%(name)s is asked. Those who decide there get a message.") % {"name": member.municipality.name},
            )
            return redirect(found)
    return _network_page(request, user, found, form)


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or purpose."""
    user = decider(request)
    found = _network(user, pk)
    if not access.is_member(found, user):
        raise PermissionDenied
    initial = {"name": found.name, "purpose": found.purpose}
    form = NetworkForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.rename(network=found, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "networks/rename.html", {"form": form, "network": found})


@require_POST
def step(request: HttpRequest, pk: int, member: int, name: str) -> HttpResponse:
    """Join, say no, leave, or ask again."""
    user = decider(request)
    found = _network(user, pk)
    row = get_object_or_404(
        NetworkMember.objects.visible_to(user).filter(network=found).select_related("network", "municipality"),
        pk=member,
    )
    if name not in DONE:
        raise Http404
    if not LIFECYCLE[name].parts & access.parts_of(row, user, inside=access.is_member(found, user)):
        raise PermissionDenied
    verb: Any = getattr(actions, name)
    try:
        verb(member=row, by=user)
    except StepRefused as refused:
        state = refused.row.get_state_display()
        messages.warning(request, _("Somebody was here before you. It is now: %(state)s.") % {"state": state})
    else:
        messages.success(request, str(DONE[name]))
    if Network.objects.visible_to(user).filter(pk=found.pk).exists():
        return redirect(found)
    return redirect("networks:networks")


@require_GET
def find_municipality(request: HttpRequest) -> HttpResponse:
    decider(request)
    return suggestions(municipalities_like(next((str(value) for value in request.GET.values()), "")[:120]))


def _network(user: User, pk: int) -> Network:
    return get_object_or_404(Network.objects.visible_to(user).select_related("founded_by"), pk=pk)


def _network_page(request: HttpRequest, user: User, network: Network, form: InviteForm | None = None) -> HttpResponse:
    rows = list(
        NetworkMember.objects.visible_to(user)
        .filter(network=network)
        .select_related("municipality", "invited_by")
        .order_by("municipality__name", "pk")
    )
    own = next(row for row in rows if row.municipality_id == user.municipality_id)
    inside = own.state == State.MEMBER
    lines = []
    for row in rows:
        row.network = network
        steps = access.available_steps(row, access.parts_of(row, user, inside=inside))
        lines.append((row, [step for step in steps if row is not own]))
    return render(
        request,
        "networks/network.html",
        {
            "network": network,
            "own": own,
            "inside": inside,
            "own_steps": access.available_steps(own, access.parts_of(own, user, inside=inside)),
            "lines": lines if inside else [],
            "form": form or InviteForm(),
        },
    )
