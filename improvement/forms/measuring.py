"""What people write about a measure, and the values they enter."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText
from deviations.forms.people import colleagues_like
from improvement import periods
from improvement.charts import Better, Nature, Verdict
from improvement.filters import units_and_below
from improvement.forms import stepping
from improvement.forms.acting import OwnerField, labelled
from improvement.models import MarkKind, Measure, Rhythm, Source
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Cards, DateInput, Fold, PageForm, Row, Show

BACK = 24  # periods back that a value can be entered for
LONG_AGO = datetime.timedelta(days=3650)

WHAT: list[tuple[str, Any]] = [
    *Nature.choices,
    (Source.CASES, _("The cases reported here")),
    (Source.TICKS, _("The ticks on the tally sheets")),
]
EXAMPLES: dict[str, Any] = {
    Nature.NUMBER: _("Minutes from the alarm to help, or the score of a checklist."),
    Nature.COUNT: _("Missed doses in a week, where about as many are given every week."),
    Nature.RATE: _("Falls for each 1 000 bed-days: both numbers are entered."),
    Nature.SHARE: _("Signed doses of all doses, or users who have a plan: both numbers are entered."),
    Nature.DAYS: _("For what is rare: write the date each time, and the days are counted."),
    Source.CASES: _("Counted by itself each month. It shows how people report, not how much goes wrong."),
    Source.TICKS: _("Counted by itself each month from what is ticked."),
}
DIGITS = forms.TextInput(attrs={"inputmode": "decimal"})
PER = [(1, "1"), (100, "100"), (1000, "1 000"), (10000, "10 000")]


def not_to_come(day: datetime.date) -> None:
    today = timezone.localdate()
    if day > today:
        raise ValidationError(_("That day hasn't been yet."), code="to_come")
    if day < today - LONG_AGO:
        raise ValidationError(_("That is more than ten years ago. Is the year right?"), code="far")


class MeasureForm(PageForm, forms.Form):
    """What is to be measured. The kind decides what else is asked."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    name = GuardedCharField(
        label=_("What do you want to see?"),
        max_length=120,
        help_text=_("In few words: “Doses signed on time”."),
    )
    what = forms.ChoiceField(
        label=_("What is written down?"),
        choices=WHAT,
        initial=Nature.SHARE,
        widget=Cards(descriptions=EXAMPLES),
    )
    rhythm = forms.ChoiceField(
        label=_("How often?"),
        required=False,
        choices=[choice for choice in Rhythm.choices if choice[0] != Rhythm.EVENT],
        initial=Rhythm.WEEK,
        widget=Cards,
        help_text=_("Every week shows a change sooner: twelve values are needed before it."),
    )
    size_name = GuardedCharField(
        label=_("Out of what?"), required=False, max_length=60, help_text=_("For example: bed-days, doses, users.")
    )
    per = forms.TypedChoiceField(
        label=_("Shown for each"), required=False, choices=PER, coerce=int, empty_value=None, initial=1000
    )
    begins_on = forms.DateField(label=_("When did it happen last?"), required=False, validators=[not_to_come])
    category = forms.ChoiceField(label=_("Which category?"), required=False)
    better = forms.ChoiceField(
        label=_("Which way is good?"), required=False, choices=Better.choices, initial=Better.UP, widget=Cards
    )
    unit = forms.ChoiceField(label=_("For which unit?"))
    owner = OwnerField(label=_("Who answers for it?"))
    explained = GuardedText(
        label=_("How is it counted?"),
        required=False,
        max_length=1000,
        help_text=_("So that all count alike: what counts, what doesn't, who writes it down."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.user = user
        self.units = {str(unit.pk): unit for unit in units_and_below(user)}
        self.categories = CategoryChoices(user)
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]
        self.fields["category"].choices = partial(self.categories.choices, _("All"))  # type: ignore[attr-defined]
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.initial = labelled(user)  # said by the field itself, so that the fold around it stays shut
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def layout(self) -> Layout:
        counted = f"{Nature.NUMBER} {Nature.COUNT} {Nature.RATE} {Nature.SHARE}"
        return Layout(
            "key",
            "name",
            "what",
            Show("what", f"{Nature.RATE} {Nature.SHARE}", "size_name"),
            Show("what", Nature.RATE, "per"),
            Show("what", counted, "rhythm"),
            Show("what", Nature.DAYS, "begins_on"),
            Show("what", f"{counted} {Nature.DAYS}", "better"),
            Show("what", f"{Source.CASES} {Source.TICKS}", "category"),
            "unit",
            Fold(_("Add more"), "owner", "explained", hint=_("who answers for it, how it is counted")),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        what = cleaned.get("what")
        if what in (Nature.RATE, Nature.SHARE) and not cleaned.get("size_name"):
            self.add_error("size_name", ValidationError(_("Say what it is counted out of."), code="missing"))
        if what == Nature.DAYS and not cleaned.get("begins_on"):
            self.add_error(
                "begins_on", ValidationError(_("Say when it happened last, or about when."), code="missing")
            )
        return cleaned

    def begun(self) -> dict[str, Any]:
        """What ``actions.measure`` takes."""
        cleaned = self.cleaned_data
        collected = cleaned["what"] in Nature.values
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "explained": cleaned["explained"],
            "unit": self.units[cleaned["unit"]],
            "owner": cleaned["owner"],
            "nature": cleaned["what"] if collected else Nature.COUNT,
            "source": Source.COLLECTED if collected else cleaned["what"],
            "category": None if collected else self.categories.get(cleaned["category"]),
            "rhythm": cleaned["rhythm"] or Rhythm.MONTH,
            "better": cleaned["better"] or Better.NEITHER,
            "size_name": cleaned["size_name"],
            "per": (cleaned["per"] or 1000) if cleaned["what"] == Nature.RATE else 1,
            "begins_on": cleaned["begins_on"] if cleaned["what"] == Nature.DAYS else None,
        }


class StepForm(stepping.StepForm):
    of = "measure"

    measure: Measure


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""

    asks_nothing = True


class EnterForm(StepForm):
    """One value: the period that misses one is chosen already, so that a number and a tap are all."""

    day = forms.ChoiceField(label=_("For when?"))
    value = forms.DecimalField(label=_("Value"), max_digits=12, decimal_places=3, localize=True, widget=DIGITS)
    size = forms.DecimalField(
        label=_("Out of"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"), localize=True, widget=DIGITS
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        chosen = kwargs.pop("day", None)
        super().__init__(*args, measure=measure, **kwargs)
        today = timezone.localdate()
        if measure.rhythm == Rhythm.EVENT:
            for name in ("value", "size"):
                del self.fields[name]
            self.fields["day"] = forms.DateField(
                label=_("When did it happen?"), initial=today, validators=[not_to_come], widget=DateInput
            )
            return
        kept = {row.day: row for row in measure.values.order_by("-day")[:400]}
        choices = self._periods(today)
        missing = next((day for day in reversed(choices) if day not in kept and self._is_expected(day)), None)
        first = chosen if chosen in choices else missing or choices[0]
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (
                day.isoformat(),
                periods.name_of(measure.rhythm, day)
                if day not in kept
                else _("%(period)s (has a value)") % {"period": periods.name_of(measure.rhythm, day)},
            )
            for day in choices
        ]
        self.initial.setdefault("day", first.isoformat())
        row = kept.get(first)
        if row is not None and chosen:
            self.initial.setdefault("value", row.value.normalize())
            self.initial.setdefault("size", row.size.normalize())
        if not measure.has_size:
            del self.fields["size"]
        else:
            self.fields["value"].label = _("How many?")
            self.fields["size"].label = _("Of how many %(what)s?") % {"what": measure.size_name}

    def _periods(self, today: datetime.date) -> list[datetime.date]:
        """The running period and those before it, the latest first."""
        rhythm = self.measure.rhythm
        first = periods.begins(rhythm, today)
        found = [first]
        while len(found) < BACK:
            first = periods.begins(rhythm, first - datetime.timedelta(days=1))
            found.append(first)
        return found

    def _is_expected(self, day: datetime.date) -> bool:
        """Whether a value for the period is waited for: it is over, and not from before the measuring began."""
        rhythm, measure = self.measure.rhythm, self.measure
        return (
            periods.begins(rhythm, measure.begins_on) <= day
            and periods.next_after(rhythm, day) <= timezone.localdate()
        )

    def layout(self) -> Layout:
        fields = [name for name in ("value", "size", "day") if name in self.fields]
        return Layout("seen", Row(*fields))

    def clean_day(self) -> datetime.date:
        day = self.cleaned_data["day"]
        return day if isinstance(day, datetime.date) else datetime.date.fromisoformat(day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        value, size, nature = cleaned.get("value"), cleaned.get("size"), self.measure.nature
        if value is None:
            return cleaned
        if nature != Nature.NUMBER and value < 0:
            self.add_error("value", ValidationError(_("It can't be less than none."), code="negative"))
        if nature in (Nature.COUNT, Nature.SHARE, Nature.RATE) and value != value.to_integral_value():
            self.add_error("value", ValidationError(_("Write a whole number."), code="whole"))
        if nature == Nature.SHARE and size is not None and value > size:
            self.add_error("value", ValidationError(_("It can't be more than what it is out of."), code="more"))
        return cleaned


class MarkForm(StepForm):
    kind = forms.ChoiceField(label=_("What was it?"), choices=MarkKind.choices, initial=MarkKind.CHANGE, widget=Cards)
    day = forms.DateField(label=_("When?"), initial=timezone.localdate, validators=[not_to_come])
    what_happened = GuardedCharField(label=_("What happened?"), max_length=200)
    compare = forms.BooleanField(
        label=_("Compare before and after this day"),
        required=False,
        initial=True,
        help_text=_("The middle and the limits are counted from the values before it, and stay there."),
    )

    def layout(self) -> Layout:
        return Layout("seen", "kind", "day", "what_happened", Show("kind", MarkKind.CHANGE, "compare"))

    def what(self) -> dict[str, Any]:
        return {
            "kind": self.cleaned_data["kind"],
            "day": self.cleaned_data["day"],
            "what": self.cleaned_data["what_happened"],
            "compare": self.cleaned_data["compare"],
        }


class JudgeForm(StepForm):
    verdict = forms.ChoiceField(label=_("How did it go?"), choices=Verdict.choices, widget=Cards)
    words = GuardedText(
        label=_("Say it in your own words"),
        max_length=1000,
        help_text=_("What do you see, what do you think it comes from, and what do you do now?"),
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        initial = {"verdict": measure.verdict or None, "words": measure.verdict_words}
        super().__init__(*args, measure=measure, initial=initial, **kwargs)


class AdjustForm(StepForm):
    name = GuardedCharField(label=_("What do you want to see?"), max_length=120)
    explained = GuardedText(label=_("How is it counted?"), required=False, max_length=1000)
    better = forms.ChoiceField(label=_("Which way is good?"), choices=Better.choices, widget=Cards)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        initial = {"name": measure.name, "explained": measure.explained, "better": measure.better}
        super().__init__(*args, measure=measure, initial=initial, **kwargs)
        if not measure.is_collected:
            del self.fields["better"]


class ReasonForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000)


class PersonForm(StepForm):
    person = OwnerField(label=_("Who?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, OwnerField)
        person.suggest_in(self, "person", partial(colleagues_like, user))


class GiveForm(PersonForm):
    def clean_person(self) -> User:
        person: User = self.cleaned_data["person"]
        if person.pk == self.measure.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": person.name})
        return person

    def what(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["person"]}
