"""What is ticked, and what the leader writes about a month of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.models import MILD, Category, Harm, Shift, Spot, TallySheet
from kvalitetslosen.ui.dates import written
from kvalitetslosen.ui.forms import Cards, CardsMultiple, PageForm

DAYS_BACK = 7
"""How far back one may tick: the last week, for what was forgotten on a busy shift."""

SHIFTS = ((datetime.time(7, 30), Shift.DAY), (datetime.time(15), Shift.EVENING), (datetime.time(22), Shift.NIGHT))
"""When the usual shifts of a care service begin. Only a guess for the form, which can be changed there."""


def shift_at(moment: datetime.datetime) -> Shift:
    """The shift people most likely are on."""
    clock = timezone.localtime(moment).time()
    begun = [shift for begins, shift in SHIFTS if begins <= clock]
    return begun[-1] if begun else Shift.NIGHT


def day_words(day: datetime.date, today: datetime.date) -> str:
    """Today, yesterday, and then the date."""
    if day == today:
        return gettext("Today")
    return gettext("Yesterday") if day == today - datetime.timedelta(days=1) else written(day)


class TickForm(PageForm, forms.Form):
    """One tap on ``tick`` sends what, and how mild. Shift and day are filled in."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    tick = forms.CharField(max_length=40, widget=forms.HiddenInput)
    shift = forms.ChoiceField(label=_("Which shift?"), choices=Shift.choices, widget=Cards)
    date = forms.ChoiceField(label=_("Which day?"))
    place = forms.ChoiceField(label=_("Where in the house?"), choices=Spot.choices, required=False)

    def __init__(self, *args: Any, categories: Sequence[Category], **kwargs: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "shift": shift_at(now),
            "date": today.isoformat(),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.categories = {str(each.pk): each for each in categories}
        days = [today - datetime.timedelta(days=n) for n in range(DAYS_BACK)]
        self.fields["date"].choices = [(day.isoformat(), day_words(day, today)) for day in days]  # type: ignore[attr-defined]

    def clean_date(self) -> datetime.date:
        return datetime.date.fromisoformat(self.cleaned_data["date"])

    def clean_tick(self) -> tuple[Category, str]:
        """What was tapped: the category and the harm."""
        category, _dot, harm = self.cleaned_data["tick"].partition(":")
        if category not in self.categories or harm not in (*MILD, Harm.SERIOUS):
            raise ValidationError(_("This is not ticked in the unit any more. Look at the page again."))
        return self.categories[category], harm

    @property
    def what(self) -> dict[str, Any]:
        """What ``actions.tick`` takes, besides who and where."""
        category, harm = self.cleaned_data["tick"]
        return {
            "category": category,
            "harm": harm,
            **{name: self.cleaned_data[name] for name in ("key", "shift", "date", "place")},
        }


class SheetForm(PageForm, forms.Form):
    """What a step of a month asks for. ``seen`` tells whether somebody else was faster."""

    marks_optional = True
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, sheet: TallySheet, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": sheet.events_count, "learning_note": sheet.learning_note}
        super().__init__(*args, **kwargs)


class CloseMonthForm(SheetForm):
    learning_note = GuardedText(
        label=_("What did we learn?"),
        rows=5,
        help_text=_("Those who ticked read this. What stands out, what do we try, what goes well?"),
    )


class ReopenMonthForm(SheetForm):
    note = GuardedText(label=_("Why should it be opened again?"))


class TickedForm(PageForm, forms.Form):
    """Which categories are ticked in a unit."""

    categories = forms.MultipleChoiceField(
        label=_("What is ticked here?"),
        required=False,
        widget=CardsMultiple,
        help_text=_("Choose what happens often and is mostly mild. The rest is reported as cases."),
    )

    def __init__(self, *args: Any, offered: Sequence[Category], chosen: Sequence[Category], **kwargs: Any) -> None:
        kwargs["initial"] = {"categories": [str(each.pk) for each in chosen]}
        super().__init__(*args, **kwargs)
        self.offered = {str(each.pk): each for each in offered}
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (pk, each.whole_label) for pk, each in self.offered.items()
        ]

    def clean_categories(self) -> list[Category]:
        return [self.offered[pk] for pk in self.cleaned_data["categories"]]
