"""Finding documents: search, lists, and the look-ups of forms."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import access, search
from documents.forms.fields import people_like, unit_label, units_like
from documents.keeping import past_review_among
from documents.models import Document, DocumentType, SearchEntry, Version
from documents.views.visiting import visitor
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.lookup import suggestions

SHOWN = 25
MOST_OWNED = 500
WORK, MINE, SHARED = "arbeid", "mine", "delt"


@dataclass(frozen=True)
class Line:
    """One document in the list."""

    number: str
    title: str
    meta: str
    extract: str = ""

    @property
    def url(self) -> str:
        return reverse("documents:document", args=[self.number])


@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """What is the routine? Search first, browse by kind and unit."""
    user = visitor(request)
    if request.GET.get("visning") == WORK:
        return _work_list(request, user)
    if request.GET.get("visning") == MINE:
        return _own_list(request, user)
    text = request.GET.get("q", "").strip()[:200]
    types = list(DocumentType.objects.visible_to(user).in_order())
    type = next((each for each in types if each.slug == request.GET.get("type", "")), None)
    number = request.GET.get("enhet", "")
    units = _units_to_choose(user, int(number) if number.isdecimal() and len(number) < 18 else None)
    unit = next((each for each in units if str(each.pk) == number), None)
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    labels = {each.pk: each.label for each in types}
    if text:
        found = search.find(user, text, type=type, unit=unit, limit=SHOWN, offset=offset)
        lines = [
            Line(hit.number, hit.title, f"{hit.number} · {labels[hit.type_id]}", hit.extract) for hit in found.hits
        ]
        more = found.more
    else:
        lines, more = _browsed(user, type, unit, offset, labels)
    return render(
        request,
        "documents/list.html",
        {
            "text": text,
            "type": type,
            "unit": unit,
            "types": types,
            "units": units,
            "lines": lines,
            "earlier": _page(request, offset // SHOWN - 1) if offset else None,
            "later": _page(request, offset // SHOWN + 1) if more else None,
            "may_begin": access.may_begin(user),
            "is_filtered": bool(type or unit),
            "tabs": _tabs(user, ""),
            "past_review": past_review_among(user, (line.number for line in lines)),
        },
    )


def _browsed(
    user: User, type: DocumentType | None, unit: Unit | None, offset: int, labels: dict[int, str]
) -> tuple[list[Line], bool]:
    """What is in force, by title."""
    entries = SearchEntry.objects.visible_to(user)
    if type:
        entries = entries.filter(type=type)
    if unit:
        entries = entries.in_subtree(unit)
    rows = list(
        entries.order_by("title", "document").values_list("document__number", "title", "type_id", "unit__name")[
            offset : offset + SHOWN + 1
        ]
    )
    lines = [Line(number, title, f"{number} · {labels[each]} · {where}") for number, title, each, where in rows]
    return lines[:SHOWN], len(lines) > SHOWN


def _page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["side"] = str(number)
    return f"?{query.urlencode()}"


def _units_to_choose(user: User, chosen: int | None) -> list[Unit]:
    """Where one works and above, and the level below the chosen unit: never every unit there is."""
    near = set(user.standing.home.ancestor_ids) if user.standing.home else {user.municipality_id}
    below = chosen or user.municipality_id
    found = Unit.objects.visible_to(user).active().filter(Q(pk__in=[*near, below]) | Q(parent=below))
    return list(found.only("name", "depth").order_by("depth", "name", "pk")[:60])


def _tabs(user: User, current: str) -> list[tuple[str, str, bool]]:
    """What there is to choose between; for those who write, or own one, more of it."""
    here = reverse("documents:list")
    links = [
        (_("In force"), here, current == ""),
        (_("To read"), reverse("documents:to_read"), False),
        (_("My comments"), reverse("documents:my_comments"), False),
    ]
    if access.may_begin(user) or current == MINE:
        links += [
            (_("Owned by me"), f"{here}?visning={MINE}", current == MINE),
            (_("Drafts and approvals"), f"{here}?visning={WORK}", current == WORK),
            (_("Shared"), reverse("documents:shared_list"), current == SHARED),
            (_("Broken links"), reverse("documents:broken_links"), False),
            (_("Keep it alive"), reverse("documents:keeping"), False),
        ]
    return links


def _own_list(request: HttpRequest, user: User) -> HttpResponse:
    """What I own and applies, the review that comes first at the top."""
    rows = (
        Document.objects.visible_to(user)
        .in_force()
        .filter(owner=user)
        .select_related("unit")
        .order_by("review_on", "title", "pk")[:MOST_OWNED]
    )
    context = {"documents": rows, "tabs": _tabs(user, MINE), "may_begin": access.may_begin(user)}
    return render(request, "documents/own.html", context)


def _work_list(request: HttpRequest, user: User) -> HttpResponse:
    """What is being written or waits for approval, as far as the person may see it."""
    rows = (
        Version.objects.visible_to(user)
        .open()
        .select_related("document__unit", "author", "approver", "approver_for")
        .defer("body", "text")
        .order_by("-saved_at", "-pk")[:200]
    )
    context = {"versions": rows, "tabs": _tabs(user, WORK), "may_begin": access.may_begin(user)}
    return render(request, "documents/work.html", context)


def asked_for(request: HttpRequest) -> str:
    """What is written so far in the field that asks, whatever the field's name."""
    return next((str(value) for value in request.GET.values()), "")[:200]


@require_GET
def find_unit(request: HttpRequest) -> HttpResponse:
    return suggestions(units_like(visitor(request), asked_for(request)), unit_label)


@require_GET
def find_person(request: HttpRequest) -> HttpResponse:
    """Names of colleagues, for those who may make somebody the owner."""
    user = visitor(request)
    if not access.may_begin(user) and not Document.objects.filter(owner=user).exists():
        raise PermissionDenied
    return suggestions(people_like(user, asked_for(request)), lambda each: each.name)
