"""A draft out for hearing: asking, reading and commenting, answering what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import access, actions, links
from documents.forms.fields import people_like, unit_label, units_in_municipality
from documents.forms.hearing import (
    AskHearingForm,
    ExtendForm,
    InviteForm,
    OutcomeForm,
    ResponseForm,
    later_than,
)
from documents.html import shown
from documents.lifecycle import LIFECYCLE, OPEN, State
from documents.models import Document, Hearing, Invitation, Response, Version
from documents.views.finding import asked_for
from documents.views.life import may_take, problem, too_late, try_again
from documents.views.visiting import open_version_for, versions_for, visible_document, visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.lookup import suggestions


def hearing_for(user: User, number: str, pk: int) -> tuple[Document, Hearing]:
    """The hearing, or 404 for whoever may not see it."""
    document = visible_document(user, number)
    rows = Hearing.objects.visible_to(user).filter(version__document=document)
    found = get_object_or_404(rows.select_related("version", "asked_by"), pk=pk)
    found.version.document = document
    return document, found


def writes(hearing: Hearing, user: User) -> bool:
    """Whether the person answers what is said: whoever writes the draft or answers for it, while it is open."""
    return hearing.version.state in OPEN and access.may_save(hearing.version, user)


def writing_hearing(request: HttpRequest, number: str, pk: int) -> tuple[User, Document, Hearing]:
    user = visitor(request)
    document, found = hearing_for(user, number, pk)
    if not writes(found, user):
        raise PermissionDenied
    return user, document, found


@require_GET
def hearings(request: HttpRequest, number: str) -> HttpResponse:
    """The newest hearing of the document that one may see."""
    user = visitor(request)
    document = visible_document(user, number)
    found = Hearing.objects.visible_to(user).filter(version__document=document).order_by("-pk").first()
    if found is None:
        if access.may_write(access.parts_in(document, user)):
            raise Http404
        raise PermissionDenied
    return redirect("documents:hearing", number, found.pk)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Whom to ask about the draft, and by when."""
    user = visitor(request)
    document = visible_document(user, number)
    found = open_version_for(user, document)
    if not may_take(LIFECYCLE["ask_hearing"], found, user):
        raise PermissionDenied
    if found.state != State.DRAFT:
        return too_late(request, found)
    if request.method == "GET" and actions.copy_of(found, user) is not None:
        messages.warning(request, _("You have written more than is saved in the draft. Save it first."))
        return redirect("documents:draft", number)
    form = AskHearingForm(request.POST if request.method == "POST" else None, user=user, version=found)
    if request.method == "POST" and form.is_valid():
        try:
            hearing = actions.ask_hearing(version=found, by=user, **form.what())
        except StepRefused as refused:
            if refused.row.state != State.DRAFT:
                return too_late(request, found)
            try_again(form, refused)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, _("Asked. Each of them gets a message."))
            return redirect(hearing)
    return render(
        request,
        "documents/hearing/ask.html",
        {"form": form, "document": document, "title": _("Ask for a hearing"), "button": _("Ask")},
    )


@dataclass(frozen=True)
class Shown:
    """A comment, with the form to answer it for those who may."""

    response: Response
    form: OutcomeForm | None


@require_http_methods(["GET", "POST"])
def hearing(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What do you think of this? Those who are asked read and comment; those who wrote it answer."""
    user = visitor(request)
    document, found = hearing_for(user, number, pk)
    invitation = found.invitations.filter(user=user).first()
    form = None
    if invitation is not None and found.is_open:
        form = ResponseForm(request.POST if request.method == "POST" else None, version=found.version)
    if request.method == "POST":
        if invitation is None:
            raise PermissionDenied
        if form is None:
            messages.warning(request, _("The hearing is closed."))
            return redirect(found)
        if form.is_valid():
            try:
                actions.respond(hearing=found, by=user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, problem(error))
            else:
                messages.success(request, _("Sent. You see here what becomes of it."))
                return redirect(found)
    return _page(request, user, document, found, invitation, form)


def _page(
    request: HttpRequest,
    user: User,
    document: Document,
    found: Hearing,
    invitation: Invitation | None,
    form: ResponseForm | None,
    answering: tuple[int, OutcomeForm] | None = None,
) -> HttpResponse:
    may_answer = writes(found, user)
    responses = list(found.responses.select_related("by", "answered_by").order_by("at", "pk"))
    rows = [
        Shown(each, answering[1] if answering and answering[0] == each.pk else OutcomeForm(response=each))
        if may_answer
        else Shown(each, None)
        for each in responses
    ]
    extend_form = None
    if may_answer and found.is_open:
        extend_form = ExtendForm(initial={"deadline": later_than(found.deadline)})
    text: Version | None = versions_for(user, document).filter(pk=found.version_id).first()
    return render(
        request,
        "documents/hearing/hearing.html",
        {
            "document": document,
            "hearing": found,
            "version": found.version,
            "text": text,
            "shown": shown(text.body, links.targets(user, text.body)) if text and text.body else None,
            "attachments": files_of(text) if text else [],
            "invitation": invitation,
            "form": form,
            "rows": rows,
            "may_answer": may_answer,
            "waiting": sum(not each.outcome for each in responses),
            "asked": list(found.invitations.select_related("user", "unit").order_by("answered_at", "user__name", "pk"))
            if may_answer
            else [],
            "answered_count": found.invitations.exclude(answered_at=None).count(),
            "asked_count": found.invitations.count(),
            "extend_form": extend_form,
        },
    )


@require_POST
def say_nothing(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = visitor(request)
    _document, found = hearing_for(user, number, pk)
    if not found.invitations.filter(user=user).exists():
        raise PermissionDenied
    return _done(
        request, found, lambda: actions.say_nothing(hearing=found, by=user), _("Noted: you have no comments.")
    )


@require_POST
def answer(request: HttpRequest, number: str, pk: int, response: int) -> HttpResponse:
    """What becomes of one comment."""
    user, document, found = writing_hearing(request, number, pk)
    row = get_object_or_404(found.responses.select_related("hearing"), pk=response)
    form = OutcomeForm(request.POST, response=row)
    row.hearing = found
    if form.is_valid():
        try:
            actions.answer_response(response=row, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, _("Answered."))
            return redirect(found)
    invitation = found.invitations.filter(user=user).first()
    return _page(request, user, document, found, invitation, None, (row.pk, form))


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Ask more people."""
    user, document, found = writing_hearing(request, number, pk)
    form = InviteForm(request.POST if request.method == "POST" else None, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.invite(hearing=found, by=user, **form.what())
        except ValidationError as error:
            form.add_error(None, problem(error))
        else:
            if count:
                messages.success(request, _("Asked. Each of them gets a message."))
            else:
                messages.info(request, _("They are asked already."))
            return redirect(found)
    return render(
        request,
        "documents/hearing/ask.html",
        {"form": form, "document": document, "title": _("Ask more people"), "button": _("Ask")},
    )


@require_POST
def extend(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user, _document, found = writing_hearing(request, number, pk)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(each) for each in form.errors.get("deadline", [])))
        return redirect(found)
    day = form.cleaned_data["deadline"]
    return _done(
        request,
        found,
        lambda: actions.extend_hearing(hearing=found, by=user, deadline=day),
        _("There is more time now."),
    )


@require_POST
def close(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user, _document, found = writing_hearing(request, number, pk)
    return _done(
        request,
        found,
        lambda: actions.close_hearing(hearing=found, by=user),
        _("The hearing is closed. It is a draft again."),
    )


def _done(request: HttpRequest, found: Hearing, verb: Callable[[], Any], said: str) -> HttpResponse:
    try:
        verb()
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect(found)


def _who_asks(request: HttpRequest) -> User:
    """Whoever writes somewhere, or is at a draft: they may look up whom to ask."""
    user = visitor(request)
    if not access.may_begin(user) and not Version.objects.open().filter(author=user).exists():
        raise PermissionDenied
    return user


@require_GET
def find_person(request: HttpRequest) -> HttpResponse:
    user = _who_asks(request)
    return suggestions(people_like(user, asked_for(request)), lambda each: each.name)


@require_GET
def find_unit(request: HttpRequest) -> HttpResponse:
    return suggestions(units_in_municipality(_who_asks(request), asked_for(request)), unit_label)
