"""What the forms of one step share."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm


class StepForm(PageForm, forms.Form):
    """What a step asks for. ``seen`` tells whether somebody else did something in between.

    ``of``: what the row is called that the step is taken with, here and by the verb.
    """

    of: ClassVar[str]
    asks_nothing: ClassVar[bool] = False

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, user: User, note_label: Any = "", **kwargs: Any) -> None:
        row = kwargs.pop(self.of)
        kwargs["initial"] = {"seen": row.events_count, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        setattr(self, self.of, row)
        self.user = user
        if "note" in self.fields and note_label:
            self.fields["note"].label = note_label

    def what(self) -> dict[str, Any]:
        """What the verb takes, besides the row and who does it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}
