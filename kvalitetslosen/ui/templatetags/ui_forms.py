"""What the crispy-forms template pack «designsystemet» is made with."""

from __future__ import annotations

from functools import cache

from crispy_forms.utils import render_crispy_form
from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from kvalitetslosen.ui.dates import in_words
from kvalitetslosen.ui.forms import PageForm
from kvalitetslosen.ui.rendering import field_html

register = template.Library()


@register.simple_tag(takes_context=True)
def designed_field(context: Context, field: BoundField) -> SafeString:
    """{% designed_field form.title %}: a whole field, also outside a crispy layout."""
    in_fold = bool(context.get("in_fold", False))
    if context.get("leaves_gaps") and field.name in getattr(field.form, "varying", ()):
        return SafeString(f"{GAP}{field.name}{GAP}{'fold' if in_fold else ''}{GAP}")
    return field_html(field, show_label=bool(context.get("form_show_labels", True)), in_fold=in_fold)


GAP = "\0"  # in no text: neither a form's own nor, since HTML can't carry it, anybody's


@cache
def _blank(form_type: type, language: str) -> list[str]:
    """What ``form_fields`` keeps of a form in a language; it fills it the first time."""
    return []


@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: PageForm) -> SafeString:
    """{% form_fields form %}: as {% crispy form %}, for a form of many fields that nearly all come to blank.

    Making fifteen fields takes half of such a page. So what is the same for everybody in a language is made once, with
    gaps for the form's ``varying`` fields, which are made each time. What somebody has filled in is made as ever.
    """
    if form.is_bound or settings.DEBUG:
        return SafeString(render_crispy_form(form, context=context.flatten()))
    pieces = _blank(type(form), get_language() or settings.LANGUAGE_CODE)  # type: ignore[arg-type]  # hashable
    if not pieces:
        pieces[:] = render_crispy_form(form, context={"leaves_gaps": True}).split(GAP)
    parts = [pieces[0]]
    for name, fold, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        parts += field_html(form[name], in_fold=bool(fold)), after
    return mark_safe("".join(parts))  # noqa: S308 - made of crispy's answer and of fields


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
