"""Keeping the handbook alive: what somebody should do something with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import keeping as lists
from documents.views.finding import KEEPING, around
from documents.views.visiting import visitor


@require_GET
def keeping(request: HttpRequest) -> HttpResponse:
    """Which documents need somebody?"""
    user = visitor(request)
    if not lists.may_keep(user):
        raise PermissionDenied
    return render(request, "documents/keeping.html", {"groups": lists.groups(user), **around(user, KEEPING)})
