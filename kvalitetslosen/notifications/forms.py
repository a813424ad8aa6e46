"""What the administrator decides about mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.notifications.models import MailSettings
from kvalitetslosen.ui.context import OWN_NAMES
from kvalitetslosen.ui.forms import Layout, PageForm, Part, Row

if TYPE_CHECKING:
    MailSettingsModelForm = forms.ModelForm[MailSettings]
else:
    MailSettingsModelForm = forms.ModelForm

HOURS = [(hour, f"{hour:02}.00") for hour in range(5, 19)]
ADDED_LENGTH = 500


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


class AddedTextForm(PageForm, forms.Form):
    """One text a language; the reader gets the one in theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, _name in settings.LANGUAGES:
            field = forms.CharField(
                label=OWN_NAMES.get(language, language),
                required=False,
                max_length=ADDED_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
            )
            field.guide_length = ADDED_LENGTH  # type: ignore[attr-defined]
            self.fields[language] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language, text in list(cleaned.items()):
            if "{" in text or "%(" in text:
                self.add_error(language, _("Write the text as it is to be read. Nothing is filled in for you."))
        return cleaned
