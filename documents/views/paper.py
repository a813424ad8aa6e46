"""The handbook on paper: copies, labels, and where the code on them leads."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents.lifecycle import State
from documents.models import Document, Version, reached
from documents.paper import copies, labels
from documents.views.visiting import versions_for, visible_document, visitor
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper.answers import handed_out
from kvalitetslosen.paper.press import PACKAGES, Unprintable

logger = structlog.get_logger(__name__)

SHOWN = 50  # documents to choose labels of
MOST_COPIES = 10


@require_GET
def copy(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """The version in force, or another one the person may read, as a PDF to print."""
    user = visitor(request)
    document = visible_document(user, number)
    rows = versions_for(user, document).select_related("document__unit")
    found: Version | None = rows.filter(pk=pk).first() if pk else rows.in_force().first()
    if found is None:
        of_it = Version.objects.filter(document=document)
        if (of_it.filter(pk=pk) if pk else of_it.in_force()).exists():
            raise PermissionDenied
        raise Http404
    municipality = copies.municipality_of(found)
    try:
        pdf = copies.printed(found, municipality=municipality, original=_original(found))
    except Unprintable as error:
        return _instead(
            request,
            error,
            "documents/paper/copy_page.html",
            {**copies.context_of(found, municipality), "back": found.get_absolute_url()},
        )
    return handed_out(pdf, copies.file_name(found))


def _original(version: Version) -> bytes:
    if not version.file:
        return b""
    try:
        with version.file.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise Http404 from None


def _instead(request: HttpRequest, error: Unprintable, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page to print where no PDF can be made, or a sentence where this one can't."""
    if error.code == "missing":
        logger.warning("paper.libraries_missing", packages=PACKAGES)
        return render(request, template, {**context, "packages": ", ".join(PACKAGES)})
    logger.warning("paper.unprintable", code=error.code)
    messages.warning(
        request,
        _("This can't be made into a PDF: it takes too long. Print the page itself, or divide the text.")
        if error.code == "slow"
        else _("This can't be made into a PDF. Print the page itself instead."),
    )
    return redirect(context["back"])


@require_GET
def scanned(request: HttpRequest, municipality: int, number: str, label: str = "") -> HttpResponse:
    """Where the code on paper leads: to what applies now, saying whether the paper in one's hand still does."""
    user = visitor(request)
    if municipality != user.municipality_id:
        raise Http404
    document = Document.objects.visible_to(user).filter(number=number).first()
    current = versions_for(user, document).in_force().first() if document is not None else None
    if document is not None and current is not None:
        if label and label == current.label:
            messages.success(request, _("Version %(label)s still applies.") % {"label": label})
        elif label:
            messages.warning(
                request,
                _("The paper is version %(old)s. Version %(new)s applies now. Throw the paper away.")
                % {"old": label, "new": current.label},
            )
        return redirect(document)
    last = _last_in_force(user, number)
    if last is None:
        if document is not None:
            return redirect(document)
        raise Http404
    return render(
        request, "documents/paper/gone.html", {"version": last, "document": last.document, "may_open": bool(document)}
    )


def _last_in_force(user: User, number: str) -> Version | None:
    """The last version of a document that applied to the person once and is withdrawn: they may know that it is."""
    withdrawn = Version.objects.filter(state=State.WITHDRAWN)
    applies = Exists(Version.objects.in_force().filter(document=OuterRef("pk")))
    once = Document.objects.filter(reached(user), ~Q(applies), number=number)
    return (
        withdrawn.filter(document__in=once)
        .select_related("document")
        .defer("body", "text")
        .order_by("-ended_at", "-pk")
        .first()
    )


@require_GET
def label_sheet(request: HttpRequest) -> HttpResponse:
    """Choose documents, and get a sheet of labels for the wall."""
    user = visitor(request)
    chosen_numbers = list(dict.fromkeys(each[:32] for each in request.GET.getlist("d")))[: labels.MOST]
    readable = Document.objects.visible_to(user).in_force().select_related("unit")
    chosen = list(readable.filter(number__in=chosen_numbers).order_by("number", "pk")) if chosen_numbers else []
    if chosen and "skriv-ut" in request.GET:
        return _sheet(request, chosen)
    text = request.GET.get("q", "").strip()[:100]
    rows = readable.exclude(pk__in=[each.pk for each in chosen])
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text) | Q(unit__name__icontains=text))
    offered = list(rows.order_by("title", "pk")[: SHOWN + 1])
    return render(
        request,
        "documents/paper/choose.html",
        {
            "chosen": chosen,
            "offered": offered[:SHOWN],
            "more": len(offered) > SHOWN,
            "text": text,
            "copies": _copies(request),
            "numbers": range(1, MOST_COPIES + 1),
        },
    )


def _copies(request: HttpRequest) -> int:
    written = request.GET.get("antall", "1")
    return min(max(int(written), 1), MOST_COPIES) if written.isdecimal() and len(written) < 4 else 1


def _sheet(request: HttpRequest, chosen: list[Document]) -> HttpResponse:
    made = labels.labels_of(chosen, _copies(request))
    try:
        return handed_out(labels.printed(made), _("Labels for the wall") + ".pdf")
    except Unprintable as error:
        query = request.GET.copy()
        query.pop("skriv-ut", None)
        context = {**labels.context_of(made), "back": f"{request.path}?{query.urlencode()}"}
        return _instead(request, error, "documents/paper/labels_page.html", context)
