"""Working days between two moments, reckoned by the database: the same count as ``kvalitetslosen.workdays``."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.functions import TruncDate
from django.db.models.sql.compiler import SQLCompiler

from kvalitetslosen.workdays import public_holidays

FIRST_YEAR = 1990  # nothing was reported before; its first day was a Monday, which the reckoning below starts from
_MONDAY = f"DATE '{FIRST_YEAR}-01-01'"
_SATURDAY = 5


@lru_cache(maxsize=4)
def holidays_on_weekdays(last_year: int) -> str:
    """The public holidays that fall on Monday to Friday, as PostgreSQL writes a list."""
    days = sorted(day for year in range(FIRST_YEAR, last_year + 1) for day in public_holidays(year))
    return "{" + ",".join(day.isoformat() for day in days if day.weekday() < _SATURDAY) + "}"


class WorkdaysBetween(Func):
    """Whole working days from the day of one moment to the day of another, in the municipality's time zone.

    The first day isn't counted, the last one is; NULL when either moment is missing. Days on which a municipality
    closes of its own accord count as working days here.
    """

    function = "workdays_between"  # on SQLite the connection brings it
    output_field = IntegerField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(TruncDate(start), TruncDate(end))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Weekdays up to a day, less the holidays up to it, for both days; the difference is the answer."""
        start, end = self.get_source_expressions()
        holidays = holidays_on_weekdays(datetime.datetime.now(tz=datetime.UTC).year + 2)
        parts, parameters = [], []
        for expression in (end, start):
            day, of_day = compiler.compile(expression)
            parts.append(
                f"(({day} - {_MONDAY}) / 7 * 5 + LEAST(({day} - {_MONDAY}) %% 7 + 1, 5)"
                f" - width_bucket({day}, %s::date[]))"
            )
            parameters += [*of_day, *of_day, *of_day, holidays]
        return f"({parts[0]} - {parts[1]})", parameters
