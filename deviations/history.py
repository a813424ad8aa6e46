"""A case's timeline: its events as sentences, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from deviations.models import Deviation, Duty
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
    "deviations.unlinked", "deviations.triage_answered", "deviations.commented", "deviations.injury_entered",
    "deviations.injury_changed", "deviations.injury_taken_out",
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
    duties: Sequence[Duty] = (),
) -> History:
    """The newest events of the case. A case with a thousand events costs the page no more than one with twenty.

    The reporter reads where the case has been, who has looked at a hidden name and why a file was deleted, not what
    the leaders wrote to each other. ``reader`` is nobody where a case code was shown. Without ``names_reporter``
    nothing is told of who reported: that is for those who handle the case. What happened to the ``duties`` of the case
    stands among the rest.
    """
    newest = _newest(is_reporter, limit)
    rows = newest(subject_type=ContentType.objects.get_for_model(deviation).pk, subject=deviation.pk)
    if duties:
        rows = _together(rows, duties, limit)
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
    return History(told, 0 if shown_all else max(_count(deviation, duties) - len(rows), 0))


def _together(rows: list[Event], duties: Sequence[Duty], limit: int | None) -> list[Event]:
    """The newest of the case's own events and those of its duties."""
    kind = ContentType.objects.get_for_model(Duty)
    theirs = Event.objects.filter(subject_type=kind, subject_id__in=[each.pk for each in duties])
    theirs = theirs.order_by("-at", "-pk").select_related("by")
    both = [*rows, *(theirs[:limit] if limit else theirs)]
    return sorted(both, key=lambda event: (event.at, event.pk), reverse=True)[:limit]


def _count(deviation: Deviation, duties: Sequence[Duty]) -> int:
    return deviation.events_count + sum(each.events_count for each in duties)


def latest_in_words(told: History) -> str:
    """What happened last in the case, and who did it."""
    return told.told[0].sentence if told.told else _("the case has changed.")
