"""The whistle-blower's own case, opened by its code: what became of it, and more to say."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import codes
from deviations.forms.coded import CodeForm
from deviations.views.reporting import TOO_MANY
from deviations.visits import Door
from deviations.whistle import actions, journal
from deviations.whistle.forms import FilesForm, ReopenForm, WriteForm
from deviations.whistle.models import WhistleCase, WhistleEntry
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.files.views import handed_out
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.limits import Limit

WRONG = Limit("wrong code of whistle-blowing", times=20, seconds=15 * 60)
SENDING = Limit("sent by code of whistle-blowing", times=60, seconds=3600)
DOOR = Door("deviations:whistle_code", cookie="losen_varsel", salt="deviations.whistle.by_code")
MINE = "deviations:my_whistle"
AGAIN = "again"  # two forms of the page ask for text

Case = Callable[..., HttpResponseBase]


@login_not_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Right, wrong and no code at all ask the database the same, and wrong is said in one way."""
    request.user = AnonymousUser()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = WhistleCase.objects.filter(code_hash=codes.hash_of(form.cleaned_data["code"])).first()
        if WRONG.is_reached(request):
            form.add_error("code", _("That was many tries in a short time. Wait a quarter of an hour, and try again."))
        elif found is None:
            WRONG.count(request)
            form.add_error("code", _("There is no case with this code. Look at what you wrote down, and try again."))
        else:
            return DOOR.let_in(redirect(MINE), found.visit)
    return render(request, "deviations/whistle/enter.html", {"form": form})


def with_code(view: Case) -> Case:
    """The case whose code was shown, or back to where it is asked for. Every page lets it last a while longer."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, **more: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        visit = DOOR.visit(request)
        case = WhistleCase.objects.select_related("municipality").opened_with(visit).first() if visit else None
        if visit is None or case is None:
            if request.method == "POST":
                messages.warning(request, _("It took a while, so nothing was sent. Write the case code once more."))
            return DOOR.out()
        return DOOR.let_in(view(request, case, **more), visit)

    return opened


@require_GET
@with_code
def mine(request: HttpRequest, case: WhistleCase) -> HttpResponse:
    return _page(request, case)


def _page(request: HttpRequest, case: WhistleCase, **forms: Form) -> HttpResponse:
    files = files_of(case)
    for each in files:
        each.door = reverse("deviations:my_whistle_files")
    context: dict[str, Any] = {
        "case": case,
        "talk": case.entries.exclude(to=WhistleEntry.To.NOTE).order_by("at", "pk"),
        "files": files,
        "told": journal.story(case, to_reporter=True),
        "write_form": WriteForm(),
        "files_form": FilesForm(),
        "reopen_form": ReopenForm(prefix=AGAIN),
    }
    return render(request, "deviations/whistle/mine.html", context | forms)


def _sending(request: HttpRequest, form: Form) -> bool:
    """Whether what was written may be sent: all is filled in, and not very much has come from there lately."""
    if not form.is_valid():
        return False
    if SENDING.is_reached(request):
        form.add_error(None, TOO_MANY)
        return False
    SENDING.count(request)
    return True


def _too_late(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("That is not possible any more. Look at what has happened below."))
    return redirect(MINE)


@require_POST
@with_code
def write(request: HttpRequest, case: WhistleCase) -> HttpResponse:
    """More to the recipients, also after it has ended: retaliation may come later."""
    form = WriteForm(request.POST)
    if not _sending(request, form):
        return _page(request, case, write_form=form)
    if not actions.write_to_recipients(case=case, text=form.cleaned_data["text"]):
        return _too_late(request)
    messages.success(request, _("Sent."))
    return redirect(MINE)


@require_http_methods(["GET", "POST"])
@with_code
def files(request: HttpRequest, case: WhistleCase) -> HttpResponse:
    if request.method == "GET":
        return redirect(MINE)
    form = FilesForm(request.POST, request.FILES)
    if case.erased_at:
        return _too_late(request)
    if not _sending(request, form):
        return _page(request, case, files_form=form)
    actions.add_files(case=case, uploads=form.cleaned_data["files"])
    messages.success(request, _("The files are added."))
    return redirect(MINE)


@require_POST
@with_code
def reopen(request: HttpRequest, case: WhistleCase) -> HttpResponse:
    form = ReopenForm(request.POST, prefix=AGAIN)
    if case.is_open:
        return _too_late(request)
    if not _sending(request, form):
        return _page(request, case, reopen_form=form)
    try:
        actions.reopen(case=case, by=None, text=form.cleaned_data["text"])
    except StepRefused:
        return _too_late(request)
    messages.success(request, _("The case is open again."))
    return redirect(MINE)


@require_GET
@with_code
def file(request: HttpRequest, case: WhistleCase, key: UUID) -> HttpResponseBase:
    return handed_out(get_object_or_404(Attachment.objects.of(case), key=key))


@require_GET
@with_code
def thumbnail(request: HttpRequest, case: WhistleCase, key: UUID) -> HttpResponseBase:
    return handed_out(get_object_or_404(Attachment.objects.of(case), key=key), small=True)


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Shut the case on this device."""
    return DOOR.out()
