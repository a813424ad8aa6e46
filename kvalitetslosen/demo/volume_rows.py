"""Rows written with COPY, and the events that the product's verbs would have left with them."""

from __future__ import annotations

import datetime
import io
import json
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from kvalitetslosen.journal.chain import Journaled, link, seal


def cell(value: Any) -> str:
    """As COPY's text format has it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value)


class Rows:
    """Rows on their way into a model's table. What isn't said of a row is what the model says."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.table = model._meta.db_table
        fields = model._meta.concrete_fields
        self.columns = [str(each.column) for each in fields]
        self.defaults = {
            each.attname: None if each.has_default() and callable(each.default) else each.get_default()
            for each in fields
            if not each.null
        }
        self.names = [each.attname for each in fields]
        self.waiting: list[str] = []
        self.next_id = 1 + (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)

    def add(self, **values: Any) -> int:
        """Add a row; its id."""
        pk = self.next_id
        self.next_id += 1
        values["id"] = pk
        defaults = self.defaults
        self.waiting.append("\t".join([cell(values[n] if n in values else defaults.get(n)) for n in self.names]))
        return pk

    def flush(self) -> None:
        text = io.StringIO("\n".join([*self.waiting, ""]))
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if self.waiting:
                cursor.copy_expert(f'COPY "{self.table}" ({columns}) FROM STDIN', text)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [f'"{self.table}"', self.next_id]
            )
        self.waiting.clear()


@contextmanager
def loaded_bare(*tables: type[models.Model]) -> Iterator[None]:
    """Take a table's indexes and foreign keys off while it is filled, and put them on again: checked all at once.

    What is off is what can be made again from its own definition; primary keys and unique constraints stay.
    """
    names = [model._meta.db_table for model in tables]
    again: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [names],
        )
        for table, name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(
            "SELECT quote_ident(i.relname), pg_get_indexdef(i.oid) "
            "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
            "WHERE x.indrelid::regclass::text = ANY(%s) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.oid)",
            [names],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            again.insert(0, definition)
    yield
    with connection.cursor() as cursor:
        for statement in again:
            cursor.execute(statement)


class Chain:
    """The events of one row, sealed as the journal seals them."""

    def __init__(self, events: Rows, subject_type: int, municipality_id: int, subject_id: int) -> None:
        self.events, self.subject_type, self.municipality_id = events, subject_type, municipality_id
        self.subject_id = subject_id
        self.key = new_key()
        self.count, self.head = 0, ""

    def add(self, type: str, *, by_id: int | None, at: datetime.datetime, data: dict[str, Any]) -> None:
        self.count += 1
        hash = link(key=self.key, number=self.count, previous=self.head, type=type, by_id=by_id, at=at, data=data)
        self.head = seal(hash)
        self.events.add(
            at=at,
            type=type,
            by_id=by_id,
            subject_type_id=self.subject_type,
            subject_id=self.subject_id,
            municipality_id=self.municipality_id,
            number=self.count,
            data=json.dumps(data, ensure_ascii=False),
            hash=hash,
        )

    @property
    def anchor(self) -> dict[str, Any]:
        """What the row itself keeps of the chain."""
        return {"key": self.key, "events_count": self.count, "events_head": self.head}


_keys = random.Random()


def new_key() -> uuid.UUID:
    return uuid.UUID(int=_keys.getrandbits(128), version=4)


def type_of(model: type[Journaled]) -> int:
    return ContentType.objects.get_for_model(model).pk


def flush(*tables: Rows) -> None:
    for rows in tables:
        rows.flush()
