"""Sharing a document with other municipalities, and following another's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.forms.fields import GuardedText
from documents.models import Adoption, Document, Share
from kvalitetslosen.networks.models import Network
from kvalitetslosen.ui.forms import PageForm


class ShareForm(PageForm, forms.Form):
    """With which of the municipality's networks, besides those it is shared with already?"""

    network = forms.ModelChoiceField(
        Network.objects.none(), label=_("With which network?"), empty_label=_("Choose a network")
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = Share.objects.filter(document=document, ended_at=None)
        field = self.fields["network"]
        assert isinstance(field, forms.ModelChoiceField)
        municipality = document.level_0
        assert municipality is not None
        field.queryset = (
            Network.objects.of(municipality).exclude(pk__in=shared.values("network")).order_by("name", "pk")
        )


class OriginForm(PageForm, forms.Form):
    """``seen`` tells whether somebody else did something in between; ``newest`` which version one has looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)
    newest = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-skip": ""}), required=False)

    def __init__(self, *args: Any, adoption: Adoption, newest: int | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": adoption.events_count, "newest": newest}
        super().__init__(*args, **kwargs)


class KeepForm(OriginForm):
    note = GuardedText(label=_("Why doesn’t the change concern us?"), rows=2)
