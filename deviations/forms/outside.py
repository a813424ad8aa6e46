"""What somebody without a log-in writes, and what the administrator decides about the form they write in."""

from __future__ import annotations

import datetime
import uuid
from copy import copy
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.models import Kind, OpenForm
from deviations.models import When as Happened
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.uploads import Examined, refuse_writers
from kvalitetslosen.identity_numbers import guard
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.ui.forms import Cards, CardsMultiple, Fold, PageForm, Show

TOLD = {
    Kind.DEVIATION: _("Something went wrong"),
    Kind.NEAR_MISS: _("Something nearly went wrong"),
    Kind.RISK: _("Something can go wrong"),
    Kind.PROPOSAL: _("I have a suggestion"),
    Kind.GOOD_PRACTICE: _("Something was good"),
}
"""The kinds in the words of those who don't work here."""

HAPPENED = [each for each in Happened.choices if each[0] in (Happened.TODAY, Happened.DATE, Happened.UNKNOWN)]
QUICKEST = 3  # seconds: nobody reads and writes faster
SALT = "deviations.outside"
MOST_PLACES = 300


def begun_now() -> str:
    """When the form was opened, so that a machine can't say it was long ago."""
    return signing.TimestampSigner(salt=SALT).sign("begun")


class NoMachine(PageForm, forms.Form):
    """A form that anybody may send, and no machine easily does."""

    begun = forms.CharField(widget=forms.HiddenInput, required=False)
    # Seen by no person, on screen or read aloud: whoever fills it in is a machine.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"begun": begun_now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("website") or not self._took_its_time(cleaned.get("begun", "")):
            # A person meets this once, when the browser has filled something in by itself or the page is very old.
            again: Any = copy(self.data)
            again["website"], again["begun"] = "", begun_now()
            self.data = again
            raise ValidationError(gettext("Look at it once more, and send it again in a few seconds."))
        return cleaned

    def _took_its_time(self, begun: str) -> bool:
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(begun, max_age=24 * 60 * 60)
        except signing.BadSignature:
            return False
        try:
            signer.unsign(begun, max_age=QUICKEST)
        except signing.SignatureExpired:
            return True
        return False


class OutsideForm(NoMachine):
    """What happened, where, when. All else may be left out."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What do you want to tell?"), widget=Cards)
    text = GuardedText(
        label=_("What happened?"),
        rows=5,
        help_text=_("Write about the event, not the person: no names, no identity numbers."),
    )
    place = forms.ChoiceField(label=_("Where?"), required=False)
    happened = forms.ChoiceField(label=_("When?"), choices=HAPPENED, widget=Cards)
    happened_on = forms.DateField(label=_("Which date?"), required=False)
    files = MultipleFileField(label=_("Photos and files"), required=False)  # type: ignore[assignment]
    about_leader = forms.BooleanField(
        label=_("It is about the leader of the place"),
        required=False,
        help_text=_("Then it goes past that leader, to the one above, and that leader does not see it."),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120, validators=[guard])
    reach = forms.CharField(
        label=_("Phone or e-mail"),
        required=False,
        max_length=200,
        validators=[guard],
        help_text=_(
            "Only the one who handles the case sees this. It is deleted thirty days after the case is closed."
        ),
    )

    def __init__(self, *args: Any, open_form: OpenForm, **kwargs: Any) -> None:
        kinds = [kind for kind in Kind if kind in open_form.kinds] or [Kind.DEVIATION]
        kwargs["initial"] = {
            "key": uuid.uuid4(), "kind": kinds[0], "happened": Happened.TODAY,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.open_form = open_form
        self.fields["kind"].choices = [(kind.value, TOLD[kind]) for kind in kinds]  # type: ignore[attr-defined]
        below = Unit.objects.in_subtree(open_form.unit).active().exclude(pk=open_form.unit_id)
        self.places = {str(each.pk): each for each in below.order_by("name", "pk")[:MOST_PLACES]}
        offered = [("", _("I don't know")), *((pk, each.name) for pk, each in self.places.items())]
        self.fields["place"].choices = offered  # type: ignore[attr-defined]
        self.fields["place"].error_messages["invalid_choice"] = _("Choose one of the places in the list.")
        if not self.places:
            del self.fields["place"]

    def layout(self) -> Layout:
        return Layout(
            "kind",
            "text",
            *(["place"] if self.places else []),
            "happened",
            Show("happened", Happened.DATE, "happened_on"),
            Fold(_("Photos and files"), "files"),
            "about_leader",
            Fold(_("May we reach you? You decide."), "name", "reach"),
        )

    def clean_happened_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["happened_on"]
        if self.data.get(self.add_prefix("happened")) != Happened.DATE:
            return None
        if day is None:
            raise ValidationError(_("Fill in the date it happened."))
        if day > timezone.localdate():
            raise ValidationError(_("The date has not been yet. When did it happen?"))
        return day

    def clean_files(self) -> list[Examined]:
        files: list[Examined] = self.cleaned_data["files"]
        refuse_writers(files)
        return files

    @property
    def report(self) -> dict[str, Any]:
        """What ``actions.report_anonymously`` takes."""
        taken = ("key", "kind", "text", "happened", "happened_on", "about_leader")
        unit = self.places.get(self.cleaned_data.get("place", ""), self.open_form.unit)
        return {name: self.cleaned_data[name] for name in taken} | {"unit": unit}

    @property
    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in ("name", "reach")}


class OpenFormForm(PageForm, forms.Form):
    """What the administrator decides about one form."""

    kinds = forms.MultipleChoiceField(
        label=_("What can be told?"),
        choices=[(kind.value, TOLD[kind]) for kind in Kind],
        widget=CardsMultiple,
    )
    welcome = forms.CharField(
        label=_("Words of welcome"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands at the top of the form and on the poster, in your own words. It may be left out."),
    )


class ForWhichUnitForm(PageForm, forms.Form):
    unit = forms.ChoiceField(
        label=_("For which unit?"),
        help_text=_("A form for a unit also takes what happened in the units below it."),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]
