"""Triggers that make both databases refuse to delete a version that is, or ever was, in force."""

from django.db.backends.base.base import BaseDatabaseWrapper

POSTGRESQL_ON = """
CREATE OR REPLACE FUNCTION documents_keep_what_applied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what has been in force is kept';
END $$;
CREATE TRIGGER documents_version_no_delete BEFORE DELETE ON documents_version
    FOR EACH ROW WHEN (OLD.major IS NOT NULL) EXECUTE FUNCTION documents_keep_what_applied();
CREATE TRIGGER documents_version_no_truncate BEFORE TRUNCATE ON documents_version
    FOR EACH STATEMENT EXECUTE FUNCTION documents_keep_what_applied();
"""
POSTGRESQL_OFF = """
DROP TRIGGER IF EXISTS documents_version_no_delete ON documents_version;
DROP TRIGGER IF EXISTS documents_version_no_truncate ON documents_version;
DROP FUNCTION IF EXISTS documents_keep_what_applied();
"""
SQLITE_ON = """
CREATE TRIGGER documents_version_no_delete BEFORE DELETE ON documents_version WHEN OLD.major IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what has been in force is kept'); END
"""
SQLITE_OFF = "DROP TRIGGER IF EXISTS documents_version_no_delete"


def put_up(connection: BaseDatabaseWrapper) -> None:
    _run(connection, POSTGRESQL_ON if connection.vendor == "postgresql" else SQLITE_ON)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """For tests that empty the database."""
    _run(connection, POSTGRESQL_OFF if connection.vendor == "postgresql" else SQLITE_OFF)


def _run(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
