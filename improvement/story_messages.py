"""Whom stories tell what. Mail names people and municipalities; never a title, nor anything that was written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.notifications import ToReporter
from improvement.models import Adoption, LearningStory, StoryQuestion
from improvement.story_lifecycle import StoryState
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import Unit, User

TELLER = Placeholder("teller", "forteller", "forteljar", "teller", lambda: "Kari Nordmann")
READER = Placeholder("reader", "leser", "lesar", "reader", lambda: "Kari Nordmann")
ASKER = Placeholder("asker", "spør", "spør", "asker", lambda: "Kari Nordmann")
PLACE = Placeholder("place", "kommune", "kommune", "municipality", lambda: "Solvik")


class AboutStory(Message):
    template = "improvement"

    def context(self, event: Event, subject: LearningStory, user: User) -> dict[str, Any]:
        return {"teller": subject.teller.name, "reader": subject.reader.name if subject.reader else ""}


@register
class StoryToRead(AboutStory):
    name = "story_to_read"
    label = _("To the second reader: a story is to be read for privacy")
    events = ("improvement.story_sent", "improvement.story_reader_inherited")
    placeholders: ClassVar[tuple[Placeholder, ...]] = (TELLER,)
    is_task = True

    def recipients(self, event: Event, subject: LearningStory) -> Iterable[User | None]:
        return [subject.reader]

    def still_wanted(self, event: Event, subject: LearningStory, user: User) -> bool:
        return subject.state == StoryState.READING and subject.reader_id == user.pk


class ToTeller(AboutStory):
    placeholders: ClassVar[tuple[Placeholder, ...]] = (READER,)

    def recipients(self, event: Event, subject: LearningStory) -> Iterable[User | None]:
        return [subject.teller]

    def still_wanted(self, event: Event, subject: LearningStory, user: User) -> bool:
        return subject.teller_id == user.pk


@register
class StoryChangeWanted(ToTeller):
    name = "story_change_wanted"
    label = _("To the teller: the second reader asks for a change in a story")
    events = ("improvement.story_change_wanted",)
    is_task = True

    def still_wanted(self, event: Event, subject: LearningStory, user: User) -> bool:
        return subject.state == StoryState.DRAFT and subject.teller_id == user.pk


@register
class StoryPublished(ToTeller):
    name = "story_published"
    label = _("To the teller: a story is published")
    events = ("improvement.story_published",)

    def still_wanted(self, event: Event, subject: LearningStory, user: User) -> bool:
        return subject.is_published and subject.teller_id == user.pk


@register
class StoryTakenOver(ToTeller):
    """A notice only: whoever takes over from somebody who leaves has a mail about all of it."""

    name = "story_taken_over"
    label = _("To the teller: a story was taken over from somebody who leaves")
    events = ("improvement.story_inherited",)
    by_mail = False
    placeholders = ()


@register
class LearntFrom(ToReporter):
    """That something was learnt is what reporters hear least of: told on their own case, and not which story it is."""

    name = "learnt_from"
    template = "improvement"
    label = _("To the reporter: something was learnt from the case, and is told to others")
    events = ("improvement.learnt_from",)


@register
class StoryTried(Message):
    """It counts for the teller. The mail names the municipality and the result's unit never: the page does."""

    name = "story_tried"
    template = "improvement"
    label = _("To the teller: somebody tried what a story tells")
    events = ("improvement.story_tried",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (PLACE,)

    def recipients(self, event: Event, subject: Adoption) -> Iterable[User | None]:
        return [subject.story.teller]

    def still_wanted(self, event: Event, subject: Adoption, user: User) -> bool:
        return subject.story.is_published and subject.story.teller_id == user.pk

    def context(self, event: Event, subject: Adoption, user: User) -> dict[str, Any]:
        return {"place": Unit.objects.get(pk=subject.level_0 or 0).name}


class AboutQuestion(Message):
    template = "improvement"

    def context(self, event: Event, subject: StoryQuestion, user: User) -> dict[str, Any]:
        return {"asker": subject.asker.name, "place": subject.asker.municipality.name}


@register
class StoryAsked(AboutQuestion):
    name = "story_asked"
    label = _("To the teller: somebody asks about a story")
    events = ("improvement.story_asked",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (ASKER, PLACE)
    is_task = True

    def recipients(self, event: Event, subject: StoryQuestion) -> Iterable[User | None]:
        return [subject.story.teller]

    def still_wanted(self, event: Event, subject: StoryQuestion, user: User) -> bool:
        return subject.answered_at is None and subject.story.teller_id == user.pk


@register
class StoryAnswered(AboutQuestion):
    name = "story_answered"
    label = _("To whoever asked about a story: there is an answer")
    events = ("improvement.story_answered",)

    def recipients(self, event: Event, subject: StoryQuestion) -> Iterable[User | None]:
        return [subject.asker]


@register_reminder
class StoryWaits(ReminderRule):
    """Some working days after a story was sent to its second reader, and again while it waits."""

    name = "story_waits"
    template = "improvement"
    label = _("Reminder to the second reader: a story waits to be read for privacy")
    is_task = True
    placeholders = (TELLER,)
    EVERY: ClassVar[int] = 5  # working days

    def queryset(self, clock: Clock) -> QuerySet[LearningStory]:
        rows = LearningStory.objects.filter(state=StoryState.READING)
        return rows.select_related("teller", "reader__municipality")

    def occasion(self, row: LearningStory, clock: Clock) -> Occasion | None:
        if row.sent_at is None:
            return None
        day = timezone.localdate(row.sent_at)
        return clock.latest(row.level_0 or 0, *clock.repeats(f"sent:{day}", day, self.EVERY, row.level_0 or 0))

    def recipients(self, row: LearningStory, clock: Clock) -> Iterable[User | None]:
        return [row.reader]

    def context(self, row: LearningStory, user: User, clock: Clock) -> dict[str, Any]:
        return {"teller": row.teller.name}
