"""Whom the year wheel tells what, and when it reminds. Mail names unit and month; never what somebody wrote."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from deviations.wording import UNIT
from improvement.models import YearTask
from improvement.reminders import rules_in
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User

MONTH = Placeholder("month", "måned", "månad", "month", lambda: str(MONTHS[timezone.localdate().month]).lower())


def facts(task: YearTask) -> dict[str, Any]:
    return {"unit": task.unit.name, "month": str(MONTHS[task.month.month]).lower(), "year": task.month.year}


@register
class YearPlanned(Message):
    """One for all that was laid on a unit's year, by whoever did it that day."""

    name = "year_planned"
    template = "improvement"
    label = _("To the leader: somebody put tasks in their year wheel")
    events = ("improvement.year_task_planned", "improvement.year_task_handed_over", "improvement.year_task_inherited")
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)

    def recipients(self, event: Event, subject: YearTask) -> Iterable[User | None]:
        given = event.data.get("owner") or event.old_and_new("owner")[1]
        return [subject.owner] if given == subject.owner_id else []

    def once(self, event: Event, subject: YearTask, user: User) -> str:
        return f"{event.by_id or 0}:{subject.unit_id}:{timezone.localdate(event.at)}"

    def still_wanted(self, event: Event, subject: YearTask, user: User) -> bool:
        return YearTask.objects.waiting().filter(owner=user, unit=subject.unit_id).exists()

    def context(self, event: Event, subject: YearTask, user: User) -> dict[str, Any]:
        return facts(subject)

    def url(self, event: Event, subject: YearTask, user: User) -> str:
        return f"{reverse('year:wheel')}?aar={subject.month.year}"


@register_reminder
class YearTaskDue(ReminderRule):
    """On the first working day of its month, and when the month is over, again every so many working days."""

    name = "year_task"
    template = "improvement"
    label = _("Reminder to whoever does it: a task of the year wheel")
    is_task = True
    placeholders = (UNIT, MONTH)
    example: ClassVar[dict[str, Any]] = {"late": False}
    TELL_FOR: ClassVar[datetime.timedelta] = datetime.timedelta(days=400)  # older ones tell of a wheel nobody uses

    def queryset(self, clock: Clock) -> QuerySet[YearTask]:
        rows = YearTask.objects.waiting().come(clock.today).filter(month__gt=clock.today - self.TELL_FOR)
        return rows.select_related("unit", "owner__municipality")

    def occasion(self, row: YearTask, clock: Clock) -> Occasion | None:
        place = row.level_0 or 0
        every = rules_in(place, clock).repeat_days
        over = row.due_on + datetime.timedelta(days=1)
        first = clock.workday(row.month, 0, place)
        after = clock.workday(over, 0, place)
        return clock.latest(
            place, (f"month:{row.month}", first), (f"late:{row.month}", after),
            *clock.repeats(f"again:{row.month}", after, every, place),
        )  # fmt: skip

    def recipients(self, row: YearTask, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: YearTask, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row) | {"late": row.due_on < clock.today}

    def heard(self, rows: Any) -> dict[int, datetime.datetime]:
        return {row.pk: row.created_at for row in rows}
