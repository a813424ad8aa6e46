"""Form controls and fields as HTML, written by Python.

A form of fifteen fields through Django's widget templates costs more than the rest of the page together, so the common
controls are written here, from the very context Django gives its templates; what is not known here is left to them.
Everything that comes from outside goes through `escape` or `attributes`.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

Control = Callable[[dict[str, Any]], str]


def escape(value: object) -> str:
    """As Django's, without its wrapper for lazy text, which costs more than the work itself."""
    return html.escape(str(value))


def conditional_escape(value: object) -> str:
    """Escaped, unless it says itself that it is HTML."""
    value = str(value) if isinstance(value, Promise) else value
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


def attributes(attrs: Mapping[str, Any]) -> str:
    """HTML attributes with a leading space: True is a bare name, None and False are left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )


def _classed(attrs: Mapping[str, Any], extra: str = "ds-input") -> dict[str, Any]:
    given = attrs.get("class", "")
    return {**attrs, "class": f"{extra} {given}" if given else extra}


def _input(widget: dict[str, Any]) -> str:
    kind = widget["type"]
    attrs = widget["attrs"] if kind == "hidden" else _classed(widget["attrs"])
    value = "" if widget["value"] is None else f' value="{escape(widget["value"])}"'
    # A field with suggestions brings the list they are put in, so that no page can forget it.
    suggestions = ""
    if "list" in attrs:
        known = "".join(f'<option value="{escape(each)}"></option>' for each in widget.get("suggested", ()))
        suggestions = f'<datalist id="{escape(attrs["list"])}">{known}</datalist>'
    return f'<input type="{kind}" name="{escape(widget["name"])}"{value}{attributes(attrs)}>{suggestions}'


def _textarea(widget: dict[str, Any]) -> str:
    # `cols` fixes a width in letters, which no phone has; CSS sets the width and the height follows the text.
    attrs = {name: value for name, value in _classed(widget["attrs"]).items() if name != "cols"}
    value = "" if widget["value"] is None else escape(widget["value"])
    # A browser drops the first line break after the tag, so that one is ours.
    return f'<textarea name="{escape(widget["name"])}"{attributes(attrs)} data-grow>\n{value}</textarea>'


def _select(widget: dict[str, Any]) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{attributes(_classed(widget["attrs"]))}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escape(group)}">')
        for option in options:
            value = escape(option["value"])
            parts.append(
                f'<option value="{value}"{attributes(option["attrs"])}>{conditional_escape(option["label"])}</option>'
            )
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "".join(parts)


def _choices(widget: dict[str, Any], look: str) -> str:
    parts = [f'<div class="{look}">']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<p class="los-choices__group">{escape(group)}</p>')
        for option in options:
            attrs = option["attrs"]
            label = conditional_escape(option["label"])
            if description := option.get("description"):
                label += f'<span class="los-choices__more">{conditional_escape(description)}</span>'
            parts.append(
                f'<div class="ds-field">{_input(option)}<label class="ds-label" data-weight="regular"'
                f' for="{escape(attrs.get("id", ""))}">{label}</label></div>'
            )
    parts.append("</div>")
    return "".join(parts)


def _list(widget: dict[str, Any]) -> str:
    return _choices(widget, "los-choices")


def _cards(widget: dict[str, Any]) -> str:
    return _choices(widget, "los-choices los-cards")


def _several(widget: dict[str, Any]) -> str:
    parts = [CONTROLS[each["template_name"]](each) for each in widget["subwidgets"]]
    return f'<div class="los-row">{"".join(parts)}</div>'


def _current_file(widget: dict[str, Any]) -> str:
    if not widget["is_initial"]:
        return _input(widget)
    now = f'<a class="ds-link" href="{escape(widget["value"].url)}">{escape(widget["value"])}</a>'
    clear = ""
    if not widget["required"]:
        box = escape(widget["checkbox_id"])
        remove = gettext("Remove the file")  # outside the f-string, where texts to translate are found
        clear = (
            f'<div class="ds-field"><input type="checkbox" class="ds-input" id="{box}"'
            f' name="{escape(widget["checkbox_name"])}"><label class="ds-label" for="{box}">'
            f"{escape(remove)}</label></div>"
        )
    return f"<p>{now}</p>{clear}{_input({**widget, 'value': None})}"


CONTROLS: dict[str, Control] = {
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in (
            "text", "number", "email", "url", "password", "hidden", "file", "date", "datetime", "time", "checkbox",
            "search", "tel", "color", "input",
        )
    },
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio.html": _list,
    "django/forms/widgets/checkbox_select.html": _list,
    "django/forms/widgets/multiwidget.html": _several,
    "django/forms/widgets/splitdatetime.html": _several,
    "django/forms/widgets/clearable_file_input.html": _current_file,
    "ui/cards.html": _cards,
}  # fmt: skip


class FormRenderer(TemplatesSetting):
    """Django's renderer, but for the controls written here. Named in settings.FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        control = CONTROLS.get(template_name)
        if control is None:
            return SafeString(super().render(template_name, context, request))
        return mark_safe(control(context["widget"]))  # noqa: S308 - every part above is escaped


def _optional(field: BoundField, *, in_fold: bool) -> str:
    """Most fields must be filled in, so it is the others that are marked; inside a fold everything may be left out."""
    form = field.form
    if field.field.required or in_fold or not getattr(form, "marks_optional", True):
        return ""
    if field.name in getattr(form, "needed_later", ()):
        return ""
    words = pgettext("form field", "Optional")
    return f' <span class="los-optional">{escape(words)}</span>'


def field_html(field: BoundField, *, show_label: bool = True, in_fold: bool = False) -> SafeString:
    """A whole field: label, guidance, control and what is wrong with it, tied together for screen readers."""
    widget = field.field.widget
    if field.is_hidden:
        return SafeString(field)
    name = field.auto_id or field.html_name
    help_html = ""
    if field.help_text:
        text = conditional_escape(field.help_text)
        help_html = f'<div data-field="description" class="los-help" id="{escape(name)}_helptext">{text}</div>'
    errors = field.errors
    error_html = ""
    if errors:
        said = "<br>".join(conditional_escape(each) for each in errors)
        error_html = f'<div class="ds-validation-message" id="{escape(name)}_error">{said}</div>'
    label = escape(field.label)
    hidden = "" if show_label else " ds-sr-only"
    extra = attributes(getattr(field.form, "box_attrs", {}).get(field.name, {}))
    if field.use_fieldset:
        described = field.aria_describedby
        tied = f' aria-describedby="{escape(described)}"' if described else ""
        control = str(field)
        return mark_safe(  # noqa: S308
            f'<fieldset class="ds-fieldset los-field" id="{escape(name)}"{tied}{extra}>'
            f'<legend class="ds-label{hidden}">{label}{_optional(field, in_fold=in_fold)}</legend>'
            f"{help_html}{control}{error_html}</fieldset>"
        )
    target = escape(field.id_for_label)
    if getattr(widget, "input_type", "") == "checkbox":
        return mark_safe(  # noqa: S308
            f'<div class="ds-field los-field"{extra}>{field}<label class="ds-label" for="{target}">{label}</label>'
            f"{help_html}{error_html}</div>"
        )
    counter, tag = "", "div"
    if limit := getattr(field.form, "guides", {}).get(field.name):
        tag = "ds-field"
        over = escape(gettext("%d characters too many"))
        under = escape(gettext("%d characters left"))
        counter = f'<p data-field="counter" data-limit="{limit}" data-over="{over}" data-under="{under}"></p>'
    control, spoken = str(field), ""
    if after := escape(getattr(field.form, "after", {}).get(field.name, "")):
        control = f'<div class="los-measure">{control}<span aria-hidden="true">{after}</span></div>'
        spoken = f'<span class="ds-sr-only"> ({after})</span>'
    return mark_safe(  # noqa: S308
        f'<{tag} class="ds-field los-field"{extra}><label class="ds-label{hidden}" for="{target}">{label}{spoken}'
        f"{_optional(field, in_fold=in_fold)}</label>{help_html}{control}{error_html}{counter}</{tag}>"
    )
