"""The parts forms are made of. A form of the product is `class ReportForm(PageForm, forms.ModelForm)`.

The template writes `<form method="post">{% csrf_token %}{% crispy form %}` and its button; see docs/ui.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.fields import Field
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    _Form = forms.BaseForm
else:
    _Form = object

__all__ = [
    "Cards",
    "CardsMultiple",
    "DateInput",
    "DateTimeInput",
    "FilesField",
    "FilesInput",
    "FilterForm",
    "Fold",
    "Layout",
    "PageForm",
    "Part",
    "Row",
    "Show",
    "SuggestingInput",
    "TimeInput",
]


class DateInput(forms.DateInput):
    """The browser's own date picker. It wants the value in ISO form whatever language it then shows."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of date and time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class _Described:
    """Options with a line of explanation each: `Cards(descriptions={"risk": _("It could have gone wrong")})`."""

    descriptions: Mapping[str, _StrOrPromise]

    def __init__(self, *args: Any, descriptions: Mapping[str, _StrOrPromise] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = descriptions or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["description"] = self.descriptions.get(str(value), "")
        return option


class Cards(_Described, forms.RadioSelect):
    """Radio buttons as large touch targets, for hands with gloves on."""

    template_name = "ui/cards.html"


class CardsMultiple(_Described, forms.CheckboxSelectMultiple):
    """Checkboxes as large touch targets."""

    template_name = "ui/cards.html"


class FilesInput(forms.FileInput):
    """Several files at once. A phone offers its camera when pictures are accepted; `camera` goes straight to it."""

    allow_multiple_selected = True

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, accept: Iterable[str] = (), camera: bool = False
    ) -> None:
        given = {"multiple": True, **(attrs or {})}
        if accept := ",".join(accept):
            given["accept"] = accept
        if camera:
            given["capture"] = "environment"
        super().__init__(given)


class FilesField(forms.FileField):
    """Zero or more files; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(each, initial) for each in given]


class SuggestingInput(forms.TextInput):
    """A line one writes freely, with some words the browser offers."""

    def __init__(self, *, name: str, suggested: Sequence[_StrOrPromise], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": f"{name}-options", "autocomplete": "off", **(attrs or {})})
        self.suggested = suggested

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggested"] = self.suggested
        return context


class Part(LayoutObject):  # type: ignore[misc]
    """A headed part of a form: `Part(_("Where and when"), "unit", "when")`."""

    def __init__(self, title: _StrOrPromise, *fields: Any, text: _StrOrPromise = "") -> None:
        self.title, self.text, self.fields = title, text, list(fields)

    def render(self, form: Any, context: Context, template_pack: str = "", **kwargs: Any) -> SafeString:
        inside = self.get_rendered_fields(form, context, template_pack=template_pack)
        text = format_html('<p class="los-help">{}</p>', self.text) if self.text else ""
        return format_html(
            '<fieldset class="ds-fieldset los-part">'
            '<legend class="ds-heading" data-size="xs">{}</legend>{}{}</fieldset>',
            self.title,
            text,
            inside,
        )


class Fold(LayoutObject):  # type: ignore[misc]
    """What may be left out, folded away: `Fold(_("Add more"), "category", "harm", remember="report")`.

    Open when something inside is filled in or wrong; with `remember`, the device keeps how the person left it.
    """

    def __init__(
        self, title: _StrOrPromise, *fields: Any, remember: str = "", hint: _StrOrPromise = "", opened: bool = False
    ) -> None:
        self.title, self.hint, self.remember, self.opened, self.fields = title, hint, remember, opened, list(fields)

    def is_used(self, form: forms.BaseForm) -> bool:
        """Whether something inside is wrong, or says anything else than the field says by itself."""
        names = [pointer.name for pointer in self.get_field_names() if pointer.name in form.fields]
        if form.is_bound:
            return any(name in form.errors or name in form.changed_data for name in names)
        return any(form.initial.get(name) not in (None, "", [], False, form.fields[name].initial) for name in names)

    def render(self, form: Any, context: Context, template_pack: str = "", **kwargs: Any) -> SafeString:
        # Rendering a field leaves layers behind in crispy's context, so that `push` and `pop` would not meet again.
        context.update({"in_fold": True})
        inside = self.get_rendered_fields(form, context, template_pack=template_pack)
        context.update({"in_fold": False})
        return format_html(
            '<details class="ds-details los-fold"{}{}><summary><span>{} {}</span></summary><div>{}</div></details>',
            SafeString(" open") if self.opened or self.is_used(form) else "",
            format_html(' data-remember="{}"', self.remember) if self.remember else "",
            self.title,
            format_html('<span class="los-fold__hint">{}</span>', self.hint) if self.hint else "",
            inside,
        )


class Row(LayoutObject):  # type: ignore[misc]
    """Short fields beside each other where there is room, under each other on a phone."""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def render(self, form: Any, context: Context, template_pack: str = "", **kwargs: Any) -> SafeString:
        inside = self.get_rendered_fields(form, context, template_pack=template_pack)
        return format_html('<div class="los-row">{}</div>', inside)


class Show(LayoutObject):  # type: ignore[misc]
    """Fields that matter only for one answer: `Show("when", "date", "happened_on")`. Without script they show.

    None is marked optional: where they show, they are asked for.
    """

    def __init__(self, field: str, value: str, *fields: Any) -> None:
        self.field, self.value, self.fields = field, value, list(fields)

    def render(self, form: Any, context: Context, template_pack: str = "", **kwargs: Any) -> SafeString:
        in_fold = context.get("in_fold", False)
        context.update({"in_fold": True})
        inside = self.get_rendered_fields(form, context, template_pack=template_pack)
        context.update({"in_fold": in_fold})
        return format_html(
            '<div class="los-show" data-show-if="{}" data-show-value="{}">{}</div>',
            form.add_prefix(self.field),
            self.value,
            inside,
        )


NATIVE: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.DateInput: DateInput,
    forms.TimeInput: TimeInput,
    forms.DateTimeInput: DateTimeInput,
}
CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


class PageForm(_Form):
    """Mixed into every form of the product. Override `layout()` to order or fold the fields.

    What is wrong is said by the server in whole sentences beside the field, in the person's own language, instead of
    by the browser's pop-ups; so `required` is not sent.
    """

    use_required_attribute = False
    marks_optional = True
    needed_later: Collection[str] = ()  # may be left out for now, but not at the next step: not marked as optional
    guides: Mapping[str, int] = {}  # field → the number of characters that is enough; the page counts down
    after: Mapping[str, _StrOrPromise] = {}  # field → what its number counts, written after the control
    box_attrs: Mapping[str, Mapping[str, Any]] = {}  # field → attributes on the box around it
    form_method = "post"
    varying: tuple[str, ...] = ()  # of a form that begins the same for everybody but for these fields: see form_fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            native = NATIVE.get(type(field.widget))
            if native is not None:
                widget = native(field.widget.attrs)
                widget.is_localized = field.widget.is_localized
                field.widget = widget

    def layout(self) -> Layout | None:
        """The fields in their order; None is all of them as declared."""
        return None

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        helper.form_method = self.form_method
        helper.render_hidden_fields = True
        helper.layout = self.layout() or Layout(*self.fields)
        return helper

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's, but a missing answer is named: «This field is required» helps nobody who reads the summary."""
        if field is not None and isinstance(error, ValidationError) and getattr(error, "code", None) == "required":
            of = self.fields[field]
            if error.message == Field.default_error_messages["required"]:
                choosing = isinstance(of.widget, CHOOSING)
                sentence = gettext("Choose an answer to “%(label)s”.") if choosing else gettext("Fill in “%(label)s”.")
                label = of.label if of.label is not None else self[field].label
                error = ValidationError(sentence % {"label": label}, code="required")
        super().add_error(field, error)


class FilterForm(PageForm):
    """A GET form over a list: nothing is required, nothing is marked optional."""

    marks_optional = False
    form_method = "get"


DONT_KNOW = gettext_lazy("Don't know")


def choices_with_unknown(
    choices: Sequence[tuple[str, _StrOrPromise]], label: _StrOrPromise = DONT_KNOW
) -> list[tuple[str, _StrOrPromise]]:
    """«Don't know» is an answer, and stands last among the others."""
    return [*choices, ("", label)]
