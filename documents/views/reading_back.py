"""Reading a handbook back into a municipality that has none: bring the file, see how it went."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from documents import access, actions
from documents.exchange.reading import Refused
from documents.forms.read_back import MAX_HANDBOOK, ReadBackForm
from documents.models import HandbookReading
from documents.views.visiting import visitor
from kvalitetslosen.files.uploads import SwallowRest
from kvalitetslosen.organisation.models import User

SHOWN = 10


class SwallowRestOfHandbook(SwallowRest):
    limit = MAX_HANDBOOK


def _keeper(request: HttpRequest) -> User:
    user = visitor(request)
    if not access.may_read_back(user):
        raise PermissionDenied
    return user


@csrf_exempt
def reading_back(request: HttpRequest) -> HttpResponse:
    """What may be larger than other forms take is received otherwise: that must be said before the body is read.

    The token is checked all the same, in ``_reading_back``.
    """
    if request.method == "POST":
        _keeper(request)
        request.upload_handlers = [SwallowRestOfHandbook(request), TemporaryFileUploadHandler(request)]
    return _reading_back(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _reading_back(request: HttpRequest) -> HttpResponse:
    """Choose the file; and what became of those one has brought."""
    user = _keeper(request)
    brought = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReadBackForm(*brought, user=user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.read_back(by=user, name=file.name, file=file, answerable=form.cleaned_data["answerable"])
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("documents:reading_back")
    rows = list(HandbookReading.objects.visible_to(user).order_by("-asked_at", "-pk")[:SHOWN])
    return render(
        request,
        "documents/reading_back.html",
        {
            "form": form,
            "readings": rows,
            "is_waiting": any(row.is_waiting for row in rows),
            "is_empty": actions.may_be_read_into(user.municipality_id),
        },
    )


@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one is: a line of the list, asked for again while it is read."""
    found = get_object_or_404(HandbookReading.objects.visible_to(visitor(request)), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect("documents:reading_back")
    return render(request, "documents/reading_back_line.html", {"reading": found})
