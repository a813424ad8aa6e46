"""The register of laws and standards: what they ask, which documents cover it, and what a municipality adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from documents import access, actions, laws
from documents.forms.fields import GuardedText
from documents.models import LegalBasis, Requirement, SearchEntry, Source, SourceKind
from documents.views.finding import LAWS, Line, around, asked_for
from documents.views.visiting import visitor
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.forms import Fold, PageForm
from kvalitetslosen.ui.lookup import SHOWN

MOST_LISTED = 100  # documents shown under one law, besides those under what it asks
MOST_UNDER_ONE = 3  # documents shown under one requirement


def bases_for(user: User) -> QuerySet[LegalBasis]:
    """What rests on what, as far as the documents are in force and the person may read them."""
    return LegalBasis.objects.filter(document__in=SearchEntry.objects.visible_to(user).order_by().values("document"))


@dataclass
class Asked:
    """One requirement, and what covers it."""

    requirement: Requirement
    covering: list[Line] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)  # past their review
    count: int = 0  # of documents that rest on it, shown or not

    @property
    def state(self) -> str:
        if self.covering:
            return "covered"
        return "late" if self.late else "none"

    @property
    def more(self) -> int:
        return self.count - len(self.covering) - len(self.late)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Which laws do we work by, and which documents follow from each?"""
    user = visitor(request)
    counted = bases_for(user).order_by().values_list("source_id").annotate(count=Count("document", distinct=True))
    counts = dict(counted)
    rows = Source.objects.visible_to(user).in_use().order_by("position", "title", "pk")
    groups: dict[str, list[tuple[Source, int]]] = {str(kind): [] for kind in SourceKind.values}
    for row in rows:
        groups[row.kind].append((row, counts.get(row.pk, 0)))
    return render(
        request,
        "documents/laws.html",
        {
            "groups": [(SourceKind(kind).label, rows) for kind, rows in groups.items() if rows],
            **around(user, LAWS),
            "may_see_coverage": access.answers_for_quality(user),
            "may_keep": access.sees_to_finding(user),
        },
    )


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """What does it ask, and where does it say how we do it?"""
    user = visitor(request)
    found = get_object_or_404(Source.objects.visible_to(user), pk=pk)
    asked = _asked(user, Requirement.objects.filter(source=found))
    others = Q(requirement=None) | Q(requirement__is_active=False)
    rest = _lines(bases_for(user).filter(others, source=found))
    keeps = access.sees_to_finding(user)
    context = {
        "source": found,
        "asked": asked,
        "rest": rest,
        "may_keep": keeps,
        "own": keeps and not found.is_shared,
    }
    return render(request, "documents/law.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Which requirement is covered by which document, and which by none?"""
    user = visitor(request)
    if not access.answers_for_quality(user):
        raise PermissionDenied
    sets: dict[int, tuple[Source, list[Asked]]] = {}
    for each in _asked(user, Requirement.objects.filter(source__is_active=True)):
        source = each.requirement.source
        sets.setdefault(source.pk, (source, []))[1].append(each)
    roots = (Role.LEADER, Role.QUALITY_CONTACT)
    context = {
        "sets": [
            (source, rows, sum(each.state == "covered" for each in rows), len(rows)) for source, rows in sets.values()
        ],
        "sees_all": any(unit.depth == 0 for role in roots for unit in user.standing.units(role)),
    }
    return render(request, "documents/coverage.html", context)


def _asked(user: User, requirements: QuerySet[Requirement]) -> list[Asked]:
    """The requirements with the documents in force that cover them and that the person may read. Two questions."""
    mine = Q(municipality=None) | Q(municipality=user.municipality_id)
    rows = (
        requirements.filter(mine, is_active=True)
        .select_related("source")
        .order_by("source__position", "source__title", "source", "position", "place", "pk")
    )
    asked = {row.pk: Asked(row) for row in rows}
    bases = bases_for(user).filter(requirement__in=list(asked))
    late = Case(When(document__review_on__lt=timezone.localdate(), then=True), default=False)
    shown = (
        bases.annotate(
            late=late,
            shown=F("document__title"),
            place_in_list=Window(RowNumber(), partition_by=["requirement"], order_by=["late", "shown", "document"]),
            count=Window(Count("pk"), partition_by=["requirement"]),
        )
        .filter(place_in_list__lte=MOST_UNDER_ONE)
        .order_by("requirement", "place_in_list")
        .values_list("requirement_id", "shown", "document__number", "late", "count")
    )
    for requirement_id, title, number, is_late, count in shown:
        one = asked[requirement_id]
        one.count = count
        (one.late if is_late else one.covering).append(Line(number, title, number))
    return list(asked.values())


def _lines(bases: QuerySet[LegalBasis]) -> list[tuple[str, Line]]:
    """Place and document of each."""
    rows = bases.annotate(shown=F("document__title")).order_by("place", "shown", "document_id", "pk")
    return [
        (place, Line(number, title, number))
        for place, title, number in rows.values_list("place", "shown", "document__number")[:MOST_LISTED]
    ]


@require_GET
def find_place(request: HttpRequest) -> HttpResponse:
    """Laws and requirements that have the words, for those who write."""
    user = visitor(request)
    if not access.may_begin(user):
        raise PermissionDenied
    words = asked_for(request).split()[:6]
    wanted, named = Q(), Q()
    for word in words:
        either = Q(title__icontains=word) | Q(title_nn__icontains=word) | Q(short__icontains=word)
        named &= either | Q(names__icontains=word)
        of_source = Q(source__title__icontains=word) | Q(source__short__icontains=word)
        of_source |= Q(source__title_nn__icontains=word) | Q(source__names__icontains=word)
        wanted &= of_source | Q(place__icontains=word) | Q(text__icontains=word) | Q(text_nn__icontains=word)
    requirements = Requirement.objects.visible_to(user).in_use().filter(wanted, source__is_active=True)
    ordered = requirements.select_related("source").order_by("source__position", "position", "pk")
    sources = Source.objects.visible_to(user).in_use().filter(named).order_by("position", "title", "pk")
    options = [(str(each), each.label) for each in ordered[:SHOWN]] if words else []
    options += [(f"{each.plain_label} §", "") for each in sources[:SHOWN]] if words else []
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', options[: 2 * SHOWN]))


class SourceForm(PageForm, forms.Form):
    title = forms.CharField(label=gettext_lazy("What is it called?"), max_length=250)
    title_nn = forms.CharField(label=gettext_lazy("What is it called in nynorsk?"), max_length=250, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SourceKind.choices, initial=SourceKind.OWN)
    names = forms.CharField(
        label=gettext_lazy("Other names"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("With commas between, as texts call it."),
    )
    address = forms.URLField(label=gettext_lazy("Web address"), required=False, assume_scheme="https", max_length=300)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, instance: Source | None = None, **kwargs: Any) -> None:
        self.user, self.instance = user, instance
        names = ("title", "title_nn", "kind", "names", "address", "is_active")
        kwargs["initial"] = {name: getattr(instance, name) for name in names} if instance else {}
        super().__init__(*args, **kwargs)
        if instance is None:
            del self.fields["is_active"]

    def layout(self) -> Layout:
        last = ["is_active"] if self.instance else []
        return Layout("title", "kind", "address", Fold(_("More"), "title_nn", "names"), *last)

    def clean_title(self) -> str:
        title: str = " ".join(self.cleaned_data["title"].split())
        same = Source.objects.visible_to(self.user).filter(Q(title__iexact=title) | Q(short__iexact=title))
        if self.instance is not None:
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("It is in the register already."), code="there")
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance is None and "title" in cleaned:
            cleaned["short"] = laws.plain_title(cleaned["title"])[:80]
        return cleaned


class RequirementForm(PageForm, forms.Form):
    place = forms.CharField(
        label=gettext_lazy("Where in it?"),
        max_length=60,
        help_text=gettext_lazy("As § 5 nr. 2, § 25-1 c, kap. 4, art. 33 or punkt 7.5."),
    )
    text = GuardedText(label=gettext_lazy("What does it ask?"), max_length=500, rows=2)
    text_nn = GuardedText(label=gettext_lazy("In nynorsk"), max_length=500, rows=2, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, user: User, source: Source, instance: Requirement | None = None, **kwargs: Any
    ) -> None:
        self.user, self.source, self.instance = user, source, instance
        names = ("place", "text", "text_nn", "is_active")
        kwargs["initial"] = {name: getattr(instance, name) for name in names} if instance else {}
        super().__init__(*args, **kwargs)
        if instance is None:
            del self.fields["is_active"]

    def clean_place(self) -> str:
        places = list(laws.places_in(self.cleaned_data["place"]))
        if len(places) != 1:
            raise ValidationError(_("Write one place, as § 5 nr. 2, kap. 4, art. 33 or punkt 7.5."), code="place")
        same = Requirement.objects.visible_to(self.user).filter(source=self.source, place_key=laws.key_of(places[0]))
        if self.instance is not None:
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("What it asks there is in the register already."), code="there")
        return places[0]


def registrar(request: HttpRequest) -> User:
    """Who asks, if they keep the register; raises ``PermissionDenied`` otherwise."""
    user = visitor(request)
    if not access.sees_to_finding(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "POST"])
def add_source(request: HttpRequest) -> HttpResponse:
    user = registrar(request)
    form = SourceForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        added = actions.add_source(by=user, **form.cleaned_data)
        messages.success(request, _("It is in the register. Add what it asks, and documents can cover it."))
        return redirect("documents:source", added.pk)
    return render(request, "documents/law_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit_source(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the municipality's own; the shared ones are kept with the product."""
    user = registrar(request)
    found = get_object_or_404(Source.objects.owned_by(user.municipality_id), pk=pk)
    form = SourceForm(request.POST if request.method == "POST" else None, user=user, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_source(source=found, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:source", found.pk)
    return render(request, "documents/law_form.html", {"form": form, "source": found})


@require_http_methods(["GET", "POST"])
def add_requirement(request: HttpRequest, pk: int) -> HttpResponse:
    user = registrar(request)
    found = get_object_or_404(Source.objects.visible_to(user), pk=pk)
    form = RequirementForm(request.POST if request.method == "POST" else None, user=user, source=found)
    if request.method == "POST" and form.is_valid():
        actions.add_requirement(by=user, source=found, **form.cleaned_data)
        messages.success(request, _("The requirement is added."))
        return redirect("documents:source", found.pk)
    return render(request, "documents/requirement_form.html", {"form": form, "source": found})


@require_http_methods(["GET", "POST"])
def edit_requirement(request: HttpRequest, pk: int) -> HttpResponse:
    user = registrar(request)
    rows = Requirement.objects.owned_by(user.municipality_id).select_related("source")
    found = get_object_or_404(rows, pk=pk)
    form = RequirementForm(
        request.POST if request.method == "POST" else None, user=user, source=found.source, instance=found
    )
    if request.method == "POST" and form.is_valid():
        actions.change_requirement(requirement=found, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("documents:source", found.source_id)
    return render(request, "documents/requirement_form.html", {"form": form, "source": found.source})
