"""The counting behind a report: how many, of what kind, how soon answered, what lies open.

Where a person sees a whole subtree, the numbers come from ``FigureCount``, less the few cases that are hidden from
them, counted one by one; otherwise they are counted from the cases they see. Both ways give rows of the same shape.
Times are kept as how many cases took so many working days: a median is then exact and costs no look at the cases.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, Count, DateField, F, Q, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils import timezone
from django.utils.translation import get_language

from deviations.figures import IN_TIME, LATE
from deviations.lifecycle import OPEN, WITH_OUTCOME
from deviations.models import DeviationQuerySet, Source
from deviations.reports import AGES, NOT_SET, OURS, THEIRS, TIMES, WAITS, Period, Place, Sight, Time, registered
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.organisation.models import LEVELS, Unit


def _ages_sql(column: str, today: datetime.date) -> tuple[str, list[Any]]:
    """Which of ``AGES`` a month is in."""
    parts, parameters = [], []
    for number, (_first, last) in enumerate(AGES):
        if last is None:
            parts.append(f"ELSE '{number}'")
        else:
            parts.append(f"WHEN {column} >= %s THEN '{number}'")
            parameters.append(_date(months_after(today, -last)))
    return f"CASE {' '.join(parts)} END", parameters


def _date(day: datetime.date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _moment(moment: datetime.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


DAYS_TO = tuple(time.measure for time in TIMES)
LIMIT_OF = tuple(f"{time.measure}_in" for time in TIMES)
SUMMED = ("category", "severity", "state", *DAYS_TO, *LIMIT_OF, "helped")
IN_UNITS = {f"to:{measure}": measure for measure in DAYS_TO}
"""What is counted for each of the units below, too."""


KEPT = "deviations_figurecount"
KEPT_THEIRS = (
    f"(SELECT unit_id, month, substr(measure, 3) AS measure, value, n FROM {KEPT} "  # noqa: S608 - our own words
    "WHERE substr(measure, 1, 2) = 'e.')"
)
KEPT_OURS = (
    f"(SELECT unit_id, month, measure, value, n FROM {KEPT} WHERE substr(measure, 1, 2) <> 'e.' "  # noqa: S608
    f"UNION ALL SELECT unit_id, month, substr(measure, 3), value, -n FROM {KEPT} WHERE substr(measure, 1, 2) = 'e.')"
)
KEPT_OF = {"": KEPT, OURS: KEPT_OURS, THEIRS: KEPT_THEIRS}
"""All together, theirs, and ours as the difference: see ``figures.THEIRS``."""


def _kept_sql(
    unit: Unit, below: Sequence[Unit], period: Period, hidden: str, origin: str = ""
) -> tuple[str, list[Any]]:
    """The counts that are kept, of the unit and of those below it, and whether there may be something to take away."""
    first, last, before = _date(period.first), _date(period.last), _date(months_after(period.first, -12))
    units = ", ".join(str(int(each.pk)) for each in (unit, *below))
    measures = ", ".join(f"'{name}'" for name in SUMMED)
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    days_to = ", ".join(f"'{name}'" for name in DAYS_TO)
    reported, now = period.reported.values(), _moment(timezone.now())
    waits = " UNION ALL ".join(f"SELECT '{name}' AS measure" for name in LIMIT_OF)
    late = ", ".join(
        f"sum(CASE WHEN c.{time.moment} IS NULL AND c.{time.limit} < %s THEN 1 ELSE 0 END) AS {name}"
        for name, time in zip(LIMIT_OF, TIMES, strict=True)
    )
    n_late = " ".join(f"WHEN '{name}' THEN s.{name}" for name in LIMIT_OF)
    age, of_age = _ages_sql("month", this_month())
    table = f"FROM {KEPT_OF[origin]} AS kept WHERE"
    ours = "1 = 0" if origin == THEIRS else f"c.source <> '{Source.ELSEWHERE.value}'"
    sql = f"""
SELECT 'month', CAST(NULL AS bigint), month, CAST(value AS text), CAST(n AS bigint)
{table} unit_id = {int(unit.pk)} AND measure = 'kind' AND month BETWEEN %s AND %s
UNION ALL
SELECT measure, CAST(NULL AS bigint), CAST(NULL AS date), value, sum(n)
{table} unit_id = {int(unit.pk)} AND measure IN ({measures}) AND month BETWEEN %s AND %s GROUP BY measure, value
UNION ALL
SELECT 'below', unit_id, CAST(NULL AS date), '', sum(n)
{table} unit_id IN ({units}) AND measure = 'kind' AND month BETWEEN %s AND %s GROUP BY unit_id
UNION ALL
SELECT 'to:' || measure, unit_id, CAST(NULL AS date), value, sum(n)
{table} unit_id IN ({units}) AND measure IN ({days_to}) AND month BETWEEN %s AND %s GROUP BY unit_id, measure, value
UNION ALL
SELECT m.measure, CAST(NULL AS bigint), CAST(NULL AS date), '{WAITS}', CASE m.measure {n_late} END
FROM (
    SELECT {late} FROM deviations_deviation c
    WHERE c.{LEVELS[unit.depth]} = {int(unit.pk)} AND c.closed_at IS NULL AND {ours}
        AND c.reported_at >= %s AND c.reported_at < %s
) AS s CROSS JOIN ({waits}) AS m WHERE CASE m.measure {n_late} END > 0
UNION ALL
SELECT 'tick', CAST(NULL AS bigint), month, value, n
{table} unit_id = {int(unit.pk)} AND measure = 'tick' AND month BETWEEN %s AND %s
UNION ALL
SELECT measure, CAST(NULL AS bigint), CAST(NULL AS date), '', sum(n)
FROM {KEPT} WHERE unit_id = {int(unit.pk)} AND measure IN ('e.kind', 'e.tick') AND month BETWEEN %s AND %s
GROUP BY measure
UNION ALL
SELECT 'open', unit_id, CAST(NULL AS date), {age}, sum(n)
{table} unit_id IN ({units}) AND measure = 'state' AND value IN ({states}) GROUP BY 2, 4
UNION ALL
SELECT 'hidden', CAST(NULL AS bigint), CAST(NULL AS date), '', CASE WHEN EXISTS (
    SELECT 1 FROM deviations_deviation WHERE {LEVELS[unit.depth]} = {int(unit.pk)} AND {hidden}
) THEN 1 ELSE 0 END
"""  # noqa: S608 - whole numbers and our own words
    waiting = [*([now] * len(TIMES)), *(_moment(each) for each in reported)]
    return sql, [before, last, first, last, first, last, first, last, *waiting, first, last, first, last, *of_age]


def _names_sql(unit: Unit) -> tuple[str, list[Any]]:
    """What the municipality's categories are called in the reader's language, after the counts."""
    translated = {"nn": "name_nn", "en": "name_en"}.get(get_language() or "nb", "name")
    own, main = (f"COALESCE(NULLIF({table}.{translated}, ''), {table}.name)" for table in ("c", "p"))
    sql = f"""
UNION ALL
SELECT 'name', c.id, CAST(NULL AS date), CASE WHEN p.id IS NULL THEN {own} ELSE {main} || ': ' || {own} END,
    COALESCE(p.id, 0)
FROM deviations_category c LEFT JOIN deviations_category p ON p.id = c.parent_id WHERE c.municipality_id = %s
"""  # noqa: S608 - our own words
    return sql, [unit.municipality_id]


THERE = Q(source=Source.ELSEWHERE)  # how long it took says nothing of those here


def _days(time: Time) -> Combinable:
    """So many working days, as text; nothing until the moment is there."""
    days = Cast(WorkdaysBetween("reported_at", time.moment), CharField())
    return Case(When(time.counts & ~THERE, then=days), output_field=CharField())


def _limit(time: Time) -> Combinable:
    """Whether the limit was kept, broken, or is past and the case still waits; nothing before that."""
    return Case(
        When(THERE, then=Value(None)),
        When(time.counts & Q(**{f"{time.moment}__lte": F(time.limit)}), then=Value(IN_TIME)),
        When(time.counts & Q(**{f"{time.moment}__gt": F(time.limit)}), then=Value(LATE)),
        When(Q(**{"closed_at": None, time.moment: None, f"{time.limit}__lt": timezone.now()}), then=Value(WAITS)),
        output_field=CharField(),
    )


def _rows_sql(rows: DeviationQuerySet, unit: Unit, period: Period) -> tuple[str, list[Any]]:
    """The same counts of the rows given, each read once. Raises ``EmptyResultSet`` when there can be none."""
    deeper = LEVELS[unit.depth + 1] if unit.depth + 1 < len(LEVELS) else None
    before = months_after(period.first, -12)
    inner, parameters = (
        rows.filter(Q(closed_at=None) | Q(**Period(before, period.last).reported))
        .order_by()
        .values_list(
            F(deeper) if deeper else Cast(Value(None), BigIntegerField()),
            Cast(TruncMonth("reported_at"), DateField()),
            "kind",
            Coalesce(Cast("category_id", CharField()), Value(NOT_SET)),
            Case(When(severity="", then=Value(NOT_SET)), default=F("severity")),
            "state",
            *(_days(time) for time in TIMES),
            *(_limit(time) for time in TIMES),
            Case(
                When(THERE, then=Value(None)),
                When(state__in=WITH_OUTCOME, helped=True, then=Value("yes")),
                When(state__in=WITH_OUTCOME, helped=False, then=Value("no")),
                When(state__in=WITH_OUTCOME, then=Value(NOT_SET)),
                output_field=CharField(),
            ),
            Case(When(closed_at=None, then=1), default=0),
            Case(When(THERE, then=Value("")), default=None, output_field=CharField()),
        )
        .query.sql_with_params()
    )
    names = ("kind", *SUMMED)
    measures = " UNION ALL ".join(
        f"SELECT '{name}' AS measure" for name in ("month", "below", "open", "e.kind", *IN_UNITS, *SUMMED)
    )
    columns = {**dict(zip(SUMMED, SUMMED, strict=True)), **IN_UNITS}
    values = " ".join(f"WHEN '{name}' THEN v.{column}" for name, column in columns.items())
    placed = ", ".join(f"'{name}'" for name in ("below", "open", *IN_UNITS))
    age, of_age = _ages_sql("v.month", this_month())
    sql = f"""
WITH v (below, month, {", ".join(names)}, is_open, theirs) AS MATERIALIZED ({inner})
SELECT measure, place, month, value, count(*) FROM (
    SELECT m.measure AS measure,
        CASE WHEN m.measure IN ({placed}) THEN v.below END AS place,
        CASE WHEN m.measure = 'month' THEN v.month END AS month,
        CASE m.measure WHEN 'month' THEN v.kind WHEN 'below' THEN '' WHEN 'e.kind' THEN v.theirs
            WHEN 'open' THEN {age} {values} END AS value,
        CASE m.measure WHEN 'open' THEN v.is_open = 1 WHEN 'month' THEN v.month BETWEEN %s AND %s
            ELSE v.month BETWEEN %s AND %s END AS counts
    FROM v CROSS JOIN ({measures}) AS m
) AS w WHERE counts AND value IS NOT NULL GROUP BY measure, place, month, value
"""  # noqa: S608 - our own words
    days = [_date(before), _date(period.last), _date(period.first), _date(period.last)]
    return sql, [*parameters, *of_age, *days]


@dataclass
class Counts:
    """The bare numbers. A ``place`` of 0 is the unit itself, without those below."""

    months: Tally[tuple[datetime.date, str]] = field(default_factory=Tally)  # month and kind, the year before included
    values: dict[str, Tally[str]] = field(default_factory=lambda: {name: Tally() for name in SUMMED})
    below: Tally[int] = field(default_factory=Tally)
    open: Tally[tuple[int, int]] = field(default_factory=Tally)  # place, and which of AGES
    days: dict[tuple[int, str], Tally[int]] = field(default_factory=dict)  # place and measure: working days
    ticks: Tally[tuple[datetime.date, str]] = field(default_factory=Tally)  # month and category
    theirs: int = 0  # cases of the period that come from other systems
    their_ticks: int = 0
    names: dict[int, str] = field(default_factory=dict)  # of the categories, with that of the main one before it
    mains: dict[int, int] = field(default_factory=dict)  # the main category of each, which is its own

    def add(self, measure: str, where: int, month: datetime.date | None, value: str, n: int) -> None:
        if measure == "name":
            self.names[where], self.mains[where] = value, abs(n) or where
        elif measure == "month" and month is not None:
            self.months[month, value] += n
        elif measure == "tick" and month is not None:
            self.ticks[month, value] += n
        elif measure == "below":
            self.below[where] += n
        elif measure == "e.kind":
            self.theirs += n
        elif measure == "e.tick":
            self.their_ticks += n
        elif measure == "open":
            self.open[where, int(value)] += n
        elif measure in IN_UNITS:
            self.days.setdefault((where, IN_UNITS[measure]), Tally())[int(value)] += n
        else:
            self.values[measure][value] += n


def count(place: Place, seen: Sight, period: Period, origin: str = "") -> Counts:
    """Everything the page shows: one query, or two where something is hidden from the person.

    ``origin``: where it was registered: ``OURS``, ``THEIRS``, or all together.
    """
    unit, counts = place.unit, Counts()
    names, of_names = _names_sql(unit)
    with connection.cursor() as cursor:
        if seen.kept:
            sql, parameters = _kept_sql(unit, place.below, period, seen.hidden, origin)
            cursor.execute(sql + names, [*parameters, *of_names])
            if not _add_kept(counts, unit, cursor.fetchall()):
                return counts
            names, of_names = "", []
        else:
            _add_ticks(counts, seen, period, origin)
        try:
            sql, parameters = _rows_sql(registered(seen.rows(), origin), unit, period)
        except EmptyResultSet:
            return counts
        cursor.execute(sql + names, [*parameters, *of_names])
        for measure, where, month, value, n in cursor.fetchall():
            counts.add(measure, where or 0, _day(month), value, -n if seen.kept else n)
    return counts


def _add_ticks(counts: Counts, seen: Sight, period: Period, origin: str) -> None:
    """The ticks somebody sees who doesn't see them all, and what other systems counted: a query for each."""
    if origin != THEIRS:
        rows = seen.ticks().counted().filter(sheet__month__range=(period.first, period.last)).order_by()
        for month, category, n in rows.values_list("sheet__month", "category").annotate(n=Count("pk")):
            counts.add("tick", 0, month, str(category), n)
    days = (period.first, months_after(period.last, 1) - datetime.timedelta(days=1))
    theirs = seen.brought().filter(date__range=days).order_by().values_list("date", "category").annotate(m=Sum("n"))
    for day, category, n in theirs:
        counts.their_ticks += n
        if origin != OURS:
            counts.add("tick", 0, day.replace(day=1), str(category), n)


def _day(month: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(month) if isinstance(month, str) else month


def _add_kept(counts: Counts, unit: Unit, rows: Sequence[tuple[str, int | None, Any, str, Any]]) -> bool:
    """What is kept of a unit is of its whole subtree: what lies in those below is taken from it.

    Returns whether some of it may be hidden from the person.
    """
    hidden = False
    for measure, where, month, value, summed in rows:
        n = int(summed)
        if measure == "hidden":
            hidden = bool(n)
        elif measure == "name" and where is not None:
            counts.add(measure, where, None, value, n)
        elif where is None:
            counts.add(measure, 0, _day(month), value, n)
        elif where == unit.pk:
            counts.add(measure, 0, None, value, n)
        else:
            counts.add(measure, where, None, value, n)
            counts.add(measure, 0, None, value, -n)
    return hidden
