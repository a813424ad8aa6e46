"""What people write about an internal audit: the plan, the checklist, what was seen, the report."""

from __future__ import annotations

import datetime
import uuid
from copy import copy
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText
from deviations.forms.people import colleagues_like, not_past
from deviations.models import Category
from improvement.actions import Asked, may_audit
from improvement.filters import units_and_below
from improvement.forms import stepping
from improvement.forms.acting import OwnerField, labelled
from improvement.models import FINDINGS, Answer, Audit, AuditPoint
from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, Fold, PageForm, Row

YEAR, MONTH, FORTNIGHT = (datetime.timedelta(days=days) for days in (365, 30, 14))
WORDS = 3000


def not_leading(person: User | None, unit: Unit | Audit) -> None:
    if person is not None and not may_audit(person, unit):
        raise ValidationError(
            _("%(name)s leads what is audited. Choose somebody from another place."), params={"name": person.name}
        )


class DaysForm(PageForm, forms.Form):
    """The theme and the days, in the plan and when it is changed."""

    title = GuardedCharField(
        label=_("What is the theme?"), max_length=120, help_text=_("In few words: “Medication”. No names.")
    )
    about = GuardedText(
        label=_("Goal and scope"),
        required=False,
        max_length=2000,
        rows=3,
        help_text=_("What you want to know, and against which laws and procedures. The leader reads it."),
    )
    held_on = forms.DateField(label=_("When is it held?"))
    held_until = forms.DateField(label=_("Last day, if there are several"), required=False)
    period_first = forms.DateField(label=_("It looks at the time from"))
    period_last = forms.DateField(label=_("to"))
    is_hse = forms.BooleanField(
        label=_("It is about the working environment"),
        required=False,
        help_text=_("Then safety representatives of the area read it, too."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("period_first"), cleaned.get("period_last")
        if first and last and last < first:
            self.add_error("period_last", _("The last day is before the first."))
        held_on = cleaned.get("held_on")
        cleaned["held_until"] = cleaned.get("held_until") or held_on
        if held_on and cleaned["held_until"] < held_on:
            self.add_error("held_until", _("The last day is before the first."))
        return cleaned


class PlanForm(DaysForm):
    """Which units, about what, by whom, when. Several units give an audit each."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    units = forms.MultipleChoiceField(
        label=_("Which unit is audited?"),
        widget=CardsMultiple,
        help_text=_("Those below it are part of it. Choose several, and each has an audit of its own."),
    )
    owner = OwnerField(label=_("Who leads the audit?"), help_text=_("Not somebody who leads the unit."))
    second = OwnerField(label=_("Who else audits?"), required=False)
    third = OwnerField(label=_("And who else?"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.choices = {str(each.pk): each for each in units_and_below(user)}
        today = timezone.localdate()
        initial: dict[str, Any] = {"key": uuid.uuid4(), "held_on": today + MONTH}
        if not any(not may_audit(user, unit) for unit in self.choices.values()):
            initial["owner"] = labelled(user)
        if len(self.choices) == 1:
            initial["units"] = list(self.choices)
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(pk, each.name) for pk, each in self.choices.items()]  # type: ignore[attr-defined]
        # Said by the fields themselves, so that the fold around them stays shut.
        self.fields["period_first"].initial, self.fields["period_last"].initial = today - YEAR, today
        for name in ("owner", "second", "third"):
            field = self.fields[name]
            assert isinstance(field, OwnerField)
            field.suggest_in(self, name, partial(colleagues_like, user))
        self.fields["held_on"].validators.append(not_past)

    def layout(self) -> Layout:
        return Layout(
            "key", "title", "units", Row("held_on", "held_until"), "owner", "second",
            Fold(
                _("Add more"), "about", "third", Row("period_first", "period_last"), "is_hse",
                hint=_("scope, period, one more auditor"),
            ),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("owner", "second", "third"):
            for unit in self.chosen:
                try:
                    not_leading(cleaned.get(name), unit)
                except ValidationError as error:
                    self.add_error(name, error)
                    break
        return cleaned

    @property
    def chosen(self) -> list[Unit]:
        return [self.choices[pk] for pk in self.cleaned_data.get("units", [])]

    def planned(self) -> list[dict[str, Any]]:
        """What ``actions.plan_audit`` takes, for each unit."""
        cleaned = dict(self.cleaned_data)
        others = [each for each in (cleaned.pop("second"), cleaned.pop("third")) if each]
        key = cleaned.pop("key")
        del cleaned["units"]
        return [
            {**cleaned, "auditors": others, "unit": unit, "key": uuid.uuid5(key, str(unit.pk)) if number else key}
            for number, unit in enumerate(self.chosen)
        ]


class ChecklistForm(PageForm, forms.Form):
    """Which are looked at: of what a law asks, a procedure says, or an earlier audit asked."""

    points = forms.MultipleChoiceField(label=_("What do you look at?"), widget=CardsMultiple)

    def __init__(self, *args: Any, offered: list[tuple[Asked, str]], **kwargs: Any) -> None:
        self.offered = {str(number): asked for number, (asked, _said) in enumerate(offered)}
        super().__init__(*args, **kwargs)
        field = self.fields["points"]
        field.choices = [(pk, asked.question) for pk, asked in self.offered.items()]  # type: ignore[attr-defined]
        said = {str(number): words for number, (_asked, words) in enumerate(offered)}
        field.widget.descriptions = said

    def chosen(self) -> list[Asked]:
        return [self.offered[each] for each in self.cleaned_data["points"]]


class QuestionForm(PageForm, forms.Form):
    question = GuardedText(
        label=_("What do you want to know?"),
        max_length=500,
        rows=2,
        help_text=_("One question that can be answered by looking or asking: “Is the medicine room locked?”"),
    )


class Reread(PageForm, forms.Form):
    """``seen``: how often it had been written when it was opened: nobody writes over what they haven’t read."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def read_again(self, edits: int) -> None:
        """What the person wrote stays in the form; saved again, it is what counts."""
        data: Any = copy(self.data)
        data["seen"] = str(edits)
        self.data = data


class AnswerForm(Reread):
    """What was seen, on the phone."""

    answer = forms.ChoiceField(label=_("How is it?"), choices=Answer.choices, widget=Cards)
    evidence = GuardedText(
        label=_("What did you see or hear?"),
        required=False,
        max_length=2000,
        rows=3,
        help_text=_("What it rests on: a list, a room, what several said. No names."),
    )

    def __init__(self, *args: Any, point: AuditPoint, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": point.edits, "answer": point.answer, "evidence": point.evidence}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") in FINDINGS and "evidence" not in self.errors and not cleaned.get("evidence"):
            self.add_error("evidence", _("Say what you saw: without it, nobody knows what to put right."))
        return cleaned


class FindingForm(PageForm, forms.Form):
    """The case a finding becomes: everything is filled in, and may be changed."""

    text = GuardedText(label=_("What is reported"), max_length=WORDS, rows=5)
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    unit = forms.ChoiceField(label=_("Where?"))
    answer_by = forms.DateField(
        label=_("To be answered by"),
        validators=[not_past],
        help_text=_("By then whoever handles it has told the cause and what is done. They are reminded."),
    )

    def __init__(
        self, *args: Any, point: AuditPoint, user: User, category: Category | None, below: list[Unit], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"answer_by": timezone.localdate() + MONTH, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        # Said by the fields themselves, so that the fold around them stays shut.
        self.fields["text"].initial = worded(point)
        self.fields["category"].initial = str(category.pk) if category else ""
        self.fields["unit"].initial = str(point.audit.unit_id)
        self.categories = CategoryChoices(user)
        self.fields["category"].choices = self.categories.choices(gettext("I don't know"))  # type: ignore[attr-defined]
        self.units = {str(each.pk): each for each in [point.audit.unit, *below]}
        self.fields["unit"].choices = [(pk, each.name) for pk, each in self.units.items()]  # type: ignore[attr-defined]
        if not below:
            del self.fields["unit"]
        if point.answer != Answer.NOT:
            del self.fields["answer_by"]

    def layout(self) -> Layout:
        unit = ["unit"] if "unit" in self.fields else []
        due = ["answer_by"] if "answer_by" in self.fields else []
        return Layout(*due, Fold(_("See and change the text"), "text", "category", *unit))

    def reported(self) -> dict[str, Any]:
        """What ``actions.report_finding`` takes."""
        cleaned = self.cleaned_data
        return {
            "text": cleaned["text"],
            "category": self.categories.get(cleaned["category"]),
            "unit": self.units.get(cleaned.get("unit", "")),
            "answer_by": cleaned.get("answer_by"),
        }


def worded(point: AuditPoint) -> str:
    """The finding as a case says it, in the active language."""
    parts = (gettext("Internal audit"), point.audit.title, point.question, point.evidence)
    return f"{parts[0]}: {parts[1]}\n\n{parts[2]}\n\n{parts[3]}"


class ReportForm(Reread):
    """What the findings amount to."""

    summary = GuardedText(
        label=_("Summary"),
        max_length=WORDS,
        rows=5,
        help_text=_("The most important in five sentences. Colleagues in the unit read it when the report is final."),
    )
    strengths = GuardedText(
        label=_("What is good"), required=False, max_length=WORDS, rows=3, help_text=_("What others could learn from.")
    )
    looked_at = GuardedText(
        label=_("What was looked at"),
        required=False,
        max_length=WORDS,
        rows=3,
        help_text=_("Talks, rounds, samples, documents. The roles, not the names. The checklist comes by itself."),
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        initial: dict[str, Any] = {name: getattr(audit, name) for name in ("summary", "strengths", "looked_at")}
        super().__init__(*args, initial={**initial, "seen": audit.edits}, **kwargs)

    def written(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class StepForm(stepping.StepForm):
    of = "audit"

    audit: Audit


class NoQuestionsForm(StepForm):
    """A step that asks for nothing."""

    asks_nothing = True


def in_a_fortnight() -> datetime.date:
    return timezone.localdate() + FORTNIGHT


class SendForm(StepForm):
    comment_by = forms.DateField(label=_("The leader comments by"), validators=[not_past], initial=in_a_fortnight)


class CommentForm(StepForm):
    comment = GuardedText(
        label=_("What do you say to it?"),
        max_length=WORDS,
        rows=5,
        help_text=_("What you agree with, what you see otherwise, and how you go on. It stands in the report."),
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, audit=audit, initial={"comment": audit.comment}, **kwargs)


class NoteForm(StepForm):
    note = GuardedText(label=_("Why?"), max_length=1000, rows=3)


class ChangeForm(StepForm, DaysForm):
    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        names = ("title", "about", "held_on", "held_until", "period_first", "period_last", "is_hse")
        super().__init__(*args, audit=audit, initial={name: getattr(audit, name) for name in names}, **kwargs)

    def layout(self) -> Layout:
        return Layout(
            "seen", "title", "about", Row("held_on", "held_until"), Row("period_first", "period_last"), "is_hse"
        )


class PersonForm(StepForm):
    person = OwnerField(
        label=_("Who?"), help_text=_("Write the beginning of the name. Not somebody who leads the unit.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, OwnerField)
        person.suggest_in(self, "person", partial(colleagues_like, user))

    def clean_person(self) -> User:
        person: User = self.cleaned_data["person"]
        not_leading(person, self.audit)
        return person


class GiveForm(PersonForm):
    def clean_person(self) -> User:
        person = super().clean_person()
        if person.pk == self.audit.owner_id:
            raise ValidationError(_("%(name)s has it already."), params={"name": person.name})
        return person

    def what(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["person"]}
