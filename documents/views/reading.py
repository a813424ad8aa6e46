"""Reading what applies, and what applied before."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from documents import access, actions, links
from documents.html import shown
from documents.lifecycle import State
from documents.models import Hearing, Version, fetch_approvals
from documents.timeline import history
from documents.views import using
from documents.views.habits import came_from_search, placed
from documents.views.life import STEPS
from documents.views.reading_lists import on_page as reading_on_page
from documents.views.visiting import versions_for, visible_document, visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.paper.answers import guarded
from kvalitetslosen.ui.registry import panels

OLD_SHOWN = 20


@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """What applies, to whom, since when."""
    user = visitor(request)
    document = visible_document(user, number)
    rows = versions_for(user, document).prefetch_related(None)
    current: Version | None = rows.in_force().first()
    parts = access.parts_in(document, user)
    others = list(
        rows.exclude(state__in=[State.IN_FORCE, State.DISCARDED]).defer("body", "text").order_by("-pk")[:OLD_SHOWN]
    )
    if current is None and not parts and Hearing.objects.visible_to(user).filter(version__document=document).exists():
        return redirect("documents:hearings", number)  # asked about its draft, and nothing more
    fetch_approvals([current, *others])
    if current is not None:
        actions.visit(document=document, by=user, found=came_from_search(request))
        current.document = document
        steps = [step for step in access.available_steps(current, parts) if step.name in STEPS]
    else:
        steps = []
    open_version = next((each for each in others if each.is_open), None)
    answers = access.may_read_old(parts)
    old = [each for each in others if not each.is_open]
    return render(
        request,
        "documents/document.html",
        {
            "document": document,
            "version": current,
            **using.around(document, current, user, old=old if answers else None),
            "open_version": open_version,
            "old": old,
            "steps": steps,
            "may_write": access.may_write(parts),
            "answers": answers,
            "to_approve": open_version is not None
            and access.is_to_approve(open_version, access.parts_of(open_version, user)),
            "told": history(document, current, reader=user) if answers else [],
            "placed": placed(user, document),
            "panels": panels("documents.document", user, document),
            **reading_on_page(user, document, current),
        },
    )


@require_GET
def version(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How it was worded before, for those who answer for it."""
    user = visitor(request)
    document = visible_document(user, number)
    rows = versions_for(user, document).once_in_force()
    found = rows.filter(pk=pk).first()
    if found is None:
        if Version.objects.filter(document=document, pk=pk).exists():
            raise PermissionDenied
        raise Http404
    if found.state == State.IN_FORCE:
        return redirect(document)
    current = rows.in_force().first()
    return render(
        request,
        "documents/version.html",
        {
            "document": document,
            "version": found,
            "current": current,
            "shown": shown(found.body, links.targets(user, found.body)),
            "attachments": files_of(found),
        },
    )


@require_safe
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """The PDF of a version, to whoever may read that version."""
    user = visitor(request)
    document = visible_document(user, number)
    found = versions_for(user, document).filter(pk=pk).first()
    if found is None and Version.objects.filter(document=document, pk=pk).exists():
        raise PermissionDenied
    if found is None:
        raise Http404
    return pdf(found)


def pdf(found: Version) -> FileResponse:
    """The file of a version, whose reader has been asked about already; 404 where it has none."""
    if not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=found.file_name, content_type="application/pdf")
    return guarded(response)
