"""What is asked for when a list is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deviations.forms.fields import GuardedText
from deviations.models import KeptList
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.ui.forms import PageForm


class KeptListForm(PageForm, forms.Form):
    name = GuardedText(
        label=_("What do you call it?"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("So that you find it again: “Late falls”."),
    )
    shared_with = forms.ChoiceField(
        label=_("Who sees the list?"),
        required=False,
        help_text=_("The list is shared, not the cases: everyone finds only the cases they may see."),
    )
    follow = forms.BooleanField(label=_("Mail me each week how many cases are in it"), required=False)

    def __init__(self, *args: Any, units: list[Unit], kept: KeptList | None = None, **kwargs: Any) -> None:
        if kept:
            kwargs["initial"] = {"name": kept.name, "shared_with": str(kept.shared_with_id or "")}
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        if kept and kept.shared_with:  # it stays shared, though its owner may share it anew with nobody there
            self.units.setdefault(str(kept.shared_with_id), kept.shared_with)
        if kept:
            del self.fields["follow"]
        if self.units:
            self.fields["shared_with"].choices = [  # type: ignore[attr-defined]
                ("", _("Only me")),
                *((pk, _("Everyone in %(unit)s") % {"unit": unit.name}) for pk, unit in self.units.items()),
            ]
        else:
            del self.fields["shared_with"]

    def clean_shared_with(self) -> Unit | None:
        return self.units.get(self.cleaned_data["shared_with"])

    @property
    def said(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "shared_with": self.cleaned_data.get("shared_with")}
