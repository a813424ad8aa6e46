"""What is answered to the questions of a case's category."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from deviations.models import WRITTEN, Answer, Category, Deviation, Kind, Question, QuestionSet
from kvalitetslosen.journal.record import lock, record
from kvalitetslosen.organisation.models import User

ASKED_ABOUT = (Kind.DEVIATION, Kind.NEAR_MISS)
"""The kinds that tell of an event. Of an idea, a risk or something that went well nothing more is asked."""

Given = Mapping[Question, str | None]
"""The answers as they are stored; ``None`` is «Don't know», an empty text no answer."""


class Answered(NamedTuple):
    """By which version of the questions a case is reported, and what was answered."""

    set: int
    given: Given

    @property
    def keys(self) -> list[str]:
        """What was answered with something else than «Don't know»: for the journal, which keeps no answers."""
        return [question.key for question, value in self.given.items() if value]


def asked_in(deviation: Deviation, kind: str, category: Category | None) -> int | None:
    """The version a case is asked by when it comes to be of this kind and category: its own, if that asks for both."""
    if category is None or kind not in ASKED_ABOUT:
        return None
    if category.pk == deviation.category_id and deviation.kind in ASKED_ABOUT:
        return deviation.question_set_id
    now = category.asked_set
    if deviation.question_set_id in (None, now):
        return now
    ours = QuestionSet.objects.filter(pk=deviation.question_set_id).values("category")
    asking = category.pk if category.asks_id else category.parent_id
    return deviation.question_set_id if ours.filter(category=asking).exists() else now


def write_down(deviation: Deviation, given: Given) -> None:
    """Keep the first answers of a case."""
    rows = []
    for question, value in given.items():
        if value != "":
            row = Answer(deviation=deviation, question=question)
            row.take(value)
            rows.append(row)
    if rows:
        Answer.objects.bulk_create(rows)


@transaction.atomic
def answer_questions(
    *,
    deviation: Deviation,
    by: User | None,
    given: Given,
    from_reporter: bool = False,
    at: datetime.datetime | None = None,
) -> bool:
    """Answer what is missing, or correct an answer; whether anything differs from before.

    The journal keeps old and new, but for what people wrote in their own words. A hidden reporter is nobody (``by``).
    """
    lock(deviation)
    rows = Answer.objects.filter(deviation=deviation, question__in=[each.pk for each in given])
    before = {row.question_id: row for row in rows}
    told: dict[str, list[str | None]] = {}
    for question, value in given.items():
        row = before.get(question.pk) or Answer(deviation=deviation, question=question)
        old = row.given if question.pk in before else ""
        if value == old or (value == "" and old is None):  # «Don't know» stands until it is known
            continue
        told[question.key] = [None, None] if question.kind in WRITTEN else [old, value]
        row.question = question
        if value == "":
            row.delete()
            continue
        row.take(value)
        row.save()
    if told:
        record(deviation, "deviations.questions_answered", by=by, at=at, answers=told, from_reporter=from_reporter)
    return bool(told)
