"""Counts for those who lead and those who watch over: how many, of what kind, how soon answered, what lies open.

Every number is that of the cases in the list it links to, as the person who asks would see that list. Where they see a
whole subtree, the numbers come from ``FigureCount``, less the few cases that are hidden from them, counted one by one;
otherwise they are counted from the cases they see. Both ways give rows of the same shape.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, Count, DateField, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, gettext

from deviations.lifecycle import OPEN, State
from deviations.models import Deviation, DeviationQuerySet, FigureCount, Kind, Tick, TickQuerySet
from deviations.national import CODES, FIGURES
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User

FIGURES_ONLY = (Role.UNION_REP, Role.WORK_ENVIRONMENT)
"""Who has the figures of the whole municipality, and no cases behind them."""

READERS = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.DPO, *FIGURES_ONLY)
NOT_SET = "-"
LONGEST = 120  # months in one report

# What is measured in working days: the measure, the field it ends with, and its name in an address.
TIMES = (
    ("receipt", "received_at", "mottak"),
    ("answer", "first_answer_at", "svar"),
    ("closing", "closed_at", "lukking"),
)
DAYS: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, None))
# How many months ago an open case was reported: from, to.
AGES: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 3), (4, 6), (7, 12), (13, None))


def may_read(user: User) -> bool:
    """Whether the person has figures at all. Asked for the menu on every page: no query."""
    return user.standing.has(*READERS)


# Time


def months_after(month: datetime.date, n: int) -> datetime.date:
    """The first day of the month n months later, earlier when negative."""
    number = month.year * 12 + month.month - 1 + n
    return datetime.date(number // 12, number % 12 + 1, 1)


def this_month() -> datetime.date:
    return timezone.localdate().replace(day=1)


def _begins(month: datetime.date) -> datetime.datetime:
    """Midnight in Norway, as the month begins."""
    return datetime.datetime.combine(month, datetime.time(), timezone.get_default_timezone())


@dataclass(frozen=True)
class Period:
    """Whole months, both ends included, each by its first day."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def latest(cls, months: int) -> Period:
        """The running month and those before it."""
        last = this_month()
        return cls(months_after(last, 1 - months), last)

    @property
    def months(self) -> list[datetime.date]:
        return [months_after(self.first, n) for n in range(len(self))]

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def reported(self) -> dict[str, datetime.datetime]:
        """What a case of the period answers to."""
        return {"reported_at__gte": _begins(self.first), "reported_at__lt": _begins(months_after(self.last, 1))}

    @property
    def query(self) -> str:
        """The period as it stands in an address."""
        return f"fra={month_text(self.first)}&til={month_text(self.last)}"

    def __str__(self) -> str:
        first, last = month_words(self.first), month_words(self.last)
        if first == last:
            return first
        return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def month_text(month: datetime.date) -> str:
    """As in an address: 2026-11."""
    return f"{month.year}-{month.month:02}"


def month_words(month: datetime.date) -> str:
    return f"{MONTHS[month.month]} {month.year}"


# The unit, and what the person sees of it


@dataclass(frozen=True)
class Place:
    """A unit, the units right below it, and those above it as far as the person has figures, the topmost first."""

    unit: Unit
    below: Sequence[Unit]
    above: Sequence[Unit]


def own_units(user: User) -> list[Unit | int]:
    """Where the person's figures begin, the topmost of each role. A municipality may stand as its id."""
    found: dict[int, Unit | int] = {}
    for role in (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP):
        for unit in user.standing.units(role):
            found.setdefault(unit.pk, unit)
    if user.standing.has(Role.DPO, *FIGURES_ONLY):
        found.setdefault(user.municipality_id, user.municipality_id)
    return list(found.values())


def place(user: User, number: str) -> Place:
    """The unit asked for, or the person's own when none is.

    Raises ``Http404`` for a unit of another municipality or none at all, ``PermissionDenied`` where the person has no
    figures. One query.
    """
    if not may_read(user):
        raise PermissionDenied
    if number and not (number.isdecimal() and len(number) < 18):
        raise Http404
    own = own_units(user)
    pk = int(number) if number else _pk(own[0])
    wanted = Q(pk=pk) | Q(parent=pk)
    if number:
        here = Unit.objects.filter(pk=pk)
        for level in LEVELS[min(0 if isinstance(each, int) else each.depth for each in own) : -1]:
            wanted |= Q(pk__in=here.values(level))
    fields = ("name", "depth", "parent", "closed_on", *LEVELS)
    rows = list(Unit.objects.visible_to(user).filter(wanted).only(*fields).order_by("depth", "name", "pk"))
    unit = next((row for row in rows if row.pk == pk), None)
    if unit is None:
        raise Http404
    if not _has_figures(user, unit):
        raise PermissionDenied
    above = [row for row in rows if row.depth < unit.depth and _has_figures(user, row)]
    return Place(unit, [row for row in rows if row.parent_id == pk], above)


def _pk(place: Unit | int) -> int:
    return place if isinstance(place, int) else place.pk


def _has_figures(user: User, unit: Unit) -> bool:
    return _sees_cases(user, unit) or (user.standing.has(*FIGURES_ONLY) and unit.depth == 0)


def _sees_cases(user: User, unit: Unit) -> bool:
    standing = user.standing
    roles = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)
    return standing.has(Role.DPO) or any(standing.reaches(role, unit) for role in roles)


@dataclass(frozen=True)
class Sight:
    """How what a person may see of a unit is counted.

    ``kept``: from the counts that are kept, less the ``rows``, which the person doesn't see; there can be none of
    these unless a case answers to the condition ``hidden``. Otherwise the ``rows`` are those they see. ``listed``:
    whether they may open the lists behind the figures.
    """

    rows: Callable[[], DeviationQuerySet]  # asked only when needed: putting a query together takes its time
    ticks: Callable[[], TickQuerySet]  # those whose counts the person sees; where all is kept, none need be asked for
    kept: bool = True
    hidden: str = ""
    listed: bool = True
    narrow: bool = False  # only some kinds of cases, by law: the page says so


def sight(user: User, unit: Unit) -> Sight:
    """How the person's figures of the unit are counted. Raises ``PermissionDenied`` where they have none."""
    standing = user.standing

    def seen() -> DeviationQuerySet:
        return Deviation.objects.visible_to(user, within=unit)

    def about_leaders() -> DeviationQuerySet:
        return Deviation.objects.in_subtree(unit).filter(about__isnull=False)

    def ticks() -> TickQuerySet:
        return Tick.objects.visible_to(user).within(unit)

    if standing.reaches(Role.LEADER, unit) and not standing.narrowed:
        return Sight(lambda: about_leaders().filter(about=user), ticks, hidden=f"about_id = {int(user.pk)}")
    if standing.reaches(Role.QUALITY_CONTACT, unit):
        # Whether a contact sees a case about a leader depends on what else they are; the others they see, all of them.
        return Sight(
            lambda: about_leaders().exclude(pk__in=seen().filter(about__isnull=False).values("pk")),
            ticks,
            hidden="about_id IS NOT NULL",
        )
    if _sees_cases(user, unit):
        return Sight(seen, ticks, kept=False, narrow=not standing.reaches(Role.LEADER, unit))
    if _has_figures(user, unit):
        return Sight(about_leaders, ticks, hidden="about_id IS NOT NULL", listed=False)
    raise PermissionDenied


# The lists behind the figures: what their addresses may say besides the list's own filters


def day_range(text: str) -> tuple[int, int | None] | None:
    """Working days as an address has them: ``3``, ``3-5``, ``21-``. Nothing when it makes no sense."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or len(first) > 5 or len(last) > 5 or (last and not last.isdecimal()):
        return None
    return int(first), int(last) if last else None if dash else int(first)


def days_text(first: int, last: int | None) -> str:
    return f"{first}-" if last is None else f"{first}" if first == last else f"{first}-{last}"


def narrowed(rows: DeviationQuerySet, query: QueryDict, unit: Unit | None = None) -> DeviationQuerySet:
    """The rows that took so many working days, or lie in the unit itself and not below it, if the address says so."""
    for measure, moment, name in TIMES:
        days = day_range(query.get(name, ""))
        if days is None:
            continue
        first, last = days
        rows = rows.filter(**{f"{moment}__isnull": False})
        if first or last is not None:
            rows = rows.alias(**{measure: WorkdaysBetween("reported_at", moment)})
        if first:  # the first bucket has no floor: what was taken in hand at once may have been written down later
            rows = rows.filter(**{f"{measure}__gte": first})
        if last is not None:
            rows = rows.filter(**{f"{measure}__lte": last})
    for name, of in (("kode", "category__code"), ("tall", "category__figure")):
        if value := query.get(name, "")[:30]:
            rows = rows.filter(Q(category=None) | Q(**{of: ""}) if value == NOT_SET else Q(**{of: value}))
    if query.get(EVENTS_ONLY):
        rows = events(rows)
    if query.get("selv") and unit and unit.depth + 1 < len(LEVELS):
        rows = rows.filter(**{LEVELS[unit.depth + 1]: None})
    return rows


EVENTS_ONLY = "hendelser"


def events(rows: DeviationQuerySet) -> DeviationQuerySet:
    """What happened or nearly did, each once: not what was merged into another case that tells of the same."""
    return rows.filter(kind__in=(Kind.DEVIATION, Kind.NEAR_MISS)).exclude(state=State.MERGED)


def in_words(query: QueryDict, unit: Unit | None = None) -> list[str]:
    """What ``narrowed`` does with this address, a sentence each, for the list to say."""
    sentences = (
        (gettext("Received the same day."), gettext("Received after %(days)s working days.")),
        (gettext("First answer the same day."), gettext("First answer after %(days)s working days.")),
        (gettext("Closed the same day."), gettext("Closed after %(days)s working days.")),
    )
    said = []
    for (_measure, _moment, name), (same_day, after) in zip(TIMES, sentences, strict=True):
        days = day_range(query.get(name, ""))
        if days is not None:
            first, last = days
            number = f"{first}+" if last is None else str(first) if first == last else f"{first}–{last}"
            said.append(same_day if last == 0 else after % {"days": number})
    if value := query.get("kode", "")[:30]:
        label = CODES[value].label if value in CODES else value
        said.append(
            gettext("Without a national code.")
            if value == NOT_SET
            else gettext("National code: %(code)s.") % {"code": label}
        )
    if value := query.get("tall", "")[:30]:
        label = FIGURES[value].label if value in FIGURES else value
        said.append(
            gettext("Counts in no yearly figure.")
            if value == NOT_SET
            else gettext("Yearly figure: %(figure)s.") % {"figure": label}
        )
    if query.get(EVENTS_ONLY):
        said.append(gettext("Only deviations and near misses, and none that was merged into another case."))
    if query.get("selv") and unit:
        said.append(gettext("Only %(unit)s itself, not the units below.") % {"unit": unit.name})
    return said


# Counting


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


SUMMED = ("category", "severity", "state", "receipt", "answer", "closing")


def _kept_sql(unit: Unit, below: Sequence[Unit], period: Period, hidden: str) -> tuple[str, list[Any]]:
    """The counts that are kept, of the unit and of those below it, and whether there may be something to take away."""
    first, last, before = _date(period.first), _date(period.last), _date(months_after(period.first, -12))
    units = ", ".join(str(int(each.pk)) for each in (unit, *below))
    measures = ", ".join(f"'{name}'" for name in SUMMED)
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    age, of_age = _ages_sql("month", this_month())
    table = "FROM deviations_figurecount WHERE"
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
SELECT 'tick', CAST(NULL AS bigint), month, value, n
{table} unit_id = {int(unit.pk)} AND measure = 'tick' AND month BETWEEN %s AND %s
UNION ALL
SELECT 'open', unit_id, CAST(NULL AS date), {age}, sum(n)
{table} unit_id IN ({units}) AND measure = 'state' AND value IN ({states}) GROUP BY 2, 4
UNION ALL
SELECT 'hidden', CAST(NULL AS bigint), CAST(NULL AS date), '', CASE WHEN EXISTS (
    SELECT 1 FROM deviations_deviation WHERE {LEVELS[unit.depth]} = {int(unit.pk)} AND {hidden}
) THEN 1 ELSE 0 END
"""  # noqa: S608 - whole numbers and our own words
    return sql, [before, last, first, last, first, last, first, last, *of_age]


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
            *(Cast(WorkdaysBetween("reported_at", moment), CharField()) for _measure, moment, _name in TIMES),
            Case(When(closed_at=None, then=1), default=0),
        )
        .query.sql_with_params()
    )
    names = ("kind", *SUMMED)
    measures = " UNION ALL ".join(f"SELECT '{name}' AS measure" for name in ("month", "below", "open", *SUMMED))
    values = " ".join(f"WHEN '{name}' THEN v.{name}" for name in SUMMED)
    age, of_age = _ages_sql("v.month", this_month())
    sql = f"""
WITH v (below, month, {", ".join(names)}, is_open) AS MATERIALIZED ({inner})
SELECT measure, place, month, value, count(*) FROM (
    SELECT m.measure AS measure,
        CASE WHEN m.measure IN ('below', 'open') THEN v.below END AS place,
        CASE WHEN m.measure = 'month' THEN v.month END AS month,
        CASE m.measure WHEN 'month' THEN v.kind WHEN 'below' THEN '' WHEN 'open' THEN {age} {values} END AS value,
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
    ticks: Tally[tuple[datetime.date, str]] = field(default_factory=Tally)  # month and category
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
        elif measure == "open":
            self.open[where, int(value)] += n
        else:
            self.values[measure][value] += n


def count(place: Place, seen: Sight, period: Period) -> Counts:
    """Everything the page shows: one query, or two where something is hidden from the person."""
    unit, counts = place.unit, Counts()
    names, of_names = _names_sql(unit)
    with connection.cursor() as cursor:
        if seen.kept:
            sql, parameters = _kept_sql(unit, place.below, period, seen.hidden)
            cursor.execute(sql + names, [*parameters, *of_names])
            if not _add_kept(counts, unit, cursor.fetchall()):
                return counts
            names, of_names = "", []
        else:
            _add_ticks(counts, seen.ticks(), period)
        try:
            sql, parameters = _rows_sql(seen.rows(), unit, period)
        except EmptyResultSet:
            return counts
        cursor.execute(sql + names, [*parameters, *of_names])
        for measure, where, month, value, n in cursor.fetchall():
            counts.add(measure, where or 0, _day(month), value, -n if seen.kept else n)
    return counts


def _add_ticks(counts: Counts, ticks: TickQuerySet, period: Period) -> None:
    """The ticks somebody sees who doesn't see them all: one query, a row for each month and category."""
    rows = ticks.counted().filter(sheet__month__range=(period.first, period.last)).order_by()
    for month, category, n in rows.values_list("sheet__month", "category").annotate(n=Count("pk")):
        counts.add("tick", 0, month, str(category), n)


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


@dataclass(frozen=True)
class Glance:
    """A municipality's cases in three numbers."""

    this_month: int
    last_month: int
    open: int


def at_a_glance(municipality_id: int) -> Glance:
    """What those who may see figures only read of the whole municipality, as on its report page. One query."""
    now, last = this_month(), months_after(this_month(), -1)
    kept = (
        FigureCount.objects.filter(unit_id=municipality_id, measure="state")
        .filter(Q(month__in=[now, last]) | Q(value__in=OPEN))
        .values("month", "value")
        .annotate(total=Sum("n"))
        .values_list("month", "value", "total")
    )
    hidden = (
        Deviation.objects.filter(level_0=municipality_id, about__isnull=False)
        .filter(Q(reported_at__gte=_begins(last)) | Q(closed_at=None))
        .annotate(month=Cast(TruncMonth("reported_at"), DateField()))
        .values("month", "state")
        .annotate(total=-Count("pk"))
        .values_list("month", "state", "total")
    )
    counts: Tally[str] = Tally()
    for month, state, n in kept.union(hidden, all=True):
        counts[str(month)] += n
        counts["open"] += n if state in OPEN else 0
    return Glance(counts[str(now)], counts[str(last)], counts["open"])


def median(histogram: Mapping[int, int]) -> float | None:
    """The exact median of whole numbers, each with how often it occurs; nothing when there are none."""
    total = sum(histogram.values())
    if total <= 0:
        return None
    lower, upper = (total - 1) // 2, total // 2
    passed = 0
    found: list[int] = []
    for value in sorted(histogram):
        passed += histogram[value]
        while len(found) < 2 and passed > (lower, upper)[len(found)]:
            found.append(value)
        if len(found) == 2:
            break
    middle = sum(found) / 2
    return int(middle) if middle == int(middle) else middle
