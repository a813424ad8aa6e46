"""What helps a search: titles as one writes, words that mean the same, and what was asked for in vain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import access, actions, search
from documents.models import DocumentType, Synonyms
from documents.views.finding import Line
from documents.views.visiting import visitor
from documents.words import asked_for
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm

MOST_LISTED = 100
MOST_SETS = 500


@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """Documents whose title begins with what is written so far: a part of the page with the field."""
    user = visitor(request)
    found = search.suggest(user, request.GET.get("q", "")[:200])
    labels = {each.pk: each.label for each in DocumentType.objects.visible_to(user).in_order()} if found else {}
    lines = [Line(number, title, f"{labels.get(type_id, '')} {number}") for number, title, type_id in found]
    return render(request, "documents/suggestions.html", {"lines": lines})


def seeker(request: HttpRequest) -> User:
    """Who asks, if they see to it that people find; raises ``PermissionDenied`` otherwise."""
    user = visitor(request)
    if not access.sees_to_finding(user):
        raise PermissionDenied
    return user


@require_GET
def missed(request: HttpRequest) -> HttpResponse:
    """What do people ask for that isn't there?"""
    user = seeker(request)
    rows = list(actions.missed(user.municipality_id)[:MOST_LISTED])
    context = {"rows": rows, "may_keep": keeps_municipality(user), "may_begin": access.may_begin(user)}
    return render(request, "documents/missed.html", context)


@require_POST
def handled(request: HttpRequest) -> HttpResponse:
    """Take something off the list."""
    user = seeker(request)
    if actions.handle_missed(municipality_id=user.municipality_id, stems=request.POST.get("stems", "")[:120]):
        messages.success(request, _("It is off the list."))
    return redirect("documents:missed")


class SynonymsForm(PageForm, forms.Form):
    words = identity_numbers.GuardedCharField(
        label=gettext_lazy("Words that mean the same"),
        max_length=300,
        help_text=gettext_lazy("With commas between, as “legemiddel, medisin, tabletter”. Phrases may be used too."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def clean_words(self) -> str:
        phrases = [" ".join(each.split()) for each in self.cleaned_data["words"].split(",")]
        phrases = list(dict.fromkeys(each for each in phrases if asked_for(each)))
        if len(phrases) < 2:
            raise ValidationError(_("Write at least two words, with a comma between."))
        return ", ".join(phrases)


def keeper(request: HttpRequest) -> User:
    """Who asks, if they keep the municipality's settings; raises ``PermissionDenied`` otherwise."""
    user = visitor(request)
    if not keeps_municipality(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "POST"])
def synonyms(request: HttpRequest) -> HttpResponse:
    """The words that mean the same, and a form for more."""
    user = keeper(request)
    given = {"words": request.GET.get("ord", "")[:100]}
    form = SynonymsForm(request.POST if request.method == "POST" else None, initial=given)
    del form.fields["is_active"]
    if request.method == "POST" and form.is_valid():
        actions.add_synonyms(by=user, words=form.cleaned_data["words"])
        messages.success(request, _("Saved. Whoever asks for one of them finds the others too."))
        return redirect("documents:synonyms")
    rows = Synonyms.objects.visible_to(user).order_by("-is_active", "words", "pk")[:MOST_SETS]
    return render(request, "documents/synonyms.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
def edit_synonyms(request: HttpRequest, pk: int) -> HttpResponse:
    user = keeper(request)
    row = get_object_or_404(Synonyms.objects.visible_to(user), pk=pk)
    given: dict[str, Any] = {"words": row.words, "is_active": row.is_active}
    form = SynonymsForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        actions.change_synonyms(synonyms=row, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:synonyms")
    return render(request, "documents/synonyms.html", {"form": form, "row": row})
