"""The verbs of a measure's life: begin, enter a value, mark what happened, say how it went, end."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deviations.models import Category
from improvement import periods
from improvement.charts import Better, Nature, Verdict
from improvement.models import ChangeMark, MarkKind, Measure, MeasureValue, Rhythm, Source
from kvalitetslosen.journal.record import create, lock
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User


class CannotHave(Exception):
    """The person has left, or belongs to another municipality."""


def person_there(user: User, municipality_id: int | None) -> User:
    """The person as stored now, locked: nobody is given anything in the moment they leave. Raises ``CannotHave``."""
    now = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not now.is_active or now.municipality_id != municipality_id:
        raise CannotHave
    return now


@transaction.atomic
def measure(
    *,
    by: User,
    name: str,
    unit: Unit,
    owner: User,
    nature: str = Nature.NUMBER,
    source: str = Source.COLLECTED,
    category: Category | None = None,
    rhythm: str = Rhythm.MONTH,
    better: str = Better.NEITHER,
    explained: str = "",
    size_name: str = "",
    per: int = 1,
    begins_on: datetime.date | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> Measure:
    """Begin to follow something. What is counted from reports is a count a month, and no way of it is good.

    ``begins_on``: the first period, or the last time it happened where days between are counted. ``key`` is the form's
    own: the same one sent twice gives the measure already made. Raises ``CannotHave``.
    """
    now = at or timezone.now()
    place = Unit.objects.standing_still(unit.pk)
    owner = person_there(owner, place.municipality_id)
    if key and (sent := Measure.objects.filter(key=key).first()):
        return sent
    if source != Source.COLLECTED:
        nature, rhythm, better = Nature.COUNT, Rhythm.MONTH, Better.NEITHER
    elif nature == Nature.DAYS:
        rhythm = Rhythm.EVENT
    begins_on = begins_on or timezone.localdate(now)
    row = Measure(
        name=name,
        explained=explained,
        owner=owner,
        nature=nature,
        source=source,
        category=category if source != Source.COLLECTED else None,
        rhythm=rhythm,
        better=better,
        size_name=size_name if nature in (Nature.RATE, Nature.SHARE) else "",
        per=per,
        begins_on=begins_on,
        due_on=_due(rhythm, source, begins_on),
        created_at=now,
    )
    if key:
        row.key = key
    row.place_in(place)
    return create(row, "improvement.measure_begun", by=by, at=at, owner=owner.pk)


def _due(rhythm: str, source: str, day: datetime.date) -> datetime.date | None:
    """When the value of the period with the day in it can be entered: the day after it ends."""
    if source != Source.COLLECTED or rhythm == Rhythm.EVENT:
        return None
    return periods.next_after(rhythm, periods.begins(rhythm, day))


@transaction.atomic
def enter(
    *,
    measure: Measure,
    by: User,
    day: datetime.date,
    value: Decimal | None = None,
    size: Decimal | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> MeasureValue:
    """Enter the value for a period, in place of the one that was there; for an event, the days since the last one.

    The same value again changes nothing. Raises ``StepRefused``; ``ValueError`` for what isn't collected.
    """
    now = at or timezone.now()
    row = lock(measure)
    if not row.is_collected:
        raise ValueError("What is counted from reports is not entered.")
    day = periods.begins(row.rhythm, day)
    if row.rhythm == Rhythm.EVENT:
        value, size = _days_since(row, day), Decimal(1)
    if value is None:
        raise ValueError("There is no value.")
    size = size if row.has_size and size else Decimal(1)
    there = MeasureValue.objects.filter(measure=row, day=day).first()
    if there and (there.value, there.size) == (value, size):
        return there
    data: dict[str, Any] = {"day": day, "value": value, "corrected": there is not None}
    if row.has_size:
        data["size"] = size
    kept, _made = MeasureValue.objects.update_or_create(
        measure=row, day=day, defaults={"value": value, "size": size, "entered_by": by, "entered_at": now}
    )
    if row.rhythm == Rhythm.EVENT:
        _reckon_next(row, day)
    move(measure, "enter", by=by, at=now, seen=seen, data=data, untold={"due_on": _next_due(row)})
    return kept


def _days_since(row: Measure, day: datetime.date) -> Decimal:
    before = MeasureValue.objects.filter(measure=row, day__lt=day).order_by("-day").first()
    return Decimal(max(0, (day - (before.day if before else row.begins_on)).days))


def _reckon_next(row: Measure, day: datetime.date) -> None:
    """An event entered between two others: the later one has fewer days before it now."""
    following = MeasureValue.objects.filter(measure=row, day__gt=day).order_by("day").first()
    if following:
        MeasureValue.objects.filter(pk=following.pk).update(value=_days_since(row, following.day))


def _next_due(row: Measure) -> datetime.date | None:
    """When the period after the latest with a value can be entered. Gaps further back are nobody's duty any more."""
    if row.rhythm == Rhythm.EVENT:
        return None
    latest = MeasureValue.objects.filter(measure=row).aggregate(day=Max("day"))["day"]
    due = periods.next_after(row.rhythm, periods.next_after(row.rhythm, latest))
    return max(due, row.due_on or due)


@transaction.atomic
def mark(
    *,
    measure: Measure,
    by: User,
    day: datetime.date,
    what: str,
    kind: str = MarkKind.CHANGE,
    compare: bool = False,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> ChangeMark:
    """Mark something that happened. With ``compare``, the lines are counted from the values before that day.

    A decision that somebody makes, and that the journal tells; nothing else moves the baseline.
    """
    now = at or timezone.now()
    changes: dict[str, Any] = {"changed_on": day} if compare and kind == MarkKind.CHANGE else {}
    move(measure, "mark", by=by, at=now, seen=seen, data={"day": day, "kind": kind}, **changes)
    return ChangeMark.objects.create(measure=measure, day=day, kind=kind, what=what, made_by=by, made_at=now)


def judge(
    *,
    measure: Measure,
    by: User,
    verdict: str,
    words: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Say how it went, in one's own words."""
    now = at or timezone.now()
    verdict = Verdict(verdict)
    move(
        measure, "judge", by=by, at=now, seen=seen, verdict=verdict, verdict_words=words.strip(),
        judged_on=timezone.localdate(now),
    )  # fmt: skip


def adjust(
    *,
    measure: Measure,
    by: User,
    name: str,
    explained: str = "",
    better: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Other words for the same thing, or another good way. What is counted from reports has none."""
    changes: dict[str, Any] = {"name": name, "explained": explained}
    if better and measure.is_collected:
        changes["better"] = better
    move(measure, "adjust", by=by, at=at, seen=seen, **changes)


@transaction.atomic
def invite(
    *, measure: Measure, by: User, person: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Let somebody see it and enter values. Whoever is invited already, is. Raises ``CannotHave``."""
    row = lock(measure)
    person = person_there(person, row.level_0)
    if row.invited.filter(pk=person.pk).exists():
        return
    move(measure, "invite", by=by, at=at, seen=seen, data={"person": person.pk})
    measure.invited.add(person)


@transaction.atomic
def give_away(
    *, measure: Measure, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else answers for it from now on. Raises ``CannotHave``."""
    person_there(owner, measure.level_0)
    move(measure, "hand_over", by=by, at=at, seen=seen, owner=owner)


@transaction.atomic
def succeed(*, measure: Measure, by: User | None, owner: User, at: datetime.datetime | None = None) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotHave``."""
    person_there(owner, measure.level_0)
    move(measure, "inherit", by=by, at=at, owner=owner)


def end(
    *, measure: Measure, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It isn't measured any more; what was measured stays."""
    move(measure, "end", by=by, at=at, seen=seen, note=note, untold={"due_on": None})


@transaction.atomic
def resume(*, measure: Measure, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """Measure again, from the running period on: what wasn't measured meanwhile isn't asked for."""
    today = timezone.localdate(at or timezone.now())
    due = _due(measure.rhythm, measure.source, today)
    move(measure, "resume", by=by, at=at, seen=seen, untold={"due_on": due})
