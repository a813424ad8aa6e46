"""A case's timeline: its events as sentences, newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from deviations.models import Deviation
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.models import Event, EventQuerySet
from kvalitetslosen.journal.sentences import Told, tell
from kvalitetslosen.organisation.models import User

SHOWN_FIRST = 20
BY_THE_REPORTER = (
    "deviations.reported", "deviations.answered", "deviations.message_written", "deviations.reopened",
    "deviations.judged", "deviations.questions_answered", "files.attached", "files.removed",
)  # fmt: skip
"""Events that only the reporter leaves no name on, where it is hidden."""

REASON_FOR_REPORTER = ("deviations.identity_opened", "files.removed")
"""Others' reasons that the reporter reads: they are about the reporter's own name and files."""

NOT_FOR_REPORTER = (
    "deviations.assessed", "deviations.analysed", "deviations.reclassified", "deviations.linked",
    "deviations.unlinked",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    told: list[Told]
    more: int  # how many older events are not shown


@cache
def _newest(is_reporter: bool, limit: int | None) -> Prepared[Event]:
    def question(subject_type: int, subject: int) -> EventQuerySet:
        events = Event.objects.of_subject(subject_type, subject).order_by("-number").select_related("by")
        if is_reporter:
            events = events.exclude(type__in=NOT_FOR_REPORTER)
        return events[:limit] if limit else events

    return Prepared(question, subject_type=int, subject=int)


def history(
    deviation: Deviation,
    *,
    reader: User | None,
    is_reporter: bool = False,
    names_reporter: bool = True,
    limit: int | None = SHOWN_FIRST,
) -> History:
    """The newest events of the case. A case with a thousand events costs the page no more than one with twenty.

    The reporter reads where the case has been, who has looked at a hidden name and why a file was deleted, not what
    the leaders wrote to each other. ``reader`` is nobody where a case code was shown. Without ``names_reporter``
    nothing is told of who reported: that is for those who handle the case.
    """
    newest = _newest(is_reporter, limit)
    rows = newest(subject_type=ContentType.objects.get_for_model(deviation).pk, subject=deviation.pk)
    if not names_reporter:
        for event in rows:
            if event.by_id == deviation.reporter_id:
                event.by = None
    told = tell(rows, reader, BY_THE_REPORTER if is_reporter else None)
    if is_reporter:
        told = [
            each
            if event.by_id in (None, reader.pk if reader else None) or event.type in REASON_FOR_REPORTER
            else replace(each, note="")
            for event, each in zip(rows, told, strict=True)
        ]
    shown_all = len(rows) < (limit or len(rows) + 1)
    return History(told, 0 if shown_all else max(deviation.events_count - len(rows), 0))


def latest_in_words(told: History) -> str:
    """What happened last in the case, and who did it."""
    return told.told[0].sentence if told.told else _("the case has changed.")
