"""Who hears of what readers say: the owner, and then the reader. Mail never carries the words themselves."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from documents.lifecycle import CommentState
from documents.models import Comment, CommentKind, Version
from documents.wording import KIND, NUMBER, TITLE, UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

READER = Placeholder("reader", "leser", "lesar", "reader", lambda: "Kari Nordmann")
ANSWERER = Placeholder("answerer", "svarer", "svarar", "answerer", lambda: "Ola Nordmann")
ABOUT = (NUMBER, TITLE, KIND, UNIT)
REPEAT = 5  # working days without an answer


def facts(comment: Comment) -> dict[str, Any]:
    """What mail may say, in the active language."""
    document = comment.document
    return {
        "number": document.number,
        "title": document.title,
        "kind": document.type.label,
        "unit": document.unit.name,
        "reader": comment.author.name,
        "about": str(CommentKind(comment.kind).label).lower(),
        "answerer": comment.answered_by.name if comment.answered_by else "",
        "state": comment.state,
        "label": comment.settled_in.label if comment.settled_in else "",
        "day": full(local_day(comment.at)),
    }


@register
class CommentSent(Message):
    """Also when the document gets another owner: what waits for an answer follows it."""

    name = "comment_sent"
    template = "documents"
    label = _("To the owner of a document: a reader has something to say")
    events = ("documents.comment_sent",)
    is_task = True
    placeholders: ClassVar[tuple[Placeholder, ...]] = (*ABOUT, READER)
    example = {"about": "…"}

    def recipients(self, event: Event, subject: Comment) -> Iterable[User | None]:
        return [subject.document.owner]

    def still_wanted(self, event: Event, subject: Comment, user: User) -> bool:
        return subject.state == CommentState.SENT and subject.document.owner_id == user.pk

    def context(self, event: Event, subject: Comment, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class CommentAnswered(Message):
    name = "comment_answered"
    template = "documents"
    label = _("To a reader who said something of a document: it is answered")
    events = (
        "documents.comment_accepted",
        "documents.comment_declined",
        "documents.comment_thanked",
        "documents.comment_settled",
    )
    placeholders: ClassVar[tuple[Placeholder, ...]] = (*ABOUT, ANSWERER)
    example = {"state": CommentState.ACCEPTED, "label": ""}

    def recipients(self, event: Event, subject: Comment) -> Iterable[User | None]:
        return [subject.author]

    def still_wanted(self, event: Event, subject: Comment, user: User) -> bool:
        """What was accepted and is dealt with by now is told of once: by what came last."""
        return bool(event.old_and_new("state")[1] == subject.state)

    def context(self, event: Event, subject: Comment, user: User) -> dict[str, Any]:
        return facts(subject)


@register_reminder
class CommentWaits(ReminderRule):
    """Every so many working days, to the owner; all of them come in one mail."""

    name = "comment_waits"
    template = "documents"
    label = _("Reminder to the owner of a document: a reader waits for an answer")
    is_task = True
    placeholders: ClassVar[tuple[Placeholder, ...]] = (*ABOUT, READER)
    example = {"day": "12. november 2026"}

    def queryset(self, clock: Clock) -> QuerySet[Comment]:
        return (
            Comment.objects.unanswered()
            .filter(document__in=Version.objects.in_force().values("document"))
            .select_related(
                "document__unit",
                "document__type",
                "document__owner__municipality",
                "author",
                "answered_by",
                "settled_in",
            )
            .order_by("at", "pk")
        )

    def occasion(self, row: Comment, clock: Clock) -> Occasion | None:
        place = row.document.level_0 or 0
        return clock.latest(place, *clock.repeats("waits", local_day(row.at), REPEAT, place))

    def recipients(self, row: Comment, clock: Clock) -> Iterable[User | None]:
        return [row.document.owner]

    def heard(self, rows: Sequence[Comment]) -> Mapping[int, datetime.datetime]:
        """Whoever has just got the document has just heard of it."""
        told = Event.objects.filter(
            type="documents.handed_over",
            subject_type=ContentType.objects.get_for_model(rows[0].document),
            subject_id__in={row.document_id for row in rows},
        )
        last = dict(told.order_by().values_list("subject_id").annotate(last=Max("at")))
        return {row.pk: last[row.document_id] for row in rows if row.document_id in last}

    def context(self, row: Comment, user: User, clock: Clock) -> dict[str, Any]:
        return facts(row)
