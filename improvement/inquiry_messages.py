"""Whom a question between leaders is told to. Mail names the unit, the other and the day; never the question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deviations.wording import DEADLINE, UNIT
from improvement.models import Inquiry
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

ASKER = Placeholder("asker", "spør", "spør", "asker", lambda: "Kari Nordmann")
ASKED = Placeholder("asked", "svarer", "svarar", "answers", lambda: "Kari Nordmann")


def facts(inquiry: Inquiry) -> dict[str, Any]:
    """What mail may say about it, in the active language."""
    return {
        "unit": inquiry.unit.name,
        "deadline": full(inquiry.due_on),
        "asker": inquiry.asker.name,
        "asked": inquiry.asked.name,
    }


class AboutInquiry(Message):
    template = "improvement"

    def context(self, event: Event, subject: Inquiry, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class InquiryAsked(AboutInquiry):
    name = "inquiry_asked"
    label = _("To a leader: another leader asks")
    events = ("improvement.inquiry_asked", "improvement.inquiry_inherited")
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, DEADLINE, ASKER)
    is_task = True

    def recipients(self, event: Event, subject: Inquiry) -> Iterable[User | None]:
        return [subject.asked]

    def still_wanted(self, event: Event, subject: Inquiry, user: User) -> bool:
        return subject.is_waiting and subject.asked_id == user.pk


@register
class InquiryAnswered(AboutInquiry):
    name = "inquiry_answered"
    label = _("To the leader who asked: there is an answer")
    events = ("improvement.inquiry_answered", "improvement.inquiry_taken_over")
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, ASKED)
    is_task = True

    def recipients(self, event: Event, subject: Inquiry) -> Iterable[User | None]:
        return [subject.asker]

    def still_wanted(self, event: Event, subject: Inquiry, user: User) -> bool:
        return subject.answered_at is not None and subject.asker_id == user.pk


@register
class InquiryRead(AboutInquiry):
    """A notice only: that an answer is read is worth knowing, not a mail."""

    name = "inquiry_read"
    label = _("To the leader who answered: the answer is read")
    events = ("improvement.inquiry_read",)
    by_mail = False

    def recipients(self, event: Event, subject: Inquiry) -> Iterable[User | None]:
        return [subject.asked]


@register_reminder
class InquiryLate(ReminderRule):
    """On the last working day before an answer is due, and again every few days after."""

    name = "inquiry_late"
    template = "improvement"
    label = _("Reminder to the leader: a question waits for an answer")
    is_task = True
    placeholders = (UNIT, DEADLINE, ASKER)
    EVERY: ClassVar[int] = 5  # working days

    def queryset(self, clock: Clock) -> QuerySet[Inquiry]:
        return (
            Inquiry.objects.waiting()
            .filter(due_on__lte=clock.today)
            .select_related("unit", "asker", "asked__municipality")
        )

    def occasion(self, row: Inquiry, clock: Clock) -> Occasion | None:
        place, day = row.level_0 or 0, row.due_on
        at = clock.last_workday(day, place)
        return clock.latest(place, (f"at:{day}", at), *clock.repeats("after", day, self.EVERY, place))

    def recipients(self, row: Inquiry, clock: Clock) -> Iterable[User | None]:
        return [row.asked]

    def context(self, row: Inquiry, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row)
