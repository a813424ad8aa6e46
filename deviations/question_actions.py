"""The verbs behind the questions of a category: a draft is written, and becomes what is asked when it is published."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations.models import MOST_QUESTIONS, Category, Question, QuestionSet
from deviations.models.questions import copies, new_key, same
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.organisation.models import User


class AlreadyPublished(Exception):
    """A version that is asked, or was, never changes."""


class TooMany(Exception):
    """No more than ``MOST_QUESTIONS`` are answered in a minute."""


class NothingNew(Exception):
    """The draft asks what is asked already."""


class Depended(Exception):
    """Another question is shown only for an answer to this one."""


def questions_of(set_id: int | None) -> list[Question]:
    return list(Question.objects.filter(set=set_id).order_by("position", "pk")) if set_id else []


def draft_of(category: Category) -> QuestionSet | None:
    return QuestionSet.objects.drafts().filter(category=category).first()


@transaction.atomic
def begin_draft(*, category: Category, by: User | None) -> QuestionSet:
    """The draft of the next version: the one there is, or a new one that asks what is asked now."""
    lock(category)
    if (found := draft_of(category)) is not None:
        return found
    last = QuestionSet.objects.filter(category=category).order_by("-number").first()
    draft = create(
        QuestionSet(
            municipality_id=category.municipality_id, category=category, number=last.number + 1 if last else 1
        ),
        "deviations.questions_begun",
        by=by,
    )
    Question.objects.bulk_create(copies(questions_of(category.asks_id), draft))
    return draft


@transaction.atomic
def start_over(*, draft: QuestionSet, by: User) -> None:
    """Throw away what was written in the draft: it asks again what is asked now."""
    draft = _open(draft)
    Question.objects.filter(set=draft).delete()
    Question.objects.bulk_create(copies(questions_of(draft.category.asks_id), draft))
    record(draft, "deviations.questions_changed", by=by, what="started_over")


@transaction.atomic
def save_question(*, draft: QuestionSet, key: str = "", after: str = "", by: User | None, **fields: Any) -> Question:
    """Write a question, new or there already, after the one with the key ``after`` (first of all where it is empty).

    Raises ``TooMany``.
    """
    draft = _open(draft)
    questions = questions_of(draft.pk)
    question = next((each for each in questions if each.key == key), None)
    if question is None:
        if len(questions) >= MOST_QUESTIONS:
            raise TooMany
        question = Question(set=draft, key=new_key())
    for name, value in fields.items():
        setattr(question, name, value)
    others = [each for each in questions if each.key != question.key]
    place = next((number for number, each in enumerate(others, start=1) if each.key == after), 0)
    others.insert(place, question)
    question.save()
    _in_order(others)
    record(draft, "deviations.questions_changed", by=by, question=question.key)
    return question


@transaction.atomic
def remove_question(*, draft: QuestionSet, key: str, by: User) -> None:
    """Take a question out of the next version. Raises ``Depended``."""
    draft = _open(draft)
    questions = questions_of(draft.pk)
    if any(each.shown_when == key for each in questions):
        raise Depended
    gone = [each for each in questions if each.key == key]
    for question in gone:
        question.delete()
    if gone:
        _in_order([each for each in questions if each.key != key])
        record(draft, "deviations.questions_changed", by=by, removed=key)


@transaction.atomic
def publish(*, draft: QuestionSet, by: User | None, at: datetime.datetime | None = None) -> QuestionSet:
    """From now on the category asks this. Cases made by earlier versions keep theirs. Raises ``NothingNew``."""
    draft = _open(draft)
    category = lock(draft.category)
    questions = questions_of(draft.pk)
    if same(questions, questions_of(category.asks_id)):
        raise NothingNew
    now = at or timezone.now()
    change(draft, "deviations.questions_published", by=by, at=now, published_at=now)
    # A version that asks nothing is none: then the main category's questions are asked again.
    change(category, "deviations.category_changed", by=by, at=now, asks_id=draft.pk if questions else None)
    return draft


def _open(draft: QuestionSet) -> QuestionSet:
    found = lock(draft)
    if not found.is_draft:
        raise AlreadyPublished
    return found


def _in_order(questions: Sequence[Question]) -> None:
    for number, each in enumerate(questions):
        each.position = number
    Question.objects.bulk_update(questions, ["position"])
