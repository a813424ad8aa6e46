"""What the administrator decides about mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.identity_numbers import GuardedCharField
from kvalitetslosen.notifications.messages import Worded
from kvalitetslosen.notifications.models import MailSettings
from kvalitetslosen.notifications.wording import THE_LINK, Wording, unknown
from kvalitetslosen.ui.context import OWN_NAMES
from kvalitetslosen.ui.forms import Fold, Layout, PageForm, Part, Row

if TYPE_CHECKING:
    MailSettingsModelForm = forms.ModelForm[MailSettings]
else:
    MailSettingsModelForm = forms.ModelForm

HOURS = [(hour, f"{hour:02}.00") for hour in range(5, 19)]
ADDED_LENGTH = 500
BODY_LENGTH = 2000
SUBJECT_LENGTH = 120  # with what is filled in it must still fit on a phone's line or two


class MailSettingsForm(PageForm, MailSettingsModelForm):
    reminder_hour = forms.TypedChoiceField(label=gettext_lazy("Reminders go out at"), choices=HOURS, coerce=int)
    digest_hour = forms.TypedChoiceField(label=gettext_lazy("Time"), choices=HOURS, coerce=int)

    class Meta:
        model = MailSettings
        fields = ("reminder_hour", "digest", "digest_weekday", "digest_hour")
        labels = {
            "digest": gettext_lazy("Send one mail a week to everybody who has something waiting"),
            "digest_weekday": gettext_lazy("Day"),
        }

    def layout(self) -> Layout:
        return Layout(
            Part(gettext_lazy("Reminders"), "reminder_hour"),
            Part(gettext_lazy("The weekly mail"), "digest", Row("digest_weekday", "digest_hour")),
        )


class WordsForm(PageForm, forms.Form):
    """What one mail says, a fold for each language; the reader gets the one in theirs. Empty: the standard text."""

    def __init__(self, *args: Any, worded: Worded, own: MailSettings, first: str, **kwargs: Any) -> None:
        self.worded = worded
        # The municipality's own language first: the others are seldom opened.
        self.languages = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != first)
        super().__init__(*args, **kwargs)
        for language in self.languages:
            wording = own.wording_of(worded.key, language)
            self._add(language, "subject", wording.subject, gettext_lazy("Subject"), SUBJECT_LENGTH, rows=0)
            if worded.has_body:
                self._add(language, "body", wording.body, gettext_lazy("Text"), BODY_LENGTH, rows=6)
                self.fields[f"{language}_body"].help_text = self.places(language)
            self._add(
                language,
                "added",
                own.added(worded.key, language),
                gettext_lazy("Add below the link"),
                ADDED_LENGTH,
                rows=3,
            )

    def _add(self, language: str, part: str, initial: str, label: Any, longest: int, *, rows: int) -> None:
        attrs = {"lang": language}
        field = GuardedCharField(
            label=label,
            required=False,
            max_length=longest,
            initial=initial,
            widget=forms.Textarea(attrs=attrs | {"rows": str(rows)}) if rows else forms.TextInput(attrs=attrs),
        )
        field.guide_length = longest  # type: ignore[attr-defined]
        self.fields[f"{language}_{part}"] = field

    def names(self, language: str, *, with_link: bool) -> list[str]:
        placeholders = [*self.worded.placeholders, *([THE_LINK] if with_link else [])]
        return [each.name(language) for each in placeholders]

    def places(self, language: str) -> str:
        """What can be filled in, as it is to be written."""
        names = " ".join(f"{{{name}}}" for name in self.names(language, with_link=True))
        return _("Filled in where you write it: %(names)s. The link stands below the text unless you place it.") % {
            "names": names
        }

    def layout(self) -> Layout:
        parts = ("subject", "body", "added") if self.worded.has_body else ("subject", "added")
        return Layout(
            *(
                Fold(
                    OWN_NAMES.get(language, language),
                    *(f"{language}_{part}" for part in parts),
                    opened=language == self.languages[0],
                )
                for language in self.languages
            )
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in self.languages:
            for part, names in (
                ("subject", self.names(language, with_link=False)),
                ("body", self.names(language, with_link=True)),
                ("added", []),
            ):
                if strange := unknown(cleaned.get(f"{language}_{part}") or "", names):
                    self.add_error(f"{language}_{part}", self._refusal(strange[0], names))
        return cleaned

    def _refusal(self, strange: str, names: list[str]) -> str:
        if not names:
            return _("%(strange)s can't be filled in here. Write the text as it is to be read.") % {"strange": strange}
        return _("%(strange)s can't be filled in here. You can use %(names)s.") % {
            "strange": strange,
            "names": " ".join(f"{{{name}}}" for name in names),
        }

    def added(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"{language}_added"] for language in self.languages}

    def wordings(self) -> dict[str, Wording]:
        return {
            language: Wording(
                self.cleaned_data[f"{language}_subject"].strip(), self.cleaned_data.get(f"{language}_body", "").strip()
            )
            for language in self.languages
        }
