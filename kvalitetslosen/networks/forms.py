"""Founding a network, and asking others to join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.ui.forms import PageForm
from kvalitetslosen.ui.lookup import LookupField


def municipalities_like(text: str) -> QuerySet[Unit]:
    """Municipalities whose name has the text in it: which ones there are is no secret."""
    return Unit.objects.municipalities().active().filter(name__icontains=text.strip()).order_by("name", "pk")


class NetworkForm(PageForm, forms.Form):
    name = forms.CharField(
        label=_("What is the network called?"), max_length=120, help_text=_("As “Quality in inner Agder”.")
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those who are asked to join see this."),
    )


class InviteForm(PageForm, forms.Form):
    municipality = LookupField(
        url_name="networks:find_municipality",
        label=_("Which municipality?"),
        max_length=120,
        help_text=_("Write the beginning of its name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, LookupField)
        field.suggest_in(self, "municipality", municipalities_like)
