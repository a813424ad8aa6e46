"""Whom meetings are told to. Mail names forum, time and place, and brings the meeting to one's calendar."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from improvement import invitations
from improvement.meeting_lifecycle import OPEN, MeetingState
from improvement.models import OWN, AgendaItem, Forum, Meeting
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import clock as hour
from kvalitetslosen.ui.dates import full

FORUM = Placeholder("forum", "forum", "forum", "forum", lambda: "Ledermøte helse")
WHEN = Placeholder("when", "når", "når", "when", lambda: "12.11.2026 09.00")


def facts(meeting: Meeting) -> dict[str, Any]:
    """What mail may say about it, in the active language."""
    day = timezone.localtime(meeting.starts_at)
    return {
        "forum": meeting.forum.name,
        "when": f"{full(day.date())} {hour(day)}",
        "place": meeting.place,
        "leader": meeting.forum.leader.name,
    }


class AboutMeeting(Message):
    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (FORUM, WHEN)
    example: ClassVar[dict[str, Any]] = {"leader": "Kari Li", "place": ""}

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        return subject.forum.members.select_related("municipality").order_by("pk")

    def context(self, event: Event, subject: Meeting, user: User) -> dict[str, Any]:
        return facts(subject)


class ToCalendar(AboutMeeting):
    """Brings the meeting to the reader's calendar."""

    def calendar(self, event: Event, subject: Meeting, user: User) -> str:
        return invitations.invitation(subject, user, event.at)

    def still_wanted(self, event: Event, subject: Meeting, user: User) -> bool:
        return subject.is_planned and subject.sent_at is not None and subject.starts_at > timezone.now()


@register
class MeetingSent(ToCalendar):
    name = "meeting_sent"
    label = _("To the members of a forum: the agenda and the invitation to a meeting")
    events: ClassVar[tuple[str, ...]] = ("improvement.meeting_sent", "improvement.meeting_invited")

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        found = subject.forum.members.select_related("municipality").order_by("pk")
        return found.filter(pk=event.data["person"]) if "person" in event.data else found


@register
class MeetingSentSelf(MeetingSent):
    """Whoever sends it has it in the calendar too, and needs no notice."""

    name = "meeting_sent_self"
    label = _("To whoever sends an invitation to a meeting: for their own calendar")
    events = ("improvement.meeting_sent",)
    in_app = False
    tells_doer = True

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        return [each for each in super().recipients(event, subject) if each and each.pk == event.by_id]


@register
class MeetingMoved(ToCalendar):
    name = "meeting_moved"
    label = _("To the members of a forum: a meeting has another time or place")
    events = ("improvement.meeting_changed",)
    tells_doer = True

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        return super().recipients(event, subject) if event.data.get("moved") else []


@register
class MeetingCancelled(ToCalendar):
    name = "meeting_cancelled"
    label = _("To the members of a forum: a meeting isn’t held")
    events = ("improvement.meeting_cancelled",)
    tells_doer = True

    def still_wanted(self, event: Event, subject: Meeting, user: User) -> bool:
        return subject.state == MeetingState.CANCELLED and subject.sent_at is not None


@register
class MeetingLeft(ToCalendar):
    """To whoever takes part no more, and can't open it: the meeting leaves their calendar."""

    name = "meeting_left"
    label = _("To somebody who isn’t in a forum any more: its meetings leave the calendar")
    events = ("improvement.meeting_left",)
    in_app = False
    tells_doer = True

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        return User.objects.filter(pk=event.data["person"]).select_related("municipality")

    def may_see(self, event: Event, subject: Meeting, user: User) -> bool:
        """They had the invitation, and this says no more. Who is in it again keeps the meeting."""
        return not subject.forum.members.filter(pk=user.pk).exists()

    def url(self, event: Event, subject: Meeting, user: User) -> str:
        return reverse("meetings:list")

    def calendar(self, event: Event, subject: Meeting, user: User) -> str:
        return invitations.invitation(subject, user, event.at, left=True)


@register
class MinutesApproved(AboutMeeting):
    name = "minutes_approved"
    label = _("To the members of a forum: the minutes are approved")
    events = ("improvement.meeting_approved",)


@register
class ForumJoined(Message):
    """To whoever was put among the members; to whoever leads it, where somebody joined by themselves."""

    name = "forum_joined"
    template = "improvement"
    label = _("To a new member of a forum, or to whoever leads it: somebody is in it now")
    events = ("improvement.forum_joined",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (FORUM,)
    by_mail = False

    def recipients(self, event: Event, subject: Forum) -> Iterable[User | None]:
        return [subject.leader, *User.objects.filter(pk=event.data["person"])]

    def context(self, event: Event, subject: Forum, user: User) -> dict[str, Any]:
        person = User.objects.filter(pk=event.data["person"]).first()
        return {
            "forum": subject.name,
            "person": person.name if person else "",
            "is_new": event.data["person"] == user.pk,
        }


@register
class ForumInherited(Message):
    name = "forum_inherited"
    template = "improvement"
    label = _("To whoever leads a forum from now on")
    events = ("improvement.forum_inherited",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (FORUM,)
    by_mail = False

    def recipients(self, event: Event, subject: Forum) -> Iterable[User | None]:
        return [subject.leader]

    def context(self, event: Event, subject: Forum, user: User) -> dict[str, Any]:
        return {"forum": subject.name}


@register_reminder
class AgendaUnsent(ReminderRule):
    """Some days before a meeting whose agenda nobody has got."""

    name = "agenda_unsent"
    template = "improvement"
    label = _("Reminder to whoever leads a forum: the agenda isn’t sent")
    is_task = True
    placeholders = (FORUM, WHEN)
    DAYS: ClassVar[int] = 2

    def queryset(self, clock: Clock) -> QuerySet[Meeting]:
        soon = clock.now + datetime.timedelta(days=self.DAYS + 4)
        rows = Meeting.objects.planned().filter(sent_at=None, starts_at__gt=clock.now, starts_at__lte=soon)
        return rows.select_related("forum__leader__municipality")

    def occasion(self, row: Meeting, clock: Clock) -> Occasion | None:
        place, day = row.municipality_id, local_day(row.starts_at)
        return clock.latest(place, (f"unsent:{day}", clock.workday(day, -self.DAYS, place)))

    def recipients(self, row: Meeting, clock: Clock) -> Iterable[User | None]:
        return [row.forum.leader]

    def context(self, row: Meeting, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row)


@register_reminder
class MinutesWait(ReminderRule):
    """A week after a meeting whose minutes nobody has approved, and every other week after."""

    name = "minutes_wait"
    template = "improvement"
    label = _("Reminder to whoever leads a forum: the minutes aren’t approved")
    is_task = True
    placeholders = (FORUM, WHEN)
    DAYS: ClassVar[int] = 7
    EVERY: ClassVar[int] = 10  # working days

    def queryset(self, clock: Clock) -> QuerySet[Meeting]:
        before = clock.now - datetime.timedelta(days=self.DAYS - 1)
        # A forum that has ended holds no more meetings; what it held is still to be approved.
        rows = Meeting.objects.filter(state__in=OPEN, starts_at__lte=before).exclude(
            state=MeetingState.PLANNED, forum__ended_at__isnull=False
        )
        return rows.select_related("forum__leader__municipality")

    def occasion(self, row: Meeting, clock: Clock) -> Occasion | None:
        place = row.municipality_id
        day = local_day(row.starts_at) + datetime.timedelta(days=self.DAYS)
        first = clock.workday(day, 0, place)
        return clock.latest(place, (f"wait:{first}", first), *clock.repeats("again", first, self.EVERY, place))

    def recipients(self, row: Meeting, clock: Clock) -> Iterable[User | None]:
        return [row.forum.leader]

    def context(self, row: Meeting, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row)


@register
class PointSuggested(AboutMeeting):
    """To those who write the agenda: somebody else put something on it."""

    name = "point_suggested"
    label = _("To whoever leads a forum or takes its minutes: a member suggested a point for a meeting")
    events: ClassVar[tuple[str, ...]] = ("improvement.agenda_added",)
    by_mail = False

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        item = AgendaItem.objects.filter(pk=event.data.get("item"), kind=OWN).first()
        forum = subject.forum
        if item is None or item.brought_by_id in (forum.leader_id, forum.secretary_id):
            return []
        return [forum.leader, forum.secretary]

    def still_wanted(self, event: Event, subject: Meeting, user: User) -> bool:
        return subject.is_planned


@register
class PointTakenOff(AboutMeeting):
    """To the member who suggested it. Why stands on the meeting's page."""

    name = "point_taken_off"
    label = _("To a member of a forum: the point they suggested was taken off the agenda")
    events: ClassVar[tuple[str, ...]] = ("improvement.agenda_taken_off",)

    def recipients(self, event: Event, subject: Meeting) -> Iterable[User | None]:
        item = AgendaItem.objects.filter(pk=event.data.get("item")).select_related("brought_by").first()
        return [item.brought_by] if item else []

    def still_wanted(self, event: Event, subject: Meeting, user: User) -> bool:
        return subject.is_planned
