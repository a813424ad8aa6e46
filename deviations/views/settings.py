"""What the administrator decides about cases (deadlines, categories), and what a leader writes as examples."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from deviations import settings_actions
from deviations.actions import duty_settings_of, rules_of, set_duty_settings
from deviations.categories import STANDARD
from deviations.forms.categories import BaseForm, CategoryForm, MapForm, label_of
from deviations.forms.duties import DutySettingsForm
from deviations.forms.settings import ExampleForm, RulesForm
from deviations.models import ASKED, Category, Example
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.dates import in_words


def administrator(request: HttpRequest) -> User:
    """The person, if they keep the municipality's settings."""
    user = cast("User", request.user)
    if not any(unit.depth == 0 for unit in user.standing.units(Role.ADMINISTRATOR)):
        raise PermissionDenied
    return user


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
    more = sum(len(each.subs) + (not each.has_main) for each in settings_actions.not_taken(user.municipality_id))
    return render(request, "deviations/settings.html", {"form": form, "tree": tree, "in_base": more})


@require_http_methods(["GET", "POST"])
def add_category(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = CategoryForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "place"}
        settings_actions.add_category(municipality_id=user.municipality_id, by=user, **fields)
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
        stored, fields = stored_as(category), dict(form.cleaned_data)
        settings_actions.change_category(category=stored, by=user, after=fields.pop("place", None), **fields)
        messages.success(request, _("Saved."))
        return redirect("deviations:settings")
    return render(
        request,
        "deviations/category.html",
        {
            "form": form,
            "category": stored_as(category),
            "asked": ASKED(set=category.asks_id) if category.asks_id else [],
            "inherited": category.asks_id is None and category.asked_set is not None,
            "in_base": base_name(category.base),
        },
    )


def stored_as(category: Category) -> Category:
    """As it is stored: a form that is refused leaves what was written on its own row."""
    return Category.objects.get(pk=category.pk)


def base_name(key: str) -> str:
    """What the category is called in the shared base."""
    for main in STANDARD:
        for names in (main.names, *main.subs):
            if key and names.base == key:
                return label_of(names)
    return ""


@require_http_methods(["GET", "POST"])
def take_from_base(request: HttpRequest) -> HttpResponse:
    """What the shared base has and the municipality hasn't: chosen and taken in."""
    user = administrator(request)
    offered = settings_actions.not_taken(user.municipality_id)
    form = BaseForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and offered and form.is_valid():
        chosen = form.cleaned_data["chosen"]
        n = settings_actions.take_from_base(municipality=user.municipality, keys=chosen, by=user)
        said = ngettext("%(n)s category is added.", "%(n)s categories are added.", n)
        messages.success(request, capfirst(said % {"n": in_words(n)}))
        return redirect("deviations:settings")
    return render(request, "deviations/base.html", {"form": form, "offered": offered})


@require_http_methods(["GET", "POST"])
def national(request: HttpRequest) -> HttpResponse:
    """What each category counts as for the country."""
    user = administrator(request)
    rows = list(Category.objects.visible_to(user).select_related("parent").order_by("position", "name", "pk"))
    ordered = [each for main in rows if main.parent_id is None for each in (main, *below(main, rows))]
    form = MapForm(request.POST if request.method == "POST" else None, rows=ordered)
    if request.method == "POST" and form.is_valid():
        settings_actions.map_categories(counted=form.counted, by=user)
        messages.success(request, _("Saved."))
        return redirect("deviations:national_map")
    return render(request, "deviations/national_map.html", {"form": form})


def below(main: Category, rows: list[Category]) -> list[Category]:
    return [each for each in rows if each.parent_id == main.pk]


@require_http_methods(["GET", "POST"])
def duty_settings(request: HttpRequest) -> HttpResponse:
    """Who inside is told of what, and from when a rule that is to come holds."""
    user = administrator(request)
    kept = duty_settings_of(user.municipality_id)
    form = DutySettingsForm(request.POST if request.method == "POST" else None, instance=kept, user=user)
    if request.method == "POST" and form.is_valid():
        set_duty_settings(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("deviations:duty_settings")
    return render(request, "deviations/duties/settings.html", {"form": form})


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
