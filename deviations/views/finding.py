"""The list of cases: which ones, whose turn, how late."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deviations import columns, kept_lists
from deviations.duty_lines import may_see_list
from deviations.filters import (
    AREA,
    IN_HAND,
    LOOKED_THROUGH,
    MINE,
    NOT_SET,
    ORDERS,
    STATUSES,
    CaseFilter,
    overseen_units,
    oversees,
)
from deviations.forms.fields import CategoryChoices
from deviations.models import Brings, Category, Deviation, KeptList, Kind, OtherSystem, Severity
from deviations.reports import OURS, THEIRS, in_words
from deviations.several import BEYOND, Doing
from deviations.views.visiting import visitor
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.keyset import by_moment


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Which cases, whose turn, how late."""
    user = visitor(request)
    asked = CaseFilter.of(user, request.GET)
    if asked.reference:
        sought = Deviation.objects.visible_to(user).filter(reference=asked.reference).only("reference").first()
        if sought is not None:
            return redirect(sought)
    moment, rising = asked.in_order
    rows = asked.rows().for_lines(*columns.needs(asked.columns))
    page = by_moment(rows, moment, request.GET, rising=rising)
    own = asked.view == MINE
    return render(
        request,
        "deviations/list.html",
        {
            "asked": asked,
            "page_of_cases": page,
            "own": own,
            "choosing": "velg" in request.GET and not own,
            "doings": Doing,
            "beyond": [(label, reverse(name)) for label, name, may in BEYOND if may(user)],
            "without_choosing": without(request.GET, "velg"),
            "unread": unread_answers(user, [row.get_absolute_url() for row in page.rows]) if own else (),
            "tables": [(columns.COLUMNS[key].label, key) for key in asked.columns],
            "choices": [(key, column.label, key in asked.columns) for key, column in columns.COLUMNS.items()],
            "orders": [(value, label, value == asked.order) for value, label in ORDERS],
            "carried": [
                (name, value) for name, value in _carried(request.GET) if name not in ("kolonne", "rekkefolge")
            ],
            "shown_as": kept_lists.without_place(request.GET).urlencode(),
            "keepable": kept_lists.sanitized(request.GET),
            **_lists(user, request.GET),
            "tabs": _tabs(user, asked),
            "filters": _filters(user, asked),
            "is_filtered": any(name in request.GET for name in kept_lists.KEPT if name not in kept_lists.HOW_SHOWN),
            "said": in_words(request.GET, asked.unit),
            "looked_through": LOOKED_THROUGH,
        },
    )


LISTS_SHOWN = 12


def _lists(user: User, query: QueryDict) -> dict[str, Any]:
    """The kept lists one has at hand, and which of them is open; one query, two more where one is."""
    rows = list(KeptList.objects.visible_to(user).only("name", "key", "owner", "query").order_by("name", "pk")[:100])
    opened = next((row for row in rows if str(row.key) == query.get("liste", "")), None)
    found: dict[str, Any] = {"lists": rows[:LISTS_SHOWN], "more_lists": len(rows) > LISTS_SHOWN, "opened": opened}
    if opened:
        found["opened_said"] = kept_lists.described(user, [opened.query])[0]
        found["opened_differs"] = kept_lists.sanitized(query) != opened.query and opened.owner_id == user.pk
    return found


def _carried(query: QueryDict) -> list[tuple[str, str]]:
    """What the address says besides the place in the list, for a form that changes a part of it."""
    left = kept_lists.without_place(query)
    if "liste" in query:
        left["liste"] = query.get("liste", "")
    return [(name, value) for name, values in left.lists() for value in values]


def without(query: QueryDict, name: str) -> str:
    """The question of the address without one of its parts."""
    left = query.copy()
    left.pop(name, None)
    return left.urlencode()


def unread_answers(user: User, urls: list[str]) -> set[str]:
    """The addresses of those cases whose answer the person hasn't opened."""
    unread = Notification.objects.visible_to(user).unread().filter(name="deviations.closed", url__in=urls)
    return set(unread.values_list("url", flat=True))


def _tabs(user: User, asked: CaseFilter) -> list[tuple[str, str, bool]]:
    views = [(MINE, _("Reported by me"))]
    if oversees(user):
        views = [(AREA, _("My area")), (IN_HAND, _("In my hands")), *views]
    here = reverse("deviations:list")
    tabs = [(label, f"{here}?visning={view}", view == asked.view) for view, label in views]
    return [*tabs, (_("Duties to tell"), reverse("deviations:duties"), False)] if may_see_list(user) else tabs


def _filters(user: User, asked: CaseFilter) -> list[dict[str, Any]]:
    """The choices of the filter bar: name, label and options with the chosen one marked."""
    categories = CategoryChoices(user).rows
    mains = [row for row in categories if row.parent_id is None]
    subs = [row for row in categories if row.parent_id]
    options: list[tuple[str, str, str, list[tuple[str, Any]]]] = [
        ("status", _("Status"), asked.status, list(STATUSES)),
        ("type", _("Kind"), asked.kind, [("", _("All")), *Kind.choices]),
        (
            "kategori",
            _("Category"),
            asked.category,
            [("", _("All")), *_category_options(mains, subs), (NOT_SET, _("Not set"))],
        ),
        ("alvor", _("Severity"), asked.severity, [("", _("All")), *Severity.choices, (NOT_SET, _("Not assessed"))]),
    ]
    if systems := list(OtherSystem.objects.visible_to(user).filter(brings=Brings.CASES).order_by("name", "pk")[:20]):
        where = [("", _("All")), (OURS, _("Registered here")), (THEIRS, _("In other systems"))]
        options.append(
            ("kilde", _("Registered where"), asked.where, [*where, *((str(row.pk), row.name) for row in systems)])
        )
    if asked.view == AREA and (units := _unit_options(user, asked)):
        options.append(("enhet", _("Unit"), str(asked.unit.pk) if asked.unit else "", units))
    return [
        {"name": name, "label": label, "options": [(value, text, value == chosen) for value, text in choices]}
        for name, label, chosen, choices in options
    ]


def _unit_options(user: User, asked: CaseFilter) -> list[tuple[str, str]]:
    """The person's units and the one looked at, each with those right below; nothing where there is no choice."""
    tops = overseen_units(user)
    if asked.unit and asked.unit.pk not in {unit.pk for unit in tops}:
        tops.append(asked.unit)
    below = list(Unit.objects.active().filter(parent__in=tops).order_by("name", "pk")[:120]) if tops else []
    if len(tops) < 2 and not below:
        return []
    units: list[tuple[str, str]] = []
    if len(tops) > 1:
        units.append(("", _("My whole area")))
    inside = {unit.pk for unit in below}
    for top in tops:
        if top.pk not in inside:
            units.append((str(top.pk), top.name))
            units.extend((str(unit.pk), f"– {unit.name}") for unit in below if unit.parent_id == top.pk)
        else:
            units.extend((str(unit.pk), f"– – {unit.name}") for unit in below if unit.parent_id == top.pk)
    return units


def _category_options(mains: list[Category], subs: list[Category]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for main in mains:
        inside = [sub for sub in subs if sub.parent_id == main.pk]
        rows.extend([(str(sub.pk), f"{main.label}: {sub.label}") for sub in inside] or [(str(main.pk), main.label)])
    return rows
