"""Both databases' own triggers refuse to alter or delete an event, whoever asks and however."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from kvalitetslosen.journal import guard
from kvalitetslosen.journal.models import Event
from tests.people import World

STATEMENTS = [
    "UPDATE journal_event SET type = 'x'",
    "UPDATE journal_event SET data = '{}' WHERE number = 1",
    "UPDATE journal_event SET number = number + 1",
    "DELETE FROM journal_event",
    "DELETE FROM journal_event WHERE number = 1",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_plain_sql_is_refused(world: World, statement: str) -> None:
    before = list(Event.objects.order_by("pk").values())
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="the journal is append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(Event.objects.order_by("pk").values()) == before


def test_emptying_the_table_is_refused(world: World) -> None:
    """PostgreSQL has a statement for it that asks no row; SQLite's way is a DELETE without a condition."""
    connection.check_constraints()
    statement = "TRUNCATE journal_event CASCADE" if connection.vendor == "postgresql" else "DELETE FROM journal_event"
    with pytest.raises(DatabaseError, match="the journal is append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Event.objects.exists()


def test_replacing_an_event_by_its_key_is_refused(world: World) -> None:
    """INSERT … ON CONFLICT DO UPDATE, and SQLite's INSERT OR REPLACE, rewrite a row without an UPDATE or DELETE."""
    event = Event.objects.order_by("pk").first()
    assert event is not None
    connection.check_constraints()
    columns = "at, type, by_id, subject_type_id, subject_id, municipality_id, number, data, hash"
    upsert = (
        f"INSERT INTO journal_event (id, {columns}) SELECT id, {columns} FROM journal_event WHERE id = %s "
        "ON CONFLICT (id) DO UPDATE SET type = 'x'"
    )
    statements = [upsert]
    if connection.vendor == "sqlite":
        replaced = columns.replace("type,", "'x',", 1)
        again = f"SELECT id, {replaced} FROM journal_event WHERE id = %s"
        anew = f"SELECT NULL, {replaced} FROM journal_event WHERE id = %s"
        statements = [
            upsert.replace("WHERE id = %s ON", "WHERE id = %s AND true ON"),
            f"INSERT OR REPLACE INTO journal_event (id, {columns}) {again}",
            f"REPLACE INTO journal_event (id, {columns}) {anew}",
        ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="the journal is append-only"), transaction.atomic():
            connection.cursor().execute(statement, [event.pk])
    event.refresh_from_db()
    assert event.type != "x"


def test_the_orm_is_refused_like_everybody_else(world: World) -> None:
    event = Event.objects.order_by("pk").first()
    assert event is not None
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


def test_the_refusal_is_the_triggers_doing(world: World) -> None:
    """Without them the same statement goes through: so the tests above test what they say."""
    connection.check_constraints()
    guard.take_down(connection)
    try:
        assert Event.objects.filter(number=1).update(type="x") > 0
    finally:
        connection.check_constraints()
        guard.put_up(connection)
