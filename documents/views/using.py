"""Where a document is used: what it links to, what links to it, and which links lead nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import access, changes, links
from documents.html import shown
from documents.models import Document, Version
from documents.views.visiting import visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.organisation.models import Role, User

SHOWN = 50


def around(
    document: Document, current: Version | None, user: User, *, old: Sequence[Version] | None
) -> dict[str, Any]:
    """What the page of a document says of its text, links, attachments and changes.

    ``old`` are the versions before, where the reader answers for the document and reads them.
    """
    found: dict[str, Any] = {
        "linked_from": links.linked_from(document, user),
        "attachments": files_of(current) if current else [],
    }
    if current is None:
        return found
    known = links.targets(user, current.body)
    found["shown"] = shown(current.body, known, ticks=True) if current.body else None
    found["linked_to"] = [target for pk, target in known.items() if target.url and pk != document.pk]
    if old is not None:
        found["compared_with"] = next((each for each in old if each.in_force_from), None)
        if "<a " in current.body:
            found["broken"] = [(link, links.reason(link, known)) for link in links.broken_in(current)]
    elif current.label != "1.0":
        found["compared_with"] = changes.comparable(user, current, reads_old=False)
    return found


@require_GET
def broken_links(request: HttpRequest) -> HttpResponse:
    """Which of the links I answer for lead nowhere? What they lead to is told as far as I may see it."""
    user = visitor(request)
    if not may_look(user):
        raise PermissionDenied
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isascii() and page.isdecimal() and len(page) < 5 else 0
    rows = list(links.broken(user).order_by("version__document__title", "version", "pk")[offset : offset + SHOWN + 1])
    known = links.known_of(user, [row.target_id for row in rows if row.target_id])
    return render(
        request,
        "documents/broken_links.html",
        {
            "rows": [(row, row.version.document, links.reason(row, known)) for row in rows[:SHOWN]],
            "earlier": f"?side={offset // SHOWN - 1}" if offset else None,
            "later": f"?side={offset // SHOWN + 1}" if len(rows) > SHOWN else None,
        },
    )


def may_look(user: User) -> bool:
    """Those who answer for documents: who may write new ones, and owners."""
    return (
        access.may_begin(user)
        or user.standing.has(Role.QUALITY_CONTACT)
        or Document.objects.filter(owner=user, level_0=user.municipality_id).exists()
    )
