"""Making a token."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.open_figures.access import may_make_own
from kvalitetslosen.open_figures.actions import LONGEST
from kvalitetslosen.open_figures.models import Reads
from kvalitetslosen.organisation.access import areas, is_administrator
from kvalitetslosen.organisation.forms import Suggesting, unit_field
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.search import unit_label, units_kept_by
from kvalitetslosen.ui.forms import Cards, DateInput, PageForm

USUAL = datetime.timedelta(days=180)


class TokenForm(PageForm, Suggesting, forms.Form):
    name = forms.CharField(
        label=_("What is it for?"), max_length=60, help_text=_("Power BI for the leaders’ meeting, for instance.")
    )
    reads = forms.ChoiceField(label=_("What may the program read?"), widget=Cards)
    unit = unit_field(
        _("Which unit’s figures?"), required=False, help_text=_("The municipality or a unit in it, with those below.")
    )
    expires_on = forms.DateField(label=_("Last day"), widget=DateInput, help_text=_("At most a year from today."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"expires_on": timezone.localdate() + USUAL}
        super().__init__(*args, **kwargs)
        own, figures = may_make_own(user), is_administrator(user)
        if figures:
            self.initial["unit"] = unit_label(areas(user)[0])
        reads = self.fields["reads"]
        assert isinstance(reads, forms.ChoiceField)
        reads.choices = [each for each in Reads.choices if (own if each[0] == Reads.RIGHTS else figures)]
        if figures:
            self.suggest("unit", partial(units_kept_by, user))
        else:
            del self.fields["unit"]
        if len(reads.choices) == 1:  # nothing to choose
            reads.initial, reads.widget = reads.choices[0][0], forms.HiddenInput()
            self.order_fields(["reads"])
            if figures:
                self.fields["unit"].required = True

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_expires_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise ValidationError(gettext("The last day is today or later, and at most a year away."))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("reads") == Reads.RIGHTS:
            found["unit"] = None
        elif found.get("reads") == Reads.FIGURES and not found.get("unit") and "unit" not in self.errors:
            self.add_error("unit", gettext("Choose the unit whose figures it reads."))
        return found
