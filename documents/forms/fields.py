"""Fields that several forms of the handbook have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents import access
from documents.models import DocumentType, Reach, ReviewRules
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import Unit, User

if TYPE_CHECKING:
    ReviewRulesModelForm = forms.ModelForm[ReviewRules]
else:
    ReviewRulesModelForm = forms.ModelForm

MOST_DAYS = 250  # about a year of working days
MOST_UNITS = 40  # more are found by writing their name


LONGEST_NOTE = 2000


class GuardedText(identity_numbers.GuardedCharField):
    """Free text that can't carry an identity number."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_NOTE)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


class Title(identity_numbers.GuardedCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, label=_("Title"), **kwargs)


class TypeField(forms.ChoiceField):
    """One of the municipality's types in use; cleans to the type itself."""

    types: Mapping[str, DocumentType] = {}

    def choose_among(self, user: User, current: DocumentType | None = None) -> None:
        """Let the form offer what the reader's municipality has in use, and what the document is already."""
        rows = DocumentType.objects.visible_to(user).in_order()
        self.types = {each.slug: each for each in rows if each.is_active or each == current}
        self.choices = [(slug, each.label) for slug, each in self.types.items()]

    def clean(self, value: Any) -> Any:
        return self.types.get(super().clean(value))


def unit_label(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def units_like(user: User, text: str) -> Any:
    """The units the person may write for whose name has the text in it."""
    name = text.split(" (")[0].strip()
    return access.units_to_write_for(user).filter(name__icontains=name).select_related("parent").order_by("name", "pk")


def units_in_municipality(user: User, text: str) -> Any:
    """The units in use of the person's municipality whose name has the text in it."""
    name = text.split(" (")[0].strip()
    found = Unit.objects.visible_to(user).active().filter(name__icontains=name)
    return found.select_related("parent").order_by("name", "pk")


def people_like(user: User, text: str) -> Any:
    """The municipality's people whose name has the text in it."""
    return (
        User.objects.active()
        .filter(municipality=user.municipality_id, name__icontains=text.strip())
        .order_by("name", "pk")
    )


REACH_HINTS: dict[str, Any] = {
    Reach.UNIT: _("Those who work there, and below it."),
    Reach.MUNICIPALITY: _("Everyone. The top leader or the quality coordinator must approve it."),
}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by name, with who stands in for those who are away."""

    away: Mapping[int, User] = {}
    may: Collection[int] = ()

    def label_from_instance(self, obj: Any) -> str:
        deputy = self.away.get(obj.pk)
        if deputy is None:
            return str(obj.name)
        if deputy.pk in self.may:
            return gettext("%(name)s (away: goes to %(deputy)s)") % {"name": obj.name, "deputy": deputy.name}
        return gettext("%(name)s (away)") % {"name": obj.name}
