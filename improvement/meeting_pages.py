"""What meetings put in the menu, on the morning page and on the page of a case."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.filters import start_of
from improvement.meeting_access import uses_meetings
from improvement.models import Meeting
from improvement.views import bringing
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

register_menu(MenuEntry(_("Meetings"), "meetings:list", order=40, visible=uses_meetings, icon="people"))

SOON = datetime.timedelta(days=14)


def next_meetings_rows(user: User) -> QuerySet[Meeting]:
    begins = start_of(timezone.localdate())
    return Meeting.objects.visible_to(user).planned().filter(starts_at__gte=begins, starts_at__lt=begins + SOON)


def next_meetings(user: User) -> dict[str, Any] | None:
    """Where one meets the others in the next fortnight."""
    rows = list(next_meetings_rows(user).select_related("forum").order_by("starts_at", "pk")[:3])
    return {"meetings": rows} if rows else None


register_today(
    TodaySection(order=40, template="improvement/today/meeting.html", context=next_meetings, rows=next_meetings_rows)
)
register_panel("deviations.case", template="improvement/meetings/case_panel.html", context=bringing.in_case, order=62)
