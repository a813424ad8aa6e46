"""Taking the handbook out as a file: asking for it, seeing how far it is, fetching it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents import access, actions
from documents.models import HandbookExport
from documents.views.visiting import visitor

SHOWN = 10


@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Which handbooks can I take out, and which have I?"""
    user = visitor(request)
    units = access.units_to_take_out(user)
    if not units:
        raise PermissionDenied
    if request.method == "POST":
        chosen = next((unit for unit in units if str(unit.pk) == request.POST.get("unit")), None)
        if chosen is None:
            raise PermissionDenied
        actions.ask_export(by=user, unit=chosen, every_pdf="every_pdf" in request.POST)
        return redirect("documents:exports")
    rows = HandbookExport.objects.visible_to(user).select_related("unit").order_by("-asked_at", "-pk")[:SHOWN]
    return render(request, "documents/exports.html", {"units": units, "exports": rows})


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one is: a line of the list, asked for again while it is made."""
    found = get_object_or_404(HandbookExport.objects.visible_to(visitor(request)).select_related("unit"), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect("documents:exports")
    return render(request, "documents/export_line.html", {"export": found})


@require_GET
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for who asked for it, while they may take out that unit's handbook at all."""
    user = visitor(request)
    found = get_object_or_404(HandbookExport.objects.visible_to(user).select_related("unit"), pk=pk)
    if not any(found.unit.is_within(unit) for unit in access.units_to_take_out(user)):
        raise PermissionDenied
    try:
        opened = actions.fetch_export(export=found, by=user)
    except actions.Gone:
        messages.warning(request, _("The file is no longer here. Ask for it again."))
        return redirect("documents:exports")
    name = f"handbok-{slugify(found.unit.name)}-{timezone.localdate(found.made_at):%Y-%m-%d}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
