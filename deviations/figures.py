"""Keeps ``FigureCount`` true: every change of a case moves its counts in the same transaction.

Each case counts once per measure in each unit above it, in the month it was reported (Norwegian time). ``rebuild``
counts all anew; the tests compare the two.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from deviations.models import Deviation, FigureCount
from kvalitetslosen.bulk import left_to_the_end
from kvalitetslosen.workdays import workdays_between

Key = tuple[int, datetime.date, str, str]  # unit, month, measure, value


def values_of(deviation: Deviation) -> dict[str, str]:
    """What the case counts as, measure by measure. A case without a category counts as ``-``."""
    values = {
        "kind": deviation.kind,
        "category": str(deviation.category_id or "-"),
        "severity": deviation.severity or "-",
        "state": deviation.state,
    }
    for measure, moment in (
        ("receipt", deviation.received_at),
        ("answer", deviation.first_answer_at),
        ("closing", deviation.closed_at),
    ):
        if moment is not None:
            begun, ended = timezone.localdate(deviation.reported_at), timezone.localdate(moment)
            values[measure] = str(workdays_between(begun, ended))
    return values


def keys_of(deviation: Deviation) -> list[Key]:
    month = timezone.localdate(deviation.reported_at).replace(day=1)
    values = values_of(deviation)
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


def rebuild() -> None:
    """Count all anew. For a unit moved in the tree, and for imports."""
    FigureCount.objects.all().delete()
    tally = counted_anew(Deviation.objects.order_by("pk").iterator(chunk_size=2000))
    FigureCount.objects.bulk_create(
        (
            FigureCount(unit_id=unit, month=month, measure=measure, value=value, n=n)
            for (unit, month, measure, value), n in sorted(tally.items())
        ),
        batch_size=2000,
    )
