"""SQLite as Django has it, made fit for Norwegian text and for several processes writing at once."""

import sqlite3
from datetime import date
from functools import lru_cache
from re import DOTALL, Pattern, escape
from re import compile as compile_pattern
from typing import Any

from django.db.backends.sqlite3 import base, schema

from kvalitetslosen.workdays import workdays_between

# Written in the order the alphabet ends: the three come after z, and Aa sorts as Å, as ICU's `nb` has it.
_ALPHABET = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


def norwegian_sort_key(text: str) -> str:
    """What `text` is compared by: case folded, æ ø å after z, aa as å."""
    return text.casefold().replace("aa", "å").translate(_ALPHABET)


def compare_norwegian(a: str, b: str) -> int:
    """The collation `nb`: -1, 0 or 1. Ties are broken by the characters themselves, so the order is total."""
    key_a, key_b = (norwegian_sort_key(a), a), (norwegian_sort_key(b), b)
    return (key_a > key_b) - (key_a < key_b)


@lru_cache(maxsize=512)
def _like_pattern(pattern: str, escape_character: str | None) -> Pattern[str]:
    parts: list[str] = []
    characters = iter(pattern.casefold())
    for character in characters:
        if escape_character is not None and character == escape_character:
            parts.append(escape(next(characters, "")))
        elif character == "%":
            parts.append(".*")
        elif character == "_":
            parts.append(".")
        else:
            parts.append(escape(character))
    return compile_pattern("".join(parts), DOTALL)


def like(pattern: Any, value: Any, escape_character: str | None = None) -> bool | None:
    """`value LIKE pattern [ESCAPE escape_character]`, blind to case in every alphabet and not only in ASCII."""
    if pattern is None or value is None:
        return None
    return _like_pattern(str(pattern), escape_character).fullmatch(str(value).casefold()) is not None


@lru_cache(maxsize=65536)
def workdays(start: str | None, end: str | None) -> int | None:
    """`workdays_between` for days written as 2026-11-23; see kvalitetslosen.database.workdays."""
    if start is None or end is None:
        return None
    return workdays_between(date.fromisoformat(start), date.fromisoformat(end))


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, which keeps a table's triggers, and all views, when it has to make the table anew.

    SQLite renames no table while a view names one that is away just then.
    """

    def _remake_table(self, model: Any, *args: Any, **kwargs: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [model._meta.db_table]
            )
            triggers = [sql for (sql,) in cursor.fetchall()]
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name")
            views = cursor.fetchall()
        for name, _sql in views:
            self.execute(f"DROP VIEW {self.quote_name(name)}", params=None)
        super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]  # Django's own, unknown to the stubs
        for sql in [*triggers, *(sql for _name, sql in views)]:
            self.execute(sql, params=None)


class DatabaseWrapper(base.DatabaseWrapper):
    """The embedded database: Norwegian order and case, and writers that wait for each other instead of failing."""

    SchemaEditorClass = SchemaEditor

    def get_connection_params(self) -> dict[str, Any]:
        """A writer waits up to 20 seconds for another's transaction.

        That takes `transaction_mode` IMMEDIATE: a read lock that must grow later fails with "locked" at once.
        """
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("timeout", 20)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.create_collation("nb", compare_norwegian)
        connection.create_function("like", 2, like, deterministic=True)
        connection.create_function("like", 3, like, deterministic=True)
        connection.create_function("workdays_between", 2, workdays, deterministic=True)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
