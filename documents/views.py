"""Finding, reading, writing and approving documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from js_asset.media import Media

from documents import access, actions, forms, search
from documents.html import shown
from documents.lifecycle import LIFECYCLE, ONCE_IN_FORCE, State
from documents.models import Document, Kind, SearchEntry, Version
from documents.timeline import history, latest_in_words
from kvalitetslosen.journal.transitions import Note, Step, StepIncomplete, StepRefused
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.lookup import suggestions
from kvalitetslosen.ui.registry import panels

SHOWN = 25
OLD_SHOWN = 20
MOST_OWNED = 500
WORK, MINE = "arbeid", "mine"
# A PDF is shown by the browser's own reader, which a sandboxed page may not start; it may load nothing.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


def visitor(request: HttpRequest) -> User:
    """Who asks; the log-in middleware has seen to it that it is somebody."""
    return cast("User", request.user)


# Finding


@dataclass(frozen=True)
class Line:
    """One document in the list."""

    number: str
    title: str
    meta: str
    extract: str = ""

    @property
    def url(self) -> str:
        return reverse("documents:document", args=[self.number])


@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """What is the routine? Search first, browse by kind and unit."""
    user = visitor(request)
    if request.GET.get("visning") == WORK:
        return _work_list(request, user)
    if request.GET.get("visning") == MINE:
        return _own_list(request, user)
    text = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("type", "")
    kind = kind if kind in Kind.values else ""
    number = request.GET.get("enhet", "")
    units = _units_to_choose(user, int(number) if number.isdecimal() and len(number) < 18 else None)
    unit = next((each for each in units if str(each.pk) == number), None)
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    kinds = dict(Kind.choices)
    if text:
        found = search.find(user, text, kind=kind, unit=unit, limit=SHOWN, offset=offset)
        lines = [
            Line(hit.number, hit.title, f"{hit.number} · {kinds.get(hit.kind, hit.kind)}", hit.extract)
            for hit in found.hits
        ]
        more = found.more
    else:
        lines, more = _browsed(user, kind, unit, offset, kinds)
    return render(
        request,
        "documents/list.html",
        {
            "text": text,
            "kind": kind,
            "unit": unit,
            "kinds": Kind.choices,
            "units": units,
            "lines": lines,
            "earlier": _page(request, offset // SHOWN - 1) if offset else None,
            "later": _page(request, offset // SHOWN + 1) if more else None,
            "may_begin": access.may_begin(user),
            "is_filtered": bool(kind or unit),
            "tabs": _tabs(user, ""),
        },
    )


def _browsed(user: User, kind: str, unit: Unit | None, offset: int, kinds: dict[Any, Any]) -> tuple[list[Line], bool]:
    """What is in force, by title."""
    entries = SearchEntry.objects.visible_to(user)
    if kind:
        entries = entries.filter(kind=kind)
    if unit:
        entries = entries.in_subtree(unit)
    rows = list(
        entries.order_by("title", "document").values_list("document__number", "title", "kind", "unit__name")[
            offset : offset + SHOWN + 1
        ]
    )
    lines = [
        Line(number, title, f"{number} · {kinds.get(each, each)} · {where}") for number, title, each, where in rows
    ]
    return lines[:SHOWN], len(lines) > SHOWN


def _page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["side"] = str(number)
    return f"?{query.urlencode()}"


def _units_to_choose(user: User, chosen: int | None) -> list[Unit]:
    """Where one works and above, and the level below the chosen unit: never every unit there is."""
    near = set(user.standing.home.ancestor_ids) if user.standing.home else {user.municipality_id}
    below = chosen or user.municipality_id
    found = Unit.objects.visible_to(user).active().filter(Q(pk__in=[*near, below]) | Q(parent=below))
    return list(found.only("name", "depth").order_by("depth", "name", "pk")[:60])


def _tabs(user: User, current: str) -> list[tuple[str, str, bool]]:
    """What there is to choose between for those who write; for others who own one, on their own list."""
    if not access.may_begin(user) and current != MINE:
        return []
    here = reverse("documents:list")
    return [
        (_("In force"), here, current == ""),
        (_("Owned by me"), f"{here}?visning={MINE}", current == MINE),
        (_("Drafts and approvals"), f"{here}?visning={WORK}", current == WORK),
    ]


def _own_list(request: HttpRequest, user: User) -> HttpResponse:
    """What I own and applies, the review that comes first at the top."""
    rows = (
        Document.objects.visible_to(user)
        .in_force()
        .filter(owner=user)
        .select_related("unit")
        .order_by("review_on", "title", "pk")[:MOST_OWNED]
    )
    context = {"documents": rows, "tabs": _tabs(user, MINE), "may_begin": access.may_begin(user)}
    return render(request, "documents/own.html", context)


def _work_list(request: HttpRequest, user: User) -> HttpResponse:
    """What is being written or waits for approval, as far as the person may see it."""
    rows = (
        Version.objects.visible_to(user)
        .open()
        .select_related("document__unit", "author", "approver", "approver_for")
        .defer("body", "text")
        .order_by("-saved_at", "-pk")[:200]
    )
    context = {"versions": rows, "tabs": _tabs(user, WORK), "may_begin": access.may_begin(user)}
    return render(request, "documents/work.html", context)


def asked_for(request: HttpRequest) -> str:
    """What is written so far in the field that asks, whatever the field's name."""
    return next((str(value) for value in request.GET.values()), "")[:200]


@require_GET
def find_unit(request: HttpRequest) -> HttpResponse:
    return suggestions(forms.units_like(visitor(request), asked_for(request)), forms.unit_label)


@require_GET
def find_person(request: HttpRequest) -> HttpResponse:
    """Names of colleagues, for those who may make somebody the owner."""
    user = visitor(request)
    if not access.may_begin(user) and not Document.objects.filter(owner=user).exists():
        raise PermissionDenied
    return suggestions(forms.people_like(user, asked_for(request)), lambda each: each.name)


# Reading


def visible_document(user: User, number: str) -> Document:
    """The document, or 404 for whoever may not see it."""
    rows = Document.objects.visible_to(user).select_related("unit", "owner")
    return get_object_or_404(rows, number=number)


def _versions(user: User, document: Document) -> Any:
    """What the person may read of the document, each version with the document at hand."""
    return (
        Version.objects.visible_to(user)
        .filter(document=document)
        .select_related("document", "author", "edited_by", "approver", "approver_for", "approved_by")
    )


def _open_version(user: User, document: Document) -> Version:
    """The draft or what waits for approval; 404 when there is none.

    403 for whoever may read the document but no draft of it, whether there is one or not.
    """
    version = _versions(user, document).open().first()
    if version is None:
        if not access.may_write(access.parts_in(document, user)):
            raise PermissionDenied
        raise Http404
    version.document = document
    return cast("Version", version)


@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """What applies, to whom, since when."""
    user = visitor(request)
    document = visible_document(user, number)
    current: Version | None = _versions(user, document).in_force().first()
    parts = access.parts_in(document, user)
    others = list(
        _versions(user, document)
        .exclude(state__in=[State.IN_FORCE, State.DISCARDED])
        .defer("body", "text")
        .order_by("-pk")[:OLD_SHOWN]
    )
    if current is not None:
        current.document = document
        steps = [step for step in access.available_steps(current, parts) if step.name in STEPS]
    else:
        steps = []
    open_version = next((each for each in others if each.is_open), None)
    answers = access.may_read_old(parts)
    return render(
        request,
        "documents/document.html",
        {
            "document": document,
            "version": current,
            "shown": shown(current.body) if current and current.body else None,
            "open_version": open_version,
            "old": [each for each in others if not each.is_open],
            "steps": steps,
            "may_write": access.may_write(parts),
            "answers": answers,
            "to_approve": open_version is not None
            and access.is_to_approve(open_version, access.parts_of(open_version, user)),
            "told": history(document, current, reader=user) if answers else [],
            "panels": panels("documents.document", user, document),
        },
    )


@require_GET
def version(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How it was worded before, for those who answer for it."""
    user = visitor(request)
    document = visible_document(user, number)
    rows = _versions(user, document).once_in_force()
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
        {"document": document, "version": found, "current": current, "shown": shown(found.body)},
    )


@require_safe
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """The PDF of a version, to whoever may read that version."""
    user = visitor(request)
    document = visible_document(user, number)
    found = _versions(user, document).filter(pk=pk).first()
    if found is None and Version.objects.filter(document=document, pk=pk).exists():
        raise PermissionDenied
    if found is None or not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=found.file_name, content_type="application/pdf")
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


# Writing


@require_http_methods(["GET", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """What is it called, and for whom is it?"""
    user = visitor(request)
    if not access.may_begin(user):
        raise PermissionDenied
    form = forms.NewDocumentForm(request.POST if request.method == "POST" else None, user=user)
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
    form = forms.ParticularsForm(request.POST if request.method == "POST" else None, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_particulars(document=document, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            document = visible_document(user, number)
        else:
            messages.success(request, _("Saved."))
            return redirect(_after(user, document))
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
    found = _open_version(user, document)
    if not _may(LIFECYCLE["save"], found, user):
        raise PermissionDenied
    if found.state != State.DRAFT:
        return redirect("documents:approval", number)
    sending = request.POST.get("then") == "send"
    form = forms.DraftForm(request.POST if request.method == "POST" else None, version=found, sending=sending)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save(version=found, by=user, **form.what())
        except StepRefused as refused:
            if refused.row.state != State.DRAFT:
                return _too_late(request, found)
            _try_again(form, refused)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, _problem(error))
        else:
            messages.success(request, _("The draft is saved."))
            if sending:
                return redirect("documents:step", number, "send")
            return redirect("documents:draft", number)
    return _draft_page(request, found, user, form=form)


def _draft_page(
    request: HttpRequest, version: Version, user: User, *, form: Any = None, upload_form: Any = None
) -> HttpResponse:
    form = form or forms.DraftForm(version=version)
    nonce = getattr(request, "csp_nonce", None)
    return render(
        request,
        "documents/draft.html",
        {
            "document": version.document,
            "version": version,
            "form": form,
            "upload_form": upload_form or forms.UploadForm(),
            "media": Media.from_media(form.media, nonce=str(nonce)) if "body" in form.fields else "",
            "may_discard": _may(LIFECYCLE["discard"], version, user),
        },
    )


@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Let a Word document or a PDF be the draft."""
    from documents.conversion import convert  # what reads Word and PDF is large, and seldom needed

    user = visitor(request)
    document = visible_document(user, number)
    found = _open_version(user, document)
    if not _may(LIFECYCLE["save"], found, user):
        raise PermissionDenied
    if found.state != State.DRAFT:
        return _too_late(request, found)
    form = forms.UploadForm(request.POST, request.FILES)
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
            return _too_late(request, found)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The draft has what was in the file. Read it through before you send it."))
            for note in converted.notes:
                messages.info(request, note)
            return redirect("documents:draft", number)
    return _draft_page(request, found, user, upload_form=form)


# Approving


@require_GET
def approval(request: HttpRequest, number: str) -> HttpResponse:
    """Does this come into force? What is new beside what applies now."""
    from documents.comparison import compare

    user = visitor(request)
    document = visible_document(user, number)
    found = _open_version(user, document)
    if found.state != State.APPROVAL:
        return redirect("documents:draft", number)
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
            "changes": compare(current.body, found.body) if current and current.body and found.body else "",
            "shown": shown(found.body),
            "to_approve": to_approve,
            "may_not": found.approver if found.approver and not access.may_approve(found, found.approver) else None,
            "steps": steps,
            "note_form": forms.NoteForm(version=found, note_label=LIFECYCLE["want_changes"].note_label),
        },
    )


# What the municipality decides


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """When owners are reminded of reviews."""
    user = visitor(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    rules = actions.review_rules_of(user.municipality_id)
    form = forms.ReviewRulesForm(request.POST if request.method == "POST" else None, instance=rules)
    if request.method == "POST" and form.is_valid():
        actions.set_review_rules(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:settings")
    return render(request, "documents/settings.html", {"form": form})


# Steps: one address each, the same way through for all


@dataclass(frozen=True)
class StepPage:
    form: type[forms.StepForm]
    verb: Any
    done: Any  # what is said afterwards
    lead: Any = ""


STEPS: dict[str, StepPage] = {
    "send": StepPage(
        forms.SendForm, actions.send, gettext_lazy("Sent. Whoever approves it gets a message."),
        gettext_lazy("Nothing applies until another has approved it."),
    ),
    "take_back": StepPage(forms.StepForm, actions.take_back, gettext_lazy("It is a draft again.")),
    "approve": StepPage(forms.StepForm, actions.approve, gettext_lazy("Approved. It is in force from now.")),
    "want_changes": StepPage(
        forms.NoteForm, actions.want_changes, gettext_lazy("Sent back. Whoever wrote it gets a message.")
    ),
    "discard": StepPage(forms.StepForm, actions.discard, gettext_lazy("The draft is discarded.")),
    "review": StepPage(
        forms.OptionalNoteForm, actions.review_without_change, gettext_lazy("Noted. The next review is set."),
        gettext_lazy("You have read it through, and it is still right."),
    ),
    "withdraw": StepPage(
        forms.NoteForm, actions.withdraw, gettext_lazy("Withdrawn. It no longer applies."),
        gettext_lazy("Nobody finds it any more. Those who answer for it can still read it."),
    ),
}  # fmt: skip
OF_THE_ONE_IN_FORCE = ("review", "withdraw")


def _may(step: Step, version: Version, user: User) -> bool:
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
    if not _may(row, found, user):
        raise PermissionDenied
    if found.state not in row.sources:
        return _too_late(request, found)
    if request.method == "GET" and how.form is forms.StepForm:
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
                return _too_late(request, found)
            _try_again(form, refused)
        except (StepIncomplete, ValidationError) as error:
            form.add_error(None, _problem(error))
        else:
            messages.success(request, str(how.done))
            return redirect(_after(user, document))
    elif request.method == "GET" and name == "send" and found.is_empty:
        messages.warning(request, _("There is nothing to approve yet. Write the text, or upload a file."))
        return redirect("documents:draft", number)
    return render(
        request,
        "documents/step.html",
        {"form": form, "document": document, "version": found, "step": row, "lead": how.lead},
    )


def _version_for(user: User, document: Document, name: str) -> Version:
    """The version a step is about: the open one, or the one in force; the newest where that is gone."""
    rows = _versions(user, document)
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


def _after(user: User, document: Document) -> str:
    """Back to the document, or to the list when the step took it out of sight."""
    if Document.objects.visible_to(user).filter(pk=document.pk).exists():
        return document.get_absolute_url()
    return reverse("documents:list")


def _problem(error: StepIncomplete | ValidationError) -> Any:
    if isinstance(error, ValidationError):
        return error if hasattr(error, "error_dict") else ValidationError(error.messages)
    return _("Something is missing. Fill it in and try again.")


def _try_again(form: Any, refused: StepRefused) -> None:
    """Somebody else did something in between: say what, and let the next try be against that."""
    form.add_error(
        None,
        _("Somebody was here before you: %(what)s Look at it and try again if it is still right.")
        % {"what": latest_in_words(refused.row)},
    )
    form.data = form.data.copy()
    form.data["seen"] = str(refused.row.events_count)


def _too_late(request: HttpRequest, version: Version) -> HttpResponse:
    """The step isn't possible any more: say what happened instead of doing anything."""
    messages.warning(request, _("That is not possible any more: %(what)s") % {"what": latest_in_words(version)})
    return redirect(_after(visitor(request), version.document))
