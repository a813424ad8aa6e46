"""What the whistle-blower, the recipients and the administrator write."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.forms.outside import NoMachine
from deviations.forms.people import colleagues_like, not_past, person_label
from deviations.whistle.models import Matter, WhistleRecipient, WhistleSettings
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.uploads import Examined, refuse_writers
from kvalitetslosen.identity_numbers import guard
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Cards, CardsMultiple, Fold, PageForm, Show
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    SettingsModelForm = forms.ModelForm[WhistleSettings]
else:
    SettingsModelForm = forms.ModelForm

NAMED, ANONYMOUS = "named", "anonymous"
NAMING = [(NAMED, _("With my name")), (ANONYMOUS, _("Without a name"))]
EXPLAINED = {
    NAMED: _("Only the recipients can look at your name, and each look is kept in the case’s own journal."),
    ANONYMOUS: _("Nobody’s name is stored. What you write may still tell who you are."),
}
TURN_TO = _(
    "the head of the municipal council’s control committee, Arbeidstilsynet, or the safety representative or union "
    "representative"
)


class WhistleForm(NoMachine):
    """What is blameworthy. All but the text may be left out."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = GuardedText(
        label=_("What is blameworthy?"),
        rows=7,
        max_length=20000,
        help_text=_("What have you seen, heard or been part of? Say what you know, and what you only believe."),
    )
    matter = forms.ChoiceField(
        label=_("What is it most like?"), choices=[("", _("Don't know")), *Matter.choices], required=False
    )
    place = forms.CharField(label=_("Where is it?"), required=False, max_length=200, validators=[guard])
    happened = forms.CharField(
        label=_("When was it, or since when?"), required=False, max_length=200, validators=[guard]
    )
    files = MultipleFileField(label=_("Photos and files"), required=False)  # type: ignore[assignment]
    concerns = forms.MultipleChoiceField(
        label=_("Is it about one of those who receive it?"),
        required=False,
        widget=CardsMultiple,
        help_text=_("Then it goes past that one, who doesn’t see that it is there."),
    )
    naming = forms.ChoiceField(
        label=_("Your name"), choices=NAMING, widget=Cards(descriptions=EXPLAINED), required=False
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120, validators=[guard])
    reach = forms.CharField(label=_("Phone or e-mail"), required=False, max_length=200, validators=[guard])

    def __init__(
        self, *args: Any, recipients: list[WhistleRecipient], instead: str, sender: User | None, **kwargs: Any
    ):
        """``sender``: who is logged in; their name stands in the form for those who want to give it."""
        known = {"name": sender.name, "reach": sender.email} if sender else {}
        kwargs["initial"] = {"key": uuid.uuid4(), "naming": ANONYMOUS, **known}
        super().__init__(*args, **kwargs)
        self.instead = instead.strip() or str(TURN_TO)
        self.recipients = {str(each.user_id): each.user for each in recipients}
        self.fields["concerns"].choices = [(pk, each.name) for pk, each in self.recipients.items()]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        return Layout(
            "text",
            Fold(_("Say more"), "matter", "place", "happened", "files", hint=_("what, where, when, photo")),
            "concerns",
            "naming",
            Show("naming", NAMED, "name", "reach"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["naming"] = cleaned.get("naming") or ANONYMOUS
        if cleaned["naming"] == NAMED:
            if not (cleaned.get("name") or "").strip() and "name" not in self.errors:
                self.add_error("name", _("Write your name, or choose to send it without."))
        else:
            cleaned["name"] = cleaned["reach"] = ""
            try:
                refuse_writers(cleaned.get("files") or [])
            except ValidationError as refusal:
                self.add_error("files", refusal)
        if cleaned.get("concerns") and len(cleaned["concerns"]) == len(self.recipients):
            self.add_error(
                "concerns",
                gettext("Then nobody here can receive it. Turn to %(who)s instead.") % {"who": self.instead},
            )
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What ``actions.blow_the_whistle`` takes, but for the municipality."""
        names = ("key", "text", "matter", "place", "happened", "name", "reach")
        return {name: self.cleaned_data[name] for name in names} | {
            "concerns": [self.recipients[pk] for pk in self.cleaned_data["concerns"]],
            "uploads": self.cleaned_data["files"],
        }


class WriteForm(PageForm, forms.Form):
    """More to the recipients, or an answer from them."""

    text = GuardedText(label=_("Message"), rows=4)


class ReopenForm(PageForm, forms.Form):
    text = GuardedText(label=_("Why should it be opened again?"))


class FilesForm(PageForm, forms.Form):
    files = MultipleFileField(label=_("Photos and files"))  # type: ignore[assignment]

    def clean_files(self) -> list[Examined]:
        files: list[Examined] = self.cleaned_data["files"]
        refuse_writers(files)
        return files


# Steps of the recipients


class AcknowledgeForm(PageForm, forms.Form):
    text = GuardedText(label=_("Receipt to the whistle-blower"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        said = gettext(
            "We have received what you told us, and will look into it. Look in here with your code: we may need to "
            "ask you something. You are protected against retaliation; write here at once if you meet any."
        )
        kwargs["initial"] = {"text": said}
        super().__init__(*args, **kwargs)


class ExamineForm(PageForm, forms.Form):
    text = GuardedText(
        label=_("How will it be looked into, and by whom?"),
        required=False,
        help_text=_("A note among the recipients. Whoever it is about is to be heard too."),
    )


class ConcludeForm(PageForm, forms.Form):
    outcome = GuardedText(
        label=_("Answer to the whistle-blower"),
        rows=5,
        help_text=_("What was found out, and what is done? Say no more of others than the whistle-blower may know."),
    )


class PassOnForm(ConcludeForm):
    passed_to = forms.CharField(
        label=_("Which authority has it now?"),
        max_length=200,
        help_text=_("Arbeidstilsynet, Statsforvalteren, Datatilsynet or the police, for example."),
    )

    field_order = ["passed_to", "outcome"]


class DeclineForm(PageForm, forms.Form):
    outcome = GuardedText(
        label=_("Answer to the whistle-blower"),
        rows=5,
        help_text=_(
            "Thank them, and say where it belongs: a deviation under «Report», one’s own leader, the union or safety "
            "representative. Nothing is moved out of here for them."
        ),
    )


class LookAfterForm(PageForm, forms.Form):
    text = GuardedText(
        label=_("How is the whistle-blower treated?"),
        help_text=_(
            "Ask: have shifts, tasks, pay or how colleagues and leaders behave got worse since? Retaliation is "
            "forbidden (arbeidsmiljøloven § 2 A-4)."
        ),
    )
    again_on = forms.DateField(
        label=_("Look once more on"), required=False, validators=[not_past], help_text=_("Empty when it is enough.")
    )


# What the administrator decides


class SettingsForm(PageForm, SettingsModelForm):
    class Meta:
        model = WhistleSettings
        fields = ("receipt_days", "protect_days", "keep_months", "instead")
        widgets = {"instead": forms.Textarea(attrs={"rows": 2})}

    after = {"receipt_days": _("days"), "protect_days": _("days"), "keep_months": _("months")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep_months"].help_text = _(
            "Counted from when the case ended. That there was a case, and who did what when, is kept."
        )
        self.fields["instead"].help_text = _("Empty: the control committee, Arbeidstilsynet, the representatives.")


class AppointForm(PageForm, forms.Form):
    who = LookupField(
        url_name="deviations:find_colleague",
        label_of=person_label,
        label=_("Who is to receive?"),
        max_length=200,
        help_text=_("Write the beginning of the name. Not somebody who keeps the accounts as administrator."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "who", partial(colleagues_like, user))
