"""A field in which one writes the beginning of a name instead of scrolling through a thousand.

The browser's own list of suggestions is filled as one writes; without script one writes the name and the server finds
it, or says which ones fit.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

SHOWN = 8  # suggestions at a time


class LookupField(forms.CharField):
    """Cleans what was written to the one row it means, or ``None`` when left empty.

    ``find`` gives the rows that fit some text, the person's own rights in it; ``label`` is how a row is written.
    """

    default_error_messages = {
        "none": _("Nothing fits “%(value)s”. Write another part of the name."),
        "several": _("Several fit: %(names)s. Write the whole name."),
        "meant": _("Did you mean “%(name)s”? It is filled in: send again if it is right."),
    }

    def __init__(self, *, url_name: str, label_of: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url_name, self.label_of = url_name, label_of
        self.find: Callable[[str], models.QuerySet[Any]] | None = None
        self.form: forms.BaseForm | None = None
        self.name = ""

    def suggest_in(self, form: forms.BaseForm, name: str, find: Callable[[str], models.QuerySet[Any]]) -> None:
        """Tie the field to the person's rights and to its list of suggestions on the page."""
        self.find, self.form, self.name = find, form, form.add_prefix(name)
        options = f"{form.add_prefix(name)}-options"
        self.widget.attrs |= {
            "list": options,
            "autocomplete": "off",
            "hx-get": reverse(self.url_name),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{options}",
        }

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        if not text:
            return None
        if self.find is None:
            raise RuntimeError("LookupField.suggest_in was not called")
        rows = list(self.find(text)[: SHOWN + 1])
        exact = [row for row in rows if text.casefold() in (self.label_of(row).casefold(), str(row).casefold())]
        if len(exact) == 1:
            return exact[0]
        if not rows:
            raise ValidationError(self.error_messages["none"], code="none", params={"value": text})
        if len(rows) == 1 and getattr(self.form, "form_method", "post") == "get":
            return rows[0]  # a filter changes nothing
        if len(rows) == 1:
            raise self._meant(self.label_of(rows[0]))
        names = ", ".join(self.label_of(row) for row in rows[:SHOWN])
        raise ValidationError(self.error_messages["several"], code="several", params={"names": names})

    def _meant(self, label: str) -> ValidationError:
        """Only one fits part of a name: it is filled in, but nothing is sent before the person has seen it."""
        assert self.form is not None
        data: Any = copy(self.form.data)
        data[self.name] = label
        self.form.data = data
        return ValidationError(self.error_messages["meant"], code="meant", params={"name": label})


def suggestions(rows: models.QuerySet[Any], label_of: Callable[[Any], str] = str) -> HttpResponse:
    """The answer to a field that asks while one writes."""
    return HttpResponse(
        format_html_join("", '<option value="{}"></option>', ((label_of(row),) for row in rows[:SHOWN]))
    )
