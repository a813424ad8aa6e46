"""The verbs of an improvement: begin, the seven steps, who takes part, and how it ends."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from deviations.models import Category, Deviation, TallySheet
from documents import actions as documents
from documents.models import Document, Version
from improvement.actions.measuring import measure as count_something
from improvement.actions.measuring import person_there
from improvement.charts import Nature
from improvement.models import Improvement, ImprovementCase, Measure, Solution, Source
from improvement.seven_steps import STEPS_IN_ORDER, Stage
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import create, lock, record
from kvalitetslosen.journal.transitions import StepRefused, move
from kvalitetslosen.organisation.models import Unit, User

TAKEN_UP, CAME_OF_IT = "improvement.case_taken_up", "improvement.came_of_it"
SET_ASIDE = "improvement.case_set_aside"
"""What a case's own journal says: its reporter hears that something is done, and what came of it."""


IDEA = 300  # characters


class CannotTakeUp(Exception):
    """The case is about a leader or belongs elsewhere, or the improvement has ended: they aren't tied."""


def go(
    improvement: Improvement,
    step: str,
    *,
    by: User | None,
    at: datetime.datetime | None,
    seen: int | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
    untold: dict[str, Any] | None = None,
    back_to: str | None = None,
    **changes: Any,
) -> Improvement:
    """One step, and the moment of it: an improvement where nothing happens is asked about."""
    now = at or timezone.now()
    kept = {"moved_at": now, **(untold or {})}
    return move(
        improvement, step, by=by, at=now, seen=seen, note=note, data=data, untold=kept, back_to=back_to, **changes
    )


@transaction.atomic
def begin_improvement(
    *,
    by: User,
    title: str,
    unit: Unit,
    owner: User,
    cases: Iterable[Deviation] = (),
    measure: Measure | None = None,
    counts: Category | None = None,
    sheet: TallySheet | None = None,
    analysis: str = "",
    idea: str = "",
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Improvement:
    """Set out to make something better, from cases, a chart, a month of ticks, another's story, or nothing.

    ``counts``: the category whose cases are counted month by month from now on, to show it. ``analysis`` and ``idea``
    are words it begins with, to be changed.

    ``key`` is the form's own: the same one sent twice gives the improvement already begun. Raises ``CannotHave`` and
    ``CannotTakeUp``.
    """
    now = at or timezone.now()
    place = Unit.objects.standing_still(unit.pk)
    owner = person_there(owner, place.municipality_id)
    if key and (sent := Improvement.objects.filter(key=key).first()):
        return sent
    row = Improvement(
        title=title.strip(), owner=owner, sheet=sheet, analysis=analysis.strip(), begun_at=now, moved_at=now
    )
    if key:
        row.key = key
    row.place_in(place)
    create(row, "improvement.work_begun", by=by, at=at, owner=owner.pk)
    if counts is not None:
        measure = count_something(
            by=by, name=counts.label[:120], unit=place, owner=owner, nature=Nature.COUNT, source=Source.CASES,
            category=counts, at=at,
        )  # fmt: skip
    if measure is not None:
        row.measures.add(measure)
    if idea.strip():
        Solution.objects.create(improvement=row, what=Truncator(idea.strip()).chars(IDEA), added_by=by, added_at=now)
    for deviation in sorted(cases, key=lambda each: each.pk):
        take_in(improvement=row, deviation=deviation, by=by, at=now)
    return row


@transaction.atomic
def take_in(
    *, improvement: Improvement, deviation: Deviation, by: User, at: datetime.datetime | None = None
) -> ImprovementCase | None:
    """Make a case part of it. It is told in the case, never here: who sees the improvement needn't see the case.

    Nothing where it is part already. Raises ``CannotTakeUp``.
    """
    now = at or timezone.now()
    if deviation.about_id is not None or deviation.level_0 != improvement.level_0:
        raise CannotTakeUp
    if not lock(improvement).is_working:  # finished meanwhile: its reporter would never be told
        raise CannotTakeUp
    tie, made = ImprovementCase.objects.get_or_create(
        improvement=improvement, deviation=deviation, defaults={"added_by": by, "added_at": now}
    )
    if not made:
        return None
    record(deviation, TAKEN_UP, by=by, at=now)
    return tie


@transaction.atomic
def let_go(*, improvement: Improvement, deviation: Deviation, by: User, at: datetime.datetime | None = None) -> None:
    """The case was no part of it after all, and those merged into it go with it. Nothing where it isn't."""
    lock(improvement)
    ties = ImprovementCase.objects.filter(improvement=improvement)
    if not ties.filter(deviation=deviation).exists():
        return
    ties = ties.filter(Q(deviation=deviation) | Q(deviation__merged_into=deviation))
    for tie in ties.select_related("deviation").order_by("deviation"):
        record(tie.deviation, "improvement.case_let_go", by=by, at=at)
        tie.delete()


def improvement_follows(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """What a merged case was part of, the one that goes on is part of too; the merged one's reporter hears as well."""
    for tie in ImprovementCase.objects.filter(deviation=ended).order_by("pk"):
        ImprovementCase.objects.get_or_create(
            improvement_id=tie.improvement_id,
            deviation=goes_on,
            defaults={"came_from": ended, "added_by": by, "added_at": at},
        )


def improvement_parts(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: the other case is part of what it was part of before."""
    ImprovementCase.objects.filter(deviation=goes_on, came_from=ended).delete()


# The seven steps


def analyse(
    *, improvement: Improvement, by: User, analysis: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """How it is today, and on to the goal."""
    go(improvement, "analyse", by=by, at=at, seen=seen, analysis=analysis.strip())


def set_goal(
    *,
    improvement: Improvement,
    by: User,
    goal: str,
    number_goal: str,
    goal_on: datetime.date,
    number_now: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """A number and a day, and on to solutions."""
    go(
        improvement, "set_goal", by=by, at=at, seen=seen,
        goal=goal.strip(), number_now=number_now.strip(), number_goal=number_goal.strip(), goal_on=goal_on,
    )  # fmt: skip


@transaction.atomic
def suggest(
    *,
    improvement: Improvement,
    by: User,
    what: str,
    effort: int,
    effect: int,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Solution:
    """Something that may help. As long as one tries, what is added is chosen: it came up on the way."""
    before = go(improvement, "suggest", by=by, at=at, seen=seen)
    return Solution.objects.create(
        improvement=improvement,
        what=what.strip(),
        effort=effort,
        effect=effect,
        chosen=before.state == Stage.TRY,
        added_by=by,
        added_at=at or timezone.now(),
    )


@transaction.atomic
def take_away(
    *, improvement: Improvement, by: User, solution: int, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It was no solution after all. Nothing where it is gone already."""
    if Solution.objects.filter(improvement=improvement, pk=solution).exists():
        go(improvement, "take_away", by=by, at=at, seen=seen)
        Solution.objects.filter(improvement=improvement, pk=solution).delete()


@transaction.atomic
def weigh_up(
    *, improvement: Improvement, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """There are solutions to choose among. Raises ``StepRefused`` where there is none."""
    before = go(improvement, "weigh_up", by=by, at=at, seen=seen)
    if not improvement.solutions.exists():
        raise StepRefused(improvement.lifecycle["weigh_up"], before, None)


@transaction.atomic
def choose(
    *,
    improvement: Improvement,
    by: User,
    chosen: Iterable[int],
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """What is to be tried, one at least. Raises ``ValueError`` without any."""
    go(improvement, "choose", by=by, at=at, seen=seen)
    improvement.solutions.update(chosen=False)
    if not improvement.solutions.filter(pk__in=list(chosen)).update(chosen=True):
        raise ValueError("Nothing was chosen.")


def follow_up(
    *, improvement: Improvement, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It has been tried, and one goes on to see whether it holds."""
    go(improvement, "follow_up", by=by, at=at, seen=seen)


def conclude(
    *, improvement: Improvement, by: User, measured: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """What the numbers say, in own words; and on to making it the usual way."""
    go(improvement, "conclude", by=by, at=at, seen=seen, measured=measured.strip())


@transaction.atomic
def tie_measure(
    *,
    improvement: Improvement,
    by: User,
    measure: Measure,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Show a chart where it is to be seen whether it helps. Nothing where it is shown already."""
    if not improvement.measures.filter(pk=measure.pk).exists():
        go(improvement, "tie_measure", by=by, at=at, seen=seen)
        improvement.measures.add(measure)


@transaction.atomic
def untie_measure(
    *, improvement: Improvement, by: User, measure: int, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """The chart isn't shown there any more; it is still followed. Nothing where it isn't shown."""
    if improvement.measures.filter(pk=measure).exists():
        go(improvement, "untie_measure", by=by, at=at, seen=seen)
        improvement.measures.remove(measure)


@transaction.atomic
def open_draft(
    *,
    improvement: Improvement,
    by: User,
    document: Document | None = None,
    title: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Version:
    """The draft of the document that it changes, the open one where there is one; or a new document's first.

    Who may write it is asked before, with the handbook's own rights.
    """
    if document is not None:
        version = documents.new_version(document=document, by=by, at=at)
    else:
        version = documents.create_document(by=by, title=title, kind="procedure", unit=improvement.unit, at=at)
    go(improvement, "open_draft", by=by, at=at, seen=seen, version=version)
    return version


@transaction.atomic
def finish_improvement(
    *,
    improvement: Improvement,
    by: User,
    result: str,
    without_document: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It is the usual way now: what it changed is in force, or no document had to be changed.

    Everybody whose case was part of it hears what came of it. Raises ``StepRefused`` before the document is in force.
    """
    now = at or timezone.now()
    before = go(
        improvement, "finish", by=by, at=now, seen=seen, result=result.strip(),
        without_document=without_document.strip(), untold={"finished_at": now, "next_on": None},
    )  # fmt: skip
    if improvement.version is not None:
        improvement.version.refresh_from_db(fields=["state", "in_force_from"])
    if not improvement.is_in_force and (improvement.has_draft or not improvement.without_document):
        raise StepRefused(improvement.lifecycle["finish"], before, None)
    _tell_in_cases(improvement, CAME_OF_IT, by, now)


# On the way


def rewrite(
    *, improvement: Improvement, by: User, at: datetime.datetime | None = None, seen: int | None = None, **words: Any
) -> None:
    """Other words for what a step came to, or another goal."""
    kept: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in words.items()}
    go(improvement, "rewrite", by=by, at=at, seen=seen, **kept)


def set_next(
    *,
    improvement: Improvement,
    by: User,
    next_on: datetime.date,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """By when the next step is to be done; whoever leads the work is reminded."""
    go(improvement, "set_next", by=by, at=at, seen=seen, next_on=next_on)


@transaction.atomic
def go_back(
    *,
    improvement: Improvement,
    by: User,
    to: str,
    note: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """To an earlier step; what was written stays. Raises ``StepRefused`` where it isn't earlier."""
    before = go(improvement, "go_back", by=by, at=at, seen=seen, note=note, back_to=to)
    if STEPS_IN_ORDER.index(Stage(to)) >= STEPS_IN_ORDER.index(Stage(before.state)):
        raise StepRefused(improvement.lifecycle["go_back"], before, None)


@transaction.atomic
def invite_to_team(
    *, improvement: Improvement, by: User, person: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Let somebody take part. Whoever does already, does. Raises ``CannotHave``."""
    row = lock(improvement)
    person = person_there(person, row.level_0)
    if person.pk == row.owner_id or row.invited.filter(pk=person.pk).exists():
        return
    go(improvement, "invite", by=by, at=at, seen=seen, data={"person": person.pk})
    improvement.invited.add(person)


@transaction.atomic
def take_out(
    *, improvement: Improvement, by: User, person: int, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody doesn't take part any more. Nothing where they don't."""
    if improvement.invited.filter(pk=person).exists():
        go(improvement, "take_out", by=by, at=at, seen=seen, data={"person": person})
        improvement.invited.remove(person)


@transaction.atomic
def give_improvement(
    *, improvement: Improvement, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else leads the work from now on. Raises ``CannotHave``."""
    person_there(owner, improvement.level_0)
    go(improvement, "hand_over", by=by, at=at, seen=seen, owner=owner)


@transaction.atomic
def inherit_improvement(
    *, improvement: Improvement, by: User | None, owner: User, at: datetime.datetime | None = None
) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotHave``."""
    person_there(owner, improvement.level_0)
    go(improvement, "inherit", by=by, at=at, owner=owner)


@transaction.atomic
def give_up(
    *, improvement: Improvement, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It isn't gone on with; why stays in the journal, and the cases say that nothing came of it."""
    go(improvement, "give_up", by=by, at=at, seen=seen, note=note, untold={"next_on": None})
    _tell_in_cases(improvement, SET_ASIDE, by, at)


@transaction.atomic
def take_up_again(
    *, improvement: Improvement, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Go on where it was given up; by whoever takes it up, where the one who led it has left."""
    given_up = Event.objects.about(improvement).filter(type="improvement.work_given_up").last()
    left_at = given_up.old_and_new("state")[0] if given_up else Stage.ANALYSE
    owner = User.objects.select_for_update(of=("self",)).get(pk=improvement.owner_id)
    go(
        improvement, "take_up_again", by=by, at=at, seen=seen, back_to=str(left_at),
        owner=owner if owner.is_active else by,
    )  # fmt: skip
    _tell_in_cases(improvement, TAKEN_UP, by, at)


def _tell_in_cases(improvement: Improvement, type: str, by: User, at: datetime.datetime | None) -> None:
    for deviation in improvement.cases.order_by("pk"):
        record(deviation, type, by=by, at=at)
