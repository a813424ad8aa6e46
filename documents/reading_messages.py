"""Reminders of what is to be read: one for all of it, never one a document. Nobody above is told; leaders see it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents import readers
from documents.models import ReadNudge
from documents.readers import ToRead, to_read
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.digest import DigestSection, register_section
from kvalitetslosen.notifications.messages import Message, plain_text, register
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

LISTED = 15
REMIND_BEFORE = 3  # working days
REPEAT_LATE = 5  # working days
HORIZON = datetime.timedelta(days=14)  # three working days, with room for Easter
GIVES_UP = datetime.timedelta(
    days=60
)  # whoever hasn't read it by then isn't helped by a ninth mail; the leader sees it
STILL_NEW = datetime.timedelta(days=14)  # what was asked longer ago was told of then, or is reminded of by its date


def what_is_to_read(user: User) -> dict[str, Any]:
    """What mail says of it: numbers, titles and dates. In the active language."""
    rows = to_read(user)
    return {
        "count": len(rows),
        "late": sum(row.is_late for row in rows),
        "rows": [_line(row) for row in rows[:LISTED]],
        "more": max(len(rows) - LISTED, 0),
        "first_due": full(rows[0].due) if rows else "",
    }


def _line(row: ToRead) -> dict[str, Any]:
    return {"number": row.document.number, "title": row.title, "date": full(row.due), "is_late": row.is_late}


def address() -> str:
    return reverse("documents:to_read")


EXAMPLE = {
    "count": 2,
    "late": 1,
    "more": 0,
    "first_due": "12. november 2026",
    "rows": [
        {"number": "P-0012", "title": "Brannvern", "date": "12. november 2026", "is_late": True},
        {"number": "P-0031", "title": "Nøkler", "date": "1. desember 2026", "is_late": False},
    ],
}


@register_reminder
class ToReadReminder(ReminderRule):
    """The morning after something new was asked, or on one's first day; before the first date; weekly when late."""

    name = "to_read"
    template = "documents"
    label = _("Reminder to those who are to read documents")
    is_task = True
    in_digest = True
    example = EXAMPLE

    def queryset(self, clock: Clock) -> QuerySet[User]:
        """Those whose dates are near or passed. Worked out once a run: who confirms meanwhile is left out of the next,
        and of a mail that waits to be sent.
        """
        return User.objects.active().filter(pk__in=self._waiting(clock)).select_related("municipality")

    def _waiting(self, clock: Clock) -> dict[int, tuple[datetime.date, datetime.date]]:
        def found() -> dict[int, tuple[datetime.date, datetime.date]]:
            soon, lately = clock.today + HORIZON, clock.today - STILL_NEW
            rows = readers.waiting(clock.today - GIVES_UP)
            return {pk: (due, asked) for pk, (due, asked) in rows.items() if due <= soon or asked >= lately}

        return clock.remember("documents.to_read", found)

    def occasion(self, row: User, clock: Clock) -> Occasion | None:
        place: int = row.municipality_id
        if row.pk not in (waiting := self._waiting(clock)):
            return None
        due, asked = waiting[row.pk]
        steps = [
            (f"before:{due}", clock.workday(due, -REMIND_BEFORE, place)),
            (f"late:{due}", clock.workday(due, 1, place)),
            *clock.repeats("late", due, REPEAT_LATE, place),
        ]
        if asked >= clock.today - STILL_NEW:
            # The next morning, of all that was asked that day at once.
            steps.append((f"new:{asked}", clock.workday(asked, 1, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: User, clock: Clock) -> Iterable[User | None]:
        return [row]

    def heard(self, rows: Sequence[User]) -> Mapping[int, datetime.datetime]:
        nudges = ReadNudge.objects.filter(user__in=[row.pk for row in rows])
        return dict(nudges.order_by().values_list("user").annotate(last=Max("at")))

    def may_see(self, row: User, user: User) -> bool:
        return row.pk == user.pk

    def url(self, row: User, user: User) -> str:
        return address()

    def context(self, row: User, user: User, clock: Clock) -> dict[str, Any]:
        return what_is_to_read(row)


@register
class ReadReminded(Message):
    """A leader reminds by hand: at once, of all there is to read."""

    name = "read_reminded"
    template = "documents"
    label = _("To those who are to read documents: the leader reminds them")
    events = ("documents.read_reminded",)
    is_task = True
    example = EXAMPLE | {"leader": "Kari Nordmann"}

    def recipients(self, event: Event, subject: ReadNudge) -> Iterable[User | None]:
        return [subject.user]

    def still_wanted(self, event: Event, subject: ReadNudge, user: User) -> bool:
        return subject.day >= timezone.localdate() - datetime.timedelta(days=3) and readers.count_to_read(user) > 0

    def context(self, event: Event, subject: ReadNudge, user: User) -> dict[str, Any]:
        return what_is_to_read(user) | {"leader": subject.by.name}

    def url(self, event: Event, subject: ReadNudge, user: User) -> str:
        return address()


@register_section
class ToReadThisWeek(DigestSection):
    """Everything the person has to read."""

    order = 21

    def people(self, municipality_id: int, clock: Clock) -> Collection[int]:
        return readers.people_with_something_to_read(municipality_id)

    def paragraph(self, user: User, clock: Clock) -> str:
        found = what_is_to_read(user)
        if not found["count"]:
            return ""
        heading = ngettext(
            "%(n)s document to read and confirm:", "%(n)s documents to read and confirm:", found["count"]
        ) % {"n": found["count"]}
        return plain_text(
            "documents/email/week_to_read.txt", found | {"heading": heading, "link": absolute(address())}
        )
