"""What is asked for when several cases are worked at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import CategoryChoices, GuardedText, unit_label, units_like
from deviations.forms.merging import case_label
from deviations.models import Category, Deviation
from deviations.several import Doing
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.forms import PageForm
from kvalitetslosen.ui.lookup import LookupField


class SeveralForm(PageForm, forms.Form):
    """Nothing to ask: receiving."""

    def __init__(self, *args: Any, user: User, rows: list[Deviation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.rows = user, rows

    def how(self) -> dict[str, Any]:
        """What the verb takes."""
        return dict(self.cleaned_data)


class CategoryForm(SeveralForm):
    category = forms.ChoiceField(label=_("What are they about?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = CategoryChoices(self.user)
        self.fields["category"].choices = self.categories.choices(_("Choose"))  # type: ignore[attr-defined]

    def clean_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"])


class ForwardSeveralForm(SeveralForm):
    to = LookupField(
        url_name="deviations:find_unit",
        label_of=unit_label,
        label=_("Which unit do they belong to?"),
        max_length=200,
        help_text=_("Write the beginning of the unit's name."),
    )
    note = GuardedText(label=_("Why do they belong there?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "to", partial(units_like, self.user))


class MergeSeveralForm(SeveralForm):
    into = forms.ChoiceField(label=_("Which of them goes on?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        oldest_first = sorted(self.rows, key=lambda row: (row.reported_at, row.pk))
        self.fields["into"].choices = [(row.reference, case_label(row)) for row in oldest_first]  # type: ignore[attr-defined]

    def clean_into(self) -> Deviation:
        found = next((row for row in self.rows if row.reference == self.cleaned_data["into"]), None)
        if found is None:
            raise ValidationError(_("Choose which of them goes on."))
        return found


class CloseSeveralForm(SeveralForm):
    outcome = GuardedText(
        label=_("Answer to each of the reporters"),
        help_text=_("All of them get these same words. Write so that it is true for each."),
    )


FORMS: dict[str, type[SeveralForm]] = {
    Doing.RECEIVE: SeveralForm,
    Doing.CATEGORY: CategoryForm,
    Doing.FORWARD: ForwardSeveralForm,
    Doing.MERGE: MergeSeveralForm,
    Doing.CLOSE: CloseSeveralForm,
}
