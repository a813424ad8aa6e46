"""Tables for other programs, in the shape of a star: facts with keys and days, and what the keys stand for.

    register_table(StarTable(key="fact_deviation", view="star_deviation", …))

Each module says in its ``star.py`` what of it there is. A table is a view in the database, made by a migration from
what is said here (see ``kvalitetslosen.database.views``), and the API reads that view: the columns are listed once.
Never what anybody wrote, never who, never a case about a leader. Names and definitions are for programs and those who
write them, and in English. See decision 45.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kvalitetslosen.organisation.models import User


class Holds(StrEnum):
    """What a column has."""

    NUMBER = "integer"
    TEXT = "string"
    DAY = "date"
    YES_NO = "boolean"


@dataclass(frozen=True)
class LocalDay:
    """The day of a moment, in Norway. ``moment`` is a column as the database has it."""

    moment: str


@dataclass(frozen=True)
class Workdays:
    """Working days from the day of one moment to that of another; nothing unless ``where``."""

    start: str
    end: str
    where: str = ""


@dataclass(frozen=True)
class ByDatabase:
    """What each database writes in its own way."""

    sql: Callable[[str], str]


@dataclass(frozen=True)
class Column:
    name: str
    holds: Holds
    made_of: str | LocalDay | Workdays | ByDatabase
    definition: str


@dataclass(frozen=True)
class StarTable:
    """A fact or a dimension. The first column is its key, by which it is told page by page."""

    key: str  # as the API calls it
    view: str  # as the database does
    definition: str
    columns: Sequence[Column]
    source: str  # what stands after FROM
    municipality: str = ""  # the column with the municipality: what somebody practises in is left out
    where: str = ""
    seen: Callable[[User], QuerySet[Any]] | None = None  # the rows a person may see, by the key; None: all

    @property
    def is_fact(self) -> bool:
        return self.key.startswith("fact_")

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


_tables: dict[str, StarTable] = {}


def register_table(table: StarTable) -> None:
    _tables[table.key] = table


def tables() -> list[StarTable]:
    """The dimensions and then the facts, by name."""
    return sorted(_tables.values(), key=lambda each: each.key)


def table(key: str) -> StarTable | None:
    return _tables.get(key)
