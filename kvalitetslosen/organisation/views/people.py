"""People, their accounts and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kvalitetslosen.organisation import actions, handover, history
from kvalitetslosen.organisation.access import (
    administrator,
    areas,
    is_administrator,
    is_leaving,
    keeps,
    keeps_municipality,
    may_have_deputies,
    may_keep,
    person,
)
from kvalitetslosen.organisation.forms import (
    EndRoleForm,
    HandOverForm,
    NewPersonForm,
    PeopleFilter,
    PersonForm,
    RoleForm,
)
from kvalitetslosen.organisation.models import Deputy, Membership, Unit, User
from kvalitetslosen.organisation.search import colleagues_of, person_label, unit_label, units_like
from kvalitetslosen.ui.lookup import suggestions

PER_PAGE = 25
UNUSABLE = "!"  # how Django begins a password nobody can log in with


@dataclass(frozen=True)
class People:
    """A page of the list, and the addresses before and after it."""

    rows: Sequence[User]
    before: str | None
    after: str | None


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who works where, in which role?"""
    user = administrator(request)
    own_units = partial(units_like, Unit.objects.visible_to(user))
    asked = request.GET.copy()
    if "unit" not in asked and not keeps_municipality(user):
        asked["unit"] = unit_label(areas(user)[0])
    form = PeopleFilter(asked, find_unit=own_units)
    rows: QuerySet[User] = User.objects.visible_to(user)
    narrowed = any(asked.get(name) for name in ("q", "unit", "role", "state"))
    rows = _narrowed(rows, form) if form.is_valid() else rows.none()
    return render(
        request, "organisation/people.html", {"form": form, "people": _page(rows, asked, user), "narrowed": narrowed}
    )


def _narrowed(rows: QuerySet[User], form: PeopleFilter) -> QuerySet[User]:
    asked = form.cleaned_data
    if text := asked["q"].strip():
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if asked["state"] == "left":
        rows = rows.filter(is_active=False)
    elif asked["state"] == "waiting":
        rows = rows.filter(is_active=True, password__startswith=UNUSABLE)
    else:
        rows = rows.filter(is_active=True)
    held = Membership.objects.not_ended(timezone.localdate())
    if asked["role"]:
        held = held.filter(role=asked["role"])
    if unit := asked["unit"]:
        held = held.filter(**{f"unit__level_{unit.depth}": unit.pk})
    if asked["role"] or unit:
        rows = rows.filter(pk__in=held.values("user"))
    return rows


def _page(rows: QuerySet[User], asked: QueryDict, user: User) -> People:
    """One page, the same cost however far down. The address holds an id, never a name."""
    before, after = _place(asked.get("for", ""), user), _place(asked.get("etter", ""), user)
    held = Membership.objects.on(timezone.localdate()).select_related("unit").order_by("unit__depth", "pk")
    found = rows.prefetch_related(Prefetch("memberships", held, to_attr="held"))
    if before:
        name, pk = before
        above = found.filter(Q(name__lt=name) | Q(name=name, pk__lt=pk)).order_by("-name", "-pk")
        page = list(above[: PER_PAGE + 1])
        more_before, more_after = len(page) > PER_PAGE, True
        page = page[:PER_PAGE][::-1]
    else:
        if after:
            name, pk = after
            found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))
        page = list(found.order_by("name", "pk")[: PER_PAGE + 1])
        more_before, more_after = after is not None, len(page) > PER_PAGE
        page = page[:PER_PAGE]
    return People(
        page,
        _address(asked, "for", page[0]) if page and more_before else None,
        _address(asked, "etter", page[-1]) if page and more_after else None,
    )


def _place(pk: str, user: User) -> tuple[str, int] | None:
    """Where in the list a colleague stands. Where somebody else would stand tells how their name begins."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return User.objects.visible_to(user).filter(pk=int(pk)).values_list("name", "pk").first()


def _address(asked: QueryDict, name: str, row: User) -> str:
    address = asked.copy()
    for each in ("for", "etter"):
        address.pop(each, None)
    address[name] = str(row.pk)
    return "?" + address.urlencode()


def _colleague(request: HttpRequest, pk: int) -> tuple[User, User]:
    """Who asks and whom about: 404 for people of other municipalities, 403 for who keeps nothing."""
    user = person(request)
    someone = get_object_or_404(User.objects.visible_to(user).select_related("municipality"), pk=pk)
    if not is_administrator(user):
        raise PermissionDenied
    return user, someone


def _kept_colleague(request: HttpRequest, pk: int) -> tuple[User, User]:
    user, someone = _colleague(request, pk)
    if not may_keep(user, someone):
        raise PermissionDenied
    return user, someone


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is this, in which roles, and what do they answer for?"""
    user, someone = _colleague(request, pk)
    today = timezone.localdate()
    memberships = list(
        Membership.objects.filter(user=someone, withdrawn=False).select_related("unit").order_by("-valid_from", "-pk")
    )
    current = [each for each in memberships if each.valid_to is None or each.valid_to >= today]
    deputies = Deputy.objects.not_ended(today).select_related("principal", "deputy").order_by("valid_from", "pk")
    mine = may_keep(user, someone)
    return render(
        request,
        "organisation/person.html",
        {
            "someone": someone,
            "current": [(each, keeps(user, each.unit), each.valid_from > today) for each in current],
            "former": [each for each in memberships if each not in current],
            "deputies": list(deputies.filter(principal=someone)),
            "standing_in": list(deputies.filter(deputy=someone)),
            "leads": any(each.role == "leader" for each in current),
            "outstanding": [
                (each, count, each.which(someone))
                for each, count in (handover.outstanding(someone) if mine and someone.is_active else ())
            ],
            "may_keep": mine,
            "keeps_all": keeps_municipality(user),
            "is_self": someone.pk == user.pk,
            "has_password": someone.has_usable_password(),
            "history": history.of_person(someone, user),
        },
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new account, with the first role."""
    user = administrator(request)
    initial = {"language": user.municipality.settings.language}
    if (below := request.GET.get("enhet", "")).isdecimal() and len(below) <= 18:
        at = Unit.objects.visible_to(user).filter(pk=int(below)).first()
        if at is not None and keeps(user, at):
            initial["unit"] = unit_label(at)
    form = NewPersonForm(request.POST if request.method == "POST" else None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data
        try:
            with transaction.atomic():
                someone = actions.add_person(
                    municipality=user.municipality,
                    name=made["name"],
                    email=made["email"],
                    title=made["title"],
                    language=made["language"],
                    invite=made["invite"],
                    by=user,
                )
                actions.grant_role(user=someone, unit=made["unit"], role=made["role"], by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if made["invite"]:
                messages.success(
                    request,
                    _("%(name)s is added, and gets an e-mail with a link for choosing a password.")
                    % {"name": someone.name},
                )
            else:
                messages.success(request, _("%(name)s is added.") % {"name": someone.name})
            return redirect(someone)
    return render(request, "organisation/person_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, e-mail, job title and language."""
    user, someone = _kept_colleague(request, pk)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=copy(someone))
    if request.method == "POST" and form.is_valid():
        moved = form.cleaned_data["email"] != someone.email and someone.pk != user.pk
        actions.change_person(user=someone, by=user, **form.cleaned_data)
        if moved and someone.is_active:
            said = _("Saved. %(name)s is logged out, and gets a link for choosing a password at the new address.")
            messages.success(request, said % {"name": someone.name})
        else:
            messages.success(request, _("Saved."))
        return redirect(someone)
    return render(request, "organisation/person_form.html", {"form": form, "someone": someone})


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a link for choosing a password."""
    user, someone = _kept_colleague(request, pk)
    if not someone.is_active:
        messages.error(request, _("The account is closed. Open it again first."))
    else:
        actions.send_invitation(user=someone, by=user)
        messages.success(request, _("%(name)s gets an e-mail with a link.") % {"name": someone.name})
    return redirect(someone)


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """One more role."""
    user, someone = _colleague(request, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.grant_role(user=someone, by=user, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s has the role.") % {"name": someone.name})
            return redirect(someone)
    return render(request, "organisation/role_form.html", {"form": form, "someone": someone})


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role end."""
    user = person(request)
    rows = Membership.objects.visible_to(user).not_ended(timezone.localdate()).select_related("unit", "user")
    membership = get_object_or_404(rows, pk=pk)
    if not keeps(user, membership.unit):
        raise PermissionDenied
    form = EndRoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.end_role(membership=membership, by=user, last_day=form.cleaned_data["last_day"])
        messages.success(request, _("Saved."))
        return redirect(membership.user)
    alone = handover.held_alone(membership.user, membership.role).filter(pk=membership.pk).exists()
    return render(
        request,
        "organisation/role_end.html",
        {"form": form, "membership": membership, "alone": alone and membership.role in handover.ALONE},
    )


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """What does this person answer for, and who takes it over?"""
    user, someone = _kept_colleague(request, pk)
    if not someone.is_active:
        return redirect(someone)
    groups = handover.outstanding(someone)
    may_stay = someone.pk == user.pk or is_leaving(someone)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=user, leaving=someone, groups=groups)
    if request.method == "POST" and form.is_valid():
        closing = request.POST.get("do") == "close"
        try:
            if closing:
                handover.deactivate(user=someone, by=user, heirs=form.heirs)
            elif may_stay:
                handover.hand_over(user=someone, heirs=form.heirs, by=user)
            else:
                raise ValidationError(
                    _("%(name)s isn't leaving: give each of the roles a last day first."),
                    params={"name": someone.name},
                    code="stays",
                )
        except ValidationError as error:
            form.show(error)
        else:
            said = _("The account of %(name)s is closed.") if closing else _("What %(name)s had is handed over.")
            messages.success(request, said % {"name": someone.name})
            return redirect(someone)
    return render(
        request,
        "organisation/leave.html",
        {
            "form": form,
            "someone": someone,
            "groups": groups,
            "is_self": someone.pk == user.pk,
            "may_stay": may_stay,
        },
    )


@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    user, someone = _colleague(request, pk)
    if not keeps_municipality(user):
        raise PermissionDenied
    actions.return_to_work(user=someone, by=user)
    messages.success(request, _("The account of %(name)s is open again. Give a role now.") % {"name": someone.name})
    return redirect(someone)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Suggestions while somebody who hands something over writes the name of a colleague."""
    user = person(request)
    if not (is_administrator(user) or may_have_deputies(user)):
        raise PermissionDenied
    text = str(next(iter(request.GET.values()), "")).strip()
    return suggestions(colleagues_of(user, text) if text else User.objects.none(), person_label)
