"""While somebody writes: the text keeps itself, others are told of, and two texts become one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import actions, links
from documents.comparison import compare
from documents.forms.writing import DraftForm, MergeForm
from documents.html import furnished, pictures_without_words
from documents.lifecycle import LIFECYCLE, State
from documents.merging import Stretch, Take, merged, stretches
from documents.models import DraftCopy, Version
from documents.models.draft_copy import WRITING
from documents.timeline import latest_in_words
from documents.views import editor
from documents.views.life import may_take, problem, too_late
from documents.views.visiting import open_version_for, visible_document, visitor
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import clock


def _draft_of(request: HttpRequest, number: str) -> tuple[User, Version]:
    """Who writes, and the draft (or what waits for approval): 404 and 403 as for the draft's own page."""
    user = visitor(request)
    found = open_version_for(user, visible_document(user, number))
    if not may_take(LIFECYCLE["save"], found, user):
        raise PermissionDenied
    return user, found


# The page of the draft ----------------------------------------------------------------------------------------------


def around(version: Version, user: User, copy: DraftCopy | None) -> dict[str, Any]:
    """What the page of the draft says beside the form."""
    text = copy.body if copy is not None else version.body
    known = links.targets(user, text)
    for_all = links.targets_for_all(version.document, text)
    return {
        "narrow": [
            target.title for pk, target in known.items() if pk not in for_all and target.url and not target.note
        ],
        "copy": copy,
        "others": others_writing(version, user),
        "editor": editor.around(
            known,
            find=reverse("documents:find_document", args=[version.document.number]),
            picture=reverse("documents:picture", args=[version.document.number]),
        ),
        "wordless": pictures_without_words(text),
        "broken": [(link, links.reason(link, known)) for link in links.broken_in(version)],
    }


def others_writing(version: Version, user: User) -> list[str]:
    """Who else has been at the draft lately, each in a sentence."""
    since = timezone.now() - WRITING
    copies = DraftCopy.objects.filter(version=version, saved_at__gte=since).exclude(user=user)
    signs = {copy.user: copy.saved_at for copy in copies.select_related("user").defer("body", "begun_from")}
    if version.edited_by_id != user.pk and version.saved_at >= since:
        editor = version.edited_by
        signs[editor] = max(signs.get(editor, version.saved_at), version.saved_at)
    said = []
    for who, at in sorted(signs.items(), key=lambda each: each[1], reverse=True):
        minutes = int((timezone.now() - at).total_seconds() // 60)
        if minutes < 1:
            said.append(_("%(name)s is writing in this draft now.") % {"name": who.name})
            continue
        sentence = ngettext(
            "%(name)s is writing in this draft now, last a minute ago.",
            "%(name)s is writing in this draft now, last %(count)s minutes ago.",
            minutes,
        )
        said.append(sentence % {"name": who.name, "count": minutes})
    return said


def is_apart(copy: DraftCopy, version: Version) -> bool:
    """Whether somebody else has changed the text since the copy began from it."""
    if version.file or version.body in (copy.begun_from, copy.body):
        return False
    return actions.saved_since(version, copy.seen)


def keep(version: Version, user: User, form: DraftForm) -> None:
    """Let nothing be lost of what was sent and can't be saved."""
    names = [name for name in ("title", "body", "change_summary", "is_minor") if name in form.fields]
    said = {name: form.cleaned_data[name] for name in names}
    actions.keep_copy(version=version, by=user, seen=form.cleaned_data["seen"] or 0, **said)


def keep_what_is_late(version: Version, user: User, form: DraftForm) -> None:
    """The draft was sent while somebody wrote in it: what they wrote is there again when it comes back."""
    with suppress(ValidationError):
        if form.is_valid():
            keep(version, user, form)


def keep_apart(version: Version, user: User, form: DraftForm) -> bool:
    """Keep what was sent beside what another saved meanwhile. ``False`` when the two texts don't differ."""
    keep(version, user, form)
    copy = actions.copy_of(version, user)
    return copy is not None and is_apart(copy, version)


# What its scripts ask -----------------------------------------------------------------------------------------------


@require_POST
def copy(request: HttpRequest, number: str) -> JsonResponse:
    """Keep what is on the screen. Answers when, who else is there, and whether somebody saved meanwhile."""
    user, version = _draft_of(request, number)
    if version.state != State.DRAFT:
        sentence = _("That is not possible any more: %(what)s") % {"what": latest_in_words(version)}
        return JsonResponse({"problem": sentence}, status=409)
    seen = request.POST.get("seen", "")
    try:
        actions.keep_copy(
            version=version,
            by=user,
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else version.events_count,
            title=request.POST.get("title", ""),
            body=request.POST.get("body"),
            change_summary=request.POST.get("change_summary", version.change_summary),
            is_minor="is_minor" in request.POST if "change_summary" in request.POST else version.is_minor,
        )
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=422)
    others = others_writing(version, user)
    if seen != str(version.events_count) and version.edited_by_id != user.pk:
        others.append(
            _("%(name)s has saved the draft. When you save, you see both texts.") % {"name": version.edited_by.name}
        )
    return JsonResponse({"saved": _("Kept %(time)s") % {"time": clock(timezone.now())}, "others": others})


@require_POST
def discard_copy(request: HttpRequest, number: str) -> HttpResponse:
    """Go back to the draft as it is saved."""
    user, version = _draft_of(request, number)
    actions.discard_copy(version=version, by=user)
    messages.success(request, _("You see the draft as it was last saved."))
    return redirect("documents:draft", number)


@require_POST
def picture(request: HttpRequest, number: str) -> JsonResponse:
    """A picture for the text, drawn anew."""
    _draft_of(request, number)
    return editor.picture_for(request)


@require_GET
def find_document(request: HttpRequest, number: str) -> JsonResponse:
    """Documents to link to from the draft; the headings of one of them."""
    user, _version = _draft_of(request, number)
    return editor.found_for(request, user, but=number)


# Two texts ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Your text, and what another saved while you wrote: keep of each what is right."""
    user, version = _draft_of(request, number)
    if version.state != State.DRAFT:
        return too_late(request, version)
    mine = actions.copy_of(version, user)
    if mine is None or not is_apart(mine, version):
        return redirect("documents:draft", number)
    parts = stretches(version.body, mine.body, mine.begun_from)
    at = mine.saved_at.isoformat()
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": version.events_count, "mine": at, "title": mine.title},
    )
    if request.method == "POST" and form.is_valid():
        if (form.cleaned_data["seen"], form.cleaned_data["mine"]) != (version.events_count, at):
            messages.warning(request, _("One of the texts has changed since. Look at them again."))
            return redirect("documents:merge", number)
        takes = {part.number: _chosen(request, part) for part in parts if part.number is not None}
        try:
            actions.save(
                version=version,
                by=user,
                title=form.cleaned_data["title"],
                body=merged(parts, takes),
                change_summary=mine.change_summary or version.change_summary,
                is_minor=mine.is_minor,
                hides_old=version.hides_old,
                seen=version.events_count,
            )
        except StepRefused:
            messages.warning(request, _("One of the texts has changed since. Look at them again."))
            return redirect("documents:merge", number)
        except ValidationError as error:
            form.add_error(None, problem(error))
        else:
            messages.success(request, _("The draft has what you chose of the two texts."))
            return redirect("documents:draft", number)
    return render(
        request,
        "documents/merge.html",
        {
            "document": version.document,
            "version": version,
            "form": form,
            "parts": _on_page(parts, links.targets(user, version.body, mine.body), request.POST),
            "open_count": sum(part.is_open for part in parts),
            "their_summary": version.change_summary if version.change_summary != mine.change_summary else "",
            "address": reverse("documents:discard_copy", args=[number]),
        },
    )


def _chosen(request: HttpRequest, part: Stretch) -> Take:
    said = request.POST.get(f"del-{part.number}")
    return next((take for take in Take if take == said), part.suggested)


def _on_page(parts: list[Stretch], known: Any, said: Any) -> list[dict[str, Any]]:
    """The parts as the page shows them: what is the same folded away where it is long."""
    shown: list[dict[str, Any]] = []
    for part in parts:
        if part.number is None:
            shown.append({"same": furnished(part.my_html, known), "count": len(part.mine)})
            continue
        theirs, mine = part.their_html, part.my_html
        chosen = said.get(f"del-{part.number}") or part.suggested
        options = [
            (Take.THEIRS, _("Keep what the other wrote") if theirs else _("Leave it out, as the other did")),
            (Take.MINE, _("Keep what you wrote") if mine else _("Leave it out, as you did")),
        ]
        if theirs and mine:
            options.append((Take.BOTH, _("Keep both")))
        shown.append(
            {
                "number": part.number,
                "theirs": furnished(theirs, known),
                "mine": furnished(compare(theirs, mine), known) if theirs and mine else furnished(mine, known),
                "is_open": part.is_open,
                "is_mine": part.suggested is Take.MINE,
                "options": [(value, words, value == chosen) for value, words in options],
            }
        )
    return shown
