"""What the steps of a version's life ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents import access
from documents.forms.fields import GuardedText, PersonField
from documents.models import ReviewRules, Version
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.routing import stand_ins
from kvalitetslosen.ui.forms import PageForm

if TYPE_CHECKING:
    ReviewRulesModelForm = forms.ModelForm[ReviewRules]
else:
    ReviewRulesModelForm = forms.ModelForm


class StepForm(PageForm, forms.Form):
    """What a step asks for. ``seen`` tells whether somebody else did something in between."""

    marks_optional = True
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, version: Version, note_label: Any = "", **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": version.events_count}
        super().__init__(*args, **kwargs)
        self.version = version
        if note_label and "note" in self.fields:
            self.fields["note"].label = note_label

    def what(self) -> dict[str, Any]:
        """What the verb takes, besides the version and who does it."""
        return dict(self.cleaned_data)


class NoteForm(StepForm):
    note = GuardedText(label=_("Why?"))


class OptionalNoteForm(StepForm):
    note = GuardedText(label=_("Note"), required=False)


class SendForm(StepForm):
    """Who approves: the nearest leader who hasn't written it, unless another is chosen."""

    approver = PersonField(
        User.objects.none(),
        label=_("Who approves it?"),
        empty_label=_("Choose somebody"),
        help_text=_("Leaders of the unit or above, and the quality coordinator. Nobody approves what they wrote."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["approver"]
        assert isinstance(field, PersonField)
        field.queryset = access.approvers_of(self.version)
        approvers = list(field.queryset)
        field.may = {user.pk for user in approvers}
        field.away = stand_ins(field.may)
        if asked := self.version.approver_for_id or self.version.approver_id:
            self.initial["approver"] = asked
        elif usual := access.usual_approver(self.version, approvers, field.away):
            self.initial["approver"] = usual.pk
