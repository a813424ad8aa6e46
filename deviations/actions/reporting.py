"""A case is reported, with or without a name: it gets its number, its place and its handler."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from deviations import codes, figures
from deviations.actions.answering import Answered, write_down
from deviations.actions.deadlines import rules_of
from deviations.actions.duties import answer_triage
from deviations.actions.routing import assignment_for, reporter_ids, whose
from deviations.models import (
    CaseCode,
    Category,
    Deviation,
    Harm,
    Naming,
    Reply,
    SealedIdentity,
    Source,
    When,
)
from documents.models import Document
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User, standing_still
from kvalitetslosen.organisation.routing import Assignment, leader_for, line_above


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
    answered: Answered | None = None,
    urgent: Collection[str] = (),
    source: str = Source.INSIDE,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Deviation:
    """Report a case: it gets its number and its handler, the nearest leader who isn't the reporter.

    ``about_leader`` sends it past the unit's leader, who never sees it. ``key`` is the form's own: the same
    text sent twice with it gives the case already made. ``answered`` is what its category asks besides;
    ``urgent`` are the questions about whom to tell that the reporter answered with yes.
    """
    what: dict[str, Any] = {
        "by": by, "unit": unit, "kind": kind, "text": text, "happened": happened, "happened_on": happened_on,
        "category": category, "harm": harm, "done_at_once": done_at_once, "suggestion": suggestion,
        "breached_document": breached_document, "naming": Naming.SEALED if hide_name else Naming.NAMED,
        "about_leader": about_leader, "answered": answered, "urgent": urgent, "source": source,
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


class Unnamed(NamedTuple):
    """A case of somebody without a name, and the code that leads back to it: to be shown now, and never again."""

    deviation: Deviation
    code: str


def report_anonymously(
    *,
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
    about_leader: bool = False,
    answered: Answered | None = None,
    source: str = Source.INSIDE,
    urgent: Collection[str] = (),
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Unnamed:
    """Report a case without telling who: not to those who handle it, not to the journal, not to this function.

    So nobody is passed over as its reporter; whoever could come to handle the case themselves is asked, before, to
    give a name. The same text sent twice with the form's ``key`` gives the same case and the same code.
    """
    what: dict[str, Any] = {
        "by": None, "unit": unit, "kind": kind, "text": text, "happened": happened, "happened_on": happened_on,
        "category": category, "harm": harm, "done_at_once": done_at_once, "suggestion": suggestion,
        "breached_document": breached_document, "naming": Naming.ANONYMOUS, "about_leader": about_leader,
        "answered": answered, "source": source, "urgent": urgent, "now": at or timezone.now(),
    }  # fmt: skip
    issued = codes.issue(key or uuid.uuid4())
    try:
        return Unnamed(_report(**what, key=issued.row, code_hash=issued.hash), issued.code)
    except IntegrityError:
        sent = Deviation.objects.filter(key=issued.row, naming=Naming.ANONYMOUS).first()
        if sent is None:
            raise
        if sent.text == text:
            return Unnamed(sent, issued.code)
        issued = codes.issue(uuid.uuid4())
        return Unnamed(_report(**what, key=issued.row, code_hash=issued.hash), issued.code)


class Route(NamedTuple):
    """Where a new case goes: the unit that handles it, who gets it, and the leader it is about, if any."""

    handling_unit: Unit
    assignment: Assignment | None
    about: User | None

    @property
    def handler(self) -> User | None:
        return self.assignment.user if self.assignment else None


def route(
    unit: Unit, category: Category | None, *, about_leader: bool, without: Collection[int], on: datetime.date
) -> Route:
    """Who gets a case from the unit; ``without`` those who have reported it, as far as anybody knows.

    One about a leader goes past everybody but the leaders above, whatever its category says.
    """
    handling_unit, about = unit, None
    if about_leader and (nearest := leader_for(unit, without=without, on=on)):
        about = nearest.acting_for or nearest.user
        handling_unit = nearest.unit
        while handling_unit.parent_id and about.standing.reaches(Role.LEADER, handling_unit):
            handling_unit = line_above(handling_unit)[1]
    if about:
        return Route(handling_unit, whose(handling_unit, about=about, without=without, on=on), about)
    return Route(unit, assignment_for(unit, category, without=without, on=on), None)


@transaction.atomic
def _report(
    *,
    by: User | None,
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
    naming: str,
    about_leader: bool,
    answered: Answered | None,
    urgent: Collection[str],
    key: uuid.UUID | None,
    now: datetime.datetime,
    code_hash: str = "",
    source: str = Source.INSIDE,
) -> Deviation:
    today = timezone.localdate(now)
    rules = rules_of(unit.municipality_id)
    way = route(unit, category, about_leader=about_leader, without=[by.pk] if by else [], on=today)
    named = by if naming == Naming.NAMED else None
    deviation = Deviation(
        unit=unit,
        kind=kind,
        text=text,
        happened=happened,
        happened_on=happened_on,
        category=category,
        topic=category.topic if category else "",
        question_set_id=answered.set if answered else None,
        harm=harm,
        done_at_once=done_at_once,
        suggestion=suggestion,
        breached_document=breached_document,
        source=source,
        naming=naming,
        reporter=named,
        about=way.about,
        handler=way.handler,
        reported_at=now,
        receive_by=rules.due(now, rules.receive_days),
        answer_by=rules.due(now, rules.answer_days),
        deadline=rules.due(now, rules.close_days("")),
    )
    if key:
        deviation.key = key
    deviation.reference = place_and_number(deviation, way.handling_unit, today.year)
    create(
        deviation,
        "deviations.reported",
        by=named,
        at=now,
        handler=deviation.handler_id,
        acting_for=way.assignment.acting_for if way.assignment else None,
        **({"answered": answered.keys} if answered else {}),
    )
    if answered:
        write_down(deviation, answered.given)
    if by and naming == Naming.SEALED:
        SealedIdentity.objects.create(deviation=deviation, user=by)
    if code_hash:
        CaseCode.objects.create(deviation=deviation, hash=code_hash)
    figures.count(deviation)
    if urgent:
        answer_triage(deviation=deviation, by=named, answers=dict.fromkeys(urgent, Reply.YES), at=now)
    return deviation


def place_and_number(deviation: Deviation, unit: Unit, year: int) -> str:
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
