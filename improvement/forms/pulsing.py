"""The pulse: six questions and a number, one minute."""

from __future__ import annotations

from typing import Any

from django import forms

from improvement.models import WORKING
from improvement.pulse_questions import MOTIVATED, MOTIVATION, QUESTIONS, SCALE
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, PageForm


class PulseForm(PageForm, forms.Form):
    """All are asked of all: were some left out, how many answered would differ from one question to the next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words, choices=SCALE, coerce=int, widget=forms.RadioSelect
            )
        numbers = [(n, str(n)) for n in range(1, 11)]
        self.fields[MOTIVATION] = forms.TypedChoiceField(label=MOTIVATED, choices=numbers, coerce=int, widget=Cards)


def works_in(user: User) -> Unit | None:
    """The unit the person answers for: where they are employed, else where they lead."""
    units = [unit for role in WORKING for unit in user.standing.units(role)]
    home = user.standing.home
    return home if home in units else next(iter(units), None)
