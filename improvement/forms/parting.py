"""What somebody writes who lets another do a part of an action."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.people import colleagues_like, not_past
from improvement.forms.acting import OwnerField, refuse_owner
from improvement.models import Action
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import written
from kvalitetslosen.ui.forms import DateInput, PageForm
from kvalitetslosen.ui.lookup import LookupField


class PartForm(PageForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}))
    what = GuardedText(label=_("Which part?"), max_length=500, rows=2)
    owner = OwnerField(help_text=_("Write the beginning of the name. They see the whole action, and tick their part."))
    due_on = forms.DateField(label=_("By when?"), required=False, validators=[not_past], widget=DateInput)

    def __init__(self, *args: Any, user: User, action: Action, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["due_on"].help_text = _("Left empty, it is the deadline of the action: %(day)s.") % {
            "day": written(action.deadline)
        }
        owner = self.fields["owner"]
        assert isinstance(owner, LookupField)
        owner.suggest_in(self, "owner", partial(colleagues_like, user))

    def layout(self) -> Layout:
        return Layout("key", "what", "owner", "due_on")

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        refuse_owner(owner, municipality_id=self.action.level_0, deviation=self.action.deviation)
        return owner

    def clean_due_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["due_on"]
        if day and day > self.action.deadline:
            raise ValidationError(
                _("The whole action is due by %(day)s, so its parts are too."),
                params={"day": written(self.action.deadline)},
                code="late",
            )
        return day
