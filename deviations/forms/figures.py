"""The question a report answers: which months."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deviations.reports import LONGEST, Period
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.ui.forms import FilterForm, Layout, Row

MONTHS_SHOWN = 12


class MonthInput(forms.DateInput):
    """The browser's own picker of months; a plain text field where it has none."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m")


class MonthField(forms.DateField):
    """A month, as the first of its days."""

    widget = MonthInput
    default_error_messages = {"invalid": _("Write the month as 2026-11: the year, a dash, the month.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m"], **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        month: datetime.date | None = super().clean(value)
        if month is not None and not 1990 <= month.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return month


class PeriodForm(FilterForm, forms.Form):
    """From and to, in whole months. What is left out is filled in: to this month, from eleven months before."""

    fra = MonthField(label=_("From"), required=False)
    til = MonthField(label=_("To and including"), required=False)
    enhet = forms.CharField(required=False, widget=forms.HiddenInput)

    def layout(self) -> Layout:
        return Layout(Row("fra", "til"), "enhet")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        last = cleaned.get("til") or this_month()
        first = cleaned.get("fra") or months_after(last, 1 - MONTHS_SHOWN)
        if first > last:
            self.add_error("til", _("The period ends before it begins. Choose a later month here."))
        elif len(Period(first, last)) > LONGEST:
            self.add_error("fra", _("The period is longer than ten years. Choose a later month here."))
        else:
            cleaned["period"] = Period(first, last)
        return cleaned


def period_of(query: QueryDict) -> tuple[Period, PeriodForm]:
    """The period asked for, and its form. The last twelve months when none is, or when it makes no sense."""
    if not ("fra" in query or "til" in query):
        period = Period.latest(MONTHS_SHOWN)
        return period, PeriodForm(initial={"fra": period.first, "til": period.last, "enhet": query.get("enhet", "")})
    form = PeriodForm(query)
    if form.is_valid():
        period = form.cleaned_data["period"]
        form.initial = {"fra": period.first, "til": period.last}
        return period, form
    return Period.latest(MONTHS_SHOWN), form
