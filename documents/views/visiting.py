"""Who asks, and for which document: what every page of the handbook begins with."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from documents import access
from documents.models import Document, Version
from kvalitetslosen.organisation.models import User


def visitor(request: HttpRequest) -> User:
    """Who asks; the log-in middleware has seen to it that it is somebody."""
    return cast("User", request.user)


def visible_document(user: User, number: str) -> Document:
    """The document, or 404 for whoever may not see it."""
    rows = Document.objects.visible_to(user).select_related("unit", "owner", "type")
    return get_object_or_404(rows, number=number)


def versions_for(user: User, document: Document) -> Any:
    """What the person may read of the document, each version with the document at hand."""
    return (
        Version.objects.visible_to(user)
        .filter(document=document)
        .select_related("document", "author", "edited_by", "approved_by", "taken_in__taken_by")
        .with_approvals()
    )


def open_version_for(user: User, document: Document) -> Version:
    """The draft or what waits for approval; 404 when there is none.

    403 for whoever may read the document but no draft of it, whether there is one or not.
    """
    version = versions_for(user, document).open().first()
    if version is None:
        if not access.may_write(access.parts_in(document, user)):
            raise PermissionDenied
        raise Http404
    version.document = document
    return cast("Version", version)
