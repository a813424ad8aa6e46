"""What a document is called, for whom it is, and its wording."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from documents import access
from documents.forms.fields import GuardedText, Title, TypeField, people_like, unit_label, units_like
from documents.html import EXTENSIONS
from documents.models import Document, DocumentType, DraftCopy, Kind, Reach, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.files.forms import MultipleFileField
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField
from kvalitetslosen.ui.templatetags.ui import file_size

REACH_HINTS: dict[str, Any] = {
    Reach.UNIT: _("Those who work there, and below it."),
    Reach.MUNICIPALITY: _("Everyone. The top leader or the quality coordinator must approve it."),
}


class ParticularsForm(PageForm, forms.Form):
    """What stays the same from version to version."""

    kind = TypeField(label=_("Type"))
    unit = LookupField(
        url_name="documents:find_unit",
        label_of=unit_label,
        label=_("Which unit is it from?"),
        max_length=200,
        help_text=_("Write the beginning of the unit's name."),
    )
    reach = forms.ChoiceField(
        label=_("Whom does it apply to?"), choices=Reach.choices, widget=Cards(descriptions=REACH_HINTS)
    )
    owner = LookupField(
        url_name="documents:find_person",
        label=_("Owner"),
        required=False,
        max_length=200,
        help_text=_("Who sees to it that it stays right. You, if you leave it empty."),
    )
    review_months = forms.IntegerField(
        label=_("Months between reviews"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("What the type says, if you leave it empty."),
    )
    keywords = identity_numbers.GuardedCharField(
        label=_("Keywords"),
        required=False,
        max_length=200,
        help_text=_("Other words people look for it by."),
    )

    def __init__(self, *args: Any, user: User, document: Document | None = None, **kwargs: Any) -> None:
        self.user, self.document = user, document
        home = user.standing.home
        filled: dict[str, Any] = {"kind": Kind.PROCEDURE.value, "reach": Reach.UNIT}
        if document is not None:
            filled = {name: getattr(document, name) for name in ("reach", "review_months", "keywords")}
            filled |= {
                "kind": document.type.slug, "unit": unit_label(document.unit), "owner": document.owner.name,
            }  # fmt: skip
        elif home is not None and access.units_to_write_for(user).filter(pk=home.pk).exists():
            filled["unit"] = unit_label(home)
        kwargs["initial"] = filled | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, TypeField)
        kinds.choose_among(user, document.type if document else None)
        for name, find in (("unit", units_like), ("owner", people_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, lambda text, find=find: find(user, text))  # type: ignore[misc]

    def layout(self) -> Layout:
        return Layout(
            "kind",
            "unit",
            "reach",
            Fold(_("Owner and review"), Row("owner", "review_months"), "keywords", opened=bool(self.document)),
        )

    def clean_unit(self) -> Unit:
        unit = self.cleaned_data["unit"]
        if unit is None:
            raise ValidationError(_("Write which unit the document is from."))
        return unit  # type: ignore[no-any-return]

    def clean_owner(self) -> User:
        return self.cleaned_data["owner"] or self.user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("review_months"):
            kind: DocumentType | None = cleaned.get("kind")
            cleaned["review_months"] = kind.review_months if kind else None
        return cleaned

    def what(self) -> dict[str, Any]:
        """What ``actions.change_particulars`` takes."""
        what = dict(self.cleaned_data)
        return {"type": what.pop("kind"), **what}


class NewDocumentForm(ParticularsForm):
    """A new document: what it is called, and for whom it is."""

    title = Title(help_text=_("What people will look for, as “Fall: what to do”."))
    field_order = ["title", "kind", "unit", "reach", "owner", "review_months", "keywords"]

    def layout(self) -> Layout:
        fold = Fold(_("Owner and review"), Row("owner", "review_months"), "keywords")
        return Layout("title", "kind", "unit", "reach", fold)


class AdoptForm(ParticularsForm):
    """For whom is what another municipality has written, here?"""


def attachment_label(attachment: Attachment) -> SafeString:
    return format_html(
        '<a class="ds-link" href="{}">{}</a> ({})', attachment.url, attachment.name, file_size(attachment.size)
    )


class DraftForm(PageForm, forms.Form):
    """The wording of a draft. Without script the text is written as it is, an empty line between paragraphs.

    A draft may lack anything but its title; ``sending`` asks for what its readers must be told.
    """

    needed_later = ("body", "change_summary")
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    title = Title()
    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=ProseEditorWidget(config={"extensions": EXTENSIONS}, preset="configurable", attrs={"rows": 14}),
    )
    change_summary = GuardedText(
        label=_("What is changed?"),
        required=False,
        help_text=_("The approver and the readers see this."),
    )
    is_minor = forms.BooleanField(
        label=_("A small change"),
        required=False,
        help_text=_("Spelling, a link, a telephone number. Version 2.0 becomes 2.1 instead of 3.0."),
    )

    hides_old = forms.BooleanField(
        label=_("Readers don't see what it said before"),
        required=False,
        help_text=_("For when something is taken out that nobody should read. What is new is not marked for them."),
    )
    detach = forms.TypedMultipleChoiceField(
        label=_("Take away"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    attach = MultipleFileField(label=_("Attach files"), required=False)

    def __init__(
        self, *args: Any, version: Version, sending: bool = False, copy: DraftCopy | None = None, **kwargs: Any
    ) -> None:
        self.version = version
        kwargs["initial"] = {
            "seen": version.events_count,
            "hides_old": version.hides_old,
            **{name: getattr(copy or version, name) for name in ("title", "body", "change_summary", "is_minor")},
        }
        super().__init__(*args, **kwargs)
        self.attached = files_of(version)
        detach = self.fields["detach"]
        assert isinstance(detach, forms.TypedMultipleChoiceField)
        detach.choices = [(each.pk, attachment_label(each)) for each in self.attached]
        if not self.attached:
            del self.fields["detach"]
        if version.file:
            del self.fields["body"]
        if version.is_first:
            for name in ("is_minor", "change_summary", "hides_old"):
                del self.fields[name]
        else:
            self.fields["change_summary"].required = sending

    def layout(self) -> Layout:
        fields = [name for name in ("seen", "title", "body", "change_summary", "is_minor") if name in self.fields]
        files = [name for name in ("detach", "attach") if name in self.fields]
        wanted = self.errors.keys() & {*files} or self.attached
        more = [Fold(_("For what must not be read any more"), "hides_old", opened=self.version.hides_old)]
        return Layout(
            *fields,
            Fold(_("Attachments"), *files, opened=bool(wanted)),
            *(more if "hides_old" in self.fields else []),
        )

    def what(self) -> dict[str, Any]:
        """What ``actions.save`` takes."""
        return {
            "title": self.cleaned_data["title"],
            "body": self.cleaned_data.get("body"),
            "change_summary": self.cleaned_data.get("change_summary", self.version.change_summary),
            "is_minor": self.cleaned_data.get("is_minor", self.version.is_minor),
            "hides_old": self.cleaned_data.get("hides_old", self.version.hides_old),
            "attach": self.cleaned_data["attach"],
            "detach": self.cleaned_data.get("detach", []),
            "seen": self.cleaned_data["seen"],
        }


class UploadForm(PageForm, forms.Form):
    """A Word document becomes the text of the draft; a PDF is kept as it is."""

    file = forms.FileField(
        label=_("Word document or PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.pdf"}),
        help_text=_("It replaces what the draft has now."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        identity_numbers.guard_filename(file.name)
        return file  # ``conversion.convert`` looks inside


class MergeForm(PageForm, forms.Form):
    """What to keep of two texts of the same draft. The choices themselves stand beside the texts."""

    seen = forms.IntegerField(widget=forms.HiddenInput())  # how many events the draft had when the texts were shown
    mine = forms.CharField(widget=forms.HiddenInput())  # when the person's own text was kept
    title = Title()
