"""What one reads again."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents import access, actions
from documents.models import Document, LegalBasis, Subject
from documents.shelf import is_favourite
from documents.views.visiting import visible_document, visitor
from kvalitetslosen.organisation.models import User


def came_from_search(request: HttpRequest) -> bool:
    """Whether the page before was a search in the handbook."""
    before = urlsplit(request.headers.get("referer", ""))
    return before.path == reverse("documents:list") and "q" in parse_qs(before.query)


def placed(user: User, document: Document) -> dict[str, Any]:
    """Where the document belongs, for its page: the laws it rests on, what it is about, and whether one likes it."""
    bases = LegalBasis.objects.filter(document=document).select_related("source", "requirement")
    subjects = Subject.objects.filter(documents__document=document).select_related("parent")
    return {
        "bases": list(bases.order_by("source__position", "source__title", "place", "pk")),
        "subjects": list(subjects.in_order()),
        "is_favourite": is_favourite(user, document.pk),
        "may_place": access.may_place(access.parts_in(document, user)),
    }


@require_POST
def favourite(request: HttpRequest, number: str) -> HttpResponse:
    """Put the document among one's favourites, or take it away."""
    user = visitor(request)
    document = visible_document(user, number)
    if request.POST.get("is") == "no":
        actions.remove_favourite(document=document, by=user)
        messages.success(request, _("It is no longer a favourite."))
    else:
        actions.add_favourite(document=document, by=user)
        messages.success(request, _("It stands on your favourites now, on the first page of the handbook."))
    return redirect(document)
