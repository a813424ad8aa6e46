"""What is asked when a handbook is read back."""

from __future__ import annotations

import zipfile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from documents.forms.fields import people_like
from kvalitetslosen import identity_numbers
from kvalitetslosen.files import names
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm
from kvalitetslosen.ui.lookup import LookupField

MAX_HANDBOOK = 1_000_000_000  # bytes


class ReadBackForm(PageForm, forms.Form):
    file = forms.FileField(
        label=_("The zip file the handbook was taken out as"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        help_text=_("At most 1,000 MB."),
        error_messages={"required": _("Choose the zip file first.")},
    )
    answerable = LookupField(
        url_name="documents:find_person",
        label=_("Who owns documents whose owner isn't here?"),
        required=False,
        max_length=200,
        help_text=_("Left empty, they stand on the list of documents without an owner until somebody takes them."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        field = self.fields["answerable"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "answerable", lambda text: people_like(user, text))

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        identity_numbers.guard_filename(file.name)
        if (file.size or 0) > MAX_HANDBOOK:
            raise ValidationError(_("That is more than 1,000 MB."), code="too_large")
        if not zipfile.is_zipfile(file):
            raise ValidationError(_("This isn't a zip file, or it is damaged."), code="no_zip")
        file.seek(0)
        file.name = names.harmless(file.name or "")
        return file
