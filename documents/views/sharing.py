"""What other municipalities share with ours, what we share with them, and following an origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from documents import access
from documents.actions import sharing as actions
from documents.forms.sharing import KeepForm, OriginForm, ShareForm
from documents.forms.writing import AdoptForm
from documents.html import furnished, shown
from documents.lifecycle import ADOPTION, AdoptionState
from documents.models import Adoption, Document, Share, Version
from documents.views.finding import SHARED, around, page_address
from documents.views.reading import pdf
from documents.views.visiting import visible_document, visitor
from kvalitetslosen.files.models import files_of
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.networks.access import decides
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Unit, User

SHOWN = 25

DONE: dict[str, Any] = {
    "keep": gettext_lazy("Noted. You hear the next time the origin changes."),
    "let_go": gettext_lazy("It goes its own way now. You hear no more of the origin."),
    "follow_again": gettext_lazy("It follows the origin again."),
}


def writer(request: HttpRequest) -> User:
    """Who asks, if they may begin documents: what others share applies to nobody here before it is adopted."""
    user = visitor(request)
    if not access.may_begin(user):
        raise PermissionDenied
    return user


# From the others


@dataclass(frozen=True)
class Line:
    pk: int
    title: str
    municipality: str
    adopted_as: str  # the number of our own, empty where nobody has adopted it


@require_GET
def shared_list(request: HttpRequest) -> HttpResponse:
    """What have the others written that we could use?"""
    user = writer(request)
    text = request.GET.get("q", "").strip()[:200]
    page = request.GET.get("side", "")
    number = min(int(page), 400) if page.isdecimal() and len(page) < 5 else 0
    rows = Document.objects.filter(pk__in=Share.objects.visible_to(user).values("document"))
    if text:
        rows = rows.filter(title__icontains=text)
    found = list(
        rows.order_by("title", "pk").values_list("pk", "title", "level_0")[SHOWN * number : SHOWN * number + SHOWN + 1]
    )
    names = dict(Unit.objects.filter(pk__in={place for _pk, _title, place in found}).values_list("pk", "name"))
    ours = dict(
        Adoption.objects.filter(origin__in=[pk for pk, _title, _place in found])
        .filter(document__level_0=user.municipality_id)
        .values_list("origin", "document__number")
    )
    return render(
        request,
        "documents/shared_list.html",
        {
            "lines": [
                Line(pk, title, names.get(place or 0, ""), ours.get(pk, "")) for pk, title, place in found[:SHOWN]
            ],
            "text": text,
            **around(user, SHARED),
            "earlier": page_address(request, number - 1) if number else None,
            "later": page_address(request, number + 1) if len(found) > SHOWN else None,
            "has_network": bool(text or found) or Network.objects.of(user.municipality_id).exists(),
            "decides": decides(user),
        },
    )


def _shared_version(user: User, pk: int) -> Version:
    """The version in force of a document another municipality shares with the person's; 404 otherwise."""
    document = get_object_or_404(
        Document.objects.filter(pk__in=Share.objects.visible_to(user).values("document")), pk=pk
    )
    return get_object_or_404(Version.objects.in_force().select_related("document"), document=document)


def _adopted(user: User, document: Document) -> Adoption | None:
    rows = Adoption.objects.filter(origin=document, document__level_0=user.municipality_id)
    return rows.select_related("document").first()


@require_GET
def shared(request: HttpRequest, pk: int) -> HttpResponse:
    """What does it say, and can we use it?"""
    user = writer(request)
    version = _shared_version(user, pk)
    return render(
        request,
        "documents/shared.html",
        {
            "document": version.document,
            "version": version,
            "municipality": access.municipality_of(version.document),
            "shown": shown(version.body) if version.body else None,
            "attachments": [each.name for each in files_of(version)],
            "adopted": _adopted(user, version.document),
        },
    )


@require_safe
def shared_file(request: HttpRequest, pk: int) -> FileResponse:
    return pdf(_shared_version(writer(request), pk))


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom is it, here?"""
    user = writer(request)
    version = _shared_version(user, pk)
    if found := _adopted(user, version.document):
        messages.info(request, _("It is adopted already, as %(number)s.") % {"number": found.document.number})
        return redirect("documents:shared", pk)
    form = AdoptForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.adopt(origin=version, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The draft begins as theirs. Make it fit, and send it to approval."))
            return redirect("documents:draft", draft.document.number)
    municipality = access.municipality_of(version.document)
    return render(request, "documents/adopt.html", {"form": form, "version": version, "municipality": municipality})


# To the others


@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, number: str) -> HttpResponse:
    """Who outside the municipality may use it?"""
    user = visitor(request)
    document = visible_document(user, number)
    if not access.may_share(access.parts_in(document, user)):
        raise PermissionDenied
    form = ShareForm(request.POST if request.method == "POST" else None, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            actions.share(document=document, network=form.cleaned_data["network"], by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Shared. The others find it under “Shared” in their handbook."))
            return redirect("documents:sharing", number)
    adopters = Adoption.objects.filter(origin=document).values("document__level_0")
    return render(
        request,
        "documents/sharing.html",
        {
            "document": document,
            "form": form,
            "shares": Share.objects.filter(document=document, ended_at=None)
            .select_related("network")
            .order_by("network__name", "pk"),
            "adopters": Unit.objects.filter(pk__in=adopters).order_by("name", "pk").values_list("name", flat=True),
            "in_force": Version.objects.in_force().filter(document=document).exists(),
            "has_network": Network.objects.of(user.municipality_id).exists(),
            "decides": decides(user),
        },
    )


@require_POST
def end_share(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = visitor(request)
    document = visible_document(user, number)
    if not access.may_share(access.parts_in(document, user)):
        raise PermissionDenied
    actions.end_share(share=get_object_or_404(Share, document=document, pk=pk), by=user)
    messages.success(request, _("The others see it no longer. What they have adopted is theirs."))
    return redirect("documents:sharing", number)


# Following an origin


def _adoption(user: User, number: str) -> Adoption:
    """The adoption of a document, for those who answer for it; 403 for its other readers, 404 for strangers."""
    document = visible_document(user, number)
    if not access.may_read_old(access.parts_in(document, user)):
        raise PermissionDenied
    rows: QuerySet[Any] = Adoption.objects.with_newest().select_related("follows", "origin")
    found: Adoption = get_object_or_404(rows, document=document)
    found.document = document
    return found


def _newest(found: Adoption) -> Version | None:
    """The origin's version in force, where it is still shared with us."""
    pk: int | None = getattr(found, "newest_id", None)
    return Version.objects.select_related("document").get(pk=pk) if pk else None


@require_GET
def adoption(request: HttpRequest, number: str) -> HttpResponse:
    """What has the origin changed, and shall we?"""
    user = visitor(request)
    return _adoption_page(request, user, _adoption(user, number))


def _adoption_page(request: HttpRequest, user: User, found: Adoption, form: KeepForm | None = None) -> HttpResponse:
    from documents.comparison import compare

    newest = _newest(found)
    behind = newest is not None and newest.pk != found.follows_id and found.state == AdoptionState.FOLLOWING
    parts = access.parts_in(found.document, user)
    hidden = behind and newest is not None and _is_hidden(found.follows, newest)
    comparable = behind and not hidden and newest is not None and newest.body and found.follows.body
    return render(
        request,
        "documents/adoption.html",
        {
            "document": found.document,
            "adoption": found,
            "municipality": access.municipality_of(found.origin),
            "newest": newest,
            "behind": behind,
            "hidden": hidden,
            "changes": furnished(compare(found.follows.body, newest.body)) if comparable and newest else "",
            "may": bool(ADOPTION["keep"].parts & parts),
            "form": form or KeepForm(adoption=found, newest=newest.pk if newest else None),
            "has_draft": Version.objects.open().filter(document=found.document).exists(),
        },
    )


def _is_hidden(follows: Version, newest: Version) -> bool:
    """Whether a writer of the origin has said, since then, that nobody should see what stood there."""
    since = Version.objects.once_in_force().filter(document=newest.document_id, hides_old=True)
    return since.filter(in_force_from__gt=follows.in_force_from, in_force_from__lte=newest.in_force_from).exists()


@require_POST
def adoption_step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take in what the origin changed, keep ours, or stop following."""
    user = visitor(request)
    found = _adoption(user, number)
    step = ADOPTION.find(name, found.state) or next((each for each in ADOPTION if each.name == name), None)
    if step is None:
        raise Http404
    if not step.parts & access.parts_in(found.document, user):
        raise PermissionDenied
    newest = _newest(found)
    form_class = KeepForm if name == "keep" else OriginForm
    form = form_class(request.POST, adoption=found, newest=newest.pk if newest else None)
    if not form.is_valid():
        return _adoption_page(request, user, found, form if isinstance(form, KeepForm) else None)
    if name in ("keep", "take_in") and (newest is None or newest.pk != form.cleaned_data["newest"]):
        messages.warning(request, _("The origin has changed once more. Look at it again."))
        return redirect(found)
    seen = form.cleaned_data["seen"]
    try:
        if name == "take_in":
            assert newest is not None
            return _taken_in(request, found, actions.take_in(adoption=found, newest=newest, by=user, seen=seen))
        if name == "keep":
            assert newest is not None
            actions.keep(adoption=found, newest=newest, by=user, note=form.cleaned_data["note"], seen=seen)
        elif name == "let_go":
            actions.let_go(adoption=found, by=user, seen=seen)
        else:
            actions.follow_again(adoption=found, by=user, seen=seen)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except StepRefused:
        messages.warning(request, _("Somebody was here before you. Look at it again."))
    else:
        messages.success(request, str(DONE[name]))
    return redirect(found)


def _taken_in(request: HttpRequest, found: Adoption, merged: Any) -> HttpResponse:
    """To the draft, told what was taken in and what one must look at."""
    if merged is None:
        messages.info(request, _("A file can’t be mixed with another. Put in the new one, or write what is changed."))
    else:
        messages.success(
            request,
            ngettext(
                "One change is taken into the draft. Read it through before you send it.",
                "%(count)s changes are taken into the draft. Read it through before you send it.",
                merged.taken,
            )
            % {"count": merged.taken},
        )
        if merged.left:
            messages.warning(
                request,
                ngettext(
                    "One place you had changed yourselves stands as yours. Compare it with the origin.",
                    "%(count)s places you had changed yourselves stand as yours. Compare them with the origin.",
                    merged.left,
                )
                % {"count": merged.left},
            )
    return redirect(reverse("documents:draft", args=[found.document.number]))
