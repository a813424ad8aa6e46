"""How a case is written in lists and on its page. Lists are long, so a line is put together here, not by includes."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deviations.lifecycle import State
from deviations.models import Deviation, Severity, When
from kvalitetslosen.ui import dates
from kvalitetslosen.ui.templatetags import ui

register = template.Library()

COLORS = {
    State.REPORTED: "warning",
    State.RECEIVED: "info",
    State.IN_PROGRESS: "info",
    State.WAITING: "accent",
    State.CLOSED: "neutral",
    State.NOT_DEVIATION: "neutral",
    State.MERGED: "neutral",
}
LEVELS = {Severity.LOW: 1, Severity.MODERATE: 2, Severity.HIGH: 3, Severity.CRITICAL: 4}


@register.simple_tag
def state_tag(deviation: Deviation) -> SafeString:
    return ui.tag(str(State(deviation.state).label), COLORS[State(deviation.state)])


@register.simple_tag
def severity_tag(deviation: Deviation) -> SafeString:
    """The class in word, bars and number; or that it isn't assessed."""
    if not deviation.severity:
        return ui.severity(None)
    severity = Severity(deviation.severity)
    return ui.severity(LEVELS[severity], str(severity.label), deviation.score or "")


@register.simple_tag
def happened(deviation: Deviation) -> SafeString | str:
    """When it happened. «Now» and «this shift» were said on the day of the report, and are read on another."""
    reported = deviation.reported_at
    if deviation.happened == When.NOW:
        return ui.time(dates.moment(reported))
    if deviation.happened == When.TODAY:
        return ui.time(dates.say(dates.local_day(reported)))
    if deviation.happened == When.SHIFT:
        return format_html(_("{day}, during the shift"), day=ui.time(dates.say(dates.local_day(reported))))
    if deviation.happened_on:
        return dates.full(deviation.happened_on)
    return deviation.get_happened_display()


@register.simple_tag
def case_line(row: Deviation) -> SafeString:
    """One case in a list: what, where, how serious, where it is, how late."""
    about = f"{row.get_kind_display()} · {row.category.label}" if row.category else row.get_kind_display()
    late: SafeString | str = ""
    if row.closed_at is None:
        is_late = row.deadline < timezone.now()
        late = ui.deadline(row.deadline) if is_late else format_html(_("deadline {when}"), when=ui.when(row.deadline))
    return format_html(
        '<li><a class="los-list__main" href="/avvik/{0}/">{1} · {2}</a>'
        '<span class="los-list__meta">{0} · {3} · {4}{5}{6}</span></li>',
        row.reference,
        about,
        row.unit.name,
        ui.when(row.reported_at),
        row.handler.name if row.handler else _("nobody has it"),
        format_html(" {} {}", state_tag(row), severity_tag(row) if row.severity else ""),
        format_html(" {}", late) if late else "",
    )
