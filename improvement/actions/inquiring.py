"""The verbs of asking: ask, answer, read; and the rhythm in which the same question comes by itself."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations.access import is_reporter
from deviations.models import Category, Deviation
from improvement.models import Inquiry, InquiryRhythm, Measure, Topic
from improvement.whom_to_ask import Whom, leading
from kvalitetslosen.journal.record import change, create, lock
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.months import months_after
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.workdays import midnight

MONTHS = 3
"""How many whole months the numbers beside a question cover, and as many before them to compare."""


@transaction.atomic
def ask(
    *,
    by: User,
    whom: Whom,
    topic: str,
    question: str,
    due_on: datetime.date | None = None,
    deviation: Deviation | None = None,
    category: Category | None = None,
    measure: Measure | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Inquiry:
    """Ask somebody, who answers by the day (a week, unless said). ``key`` is the form's own: sent twice it asks once.

    Whom one may ask is asked before, with ``whom_to_ask``.
    """
    now = at or timezone.now()
    place = Unit.objects.standing_still(whom.unit.pk)
    if key and (sent := Inquiry.objects.filter(key=key).first()):
        return sent
    row = Inquiry(
        topic=topic,
        upper=whom.upper,
        asker=by,
        asked=whom.asked,
        question=question.strip(),
        deviation=deviation if topic == Topic.CASE else None,
        category=category if topic == Topic.CATEGORY else None,
        measure=measure if topic == Topic.MEASURE else None,
        counts=counts(by, whom.asked, place, category, timezone.localdate(now))
        if topic in (Topic.LEARNING, Topic.CATEGORY)
        else None,
        due_on=due_on or timezone.localdate(now) + Inquiry.TIME,
        asked_at=now,
    )
    if key:
        row.key = key
    row.place_in(place)
    return create(row, "improvement.inquiry_asked", by=by, at=at, asked=whom.asked.pk)


def counts(asker: User, asked: User, unit: Unit, category: Category | None, today: datetime.date) -> dict[str, Any]:
    """How many cases were reported in the last three whole months and in the three before, of those both may see."""
    first = months_after(today.replace(day=1), -MONTHS)
    after, before = months_after(first, MONTHS), months_after(first, -MONTHS)
    rows = Deviation.objects.visible_to(asked, within=unit).filter(
        pk__in=Deviation.objects.visible_to(asker, within=unit).values("pk")
    )
    if category is not None:
        below = Category.objects.filter(parent=category).values("pk")
        rows = rows.filter(category=category) | rows.filter(category__in=below)
    now = rows.filter(reported_at__gte=midnight(first), reported_at__lt=midnight(after)).count()
    then = rows.filter(reported_at__gte=midnight(before), reported_at__lt=midnight(first)).count()
    return {"first": first.isoformat(), "last": months_after(after, -1).isoformat(), "now": now, "before": then}


def answer(
    *, inquiry: Inquiry, by: User, answer: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Answer in one's own words. Raises ``StepRefused`` when it was withdrawn or answered meanwhile."""
    now = at or timezone.now()
    move(inquiry, "answer", by=by, at=now, seen=seen, answer=answer.strip(), untold={"answered_at": now})


def read(*, inquiry: Inquiry, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """The asker has read the answer; whoever gave it hears so."""
    move(inquiry, "read", by=by, at=at, seen=seen)


def withdraw(*, inquiry: Inquiry, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """It needs no answer any more."""
    move(inquiry, "withdraw", by=by, at=at, seen=seen)


@transaction.atomic
def hand_over_asked(*, inquiry: Inquiry, by: User | None, to: User) -> None:
    """Whoever was asked leaves; the heir answers, unless it is the asker: then nobody needs to.

    Nor where the heir doesn't see the case asked about, or reported it: it is withdrawn, and they hear nothing of it.
    Whoever takes over the case as well sees it by now. The numbers were of what the one who leaves might see.
    """
    if to.pk == inquiry.asker_id or _barred(inquiry, to):
        move(inquiry, "withdraw", by=by)
    else:
        move(inquiry, "inherit", by=by, asked=to, untold={"counts": None})


def _barred(inquiry: Inquiry, heir: User) -> bool:
    deviation = inquiry.deviation
    if deviation is None:
        return False
    return is_reporter(deviation, heir) or not Deviation.objects.visible_to(heir).filter(pk=deviation.pk).exists()


@transaction.atomic
def hand_over_asker(*, inquiry: Inquiry, by: User | None, to: User) -> None:
    """Whoever asked leaves; the heir reads the answer. Where the heir is the one asked, or may not know what is
    asked about the case, nobody waits any more."""
    if to.pk != inquiry.asked_id and not _barred(inquiry, to):
        move(inquiry, "hear", by=by, asker=to, untold={"counts": None})
    elif inquiry.is_waiting:
        move(inquiry, "withdraw", by=by)
    else:
        move(inquiry, "read", by=by)


# The rhythm ----------------------------------------------------------------------------------------------------------


def next_time(day: int, after: datetime.date) -> datetime.date:
    """The first day with this number after the date."""
    here = after.replace(day=day)
    return here if here > after else months_after(after.replace(day=1), 1).replace(day=day)


@transaction.atomic
def begin_rhythm(
    *, by: User, unit: Unit, topic: str, question: str, day: int, category: Category | None = None
) -> InquiryRhythm:
    """Ask the same every month on the day (1–28). The same rhythm begun twice is one."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    place = Unit.objects.standing_still(unit.pk)
    same = InquiryRhythm.objects.going().filter(asker=by, unit=place, topic=topic, question=question, day=day)
    if already := same.filter(category=category).first():
        return already
    row = InquiryRhythm(
        asker=by, topic=topic, category=category, question=question.strip(), day=day,
        next_on=next_time(day, timezone.localdate()),
    )  # fmt: skip
    row.place_in(place)
    return create(row, "improvement.inquiry_rhythm_begun", by=by)


def end_rhythm(*, rhythm: InquiryRhythm, by: User | None) -> None:
    """No more questions by themselves. One that has ended stays so."""
    if rhythm.is_going:
        change(rhythm, "improvement.inquiry_rhythm_ended", by=by, ended_at=timezone.now())


def ask_in_rhythm(today: datetime.date | None = None) -> None:
    """Ask what is due by a rhythm, once each, however often and late this runs.

    A rhythm whose asker doesn't lead there any more ends.
    """
    day = today or timezone.localdate()
    for rhythm in InquiryRhythm.objects.due(day).order_by("pk"):
        _ask_once(rhythm, day)


@transaction.atomic
def _ask_once(rhythm: InquiryRhythm, today: datetime.date) -> None:
    now = lock(rhythm)
    if not now.is_going or now.next_on > today:  # another worker was faster
        return
    asker, unit = User.objects.get(pk=now.asker_id), Unit.objects.get(pk=now.unit_id)
    if not asker.is_active or not any(unit.is_within(led) for led in asker.standing.units(Role.LEADER)):
        end_rhythm(rhythm=now, by=None)
        return
    whom = leading(asker, unit)
    waits = Inquiry.objects.waiting().filter(asker=asker, unit=unit, question=now.question).exists()
    if whom and not waits:  # nobody is asked the same once more before the first is answered
        ask(by=asker, whom=whom, topic=now.topic, question=now.question, category=now.category)
    InquiryRhythm.objects.filter(pk=now.pk).update(next_on=next_time(now.day, today))
