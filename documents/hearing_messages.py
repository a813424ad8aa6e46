"""Whom a hearing tells what: those asked, those who wrote the draft, and whoever commented. Never what was said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from documents.models import Hearing, Response
from documents.wording import AUTHOR, DEADLINE, KIND, NUMBER, TITLE, UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

FACTS = (NUMBER, TITLE, KIND, UNIT, AUTHOR, DEADLINE)


def facts(hearing: Hearing) -> dict[str, Any]:
    """What mail may say about a hearing, in the active language."""
    version = hearing.version
    document = version.document
    return {
        "number": document.number,
        "title": version.title,
        "kind": document.type.label,
        "unit": document.unit.name,
        "author": hearing.asked_by.name,
        "deadline": full(hearing.deadline),
    }


class OfHearing(Message):
    template = "documents"
    placeholders: ClassVar[tuple[Placeholder, ...]] = FACTS

    def context(self, event: Event, subject: Hearing, user: User) -> dict[str, Any]:
        return facts(subject)


def waits_for(hearing: Hearing, user: User) -> bool:
    return hearing.is_open and hearing.invitations.filter(user=user, answered_at=None).exists()


@register
class HearingAsked(OfHearing):
    name = "hearing_asked"
    is_task = True
    label = _("To those asked: a draft is out for hearing")
    events = ("documents.hearing_opened", "documents.hearing_invited")

    def recipients(self, event: Event, subject: Hearing) -> Iterable[User | None]:
        return [each.user for each in subject.invitations.select_related("user").order_by("pk")]

    def once(self, event: Event, subject: Hearing, user: User) -> str:
        return f"hearing:{subject.pk}"

    def still_wanted(self, event: Event, subject: Hearing, user: User) -> bool:
        return waits_for(subject, user)


@register
class HearingCommented(OfHearing):
    """A notice for each comment; the mail comes when the hearing closes."""

    name = "hearing_commented"
    label = _("To those who wrote it: somebody commented on a draft")
    events = ("documents.hearing_commented",)
    by_mail = False

    def recipients(self, event: Event, subject: Hearing) -> Iterable[User | None]:
        return dict.fromkeys([subject.version.author, subject.asked_by])


@register
class HearingClosed(OfHearing):
    name = "hearing_closed"
    label = _("To those who wrote it: a hearing has closed")
    events = ("documents.hearing_closed",)

    def recipients(self, event: Event, subject: Hearing) -> Iterable[User | None]:
        return dict.fromkeys([subject.version.author, subject.asked_by])

    def still_wanted(self, event: Event, subject: Hearing, user: User) -> bool:
        return not subject.is_open and subject.version.is_open

    def context(self, event: Event, subject: Hearing, user: User) -> dict[str, Any]:
        return facts(subject) | {"comments": subject.responses.count()}

    example = {"comments": 3}


@register
class HearingAnswered(OfHearing):
    """A notice to whoever commented: what became of it stands in the hearing."""

    name = "hearing_answered"
    label = _("To whoever commented: there is an answer")
    events = ("documents.hearing_answered",)
    by_mail = False

    def recipients(self, event: Event, subject: Hearing) -> Iterable[User | None]:
        found = Response.objects.filter(pk=event.data.get("response"), hearing=subject).select_related("by").first()
        return [found.by] if found else []

    def once(self, event: Event, subject: Hearing, user: User) -> str:
        return f"response:{event.data.get('response')}"


@register_reminder
class HearingDue(ReminderRule):
    """Three working days before the deadline and on its last working day, to those who haven't answered."""

    name = "hearing_due"
    template = "documents"
    label = _("Reminder to those asked: a hearing closes soon")
    placeholders = FACTS
    is_task = True

    def queryset(self, clock: Clock) -> QuerySet[Hearing]:
        soon = clock.today + datetime.timedelta(days=14)
        return (
            Hearing.objects.open()
            .filter(deadline__range=(clock.today, soon))
            .select_related("version__document__unit", "version__document__type", "asked_by")
            .order_by("deadline", "pk")
        )

    def occasion(self, row: Hearing, clock: Clock) -> Occasion | None:
        place, day = row.version.document.level_0 or 0, row.deadline
        return clock.latest(
            place, (f"before:{day}", clock.workday(day, -3, place)), (f"at:{day}", clock.last_workday(day, place))
        )

    def recipients(self, row: Hearing, clock: Clock) -> Iterable[User | None]:
        waiting = row.invitations.filter(answered_at=None).select_related("user__municipality")
        return [each.user for each in waiting.order_by("pk")]

    def heard(self, rows: Sequence[Hearing]) -> Mapping[int, datetime.datetime]:
        return {row.pk: row.opened_at for row in rows}

    def context(self, row: Hearing, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row)
