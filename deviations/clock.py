"""The reporter's clock: how far the case has come, what comes next and by when, and what is late.

For the one who reported, on the case's page and by case code. The limits are those the municipality has set, as they
were promised on the receipt; a late one is said to be late. Leaders read the same steps as medians in their reports.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deviations.lifecycle import State
from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.ui import dates


@dataclass(frozen=True)
class Milestone:
    """One step, and where the case stands in it."""

    name: str
    words: str
    stands: Literal["done", "next", "late", "ahead"]


def milestones(deviation: Deviation) -> list[Milestone]:
    """The steps in order, with one that is next. One query, when the case is received."""
    goes_on = deviation
    while goes_on.merged_into is not None:
        goes_on = goes_on.merged_into
    rows = [Milestone(_("Reported"), _said(deviation.reported_at), "done")]
    rows.append(_received(deviation))
    rows.append(_first_answer(deviation))
    if deviation.state == State.WAITING:
        since = deviation.waiting_since or timezone.now()
        rows.append(
            Milestone(
                pgettext("the reporter's", "Your answer"),
                _("You were asked %(when)s. The case goes on when you have answered.") % {"when": _said(since)},
                "next",
            )
        )
    rows += [_outcome(deviation, goes_on), _helped(deviation, goes_on)]
    return _with_one_next(rows)


def _with_one_next(rows: list[Milestone]) -> list[Milestone]:
    """The first that isn't done is next, late or not; those after it are still ahead unless they are late too."""
    waits = next((n for n, row in enumerate(rows) if row.stands != "done"), None)
    if waits is None or any(row.stands == "next" for row in rows) or rows[waits].stands == "late":
        return rows
    rows[waits] = replace(rows[waits], stands="next")
    return rows


def _said(moment: datetime.datetime) -> str:
    return dates.say(moment).text


def _awaited(limit: datetime.datetime) -> tuple[str, Literal["late", "ahead"]]:
    """What is promised of a step that hasn't come: by when, or that it is late."""
    if limit >= timezone.now():
        return _("Expected by %(day)s.") % {"day": dates.dated(limit)}, "ahead"
    return _("Late. It should have come by %(day)s.") % {"day": dates.dated(limit)}, "late"


def _received(deviation: Deviation) -> Milestone:
    name = pgettext("a step of the reporter's clock", "Received")
    if deviation.received_at is not None:
        who, when = _who_received(deviation), _said(deviation.received_at)
        words = _("%(when)s, by %(who)s") % {"when": when, "who": who} if who else when
        return Milestone(name, words, "done")
    if not deviation.is_open:
        return Milestone(name, _("It went on in another case first."), "done")
    words, stands = _awaited(deviation.receive_by)
    return Milestone(name, words, stands)


def _who_received(deviation: Deviation) -> str:
    """Who took the case in hand, the last time somebody did; as the timeline tells it."""
    told = Event.objects.about(deviation).filter(type="deviations.received").select_related("by").last()
    if told is not None:
        return told.by.name if told.by else ""
    return deviation.closed_by.name if deviation.closed_by else ""


def _first_answer(deviation: Deviation) -> Milestone:
    name = _("First answer")
    if deviation.first_answer_at is not None:
        return Milestone(name, _said(deviation.first_answer_at), "done")
    if not deviation.is_open:
        return Milestone(name, _("It comes with the outcome."), "done")
    words, stands = _awaited(deviation.answer_by)
    return Milestone(name, words, stands)


def _outcome(deviation: Deviation, goes_on: Deviation) -> Milestone:
    name = pgettext("a step of the reporter's clock", "Outcome")
    if goes_on.closed_at is not None:
        return Milestone(name, _said(goes_on.closed_at), "done")
    words, stands = _awaited(goes_on.deadline)
    if deviation is not goes_on:
        words = _("%(words)s It comes from the case this one goes on in.") % {"words": words}
    return Milestone(name, words, stands)


def _helped(deviation: Deviation, goes_on: Deviation) -> Milestone:
    name = _("Whether it helped")
    if deviation.helped is not None and not deviation.is_open:
        said = _("You said that it helped.") if deviation.helped else _("You said that it did not help.")
        return Milestone(name, said, "done")
    if deviation is not goes_on:
        return Milestone(name, _("The one who reported the other case is asked."), "done")
    if deviation.is_open:
        return Milestone(name, _("You are asked when you have the outcome."), "ahead")
    return Milestone(name, _("You are asked now, under the answer."), "next")


def in_a_line(row: Deviation) -> list[tuple[str, bool]]:
    """The steps behind it and the next one, in a few words each for a list, and whether it is late. No query."""
    said = []
    if row.received_at is not None:
        said.append((_("received %(day)s") % {"day": dates.short(row.received_at)}, False))
    elif row.closed_at is None:
        said.append(_limit(_("to be received by %(day)s"), _("should have been received %(day)s"), row.receive_by))
    if row.first_answer_at is not None:
        said.append((_("first answer %(day)s") % {"day": dates.short(row.first_answer_at)}, False))
    elif row.closed_at is None:
        said.append(_limit(_("first answer by %(day)s"), _("should have been answered %(day)s"), row.answer_by))
    if row.state == State.MERGED:
        return said
    if row.closed_at is not None:
        said.append((_("outcome %(day)s") % {"day": dates.short(row.closed_at)}, False))
        if row.helped is not None:
            said.append((_("it helped") if row.helped else _("it did not help"), False))
    elif row.first_answer_at is not None:
        said.append(_limit(_("outcome by %(day)s"), _("the outcome should have come %(day)s"), row.deadline))
    return said


def _limit(ahead: str, late: str, limit: datetime.datetime) -> tuple[str, bool]:
    is_late = limit < timezone.now()
    return (late if is_late else ahead) % {"day": dates.short(limit)}, is_late
