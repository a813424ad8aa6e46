"""The municipality's types of document, for whoever keeps its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from js_asset.media import Media

from documents import actions, links
from documents.forms.types import TypeForm
from documents.models import Document, DocumentType
from documents.views import editor
from documents.views.visiting import visitor
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import User


def keeper(request: HttpRequest) -> User:
    user = visitor(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    return user


@require_GET
def types(request: HttpRequest) -> HttpResponse:
    """Which types there are, in the order people choose among them."""
    user = keeper(request)
    rows = list(DocumentType.objects.visible_to(user).in_order())
    return render(request, "documents/types.html", {"types": rows})


@require_http_methods(["GET", "POST"])
def add_type(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    form = TypeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.add_type(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("The type is added."))
        return redirect("documents:types")
    return _page(request, user, form)


@require_http_methods(["GET", "POST"])
def edit_type(request: HttpRequest, pk: int) -> HttpResponse:
    """What a type asks for. Nothing is deleted: documents keep their type when it is taken out of use."""
    user = keeper(request)
    found = get_object_or_404(DocumentType.objects.visible_to(user), pk=pk)
    form = TypeForm(request.POST if request.method == "POST" else None, instance=found, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_type(type=DocumentType.objects.get(pk=found.pk), by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("documents:types")
    return _page(request, user, form, found)


def _page(request: HttpRequest, user: User, form: TypeForm, found: DocumentType | None = None) -> HttpResponse:
    nonce = getattr(request, "csp_nonce", None)
    context: dict[str, Any] = {
        "form": form,
        "media": Media.from_media(form.media, nonce=str(nonce)),
        "editor": editor.around(
            links.targets(user, form["template"].value() or ""),
            find=reverse("documents:find_for_type"),
            picture=reverse("documents:picture_for_type"),
        ),
    }
    if found is not None:
        context |= {"type": found, "in_use": Document.objects.filter(type=found).count()}
    return render(request, "documents/type.html", context)


@require_POST
def picture_for_type(request: HttpRequest) -> JsonResponse:
    """A picture for what drafts of a type begin with."""
    keeper(request)
    return editor.picture_for(request)


@require_GET
def find_for_type(request: HttpRequest) -> JsonResponse:
    """Documents to link to from what drafts of a type begin with."""
    return editor.found_for(request, keeper(request))


@require_POST
def move_type(request: HttpRequest, pk: int) -> HttpResponse:
    user = keeper(request)
    found = get_object_or_404(DocumentType.objects.visible_to(user), pk=pk)
    actions.move_type(type=found, by=user, up=request.POST.get("way") == "up")
    return redirect("documents:types")


@require_POST
def lay_types(request: HttpRequest) -> HttpResponse:
    """Add the shared types that are missing, and the templates of those that have none."""
    user = keeper(request)
    added = actions.lay_types(municipality=user.municipality, by=user)
    filled = actions.lay_templates(municipality=user.municipality, by=user)
    if added:
        messages.success(request, _("The standard types are added. Change them as you like."))
    if filled:
        said = ngettext(
            "%(n)s type without a template has the standard one now.",
            "%(n)s types without a template have the standard ones now.",
            len(filled),
        )
        messages.success(request, said % {"n": len(filled)})
    if not (added or filled):
        messages.info(request, _("All the standard types are there already."))
    return redirect("documents:types")
