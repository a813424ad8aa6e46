"""What documents are about: the subjects a municipality keeps, and where a document is put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents import access, actions
from documents.forms.placing import PlacingForm
from documents.models import Subject
from documents.views.searching import keeper
from documents.views.visiting import visible_document, visitor
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    SubjectModelForm = forms.ModelForm[Subject]
else:
    SubjectModelForm = forms.ModelForm


class SubjectForm(PageForm, SubjectModelForm):
    class Meta:
        model = Subject
        fields = ("name", "name_nn", "name_en", "parent", "position", "is_active")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mains = Subject.objects.visible_to(user).filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = mains.in_order()  # type: ignore[attr-defined]
        self.fields["parent"].label = _("Belongs under")
        self.fields["parent"].empty_label = _("Nothing: a main subject")  # type: ignore[attr-defined]
        self.fields["position"].label = _("Place in the list")
        self.fields["position"].required = False
        self.instance.municipality_id = user.municipality_id

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_parent(self) -> Subject | None:
        parent: Subject | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            raise forms.ValidationError(_("This subject has others under it, so it stays a main subject."))
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = Subject.objects.filter(
            municipality=self.instance.municipality_id,
            parent=cleaned.get("parent"),
            name__iexact=cleaned.get("name", ""),
        ).exclude(pk=self.instance.pk)
        if cleaned.get("name") and same.exists():
            self.add_error("name", _("There is a subject with this name here already."))
        return cleaned


@require_http_methods(["GET"])
def settings(request: HttpRequest) -> HttpResponse:
    """The subjects, as a tree of two levels."""
    user = keeper(request)
    rows = list(Subject.objects.visible_to(user).in_order())
    tree = [(row, [sub for sub in rows if sub.parent_id == row.pk]) for row in rows if row.parent_id is None]
    return render(request, "documents/subjects.html", {"tree": tree})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    form = SubjectForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.add_subject(by=user, **form.cleaned_data)
        messages.success(request, _("The subject is added."))
        return redirect("documents:subjects")
    return render(request, "documents/subject.html", {"form": form})


@require_POST
def add_standard(request: HttpRequest) -> HttpResponse:
    """Lay the ready subjects, where there are none."""
    user = keeper(request)
    actions.lay_subjects(municipality=user.municipality, by=user)
    messages.success(request, _("The subjects are added. Change them as you like."))
    return redirect("documents:subjects")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or take out of use. Nothing is deleted: documents keep their subject."""
    user = keeper(request)
    subject = get_object_or_404(Subject.objects.visible_to(user), pk=pk)
    form = SubjectForm(request.POST if request.method == "POST" else None, instance=subject, user=user)
    if request.method == "POST" and form.is_valid():
        stored = Subject.objects.get(pk=subject.pk)
        actions.change_subject(subject=stored, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:subjects")
    return render(request, "documents/subject.html", {"form": form, "subject": subject})


@require_http_methods(["GET", "POST"])
def placing(request: HttpRequest, number: str) -> HttpResponse:
    """Which laws does the document rest on, and what is it about?"""
    user = visitor(request)
    document = visible_document(user, number)
    if not access.may_place(access.parts_in(document, user)):
        raise PermissionDenied
    form = PlacingForm(request.POST if request.method == "POST" else None, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            actions.set_legal_bases(document=document, by=user, places=form.places)
            actions.set_subjects(document=document, by=user, subjects=form.chosen_subjects)
        messages.success(request, _("Saved."))
        return redirect(document)
    return render(request, "documents/placing.html", {"form": form, "document": document})
