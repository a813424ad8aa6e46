"""What the reporter and those who handle the case write to each other."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.steps import StepForm
from deviations.models import Naming


class MessageForm(StepForm):
    text = GuardedText(label=_("Message"))


class AskForm(StepForm):
    text = GuardedText(
        label=_("What do you want to know?"), help_text=_("The reporter gets a message and can answer.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.deviation.naming == Naming.ANONYMOUS:
            self.fields["text"].help_text = _("The one who reported can answer with the case code.")


class AnswerForm(StepForm):
    text = GuardedText(label=_("Your answer"))


class CommentForm(StepForm):
    """What those who watch over a case say to it. Said to the handler unless one chooses otherwise."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    text = GuardedText(
        label=_("Comment"), max_length=3000, help_text=_("Whoever handles the case and the leaders above read it.")
    )
    for_reporter = forms.BooleanField(label=_("The reporter may read it too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def layout(self) -> Layout:
        return Layout("key", "seen", "text", "for_reporter")


class RemoveFileForm(StepForm):
    reason = GuardedText(
        label=_("Why is it deleted?"),
        max_length=500,
        help_text=_("This stays in the case. Say what is wrong with the file, not who can be seen or heard in it."),
    )


class IdentityForm(StepForm):
    reason = GuardedText(
        label=_("Why do you need to know?"), help_text=_("The reporter sees that you looked, when, and this reason.")
    )
