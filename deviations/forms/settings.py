"""What the municipality decides about its cases, and what a leader writes as examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations.forms.fields import GuardedText
from deviations.models import Category, HandlingRules
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    RulesModelForm = forms.ModelForm[HandlingRules]
    CategoryModelForm = forms.ModelForm[Category]
else:
    RulesModelForm = CategoryModelForm = forms.ModelForm


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
        fields = ("name", "name_nn", "name_en", "parent", "topic", "code", "may_be_ticked", "is_active")

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
