"""What people write in a risk analysis: what it covers, its hazards, and what a step asks for."""

from __future__ import annotations

import datetime
import math
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past
from deviations.forms.severity import CONSEQUENCES, HOW_OFTEN, PROBABILITIES, WHAT_IT_MEANS
from improvement.filters import units_and_below
from improvement.forms import stepping
from improvement.forms.acting import OwnerField, labelled
from improvement.models import Acceptance, Hazard, RiskAnalysis
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm

YEAR = datetime.timedelta(days=365)


def in_a_year() -> datetime.date:
    return timezone.localdate() + YEAR


class BeginForm(PageForm, forms.Form):
    """What is looked at; the hazards come one by one afterwards."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    title = GuardedCharField(
        label=_("What do you analyse?"),
        max_length=120,
        help_text=_("In few words: “Medication in home care”. No names."),
    )
    about = GuardedText(
        label=_("What does it cover?"),
        required=False,
        max_length=2000,
        rows=3,
        help_text=_("What is included, what is not, and who took part: the roles, not the names."),
    )
    unit = forms.ChoiceField(label=_("For which unit?"))
    owner = OwnerField(label=_("Who answers for it?"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.units: dict[str, Unit] = {str(each.pk): each for each in units_and_below(user)}
        kwargs["initial"] = {"key": uuid.uuid4(), "owner": labelled(user), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(pk, each.name) for pk, each in self.units.items()]  # type: ignore[attr-defined]
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def layout(self) -> Layout:
        return Layout("key", "title", "about", "unit", Fold(_("Add more"), "owner", hint=_("who answers for it")))

    def begun(self) -> dict[str, Any]:
        """What ``actions.begin_analysis`` takes."""
        return self.cleaned_data | {"unit": self.units[self.cleaned_data["unit"]]}


def _step(label: Any, choices: Any, descriptions: dict[str, Any]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, widget=Cards(descriptions=descriptions))


def _later_step(label: Any, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("", _("Not assessed")), *choices], coerce=int, empty_value=None, required=False
    )


class HazardForm(PageForm, forms.Form):
    """One hazard. ``seen`` tells whether somebody else did something in between."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    what = GuardedCharField(label=_("What can happen?"), max_length=200)
    causes = GuardedText(label=_("Why could it happen?"), required=False, max_length=1000, rows=2)
    consequences = GuardedText(label=_("What would it lead to?"), required=False, max_length=1000, rows=2)
    prevented_by = GuardedText(label=_("What prevents it today?"), required=False, max_length=1000, rows=2)
    consequence = _step(_("How serious would it be?"), CONSEQUENCES, WHAT_IT_MEANS)
    probability = _step(_("How likely is it, as things are today?"), PROBABILITIES, HOW_OFTEN)
    expected_consequence = _later_step(_("How serious, when the actions are done?"), CONSEQUENCES)
    expected_probability = _later_step(_("How likely, when the actions are done?"), PROBABILITIES)

    def __init__(self, *args: Any, analysis: RiskAnalysis, hazard: Hazard | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"seen": analysis.events_count}
        if hazard is not None:
            initial |= {name: getattr(hazard, name) for name in self.base_fields if name != "seen"}
        super().__init__(*args, initial=initial, **kwargs)

    def layout(self) -> Layout:
        return Layout(
            "seen",
            "what",
            Fold(_("Add more"), "causes", "consequences", "prevented_by", hint=_("causes, what prevents it today")),
            "consequence",
            "probability",
            Fold(_("After the actions"), "expected_consequence", "expected_probability"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now = (cleaned.get("consequence"), cleaned.get("probability"))
        later = (cleaned.get("expected_consequence"), cleaned.get("expected_probability"))
        if (later[0] is None) != (later[1] is None):
            missing = "expected_consequence" if later[0] is None else "expected_probability"
            self.add_error(missing, _("Answer both for after the actions, or none."))
        elif all((*now, *later)) and math.prod(filter(None, later)) > math.prod(filter(None, now)):
            self.add_error("expected_probability", _("After the actions the risk is to be no larger than today."))
        return cleaned

    def says(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class DecideForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    acceptance = forms.ChoiceField(label=_("Can you live with the risk?"), choices=Acceptance.choices, widget=Cards)
    reason = GuardedText(label=_("Why?"), max_length=1000, rows=3)

    def __init__(self, *args: Any, hazard: Hazard, **kwargs: Any) -> None:
        initial = {
            "seen": hazard.analysis.events_count, "acceptance": hazard.acceptance, "reason": hazard.reason,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)


class StepForm(stepping.StepForm):
    of = "analysis"

    analysis: RiskAnalysis


class ApplyForm(StepForm):
    review_on = forms.DateField(label=_("When is it to be looked at anew?"), validators=[not_past], initial=in_a_year)


class ConfirmForm(ApplyForm):
    review_on = forms.DateField(label=_("Looked at anew by"), validators=[not_past], initial=in_a_year)
    note = GuardedText(label=_("A note"), required=False, max_length=1000, rows=2)


class ReviseForm(ConfirmForm):
    note = GuardedText(
        label=_("What has changed?"),
        max_length=1000,
        rows=3,
        help_text=_("Change the hazards themselves first; here a sentence is enough."),
    )


class RewriteForm(StepForm):
    title = GuardedCharField(label=_("What do you analyse?"), max_length=120)
    about = GuardedText(label=_("What does it cover?"), required=False, max_length=2000, rows=4)

    def __init__(self, *args: Any, analysis: RiskAnalysis, **kwargs: Any) -> None:
        initial = {"title": analysis.title, "about": analysis.about}
        super().__init__(*args, analysis=analysis, initial=initial, **kwargs)


class WithdrawForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000, rows=3)


class GiveForm(StepForm):
    person = OwnerField(label=_("Who?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, OwnerField)
        person.suggest_in(self, "person", partial(colleagues_like, user))

    def clean_person(self) -> User:
        person: User = self.cleaned_data["person"]
        if person.pk == self.analysis.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": person.name})
        return person

    def what(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["person"]}


class PointForm(PageForm, forms.Form):
    """Which hazard the case shows: among those that apply where it happened, grouped by analysis."""

    hazard = forms.ChoiceField(label=_("Which hazard?"))

    def __init__(self, *args: Any, hazards: list[Hazard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hazards = {str(each.pk): each for each in hazards}
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in hazards:
            heading = f"{each.analysis.title} · {each.analysis.unit.name}"
            groups.setdefault(heading, []).append((str(each.pk), f"{each.number}. {each.what}"))
        self.fields["hazard"].choices = [("", _("Choose")), *groups.items()]  # type: ignore[attr-defined]

    def clean_hazard(self) -> Hazard:
        return self.hazards[self.cleaned_data["hazard"]]
