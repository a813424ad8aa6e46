"""The view of a table, as each of the two databases writes it. Nothing a user wrote comes into it."""

from __future__ import annotations

from collections.abc import Iterable

from kvalitetslosen.open_figures.registry import ByDatabase, Column, LocalDay, StarTable, Workdays

VENDORS = ("postgresql", "sqlite")


def select(table: StarTable, vendor: str) -> str:
    """What stands after ``CREATE VIEW … AS``."""
    moments: list[str] = []
    columns = [f"{_made(column, vendor, moments)} AS {column.name}" for column in table.columns]
    lines = ["SELECT", ",\n".join(f"    {each}" for each in columns), f"FROM {table.source}"]
    if table.municipality:
        lines.append(f"JOIN organisation_unit AS here ON here.id = {table.municipality} AND NOT here.practice")
    lines += [
        f"LEFT JOIN open_figures_day AS day_{n} ON day_{n}.day = {local_day(moment, vendor)}"
        for n, moment in enumerate(moments)
    ]
    if table.where:
        lines.append(f"WHERE {table.where}")
    return "\n".join(lines)


def _made(column: Column, vendor: str, moments: list[str]) -> str:
    made = column.made_of
    if isinstance(made, LocalDay):
        return local_day(made.moment, vendor)
    if isinstance(made, ByDatabase):
        return made.sql(vendor)
    if isinstance(made, Workdays):
        for moment in (made.start, made.end):
            if moment not in moments:
                moments.append(moment)
        end, start = moments.index(made.end), moments.index(made.start)
        counted = f"day_{end}.workday_number - day_{start}.workday_number"
        return f"CASE WHEN {made.where} THEN {counted} END" if made.where else counted
    return made


def local_day(moment: str, vendor: str) -> str:
    """The day in Norway. SQLite knows no time zones: summer time begins and ends at 01:00 UTC on a last Sunday."""
    if vendor == "postgresql":
        return f"({moment} AT TIME ZONE 'Europe/Oslo')::date"
    year = f"substr({moment}, 1, 4)"
    summer = (
        f"{moment} >= date({year} || '-03-25', 'weekday 0') || ' 01:00:00'"
        f" AND {moment} < date({year} || '-10-25', 'weekday 0') || ' 01:00:00'"
    )
    return f"date({moment}, CASE WHEN {summer} THEN '+2 hours' ELSE '+1 hours' END)"


def one_of(column: str, values: Iterable[str]) -> str:
    """Whether the column has one of our own words."""
    words = ", ".join(f"'{value!s}'" for value in values)
    return f"{column} IN ({words})"
