"""Approving, and the steps of a version's life: one address each, the same way through for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from documents import access, actions, links
from documents.changes import changes_between
from documents.forms.life import NoteForm, OptionalNoteForm, PutInForceForm, SendForm, StepForm
from documents.html import shown
from documents.lifecycle import LIFECYCLE, ONCE_IN_FORCE, State
from documents.models import Answer, Document, Version
from documents.outlines import bare_headings
from documents.timeline import latest_in_words, together
from documents.views.visiting import open_version_for, versions_for, visible_document, visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.transitions import Note, Step, StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


@require_GET
def approval(request: HttpRequest, number: str) -> HttpResponse:
    """Does this come into force? What is new beside what applies now."""
    user = visitor(request)
    document = visible_document(user, number)
    found = open_version_for(user, document)
    if found.state not in (State.APPROVAL, State.SCHEDULED):
        return redirect(found)
    current = Version.objects.in_force().filter(document=document).first()
    parts = access.parts_of(found, user)
    to_approve = access.is_to_approve(found, parts)
    steps = [] if to_approve else [step for step in access.available_steps(found, parts) if step.name == "take_back"]
    return render(
        request,
        "documents/approval.html",
        {
            "document": document,
            "version": found,
            "current": current,
            "changes": changes_between(current, found, reader=user) if current else None,
            "shown": shown(found.body, links.targets(user, found.body)),
            "attachments": files_of(found),
            "to_approve": to_approve,
            "may_not": [each for each in found.asked if not access.may_approve(found, each.approver)],
            "others_left": sum(each.state != Answer.APPROVED for each in found.living_approvals) > 1,
            "steps": steps,
            "note_form": NoteForm(version=found, note_label=LIFECYCLE["want_changes"].note_label),
        },
    )


@dataclass(frozen=True)
class StepPage:
    form: type[StepForm]
    verb: Any
    done: Any  # what is said afterwards
    lead: Any = ""


STEPS: dict[str, StepPage] = {
    "send": StepPage(
        SendForm, actions.send, gettext_lazy("Sent. Whoever approves it gets a message."),
        gettext_lazy("Nothing applies until another has approved it."),
    ),
    "take_back": StepPage(StepForm, actions.take_back, gettext_lazy("It is a draft again.")),
    "approve": StepPage(StepForm, actions.approve, gettext_lazy("Approved.")),
    "put_in_force": StepPage(
        PutInForceForm, actions.put_in_force, gettext_lazy("Done."),
        gettext_lazy("Nobody else has to approve documents of this type."),
    ),
    "want_changes": StepPage(
        NoteForm, actions.want_changes, gettext_lazy("Sent back. Whoever wrote it gets a message.")
    ),
    "discard": StepPage(StepForm, actions.discard, gettext_lazy("The draft is discarded.")),
    "review": StepPage(
        OptionalNoteForm, actions.review_without_change, gettext_lazy("Noted. The next review is set."),
        gettext_lazy("You have read it through, and it is still right."),
    ),
    "withdraw": StepPage(
        NoteForm, actions.withdraw, gettext_lazy("Withdrawn. It no longer applies."),
        gettext_lazy("Nobody finds it any more. Those who answer for it can still read it."),
    ),
}  # fmt: skip
BACK_TO = {"today": "today", "keeping": "documents:keeping"}  # where one was when one took the step
TO_OTHERS = ("send", "put_in_force")
OF_THE_ONE_IN_FORCE = ("review", "withdraw")


def may_take(step: Step, version: Version, user: User) -> bool:
    return bool(step.parts & access.parts_of(version, user))


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take one step: asked for what it needs, checked once for rights, once for state."""
    user = visitor(request)
    document = visible_document(user, number)
    if name not in STEPS:
        raise Http404
    found = _version_for(user, document, name)
    how, row = STEPS[name], LIFECYCLE[name]
    if not may_take(row, found, user):
        raise PermissionDenied
    if name == "put_in_force" and document.type.asks_approval:
        return redirect("documents:step", number, "send")
    if found.state not in row.sources:
        return too_late(request, found)
    if request.method == "GET" and how.form is StepForm:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form = how.form(
        request.POST if request.method == "POST" else None,
        version=found,
        note_label=row.note_label if row.note is not Note.NONE else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            how.verb(version=found, by=user, **form.what())
        except StepRefused as refused:
            found = get_object_or_404(Version.objects.select_related("document__unit"), pk=found.pk)
            if found.state not in row.sources:
                return too_late(request, found)
            try_again(form, refused)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, after(how, found))
            return redirect(BACK_TO.get(request.POST.get("from", "")) or way_back(user, document))
    elif request.method == "GET" and name in TO_OTHERS and found.is_empty:
        messages.warning(request, _("There is nothing to approve yet. Write the text, or upload a file."))
        return redirect("documents:draft", number)
    elif request.method == "GET" and name in TO_OTHERS and actions.copy_of(found, user) is not None:
        messages.warning(request, _("You have written more than is saved in the draft. Save it first."))
        return redirect("documents:draft", number)
    return render(
        request,
        "documents/step.html",
        {
            "form": form,
            "document": document,
            "version": found,
            "step": row,
            "lead": how.lead,
            "bare": bare_headings(found.body) if name in TO_OTHERS else [],
        },
    )


def after(how: StepPage, version: Version) -> str:
    """What is said when a step is taken: with what it led to, where that depends on others or on the day."""
    if how.verb not in (actions.approve, actions.put_in_force):
        return str(how.done)
    if version.state == State.IN_FORCE:
        return _("%(done)s It is in force from now.") % {"done": how.done}
    if version.state == State.SCHEDULED and version.applies_from:
        return _("%(done)s It applies from %(day)s.") % {"done": how.done, "day": full(version.applies_from)}
    names = together([each.name for each in version.asked])
    return _("%(done)s It waits for %(names)s.") % {"done": how.done, "names": names}


def _version_for(user: User, document: Document, name: str) -> Version:
    """The version a step is about: the open one, or the one in force; the newest where that is gone."""
    rows = versions_for(user, document)
    if name in OF_THE_ONE_IN_FORCE:
        found = rows.filter(state__in=ONCE_IN_FORCE).order_by("-in_force_from", "-pk").first()
    else:
        found = rows.open().first() or rows.order_by("-pk").first()
    if found is None:
        if access.may_read_old(access.parts_in(document, user)):
            raise Http404
        raise PermissionDenied
    found.document = document
    return cast("Version", found)


def way_back(user: User, document: Document) -> str:
    """Back to the document, or to the list when the step took it out of sight."""
    if Document.objects.visible_to(user).filter(pk=document.pk).exists():
        return document.get_absolute_url()
    return reverse("documents:list")


def problem(error: StepIncomplete | ValidationError) -> Any:
    if isinstance(error, ValidationError):
        return error if hasattr(error, "error_dict") else ValidationError(error.messages)
    return _("Something is missing. Fill it in and try again.")


def try_again(form: Any, refused: StepRefused) -> None:
    """Somebody else did something in between: say what, and let the next try be against that."""
    form.add_error(
        None,
        _("Somebody was here before you: %(what)s Look at it and try again if it is still right.")
        % {"what": latest_in_words(refused.row)},
    )
    form.data = form.data.copy()
    form.data["seen"] = str(refused.row.events_count)


def too_late(request: HttpRequest, version: Version) -> HttpResponse:
    """The step isn't possible any more: say what happened instead of doing anything."""
    messages.warning(request, _("That is not possible any more: %(what)s") % {"what": latest_in_words(version)})
    return redirect(way_back(visitor(request), version.document))
