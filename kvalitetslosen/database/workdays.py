"""Working days between two moments, reckoned by the database: the same count as ``kvalitetslosen.workdays``."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.functions import TruncDate
from django.db.models.sql.compiler import SQLCompiler

from kvalitetslosen.database.numbered import listed
from kvalitetslosen.workdays import is_workday, midnight, public_holidays

FIRST_YEAR = 1990  # nothing was reported before; its first day was a Monday, which the reckoning below starts from
_MONDAY = f"DATE '{FIRST_YEAR}-01-01'"
_SATURDAY = 5


@lru_cache(maxsize=4)
def holidays_on_weekdays(last_year: int) -> str:
    """The public holidays that fall on Monday to Friday, as PostgreSQL writes a list."""
    days = sorted(day for year in range(FIRST_YEAR, last_year + 1) for day in public_holidays(year))
    return "{" + ",".join(day.isoformat() for day in days if day.weekday() < _SATURDAY) + "}"


@lru_cache(maxsize=16)
def workdays_begin(first_year: int, last_year: int) -> tuple[datetime.datetime, ...]:
    """The midnights that working days begin with."""
    day, found = datetime.date(first_year, 1, 1), []
    while day.year <= last_year:
        if is_workday(day):
            found.append(midnight(day))
        day += datetime.timedelta(days=1)
    return tuple(found)


class WorkdaysBetween(Func):
    """Whole working days from the day of one moment to the day of another, in the municipality's time zone.

    The first day isn't counted, the last one is; NULL when either moment is missing. Days on which a municipality
    closes of its own accord count as working days here.

    ``since``: a day that few of the moments lie long before. For a million rows: PostgreSQL reckons it in a third of
    the time, and is sent a longer question.
    """

    function = "workdays_between"  # on SQLite the connection brings it
    output_field = IntegerField()

    def __init__(self, start: str, end: str, since: datetime.date | None = None) -> None:
        super().__init__(TruncDate(start), TruncDate(end), *((start, end) if since else ()))
        self.since = since

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        (start, of_start), (end, of_end) = (compiler.compile(each) for each in self.get_source_expressions()[:2])
        return f"{self.function}({start}, {end})", [*of_start, *of_end]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Weekdays up to a day, less the holidays up to it, for both days; the difference is the answer."""
        start, end, *moments = self.get_source_expressions()
        year = datetime.datetime.now(tz=datetime.UTC).year
        holidays = holidays_on_weekdays(year + 2)
        parts, parameters = [], []
        for expression in (end, start):
            day, of_day = compiler.compile(expression)
            parts.append(
                f"(({day} - {_MONDAY}) / 7 * 5 + LEAST(({day} - {_MONDAY}) %% 7 + 1, 5)"
                f" - width_bucket({day}, %s::date[]))"
            )
            parameters += [*of_day, *of_day, *of_day, holidays]
        reckoned = f"({parts[0]} - {parts[1]})", parameters
        if self.since is None:
            return reckoned
        begins = workdays_begin(self.since.year - 1, year + 1)
        return _listed([compiler.compile(each) for each in moments], begins, reckoned)


def _listed(moments: Any, begins: Sequence[datetime.datetime], reckoned: Any) -> Any:
    """How many of the working days have begun by each; what lies before the first is reckoned."""
    (start, of_start), (end, of_end) = moments
    days = listed(begins)
    between = f"width_bucket({end}, %s::timestamptz[]) - width_bucket({start}, %s::timestamptz[])"
    sql = f"(CASE WHEN LEAST({start}, {end}) >= %s THEN {between} ELSE {reckoned[0]} END)"
    return sql, [*of_start, *of_end, begins[0], *of_end, days, *of_start, days, *reckoned[1]]
