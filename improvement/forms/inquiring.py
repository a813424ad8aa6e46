"""What a leader writes when asking another, and what is answered."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText
from deviations.forms.people import not_past
from deviations.models import Category
from improvement.models import Inquiry, InquiryRhythm, Topic
from improvement.questions import OWN, about
from improvement.whom_to_ask import Whom, leading
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.forms import Cards, DateInput, Fold, PageForm, Row, Show

SHOWN = 80  # units to choose from: those next below, and those below them


def units_to_ask(user: User, also: Unit | None = None) -> list[Unit]:
    """The units right below those the person leads and the ones below these, with the one asked for in the address."""
    led = user.standing.units(Role.LEADER)
    below = Unit.objects.active().filter(parent__in=led) | Unit.objects.active().filter(parent__parent__in=led)
    rows = list(below.distinct().order_by("depth", "name", "pk")[:SHOWN])
    if also is not None and all(row.pk != also.pk for row in rows) and any(also.is_within(unit) for unit in led):
        rows.insert(0, also)
    return [row for row in rows if all(row.pk != unit.pk for unit in led)]


class AskForm(PageForm, forms.Form):
    """One tap on a good question, or one's own words. What it is about is known where one comes from a case."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    unit = forms.ChoiceField(label=_("Whose leader do you ask?"))
    what = forms.ChoiceField(label=_("What do you ask?"), widget=Cards)
    question = GuardedText(label=_("Your question"), required=False, max_length=600, rows=2)
    category = forms.ChoiceField(label=_("Only about cases of this category"), required=False)
    due_on = forms.DateField(label=_("Answer by"), validators=[not_past], widget=DateInput)
    monthly = forms.BooleanField(label=_("Ask this every month"), required=False)
    day = forms.IntegerField(
        label=_("On which day of the month?"),
        required=False,
        min_value=1,
        max_value=InquiryRhythm.LAST_DAY,
        initial=1,
        help_text=_("From 1 to 28. A week before the leaders meet is good."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        topic: str,
        whom: Whom | None = None,
        unit: Unit | None = None,
        category: str = "",
        asked: str = "",
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(), "unit": str(unit.pk) if unit else "", "category": category,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + Inquiry.TIME
        self.user, self.topic, self.whom = user, topic, whom
        questions = about(topic)
        if topic == Topic.LEARNING:
            questions = [*questions, *(each for each in about(Topic.CATEGORY) if each not in questions)]
        self.questions = {each.name: each for each in questions}
        choices = [*((each.name, each.words) for each in questions), (OWN, _("Something else, in my own words"))]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        # Whoever comes from what has changed finds the question that fits it chosen.
        self.fields["what"].initial = asked if asked in self.questions else questions[0].name
        if self.by_unit:
            self.units = {str(each.pk): each for each in units_to_ask(user, unit)}
            named = [(pk, each.name) for pk, each in self.units.items()]
            self.fields["unit"].choices = [("", _("Choose a unit")), *named]  # type: ignore[attr-defined]
            self.categories = CategoryChoices(user)
            offered = partial(self.categories.choices, _("All"))
            self.fields["category"].choices = offered  # type: ignore[attr-defined]
        else:
            for name in ("unit", "category", "monthly", "day"):
                del self.fields[name]

    @property
    def by_unit(self) -> bool:
        return self.topic == Topic.LEARNING

    def layout(self) -> Layout:
        if not self.by_unit:
            return Layout("key", "what", Show("what", OWN, "question"), Fold(_("Add more"), "due_on"))
        more = ("category", "due_on", "monthly", Row("day"))
        hint = _("category, deadline, every month")
        return Layout("key", "unit", "what", Show("what", OWN, "question"), Fold(_("Add more"), *more, hint=hint))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == OWN and not cleaned.get("question", "").strip():
            self.add_error("question", ValidationError(_("Write what you want to know."), code="missing"))
        if self.by_unit and (unit := self.units.get(cleaned.get("unit", ""))):
            self.whom = leading(self.user, unit)
            if self.whom is None:
                raise_for = _("Nobody leads this unit below you today, so there is nobody to ask.")
                self.add_error("unit", ValidationError(raise_for, code="nobody"))
        if cleaned.get("monthly") and not cleaned.get("day"):
            self.add_error("day", ValidationError(_("Say on which day."), code="missing"))
        return cleaned

    @property
    def chosen_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"]) if self.by_unit else None

    @property
    def words(self) -> str:
        """The question, in the asker's language: it stays as it was asked."""
        chosen = self.questions.get(self.cleaned_data["what"])
        return str(chosen.words) if chosen else self.cleaned_data["question"]


class AnswerForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    answer = GuardedText(
        label=_("Your answer"),
        rows=4,
        max_length=2000,
        help_text=_("A few sentences are enough. Don't write names of users, pupils or patients."),
    )
