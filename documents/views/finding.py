"""Finding documents: search, lists, and the look-ups of forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import access, actions, search, shelf, spelling, tree
from documents.forms.fields import people_like, unit_label, units_like
from documents.keeping import past_review_among
from documents.models import Document, DocumentType, SearchEntry, Source, Subject, Version
from documents.views.visiting import visitor
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.lookup import suggestions

SHOWN = 25
MOST_OWNED = 500
WORK, MINE, SHARED, TREE, SUBJECTS, ALL, LAWS = "arbeid", "mine", "delt", "enheter", "emner", "alle", "lover"
FORMER, READING, COMMENTS, KEEPING = "tidligere", "lese", "innspill", "i-live"
CONTENTS = (TREE, SUBJECTS, ALL, FORMER, SHARED)  # ways to see all of it
OWN = (WORK, MINE, COMMENTS)  # what somebody who writes is at


@dataclass(frozen=True)
class Line:
    """One document in the list."""

    number: str
    title: str
    meta: str
    extract: str = ""
    heading: str = ""  # under which a search found it
    anchor: str = ""

    @property
    def url(self) -> str:
        return reverse("documents:document", args=[self.number])

    @property
    def place_url(self) -> str:
        return f"{self.url}#{self.anchor}"


@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """What is the routine? Search first, then what one reads again, then the tree."""
    user = visitor(request)
    view = request.GET.get("visning", "")
    if view == WORK:
        return _work_list(request, user)
    if view == MINE:
        return _own_list(request, user)
    if view in (TREE, SUBJECTS):
        return _tree(request, user, view)
    text = request.GET.get("q", "").strip()[:200]
    choices = Choices.of(request, user)
    within = choices.within
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    meant = ""
    if text:
        found = search.find(user, text, within=within, limit=SHOWN, offset=offset)
        lines = [_line(hit, choices.labels) for hit in found.hits]
        more = found.more
        if not lines and not offset:
            meant = spelling.meant(user, text)
            if not within:
                actions.note_missed(by=user, text=text)
    elif within or offset or view == ALL:
        lines, more = _browsed(user, within, offset, choices.labels)
    else:
        return _first_page(request, user, choices)
    return render(
        request,
        "documents/list.html",
        {
            "text": text,
            "choices": choices,
            "lines": lines,
            "meant": meant,
            "meant_url": f"?{urlencode({'q': meant})}" if meant else "",
            "earlier": page_address(request, offset // SHOWN - 1) if offset else None,
            "later": page_address(request, offset // SHOWN + 1) if more else None,
            "may_begin": access.may_begin(user),
            **around(user, ALL if view == ALL and not text else ""),
            "past_review": past_review_among(user, (line.number for line in lines)),
        },
    )


@dataclass(frozen=True)
class Choices:
    """What a list can be narrowed to, and what is chosen."""

    within: search.Within
    units: list[Unit]
    subjects: list[tuple[Subject, bool]]  # with whether it lies under another
    sources: list[Source]
    types: list[DocumentType]

    @property
    def labels(self) -> dict[int, str]:
        return {each.pk: each.label for each in self.types}

    @classmethod
    def of(cls, request: HttpRequest, user: User) -> Choices:
        types = list(DocumentType.objects.visible_to(user).in_order())
        unit, subject, source = (_number(request, name) for name in ("enhet", "emne", "lov"))
        units = _units_to_choose(user, unit)
        rows = [row for row in Subject.objects.visible_to(user).in_order() if row.is_active or row.pk == subject]
        mains = [row for row in rows if row.parent_id is None]
        subjects = [
            (each, each is not main)
            for main in mains
            for each in (main, *(row for row in rows if row.parent_id == main.pk))
        ]
        sources = list(Source.objects.visible_to(user).in_use().order_by("title", "pk"))
        within = search.Within(
            type=next((each for each in types if each.slug == request.GET.get("type")), None),
            unit=next((each for each in units if each.pk == unit), None),
            subject=next((each for each, _under in subjects if each.pk == subject), None),
            source=next((each for each in sources if each.pk == source), None),
        )
        return cls(within, units, subjects, sources, types)


def _number(request: HttpRequest, name: str) -> int | None:
    written = request.GET.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 18 else None


def _line(hit: search.Hit, labels: dict[int, str]) -> Line:
    meta = f"{hit.number} · {labels.get(hit.type_id, '')}"
    return Line(hit.number, hit.title, meta, hit.extract, heading=hit.heading, anchor=hit.anchor)


def _first_page(request: HttpRequest, user: User, choices: Choices) -> HttpResponse:
    """Search, one's own shelf, and the tree."""
    units = tree.by_unit(user)
    return render(
        request,
        "documents/first.html",
        {
            "text": "",
            "choices": choices,
            "favourites": shelf.favourites(user),
            "recent": shelf.recently_read(user),
            "newest": shelf.new_where_one_works(user),
            "units": units[0].below if len(units) == 1 else units,
            "whole": units[0] if len(units) == 1 else None,
            "subjects": tree.main_subjects(user),
            "may_begin": access.may_begin(user),
            **around(user, ""),
        },
    )


def _tree(request: HttpRequest, user: User, view: str) -> HttpResponse:
    """Everything the person may read, by unit or by subject."""
    without = 0
    if view == TREE:
        branches = tree.by_unit(user)
    else:
        branches, without = tree.by_subject(user)
    return render(
        request,
        "documents/tree.html",
        {
            "branches": branches,
            "name": "enhet" if view == TREE else "emne",
            "without": without,
            "may_keep": keeps_municipality(user),
            "may_begin": access.may_begin(user),
            **around(user, view),
        },
    )


def _browsed(user: User, within: search.Within, offset: int, labels: dict[int, str]) -> tuple[list[Line], bool]:
    """What is in force, by title."""
    entries = within.of(SearchEntry.objects.visible_to(user))
    rows = list(
        entries.order_by("title", "document").values_list("document__number", "title", "type_id", "unit__name")[
            offset : offset + SHOWN + 1
        ]
    )
    lines = [Line(number, title, f"{number} · {labels[each]} · {where}") for number, title, each, where in rows]
    return lines[:SHOWN], len(lines) > SHOWN


def page_address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["side"] = str(number)
    return f"?{query.urlencode()}"


def _units_to_choose(user: User, chosen: int | None) -> list[Unit]:
    """Where one works and above, and the level below the chosen unit: never every unit there is."""
    near = set(user.standing.home.ancestor_ids) if user.standing.home else {user.municipality_id}
    below = chosen or user.municipality_id
    found = Unit.objects.visible_to(user).active().filter(Q(pk__in=[*near, below]) | Q(parent=below))
    return list(found.only("name", "depth").order_by("depth", "name", "pk")[:60])


def ways_in(user: User, current: str) -> list[tuple[str, str, bool]]:
    """The ways into the handbook, few enough to be seen at once: what is less asked for is an ``order`` of one."""
    here = reverse("documents:list")
    ways = [
        (_("Find"), here, current == ""),
        (_("To read"), reverse("documents:to_read"), current == READING),
        (_("Contents"), f"{here}?visning={TREE}", current in CONTENTS),
        (_("Laws and requirements"), reverse("documents:laws"), current == LAWS),
    ]
    if access.may_begin(user) or current in (WORK, MINE):
        ways.append((_("My work"), f"{here}?visning={WORK}", current in OWN))
    else:
        ways.append((_("My comments"), reverse("documents:my_comments"), current == COMMENTS))
    if access.answers_for_quality(user) or current == KEEPING:
        ways.append((_("Keep it alive"), reverse("documents:keeping"), current == KEEPING))
    return ways


def orders(user: User, current: str) -> list[tuple[str, str, bool]]:
    """What one of the ways is parted into: the orders in which all of the handbook is shown, or one's own work."""
    here = reverse("documents:list")
    writes = access.may_begin(user)
    if current in OWN:
        ways = [
            (_("Drafts and approvals"), f"{here}?visning={WORK}", current == WORK),
            (_("Owned by me"), f"{here}?visning={MINE}", current == MINE),
            (_("My comments"), reverse("documents:my_comments"), current == COMMENTS),
        ]
        return ways if writes or current != COMMENTS else []
    if current not in CONTENTS:
        return []
    ways = [
        (_("By unit"), f"{here}?visning={TREE}", current == TREE),
        (_("By subject"), f"{here}?visning={SUBJECTS}", current == SUBJECTS),
        (_("A to Å"), f"{here}?visning={ALL}", current == ALL),
    ]
    if writes or current == FORMER:
        ways.append((_("Withdrawn and replaced"), reverse("documents:former"), current == FORMER))
    if writes:
        ways.append((_("Shared by others"), reverse("documents:shared_list"), current == SHARED))
    return ways


def around(user: User, current: str) -> dict[str, Any]:
    """What ``documents/ways.html`` shows above a page of the handbook."""
    return {"tabs": ways_in(user, current), "orders": orders(user, current)}


def _own_list(request: HttpRequest, user: User) -> HttpResponse:
    """What I own and applies, the review that comes first at the top."""
    rows = (
        Document.objects.visible_to(user)
        .in_force()
        .filter(owner=user)
        .select_related("unit")
        .order_by("review_on", "title", "pk")[:MOST_OWNED]
    )
    context = {"documents": rows, **around(user, MINE), "may_begin": access.may_begin(user)}
    return render(request, "documents/own.html", context)


def _work_list(request: HttpRequest, user: User) -> HttpResponse:
    """What is being written or waits for approval, as far as the person may see it."""
    rows = (
        Version.objects.visible_to(user)
        .open()
        .select_related("document__unit", "author")
        .with_approvals()
        .defer("body", "text")
        .order_by("-saved_at", "-pk")[:200]
    )
    versions = list(rows)
    several = sum(bool(user.pk == each.author_id or each.answer_of(user)) for each in versions) > 1
    context = {"versions": versions, "several": several, **around(user, WORK), "may_begin": access.may_begin(user)}
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
