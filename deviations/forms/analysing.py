"""What is asked while looking for the cause of a case. Nothing must be answered but what a row is about."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.learning import STEPS, WHAT_IT_IS
from deviations.models import CauseAnalysis, CauseKind, Known, Moment, Much, Peers, Reach, Response, Weight, Why
from kvalitetslosen.ui.forms import Cards, PageForm

SHORT = 600  # characters


def filled_in(analysis: CauseAnalysis | None, *names: str) -> dict[str, Any]:
    return {name: getattr(analysis, name) for name in names} if analysis else {}


class WeighForm(PageForm, forms.Form):
    learn = forms.ChoiceField(
        label=_("How much is there to learn?"), choices=Much.choices, widget=Cards, required=False
    )
    known = forms.ChoiceField(
        label=_("Do we know already why it happens?"), choices=Known.choices, widget=Cards, required=False
    )
    reach = forms.ChoiceField(label=_("Where may it happen?"), choices=Reach.choices, widget=Cards, required=False)

    def __init__(self, data: Any = None, *, analysis: CauseAnalysis | None) -> None:
        super().__init__(data, initial=filled_in(analysis, "learn", "known", "reach"), prefix="weigh")


class ResponseForm(PageForm, forms.Form):
    response = forms.ChoiceField(
        label=_("How do you look into it?"), choices=Response.choices, widget=Cards(descriptions=WHAT_IT_IS)
    )

    def __init__(self, data: Any = None, *, analysis: CauseAnalysis | None, suggested: str = "") -> None:
        chosen = (analysis.response if analysis else "") or suggested
        super().__init__(data, initial={"response": chosen}, prefix="response")


class StepsForm(PageForm, forms.Form):
    """A tick and a note for each step of the chosen response."""

    def __init__(self, data: Any = None, *, analysis: CauseAnalysis) -> None:
        self.response = analysis.response
        rows = {row.number: row for row in analysis.steps.all() if row.response == self.response}
        initial: dict[str, Any] = {}
        for number, row in rows.items():
            initial |= {f"done_{number}": row.done, f"note_{number}": row.note}
        super().__init__(data, initial=initial, prefix="steps")
        for number, question in enumerate(STEPS.get(self.response, ()), 1):
            self.fields[f"done_{number}"] = forms.BooleanField(label=question.asks, required=False)
            self.fields[f"note_{number}"] = GuardedText(
                label=_("Note"), required=False, rows=2, max_length=SHORT, help_text=question.example
            )

    @property
    def steps(self) -> dict[int, tuple[bool, str]]:
        said = self.cleaned_data
        return {
            number: (said[f"done_{number}"], said[f"note_{number}"])
            for number in range(1, len(STEPS.get(self.response, ())) + 1)
        }


class RowForm(PageForm, forms.Form):
    """A row of one's own, or one that is there. ``key`` makes that a form sent twice is one row."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))


class MomentForm(RowForm):
    at = forms.DateTimeField(label=_("When?"), required=False, help_text=_("Leave it empty if nobody knows."))
    what = GuardedText(label=_("What happened?"), rows=2, max_length=SHORT)
    expected = GuardedText(
        label=_("What was meant to happen, and what differed?"),
        rows=2,
        max_length=SHORT,
        required=False,
        help_text=_("And what made sense then, for those who were there?"),
    )

    def __init__(self, data: Any = None, *, moment: Moment | None = None) -> None:
        initial: dict[str, Any] = {"key": uuid.uuid4()}
        if moment:
            initial = {"key": moment.key, "at": moment.at, "what": moment.what, "expected": moment.expected}
        super().__init__(data, initial=initial, prefix="moment")

    def clean_at(self) -> datetime.datetime | None:
        at: datetime.datetime | None = self.cleaned_data["at"]
        if at and at > timezone.now():
            raise ValidationError(_("That has not happened yet."))
        return at


class WhyForm(RowForm):
    under = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    text = GuardedText(
        label=_("Why did that happen?"),
        rows=2,
        max_length=SHORT,
        help_text=_("Not who, but what made it possible. “Human error” is never the last answer."),
    )
    weight = forms.ChoiceField(
        label=_("Is this a cause you can do something about?"),
        choices=[("", _("No, ask why once more")), *Weight.choices],
        required=False,
        widget=Cards,
    )
    kind = forms.ChoiceField(
        label=_("Where does it lie?"), choices=[("", _("Not a cause")), *CauseKind.choices], required=False
    )

    def __init__(self, data: Any = None, *, why: Why | None = None, under: Why | None = None) -> None:
        initial: dict[str, Any] = {"key": uuid.uuid4(), "under": under.key if under else None}
        if why:
            initial = {"key": why.key, "text": why.text, "weight": why.weight, "kind": why.kind}
        super().__init__(data, initial=initial, prefix="why")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("weight") and not cleaned.get("kind"):
            self.add_error("kind", _("Choose where the cause lies."))
        return cleaned


class PeersForm(PageForm, forms.Form):
    peers = forms.ChoiceField(
        label=_("Would three others with the same training have done the same in the same situation?"),
        choices=Peers.choices,
        widget=Cards,
    )
    note = GuardedText(label=_("What makes you think so?"), required=False, rows=2, max_length=SHORT)

    def __init__(self, data: Any = None, *, analysis: CauseAnalysis | None) -> None:
        initial = {"peers": analysis.peers, "note": analysis.peers_note} if analysis else {}
        super().__init__(data, initial=initial, prefix="peers")
