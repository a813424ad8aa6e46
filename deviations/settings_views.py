"""What the administrator decides about cases (deadlines, categories), and what a leader writes as examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from deviations import settings_actions
from deviations.actions import rules_of
from deviations.forms import GuardedText
from deviations.models import Category, Example, HandlingRules
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    RulesModelForm = forms.ModelForm[HandlingRules]
    CategoryModelForm = forms.ModelForm[Category]
else:
    RulesModelForm = CategoryModelForm = forms.ModelForm


def administrator(request: HttpRequest) -> User:
    """The person, if they keep the municipality's settings."""
    user = cast("User", request.user)
    if not any(unit.depth == 0 for unit in user.standing.units(Role.ADMINISTRATOR)):
        raise PermissionDenied
    return user


class RulesForm(PageForm, RulesModelForm):
    class Meta:
        model = HandlingRules
        fields = (
            "receive_days",
            "answer_days",
            "close_days_low",
            "close_days_moderate",
            "close_days_high",
            "close_days_critical",
            "remind_days_before",
            "repeat_days",
            "escalate_days",
        )

    after = dict.fromkeys(Meta.fields, gettext_lazy("working days"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.min_value, field.max_value = 1, 250  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": 1, "max": 250}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, days in list(cleaned.items()):
            if isinstance(days, int) and not 1 <= days <= 250:
                self.add_error(name, _("Write a number of working days from 1 to 250."))
        return cleaned


class CategoryForm(PageForm, CategoryModelForm):
    class Meta:
        model = Category
        fields = ("name", "name_nn", "name_en", "parent", "topic", "code", "is_active")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mains = Category.objects.visible_to(user).filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = mains.order_by("position", "name", "pk")  # type: ignore[attr-defined]
        self.fields["parent"].label = _("Belongs under")
        self.fields["parent"].empty_label = _("Nothing: a main category")  # type: ignore[attr-defined]
        self.instance.municipality_id = user.municipality_id

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            raise forms.ValidationError(_("This category has others under it, so it stays a main category."))
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = Category.objects.filter(
            municipality=self.instance.municipality_id,
            parent=cleaned.get("parent"),
            name__iexact=cleaned.get("name", ""),
        ).exclude(pk=self.instance.pk)
        if cleaned.get("name") and same.exists():
            self.add_error("name", _("There is a category with this name here already."))
        return cleaned


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Deadlines and reminders; below them the categories."""
    user = administrator(request)
    rules = rules_of(user.municipality_id)
    form = RulesForm(request.POST if request.method == "POST" else None, instance=rules)
    if request.method == "POST" and form.is_valid():
        settings_actions.set_rules(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved. The new deadlines hold for cases reported from now on."))
        return redirect("deviations:settings")
    rows = list(Category.objects.visible_to(user).order_by("position", "name", "pk"))
    tree = [(row, [sub for sub in rows if sub.parent_id == row.pk]) for row in rows if row.parent_id is None]
    return render(request, "deviations/settings.html", {"form": form, "tree": tree})


@require_http_methods(["GET", "POST"])
def add_category(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = CategoryForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        settings_actions.add_category(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("The category is added."))
        return redirect("deviations:settings")
    return render(request, "deviations/category.html", {"form": form})


@require_POST
def add_standard(request: HttpRequest) -> HttpResponse:
    """Lay the standard categories, where there are none."""
    user = administrator(request)
    if settings_actions.add_standard_categories(municipality=user.municipality, by=user):
        messages.success(request, _("The standard categories are added. Change them as you like."))
    else:
        messages.warning(request, _("There are categories already, so nothing was added."))
    return redirect("deviations:settings")


@require_http_methods(["GET", "POST"])
def edit_category(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or take out of use. Nothing is deleted: old cases keep their category."""
    user = administrator(request)
    category = get_object_or_404(Category.objects.visible_to(user), pk=pk)
    form = CategoryForm(request.POST if request.method == "POST" else None, instance=category, user=user)
    if request.method == "POST" and form.is_valid():
        stored = Category.objects.get(pk=category.pk)
        settings_actions.change_category(category=stored, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("deviations:settings")
    return render(request, "deviations/category.html", {"form": form, "category": category})


class ExampleForm(PageForm, forms.Form):
    unit = forms.ChoiceField(label=gettext_lazy("For which unit?"))
    text = GuardedText(
        label=gettext_lazy("Example"),
        max_length=300,
        rows=2,
        help_text=gettext_lazy("Make it up: what should be reported here? No real people or events."),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def examples(request: HttpRequest) -> HttpResponse:
    """What counts as a deviation here: shown beside the form to those who work in the unit."""
    user = cast("User", request.user)
    own = [*user.standing.units(Role.LEADER), *user.standing.units(Role.QUALITY_CONTACT)]
    if not own:
        raise PermissionDenied
    units = list(Unit.objects.in_any_subtree(tuple(own)).active().order_by("depth", "name", "pk")[:200])
    form = ExampleForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        unit = form.units[form.cleaned_data["unit"]]
        settings_actions.add_example(unit=unit, text=form.cleaned_data["text"], by=user)
        messages.success(request, _("The example is added."))
        return redirect("deviations:examples")
    rows = (
        Example.objects.visible_to(user)
        .filter(is_active=True)
        .filter(user.standing.over(Role.LEADER) | user.standing.over(Role.QUALITY_CONTACT))
        .select_related("unit")
        .order_by("unit__depth", "unit__name", "position", "pk")[:200]
    )
    return render(request, "deviations/examples.html", {"form": form, "rows": rows})


@require_POST
def remove_example(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast("User", request.user)
    example = get_object_or_404(Example.objects.visible_to(user).filter(is_active=True), pk=pk)
    if not (user.standing.reaches(Role.LEADER, example) or user.standing.reaches(Role.QUALITY_CONTACT, example)):
        raise PermissionDenied
    settings_actions.remove_example(example=example, by=user)
    messages.success(request, _("The example is removed."))
    return redirect("deviations:examples")
