"""What a team is told of a case, and what they say about it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.models import Deviation, Naming, Reflection
from kvalitetslosen.ui.forms import PageForm

SHORT = 600  # characters: what can be read on a wall


class TakeToTeamForm(PageForm, forms.Form):
    told = GuardedText(
        label=_("What happened, as the team is told it"),
        max_length=SHORT,
        rows=5,
        help_text=_("A few sentences without names, ages, dates and places that tell who it was about."),
    )
    guides = {"told": SHORT}

    def __init__(self, *args: Any, deviation: Deviation, planned: Reflection | None, **kwargs: Any) -> None:
        told = planned.told if planned else deviation.text[:SHORT]
        super().__init__(*args, initial={"told": told}, **kwargs)
        if deviation.naming != Naming.NAMED:
            self.fields["told"].help_text = _(
                "A few sentences without names, ages, dates and places that tell who it was about. The reporter hid "
                "their name: write it so that nobody can tell who reported, either."
            )


class HoldForm(PageForm, forms.Form):
    """The four questions. What is tried is the one that must have an answer: without it nothing comes of the talk."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    why = GuardedText(label=_("Why did it make sense then?"), required=False, max_length=SHORT)
    typical = GuardedText(label=_("What is typical of this?"), required=False, max_length=SHORT)
    tries = GuardedText(
        label=_("What do we try?"),
        max_length=SHORT,
        help_text=_("Stands on the screen on the wall too, if you have one."),
    )
    held_on = forms.DateField(label=_("Talked about on"))

    def __init__(self, *args: Any, reflection: Reflection, **kwargs: Any) -> None:
        initial = {"seen": reflection.events_count, "held_on": timezone.localdate()}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_held_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day has not been yet."))
        return day
