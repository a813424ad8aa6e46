"""What passes between the reporter and those who handle the case."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from deviations import figures
from deviations.actions.steps import REPLIED, step
from deviations.lifecycle import State
from deviations.models import Deviation, Message, Naming
from kvalitetslosen.journal.record import change, lock, record
from kvalitetslosen.organisation.models import User


@transaction.atomic
def ask_reporter(
    *, deviation: Deviation, by: User, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """Ask the reporter something and wait for the answer."""
    now = at or timezone.now()
    step(
        deviation,
        "ask",
        by=by,
        at=now,
        seen=seen,
        waiting_since=now,
        first_answer_at=deviation.first_answer_at or now,
        untold=REPLIED,
    )
    return Message.objects.create(deviation=deviation, author=by, from_reporter=False, text=text, at=now)


@transaction.atomic
def answer(
    *, deviation: Deviation, by: User | None, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """The reporter answers (``by`` nobody where there is no name). A hidden name is in neither message nor event."""
    now = at or timezone.now()
    named = by if by and deviation.reporter_id == by.pk else None
    step(deviation, "answer", by=named, at=now, seen=seen, waiting_since=None, untold={"reporter_waits_since": now})
    return Message.objects.create(deviation=deviation, author=named, from_reporter=True, text=text, at=now)


def resume(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Go on without waiting any longer for the reporter."""
    return step(deviation, "resume", by=by, at=at, seen=seen, waiting_since=None)


@transaction.atomic
def write_message(
    *, deviation: Deviation, by: User | None, text: str, from_reporter: bool, at: datetime.datetime | None = None
) -> Message:
    """Say something to the other side without changing where the case is.

    While a question waits for the reporter, what they write is the answer to it.
    """
    now = at or timezone.now()
    named = None if from_reporter and by and deviation.reporter_id != by.pk else by
    before = lock(deviation)
    if from_reporter and before.state == State.WAITING:
        return answer(deviation=deviation, by=by, text=text, at=now)
    if not from_reporter and deviation.first_answer_at is None:
        deviation.copy_levels(before)
        change(deviation, "deviations.message_written", by=named, at=now, first_answer_at=now)
        figures.follow(before, deviation)
    else:
        record(deviation, "deviations.message_written", by=named, at=now, from_reporter=from_reporter)
    _reporter_waits(deviation, now if from_reporter else None)
    return Message.objects.create(deviation=deviation, author=named, from_reporter=from_reporter, text=text, at=now)


def _reporter_waits(deviation: Deviation, since: datetime.datetime | None) -> None:
    """From when the reporter waits for a word. It follows from what is told already, so it is no event of its own."""
    if deviation.reporter_waits_since != since:
        deviation.reporter_waits_since = since
        deviation.save(update_fields=["reporter_waits_since"])


def say_whether_it_helped(
    *, deviation: Deviation, by: User | None, helped: bool, at: datetime.datetime | None = None
) -> None:
    """The reporter's word on the answer. Where it didn't help, whoever answered has it before them again."""
    hidden = deviation.naming != Naming.NAMED
    now = at or timezone.now()
    with transaction.atomic():
        before = lock(deviation)
        deviation.copy_levels(before)
        if change(deviation, "deviations.judged", by=None if hidden else by, at=now, helped=helped):
            figures.follow(before, deviation)
            _reporter_waits(deviation, None if helped else now)


@transaction.atomic
def open_identity(*, deviation: Deviation, by: User, reason: str) -> User:
    """Look at a hidden name. Each look is an event of the case, with its reason, for the reporter to see."""
    record(deviation, "deviations.identity_opened", by=by, reason=reason)
    return deviation.sealed_identity.user
