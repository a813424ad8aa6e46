"""What a colleague is asked, and what they answer."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.actions import may_be_asked, may_show
from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past, person_label
from deviations.models import Asking, Deviation, Task
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Cards, PageForm
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

USUAL_TIME = datetime.timedelta(days=7)
WHAT_THEY_SEE: Mapping[str, _StrOrPromise] = {
    Asking.ANALYSIS: _("They read what happened and the analysis so far, and add to it.")
}
CANNOT_BE_ASKED = _("%(name)s can't be asked about this case. Choose somebody else.")


class AskColleagueForm(PageForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    asking = forms.ChoiceField(
        label=_("What do you need?"), choices=Asking.choices, widget=Cards(descriptions=WHAT_THEY_SEE)
    )
    given_to = LookupField(
        url_name="deviations:find_colleague",
        label_of=person_label,
        label=_("Whom do you ask?"),
        max_length=200,
        help_text=_("Write the beginning of the name."),
    )
    text = GuardedText(label=_("What do you want to know, or have done?"), max_length=1000)
    deadline = forms.DateField(label=_("By when?"), validators=[not_past])
    shows = forms.BooleanField(
        label=_("Let them read what the reporter wrote"),
        required=False,
        help_text=_("Without the reporter's name, and until they have answered. The reporter sees whom you ask."),
    )

    def __init__(self, *args: Any, deviation: Deviation, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "asking": Asking.QUESTION,
            "deadline": timezone.localdate() + USUAL_TIME,
            "shows": True,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.deviation, self.user = deviation, user
        if not may_show(deviation):
            del self.fields["shows"]
            asking = self.fields["asking"]
            assert isinstance(asking, forms.ChoiceField)
            asking.choices = [(value, label) for value, label in Asking.choices if value != Asking.ANALYSIS]
            self.fields["text"].help_text = _(
                "They read only what you write here, nothing else of the case. Don't write who is involved."
            )
        field = self.fields["given_to"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "given_to", partial(colleagues_like, user))

    def layout(self) -> Layout:
        return Layout("key", "given_to", "asking", "text", "deadline", *(["shows"] if "shows" in self.fields else []))

    def clean_given_to(self) -> User:
        person: User = self.cleaned_data["given_to"]
        if person.pk == self.user.pk:
            raise ValidationError(_("You can't ask yourself. Choose somebody else."))
        if person.pk == self.deviation.reporter_id:
            raise ValidationError(_("The reporter is asked in the case itself: “Ask the reporter”."))
        if not may_be_asked(person, self.deviation):
            raise ValidationError(CANNOT_BE_ASKED, params={"name": person.name})
        return person

    def asked(self) -> dict[str, Any]:
        """What ``actions.ask_colleague`` takes."""
        return {"shows": False, **self.cleaned_data}


class AnswerTaskForm(PageForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    answer = GuardedText(label=_("Your answer"), max_length=3000)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": task.events_count}, **kwargs)
        if task.asking == Asking.JOB:
            self.fields["answer"].label = _("What was done?")
        if task.opens_analysis:
            self.fields["answer"].label = _("Anything else you want to say?")
            self.fields["answer"].required = False

    def clean_answer(self) -> str:
        """What stands in the analysis is answer enough."""
        answer: str = self.cleaned_data["answer"]
        return answer or gettext("I have written in the cause analysis.")
