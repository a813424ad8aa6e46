"""What applied once: withdrawn and earlier versions, found by title and number by those who may read them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import access
from documents.lifecycle import State
from documents.models import Document, Version
from documents.views.finding import FORMER, SHOWN, around, page_address
from documents.views.visiting import visitor

STATES = {"trukket-tilbake": State.WITHDRAWN, "erstattet": State.REPLACED}


@require_GET
def former(request: HttpRequest) -> HttpResponse:
    """What did the routine say before?"""
    user = visitor(request)
    if not access.may_begin(user) and not Document.objects.filter(owner=user).exists():
        raise PermissionDenied
    text = request.GET.get("q", "").strip()[:200]
    chosen = request.GET.get("status", "")
    rows = Version.objects.visible_to(user).filter(state__in=[State.WITHDRAWN, State.REPLACED])
    if chosen in STATES:
        rows = rows.filter(state=STATES[chosen])
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(document__number__icontains=text))
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    found = list(
        rows.select_related("document", "author")
        .defer("body", "text")
        .order_by("-ended_at", "-pk")[offset : offset + SHOWN + 1]
    )
    return render(
        request,
        "documents/former.html",
        {
            "versions": found[:SHOWN],
            "text": text,
            "chosen": chosen,
            "states": [(slug, state.label) for slug, state in STATES.items()],
            "earlier": page_address(request, offset // SHOWN - 1) if offset else None,
            "later": page_address(request, offset // SHOWN + 1) if len(found) > SHOWN else None,
            **around(user, FORMER),
        },
    )
