"""The moments reminders go out at: mornings of working days, as each municipality has them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, TypeVar

from kvalitetslosen.notifications.models import MailSettings, all_mail_settings
from kvalitetslosen.organisation.models import MunicipalitySettings, Unit
from kvalitetslosen.workdays import NEVER_CLOSED, OSLO, Yearly, add_workdays, is_workday, workdays_between

T = TypeVar("T")

EVENING = 20
"""The hour after which nobody is reminded of anything until the next working day."""

_DAY_AND_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})\.?")


@dataclass(frozen=True)
class Occasion:
    """One time to remind of something. The key names the date it follows from, so that a moved date is a new one."""

    key: str
    at: datetime.datetime


class Clock:
    """Now, and each municipality's hours and closed days; made anew for each run."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now
        self.today = now.astimezone(OSLO).date()
        self._remembered: dict[str, Any] = {}
        self._chosen = all_mail_settings()
        self._practice = set(Unit.objects.of_world(practice=True).values_list("pk", flat=True))
        self._closed = {
            municipality_id: closed_days(days)
            for municipality_id, days in MunicipalitySettings.objects.values_list("municipality", "closed_days")
        }

    def remember(self, name: str, make: Callable[[], T]) -> T:
        """What is worth working out once a run: every municipality's deadlines, the working days since a date."""
        if name not in self._remembered:
            self._remembered[name] = make()
        known: T = self._remembered[name]
        return known

    def settings(self, municipality_id: int) -> MailSettings:
        return self._chosen.get(municipality_id) or MailSettings(municipality_id=municipality_id)

    def closed(self, municipality_id: int) -> Container[object]:
        return self._closed.get(municipality_id, NEVER_CLOSED)

    def morning(self, day: datetime.date, municipality_id: int) -> datetime.datetime:
        """When reminders of the day go out: the same hour on the wall, summer and winter."""
        return at_hour(day, self.settings(municipality_id).reminder_hour)

    def workday(self, day: datetime.date, workdays: int, municipality_id: int) -> datetime.date:
        """So many working days after the day, before it when negative; with 0 the day itself or the next one."""
        return self.remember(
            f"workday:{municipality_id}:{day}:{workdays}",
            lambda: add_workdays(day, workdays, closed=self.closed(municipality_id)),
        )

    def last_workday(self, day: datetime.date, municipality_id: int) -> datetime.date:
        """The day itself, or the last working day before it: when to say that something is due on a free day."""
        closed = self.closed(municipality_id)
        return day if is_workday(day, closed=closed) else add_workdays(day, -1, closed=closed)

    def is_time(self, municipality_id: int) -> bool:
        """Whether reminders may be written now: on a working day, from the chosen hour until the evening.

        What a stopped worker missed on a Friday waits for Monday morning, not for the minute it starts again. Where
        somebody practises it never is.
        """
        if municipality_id in self._practice:
            return False
        begins, ends = self.morning(self.today, municipality_id), at_hour(self.today, EVENING)
        return self.is_workday(municipality_id) and begins <= self.now < ends

    def is_workday(self, municipality_id: int) -> bool:
        """Whether people are at work today."""
        return is_workday(self.today, closed=self.closed(municipality_id))

    def latest(self, municipality_id: int, *steps: tuple[str, datetime.date]) -> Occasion | None:
        """The last of the steps (what to call it, which day) whose morning has come.

        Only the last: whoever missed three mornings is reminded once.
        """
        past = [Occasion(key, at) for key, day in steps if (at := self.morning(day, municipality_id)) <= self.now]
        return max(past, key=lambda each: each.at, default=None)

    def repeats(
        self, name: str, day: datetime.date, every: int, municipality_id: int
    ) -> list[tuple[str, datetime.date]]:
        """The two latest of the steps that come every so many working days after the day, for ``latest`` to choose.

        None with ``every`` 0: nothing is repeated.
        """
        if every <= 0 or self.today <= day:
            return []
        passed = self.remember(
            f"passed:{municipality_id}:{day}",
            lambda: workdays_between(day, self.today, closed=self.closed(municipality_id)),
        )
        count = passed // every
        return [
            (f"{name}:{day}:{number}", self.workday(day, number * every, municipality_id))
            for number in (count - 1, count)
            if number > 0
        ]


def at_hour(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=OSLO)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it is in Norway."""
    return moment.astimezone(OSLO).date()


def closed_days(written: object) -> Container[object]:
    """What the municipality wrote («24.12», one a line) as days of the year; what can't be read is left out."""
    if not isinstance(written, list):
        return NEVER_CLOSED
    found = [_DAY_AND_MONTH.fullmatch(str(each).strip()) for each in written]
    return Yearly((int(match[2]), int(match[1])) for match in found if match)
