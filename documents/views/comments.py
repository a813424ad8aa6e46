"""What readers say of a document: saying it, answering, and following what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from documents import access, actions
from documents.forms.comments import AnswerForm, CommentForm
from documents.lifecycle import COMMENT_LIFECYCLE, CommentState
from documents.models import Comment, Document
from documents.views.finding import COMMENTS, around
from documents.views.life import problem
from documents.views.visiting import versions_for, visible_document, visitor
from kvalitetslosen.journal.transitions import Step, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

SHOWN = 100
FIRST = (CommentState.SENT, CommentState.ACCEPTED, CommentState.SETTLED, CommentState.DECLINED, CommentState.WITHDRAWN)


def _with_names(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    return rows.select_related("document__unit", "document__owner", "author", "answered_by", "settled_in").defer(
        "settled_in__body", "settled_in__text"
    )


@dataclass(frozen=True)
class Shown:
    """One of them on the page, with the steps open to the reader of the page."""

    comment: Comment
    steps: list[Step]
    is_mine: bool


def _shown(rows: QuerySet[Comment], user: User) -> list[Shown]:
    """What waits first, then the newest."""
    found = sorted(
        _with_names(rows).order_by("-at", "-pk")[:SHOWN], key=lambda each: FIRST.index(CommentState(each.state))
    )
    return [Shown(each, access.comment_steps(each, user), each.author_id == user.pk) for each in found]


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, and what came of what I have said?"""
    user = visitor(request)
    return render(
        request,
        "documents/comments/mine.html",
        {
            "to_answer": _shown(Comment.objects.to_answer(user), user),
            "mine": _shown(Comment.objects.filter(author=user), user),
            "owns": Document.objects.filter(owner=user).exists(),
            **around(user, COMMENTS),
        },
    )


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, number: str) -> HttpResponse:
    """Is something wrong here? Say so. For those who answer for it: what was said."""
    user = visitor(request)
    document = visible_document(user, number)
    version = versions_for(user, document).in_force().first()
    may = version is not None and access.may_comment(document, user)
    form = None
    if may:
        form = CommentForm(
            request.POST if request.method == "POST" else None, version=version, at=request.GET.get("punkt", "")
        )
    if request.method == "POST":
        if form is None or version is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.send_comment(version=version, by=user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, problem(error))
            else:
                messages.success(
                    request,
                    _("Sent to %(name)s. You get a message when there is an answer.") % {"name": document.owner.name},
                )
                return redirect("documents:comments", number)
    rows = Comment.objects.visible_to(user).filter(document=document)
    return render(
        request,
        "documents/comments/document.html",
        {"document": document, "version": version, "form": form, "rows": _shown(rows, user)},
    )


@dataclass(frozen=True)
class StepPage:
    verb: Any
    done: Any
    lead: Any = ""
    asks: bool = True  # for an answer


STEPS: dict[str, StepPage] = {
    "accept": StepPage(
        actions.accept_comment, gettext_lazy("Accepted. The reader gets a message."),
        gettext_lazy("It stands beside the next draft, and the reader hears when the new version is in force."),
    ),
    "thank": StepPage(actions.thank_for_comment, gettext_lazy("Answered. The reader gets a message.")),
    "decline": StepPage(
        actions.decline_comment, gettext_lazy("Answered. The reader gets a message."),
        gettext_lazy("It stays as it is. The reader sees why."),
    ),
    "take_back": StepPage(actions.take_back_comment, gettext_lazy("Taken back."), asks=False),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, pk: int, name: str) -> HttpResponse:
    """Answer, or take back what one has said."""
    user = visitor(request)
    document = visible_document(user, number)
    comment = get_object_or_404(_with_names(Comment.objects.visible_to(user)).filter(document=document), pk=pk)
    if name not in STEPS:
        raise Http404
    how, row = STEPS[name], COMMENT_LIFECYCLE[name]
    if not row.parts & access.comment_parts(comment, user):
        raise PermissionDenied
    if comment.state not in row.sources:
        return _answered_already(request, comment)
    if request.method == "GET" and not how.asks:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = AnswerForm(
        request.POST if request.method == "POST" else None, comment=comment, needs_answer="answer" in row.needs
    )
    if not how.asks:
        del form.fields["answer"]
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(comment=comment, by=user, **form.cleaned_data)
        except StepRefused:
            return _answered_already(request, comment)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, str(how.done))
            if request.POST.get("then") == "draft" and access.may_write(access.parts_in(document, user)):
                return redirect(actions.new_version(document=document, by=user))
            return redirect("documents:comments", number)
    return render(
        request,
        "documents/comments/step.html",
        {
            "form": form,
            "document": document,
            "shown": Shown(comment, [], is_mine=False),
            "step": row,
            "lead": how.lead,
        },
    )


def _answered_already(request: HttpRequest, comment: Comment) -> HttpResponse:
    messages.warning(request, _("It is answered already."))
    return redirect("documents:comments", comment.document.number)
