"""Asking one named colleague for help in a case. They see what they need, for as long as they need it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from deviations.lifecycle import OPEN
from deviations.models import Asking, Deviation, Naming, Task
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import create, lock, record
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import User


class CaseEnded(Exception):
    """The case was closed meanwhile; nobody is asked anything in it any more."""


class CannotAsk(Exception):
    """The person has left, belongs elsewhere, has the case themselves, reported it, or is who it is about."""


def may_show(deviation: Deviation) -> bool:
    """Whether a colleague may read what the reporter wrote: not where it may tell of a leader or a hidden name."""
    return deviation.about_id is None and deviation.naming == Naming.NAMED


def may_be_asked(user: User, deviation: Deviation) -> bool:
    """Whether the person can be asked in this case. One who hid their name can, or the refusal would tell."""
    return (
        user.is_active
        and user.municipality_id == deviation.level_0
        and user.pk not in (deviation.about_id, deviation.reporter_id, deviation.handler_id)
    )


@transaction.atomic
def ask_colleague(
    *,
    deviation: Deviation,
    by: User,
    given_to: User,
    text: str,
    deadline: datetime.date,
    asking: str = Asking.QUESTION,
    shows: bool = True,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Task:
    """Ask a colleague one thing. The reporter reads in the case who was asked, and whether they read the report.

    Help to find the cause needs what happened, so it is asked only where that may be shown, and shows it.
    ``key`` is the form's own: the same one sent twice gives the task already made. Raises ``CaseEnded`` and
    ``CannotAsk``.
    """
    now = at or timezone.now()
    case = lock(deviation)
    colleague = User.objects.select_for_update(of=("self",)).get(pk=given_to.pk)
    if key and (sent := Task.objects.filter(key=key).first()):
        return sent
    if case.state not in OPEN:
        raise CaseEnded
    if not may_be_asked(colleague, case) or colleague.pk == by.pk:
        raise CannotAsk
    if asking == Asking.ANALYSIS and not may_show(case):
        raise CannotAsk
    reads = (shows or asking == Asking.ANALYSIS) and may_show(case)
    task = Task(
        municipality_id=case.level_0 or 0,
        deviation=case,
        shows=case if reads else None,
        asking=asking,
        text=text,
        given_to=colleague,
        given_by=by,
        deadline=deadline,
        created_at=now,
    )
    if key:
        task.key = key
    create(task, "deviations.task_given", by=by, at=now, given_to=colleague.pk, deadline=deadline)
    record(deviation, "deviations.colleague_asked", by=by, at=now, colleague=colleague.pk, reads=reads)
    return task


@transaction.atomic
def answer_task(
    *, task: Task, by: User, answer: str, at: datetime.datetime | None = None, seen: int | None = None
) -> Task:
    """The colleague answers, or says what was done; from now on they see nothing of the case."""
    now = at or timezone.now()
    lock(task.deviation)  # before the task, as everywhere
    move(task, "answer", by=by, at=now, seen=seen, answer=answer.strip(), ended_at=now)
    record(task.deviation, "deviations.colleague_answered", by=by, at=now)
    return task


@transaction.atomic
def withdraw_task(
    *, task: Task, by: User | None, at: datetime.datetime | None = None, seen: int | None = None
) -> Task:
    """It isn't needed any more; the colleague is told, and sees nothing of the case from now on."""
    now = at or timezone.now()
    lock(task.deviation)
    move(task, "withdraw", by=by, at=now, seen=seen, ended_at=now)
    record(task.deviation, "deviations.colleague_released", by=by, at=now, colleague=task.given_to_id)
    return task


def fall_away(deviation: Deviation, by: User | None, at: datetime.datetime) -> None:
    """The case is closed, so that nobody needs to answer any more. In the verb's own transaction."""
    for task in Task.objects.open().filter(deviation=deviation).order_by("pk"):
        move(task, "fall_away", by=by, at=at, ended_at=at)


def follow(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """What is still asked in a case that was merged is answered in the other; what the colleague reads stays."""
    for task in Task.objects.open().filter(deviation=ended).order_by("pk"):
        move(task, "follow", by=by, at=at, deviation=goes_on)


def come_back(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: what had gone along comes back, answered or not."""
    rows = {task.pk: task for task in Task.objects.filter(deviation=goes_on).order_by("pk")}
    for pk in came_from(Task, rows, ended, "deviations.task_followed", "deviations.task_came_back"):
        move(rows[pk], "come_back", by=by, at=at, deviation=ended)


def came_from(
    model: type[Model], pks: Iterable[int], ended: Deviation, followed: str, came_back: str
) -> dict[int, Event]:
    """Those of the rows that last went along from this case, with the event of it."""
    events = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(model), subject_id__in=list(pks), type__in=(followed, came_back)
    )
    ways: dict[int, list[Event]] = {}
    for event in events.order_by("number"):
        way = ways.setdefault(event.subject_id, [])
        if event.type == followed:
            way.append(event)
        elif way:
            way.pop()
    return {pk: way[-1] for pk, way in sorted(ways.items()) if way and way[-1].old_and_new("deviation")[0] == ended.pk}


@transaction.atomic
def inherit_task(*, task: Task, by: User | None, given_to: User, at: datetime.datetime | None = None) -> Task:
    """Whoever was asked leaves; another answers. Raises ``CannotAsk``."""
    case = lock(task.deviation)
    colleague = User.objects.select_for_update(of=("self",)).get(pk=given_to.pk)
    if not may_be_asked(colleague, case):
        raise CannotAsk
    move(task, "inherit", by=by, at=at, given_to=colleague)
    record(
        task.deviation, "deviations.colleague_asked", by=by, at=at, colleague=colleague.pk, reads=bool(task.shows_id)
    )
    return task
