"""Who asks, and for which case: what every page of a case begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from deviations import access
from deviations.actions import ASKED_ABOUT
from deviations.facts import CASE_FACTS
from deviations.history import History, history
from deviations.lifecycle import Part, State
from deviations.models import (
    ASKED_OR_ANSWERED,
    Answer,
    BroughtCase,
    CauseAnalysis,
    Comment,
    Deviation,
    DeviationQuerySet,
    Duty,
    Message,
    Question,
    Reflection,
    Related,
    Task,
    TriageAnswer,
    shown,
)
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import User, about, somebody
from kvalitetslosen.organisation.standing import Shape


def visitor(request: HttpRequest) -> User:
    """Who asks; the log-in middleware has seen to it that it is somebody."""
    return cast("User", request.user)


@lru_cache(maxsize=64)
def _case_question(shape: Shape, names: tuple[str, ...], alone: bool) -> Prepared[Deviation]:
    """The case by its reference, as far as those with such a standing see it."""

    def question(reference: str, **who: int) -> DeviationQuerySet:
        rows = Deviation.objects.visible_to(somebody(shape, **who)).filter(reference=reference)
        # What few cases point to is asked for when they do: three joins more take longer than the rest of it.
        if alone:
            return rows
        rows = rows.select_related("unit", "handling_unit", "category__parent", "handler", "reporter")
        return rows.annotate(
            took_in=Exists(Deviation.objects.filter(merged_into=OuterRef("pk"))),
            has_related=Exists(Related.objects.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))),
            commented=Exists(Comment.objects.filter(deviation=OuterRef("pk"))),
            asked_colleagues=Exists(Task.objects.filter(deviation=OuterRef("pk"))),
            is_analysed=Exists(CauseAnalysis.objects.filter(deviation=OuterRef("pk"))),
            taken_to_team=Exists(Reflection.objects.filter(deviation=OuterRef("pk"))),
            is_elsewhere=Exists(BroughtCase.objects.filter(deviation=OuterRef("pk"))),
            has_answers=Exists(Answer.objects.filter(deviation=OuterRef("pk"))),
            has_duties=Exists(Duty.objects.filter(deviation=OuterRef("pk"))),
            is_triaged=Exists(TriageAnswer.objects.filter(deviation=OuterRef("pk"))),
            **{name: fact() for name, fact in CASE_FACTS.items()},
        )

    return Prepared(question, reference=str, **dict.fromkeys(names, int))


def visible_case(user: User, reference: str, *, alone: bool = False) -> Deviation:
    """The case, or 404 for whoever may not see it. ``alone`` leaves what it points to for when it is asked for."""
    who = about(user)
    rows = _case_question(user.standing.shape, tuple(who), alone)(reference=reference, **who)
    if not rows:
        raise Http404
    deviation = rows[0]
    if not alone and deviation.closed_by_id is not None and deviation.closed_by_id == deviation.handler_id:
        deviation.closed_by = deviation.handler
    return deviation


TALK = Prepared(
    lambda deviation: Message.objects.filter(deviation=deviation).select_related("author").order_by("at", "pk"),
    deviation=int,
)


def read(person: int | None, what: Deviation | Duty | Task, **which: Any) -> None:
    """The person's notices about it need no more reading: it is open before them, or somebody else has it."""
    unread = Notification.objects.unread().filter(user=person, url=what.get_absolute_url(), **which)
    unread.update(read_at=timezone.now())


def talk_of(deviation: Deviation, parts: frozenset[Part]) -> list[Message]:
    """What the reporter and those who handle the case have written to each other, for whoever may read it."""
    if not (access.may_write(parts) or Part.QUALITY in parts):
        return []
    return TALK(deviation=deviation.pk)


def comments_on(deviation: Deviation, parts: frozenset[Part]) -> list[Comment]:
    """What those who watch over have said, and been answered, as far as the person may read it."""
    if not getattr(deviation, "commented", False):
        return []
    rows = deviation.comments.select_related("author").order_by("at", "pk")
    if Part.REPORTER in parts:
        rows = rows.filter(for_reporter=True)
    elif not access.reads_comments(parts):
        return []
    return list(rows)


def latest_question(deviation: Deviation, talk: list[Message]) -> Message | None:
    """What the reporter is asked, while it waits for them."""
    if deviation.state != State.WAITING:
        return None
    return next((each for each in reversed(talk) if not each.from_reporter), None)


@dataclass(frozen=True)
class AnswersIn:
    """What the case's category asks, with the answers."""

    questions: Sequence[Question] = ()  # of the version the case is asked by
    answered: Sequence[Answer] = ()  # those that are asked and answered, in order, «Don't know» too
    earlier: Sequence[Answer] = ()  # given before the case came into another category
    missing: Sequence[Question] = ()  # must be answered, and isn't
    may_answer: bool = False  # whether there is something to answer, or to correct, for who reads
    address: str = ""  # where they are answered


def answers_in(deviation: Deviation, parts: frozenset[Part], address: str = "") -> AnswersIn:
    """Whoever sees the case sees its answers. One query, where anything is asked or answered at all."""
    if not (deviation.question_set_id or getattr(deviation, "has_answers", True)):
        return AnswersIn()
    rows = ASKED_OR_ANSWERED(deviation=deviation.pk, set=deviation.question_set_id or 0)
    questions = [each for each in rows if each.set_id == deviation.question_set_id]
    earlier, answers = [], {}
    for each in rows:
        answer = getattr(each, "answer", None)
        if answer is None:
            continue
        answer.question = each
        if each.set_id == deviation.question_set_id:
            answers[each.key] = answer
        elif not answer.unknown:
            earlier.append(answer)
    visible = shown(questions, {key: answer.value for key, answer in answers.items()})
    is_asked = deviation.kind in ASKED_ABOUT
    missing = [
        each
        for each in visible
        if is_asked and each.required and (each.key not in answers or answers[each.key].unknown)
    ]
    open_to_answer = bool(missing) if Part.REPORTER in parts else bool(questions)
    return AnswersIn(
        questions,
        [answers[each.key] for each in visible if each.key in answers],
        earlier,
        missing,
        may_answer=open_to_answer and deviation.is_open and access.may_answer(parts),
        address=address or reverse("deviations:answers", args=[deviation.reference]),
    )


SEES_NAME = frozenset({Part.HANDLER, Part.LEADER, Part.QUALITY})


def duties_of(deviation: Deviation, parts: frozenset[Part]) -> list[Duty]:
    """Whom is to be told because of the case, the first due first. The reporter isn't told of it."""
    if Part.REPORTER in parts or not getattr(deviation, "has_duties", False):
        return []
    rows = list(Duty.objects.filter(deviation=deviation.pk).select_related("done_by").order_by("due_at", "pk"))
    for each in rows:
        each.deviation = deviation
    return rows


def history_for(
    deviation: Deviation, user: User, parts: frozenset[Part], limit: int | None, duties: Sequence[Duty] = ()
) -> History:
    """The case's timeline as this person may read it."""
    is_reporter = Part.REPORTER in parts
    named = is_reporter or bool(parts & SEES_NAME)
    return history(deviation, reader=user, is_reporter=is_reporter, names_reporter=named, limit=limit, duties=duties)
