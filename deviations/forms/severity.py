"""Placing a case in the risk matrix."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deviations.models import Category, Deviation
from kvalitetslosen.ui.forms import Cards

CONSEQUENCES = [
    ("1", _("1 – Insignificant")),
    ("2", _("2 – Less serious")),
    ("3", _("3 – Serious")),
    ("4", _("4 – Very serious")),
    ("5", _("5 – Critical")),
]


# For people first, then for service, economy, environment and privacy.
WHAT_IT_MEANS = {
    "1": _("No harm. Nothing stopped; less than NOK 10 000."),
    "2": _(
        "First aid, short discomfort. A short delay; less than NOK 50 000; one person's ordinary data to one other."
    ),
    "3": _(
        "Treatment, short sick leave, fear. A service partly down for a day; less than NOK 250 000; "
        "sensitive data of a few."
    ),
    "4": _(
        "Hospital, perhaps lasting harm, several hurt. A service down for days; less than NOK 1 000 000; "
        "sensitive data of many."
    ),
    "5": _(
        "Death, permanent harm, serious violence. A service down for a week; more than NOK 1 000 000; a large leak."
    ),
}


PROBABILITIES = [
    ("1", _("1 – Very unlikely")),
    ("2", _("2 – Unlikely")),
    ("3", _("3 – Possible")),
    ("4", _("4 – Likely")),
    ("5", _("5 – Very likely")),
]


HOW_OFTEN = {
    "1": _("Rarer than every ten years"),
    "2": _("Every one to ten years"),
    "3": _("About yearly"),
    "4": _("About monthly"),
    "5": _("Weekly or more often"),
}


class SeverityFields(forms.Form):
    consequence = forms.TypedChoiceField(
        label=_("How serious was it, or could it have been?"),
        choices=CONSEQUENCES,
        coerce=int,
        widget=Cards(descriptions=WHAT_IT_MEANS),
    )
    probability = forms.TypedChoiceField(
        label=_("How likely is it to happen again?"),
        choices=PROBABILITIES,
        coerce=int,
        widget=Cards(descriptions=HOW_OFTEN),
    )


def severity_filled_in(deviation: Deviation) -> dict[str, Any]:
    return {"consequence": deviation.consequence or "", "probability": deviation.probability or ""}


def suggesting(deviation: Deviation) -> Category | None:
    """The category that suggests a severity for the case, as long as none is set."""
    return deviation.category.severity_from if deviation.category and not deviation.severity else None


def severity_suggested(deviation: Deviation) -> dict[str, Any]:
    """What the category suggests: filled in, and set by whoever sends the form."""
    says = suggesting(deviation)
    return {"consequence": says.consequence, "probability": says.probability} if says else {}
