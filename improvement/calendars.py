"""What of this module stands in people's own calendars. Kind and unit, as a mail may say; never what anybody wrote."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from improvement.audit_lifecycle import AuditState
from improvement.models import Action, ActionPart, Audit, EffectCheck, Inquiry, Measure, Meeting, YearTask
from kvalitetslosen.calendars.registry import Entry, register_calendar
from kvalitetslosen.organisation.models import User

DAY = datetime.timedelta(days=1)


@register_calendar("improvement.actions")
def actions_due(user: User) -> Iterator[Entry]:
    for row in Action.objects.visible_to(user).open().filter(owner=user).select_related("unit"):
        title = _("Deadline of an action, %(unit)s") % {"unit": row.unit.name}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.deadline, url=row.get_absolute_url())


@register_calendar("improvement.parts")
def parts_due(user: User) -> Iterator[Entry]:
    for row in ActionPart.objects.waiting().of(user).select_related("action__unit"):
        unit = row.action.unit.name
        title = _("Deadline of your part of an action, %(unit)s") % {"unit": unit}
        yield Entry(key=str(row.key), title=title, place=unit, day=row.by_day, url=row.get_absolute_url())


@register_calendar("improvement.effects")
def effects(user: User) -> Iterator[Entry]:
    for row in EffectCheck.objects.visible_to(user).waiting().filter(owner=user).select_related("unit"):
        title = _("Did it work? %(unit)s") % {"unit": row.unit.name}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.opens_on, url=row.get_absolute_url())


@register_calendar("improvement.measures")
def values(user: User) -> Iterator[Entry]:
    rows = Measure.objects.followed().filter(owner=user, level_0=user.municipality_id, due_on__isnull=False)
    for row in rows.select_related("unit"):
        title = _("A value to enter, %(unit)s") % {"unit": row.unit.name}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.due_on, url=row.get_absolute_url())


@register_calendar("improvement.inquiries")
def questions(user: User) -> Iterator[Entry]:
    for row in Inquiry.objects.visible_to(user).to_answer(user).select_related("unit"):
        title = _("Answer your leader, %(unit)s") % {"unit": row.unit.name}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.due_on, url=row.get_absolute_url())


@register_calendar("improvement.year")
def year_tasks(user: User) -> Iterator[Entry]:
    """With the time set aside, where there is any: as taken, so that nobody books a meeting over it.

    A duty of the year is about no case and no person, so it stands as it is called.
    """
    rows = YearTask.objects.waiting().filter(owner=user, level_0=user.municipality_id)
    for row in rows.select_related("unit"):
        starts = row.time_set_aside
        yield Entry(
            key=str(row.key), title=row.what, place=row.unit.name, url=row.get_absolute_url(),
            day=None if starts else row.due_on, starts=starts, minutes=row.minutes, busy=starts is not None,
        )  # fmt: skip


@register_calendar("improvement.meetings")
def meetings(user: User) -> Iterator[Entry]:
    """By the forum's name and where it meets, as its invitations have it; nothing of the agenda.

    Only until the invitation is sent: from then on it is in the calendar by its own name, and would stand there twice.
    """
    rows = Meeting.objects.visible_to(user).planned().filter(sent_at=None, forum__ended_at=None)
    rows = rows.filter(starts_at__gt=timezone.now() - DAY)
    for row in rows.select_related("forum"):
        yield Entry(
            key=str(row.key), title=row.forum.name, place=row.place, url=row.get_absolute_url(),
            starts=row.starts_at, minutes=row.lasts, busy=True,
        )  # fmt: skip


@register_calendar("improvement.audits")
def audits(user: User) -> Iterator[Entry]:
    """For the auditors, and for the leader of the unit, the nearest above where it has none: the day it is held."""
    rows = Audit.objects.visible_to(user).concerning(user)
    rows = rows.filter(state__in=(AuditState.PLANNED, AuditState.UNDER_WAY))
    for row in rows.select_related("unit"):
        title = _("Internal audit, %(unit)s") % {"unit": row.unit.name}
        yield Entry(key=str(row.key), title=title, place=row.unit.name, day=row.held_on, url=row.get_absolute_url())
