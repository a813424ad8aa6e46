"""What those who handle a case do with it, from receiving it to closing it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations import figures
from deviations.actions.answering import asked_in
from deviations.actions.deadlines import rules_of
from deviations.actions.routing import named_for, reporter_ids, whose_now
from deviations.actions.steps import REPLIED, step
from deviations.lifecycle import LIFECYCLE, State
from deviations.models import SERIOUS, Category, Deviation, Kind, Message, Naming, severity_of
from documents.models import Document
from kvalitetslosen.journal.record import change, lock
from kvalitetslosen.journal.transitions import StepIncomplete
from kvalitetslosen.organisation.models import User


def _taking(deviation: Deviation, by: User, now: datetime.datetime) -> dict[str, Any]:
    """What it means that somebody takes a case in hand: received, by whom, and the reporter has had a first answer."""
    changes: dict[str, Any] = {"handler": by}
    if deviation.received_at is None:
        changes["received_at"] = now
    return changes


def receive(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Take the case. The reporter is told who has it and when to expect an answer."""
    now = at or timezone.now()
    return step(deviation, "receive", by=by, at=now, seen=seen, **_taking(deviation, by, now))


def receive_and_close(
    *,
    deviation: Deviation,
    by: User,
    outcome: str,
    consequence: int | None = None,
    probability: int | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Deviation:
    """The simple case in one go: taken, answered, closed. Raises ``StepIncomplete`` for a serious one."""
    now = at or timezone.now()
    assessed = _severity(deviation, consequence, probability)
    if assessed.get("severity", deviation.severity) in SERIOUS:
        raise StepIncomplete(LIFECYCLE["receive_and_close"], ["cause", "effect_check_on"])
    return step(
        deviation,
        "receive_and_close",
        by=by,
        at=now,
        seen=seen,
        outcome=outcome,
        closed_at=now,
        closed_by=by,
        first_answer_at=deviation.first_answer_at or now,
        untold=REPLIED,
        **_taking(deviation, by, now),
        **assessed,
    )


def _severity(deviation: Deviation, consequence: int | None, probability: int | None) -> dict[str, Any]:
    """The class that follows from the matrix, and the deadline that follows from the class."""
    if consequence is None or probability is None:
        return {}
    severity = severity_of(consequence, probability)
    rules = rules_of(deviation.level_0 or 0)
    return {
        "consequence": consequence,
        "probability": probability,
        "severity": severity,
        "deadline": rules.due(deviation.reported_at, rules.close_days(severity)),
    }


def assess(
    *,
    deviation: Deviation,
    by: User,
    consequence: int,
    probability: int,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Deviation:
    """Place the case in the risk matrix; the deadline follows."""
    return step(deviation, "assess", by=by, at=at, seen=seen, **_severity(deviation, consequence, probability))


def start(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    return step(deviation, "start", by=by, at=at, seen=seen)


def analyse(
    *, deviation: Deviation, by: User, cause: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Write down why it happened."""
    return step(deviation, "analyse", by=by, at=at, seen=seen, cause=cause)


def close(
    *,
    deviation: Deviation,
    by: User,
    outcome: str,
    cause: str = "",
    effect_check_on: datetime.date | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Deviation:
    """Close with an answer to the reporter, who is told and asked whether it helped.

    What else must be in place (finished actions; for serious cases a cause and a date to look at the effect) is asked
    by ``access.closing_obstacles`` before.
    """
    now = at or timezone.now()
    changes: dict[str, Any] = {"outcome": outcome, "closed_at": now, "closed_by": by, "waiting_since": None}
    if cause:
        changes["cause"] = cause
    if effect_check_on:
        changes["effect_check_on"] = effect_check_on
    if deviation.first_answer_at is None:
        changes["first_answer_at"] = now
    return step(deviation, "close", by=by, at=now, seen=seen, untold=REPLIED, **changes)


@transaction.atomic
def make_proposal(
    *, deviation: Deviation, by: User, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """No deviation, but worth doing something about: the case stays open, where it is, as a proposal.

    The reporter gets the reason as a message.
    """
    now = at or timezone.now()
    step(
        deviation,
        "make_proposal",
        by=by,
        at=now,
        seen=seen,
        kind=Kind.PROPOSAL,
        first_answer_at=deviation.first_answer_at or now,
        untold=REPLIED,
    )
    return Message.objects.create(deviation=deviation, author=by, from_reporter=False, text=text, at=now)


def not_deviation(
    *, deviation: Deviation, by: User, outcome: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Say, with a reason the reporter reads, that this isn't a deviation."""
    now = at or timezone.now()
    return step(
        deviation,
        "not_deviation",
        by=by,
        at=now,
        seen=seen,
        outcome=outcome,
        closed_at=now,
        closed_by=by,
        waiting_since=None,
        received_at=deviation.received_at or now,
        first_answer_at=deviation.first_answer_at or now,
        untold=REPLIED,
    )


def reopen(
    *, deviation: Deviation, by: User | None, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Open a closed case again, by the reporter (nobody, where there is no name) or those who handled it.

    The deadline starts anew.
    """
    now = at or timezone.now()
    is_reporter = by is None or by.pk in reporter_ids(deviation)
    hidden = deviation.naming != Naming.NAMED and is_reporter
    rules = rules_of(deviation.level_0 or 0)
    return step(
        deviation,
        "reopen",
        by=None if hidden else by,
        at=now,
        seen=seen,
        note=note,
        closed_at=None,
        closed_by=None,
        helped=None,
        handler=whose_now(deviation, now),
        received_at=deviation.received_at or deviation.closed_at,
        deadline=rules.due(now, rules.close_days(deviation.severity)),
        untold={"reporter_waits_since": now} if is_reporter else {},
    )


def reclassify(
    *,
    deviation: Deviation,
    by: User,
    kind: str,
    category: Category | None,
    breached_document: Document | None,
    at: datetime.datetime | None = None,
) -> None:
    """Correct what the reporter guessed: kind, category, procedure.

    The case is asked about as its new category is, and keeps the answers to what it was asked before. Where nobody has
    received it yet, and the new category's cases are somebody's, it goes there.
    """
    now = at or timezone.now()
    with transaction.atomic():
        before = lock(deviation)
        deviation.copy_levels(before)
        moved: dict[str, Any] = {"question_set_id": asked_in(before, kind, category)}
        if category and category.pk != before.category_id and before.state == State.REPORTED and not before.about_id:
            barred = reporter_ids(deviation)
            named = named_for(deviation.handling_unit, category, without=barred, on=timezone.localdate(now))
            if named and named.user.pk != before.handler_id:
                rules = rules_of(deviation.level_0 or 0)
                moved |= {"handler": named.user, "receive_by": rules.due(now, rules.receive_days)}
        change(
            deviation,
            "deviations.reclassified",
            by=by,
            at=at,
            kind=kind,
            category=category,
            topic=category.topic if category else "",
            breached_document=breached_document,
            **moved,
        )
        figures.follow(before, deviation)
