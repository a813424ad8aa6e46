"""What the steps of a version's life ask for."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents import access
from documents.actions.many import approvers
from documents.forms.fields import GuardedText, PersonField
from documents.models import ReviewRules, Version
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.routing import stand_ins
from kvalitetslosen.ui.forms import DateInput, Fold, PageForm

if TYPE_CHECKING:
    ReviewRulesModelForm = forms.ModelForm[ReviewRules]
else:
    ReviewRulesModelForm = forms.ModelForm


LONGEST_WAIT = datetime.timedelta(days=730)


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


class AppliesFrom(forms.DateField):
    """A day to come from which something applies; empty for at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Applies from"), required=False, widget=DateInput(), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        today = timezone.localdate()
        if day and not today <= day <= today + LONGEST_WAIT:
            raise ValidationError(gettext("Choose a day from today and within two years."))
        return day


MORE = ("approver_2", "approver_3", "approver_4")


class SendForm(StepForm):
    """Who approves: the nearest leader who hasn't written it, unless another is chosen; others too where one likes."""

    approver = PersonField(
        User.objects.none(),
        label=_("Who approves it?"),
        empty_label=_("Choose somebody"),
        help_text=_("Leaders of the unit or above, and the quality coordinator. Nobody approves what they wrote."),
    )
    approver_2 = PersonField(User.objects.none(), label=_("Second approver"), required=False, empty_label=_("Nobody"))
    approver_3 = PersonField(User.objects.none(), label=_("Third approver"), required=False, empty_label=_("Nobody"))
    approver_4 = PersonField(User.objects.none(), label=_("Fourth approver"), required=False, empty_label=_("Nobody"))
    in_turn = forms.BooleanField(
        label=_("One after another, in this order"),
        required=False,
        help_text=_("Otherwise they are asked at the same time. It applies when the last has approved."),
    )
    applies_from = AppliesFrom(help_text=_("Empty: as soon as it is approved."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = access.approvers_of(self.version)
        approvers = list(may)
        pks = {user.pk for user in approvers}
        away = stand_ins(pks)
        for name in ("approver", *MORE):
            field = self.fields[name]
            assert isinstance(field, PersonField)
            field.queryset, field.may, field.away = may, pks, away
        parts = list(self.version.approvals.all())
        last = max((each.round for each in parts), default=0)
        asked = [each.approver_for_id or each.approver_id for each in parts if each.round == last]
        self.initial["applies_from"] = self.version.applies_from
        if asked:
            self.initial.update(zip(("approver", *MORE), asked, strict=False))
            self.initial["in_turn"] = len({each.position for each in parts if each.round == last}) > 1
        elif usual := access.usual_approver(self.version, approvers, away):
            self.initial["approver"] = usual.pk
        if len(approvers) < 2:
            for name in (*MORE, "in_turn"):
                del self.fields[name]
        else:
            for name in MORE[len(approvers) - 1 :]:
                del self.fields[name]

    def layout(self) -> Layout:
        more = [name for name in (*MORE, "in_turn") if name in self.fields]
        fold = [Fold(_("More who must approve"), *more, opened=bool(self.initial.get("approver_2")))] if more else []
        return Layout("seen", "approver", *fold, "applies_from")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [each for name in ("approver", *MORE) if (each := cleaned.get(name))]
        if len(set(chosen)) < len(chosen):
            self.add_error(None, gettext("Choose each person once."))
        return cleaned

    def what(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "seen": given["seen"],
            "approver": given["approver"],
            "more": [each for name in MORE if (each := given.get(name))],
            "in_turn": given.get("in_turn", False),
            "applies_from": given["applies_from"],
        }


class PutInForceForm(StepForm):
    applies_from = AppliesFrom(help_text=_("Empty: at once."))


class ManyForm(PageForm, forms.Form):
    """What a step for many documents asks for, besides which."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class SendManyForm(ManyForm):
    approver = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who approves them?"),
        required=False,
        empty_label=_("The nearest leader of each, who hasn’t written it"),
    )
    marks_optional = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        field = self.fields["approver"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = approvers(user)
