"""What the municipality decides about its handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.models import ReviewRules
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    ReviewRulesModelForm = forms.ModelForm[ReviewRules]
else:
    ReviewRulesModelForm = forms.ModelForm

MOST_DAYS = 250  # about a year of working days


class ReviewRulesForm(PageForm, ReviewRulesModelForm):
    class Meta:
        model = ReviewRules
        fields = ("remind_days_before", "repeat_days", "escalate_days")

    after = dict.fromkeys(Meta.fields, _("working days"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.min_value, field.max_value = 1, MOST_DAYS  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": 1, "max": MOST_DAYS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, days in list(cleaned.items()):
            if isinstance(days, int) and not 1 <= days <= MOST_DAYS:
                self.add_error(name, gettext("Write a number of working days from 1 to 250."))
        return cleaned
