"""The verbs of the year wheel: lay a ready set, plan one's own, tick, skip, and make next year's from this one."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone, translation

from improvement.models import YearTask
from improvement.models.year_task import months_of
from improvement.year_lifecycle import YearState
from improvement.year_sets import SETS
from kvalitetslosen.journal.record import create_many
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import leader_for

PLANNED = "improvement.year_task_planned"


class NobodyLeads(Exception):
    """Nobody leads the unit, so nobody would do it."""


class NotInTheMunicipality(Exception):
    """The person has left, or belongs elsewhere."""


def _owner(user: User, unit: Unit) -> User:
    now = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not now.is_active or now.municipality_id != unit.municipality_id:
        raise NotInTheMunicipality
    return now


def _leader(unit: Unit) -> User:
    found = leader_for(unit)
    if found is None:
        raise NobodyLeads
    return found.acting_for or found.user  # a duty of the year is the leader's, whoever stands in this week


def _store(rows: list[YearTask], unit: Unit, by: User | None, at: datetime.datetime | None = None) -> int:
    for row in rows:
        row.place_in(unit)
    create_many(rows, PLANNED, by=by, at=at, data=lambda row: {"owner": row.owner_id, "month": row.month})
    return len(rows)


@transaction.atomic
def lay(*, unit: Unit, sets: Iterable[str], year: int, by: User, at: datetime.datetime | None = None) -> int:
    """Put ready sets on the unit's year, from this month on; how many tasks that made.

    What is there already is left as it is. Its leader answers for all of it. Raises ``NobodyLeads``.
    """
    place = Unit.objects.standing_still(unit.pk)
    owner = _leader(place)
    first = timezone.localdate(at).replace(day=1)
    there = {(row.ready, row.month): row.series for row in YearTask.objects.filter(unit=place).exclude(ready="")}
    series = {ready: each for (ready, _month), each in there.items()}
    rows = []
    with translation.override(Unit.objects.values_list("language", flat=True).get(pk=place.level_0 or 0)):
        for task in (task for name in sets for task in SETS[name].tasks):
            for number in months_of(task.recurrence, task.month):
                month = datetime.date(year, number, 1)
                if month < first or (task.name, month) in there:
                    continue
                rows.append(
                    YearTask(
                        series=series.setdefault(task.name, uuid.uuid4()),
                        ready=task.name,
                        month=month,
                        what=str(task.what),
                        done_is=str(task.done_is),
                        owner=owner,
                        minutes=task.minutes,
                        recurrence=task.recurrence,
                    )
                )
    return _store(rows, place, by, at)


@transaction.atomic
def plan_yearly(
    *,
    unit: Unit,
    by: User,
    what: str,
    month: datetime.date,
    owner: User,
    done_is: str = "",
    minutes: int = 60,
    recurrence: str,
    key: uuid.UUID | None = None,
) -> YearTask:
    """One's own, from the month on through the year. ``key`` is the form's own: sent twice it plans once.

    Raises ``NotInTheMunicipality``.
    """
    place = Unit.objects.standing_still(unit.pk)
    owner = _owner(owner, place)
    series = key or uuid.uuid4()
    if sent := YearTask.objects.filter(series=series).order_by("month").first():
        return sent
    months = [number for number in months_of(recurrence, month.month) if number >= month.month]
    rows = [
        YearTask(
            series=series,
            month=month.replace(month=number, day=1),
            what=what.strip(),
            done_is=done_is.strip(),
            owner=owner,
            minutes=minutes,
            recurrence=recurrence,
        )
        for number in months
    ]
    _store(rows, place, by)
    return rows[0]


@transaction.atomic
def make_next_year(*, unit: Unit, year: int, by: User) -> int:
    """Next year's wheel of the unit from this one's; how many tasks that made. A second time makes none.

    Each series in the months it comes in, as it reads the last time, with whoever has it now, or the leader where
    they have left.
    """
    place = Unit.objects.standing_still(unit.pk)
    latest = {
        row.series: row
        for row in YearTask.objects.of_year(year).filter(unit=place).select_related("owner").order_by("month", "pk")
    }
    there = set(YearTask.objects.of_year(year + 1).filter(unit=place).values_list("series", "month"))
    rows = []
    for series, row in latest.items():
        stays = row.owner.is_active and row.owner.municipality_id == place.municipality_id
        owner = row.owner if stays else _leader(place)
        for number in months_of(row.recurrence, row.month.month):
            month = datetime.date(year + 1, number, 1)
            if (series, month) in there:
                continue
            rows.append(
                YearTask(
                    series=series, ready=row.ready, month=month, what=row.what, done_is=row.done_is, owner=owner,
                    minutes=row.minutes, recurrence=row.recurrence,
                )
            )  # fmt: skip
    return _store(rows, place, by)


def tick(
    *, task: YearTask, by: User, words: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Done, with a word on what came of it."""
    now = at or timezone.now()
    move(task, "tick", by=by, at=now, seen=seen, words=words.strip(), untold={"ended_at": now})


def skip(
    *, task: YearTask, by: User, words: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Not this time, and why. Next year it comes again."""
    now = at or timezone.now()
    move(task, "skip", by=by, at=now, seen=seen, words=words.strip(), untold={"ended_at": now})


@transaction.atomic
def put_back(*, task: YearTask, by: User, seen: int | None = None) -> None:
    """It is to be done after all; by whoever puts it back, where the one who had it has left."""
    owner = User.objects.select_for_update(of=("self",)).get(pk=task.owner_id)
    move(task, "again", by=by, seen=seen, words="", owner=owner if owner.is_active else by, untold={"ended_at": None})


def change_task(
    *,
    task: YearTask,
    by: User,
    what: str,
    done_is: str,
    month: datetime.date,
    minutes: int,
    starts_at: datetime.datetime | None,
    seen: int | None = None,
) -> None:
    """Other words, another month, other time set aside; this time only."""
    move(
        task, "change", by=by, seen=seen, what=what.strip(), done_is=done_is.strip(), month=month, minutes=minutes,
        starts_at=starts_at,
    )  # fmt: skip


@transaction.atomic
def give_task(*, task: YearTask, by: User, owner: User, seen: int | None = None) -> None:
    """Somebody else does it, and what comes of it later in the year. Raises ``NotInTheMunicipality``."""
    owner = _owner(owner, task.unit)
    move(task, "hand_over", by=by, seen=seen, owner=owner)
    later = YearTask.objects.filter(series=task.series, month__gt=task.month, state=YearState.PLANNED)
    for row in later.order_by("month"):
        if row.owner_id != owner.pk:
            move(row, "hand_over", by=by, owner=owner)


@transaction.atomic
def inherit_task(*, task: YearTask, by: User | None, owner: User) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``NotInTheMunicipality``."""
    move(task, "inherit", by=by, owner=_owner(owner, task.unit))
