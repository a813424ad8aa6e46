"""What the steps of a case ask for."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText, documents_like, unit_label, units_like
from deviations.forms.severity import (
    CONSEQUENCES,
    HOW_OFTEN,
    PROBABILITIES,
    WHAT_IT_MEANS,
    SeverityFields,
    severity_filled_in,
    severity_suggested,
)
from deviations.models import SERIOUS, Category, Deviation, Kind, severity_of
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm
from kvalitetslosen.ui.lookup import LookupField


class StepForm(PageForm, forms.Form):
    """What a step in a case asks for. ``seen`` tells whether somebody else did something in between."""

    marks_optional = True
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, deviation: Deviation, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": deviation.events_count, **self.filled_in(deviation), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.deviation, self.user = deviation, user

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {}

    def what(self) -> dict[str, Any]:
        """What the verb takes, besides the case and who does it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""


class AssessForm(StepForm, SeverityFields):
    def __init__(self, data: Any = None, *, deviation: Deviation, **kwargs: Any) -> None:
        if data is None:
            kwargs["initial"] = severity_suggested(deviation)
        super().__init__(data, deviation=deviation, **kwargs)

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return severity_filled_in(deviation)


class AnswerFields(forms.Form):
    outcome = GuardedText(
        label=_("Answer to the reporter"),
        help_text=_(
            "What did you find out, and what is done so that it doesn't happen again? The reporter reads this."
        ),
    )


TOO_SERIOUS = _(
    "That is a serious case: it can't be closed in one go. Receive it, find the cause, and close it with a day to "
    "look at the effect."
)


class ReceiveAndCloseForm(StepForm, AnswerFields):
    """The simple case: an answer, and a severity if one wants."""

    consequence = forms.TypedChoiceField(
        label=_("How serious was it, or could it have been?"),
        choices=[("", _("Not assessed")), *CONSEQUENCES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Cards(descriptions=WHAT_IT_MEANS),
    )
    probability = forms.TypedChoiceField(
        label=_("How likely is it to happen again?"),
        choices=[("", _("Not assessed")), *PROBABILITIES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Cards(descriptions=HOW_OFTEN),
    )

    def layout(self) -> Layout:
        return Layout("seen", "outcome", Fold(_("Assess severity"), "consequence", "probability"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("consequence") is None) != (cleaned.get("probability") is None):
            missing = "consequence" if cleaned.get("consequence") is None else "probability"
            self.add_error(missing, _("Choose both, or neither."))
        elif cleaned.get("consequence") and severity_of(cleaned["consequence"], cleaned["probability"]) in SERIOUS:
            self.add_error(None, TOO_SERIOUS)
        return cleaned


class CloseForm(StepForm, AnswerFields):
    """Serious cases also ask for the cause and for a day to look at the effect."""

    cause = GuardedText(label=_("Why did it happen?"), required=False)
    effect_check_on = forms.DateField(
        label=_("When will you look at whether it helped?"),
        required=False,
        help_text=_("Usually after 60 to 90 days."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.deviation.is_serious:
            self.fields["cause"].required = True
            self.fields["effect_check_on"].required = True
        if self.deviation.effect_check_on:
            del self.fields["effect_check_on"]  # planned already: its day stands with the plan

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {
            "outcome": deviation.outcome,
            "cause": deviation.cause,
            "effect_check_on": deviation.effect_check_on,
        }

    def layout(self) -> Layout:
        asked = [name for name in ("cause", "effect_check_on") if name in self.fields]
        if self.deviation.is_serious:
            return Layout("seen", "outcome", *asked)
        return Layout("seen", "outcome", Fold(_("Cause and effect"), *asked))

    def clean_effect_check_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["effect_check_on"]
        if day is not None and day <= timezone.localdate():
            raise ValidationError(_("Choose a day to come."))
        return day


class NotDeviationForm(StepForm):
    outcome = GuardedText(
        label=_("Why not?"),
        help_text=_("The reporter reads this. Thank them, and say where it belongs instead."),
    )


class ProposalForm(StepForm):
    text = GuardedText(
        label=_("Why is it a proposal?"),
        help_text=_("The reporter gets this as a message. Thank them, and say what happens to the proposal."),
    )


class AnalyseForm(StepForm):
    cause = GuardedText(
        label=_("Why did it happen?"),
        rows=5,
        help_text=_("Look for what made it possible, not for who did it. Would a colleague have done the same?"),
    )

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        return {"cause": deviation.cause}


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"))

    def __init__(self, *args: Any, note_label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if note_label:
            self.fields["note"].label = note_label


class ForwardForm(ReasonForm):
    to = LookupField(
        url_name="deviations:find_unit",
        label_of=unit_label,
        label=_("Which unit does it belong to?"),
        max_length=200,
        help_text=_("Write the beginning of the unit's name."),
    )

    field_order = ["seen", "to", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "to", partial(units_like, self.user))
        if self.deviation.about_id:
            field.help_text = _("Wherever it happened, it stays with the leaders above the one it concerns.")

    def clean_to(self) -> Unit:
        unit: Unit = self.cleaned_data["to"]
        if unit.pk == self.deviation.handling_unit_id:
            raise ValidationError(_("The case is there already."))
        return unit


class ReclassifyForm(StepForm):
    kind = forms.ChoiceField(label=_("What kind?"), choices=Kind.choices, widget=Cards)
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    breached_document = LookupField(
        url_name="deviations:find_procedure",
        label=_("Which procedure was not followed?"),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = CategoryChoices(self.user)
        self.fields["category"].choices = self.categories.choices(_("Not set"))  # type: ignore[attr-defined]
        field = self.fields["breached_document"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "breached_document", partial(documents_like, self.user))

    @staticmethod
    def filled_in(deviation: Deviation) -> dict[str, Any]:
        document = deviation.breached_document
        return {
            "kind": deviation.kind,
            "category": str(deviation.category_id or ""),
            "breached_document": document.title if document else "",
        }

    def clean_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"])
