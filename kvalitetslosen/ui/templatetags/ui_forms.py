"""What the crispy-forms template pack «designsystemet» is made with."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from kvalitetslosen.ui.dates import in_words
from kvalitetslosen.ui.rendering import field_html

register = template.Library()


@register.simple_tag(takes_context=True)
def designed_field(context: Context, field: BoundField) -> SafeString:
    """{% designed_field form.title %}: a whole field, also outside a crispy layout."""
    return field_html(
        field,
        show_label=bool(context.get("form_show_labels", True)),
        in_fold=bool(context.get("in_fold", False)),
    )


def _target(form: forms.BaseForm, name: str) -> str:
    field = form[name]
    return field.auto_id if field.use_fieldset else field.id_for_label


@register.simple_tag
def error_summary(form: forms.BaseForm) -> SafeString:
    """Everything that is wrong, at the top, with a link to each place. Takes focus by itself when the page opens."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    lines = []
    for name, errors in form.errors.items():
        for error in errors:
            text = str(conditional_escape(str(error)))
            if name in form.fields and not form[name].is_hidden:
                text = f'<a class="ds-link" href="#{escape(_target(form, name))}">{text}</a>'
            lines.append(f"<li>{text}</li>")
    heading = ngettext(
        "One thing must be put right before you can go on.",
        "%(count)s things must be put right before you can go on.",
        len(lines),
    ) % {"count": in_words(len(lines))}
    said = heading[:1].upper() + heading[1:]
    label = gettext("What must be put right")
    return mark_safe(  # noqa: S308 - every part above is escaped
        f'<ds-error-summary class="ds-error-summary" aria-label="{escape(label)}">'
        f'<h2 class="ds-heading">{escape(said)}</h2><ul class="ds-list">{"".join(lines)}</ul></ds-error-summary>'
    )
