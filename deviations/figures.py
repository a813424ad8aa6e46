"""Keeps ``FigureCount`` and ``TickCount`` true: every change moves its counts in the same transaction.

Each case counts once per measure in each unit above it, in the month it was reported (Norwegian time). A tick counts
once, as a ``tick`` of its category in the month of its sheet, as long as it stands: one that became a case is counted
as that case. High up in the tree ticks are also counted day by day, with all that tells them apart. ``rebuild`` counts
all anew; the tests compare the two.

What comes from another system is counted among the rest, and once more by itself, its measures marked with ``THEIRS``:
so the three figures (together, theirs, and ours as the difference) come from the same rows.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from deviations.lifecycle import WITH_OUTCOME, State
from deviations.models import BroughtCount, Deviation, FigureCount, Source, TallySheet, Tick, TickCount
from kvalitetslosen.bulk import left_to_the_end
from kvalitetslosen.organisation.models import LEVELS
from kvalitetslosen.workdays import workdays_between

Key = tuple[int, datetime.date, str, str]  # unit, month, measure, value
TICK = "tick"
IN_TIME, LATE = "innen", "over"  # as an address has them
THEIRS = "e."


def values_of(deviation: Deviation) -> dict[str, str]:
    """What the case counts as, measure by measure. A case without a category counts as ``-``."""
    values = {
        "kind": deviation.kind,
        "category": str(deviation.category_id or "-"),
        "severity": deviation.severity or "-",
        "state": deviation.state,
    }
    if deviation.source == Source.ELSEWHERE:
        return values  # how long it took there says nothing of those here
    told = deviation.closed_at if deviation.state in WITH_OUTCOME else None
    for measure, moment, limit in (
        ("receipt", deviation.received_at, deviation.receive_by),
        ("answer", deviation.first_answer_at, deviation.answer_by),
        ("outcome", told, deviation.deadline),
        ("closing", deviation.closed_at, deviation.deadline),
    ):
        if moment is not None:
            begun, ended = timezone.localdate(deviation.reported_at), timezone.localdate(moment)
            values[measure] = str(workdays_between(begun, ended))
            values[f"{measure}_in"] = IN_TIME if moment <= limit else LATE
    if told is not None:
        values["helped"] = "-" if deviation.helped is None else "yes" if deviation.helped else "no"
    return values


def keys_of(deviation: Deviation) -> list[Key]:
    is_theirs = deviation.source == Source.ELSEWHERE
    if is_theirs and deviation.state == State.MERGED:
        return []  # it is the case it was merged into
    month = timezone.localdate(deviation.reported_at).replace(day=1)
    values = values_of(deviation)
    if is_theirs:
        values |= {f"{THEIRS}{measure}": value for measure, value in values.items()}
    return [(unit, month, measure, value) for unit in deviation.ancestor_ids for measure, value in values.items()]


def count(deviation: Deviation) -> None:
    if not left_to_the_end(rebuild):
        _add(Tally(keys_of(deviation)))


def follow(before: Deviation, after: Deviation) -> None:
    """Move the counts of a case from where it was to where it is."""
    if left_to_the_end(rebuild):
        return
    shift = Tally(keys_of(after))
    shift.subtract(keys_of(before))
    _add(shift)


def count_tick(tick: Tick, sheet: TallySheet, n: int = 1) -> None:
    """One tick more on the sheet; one fewer when negative."""
    if left_to_the_end(rebuild):
        return
    _add(Tally({(unit, sheet.month, TICK, str(tick.category_id)): n for unit in sheet.ancestor_ids}))
    said = (tick.date, tick.category_id, tick.shift, tick.harm, tick.place, n)
    above = sheet.ancestor_ids[: len(BY_DAY)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ADD_DAYS} VALUES {', '.join(['(%s, %s, %s, %s, %s, %s, %s)'] * len(above))} {_TO_THOSE_THERE}",
            [part for unit in above for part in (unit, *said)],
        )


BY_DAY = LEVELS[:2]
"""Where ticks are counted by day."""
_DAYS = "deviations_tickcount"
_ADD_DAYS = f"INSERT INTO {_DAYS} (unit_id, date, category_id, shift, harm, place, n)"
_TO_THOSE_THERE = (
    f"ON CONFLICT (unit_id, date, category_id, shift, harm, place) DO UPDATE SET n = {_DAYS}.n + excluded.n"
)


def count_days_anew(units: Collection[int] | None = None) -> None:
    """All ticks by day; only of some units (ids). In the database: there may be millions."""
    old = TickCount.objects.all()
    (old if units is None else old.filter(unit_id__in=units)).delete()
    for level in BY_DAY:
        ticks = Tick.objects.counted().filter(**{f"sheet__{level}__isnull": False})
        if units is not None:
            ticks = ticks.filter(**{f"sheet__{level}__in": units})
        said = (f"sheet__{level}", "date", "category_id", "shift", "harm", "place")
        sql, parameters = (
            ticks.order_by().values(*said).annotate(n=Count("pk")).values_list(*said, "n").query.sql_with_params()
        )
        with connection.cursor() as cursor:
            cursor.execute(f"{_ADD_DAYS} {sql}", parameters)


def count_brought(row: BroughtCount, n: int) -> None:
    """So many more of what another system has counted; fewer when negative."""
    if not left_to_the_end(rebuild):
        _add(Tally(dict.fromkeys(_keys_of_brought(row.ancestor_ids, row.date, row.category_id), n)))


def _keys_of_brought(units: Iterable[int], day: datetime.date, category: int) -> list[Key]:
    month, value = day.replace(day=1), str(category)
    return [(unit, month, measure, value) for unit in units for measure in (TICK, f"{THEIRS}{TICK}")]


def _add(shift: Tally[Key]) -> None:
    rows = sorted((key, n) for key, n in shift.items() if n)  # one order for all, so that no two wait for each other
    if not rows:
        return
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    parameters = [part for (unit, month, measure, value), n in rows for part in (unit, month, measure, value, n)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO deviations_figurecount (unit_id, month, measure, value, n) VALUES {values} "  # noqa: S608
            "ON CONFLICT (unit_id, measure, month, value) DO UPDATE SET n = deviations_figurecount.n + excluded.n",
            parameters,
        )


def counted_anew(deviations: Iterable[Deviation]) -> Tally[Key]:
    """The counts as they ought to be, straight from the cases."""
    tally: Tally[Key] = Tally()
    for deviation in deviations:
        tally.update(keys_of(deviation))
    return tally


def ticks_counted_anew() -> Tally[Key]:
    """The counts of ticks as they ought to be, straight from the ticks."""
    tally: Tally[Key] = Tally()
    levels = [f"sheet__{level}" for level in LEVELS]
    counted = Tick.objects.counted().order_by().values_list("sheet__month", "category", *levels)
    for month, category, *line, n in counted.annotate(n=Count("pk")):
        for unit in line:
            if unit is not None:
                tally[unit, month, TICK, str(category)] += n
    brought = BroughtCount.objects.order_by().values_list("date", "category", *LEVELS)
    for day, category, *line, n in brought.annotate(summed=Sum("n")):
        for key in _keys_of_brought([unit for unit in line if unit is not None], day, category):
            tally[key] += n
    return tally


def days_counted_anew() -> Tally[tuple[int, datetime.date, int, str, str, str]]:
    """Ticks by day as they ought to be, straight from the ticks."""
    tally: Tally[tuple[int, datetime.date, int, str, str, str]] = Tally()
    for tick in Tick.objects.counted().select_related("sheet"):
        for unit in tick.sheet.ancestor_ids[: len(BY_DAY)]:
            tally[unit, tick.date, tick.category_id, tick.shift, tick.harm, tick.place] += 1
    return tally


def rebuild() -> None:
    """Count all anew. For a unit moved in the tree, and for imports."""
    count_days_anew()
    FigureCount.objects.all().delete()
    tally = counted_anew(Deviation.objects.order_by("pk").iterator(chunk_size=2000)) + ticks_counted_anew()
    FigureCount.objects.bulk_create(
        (
            FigureCount(unit_id=unit, month=month, measure=measure, value=value, n=n)
            for (unit, month, measure, value), n in sorted(tally.items())
        ),
        batch_size=2000,
    )
