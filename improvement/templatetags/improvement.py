"""How actions and measures are written in lists. Lists are long: a line is put together here, not by includes."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from improvement.lifecycle import EffectState, State
from improvement.models import Action, Answer, AuditPoint, EffectCheck, Measure
from kvalitetslosen.ui.templatetags import ui

register = template.Library()

COLORS = {State.PLANNED: "warning", State.UNDER_WAY: "info", State.DONE: "success", State.CANCELLED: "neutral"}
LONGEST = 120  # characters, as in a heading


@register.simple_tag
def action_tag(action: Action) -> SafeString:
    """Where the action stands, in a word."""
    state = State(action.state)
    return ui.tag(str(state.label), COLORS[state])


@register.filter
def in_short(action: Action) -> str:
    return Truncator(action.what).chars(LONGEST)


@register.simple_tag
def action_lines(rows: list[Action], own: bool = False) -> SafeString:
    """The actions of a list: what, by whom, by when, where, how it stands. ``own``: all of them are the reader's."""
    here = reverse("improvement:actions")
    return format_html_join(
        "",
        '<li><a class="los-list__main" href="{}{}/">{}</a>'
        '<span class="los-list__meta los-list__facts"><span>{}{}</span> {} <span>{}</span></span></li>',
        (
            (
                here,
                row.pk,
                in_short(row),
                "" if own else f"{row.owner.name} · ",
                row.unit.name,
                action_tag(row),
                ui.deadline(row.deadline, done=not row.is_open, short=True),
            )
            for row in rows
        ),
    )


@register.simple_tag
def measure_lines(rows: list[Measure], own: bool = False) -> SafeString:
    """The measures of a list: what, by whom, where, and whether a value is late or how it went."""
    here = reverse("measures:list")
    return format_html_join(
        "",
        '<li><a class="los-list__main" href="{}{}/{}">{}</a>'
        '<span class="los-list__meta los-list__facts"><span>{}{}</span> {}</span></li>',
        (
            (
                here,
                row.pk,
                "#verdi" if own else "",
                row.name,
                "" if own else f"{row.owner.name} · ",
                row.unit.name,
                ui.tag(_("A value is late"), "warning")
                if row.is_late
                else ui.tag(row.get_verdict_display())
                if row.verdict
                else "",
            )
            for row in rows
        ),
    )


EFFECT_COLORS = {
    EffectState.PLANNED: "neutral",
    EffectState.OPEN: "warning",
    EffectState.EFFECTIVE: "success",
    EffectState.INEFFECTIVE: "info",
    EffectState.DROPPED: "neutral",
}


@register.simple_tag
def effect_tag(check: EffectCheck) -> SafeString:
    """How it stands with a look at the effect, in a word."""
    state = EffectState(check.state)
    return ui.tag(str(state.label), EFFECT_COLORS[state])


ANSWERS = {
    Answer.CONFORMS: "success", Answer.NOT: "danger", Answer.OBSERVATION: "warning", Answer.NOT_LOOKED_AT: "neutral",
}  # fmt: skip


@register.simple_tag
def answer_tag(point: AuditPoint) -> SafeString:
    """What was seen of a point of an audit, in a word."""
    answer = Answer(point.answer)
    return ui.tag(str(answer.label), ANSWERS[answer])
