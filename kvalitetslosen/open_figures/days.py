"""The days that facts point at and working days are reckoned from. No model's table: nothing changes in it."""

from __future__ import annotations

import datetime
from typing import Any

from kvalitetslosen.workdays import is_workday

FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2050, 12, 31)
ROWS_AT_ONCE = 1000


def lay(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(
        "CREATE TABLE open_figures_day (day date PRIMARY KEY, year integer NOT NULL, quarter integer NOT NULL, "
        "month integer NOT NULL, iso_year integer NOT NULL, iso_week integer NOT NULL, weekday integer NOT NULL, "
        "is_workday boolean NOT NULL, workday_number integer NOT NULL)",
        params=None,
    )
    rows, number = [], 0
    for ordinal in range(FIRST.toordinal(), LAST.toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        works = is_workday(day)
        number += works
        year, week, weekday = day.isocalendar()
        rows.append(
            f"('{day.isoformat()}', {day.year}, {(day.month + 2) // 3}, {day.month}, {year}, {week}, {weekday}, "
            f"{'true' if works else 'false'}, {number})"
        )
    for start in range(0, len(rows), ROWS_AT_ONCE):
        values = ", ".join(rows[start : start + ROWS_AT_ONCE])
        schema_editor.execute(f"INSERT INTO open_figures_day VALUES {values}", params=None)  # noqa: S608 - our own days


def take_away(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE open_figures_day", params=None)
