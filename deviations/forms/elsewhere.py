"""Defining another system, choosing a file from it, and saying which of its columns and words is what here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from deviations.elsewhere import Reader, fields_of
from deviations.models import Bringing, Brings, OtherSystem
from kvalitetslosen.organisation import tables
from kvalitetslosen.organisation.spreadsheet import MAX_BYTES
from kvalitetslosen.ui.forms import Cards, PageForm, Part

MOST_WORDS = 60  # of theirs that are asked about on one page: the most frequent first
NONE = "-"


class OtherSystemForm(PageForm, forms.Form):
    name = forms.CharField(label=_("What is the system called?"), max_length=60, help_text=_("Profil, for instance."))
    brings = forms.ChoiceField(label=_("What comes from it?"), choices=Brings.choices, widget=Cards)
    handled_here = forms.BooleanField(
        label=_("What is still open there is to be handled here"),
        required=False,
        help_text=_("The unit’s leader then gets it with deadlines, as any case. Otherwise it only counts here."),
    )

    def __init__(self, *args: Any, municipality_id: int, system: OtherSystem | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": system.name, "handled_here": system.handled_here} if system else {
            "brings": Brings.CASES
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.municipality_id, self.system = municipality_id, system
        if system:
            del self.fields["brings"]
            self.fields["is_active"] = forms.BooleanField(
                label=_("In use"), required=False, initial=system.is_active,
                help_text=_("Without it nothing more comes in, by file or by token. What has come stays."),
            )  # fmt: skip

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = OtherSystem.objects.filter(municipality=self.municipality_id, name__iexact=name)
        if others.exclude(pk=self.system.pk if self.system else 0).exists():
            raise ValidationError(_("There is a system with that name already."))
        return name


class FileForm(PageForm, forms.Form):
    file = forms.FileField(
        label=_("The spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("As .xlsx or .csv, with the headings in the first row. At most 5 MB."),
        error_messages={"required": _("Choose the spreadsheet first.")},
    )

    def clean_file(self) -> tables.Table:
        file = self.cleaned_data["file"]
        self.file_name: str = file.name
        return tables.read(file.read(MAX_BYTES + 1), file.name)


class MappingForm(PageForm, forms.Form):
    """A choice for each of our fields, and one for each of their words that nobody here knows."""

    def __init__(
        self, *args: Any, bringing: Bringing, reader: Reader, columns: dict[str, str],
        unknown: tuple[list[str], list[str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.of_fields: dict[str, str] = {}
        self.of_units: dict[str, str] = {}
        self.of_categories: dict[str, str] = {}
        headings = [(heading, heading) for heading in bringing.headings if heading]
        for each in fields_of(bringing.system):
            name = f"f-{each.name}"
            self.fields[name] = forms.ChoiceField(
                label=each.label, required=each.needed, initial=columns.get(each.name, ""),
                choices=[("", pgettext("of a column", "Isn’t there")), *headings],
            )  # fmt: skip
            self.of_fields[name] = each.name
        units = [("", gettext("Choose")), *((str(pk), unit.name) for pk, unit in reader.by_pk.items())]
        categories = [
            ("", gettext("Choose")),
            *([(NONE, gettext("No category"))] if bringing.system.brings_cases else []),
            *((str(pk), row.whole_label) for pk, row in reader.categories_by_pk.items()),
        ]
        said = bringing.system.units  # by somebody who doesn't read everywhere: to be looked at once more
        for prefix, words, choices, of in (
            ("u", unknown[0], units, self.of_units), ("k", unknown[1], categories, self.of_categories),
        ):  # fmt: skip
            for n, word in enumerate(words[:MOST_WORDS]):
                self.fields[f"{prefix}-{n}"] = forms.ChoiceField(
                    label=f"«{word[:80]}»", required=False, choices=choices,
                    initial=said.get(word.casefold(), "") if prefix == "u" else "",
                )  # fmt: skip
                of[f"{prefix}-{n}"] = word.casefold()

    def layout(self) -> Any:
        from crispy_forms.layout import Layout

        parts = [Part(_("Which column is which?"), *self.of_fields)]
        if self.of_units:
            parts.append(Part(_("Which unit is this?"), *self.of_units))
        if self.of_categories:
            parts.append(Part(_("Which category is this?"), *self.of_categories))
        return Layout(*parts)

    @property
    def said(self) -> dict[str, Any]:
        """What ``actions.keep_mapping`` takes."""
        cleaned = self.cleaned_data
        return {
            "columns": {field: cleaned[name] for name, field in self.of_fields.items() if cleaned[name]},
            "units": {word: int(cleaned[name]) for name, word in self.of_units.items() if cleaned.get(name)},
            "categories": {
                word: None if cleaned[name] == NONE else int(cleaned[name])
                for name, word in self.of_categories.items()
                if cleaned.get(name)
            },
        }
