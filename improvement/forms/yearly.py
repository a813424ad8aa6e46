"""What leaders and quality contacts write about the year wheel. Forms check and clean; they save nothing."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like
from improvement.forms.acting import OwnerField, labelled
from improvement.models import Recurrence, YearTask
from improvement.year_sets import SETS
from kvalitetslosen.months import this_month
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, DateTimeInput, Fold, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField

MOST_UNITS = 100  # offered at once
LONGEST = 600  # minutes


def units_to_plan(user: User) -> list[Unit]:
    """The units the person leads, or is quality contact for with those below; the topmost first."""
    areas = user.standing.units(Role.QUALITY_CONTACT) + user.standing.units(Role.LEADER)
    rows = Unit.objects.active().in_any_subtree(areas).exclude(kind=Unit.Kind.TEAM)
    return list(rows.order_by("depth", "name", "pk")[:MOST_UNITS])


def month_choices() -> list[tuple[str, str]]:
    return [(str(number), str(MONTHS[number]).capitalize()) for number in range(1, 13)]


def year_choices() -> list[tuple[str, str]]:
    year = timezone.localdate().year
    return [(str(each), str(each)) for each in (year, year + 1)]


class LayForm(PageForm, forms.Form):
    """Ready sets for one unit or several."""

    sets = forms.MultipleChoiceField(
        label=_("Which sets?"),
        choices=[(each.name, each.label) for each in SETS.values()],
        widget=CardsMultiple(descriptions={each.name: each.explained for each in SETS.values()}),
    )
    year = forms.ChoiceField(label=_("Which year?"), choices=year_choices)
    units = forms.MultipleChoiceField(
        label=_("For which units?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The leader of each answers for its tasks, can change them and give them to others."),
    )

    def __init__(self, *args: Any, user: User, unit: Unit | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        # Late in the year it is the next one that is planned.
        kwargs["initial"] = {"sets": ["unit"], "year": str(today.year + (today.month >= 10))}
        super().__init__(*args, **kwargs)
        self.offered = {str(each.pk): each for each in units_to_plan(user)}
        if unit is not None and str(unit.pk) in self.offered:
            self.fields["units"].initial = [str(unit.pk)]
        elif len(self.offered) == 1:
            self.fields["units"].initial = list(self.offered)
        top = min((each.depth for each in self.offered.values()), default=0)
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (pk, f"{'– ' * (each.depth - top)}{each.name}") for pk, each in self.in_order()
        ]

    def in_order(self) -> list[tuple[str, Unit]]:
        """As a tree: each unit with those below it after it."""
        below: dict[int | None, list[Unit]] = {}
        for each in self.offered.values():
            parent = each.parent_id if str(each.parent_id) in self.offered else None
            below.setdefault(parent, []).append(each)

        def walk(parent: int | None) -> list[tuple[str, Unit]]:
            return [found for each in below.get(parent, ()) for found in ((str(each.pk), each), *walk(each.pk))]

        return walk(None)

    def layout(self) -> Layout:
        return Layout("sets", "year", "units")

    @property
    def chosen(self) -> list[Unit]:
        return [self.offered[pk] for pk in self.cleaned_data["units"]]


class TaskFields(PageForm, forms.Form):
    what = GuardedText(label=_("What is to be done?"), max_length=200, rows=2)
    done_is = GuardedText(
        label=_("When is it done?"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("What you will see then: “Each temp has confirmed what they read.”"),
    )
    month = forms.ChoiceField(label=_("In which month?"), choices=month_choices)
    year = forms.ChoiceField(label=_("Which year?"), choices=year_choices)
    minutes = forms.IntegerField(
        label=_("How many minutes do you set aside?"),
        min_value=0,
        max_value=LONGEST,
        initial=60,
        help_text=_("They stand as taken in your own calendar, if it follows «Calendar». 0: none."),
    )

    def day(self) -> datetime.date:
        return datetime.date(int(self.cleaned_data["year"]), int(self.cleaned_data["month"]), 1)


class PlanForm(TaskFields):
    """A duty of one's own."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    recurrence = forms.ChoiceField(label=_("How often?"), choices=Recurrence.choices, widget=Cards)
    owner = OwnerField(help_text=_("Write the beginning of the name."))
    unit = forms.ChoiceField(label=_("For which unit?"))

    def __init__(self, *args: Any, user: User, unit: Unit | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "month": str(today.month),
            "year": str(today.year),
            "recurrence": Recurrence.YEARLY,
            "owner": labelled(user),
            "unit": str(unit.pk) if unit else "",
        }
        super().__init__(*args, **kwargs)
        self.user = user
        self.units = {str(each.pk): each for each in units_to_plan(user)}
        self.fields["unit"].choices = [(pk, each.name) for pk, each in self.units.items()]  # type: ignore[attr-defined]
        owner = self.fields["owner"]
        assert isinstance(owner, LookupField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def layout(self) -> Layout:
        more = Fold(_("Add more"), "done_is", "minutes", hint=_("when it is done, time set aside"))
        return Layout("key", "what", Row("month", "year"), "recurrence", "owner", "unit", more)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"month", "year"} <= set(cleaned) and self.day() < this_month():
            self.add_error(
                "month", ValidationError(_("That month is over. Choose this one or a later one."), code="past")
            )
        return cleaned

    def planned(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "key": cleaned["key"],
            "unit": self.units[cleaned["unit"]],
            "what": cleaned["what"],
            "done_is": cleaned["done_is"],
            "month": self.day(),
            "owner": cleaned["owner"],
            "minutes": cleaned["minutes"],
            "recurrence": cleaned["recurrence"],
        }


class YearStepForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, task: YearTask, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": task.events_count, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.task, self.user = task, user

    def taken(self) -> dict[str, Any]:
        """What the verb takes, besides the task and who does it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class TickForm(YearStepForm):
    words = GuardedText(
        label=_("What came of it?"),
        max_length=1000,
        rows=2,
        help_text=_("A word is enough: “Held 12 May, all took part.”"),
    )


class SkipForm(YearStepForm):
    words = GuardedText(label=_("Why not this time?"), max_length=1000, rows=2)


class AgainForm(YearStepForm):
    """Asks for nothing."""


class ChangeForm(YearStepForm, TaskFields):
    starts_at = forms.DateTimeField(
        label=_("When do you set the time aside?"),
        required=False,
        widget=DateTimeInput,
        help_text=_("Left empty, it is nine o’clock on the first working day after the first week."),
    )

    def __init__(self, *args: Any, task: YearTask, **kwargs: Any) -> None:
        initial = {
            "what": task.what,
            "done_is": task.done_is,
            "month": str(task.month.month),
            "year": str(task.month.year),
            "minutes": task.minutes,
            "starts_at": task.starts_at,
        }
        super().__init__(*args, task=task, initial=initial, **kwargs)
        years = {task.month.year, *(int(value) for value, _label in year_choices())}
        self.fields["year"].choices = [(str(each), str(each)) for each in sorted(years)]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        return Layout("seen", "what", "done_is", Row("month", "year"), "minutes", "starts_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"month", "year"} <= set(cleaned):
            same = YearTask.objects.filter(series=self.task.series, month=self.day()).exclude(pk=self.task.pk)
            if same.exists():
                self.add_error(
                    "month", ValidationError(_("It is in that month already. Choose another."), code="twice")
                )
            at = cleaned.get("starts_at")
            if at and timezone.localdate(at).replace(day=1) != self.day():
                self.add_error("starts_at", ValidationError(_("Choose a day in the month of the task."), code="other"))
        return cleaned

    def taken(self) -> dict[str, Any]:
        values = super().taken()
        values.pop("year")
        return values | {"month": self.day()}


class GiveForm(YearStepForm):
    owner = OwnerField(label=_("Who does it from now on?"), help_text=_("Write the beginning of the name."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, LookupField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))
