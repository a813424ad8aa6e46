"""The verbs of a deviation's life. Rights are asked before, in the view; states are checked once, in ``move``."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from deviations import figures
from deviations.lifecycle import LIFECYCLE, State
from deviations.models import (
    SERIOUS,
    Category,
    Deviation,
    HandlingRules,
    Harm,
    Kind,
    Message,
    Naming,
    SealedIdentity,
    Severity,
    When,
    severity_of,
)
from documents.models import Document
from kvalitetslosen.bulk import asked_once
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.journal.transitions import StepIncomplete, move
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User, standing_still
from kvalitetslosen.organisation.routing import Assignment, leader_for, line_above

MUNICIPALITY = Prepared(
    lambda municipality: Unit.objects.filter(pk=municipality).select_related("handling_rules", "settings"),
    municipality=int,
)
"""With its deadlines and its closed days, as both go into every deadline."""


def rules_of(municipality_id: int) -> HandlingRules:
    """The municipality's deadlines; the defaults until it has set its own."""

    def ask() -> HandlingRules:
        municipality = MUNICIPALITY(municipality=municipality_id)[0]
        return getattr(municipality, "handling_rules", None) or HandlingRules(municipality=municipality)

    return asked_once((HandlingRules, municipality_id), ask)


def report(
    *,
    by: User,
    unit: Unit,
    kind: str,
    text: str,
    happened: str = When.NOW,
    happened_on: datetime.date | None = None,
    category: Category | None = None,
    harm: str = Harm.UNKNOWN,
    done_at_once: str = "",
    suggestion: str = "",
    breached_document: Document | None = None,
    hide_name: bool = False,
    about_leader: bool = False,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Deviation:
    """Report a case: it gets its number and its handler, the nearest leader who isn't the reporter.

    ``about_leader`` sends it past the unit's leader, who never sees it. ``key`` is the form's own: the same
    text sent twice with it gives the case already made.
    """
    what: dict[str, Any] = {
        "by": by, "unit": unit, "kind": kind, "text": text, "happened": happened, "happened_on": happened_on,
        "category": category, "harm": harm, "done_at_once": done_at_once, "suggestion": suggestion,
        "breached_document": breached_document, "hide_name": hide_name, "about_leader": about_leader,
        "now": at or timezone.now(),
    }  # fmt: skip
    try:
        return _report(**what, key=key)
    except IntegrityError:  # asked of the key's own uniqueness: nearly every report is sent once
        sent = Deviation.objects.filter(key=key).first() if key else None
        if sent is None:
            raise
        if sent.text == text and by.pk in reporter_ids(sent):
            return sent
        return _report(**what, key=None)


@transaction.atomic
def _report(
    *,
    by: User,
    unit: Unit,
    kind: str,
    text: str,
    happened: str,
    happened_on: datetime.date | None,
    category: Category | None,
    harm: str,
    done_at_once: str,
    suggestion: str,
    breached_document: Document | None,
    hide_name: bool,
    about_leader: bool,
    key: uuid.UUID | None,
    now: datetime.datetime,
) -> Deviation:
    today = timezone.localdate(now)
    rules = rules_of(unit.municipality_id)
    handling_unit, about = unit, None
    if about_leader and (nearest := leader_for(unit, without=[by.pk], on=today)):
        about = nearest.acting_for or nearest.user
        handling_unit = nearest.unit
        while handling_unit.parent_id and about.standing.reaches(Role.LEADER, handling_unit):
            handling_unit = line_above(handling_unit)[1]
    assignment = leader_for(handling_unit, without={by.pk, about.pk} if about else {by.pk}, on=today)
    deviation = Deviation(
        unit=unit,
        kind=kind,
        text=text,
        happened=happened,
        happened_on=happened_on,
        category=category,
        topic=category.topic if category else "",
        harm=harm,
        done_at_once=done_at_once,
        suggestion=suggestion,
        breached_document=breached_document,
        naming=Naming.SEALED if hide_name else Naming.NAMED,
        reporter=None if hide_name else by,
        about=about,
        handler=assignment.user if assignment else None,
        reported_at=now,
        receive_by=rules.due(now, rules.receive_days),
        answer_by=rules.due(now, rules.answer_days),
        deadline=rules.due(now, rules.close_days("")),
    )
    if key:
        deviation.key = key
    deviation.reference = _number_and_place(deviation, handling_unit, today.year)
    create(
        deviation,
        "deviations.reported",
        by=None if hide_name else by,
        at=now,
        handler=deviation.handler_id,
        acting_for=assignment.acting_for if assignment else None,
    )
    if hide_name:
        SealedIdentity.objects.create(deviation=deviation, user=by)
    figures.count(deviation)
    return deviation


def _number_and_place(deviation: Deviation, unit: Unit, year: int) -> str:
    """Put the case in the unit, and give it the next number of the municipality's year, as AAS-2026-0123.

    One question for both: where the unit lies is asked when the number is taken, and stays so until the case is there,
    so that a unit moved meanwhile takes the case along. Two who report at once wait for each other.
    """
    levels = ", ".join(LEVELS)
    one_by_one = ", ".join(f"(SELECT {level} FROM place)" for level in LEVELS)  # noqa: S608 - names of columns
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH place AS (SELECT {levels} FROM organisation_unit WHERE id = %s{standing_still()}) "  # noqa: S608
            "INSERT INTO deviations_counter (municipality_id, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (municipality_id, year) DO UPDATE SET last = deviations_counter.last + 1 "
            "RETURNING last, (SELECT code FROM organisation_unit WHERE id = deviations_counter.municipality_id), "
            f"{one_by_one}",
            [unit.pk, unit.municipality_id, year],
        )
        number, code, *place = cursor.fetchone()
    deviation.handling_unit = unit
    for level, pk in zip(LEVELS, place, strict=True):
        setattr(deviation, level, pk)
    return f"{code}-{year}-{number:04d}"


def _step(
    deviation: Deviation, name: str, *, by: User | None, at: datetime.datetime | None = None, **how: Any
) -> Deviation:
    """Move, and let the figures follow in the same transaction."""
    with transaction.atomic():
        before = move(deviation, name, by=by, at=at, **how)
        if "handling_unit" not in how:
            deviation.copy_levels(before)  # its unit may have been moved since the case was read
        figures.follow(before, deviation)
    return deviation


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
    return _step(deviation, "receive", by=by, at=now, seen=seen, **_taking(deviation, by, now))


REPLIED: dict[str, Any] = {"reporter_waits_since": None}
"""What it means that somebody who handles the case has said something to the reporter."""


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
    return _step(
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
    return _step(deviation, "assess", by=by, at=at, seen=seen, **_severity(deviation, consequence, probability))


def start(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    return _step(deviation, "start", by=by, at=at, seen=seen)


def analyse(
    *, deviation: Deviation, by: User, cause: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Write down why it happened."""
    return _step(deviation, "analyse", by=by, at=at, seen=seen, cause=cause)


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
    return _step(deviation, "close", by=by, at=now, seen=seen, untold=REPLIED, **changes)


@transaction.atomic
def ask_reporter(
    *, deviation: Deviation, by: User, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """Ask the reporter something and wait for the answer."""
    now = at or timezone.now()
    _step(
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
    *, deviation: Deviation, by: User, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """The reporter answers. A hidden name stays hidden: neither the message nor the event carries it."""
    now = at or timezone.now()
    named = by if deviation.reporter_id == by.pk else None
    _step(deviation, "answer", by=named, at=now, seen=seen, waiting_since=None, untold={"reporter_waits_since": now})
    return Message.objects.create(deviation=deviation, author=named, from_reporter=True, text=text, at=now)


def resume(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Go on without waiting any longer for the reporter."""
    return _step(deviation, "resume", by=by, at=at, seen=seen, waiting_since=None)


@transaction.atomic
def write_message(
    *, deviation: Deviation, by: User, text: str, from_reporter: bool, at: datetime.datetime | None = None
) -> Message:
    """Say something to the other side without changing where the case is.

    While a question waits for the reporter, what they write is the answer to it.
    """
    now = at or timezone.now()
    named = None if from_reporter and deviation.reporter_id != by.pk else by
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


def take_over(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    return _step(deviation, "take_over", by=by, at=at, seen=seen, handler=by)


@transaction.atomic
def forward(
    *,
    deviation: Deviation,
    by: User,
    to: Unit,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Deviation:
    """Send the case to the unit it belongs to; its leader has it to receive, with a new clock for receiving."""
    now = at or timezone.now()
    to = Unit.objects.standing_still(to.pk)
    without = reporter_ids(deviation) | ({deviation.about_id} if deviation.about_id else set())
    assignment = leader_for(to, without=without, on=timezone.localdate(now))
    levels = {level: getattr(to, level) for level in LEVELS}
    rules = rules_of(to.municipality_id)
    return _step(
        deviation,
        "forward",
        by=by,
        at=now,
        seen=seen,
        note=note,
        unit=to,
        handling_unit=to,
        handler=assignment.user if assignment else None,
        received_at=None,
        waiting_since=None,
        receive_by=rules.due(now, rules.receive_days),
        untold=levels,
    )


def escalate(
    *, deviation: Deviation, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Hand the case to the leader above. Raises ``NobodyAbove`` at the top."""
    now = at or timezone.now()
    above = leader_above(deviation, on=timezone.localdate(now))
    if above is None:
        raise NobodyAbove
    return _step(deviation, "escalate", by=by, at=now, seen=seen, note=note, handler=above)


class NobodyAbove(Exception):
    """There is no leader further up who may have the case."""


def assignment_above(deviation: Deviation, on: datetime.date | None = None) -> Assignment | None:
    """Who is next up the line from the handler and may have the case: above everything the handler leads in it."""
    without = reporter_ids(deviation) | {pk for pk in (deviation.about_id, deviation.handler_id) if pk}
    handler, unit = deviation.handler, deviation.handling_unit
    led = [each for each in (handler.standing.units(Role.LEADER) if handler else ()) if unit.is_within(each)]
    if led:
        return leader_for(led[0], without=without, above=True, on=on)
    return leader_for(unit, without=without, on=on)


def leader_above(deviation: Deviation, on: datetime.date | None = None) -> User | None:
    """The next leader up the line from the present handler who may have the case."""
    found = assignment_above(deviation, on)
    return found.user if found else None


def reporter_ids(deviation: Deviation) -> set[int]:
    """Who reported, hidden or not: for routing only, never for a page."""
    if deviation.reporter_id:
        return {deviation.reporter_id}
    return set(SealedIdentity.objects.filter(deviation=deviation).values_list("user", flat=True))


class CannotMerge(Exception):
    """The other case has ended, or one of the two is about a leader and the other isn't."""


def may_merge(deviation: Deviation, into: Deviation) -> bool:
    """Only what the same people may see becomes one: nothing goes to or from a case about somebody else."""
    return into.is_open and into.pk != deviation.pk and into.about_id == deviation.about_id


on_merged: list[Callable[[Deviation, Deviation, User, datetime.datetime], None]] = []
"""Filled by modules: called in the transaction with the case that ended, the one that goes on, by whom and when."""


@transaction.atomic
def merge(
    *, deviation: Deviation, by: User, into: Deviation, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Two reports of the same: this one ends, the other goes on and its answer reaches both reporters.

    What is still to be done in this one goes along, and so do the stricter severity and the earlier deadline. Raises
    ``CannotMerge``.
    """
    now = at or timezone.now()
    # Both at once and in one order, so that two who merge the same cases crosswise don't wait for each other for ever.
    rows = Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit")
    locked = {each.pk: each for each in rows.filter(pk__in=[deviation.pk, into.pk]).order_by("pk")}
    if not may_merge(deviation, locked[into.pk]):
        raise CannotMerge
    _step(
        deviation,
        "merge",
        by=by,
        at=now,
        seen=seen,
        merged_into=into,
        closed_at=now,
        closed_by=by,
        waiting_since=None,
        untold=REPLIED,
    )
    _takes_in(locked[into.pk], deviation, by, now)
    for follow in on_merged:
        follow(deviation, locked[into.pk], by, now)
    return deviation


def _takes_in(deviation: Deviation, ended: Deviation, by: User, now: datetime.datetime) -> None:
    """The case that goes on is as serious as the more serious of the two, and due when the first of them was."""
    before, what = copy.copy(deviation), "deviations.merged_here"
    stricter: dict[str, Any] = {"deadline": min(deviation.deadline, ended.deadline)}
    if Severity.values.index(ended.severity or Severity.LOW) > Severity.values.index(
        deviation.severity or Severity.LOW
    ) or (ended.severity and not deviation.severity):
        stricter |= {name: getattr(ended, name) for name in ("consequence", "probability", "severity")}
    if not change(deviation, what, by=by, at=now, data={"merged": ended.pk}, **stricter):
        record(deviation, what, by=by, at=now, merged=ended.pk)
    figures.follow(before, deviation)


@transaction.atomic
def make_proposal(
    *, deviation: Deviation, by: User, text: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Message:
    """No deviation, but worth doing something about: the case stays open, where it is, as a proposal.

    The reporter gets the reason as a message.
    """
    now = at or timezone.now()
    _step(
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
    return _step(
        deviation,
        "not_deviation",
        by=by,
        at=now,
        seen=seen,
        outcome=outcome,
        closed_at=now,
        closed_by=by,
        waiting_since=None,
        first_answer_at=deviation.first_answer_at or now,
        untold=REPLIED,
    )


def reopen(
    *, deviation: Deviation, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Open a closed case again, by the reporter or those who handled it. The deadline starts anew."""
    now = at or timezone.now()
    is_reporter = by.pk in reporter_ids(deviation)
    hidden = deviation.naming == Naming.SEALED and is_reporter
    rules = rules_of(deviation.level_0 or 0)
    return _step(
        deviation,
        "reopen",
        by=None if hidden else by,
        at=now,
        seen=seen,
        note=note,
        closed_at=None,
        closed_by=None,
        helped=None,
        deadline=rules.due(now, rules.close_days(deviation.severity)),
        untold={"reporter_waits_since": now} if is_reporter else {},
    )


def say_whether_it_helped(
    *, deviation: Deviation, by: User, helped: bool, at: datetime.datetime | None = None
) -> None:
    """The reporter's word on the answer. Where it didn't help, whoever answered has it before them again."""
    hidden = deviation.naming == Naming.SEALED
    now = at or timezone.now()
    with transaction.atomic():
        if change(deviation, "deviations.judged", by=None if hidden else by, at=now, helped=helped):
            _reporter_waits(deviation, None if helped else now)


@transaction.atomic
def open_identity(*, deviation: Deviation, by: User, reason: str) -> User:
    """Look at a hidden name. Each look is an event of the case, with its reason, for the reporter to see."""
    record(deviation, "deviations.identity_opened", by=by, reason=reason)
    return deviation.sealed_identity.user


def reclassify(
    *,
    deviation: Deviation,
    by: User,
    kind: str,
    category: Category | None,
    breached_document: Document | None,
) -> None:
    """Correct what the reporter guessed: kind, category, procedure."""
    with transaction.atomic():
        before = lock(deviation)
        deviation.copy_levels(before)
        change(
            deviation,
            "deviations.reclassified",
            by=by,
            kind=kind,
            category=category,
            topic=category.topic if category else "",
            breached_document=breached_document,
        )
        figures.follow(before, deviation)


def hand_over_case(*, deviation: Deviation, by: User | None, to: User, at: datetime.datetime | None = None) -> None:
    """Give an open case to another handler, since the present one leaves. Where the case is in its life stays."""
    change(deviation, "deviations.handed_over", by=by, at=at, handler=to)
