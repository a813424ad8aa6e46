"""Reading a table for other programs: the rows somebody may see, in the order of its key, some at a time.

Who may see which row is asked of the one rule for that; what is told of it is the view's.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from kvalitetslosen.csv_files import LINE_END, harmless_text
from kvalitetslosen.open_figures.registry import Holds, StarTable
from kvalitetslosen.organisation.models import User

AT_ONCE = 2000  # rows in memory
Key = int | str

FROM_THE_FIRST: Key = 0


def page_end(table: StarTable, user: User, after: Key, most: int) -> Key | None:
    """The key that a page of at most so many rows ends with, where more follow it."""
    keys = _keys(table, user, after, most + 1)
    return keys[most - 1] if len(keys) > most else None


def rows(table: StarTable, user: User, after: Key = FROM_THE_FIRST, until: Key | None = None) -> Iterator[list[Any]]:
    """The rows after a key, to the end or with another key. Never more than ``AT_ONCE`` in memory."""
    while True:
        keys = _keys(table, user, after, AT_ONCE)
        if until is not None:
            keys = [key for key in keys if key <= until]
        if not keys:
            return
        yield from _told(table, keys)
        if len(keys) < AT_ONCE:
            return
        after = keys[-1]


def _keys(table: StarTable, user: User, after: Key, most: int) -> list[Any]:
    """The next keys of what the person may see. The view may tell of fewer."""
    if table.seen is not None:
        found = table.seen(user).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        return list(dict.fromkeys(found.distinct()[:most]))
    key = table.names[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {table.view} WHERE {key} > %s ORDER BY {key} LIMIT %s",  # noqa: S608 - our own names
            [after or datetime.date.min.isoformat(), most],
        )
        return [_day(value) for (value,) in cursor.fetchall()]


def _told(table: StarTable, keys: Sequence[Any]) -> list[list[Any]]:
    names, places = ", ".join(table.names), ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {table.view} WHERE {table.names[0]} IN ({places}) ORDER BY 1",  # noqa: S608 - our own
            list(keys),
        )
        found = cursor.fetchall()
    return [[_plain(column.holds, value) for column, value in zip(table.columns, row, strict=True)] for row in found]


def _plain(holds: Holds, value: Any) -> Any:
    """As both databases are to tell it."""
    if value is None:
        return None
    if holds is Holds.DAY:
        return _day(value)
    return bool(value) if holds is Holds.YES_NO else value


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(table: StarTable, found: Iterator[list[Any]]) -> Iterator[bytes]:
    """Comma and UTF-8, as programs want it: not as a person's spreadsheet opens it."""
    writer: Any = csv.writer(_Echo(), lineterminator=LINE_END)
    yield writer.writerow(table.names).encode()
    for row in found:
        yield writer.writerow([harmless_text(each) if isinstance(each, str) else _word(each) for each in row]).encode()


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def as_json_lines(table: StarTable, found: Iterator[list[Any]]) -> Iterator[bytes]:
    for row in found:
        yield json.dumps(dict(zip(table.names, row, strict=True)), ensure_ascii=False).encode() + b"\n"


def as_json(table: StarTable, found: Iterator[list[Any]]) -> Iterator[bytes]:
    """One list of objects."""
    yield b'{"rows": ['
    for number, row in enumerate(found):
        lead = ",\n" if number else "\n"
        yield (lead + json.dumps(dict(zip(table.names, row, strict=True)), ensure_ascii=False)).encode()
    yield b"\n]}\n"
