"""Triggers that make both databases refuse to alter or delete an event."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "journal_event"

POSTGRESQL_ON = f"""
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""
POSTGRESQL_OFF = f"""
DROP TRIGGER IF EXISTS journal_no_change ON {TABLE};
DROP TRIGGER IF EXISTS journal_no_truncate ON {TABLE};
DROP FUNCTION IF EXISTS journal_is_append_only();
"""
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
# INSERT OR REPLACE deletes what it replaces without asking the triggers on DELETE.
REPLACES = """
    EXISTS (SELECT 1 FROM journal_event WHERE id = NEW.id) OR EXISTS (
        SELECT 1 FROM journal_event
        WHERE subject_type_id = NEW.subject_type_id AND subject_id = NEW.subject_id AND number = NEW.number
    )
"""
SQLITE_ON = (
    f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON {TABLE} {REFUSE}",
    f"CREATE TRIGGER journal_no_delete BEFORE DELETE ON {TABLE} {REFUSE}",
    f"CREATE TRIGGER journal_no_replace BEFORE INSERT ON {TABLE} WHEN {REPLACES} {REFUSE}",
)
SQLITE_OFF = tuple(f"DROP TRIGGER IF EXISTS journal_no_{what}" for what in ("update", "delete", "replace"))


def put_up(connection: BaseDatabaseWrapper) -> None:
    _run(connection, (POSTGRESQL_ON,) if connection.vendor == "postgresql" else SQLITE_ON)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """For migrations that rebuild the table, and for tests that empty the database."""
    _run(connection, (POSTGRESQL_OFF,) if connection.vendor == "postgresql" else SQLITE_OFF)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
