"""Where a document belongs: the laws it rests on, and what it is about."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import actions
from documents.actions.requirements import Place
from documents.models import Document, LegalBasis, Subject, SubjectOf
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import Fold, PageForm

SUBJECTS = ("subject", "second", "third")


class LawsField(forms.CharField):
    """Places in laws, a line each, as people write them: «Kommuneloven § 25-1 c»."""

    widget = forms.Textarea(attrs={"rows": 4})


class PlacingForm(PageForm, forms.Form):
    """Subjects are chosen; laws are written, a line each, or put in by the look-up under them."""

    subject = forms.ChoiceField(
        label=gettext_lazy("Subject"),
        required=False,
        help_text=gettext_lazy("The handbook's tree shows the document under it."),
    )
    second = forms.ChoiceField(label=gettext_lazy("One more subject"), required=False)
    third = forms.ChoiceField(label=gettext_lazy("And one more"), required=False)
    laws = LawsField(
        label=gettext_lazy("What does it rest on?"),
        required=False,
        max_length=3000,
        help_text=gettext_lazy("Laws, regulations and standards, one a line, as “Kommuneloven § 25-1 c”."),
    )
    look_up = forms.CharField(
        label=gettext_lazy("Add one from the register"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Write part of what the law is called or asks. It is added when you save."),
    )

    def __init__(self, *args: Any, user: User, document: Document, **kwargs: Any) -> None:
        bases = (
            LegalBasis.objects.filter(document=document)
            .select_related("source")
            .order_by("source__position", "source__title", "place", "pk")
        )
        chosen = list(SubjectOf.objects.filter(document=document).order_by("pk").values_list("subject", flat=True))
        kwargs["initial"] = {
            "laws": "\n".join(str(basis) for basis in bases),
            **{name: str(pk) for name, pk in zip(SUBJECTS, chosen, strict=False)},
        }
        super().__init__(*args, **kwargs)
        self.sources = actions.sources_for(user.municipality_id)
        in_use = [each for each in Subject.objects.visible_to(user).in_order() if each.is_active or each.pk in chosen]
        self.by_pk = {str(subject.pk): subject for subject in in_use}
        for name in SUBJECTS:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("None chosen")), *_by_main(in_use)]
        options = f"{self.add_prefix('look_up')}-options"
        self.fields["look_up"].widget.attrs |= {
            "list": options,
            "autocomplete": "off",
            "hx-get": reverse("documents:find_place"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{options}",
        }

    def layout(self) -> Layout:
        return Layout("laws", "look_up", "subject", Fold(_("More subjects"), "second", "third"))

    def clean_laws(self) -> list[Place]:
        return self._places(self.cleaned_data["laws"])

    def clean_look_up(self) -> list[Place]:
        return self._places(self.cleaned_data["look_up"])

    def _places(self, text: str) -> list[Place]:
        """The places that are named, line by line; a line that names none is asked about."""
        places: list[Place] = []
        unknown = []
        for line in text.splitlines():
            found = actions.places_named(line, self.sources)
            places += found
            if line.strip() and not found:
                unknown.append(line.strip())
        if unknown:
            raise ValidationError(
                _("“%(line)s” is not in the register. Write it as there, or add it to the register first."),
                params={"line": unknown[0]},
                code="unknown",
            )
        return places

    @property
    def chosen_subjects(self) -> list[Subject]:
        return [self.by_pk[pk] for name in SUBJECTS if (pk := self.cleaned_data[name])]

    @property
    def places(self) -> list[Place]:
        return [*self.cleaned_data["laws"], *self.cleaned_data["look_up"]]


def _by_main(subjects: list[Subject]) -> list[tuple[str, str]]:
    """Each main subject with those below it; those below say what they lie under."""
    mains = [subject for subject in subjects if subject.parent_id is None]
    return [
        (str(each.pk), each.label if each is main else f"{main.label}: {each.label}")
        for main in mains
        for each in (main, *(sub for sub in subjects if sub.parent_id == main.pk))
    ]
