"""How a duty to tell is written: its clock, and its line in a list."""

from __future__ import annotations

import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deviations.lifecycle import DutyState
from deviations.models import Breach, Duty
from kvalitetslosen.ui import dates
from kvalitetslosen.ui.templatetags import ui

register = template.Library()

HOURS_COUNTED = datetime.timedelta(hours=96)
"""A clock shorter than this is told in hours and minutes; a longer one in days."""


def left(seconds: float) -> str:
    """«48 h 12 min», whether left or over."""
    minutes = int(abs(seconds) // 60)
    hour, minute = units()
    return f"{minutes // 60} {hour} {minutes % 60} {minute}"


def units() -> tuple[str, str]:
    return pgettext("hours", "h"), pgettext("minutes", "min")


@register.simple_tag
def duty_clock(duty: Duty) -> SafeString:
    """How long is left, ticking where there is a script; or that it is done, and whether it was in time."""
    if duty.state == DutyState.NOT_NEEDED:
        return ui.tag(pgettext("a duty to tell", "Not needed"), "neutral")
    if duty.done_at:
        said = format_html(_("done {when}"), when=ui.time(dates.moment(duty.done_at)))
        return format_html("{} {}", said, ui.tag(_("too late"), "danger")) if duty.is_late else said
    now = timezone.now()
    due = exact(duty.due_at)
    span = (duty.due_at - now).total_seconds()
    if abs(span) > HOURS_COUNTED.total_seconds():
        return ui.deadline(duty.due_at)
    words = (_("{time} left"), _("{time} too late"))
    return format_html(
        '<span class="{}">{}<span data-clock="{}" data-left="{}" data-late="{}" data-units="{}">{}</span>'
        ' <span class="los-late__date">({})</span></span>',
        "los-late" if span < 0 else "los-clock",
        ui.icon("clock"),
        duty.due_at.isoformat(),
        *words,
        " ".join(units()),
        words[span < 0].format(time=left(span)),
        due,
    )


@register.simple_tag
def exact(value: datetime.datetime) -> SafeString:
    """«1. des. 05.24»: a deadline to the minute needs its date, however near it is."""
    return ui.time(dates.say(value)._replace(text=f"{dates.short(value)} {dates.clock(value)}"))


@register.simple_tag
def duty_line(duty: Duty) -> SafeString:
    """One duty in a list: what, where, whom, and the clock."""
    return format_html(
        '<li><a class="los-list__main" href="{}">{}</a>'
        '<span class="los-list__meta los-list__facts"><span>{} · {}</span> <span>{}</span></span></li>',
        duty.get_absolute_url(),
        duty.name,
        duty.deviation.unit.name,
        duty.channel,
        duty_clock(duty),
    )


@register.simple_tag
def breach_facts(breach: Breach) -> SafeString:
    """What is written in the report so far, field by field."""
    rows = ((Breach._meta.get_field(name).verbose_name, getattr(breach, name)) for name in Breach.FIELDS)  # type: ignore[union-attr]
    return format_html_join(
        "",
        '<div><dt>{}</dt><dd class="los-written">{}</dd></div>',
        ((capfirst(label), value) for label, value in rows if value),
    )
