"""The verbs of an internal audit: plan it, its checklist and answers, what is reported, the report and its end."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Deviation, Kind, Source, When
from documents.models import Document, Requirement
from improvement.actions.measuring import person_there
from improvement.actions.meeting import WrittenMeanwhile
from improvement.models import Answer, Audit, AuditPoint
from kvalitetslosen.journal.record import create, lock, record
from kvalitetslosen.journal.transitions import StepRefused, move
from kvalitetslosen.organisation.models import InTree, Role, Unit, User

QUESTION, HEADING = 500, 200  # characters


class CannotAudit(Exception):
    """The person leads what is to be audited: nobody audits their own work."""


def may_audit(user: User, place: InTree) -> bool:
    """Whether the person can be an auditor there: not whoever leads it, or above."""
    return not user.standing.reaches(Role.LEADER, place)


def _auditor(user: User, place: InTree, municipality_id: int | None) -> User:
    person = person_there(user, municipality_id)
    if not may_audit(person, place):
        raise CannotAudit
    return person


@transaction.atomic
def plan_audit(
    *,
    by: User,
    title: str,
    unit: Unit,
    owner: User,
    held_on: datetime.date,
    period_first: datetime.date,
    period_last: datetime.date,
    held_until: datetime.date | None = None,
    auditors: Iterable[User] = (),
    about: str = "",
    is_hse: bool = False,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Audit:
    """Decide that a unit is audited. Its leader and the auditors are told.

    ``key`` is the form's own: the same one sent twice gives the audit already planned. Raises ``CannotHave`` and
    ``CannotAudit``.
    """
    place = Unit.objects.standing_still(unit.pk)
    owner = _auditor(owner, place, place.municipality_id)
    others = [_auditor(each, place, place.municipality_id) for each in auditors if each.pk != owner.pk]
    if key and (sent := Audit.objects.filter(key=key).first()):
        return sent
    row = Audit(
        title=title.strip(), about=about.strip(), owner=owner, is_hse=is_hse, period_first=period_first,
        period_last=period_last, held_on=held_on, held_until=held_until or held_on, planned_at=at or timezone.now(),
    )  # fmt: skip
    if key:
        row.key = key
    row.place_in(place)
    create(row, "improvement.audit_planned", by=by, at=at, owner=owner.pk, auditors=[each.pk for each in others])
    row.auditors.add(*others)
    return row


def change_audit(
    *,
    audit: Audit,
    by: User,
    at: datetime.datetime | None = None,
    seen: int | None = None,
    **changes: Any,
) -> None:
    """Another theme, period or day. Where the days are others, the leader and the auditors are told."""
    move(audit, "change", by=by, at=at, seen=seen, **changes)


@transaction.atomic
def appoint(
    *, audit: Audit, by: User, person: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """One more auditor. Whoever is one already, is. Raises ``CannotHave`` and ``CannotAudit``."""
    row = lock(audit)
    person = _auditor(person, row, row.level_0)
    if person.pk == row.owner_id or row.auditors.filter(pk=person.pk).exists():
        return
    move(audit, "appoint", by=by, at=at, seen=seen, data={"person": person.pk})
    audit.auditors.add(person)


@transaction.atomic
def dismiss(*, audit: Audit, by: User, person: int, at: datetime.datetime | None = None) -> None:
    """Somebody is no auditor any more. Nothing where they aren't."""
    lock(audit)
    if audit.auditors.filter(pk=person).exists():
        move(audit, "dismiss", by=by, at=at, data={"person": person})
        audit.auditors.remove(person)


# The checklist


@dataclass(frozen=True)
class Asked:
    """A point as somebody chose it."""

    question: str
    requirement: Requirement | None = None
    document: Document | None = None
    heading: str = ""


@transaction.atomic
def add_points(
    *, audit: Audit, by: User, points: Iterable[Asked], at: datetime.datetime | None = None
) -> list[AuditPoint]:
    """More to look at, with the numbers after the last. What stands there word for word isn't added again."""
    lock(audit)
    there = set(audit.points.values_list("question", flat=True))
    new = {each.question.strip()[:QUESTION]: each for each in points}
    chosen = {question: each for question, each in new.items() if question and question not in there}
    if not chosen:
        return []
    move(audit, "prepare", by=by, at=at, data={"points": len(chosen)})
    last = audit.points.aggregate(last=Max("number"))["last"] or 0
    rows = [
        AuditPoint(
            audit=audit, number=number, question=question, requirement=each.requirement, document=each.document,
            heading=each.heading[:HEADING],
        )
        for number, (question, each) in enumerate(chosen.items(), start=last + 1)
    ]  # fmt: skip
    return AuditPoint.objects.bulk_create(rows)


@transaction.atomic
def strike(*, point: AuditPoint, by: User, at: datetime.datetime | None = None) -> None:
    """It needn't be looked at. Raises ``StepRefused`` where it has an answer."""
    before = move(point.audit, "strike", by=by, at=at, data={"point": point.number})
    point.refresh_from_db()
    if point.answer:
        raise StepRefused(before.lifecycle["strike"], before, None)
    point.delete()


# On the day


def begin_audit(*, audit: Audit, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    move(audit, "begin", by=by, at=at, seen=seen)


@transaction.atomic
def answer_point(
    *,
    point: AuditPoint,
    by: User,
    answer: str,
    evidence: str = "",
    seen: int | None = None,
    at: datetime.datetime | None = None,
) -> None:
    """What was seen. ``seen`` is how often the point had been answered when the person looked at it.

    Raises ``WrittenMeanwhile``, and ``StepRefused`` where it is reported already: that is answered in its case.
    """
    before = move(point.audit, "answer", by=by, at=at, data={"point": point.number})
    point.refresh_from_db()
    if seen is not None and seen != point.edits:
        raise WrittenMeanwhile
    if point.deviation_id:
        raise StepRefused(before.lifecycle["answer"], before, None)
    point.answer, point.evidence, point.edits = answer, evidence.strip(), point.edits + 1
    point.save(update_fields=["answer", "evidence", "edits"])


@transaction.atomic
def report_finding(
    *,
    point: AuditPoint,
    by: User,
    text: str,
    unit: Unit | None = None,
    category: Category | None = None,
    answer_by: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> Deviation:
    """Make it a case, as any other: a deviation to be answered by a day, or a proposal. Reported already: that one.

    The journal of the audit says that it was reported, not as which case. Raises ``StepRefused`` where it is none.
    """
    audit, now = point.audit, at or timezone.now()
    before = lock(audit)
    point.refresh_from_db()
    if point.deviation is not None:
        return point.deviation
    move(audit, "report_finding", by=by, at=now, data={"point": point.number})
    if not point.is_finding:
        raise StepRefused(before.lifecycle["report_finding"], before, None)
    fails = point.answer == Answer.NOT
    deviation = cases.report(
        by=by, unit=unit or audit.unit, kind=Kind.DEVIATION if fails else Kind.PROPOSAL, text=text.strip(),
        happened=When.DATE, happened_on=min(audit.held_on, timezone.localdate(now)), category=category,
        breached_document=point.document if fails else None, source=Source.AUDIT, at=now,
    )  # fmt: skip
    point.deviation, point.reported_by, point.answer_by = deviation, by, answer_by if fails else None
    point.save(update_fields=["deviation", "reported_by", "answer_by"])
    return deviation


# The report


@transaction.atomic
def write_report(
    *,
    audit: Audit,
    by: User,
    looked_at: str,
    summary: str,
    strengths: str,
    seen: int | None = None,
    at: datetime.datetime | None = None,
) -> None:
    """``seen`` is how often the report had been saved when the person began. Raises ``WrittenMeanwhile``."""
    before = lock(audit)
    if seen is not None and seen != before.edits:
        raise WrittenMeanwhile
    move(
        audit, "write", by=by, at=at, looked_at=looked_at.strip(), summary=summary.strip(),
        strengths=strengths.strip(), untold={"edits": before.edits + 1},
    )  # fmt: skip


@transaction.atomic
def send_report(
    *,
    audit: Audit,
    by: User,
    comment_by: datetime.date,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """The leader of the unit reads it, and comments by a day. What has no answer was not looked at."""
    now = at or timezone.now()
    move(audit, "send", by=by, at=now, seen=seen, comment_by=comment_by, untold={"sent_at": now})
    audit.points.filter(answer="").update(answer=Answer.NOT_LOOKED_AT)


def comment_on(
    *, audit: Audit, by: User, comment: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """What the audited unit's leader says to it. Said again, it is the newer that stands."""
    move(audit, "comment", by=by, at=at, seen=seen, comment=comment.strip(), untold={"commented_by": by})


def take_report_back(
    *, audit: Audit, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Something in it is to be put right; the leader's comment stays."""
    untold = {"sent_at": None, "comment_by": None}
    move(audit, "take_back", by=by, at=at, seen=seen, note=note, untold=untold)


def approve_report(*, audit: Audit, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """It is final: nothing more is changed, and colleagues read title and result."""
    now = at or timezone.now()
    move(audit, "finish", by=by, at=now, seen=seen, untold={"final_at": now, "final_by": by})


def approve_without_comment(
    *, audit: Audit, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """The leader had their time, and nothing came."""
    now = at or timezone.now()
    move(audit, "finish_without", by=by, at=now, seen=seen, note=note, untold={"final_at": now, "final_by": by})


# Who has it, and its end


@transaction.atomic
def give_audit(
    *, audit: Audit, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else leads it from now on. Raises ``CannotHave`` and ``CannotAudit``."""
    _auditor(owner, audit, audit.level_0)
    move(audit, "hand_over", by=by, at=at, seen=seen, owner=owner)
    audit.auditors.remove(owner)


@transaction.atomic
def inherit_audit(*, audit: Audit, by: User | None, leaving: User, to: User) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotHave`` and ``CannotAudit``."""
    _auditor(to, audit, audit.level_0)
    if audit.owner_id == leaving.pk:
        move(audit, "inherit", by=by, owner=to)
        audit.auditors.remove(to, leaving)
    else:
        audit.auditors.remove(leaving)
        if audit.owner_id != to.pk:
            audit.auditors.add(to)
        record(audit, "improvement.audit_passed_on", by=by, left=leaving.pk, person=to.pk)


def cancel_audit(
    *, audit: Audit, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It isn't held; why stays in the journal."""
    move(audit, "cancel", by=by, at=at, seen=seen, note=note)


# Findings whose case is merged


def findings_follow(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """A finding whose case was merged is answered in the one that goes on."""
    AuditPoint.objects.filter(deviation=ended).update(deviation=goes_on, came_from=ended)


def findings_part(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: the finding is its own case's again."""
    AuditPoint.objects.filter(deviation=goes_on, came_from=ended).update(deviation=ended, came_from=None)
