"""Whom to ask to read a document, and by when."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents import readers
from documents.forms.fields import GuardedText, people_like
from documents.models import DAYS_TO_READ, Document, SearchEntry
from kvalitetslosen.organisation.access import people_at
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.ui.forms import Fold, Layout, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField

MOST_UNITS = 80
MOST_PEOPLE = 60  # more than these are found by name
MOST_DOCUMENTS = 200

ROLES = [(role.value, role.label) for role in Role if role != Role.ADMINISTRATOR]


def in_tree_order(units: list[Unit]) -> list[Unit]:
    names = {unit.pk: unit.name for unit in units}
    return sorted(units, key=lambda unit: [names.get(pk, "") for pk in unit.ancestor_ids])


def units_within(areas: tuple[Unit, ...]) -> list[Unit]:
    """The units in use in the areas, the topmost first where there are more than a form can take; in tree order."""
    where = Q(pk__in=())
    for area in areas:
        where |= Q(**{LEVELS[area.depth]: area.pk})
    return in_tree_order(list(Unit.objects.active().filter(where).order_by("depth", "name", "pk")[:MOST_UNITS]))


def unit_choices(units: list[Unit]) -> list[tuple[str, str]]:
    """Each unit, those below others set in."""
    top = min((unit.depth for unit in units), default=0)
    return [(str(unit.pk), f"{'– ' * (unit.depth - top)}{unit.name}") for unit in units]


def within_a_year(day: datetime.date) -> datetime.date:
    """A day to come, or today. Raises ``ValidationError``."""
    if day < timezone.localdate():
        raise ValidationError(_("Choose today or a day to come."))
    if day > timezone.localdate() + datetime.timedelta(days=366):
        raise ValidationError(_("Choose a day within a year."))
    return day


class AskForm(PageForm, forms.Form):
    """Units, roles and people, and the date."""

    units = forms.MultipleChoiceField(
        label=_("Which units?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Everyone who works there and below it, also those who begin later."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Only those who are"), required=False, choices=ROLES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose nothing to ask everyone who works in the units."),
    )  # fmt: skip
    people = forms.MultipleChoiceField(label=_("People"), required=False, widget=forms.CheckboxSelectMultiple)
    person = LookupField(
        url_name="documents:find_reader", label=_("A person"), required=False, max_length=200,
        help_text=_("Write part of the name. You can ask for more afterwards."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("By when?"))
    days = forms.IntegerField(
        label=_("For those who begin later"), initial=DAYS_TO_READ, min_value=1, max_value=365, required=False,
        help_text=_("Counted from their first day. Also when a new version asks again."),
    )  # fmt: skip
    note = GuardedText(label=_("Why?"), required=False, rows=2, help_text=_("Those who are asked see this."))
    needed_later = ("units",)
    after = {"days": _("days")}

    def __init__(self, *args: Any, user: User, document: Document, **kwargs: Any) -> None:
        self.user, self.document = user, document
        self.areas = readers.areas_to_ask(user, document)
        found = units_within(self.areas)
        self.by_id = {str(unit.pk): unit for unit in found}
        usual = next((area for area in self.areas if str(area.pk) in self.by_id), None)
        kwargs["initial"] = {
            "units": [str(usual.pk)] if usual else [],
            "due_on": timezone.localdate() + datetime.timedelta(days=DAYS_TO_READ),
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = unit_choices(found)  # type: ignore[attr-defined]
        everyone = people_at(self.areas).active().order_by("name", "pk")
        few = list(everyone[: MOST_PEOPLE + 1])
        self.names = {str(person.pk): person for person in few} if len(few) <= MOST_PEOPLE else {}
        if self.names:
            self.fields["people"].choices = [(pk, person.name) for pk, person in self.names.items()]  # type: ignore[attr-defined]
            del self.fields["person"]
        else:
            del self.fields["people"]
            field = self.fields["person"]
            assert isinstance(field, LookupField)
            field.suggest_in(
                self, "person", lambda text: people_like(user, text).filter(pk__in=everyone.order_by().values("pk"))
            )

    def layout(self) -> Layout:
        who = "people" if "people" in self.fields else "person"
        return Layout(
            "units",
            "due_on",
            Fold(_("Only some, by role or by name"), "roles", who),
            Fold(_("Why, and those who begin later"), "note", "days"),
        )

    def clean_units(self) -> list[Unit]:
        return [self.by_id[pk] for pk in self.cleaned_data["units"]]

    def clean_people(self) -> list[User]:
        return [self.names[pk] for pk in self.cleaned_data["people"]]

    def clean_due_on(self) -> datetime.date:
        return within_a_year(self.cleaned_data["due_on"])

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or DAYS_TO_READ

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = [*cleaned.get("people", []), *([cleaned["person"]] if cleaned.get("person") else [])]
        if named and set(self.changed_data) & {"people", "person"} and "units" not in self.changed_data:
            cleaned["units"] = []  # who picks out names under the unit that stood there means those
        if not self.errors and not cleaned["units"] and not named:
            self.add_error("units", gettext("Choose who is to read it."))
        return cleaned

    def what(self) -> dict[str, Any]:
        """What ``actions.ask_to_read`` takes."""
        cleaned = self.cleaned_data
        person = cleaned.get("person")
        return {
            "units": cleaned["units"],
            "roles": cleaned["roles"] if cleaned["units"] else [],
            "people": [*cleaned.get("people", []), *([person] if person else [])],
            "due_on": cleaned["due_on"],
            "days": cleaned["days"],
            "note": cleaned["note"],
        }


class ListForm(PageForm, forms.Form):
    """What everyone in a unit is to have read: many documents at once."""

    documents = forms.MultipleChoiceField(label=_("What are they to read?"), widget=forms.CheckboxSelectMultiple)
    due_on = forms.DateField(label=_("By when?"))
    days = forms.IntegerField(
        label=_("For those who begin later"), min_value=1, max_value=365,
        help_text=_("Counted from their first day. Also when a new version asks again."),
    )  # fmt: skip
    after = {"days": _("days")}

    def __init__(self, *args: Any, user: User, unit: Unit, **kwargs: Any) -> None:
        self.user, self.unit = user, unit
        kwargs["initial"] = {
            "due_on": timezone.localdate() + datetime.timedelta(days=DAYS_TO_READ),
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        entries = SearchEntry.objects.visible_to(user).filter(reached_unit_id__in=unit.ancestor_ids)
        asked = readers.asked_of_unit(unit).values("requirement__document")
        found = entries.exclude(document__in=asked).order_by("title", "document")
        rows = list(found.values_list("document", "document__number", "title")[:MOST_DOCUMENTS])
        self.fields["documents"].choices = [(str(pk), f"{title} ({number})") for pk, number, title in rows]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        return Layout("documents", Row("due_on", "days"))

    def clean_due_on(self) -> datetime.date:
        return within_a_year(self.cleaned_data["due_on"])
