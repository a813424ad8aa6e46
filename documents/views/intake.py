"""Taking in many files: choose them, see them read, put right what was guessed, take in the chosen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import access
from documents.actions import intake as actions
from documents.actions.taking_in import may_renew
from documents.forms.intake import CorrectForm, IntakeForm, ManyForm, TakeInForm
from documents.html import furnished, shown
from documents.intake.archive import MAX_ARCHIVE
from documents.lifecycle import State as VersionState
from documents.models import Intake, IntakeFile, IntakeFileQuerySet, Version
from documents.views.visiting import visitor
from kvalitetslosen.files.uploads import SwallowRest
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import in_words

SHOWN = 25
KEPT = 20  # imports on the list
_STATES = IntakeFile.State
_CLOSED = {
    "tatt-inn": (_STATES.TAKEN,),
    "uendret": (_STATES.SAME,),
    "kan-ikke": (_STATES.REFUSED,),
    "utelatt": (_STATES.SKIPPED,),
}


class SwallowRestOfArchive(SwallowRest):
    limit = MAX_ARCHIVE


def _writer(request: HttpRequest) -> User:
    user = visitor(request)
    if not access.may_begin(user):
        raise PermissionDenied
    return user


def _intake_of(user: User, key: uuid.UUID) -> Intake:
    return get_object_or_404(Intake.objects.visible_to(user).select_related("owner", "municipality"), key=key)


@csrf_exempt
def intakes(request: HttpRequest) -> HttpResponse:
    """What may be larger than other forms take is received otherwise: that must be said before the body is read.

    The token is checked all the same, in ``_intakes``.
    """
    if request.method == "POST":
        _writer(request)
        request.upload_handlers = [SwallowRestOfArchive(request), TemporaryFileUploadHandler(request)]
    return _intakes(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _intakes(request: HttpRequest) -> HttpResponse:
    """Choose the files; and what one has brought before."""
    user = _writer(request)
    form = IntakeForm(request.POST, request.FILES) if request.method == "POST" else IntakeForm()
    if request.method == "POST" and form.is_valid():
        name, file, listed = form.cleaned_data["uploads"]
        return redirect(actions.begin(by=user, name=name, file=file, listed=listed))
    before = Intake.objects.visible_to(user).annotate(
        count=Count("files"), taken=Count("files", filter=Q(files__state=_STATES.TAKEN))
    )
    return render(
        request,
        "documents/intakes.html",
        {
            "form": form,
            "intakes": before.order_by("-created_at", "-pk")[:KEPT],
            "may_at_once": access.answers_for_municipality(user),
            "days": Intake.LIFE.days,
        },
    )


@dataclass(frozen=True)
class Progress:
    """How far the worker has come."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def _counts(intake: Intake) -> dict[str, int]:
    rows = intake.files.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(_STATES.values, 0) | dict(rows)


def _progress(intake: Intake, counts: dict[str, int]) -> Progress:
    total = sum(counts.values())
    if intake.stage == Intake.Stage.READING:
        return Progress(total - counts[_STATES.WAITING], total)
    settled = counts[_STATES.TAKEN] + counts[_STATES.SAME] + counts[_STATES.FAILED]
    return Progress(settled, settled + counts[_STATES.QUEUED])


@require_GET
def intake(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far is it, what seems each file to be, and what is left to do?"""
    user = _writer(request)
    found = _intake_of(user, key)
    return _page(request, found, user)


def _page(
    request: HttpRequest, intake: Intake, user: User, *, many: Any = None, take: Any = None, chosen: Any = ()
) -> HttpResponse:
    counts = _counts(intake)
    working = intake.stage in (Intake.Stage.READING, Intake.Stage.TAKING)
    which = request.GET.get("vis", "")
    folder = request.GET.get("mappe", "")
    rows = _shown(intake, which, folder)
    page = request.GET.get("side", "")
    offset = SHOWN * min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    lines = list(
        rows.without_text()
        .select_related("unit", "owner", "type", "match", "version__document")
        .order_by("path", "pk")[offset : offset + SHOWN + 1]
    )
    for line in lines:
        line.intake = intake
    readable = counts[_STATES.READ] + counts[_STATES.FAILED]
    chosen_count = intake.files.chosen().count() if not working else 0
    return render(
        request,
        "documents/intake.html",
        {
            "intake": intake,
            "working": working,
            "progress": _progress(intake, counts),
            "counts": counts,
            "readable": readable,
            "chosen_count": chosen_count,
            "tabs": _tabs(intake, counts, which),
            "which": which,
            "folder": folder,
            "folders": _folders(intake) if not working else [],
            "lines": lines[:SHOWN],
            "total": rows.count(),
            "chosen": set(chosen),
            "query": request.GET.urlencode(),
            "earlier": _turned(request, offset // SHOWN - 1) if offset else None,
            "later": _turned(request, offset // SHOWN + 1) if len(lines) > SHOWN else None,
            "is_open": which not in _CLOSED,
            "many": many or ManyForm(user=user),
            "take": take or TakeInForm(user=user),
            "may_at_once": access.answers_for_municipality(user),
        },
    )


def _shown(intake: Intake, which: str, folder: str) -> IntakeFileQuerySet:
    rows: IntakeFileQuerySet = intake.files.all()
    if which in _CLOSED:
        rows = rows.filter(state__in=_CLOSED[which])
    elif intake.stage == Intake.Stage.CHECKING:
        rows = rows.readable()
    if folder:
        rows = rows.filter(path__startswith=f"{folder}/")
    return rows


def _tabs(intake: Intake, counts: dict[str, int], which: str) -> list[tuple[str, str, bool, int]]:
    here = intake.get_absolute_url()
    first = counts[_STATES.READ] + counts[_STATES.FAILED]
    words = {
        "tatt-inn": _("Taken in"),
        "uendret": _("Here already"),
        "kan-ikke": _("Can't be taken in"),
        "utelatt": _("Left out"),
    }
    tabs = [(_("To look through"), here, which not in _CLOSED, first)] if intake.stage == Intake.Stage.CHECKING else []
    if intake.stage == Intake.Stage.DONE:
        tabs = [(_("All"), here, which not in _CLOSED, sum(counts.values()))]
    for name, states in _CLOSED.items():
        if count := sum(counts[state] for state in states):
            tabs.append((words[name], f"{here}?vis={name}", which == name, count))
    return tabs


def _folders(intake: Intake) -> list[str]:
    """The folders files lie in, and those above: to work with one at a time."""
    found: set[str] = set()
    for path in intake.files.order_by().values_list("path", flat=True):
        parts = path.split("/")[:-1]
        found.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return sorted(found, key=str.casefold)[:200]


def _turned(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["side"] = str(number)
    return f"?{query.urlencode()}"


@require_GET
def progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that says how far it is; tells the page to come again when it is through."""
    found = _intake_of(_writer(request), key)
    if found.stage not in (Intake.Stage.READING, Intake.Stage.TAKING):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    context = {"intake": found, "progress": _progress(found, _counts(found))}
    return render(request, "documents/intake_progress.html", context)


def _chosen(request: HttpRequest, intake: Intake) -> IntakeFileQuerySet:
    """The files ticked on the page, or all that the filter shows."""
    if "all" in request.POST:
        return _shown(intake, request.GET.get("vis", ""), request.GET.get("mappe", "")).readable()
    ticked = [int(each) for each in request.POST.getlist("file") if each.isdecimal() and len(each) < 18]
    return intake.files.readable().filter(pk__in=ticked)


def _back(request: HttpRequest, intake: Intake) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{intake.get_absolute_url()}{f'?{query}' if query else ''}")


@require_POST
def many(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The same unit, type, owner or reach for many."""
    user = _writer(request)
    found = _intake_of(user, key)
    form = ManyForm(request.POST, user=user)
    rows = _chosen(request, found)
    if not form.is_valid():
        return _page(request, found, user, many=form, chosen=rows.values_list("pk", flat=True))
    if not rows.exists():
        messages.warning(request, _("Tick the files it is about first."))
    elif not form.what():
        messages.warning(request, _("Say what they are to have in common first."))
        return _page(request, found, user, many=form, chosen=rows.values_list("pk", flat=True))
    elif found.stage == Intake.Stage.CHECKING:
        count = actions.correct_many(rows=rows, by=user, **form.what())
        said = ngettext("Set for one file.", "Set for %(count)s files.", count)
        messages.success(request, said % {"count": in_words(count)})
    return _back(request, found)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """What is this one?"""
    from documents.comparison import compare

    user = _writer(request)
    found = _intake_of(user, key)
    rows = found.files.select_related("unit__parent", "owner", "type", "match__unit", "version__document")
    row = get_object_or_404(rows, pk=pk)
    row.intake = found
    correctable = row.is_open and found.stage == Intake.Stage.CHECKING
    form = CorrectForm(request.POST if request.method == "POST" else None, user=user, row=row)
    if request.method == "POST":
        if not correctable:
            messages.warning(request, _("That is not possible any more."))
            return redirect(found)
        if form.is_valid():
            actions.correct(row=row, by=user, **form.cleaned_data)
            following = _following(found, row)
            if "next" in request.POST and following is not None:
                messages.success(request, _("Saved. Here is the next one."))
                return redirect("documents:intake_file", found.key, following)
            messages.success(request, _("Saved."))
            return redirect(found)
    current = _current(row, user)
    return render(
        request,
        "documents/intake_file.html",
        {
            "intake": found,
            "row": row,
            "form": form if correctable else None,
            "may_renew": row.match is not None and may_renew(row.match, user),
            "current": current,
            "changes": furnished(compare(current.body, row.body)) if current and current.body and row.body else "",
            "shown": shown(row.body),
            "following": _following(found, row),
        },
    )


def _current(row: IntakeFile, user: User) -> Version | None:
    """What applies of the document it is a new version of, if the person may read that."""
    if row.match is None or not row.is_open:
        return None
    rows = Version.objects.visible_to(user).filter(document=row.match, state=VersionState.IN_FORCE)
    return rows.select_related("document").first()


def _following(intake: Intake, row: IntakeFile) -> int | None:
    rows = intake.files.readable().filter(Q(path__gt=row.path) | Q(path=row.path, pk__gt=row.pk))
    return rows.order_by("path", "pk").values_list("pk", flat=True).first()


@require_POST
def take_in(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Let the worker make documents of the chosen files."""
    user = _writer(request)
    found = _intake_of(user, key)
    form = TakeInForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, found, user, take=form)
    if not actions.take_in_chosen(intake=found, by=user, in_force=form.at_once):
        messages.warning(request, _("There was nothing to take in."))
    return redirect(found)


@require_POST
def finish(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Leave out the rest."""
    found = _intake_of(_writer(request), key)
    if found.stage == Intake.Stage.CHECKING:
        actions.finish(intake=found)
        messages.success(request, _("The import is finished, and the files are deleted."))
    return redirect(found)


@require_POST
def give_up(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Forget the import. What was taken in stays."""
    found = _intake_of(_writer(request), key)
    actions.give_up(intake=found)
    messages.success(request, _("The import is deleted. Documents that were taken in are still there."))
    return redirect(reverse("documents:intakes"))
