"""Writes events. Nothing else writes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from kvalitetslosen import bulk
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.journal.chain import Journaled, link, seal
from kvalitetslosen.journal.models import Event

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User

J = TypeVar("J", bound=Journaled)

_together: ContextVar[bool] = ContextVar("announced_together", default=False)


@contextmanager
def announced_together() -> Iterator[None]:
    """The events written inside are announced once for all, after commit, instead of one by one. For bulk work."""
    before = _together.set(True)
    try:
        yield
    finally:
        _together.reset(before)
    transaction.on_commit(announce_all, robust=True)


def plain(value: Any) -> Any:
    """The value as the journal keeps it: text, whole numbers, truth values and nothing else."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return str(value)


def stored(row: models.Model, name: str) -> Any:
    """The field's value as the database has it: a foreign key's id, never the row behind it."""
    return getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]


def plain_key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def in_transaction() -> AbstractContextManager[None]:
    """The verb's own transaction, or one where there is none.

    No savepoint in it: that would be two more trips to the database, and what fails here fails the whole verb.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


@cache
def _locked(model: type[J]) -> Prepared[J]:
    return Prepared(lambda pk: model._base_manager.select_for_update(of=("self",)).filter(pk=pk), pk=int)


def lock(row: J) -> J:
    """The row as it is now, locked for the rest of the transaction."""
    model = row.__class__
    found: list[J] = _locked(model)(pk=row.pk)
    if not found:
        raise model.DoesNotExist
    return found[0]


def create(row: J, type: str, *, by: User | None, at: datetime.datetime | None = None, **data: Any) -> J:
    """Insert a new row together with the first event of its life."""
    with in_transaction():
        event = _next_event(row, type, by=by, at=at, data=data)
        row.save(force_insert=True)
        event.subject_id = row.pk
        event.municipality_id = row.journal_municipality_id
        _insert(event)
    return row


def create_many(
    rows: Sequence[J],
    type: str,
    *,
    by: User | None,
    at: datetime.datetime | None = None,
    data: Callable[[J], dict[str, Any]] | None = None,
) -> Sequence[J]:
    """Insert many new rows of one model, each with the first event of its life, in a few statements. For imports.

    The worker is told once for all of them.
    """
    if not rows:
        return rows
    now = at or timezone.now()
    with in_transaction():
        events = [_next_event(row, type, by=by, at=now, data=data(row) if data else {}) for row in rows]
        rows[0].__class__._base_manager.bulk_create(rows, batch_size=500)
        for row, event in zip(rows, events, strict=True):
            event.subject_id = row.pk
            event.municipality_id = row.journal_municipality_id
        Event.objects.bulk_create(events, batch_size=500)
        transaction.on_commit(announce_all, robust=True)
    return rows


def record(row: Journaled, type: str, *, by: User | None, at: datetime.datetime | None = None, **data: Any) -> Event:
    """Add an event to a row's life. The row is locked for the rest of the transaction.

    For a change of the row's own fields use ``change`` or ``transitions.move``, which save and record in one.
    """
    with in_transaction():
        current = lock(row)
        row.events_count, row.events_head = current.events_count, current.events_head
        event = _next_event(row, type, by=by, at=at, data=data)
        row.__class__._base_manager.filter(pk=row.pk).update(
            events_count=row.events_count, events_head=row.events_head
        )
        return _insert(event)


def change(
    row: Journaled,
    type: str,
    *,
    by: User | None,
    at: datetime.datetime | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Event | None:
    """Set fields of a row and record old and new in one event. No event, and no query, when nothing differs."""
    differing = {name: value for name, value in changes.items() if stored(row, name) != plain_key(value)}
    if not differing:
        return None
    with in_transaction():
        return save_with_event(row, lock(row), type, by=by, at=at, data=data or {}, changes=differing)


def save_with_event(
    row: Journaled,
    current: Journaled,
    type: str,
    *,
    by: User | None,
    at: datetime.datetime | None,
    data: dict[str, Any],
    changes: dict[str, Any],
    untold: dict[str, Any] | None = None,
    secret: frozenset[str] = frozenset(),
) -> Event:
    """Write the changes over the locked ``current`` row, with their event; ``row`` is left as now stored.

    Long or confidential text named in ``secret`` is said to have changed, not repeated. ``untold`` fields follow from
    the others and are saved without being told.
    """
    told: dict[str, Any] = {}
    for name, value in changes.items():
        old = stored(current, name)
        if old != plain_key(value):
            told[name] = [None, None] if name in secret else [plain(old), plain(value)]
    changes = changes | (untold or {})
    for name, value in changes.items():
        setattr(row, name, value)
    row.events_count, row.events_head = current.events_count, current.events_head
    event = _next_event(row, type, by=by, at=at, data={"changes": told, **data} if told else data)
    row.save(update_fields=[*changes, "events_count", "events_head"])
    return _insert(event)


def _next_event(
    row: Journaled, type: str, *, by: User | None, at: datetime.datetime | None, data: dict[str, Any]
) -> Event:
    event = Event(
        type=type,
        by_id=by.pk if by else None,
        at=at or timezone.now(),
        subject_type=ContentType.objects.get_for_model(row),
        subject_id=row.pk,
        municipality_id=row.journal_municipality_id,
        number=row.events_count + 1,
        data=plain(data),
    )
    event.hash = link(
        key=row.key,
        number=event.number,
        previous=row.events_head,
        type=type,
        by_id=event.by_id,
        at=event.at,
        data=event.data,
    )
    row.events_count, row.events_head = event.number, seal(event.hash)
    return event


def _insert(event: Event) -> Event:
    if not bulk.inserted_later(event):
        event.save(force_insert=True)
    if not _together.get():
        transaction.on_commit(lambda: announce(event.pk), robust=True)
    return event


def announce(event_id: int) -> None:
    """Tell the worker that there is something to deliver. A dead broker loses nothing: the sweep finds the event."""
    from kvalitetslosen.celery import app

    app.tell("notifications.deliver_event", event_id)


def announce_all() -> None:
    """Tell the worker that there is much to deliver."""
    from kvalitetslosen.celery import app

    app.tell("notifications.sweep")
