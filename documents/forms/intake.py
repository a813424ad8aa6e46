"""What is asked when many files are taken in: the files, and what each of them is."""

from __future__ import annotations

import re
import tempfile
from typing import IO, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from documents import access
from documents.forms.fields import REACH_HINTS, Title, TypeField, people_like, unit_label, units_like
from documents.intake import archive
from documents.models import IntakeFile, Reach
from kvalitetslosen import identity_numbers
from kvalitetslosen.files import names
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, DateInput, FilesField, FilesInput, Fold, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField

MOST_AT_ONCE = 100  # files chosen one by one: more come in a zip (Django's DATA_UPLOAD_MAX_NUMBER_FILES)
ACCEPT = (".zip", ".docx", ".docm", ".dotx", ".dotm", ".pdf")
_NUMBER = re.compile(r"[0-9A-Za-zÆØÅæøå]+(?:[-._][0-9A-Za-zÆØÅæøå]+)*")


class IntakeForm(PageForm, forms.Form):
    """A zip of folders, or the files themselves. Cleans to ``name``, ``file`` (an archive) and what it ``listed``."""

    uploads = FilesField(
        label=_("Zip file, or Word files and PDFs"),
        allow_empty_file=True,  # said of each file by itself
        widget=FilesInput(accept=ACCEPT),
        help_text=_("One zip with folders, or up to 100 files. At most 200 MB and 1,000 files; 20 MB a file."),
    )

    def clean_uploads(self) -> tuple[str, IO[bytes], archive.Listed]:
        uploads: list[UploadedFile[bytes]] = self.cleaned_data["uploads"]
        for upload in uploads:
            identity_numbers.guard_filename(upload.name)
        if sum(upload.size or 0 for upload in uploads) > archive.MAX_ARCHIVE:
            raise ValidationError(
                _("That is more than %(limit)s MB. Divide it into several, a folder at a time."),
                params={"limit": archive.MAX_ARCHIVE // 1_000_000},
                code="too_large",
            )
        name = names.harmless(uploads[0].name or "")
        zips = [upload for upload in uploads if (upload.name or "").lower().endswith(".zip")]
        if zips and len(uploads) > 1:
            raise ValidationError(_("Choose one zip file, or files without a zip among them."), code="mixed")
        file: IO[bytes]
        if zips:
            file = zips[0]
        else:
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request
            archive.packed(((upload.name or "", upload) for upload in uploads), file)
        file.seek(0)
        listed = archive.listed(file, name)
        file.seek(0)
        return names.split(name)[0][:120], file, listed


class CorrectForm(PageForm, forms.Form):
    """What one file is, as guessed and to be put right."""

    title = Title()
    type = TypeField(label=_("Type"))
    number = forms.CharField(
        label=_("Document number"),
        required=False,
        max_length=32,
        help_text=_("The one it had. Left empty, or in use here, it gets the next one."),
    )
    label = forms.RegexField(
        r"^\d{1,3}([.,]\d{1,3})?$",
        label=_("Version"),
        required=False,
        max_length=7,
        error_messages={"invalid": _("Write the version as 3 or 3.1.")},
    )
    unit = LookupField(
        url_name="documents:find_unit", label_of=unit_label, label=_("Which unit is it from?"), max_length=200
    )
    reach = forms.ChoiceField(
        label=_("Whom does it apply to?"), choices=Reach.choices, widget=Cards(descriptions=REACH_HINTS)
    )
    owner = LookupField(url_name="documents:find_person", label=_("Owner"), required=False, max_length=200)
    approved_by = identity_numbers.GuardedCharField(label=_("Approved by"), required=False, max_length=120)
    approved_on = forms.DateField(label=_("Approved on"), required=False, widget=DateInput())
    revised_on = forms.DateField(label=_("Last revised"), required=False, widget=DateInput())
    review_on = forms.DateField(label=_("Next review"), required=False, widget=DateInput())
    laws = identity_numbers.GuardedCharField(
        label=_("Laws and regulations"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    keep = forms.BooleanField(label=_("Take it in"), required=False)

    def __init__(self, *args: Any, user: User, row: IntakeFile, **kwargs: Any) -> None:
        self.user = user
        plain = ("title", "number", "label", "reach", "approved_by", "laws", "keep")
        dates = ("approved_on", "revised_on", "review_on")
        kwargs["initial"] = {name: getattr(row, name) for name in (*plain, *dates)} | {
            "type": row.type.slug if row.type else "",
            "unit": unit_label(row.unit) if row.unit else "",
            "owner": row.owner.name if row.owner else "",
        }
        super().__init__(*args, **kwargs)
        types = self.fields["type"]
        assert isinstance(types, TypeField)
        types.choose_among(user, row.type)
        for name, find in (("unit", units_like), ("owner", people_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, lambda text, find=find: find(user, text))  # type: ignore[misc]

    def layout(self) -> Layout:
        return Layout(
            "title",
            Row("type", "label"),
            "number",
            "unit",
            "reach",
            "owner",
            Fold(
                _("Approval, review and laws"),
                Row("approved_by", "approved_on"),
                Row("revised_on", "review_on"),
                "laws",
                opened=True,
            ),
            "keep",
        )

    def clean_number(self) -> str:
        number = "-".join(self.cleaned_data["number"].replace("/", "-").split())
        if number and (not _NUMBER.fullmatch(number) or not any(each.isdigit() for each in number)):
            raise ValidationError(_("Write the number with letters, digits, hyphens and dots, as P-012 or 3.2.1."))
        return number

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"].replace(",", ".")
        return label if not label or "." in label else f"{label}.0"

    def clean_unit(self) -> Unit:
        unit = self.cleaned_data["unit"]
        if unit is None:
            raise ValidationError(_("Write which unit the document is from."))
        return unit  # type: ignore[no-any-return]

    def clean_owner(self) -> User:
        return self.cleaned_data["owner"] or self.user


class ManyForm(PageForm, forms.Form):
    """The same for many files at once; what is left empty stays as it is."""

    type = TypeField(label=_("Type"), required=False)
    reach = forms.ChoiceField(label=_("Applies to"), required=False, choices=[("", _("As it is")), *Reach.choices])
    unit = LookupField(
        url_name="documents:find_unit", label_of=unit_label, label=_("Unit"), required=False, max_length=200
    )
    owner = LookupField(url_name="documents:find_person", label=_("Owner"), required=False, max_length=200)
    keep = forms.ChoiceField(
        label=_("Take in"), required=False, choices=[("", _("As it is")), ("1", _("Take in")), ("0", _("Leave out"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = self.fields["type"]
        assert isinstance(types, TypeField)
        types.choose_among(user)
        types.choices = [("", _("As it is")), *types.choices]  # type: ignore[misc]
        for name, find in (("unit", units_like), ("owner", people_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, lambda text, find=find: find(user, text))  # type: ignore[misc]

    def layout(self) -> Layout:
        return Layout(Row("type", "unit"), Row("owner", "reach"), "keep")

    def what(self) -> dict[str, Any]:
        fields = {name: value for name, value in self.cleaned_data.items() if value}
        if "keep" in fields:
            fields["keep"] = fields["keep"] == "1"
        return fields


class TakeInForm(PageForm, forms.Form):
    """Whether what is taken in applies at once, for whoever answers for the whole municipality."""

    in_force = forms.ChoiceField(
        label=_("What do they become?"),
        choices=[("1", _("In force at once")), ("0", _("Drafts"))],
        initial="1",
        widget=Cards(
            descriptions={
                "1": _("They are approved already, elsewhere. You answer for it, and each page says so."),
                "0": _("Each is sent to approval as usual. Nobody else reads it before that."),
            }
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not access.answers_for_municipality(user):
            del self.fields["in_force"]

    @property
    def at_once(self) -> bool:
        return self.cleaned_data.get("in_force") == "1"
