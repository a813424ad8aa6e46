"""What the municipality decides about its cases, and what a leader writes as examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations.forms.fields import GuardedText
from deviations.models import HandlingRules
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    RulesModelForm = forms.ModelForm[HandlingRules]
else:
    RulesModelForm = forms.ModelForm


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
