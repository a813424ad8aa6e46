"""A number for each month."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures import periods
from kvalitetslosen.ui.forms import PageForm

MOST = 10_000_000


class DenominatorForm(PageForm, forms.Form):
    """The latest months, the newest first. An empty field says that it isn't known."""

    marks_optional = False

    def __init__(
        self, *args: Any, months: list[datetime.date], known: dict[datetime.date, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.months = months
        for month in months:
            stretch = periods.Stretch(month, month, periods.last_of_month(month))
            self.fields[self.name_of(month)] = forms.IntegerField(
                label=periods.name_of(periods.MONTH, stretch),
                required=False,
                min_value=0,
                max_value=MOST,
                initial=known.get(month),
                error_messages={"invalid": _("Write a whole number.")},
            )

    @staticmethod
    def name_of(month: datetime.date) -> str:
        return f"m{month:%Y%m}"

    @property
    def numbers(self) -> dict[datetime.date, int | None]:
        return {month: self.cleaned_data[self.name_of(month)] for month in self.months}
