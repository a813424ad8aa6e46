"""What the register of work injuries says of a case."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.models import Absence, Deviation, Harmed, Injury, InjuryCause
from kvalitetslosen.ui.forms import Cards, PageForm, Row


class InjuryForm(PageForm, forms.Form):
    """Written anew: nothing of what the reporter wrote is filled in, but for the day."""

    happened_on = forms.DateField(label=_("Which day?"))
    at_time = forms.TimeField(label=_("What time?"), required=False)
    harmed = forms.ChoiceField(label=_("What is it?"), choices=Harmed.choices, widget=Cards)
    cause = forms.ChoiceField(label=_("How did it happen?"), choices=[("", _("Choose")), *InjuryCause.choices])
    absence = forms.ChoiceField(
        label=_("Absence because of it"), choices=Absence.choices, widget=Cards, initial=Absence.UNKNOWN
    )
    text = GuardedText(
        label=_("What happened, for the register"),
        max_length=400,
        help_text=_("In neutral words, as “An employee slipped on a wet floor”. No names, nothing about health."),
    )

    def __init__(self, *args: Any, deviation: Deviation, entry: Injury | None, **kwargs: Any) -> None:
        day = deviation.happened_on or timezone.localdate(deviation.reported_at)
        kept = {name: getattr(entry, name) for name in self.base_fields} if entry and not entry.taken_out else {}
        super().__init__(*args, initial={"happened_on": day, **kept}, **kwargs)
        self.deviation = deviation

    def layout(self) -> Layout:
        return Layout(Row("happened_on", "at_time"), "harmed", "cause", "text", "absence")

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate(self.deviation.reported_at):
            raise ValidationError(_("That is after the case was reported. Look at the date."))
        return day

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        reporter = self.deviation.reporter
        names = reporter.name.casefold().split() if reporter else []
        words = {word.strip(".,;:()«»\"'").casefold() for word in text.split()}
        if words & {name for name in names if len(name) > 2}:
            raise ValidationError(_("The name of whoever reported is in it. Write without names."))
        return " ".join(text.split())


class TakeOutForm(PageForm, forms.Form):
    reason = GuardedText(
        label=_("Why does it not belong in the register?"),
        max_length=300,
        help_text=_("As “Nobody was injured”. It stays in the case."),
    )
