"""What meetings put in the menu, on the morning page and on the page of a case."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from improvement.meeting_access import uses_meetings
from improvement.models import Meeting
from improvement.views import bringing
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today
from kvalitetslosen.workdays import midnight

register_menu(MenuEntry(_("Meetings"), "meetings:list", order=40, visible=uses_meetings, icon="people"))

SOON = datetime.timedelta(days=14)


def next_meetings_rows(user: User) -> QuerySet[Meeting]:
    begins = midnight(timezone.localdate())
    rows = Meeting.objects.visible_to(user).planned().filter(starts_at__gte=begins, starts_at__lt=begins + SOON)
    return rows.order_by("starts_at", "pk")


def next_meetings(user: User, rows: list[Meeting]) -> dict[str, Any] | None:
    """Where one meets the others in the next fortnight."""
    return {"meetings": rows} if rows else None


MEETINGS = ByKey(lambda keys: Meeting.objects.filter(pk__in=keys).select_related("forum"))
register_today(TodaySection(40, "improvement/today/meeting.html", next_meetings, next_meetings_rows, MEETINGS, most=3))
register_panel("deviations.case", template="improvement/meetings/case_panel.html", context=bringing.in_case, order=62)
