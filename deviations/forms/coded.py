"""What the one who shows a case code writes, besides messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deviations.forms.steps import StepForm
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.uploads import Examined, refuse_writers
from kvalitetslosen.ui.forms import PageForm


class CodeForm(PageForm, forms.Form):
    code = forms.CharField(
        label=_("Case code"),
        max_length=60,
        help_text=_("Sixteen letters and digits. Dashes and small letters don't matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-draft-skip": ""}
        ),
    )


class FilesForm(StepForm):
    files = MultipleFileField(label=_("Photos and files"))  # type: ignore[assignment]

    def clean_files(self) -> list[Examined]:
        files: list[Examined] = self.cleaned_data["files"]
        refuse_writers(files)
        return files

    def what(self) -> dict[str, Any]:
        return {"uploads": self.cleaned_data["files"]}
