"""How a case is written in lists and on its page. Lists are long, so a line is put together here, not by includes."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from crispy_forms.utils import render_crispy_form
from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deviations.clock import Milestone, in_a_line, milestones
from deviations.columns import COLUMNS
from deviations.forms.questions import FragmentForm, in_block
from deviations.lifecycle import State
from deviations.models import Deviation, Kind, Severity, Source, When
from deviations.naming import EXPLAINED, NO_MAIL
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import User
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
CHOICE = '<input class="ds-input" type="checkbox" name="sak" value="{0}" aria-labelledby="l-{0}">'
LEVELS = {Severity.LOW: 1, Severity.MODERATE: 2, Severity.HIGH: 3, Severity.CRITICAL: 4}


@register.simple_tag
def state_tag(deviation: Deviation) -> SafeString:
    return ui.tag(str(State(deviation.state).label), COLORS[State(deviation.state)])


@register.simple_tag
def questions_inside(form: FragmentForm) -> SafeString:
    """The questions of a category as they stand in the form of a report."""
    return in_block(form, SafeString(render_crispy_form(form)))


@register.simple_tag
def step_label(step: Step, deviation: Deviation) -> str:
    """The word on a step's button: to set something for the first time is not to change it."""
    if step.name == "assess" and deviation.severity:
        return _("Change the severity")
    if step.name == "analyse" and deviation.cause:
        return _("Change the cause")
    return str(step.label)


@register.simple_tag
def severity_tag(deviation: Deviation) -> SafeString:
    """The class in word, bars and number; or that it isn't assessed."""
    if not deviation.severity:
        return ui.severity(None)
    severity = Severity(deviation.severity)
    return ui.severity(LEVELS[severity], str(severity.label), deviation.score or "")


@register.simple_tag
def naming_explained(naming: str) -> str:
    """What it means to report so, in the one sentence for it."""
    return str(EXPLAINED[naming])


@register.simple_tag
def no_mail() -> str:
    """That there is no way to the reporter but the page of the case code."""
    return str(NO_MAIL)


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
def case_line(
    row: Deviation,
    reader: User | None = None,
    own: bool = False,
    unread: Collection[str] = (),
    choosing: bool = False,
) -> SafeString:
    """One case in a list: what, where, how serious, where it is, how late. The reader's own name says nothing there.

    ``choosing``: with a box before it, to be worked together with others. ``own``: the reader reported it, and is
    told how far it has come and when to expect what comes next, or, where the case's address is among
    ``unread``, that one has come.
    """
    who = SafeString("")
    if row.handler is None:
        who = format_html(" · {}", _("nobody has it"))
    elif reader is None or row.handler_id != reader.pk:
        who = format_html(" · {}", row.handler.name)
    outside = ui.tag(str(Source(row.source).label)) if row.source and not own else ""
    tags: list[SafeString | str] = [outside, state_tag(row), severity_tag(row) if row.severity and not own else ""]
    if unread and row.get_absolute_url() in unread:
        tags.append(ui.tag(_("Unread answer"), "accent"))
    if own:
        tags += [late_word(words) if late else words for words, late in in_a_line(row)]
    elif row.closed_at is None:
        tags.append(clock(row))
    if row.reporter_waits_since and not own:
        tags.append(format_html(_("the reporter waits since {when}"), when=ui.when(row.reporter_waits_since)))
    box = name = SafeString("")
    if choosing:
        box, name = format_html(CHOICE, row), format_html(' id="l-{}"', row)
    return format_html(
        '<li>{7}<a class="los-list__main" href="/avvik/{0}/"{8} data-row>{1} · {2} · {3}</a>'
        '<span class="los-list__meta los-list__facts"><span><span class="los-whole">{0}</span> · {4}{5}</span>'
        "{6}</span></li>",
        row.reference,
        Kind(row.kind).label,  # Django's own way there costs a tenth of a list
        row.subject_matter,
        row.unit.name,
        ui.when(row.reported_at),
        who,
        SafeString("".join(f" <span>{conditional_escape(tag)}</span>" for tag in tags if tag)),
        box,
        name,
    )


@register.simple_tag
def case_row(row: Deviation, columns: Collection[str], choosing: bool = False) -> SafeString:
    """One case as a row of a table with these columns."""
    box = SafeString("")
    if choosing:
        box = format_html("<td>{}</td>", format_html(CHOICE, row))
    cells = SafeString("".join(f"<td>{conditional_escape(COLUMNS[key].said(row))}</td>" for key in columns))
    return format_html(
        '<tr>{1}<th scope="row"><a class="ds-link los-whole" id="l-{0}" href="/avvik/{0}/" data-row>{0}</a></th>'
        "{2}</tr>",
        row.reference,
        box,
        cells,
    )


def clock(row: Deviation) -> SafeString:
    """The date an open case is to keep next: that of receiving it until somebody has."""
    if row.state != State.REPORTED:
        late = row.deadline < timezone.now()
        said = ui.deadline(row.deadline, short=True)
        return said if late else format_html(_("deadline {when}"), when=said)
    if row.receive_by >= timezone.now():
        return format_html(_("receive by {when}"), when=ui.deadline(row.receive_by, short=True))
    return late_since(_("should have been received {day}"), row.receive_by)


def late_word(words: str) -> SafeString:
    return format_html('<span class="los-late">{}{}</span>', ui.icon("clock"), words)


def late_since(words: str, day: datetime.datetime) -> SafeString:
    return format_html('<span class="los-late">{}{}</span>', ui.icon("clock"), words.format(day=dates.short(day)))


@register.simple_tag
def case_clock(row: Deviation) -> SafeString:
    """The same on the case's own page, as a sentence."""
    if row.state != State.REPORTED:
        return format_html(_("Deadline {when}."), when=ui.deadline(row.deadline))
    if row.receive_by >= timezone.now():
        return format_html(_("Receive it by {when}."), when=ui.deadline(row.receive_by))
    return late_since(_("It should have been received {day}."), row.receive_by)


@register.simple_tag
def promised(row: Deviation) -> SafeString:
    """What the one who reported is promised, as a sentence."""
    if row.promised_by >= timezone.now():
        return format_html(_("You get an answer by {when}."), when=dates.dated(row.promised_by))
    return late_since(_("You should have had an answer by {day}."), row.promised_by)


@register.inclusion_tag("deviations/clock.html")
def reporters_clock(deviation: Deviation) -> dict[str, list[Milestone]]:
    """How far the case has come, for the one who reported it."""
    return {"milestones": milestones(deviation)}
