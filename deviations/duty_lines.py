"""Duties to tell on the morning page, and as lines of a file."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from deviations.models import Deviation, Duty, DutyQuerySet
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.workdays import OSLO

SHOWN = 8
SOON = datetime.timedelta(days=14)
"""What is due later than this doesn't stand on the morning page."""

MOST = 20_000


def may_see_list(user: User) -> bool:
    """Who has the list among the cases' own, and its file. Whoever is named by the administrator has it from mail."""
    return user.standing.has(Role.LEADER, Role.DPO, Role.QUALITY_CONTACT)


def is_dpo(user: User) -> bool:
    """For whom it also has a place in the menu: leaders have it beside their cases, and a full menu already."""
    return user.standing.has(Role.DPO)


DUTY_LINES = ByKey(lambda keys: Duty.objects.filter(pk__in=keys).for_lines())


def soon_due(user: User) -> DutyQuerySet:
    """What is running and soon due, of all that the person sees."""
    return Duty.objects.visible_to(user).running().filter(due_at__lt=timezone.now() + SOON).order_by("due_at", "pk")


def to_tell(user: User, rows: list[Duty]) -> dict[str, Any] | None:
    """The late ones first. One's own count as waiting."""
    if not rows:
        return None
    mine = [row for row in rows[:SHOWN] if _is_mine(row, user)]
    return {
        "rows": mine + [row for row in rows[:SHOWN] if row not in mine],
        "count": len(mine),
        "more": len(rows) > SHOWN,
    }


def _is_mine(row: Duty, user: User) -> bool:
    """Whether it is for this person to do: the handler, and the data protection officer where it is about privacy."""
    return row.deviation.handler_id == user.pk or (row.triage == "privacy" and user.standing.has(Role.DPO))


def year_lines(user: User, year: int) -> list[list[object]]:
    """A heading, and a line for each duty whose clock began in the year. No words that somebody wrote."""
    first, after = (datetime.datetime(each, 1, 1, tzinfo=OSLO) for each in (year, year + 1))
    rows = Duty.objects.visible_to(user).filter(clock_from__gte=first, clock_from__lt=after).for_lines()
    rows = rows.order_by("clock_from", "pk")[:MOST]
    seen = set(
        Deviation.objects.visible_to(user)
        .filter(pk__in=[row.deviation_id for row in rows])
        .values_list("pk", flat=True)
    )
    heading: list[object] = [
        _("Case"), _("Where"), _("What must be done"), _("Told"), _("How"), _("Legal basis"), _("Became aware"),
        _("Deadline"), _("Status"), _("Done"), _("Done by"), _("Receipt number"), _("In time"),
    ]  # fmt: skip
    return [heading, *(_line(row, row.deviation_id in seen) for row in rows)]


def _line(row: Duty, sees_case: bool) -> list[object]:
    in_time = "" if row.reason or (row.is_running and not row.is_late) else _("No") if row.is_late else _("Yes")
    return [
        row.deviation.reference if sees_case else "",
        row.deviation.unit.name,
        row.name,
        row.recipient,
        row.channel,
        row.counted_by.law,
        _minute(row.clock_from),
        _minute(row.due_at),
        str(row.get_state_display()),
        _minute(row.done_at),
        row.done_by.name if row.done_by else "",
        row.receipt,
        in_time,
    ]


def _minute(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
