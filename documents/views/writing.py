"""Beginning a document, writing its draft, and saying for whom it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from js_asset.media import Media

from documents import access, actions
from documents.forms.writing import DraftForm, NewDocumentForm, ParticularsForm, UploadForm
from documents.lifecycle import LIFECYCLE, State
from documents.models import DraftCopy, Version
from documents.views import drafting
from documents.views.life import may_take, problem, too_late, try_again, way_back
from documents.views.visiting import open_version_for, visible_document, visitor
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

AFTERWARDS = ("send", "put_in_force", "hearing")
"""The steps one can go on to when the draft is saved."""


@require_http_methods(["GET", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """What is it called, and for whom is it?"""
    user = visitor(request)
    if not access.may_begin(user):
        raise PermissionDenied
    given = {"title": request.GET.get("tittel", "")[:200]}
    form = NewDocumentForm(request.POST if request.method == "POST" else None, user=user, initial=given)
    if request.method == "POST" and form.is_valid():
        draft = actions.create_document(by=user, **form.cleaned_data)
        return redirect("documents:draft", draft.document.number)
    return render(request, "documents/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def particulars(request: HttpRequest, number: str) -> HttpResponse:
    """Owner, unit, reach, kind and interval."""
    user = visitor(request)
    document = visible_document(user, number)
    if not access.may_write(access.parts_in(document, user)):
        raise PermissionDenied
    form = ParticularsForm(request.POST if request.method == "POST" else None, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_particulars(document=document, by=user, **form.what())
        except ValidationError as error:
            form.add_error(None, error)
            document = visible_document(user, number)
        else:
            messages.success(request, _("Saved."))
            return redirect(way_back(user, document))
    return render(request, "documents/particulars.html", {"form": form, "document": document})


@require_POST
def new_version(request: HttpRequest, number: str) -> HttpResponse:
    """A draft that begins with what is in force."""
    user = visitor(request)
    document = visible_document(user, number)
    if not access.may_write(access.parts_in(document, user)):
        raise PermissionDenied
    return redirect(actions.new_version(document=document, by=user))


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Write the draft."""
    user = visitor(request)
    document = visible_document(user, number)
    found = open_version_for(user, document)
    if not may_take(LIFECYCLE["save"], found, user):
        raise PermissionDenied
    if found.state != State.DRAFT:
        if request.method == "POST":
            drafting.keep_what_is_late(found, user, DraftForm(request.POST, version=found))
        return redirect(found)
    copy = actions.copy_of(found, user)
    if request.method == "GET" and copy is not None and drafting.is_apart(copy, found):
        return redirect("documents:merge", number)
    then = request.POST.get("then", "")
    sending = then in AFTERWARDS
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DraftForm(data, files, version=found, sending=sending, copy=copy)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save(version=found, by=user, **form.what())
        except StepRefused as refused:
            if refused.row.state != State.DRAFT:
                drafting.keep(found, user, form)
                return too_late(request, found)
            if drafting.keep_apart(refused.row, user, form):
                return redirect("documents:merge", number)
            try_again(form, refused)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, _("The draft is saved."))
            if sending:
                if then == "hearing":
                    return redirect("documents:ask_hearing", number)
                return redirect("documents:step", number, then)
            return redirect("documents:draft", number)
    return _draft_page(request, found, user, form=form, copy=copy)


def _draft_page(
    request: HttpRequest,
    version: Version,
    user: User,
    *,
    form: Any = None,
    upload_form: Any = None,
    copy: DraftCopy | None = None,
) -> HttpResponse:
    form = form or DraftForm(version=version, copy=copy)
    nonce = getattr(request, "csp_nonce", None)
    return render(
        request,
        "documents/draft.html",
        {
            "document": version.document,
            "version": version,
            "form": form,
            "upload_form": upload_form or UploadForm(),
            "media": Media.from_media(form.media, nonce=str(nonce)) if "body" in form.fields else "",
            **drafting.around(version, user, copy if not form.is_bound else None),
            "to_hear": version.document.type.asks_hearing and not version.is_minor and not version.hearings.exists(),
            "may_put_in_force": not version.document.type.asks_approval
            and may_take(LIFECYCLE["put_in_force"], version, user),
            "may_discard": may_take(LIFECYCLE["discard"], version, user),
        },
    )


@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Let a Word document or a PDF be the draft."""
    from documents.intake.conversion import convert  # what reads Word and PDF is large, and seldom needed

    user = visitor(request)
    document = visible_document(user, number)
    found = open_version_for(user, document)
    if not may_take(LIFECYCLE["save"], found, user):
        raise PermissionDenied
    if found.state != State.DRAFT:
        return too_late(request, found)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            converted = convert(given, title=found.title)
            if converted.keep_file:
                given.seek(0)
                actions.put_file(version=found, by=user, file=given, name=given.name, text=converted.text)
            else:
                actions.put_text(version=found, by=user, html=converted.html)
        except StepRefused:
            return too_late(request, found)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The draft has what was in the file. Read it through before you send it."))
            for note in converted.notes:
                messages.info(request, note)
            return redirect("documents:draft", number)
    return _draft_page(request, found, user, upload_form=form, copy=actions.copy_of(found, user))
