"""Triggers that make both databases refuse to alter or delete an event."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"


@dataclass(frozen=True)
class Guard:
    """Of one table. ``name`` begins the names of its triggers; ``same`` are the columns that tell its rows apart."""

    table: str
    name: str
    same: tuple[str, ...]

    def put_up(self, connection: BaseDatabaseWrapper) -> None:
        _run(connection, (self._postgresql_on,) if connection.vendor == "postgresql" else self._sqlite_on)

    def take_down(self, connection: BaseDatabaseWrapper) -> None:
        """For migrations that rebuild the table, and for tests that empty the database."""
        _run(connection, (self._postgresql_off,) if connection.vendor == "postgresql" else self._sqlite_off)

    @property
    def _postgresql_on(self) -> str:
        return f"""
CREATE OR REPLACE FUNCTION {self.name}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER {self.name}_no_change BEFORE UPDATE OR DELETE ON {self.table}
    FOR EACH ROW EXECUTE FUNCTION {self.name}_is_append_only();
CREATE TRIGGER {self.name}_no_truncate BEFORE TRUNCATE ON {self.table}
    FOR EACH STATEMENT EXECUTE FUNCTION {self.name}_is_append_only();
"""

    @property
    def _postgresql_off(self) -> str:
        return f"""
DROP TRIGGER IF EXISTS {self.name}_no_change ON {self.table};
DROP TRIGGER IF EXISTS {self.name}_no_truncate ON {self.table};
DROP FUNCTION IF EXISTS {self.name}_is_append_only();
"""

    @property
    def _sqlite_on(self) -> tuple[str, ...]:
        # INSERT OR REPLACE deletes what it replaces without asking the triggers on DELETE.
        same = " AND ".join(f"{column} = NEW.{column}" for column in self.same)
        replaces = (
            f"EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id) "  # noqa: S608 - names of our own
            f"OR EXISTS (SELECT 1 FROM {self.table} WHERE {same})"
        )
        return (
            f"CREATE TRIGGER {self.name}_no_update BEFORE UPDATE ON {self.table} {REFUSE}",
            f"CREATE TRIGGER {self.name}_no_delete BEFORE DELETE ON {self.table} {REFUSE}",
            f"CREATE TRIGGER {self.name}_no_replace BEFORE INSERT ON {self.table} WHEN {replaces} {REFUSE}",
        )

    @property
    def _sqlite_off(self) -> tuple[str, ...]:
        return tuple(f"DROP TRIGGER IF EXISTS {self.name}_no_{what}" for what in ("update", "delete", "replace"))


JOURNAL = Guard("journal_event", "journal", same=("subject_type_id", "subject_id", "number"))


def put_up(connection: BaseDatabaseWrapper) -> None:
    JOURNAL.put_up(connection)


def take_down(connection: BaseDatabaseWrapper) -> None:
    JOURNAL.take_down(connection)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
