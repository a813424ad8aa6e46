"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from django.utils import timezone

from kvalitetslosen.celery import app
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.leases import only_one
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Schedule
from kvalitetslosen.reports.registry import find


@app.task(name="reports.tell_what_is_ready")
def tell_what_is_ready() -> int:
    """Say so where a period is over; how many reports it was. On a working morning, as other reminders."""
    with only_one("reports") as lease:
        if lease is None:
            return 0
        clock, told = Clock(timezone.now()), 0
        for schedule in Schedule.objects.running().select_related("unit").order_by("pk").iterator(chunk_size=200):
            if schedule.unit.closed_on is not None or find(schedule.kind) is None:
                continue
            if not clock.is_time(schedule.level_0 or 0):
                continue
            told += actions.tell(schedule=schedule, period=schedule.latest_over(clock.today))
        return told
