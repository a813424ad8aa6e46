"""Documents chosen to be read where there is no net: the choice, and what the device's worker fetches."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents import actions, links
from documents.html import shown
from documents.models import Document, KeptOffline, Version
from documents.paper.copies import language_of
from documents.views.life import way_back
from documents.views.visiting import versions_for, visible_document, visitor
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.context import address
from kvalitetslosen.ui.templatetags.ui import asset

ASSETS = ("css/offline.css", "js/offline-page.js", "img/icon-192.png")
LARGEST_FILE = 10_000_000  # bytes of a PDF that a phone keeps


def _versions(user: User) -> list[Version]:
    """What the person has chosen and may read, by title."""
    kept = KeptOffline.objects.readable_by(user).values("document")
    rows = Version.objects.visible_to(user).in_force().filter(document__in=kept).select_related("document")
    return list(rows.defer("body", "text").order_by("title", "pk"))


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """What do I have with me where there is no net?"""
    return render(request, "documents/offline/kept.html", {"versions": _versions(visitor(request))})


@require_POST
def keep(request: HttpRequest, number: str) -> HttpResponse:
    user = visitor(request)
    document = visible_document(user, number)
    if not versions_for(user, document).in_force().exists():
        raise Http404
    if actions.keep_offline(document=document, by=user):
        messages.success(request, _("You can read this without net on this device."))
    else:
        messages.warning(request, _("You have as many documents without net as fit. Take some away first."))
    return redirect(document)


@require_POST
def let_go(request: HttpRequest, number: str) -> HttpResponse:
    """Also of what one may no longer read: taking away shows nothing."""
    user = visitor(request)
    for document in Document.objects.filter(number=number, level_0=user.municipality_id):
        actions.let_go_offline(document=document, by=user)
        if request.POST.get("next") != "list":
            return redirect(way_back(user, document))
    return redirect("documents:kept_offline")


@require_GET
def listing(request: HttpRequest) -> JsonResponse:
    """What the device's worker is to have, and for whom. It removes whatever isn't listed."""
    user = visitor(request)
    versions = _versions(user)
    return JsonResponse(
        {
            "user": str(user.pk),
            "start": address("documents:offline_start"),
            "pages": [reverse("documents:offline_page", args=[each.document.number]) for each in versions],
            "files": [
                reverse("documents:file", args=[each.document.number, each.pk])
                for each in versions
                if each.file and each.file_size <= LARGEST_FILE
            ],
            "assets": [asset(path) for path in ASSETS],
        }
    )


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What is opened first where there is no net."""
    if not _is_worker(request):
        return redirect("documents:kept_offline")
    context = {"versions": _versions(visitor(request)), "now": timezone.localtime()}
    return render(request, "documents/offline/start.html", context)


@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A document as it is read where there is no net: its own text and nothing about who reads it."""
    user = visitor(request)
    document = visible_document(user, number)
    if not _is_worker(request):
        return redirect(document)
    found = versions_for(user, document).in_force().first()
    if found is None:
        raise Http404
    return render(
        request,
        "documents/offline/page.html",
        {
            "document": document,
            "version": found,
            "shown": shown(found.body, links.targets_for_all(document, found.body), ticks=True),
            "language": language_of(found.text),
            "now": timezone.localtime(),
            "has_file": bool(found.file) and found.file_size <= LARGEST_FILE,
        },
    )


def _is_worker(request: HttpRequest) -> bool:
    return request.headers.get("X-Offline-Copy") == "1"
