"""What people write about a document. Forms check and clean; they save nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from documents import access
from documents.html import EXTENSIONS
from documents.models import DEFAULT_REVIEW_MONTHS, REVIEW_MONTHS, Document, Kind, Reach, ReviewRules, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import stand_ins
from kvalitetslosen.ui.forms import Cards, Fold, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    ReviewRulesModelForm = forms.ModelForm[ReviewRules]
else:
    ReviewRulesModelForm = forms.ModelForm

LONGEST_NOTE = 2000
MOST_DAYS = 250  # about a year of working days
MOST_UNITS = 40  # more are found by writing their name


class GuardedText(identity_numbers.GuardedCharField):
    """Free text that can't carry an identity number."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_NOTE)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


class Title(identity_numbers.GuardedCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, label=_("Title"), **kwargs)


def unit_label(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def units_like(user: User, text: str) -> Any:
    """The units the person may write for whose name has the text in it."""
    name = text.split(" (")[0].strip()
    return access.units_to_write_for(user).filter(name__icontains=name).select_related("parent").order_by("name", "pk")


def people_like(user: User, text: str) -> Any:
    """The municipality's people whose name has the text in it."""
    return (
        User.objects.active()
        .filter(municipality=user.municipality_id, name__icontains=text.strip())
        .order_by("name", "pk")
    )


REACH_HINTS: dict[str, Any] = {
    Reach.UNIT: _("Those who work there, and below it."),
    Reach.MUNICIPALITY: _("Everyone. The top leader or the quality coordinator must approve it."),
}


class ParticularsForm(PageForm, forms.Form):
    """What stays the same from version to version."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
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
        help_text=_("Two years is usual, one year for checklists, action cards and plans."),
    )

    def __init__(self, *args: Any, user: User, document: Document | None = None, **kwargs: Any) -> None:
        self.user, self.document = user, document
        home = user.standing.home
        filled: dict[str, Any] = {"kind": Kind.PROCEDURE, "reach": Reach.UNIT}
        if document is not None:
            filled = {name: getattr(document, name) for name in ("kind", "reach", "review_months")}
            filled |= {"unit": unit_label(document.unit), "owner": document.owner.name}
        elif home is not None and access.units_to_write_for(user).filter(pk=home.pk).exists():
            filled["unit"] = unit_label(home)
        kwargs["initial"] = filled | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, find in (("unit", units_like), ("owner", people_like)):
            field = self.fields[name]
            assert isinstance(field, LookupField)
            field.suggest_in(self, name, lambda text, find=find: find(user, text))  # type: ignore[misc]

    def layout(self) -> Layout:
        return Layout(
            "kind",
            "unit",
            "reach",
            Fold(_("Owner and review"), Row("owner", "review_months"), opened=bool(self.document)),
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
            cleaned["review_months"] = REVIEW_MONTHS.get(cleaned.get("kind", ""), DEFAULT_REVIEW_MONTHS)
        return cleaned


class NewDocumentForm(ParticularsForm):
    """A new document: what it is called, and for whom it is."""

    title = Title(help_text=_("What people will look for, as “Fall: what to do”."))
    field_order = ["title", "kind", "unit", "reach", "owner", "review_months"]

    def layout(self) -> Layout:
        return Layout("title", "kind", "unit", "reach", Fold(_("Owner and review"), Row("owner", "review_months")))


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

    def __init__(self, *args: Any, version: Version, sending: bool = False, **kwargs: Any) -> None:
        self.version = version
        kwargs["initial"] = {
            "seen": version.events_count,
            **{name: getattr(version, name) for name in ("title", "body", "change_summary", "is_minor")},
        }
        super().__init__(*args, **kwargs)
        if version.file:
            del self.fields["body"]
        if version.is_first:
            del self.fields["is_minor"]
            del self.fields["change_summary"]
        else:
            self.fields["change_summary"].required = sending

    def what(self) -> dict[str, Any]:
        """What ``actions.save`` takes."""
        return {
            "title": self.cleaned_data["title"],
            "body": self.cleaned_data.get("body"),
            "change_summary": self.cleaned_data.get("change_summary", self.version.change_summary),
            "is_minor": self.cleaned_data.get("is_minor", self.version.is_minor),
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


class ReviewRulesForm(PageForm, ReviewRulesModelForm):
    class Meta:
        model = ReviewRules
        fields = ("remind_days_before", "repeat_days", "escalate_days")

    after = dict.fromkeys(Meta.fields, _("working days"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.min_value, field.max_value = 1, MOST_DAYS  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": 1, "max": MOST_DAYS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, days in list(cleaned.items()):
            if isinstance(days, int) and not 1 <= days <= MOST_DAYS:
                self.add_error(name, gettext("Write a number of working days from 1 to 250."))
        return cleaned


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


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by name, with who stands in for those who are away."""

    away: Mapping[int, User] = {}
    may: Collection[int] = ()

    def label_from_instance(self, obj: Any) -> str:
        deputy = self.away.get(obj.pk)
        if deputy is None:
            return str(obj.name)
        if deputy.pk in self.may:
            return gettext("%(name)s (away: goes to %(deputy)s)") % {"name": obj.name, "deputy": deputy.name}
        return gettext("%(name)s (away)") % {"name": obj.name}


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
