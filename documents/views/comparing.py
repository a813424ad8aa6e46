"""What is different between two versions."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import access, changes
from documents.lifecycle import ONCE_IN_FORCE, OPEN
from documents.models import Version
from documents.views.visiting import versions_for, visible_document, visitor

MOST_SHOWN = 100


@require_GET
def compared(request: HttpRequest, number: str) -> HttpResponse:
    """What did this version change? What applies against what applied before it, or any two one may read."""
    user = visitor(request)
    document = visible_document(user, number)
    rows = versions_for(user, document).filter(state__in=[*OPEN, *ONCE_IN_FORCE])
    readable = list(rows.defer("body", "text").order_by("-pk")[:MOST_SHOWN])
    applies = next((each for each in readable if each.in_force_from and not each.ended_at), None)
    new_pk, old_pk = _asked(request, "til"), _asked(request, "fra")
    newest = applies or next(iter(readable), None)
    new = rows.filter(pk=new_pk or (newest.pk if newest else 0)).first()
    if new is None:
        raise _refusal(document.pk, new_pk)
    new.document = document
    reads_old = access.may_read_old(access.parts_in(document, user))
    old = Version.objects.filter(document=document, pk=old_pk).first() if old_pk else None
    if old is None and not old_pk:
        old = changes.comparable(user, new, reads_old=reads_old)
    if old is None and (old_pk or not reads_old):
        raise _refusal(document.pk, old_pk or -1)
    if old is not None and not changes.may_see(user, old, new):
        raise PermissionDenied
    return render(
        request,
        "documents/compared.html",
        {
            "document": document,
            "old": old,
            "new": new,
            "applies": applies,
            "choices": _to_choose(readable, old),
            "changes": changes.changes_between(old, new, reader=user) if old is not None and old != new else None,
        },
    )


def _to_choose(readable: list[Version], old: Version | None) -> list[Version]:
    """The versions somebody can choose between; nothing for who reads one only."""
    if len(readable) < 2:
        return []
    return readable if old is None or old in readable else [*readable, old]


def _asked(request: HttpRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0


def _refusal(document: int, version: int) -> Exception:
    """403 for a version there is, 404 for one there isn't; whoever asks may see the document itself."""
    there = version < 0 or Version.objects.filter(document=document, pk=version).exists()
    return PermissionDenied() if there else Http404()
