"""What a municipality decides about a type of document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from documents import required
from documents.html import EXTENSIONS, TooDeep, TooLong, clean
from documents.models import DocumentType, Kind
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm, Part, Row

if TYPE_CHECKING:
    TypeModelForm = forms.ModelForm[DocumentType]
else:
    TypeModelForm = forms.ModelForm


class TypeForm(PageForm, TypeModelForm):
    required = forms.MultipleChoiceField(
        label=_("Must be filled in before a draft is sent"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = DocumentType
        fields = (
            "name",
            "letters",
            "with_unit_code",
            "review_months",
            "asks_hearing",
            "asks_approval",
            "required",
            "asks_reading",
            "template",
            "is_active",
        )
        labels = {
            "name": _("Name"),
            "letters": _("The number begins with"),
            "with_unit_code": _("Each unit counts on its own"),
            "review_months": _("Months between reviews"),
            "asks_hearing": _("Goes to hearing first"),
            "asks_approval": _("Another must approve it"),
            "template": _("What a new draft begins with"),
        }
        help_texts = {
            "letters": _("One to four capital letters. P gives P-0001."),
            "with_unit_code": _("The unit's code is in the number, as P-HB-0001."),
            "asks_hearing": _("Not for small changes. Any draft can go to hearing, whatever its type."),
            "asks_approval": _("Otherwise those who answer for the unit put it in force themselves."),
            "asks_reading": _("Those that nobody is asked to read are listed under “Keep it alive”."),
            "is_active": _("New documents can be of this type. Those there are keep it anyway."),
        }
        widgets = {
            "template": ProseEditorWidget(
                config={"extensions": EXTENSIONS}, preset="configurable", attrs={"rows": 12}
            ),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality_id = user.municipality_id
        months = self.fields["review_months"]
        months.min_value, months.max_value = 1, 120  # type: ignore[attr-defined]
        months.widget.attrs |= {"min": 1, "max": 120}
        self.fields["required"].choices = required.choices()  # type: ignore[attr-defined]
        if self.instance.base:
            usual = Kind(self.instance.base).label
            self.fields["name"].help_text = gettext("Empty: “%(name)s”, in the reader's language.") % {"name": usual}
        else:
            self.fields["name"].required = True
        if not self.instance.pk:
            del self.fields["is_active"]

    def layout(self) -> Layout:
        asked = ["required"] if self.fields["required"].choices else []  # type: ignore[attr-defined]
        return Layout(
            "name",
            Part(_("The number"), Row("letters"), "with_unit_code"),
            Part(_("Rules"), "review_months", "asks_hearing", "asks_approval", "asks_reading", *asked),
            Part(_("Text"), "template"),
            *(["is_active"] if "is_active" in self.fields else []),
        )

    def clean_letters(self) -> str:
        return str(self.cleaned_data["letters"]).strip()

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        identity_numbers.guard(name)
        taken = {
            each.label.casefold()
            for each in DocumentType.objects.filter(municipality=self.instance.municipality_id).exclude(
                pk=self.instance.pk
            )
        }
        if name.casefold() in taken:
            raise ValidationError(gettext("There is a type with this name already."))
        return name

    def clean_review_months(self) -> int:
        months = int(self.cleaned_data["review_months"])
        if not 1 <= months <= 120:
            raise ValidationError(gettext("Write a number of months from 1 to 120."))
        return months

    def clean_template(self) -> str:
        try:
            text = clean(self.cleaned_data["template"])
        except (TooDeep, TooLong):
            raise ValidationError(gettext("The text is too long, or too much stands inside each other.")) from None
        identity_numbers.guard_html(text)
        return text
