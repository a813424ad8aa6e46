"""The tree of units, and one unit."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kvalitetslosen.organisation import actions, history
from kvalitetslosen.organisation.access import administrator, areas, keeps, kept, person
from kvalitetslosen.organisation.forms import MoveUnitForm, UnitForm
from kvalitetslosen.organisation.models import DEPTH, Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import Assignment, Leaders, leader_for, line_above
from kvalitetslosen.organisation.search import unit_label, units_kept_by
from kvalitetslosen.ui.lookup import suggestions

FEW_ENOUGH_TO_OPEN = 60
"""A tree larger than this opens folded below the second level."""


@dataclass
class Branch:
    """A unit in the tree, with what an administrator must know of it at a glance."""

    unit: Unit
    people: int
    leader: str  # the names of its own leaders today
    nearest: Assignment | None
    open: bool
    below: list[Branch] = field(default_factory=list)


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Which units are there, and whose are the cases from each?"""
    user = administrator(request)
    tops = areas(user)
    show_closed = "lukka" in request.GET
    rows = Unit.objects.filter(kept(user))
    if not show_closed:
        rows = rows.active()
    tree = _tree(list(rows.order_by("depth", "name", "pk")), user.municipality_id)
    branches = [tree[top.pk] for top in tops if top.pk in tree]
    return render(
        request,
        "organisation/units.html",
        {
            "branches": branches,
            "alone": [each.unit for each in tree.values() if each.nearest is None and not each.unit.closed_on],
            "show_closed": show_closed,
            "only_the_top": len(tree) == 1,
        },
    )


def _tree(rows: list[Unit], municipality_id: int) -> dict[int, Branch]:
    """The units with their leaders and how many work there: four queries, however many units."""
    today = timezone.localdate()
    leaders = Leaders.of(Q(unit__level_0=municipality_id), today)
    counts = dict(
        Membership.objects.on(today)
        .filter(unit__level_0=municipality_id, role=Role.EMPLOYEE, user__is_active=True)
        .order_by()
        .values_list("unit")
        .annotate(n=Count("user", distinct=True))
    )
    small = len(rows) <= FEW_ENOUGH_TO_OPEN
    tree: dict[int, Branch] = {}
    for unit in rows:
        tree[unit.pk] = Branch(
            unit=unit,
            people=counts.get(unit.pk, 0),
            leader=", ".join(membership.user.name for membership in leaders.at.get(unit.pk, ())),
            nearest=leaders.nearest(unit.ancestor_ids[::-1]),
            open=small or unit.depth < 1,
        )
        if unit.parent_id in tree:
            tree[unit.parent_id].below.append(tree[unit.pk])
    return tree


def _kept_unit(request: HttpRequest, pk: int) -> tuple[User, Unit]:
    """The unit, for its keeper. Strangers get 404, everybody else in the municipality 403."""
    user = person(request)
    unit = get_object_or_404(Unit.objects.visible_to(user).select_related("parent"), pk=pk)
    if not keeps(user, unit):
        raise PermissionDenied
    return user, unit


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is this unit, who has which role there, and to whom do cases from it go?"""
    user, this = _kept_unit(request, pk)
    today = timezone.localdate()
    roles: defaultdict[str, list[Membership]] = defaultdict(list)
    held = Membership.objects.not_ended(today).filter(unit=this, user__is_active=True).exclude(role=Role.EMPLOYEE)
    for membership in held.select_related("user").order_by("user__name", "pk"):
        roles[membership.role].append(membership)
    led = any(membership.valid_from <= today for membership in roles.get(Role.LEADER, ()))
    assignment = leader_for(this)
    above = line_above(this)[:0:-1]
    staff = Membership.objects.on(today).filter(unit=this, user__is_active=True, role=Role.EMPLOYEE)
    return render(
        request,
        "organisation/unit.html",
        {
            "unit": this,
            "line": above,
            "kept_above": {each.pk for each in above if keeps(user, each)},
            "may_move": this.parent is not None and keeps(user, this.parent),
            "may_add": this.depth + 1 < DEPTH,
            "label": unit_label(this),
            "below": list(Unit.objects.filter(parent=this).order_by("closed_on", "name", "pk")),
            "roles": [(Role(role).label, roles[role]) for role in Role.values if role in roles],
            "today": today,
            "goes_to": where_cases_go(this, assignment, led=led),
            "nobody": assignment is None,
            "led": led,
            "staff": staff.values("user").distinct().count(),
            "history": history.of_unit(this, user),
        },
    )


def where_cases_go(unit: Unit, assignment: Assignment | None, *, led: bool) -> str:
    """One sentence: who gets the cases from a unit, and why. ``led``: it has a leader of its own, perhaps away."""
    if assignment is None:
        return _("Nobody gets the cases from here. Give somebody the role of leader, here or in a unit above.")
    words = {"name": assignment.user.name, "unit": assignment.unit.name}
    if assignment.acting_for is not None:
        words["leader"] = assignment.acting_for.name
        if assignment.unit.pk == unit.pk:
            return _("Cases from here go to %(name)s, who stands in for %(leader)s.") % words
        if led:
            return (
                _("The leader here is away. Cases go to %(name)s, who stands in for %(leader)s, leader of %(unit)s.")
                % words
            )
        return (
            _(
                "The unit has no leader of its own. Cases go to %(name)s, who stands in for %(leader)s, "
                "leader of %(unit)s."
            )
            % words
        )
    if assignment.unit.pk == unit.pk:
        return _("Cases from here go to %(name)s, who leads the unit.") % words
    if led:
        return _("The leader here is away. Cases go to %(name)s, who leads %(unit)s.") % words
    return _("The unit has no leader of its own. Cases go to %(name)s, who leads %(unit)s.") % words


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new unit below this one."""
    user, above = _kept_unit(request, pk)
    form = UnitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_unit(parent=above, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("code" if getattr(error, "code", "") == "taken" else None, error)
        else:
            messages.success(request, _("%(name)s is made.") % {"name": made.name})
            return redirect(made)
    return render(request, "organisation/unit_form.html", {"form": form, "above": above})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, code, kind and language."""
    user, this = _kept_unit(request, pk)
    # The form writes on its own copy: what is stored is compared with what was sent.
    form = UnitForm(
        request.POST if request.method == "POST" else None, instance=copy(this), top=this.parent_id is None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_unit(unit=this, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("code", error)
        else:
            messages.success(request, _("Saved."))
            return redirect(this)
    return render(request, "organisation/unit_form.html", {"form": form, "unit": this})


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Under another unit, with everything in it."""
    user, this = _kept_unit(request, pk)
    if this.parent is None or not keeps(user, this.parent):
        raise PermissionDenied
    form = MoveUnitForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        parent: Unit = form.cleaned_data["parent"]
        try:
            actions.move_unit(unit=this, parent=parent, by=user)
        except ValidationError as error:
            form.add_error("parent", error)
        else:
            messages.success(
                request, _("%(name)s lies under %(parent)s now.") % {"name": this.name, "parent": parent.name}
            )
            return redirect(this)
    return render(request, "organisation/unit_move.html", {"form": form, "unit": this})


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use; what it did stays in lists and figures."""
    user, this = _kept_unit(request, pk)
    if this.parent_id is None:
        raise PermissionDenied
    obstacles = actions.closing_obstacles(this)
    if request.method == "POST":
        try:
            actions.close_unit(unit=this, by=user)
        except ValidationError as error:
            obstacles = error.messages
        else:
            messages.success(request, _("%(name)s is closed.") % {"name": this.name})
            return redirect(this)
    return render(request, "organisation/unit_close.html", {"unit": this, "obstacles": obstacles})


@require_http_methods(["POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user, this = _kept_unit(request, pk)
    try:
        actions.reopen_unit(unit=this, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is in use again.") % {"name": this.name})
    return redirect(this)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Suggestions while an administrator writes the name of a unit they keep."""
    user = administrator(request)
    text = str(next(iter(request.GET.values()), "")).strip()
    return suggestions(units_kept_by(user, text) if text else Unit.objects.none(), unit_label)
