"""Walks every chain of the journal and says what doesn't add up.

Each journalled row anchors a chain (see `chain`). Rows and their events are read side by side in the order of their
keys, a few thousand at a time, so memory stays the same however long the journal is. People work while the check
runs: whatever looks wrong is looked at once more on its own before it is reported.

What it can't see: a row that is gone together with all of its events, and a whole database put back to how it was
before. Against both, keep what `verify_journal` counted, and backups, where the database's owner can't write.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from kvalitetslosen.journal.chain import Journaled, link, seal
from kvalitetslosen.journal.models import Event

CHUNK = 5000
TRIES = 5


class Row(NamedTuple):
    """What a journalled row anchors its chain with."""

    pk: int
    key: uuid.UUID
    events: int
    head: str


class Written(NamedTuple):
    """An event as it is stored."""

    subject_id: int
    number: int
    type: str
    by_id: int | None
    at: datetime.datetime
    data: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Fault:
    """Something wrong with one object's chain. ``number`` is the event's; None where it is the chain as a whole."""

    model: str
    pk: int
    number: int | None
    problem: str

    def __str__(self) -> str:
        where = f"{self.model} {self.pk}"
        return f"{where}: {self.problem}" if self.number is None else f"{where}, event {self.number}: {self.problem}"


@dataclass
class Count:
    """How much was looked at."""

    rows: int = 0
    events: int = 0


other_journals: list[Callable[[Count], Iterator[Fault]]] = []
"""Filled by modules that keep a journal of their own apart from the common one: what is wrong with it."""


def journalled_models() -> list[type[Journaled]]:
    """Every kind of row that anchors a chain."""
    models = [each for each in apps.get_models() if issubclass(each, Journaled) and not each._meta.proxy]
    return sorted(models, key=lambda each: each._meta.label)


def verify(count: Count) -> Iterator[Fault]:
    """Every fault of every chain, object by object."""
    known = set()
    for model in journalled_models():
        content_type = ContentType.objects.get_for_model(model)
        known.add(content_type.pk)
        yield from _verify(model, content_type, count)
    for type_id in Event.objects.exclude(subject_type__in=known).order_by().values_list("subject_type").distinct():
        stranger = ContentType.objects.get(pk=type_id[0])
        for event in _events(stranger, count):
            name = f"{stranger.app_label}.{stranger.model}"
            yield Fault(name, event.subject_id, event.number, "belongs to a kind of object that has no journal")
    for faults in other_journals:
        yield from faults(count)


def _verify(model: type[Journaled], content_type: ContentType, count: Count) -> Iterator[Fault]:
    chains = groupby(_events(content_type, count), key=attrgetter("subject_id"))
    subject_id, events = next(chains, (None, iter(())))
    for row in _rows(model):
        count.rows += 1
        while subject_id is not None and subject_id < row.pk:
            yield from _looked_at_again(model, content_type, subject_id)
            subject_id, events = next(chains, (None, iter(())))
        if subject_id == row.pk:
            suspect = any(True for _ in faults_of(row, events))
            subject_id, events = next(chains, (None, iter(())))
        else:
            suspect = bool(row.events or row.head or not model.comes_with_product)
        if suspect:
            yield from _looked_at_again(model, content_type, row.pk)
    while subject_id is not None:
        yield from _looked_at_again(model, content_type, subject_id)
        subject_id, events = next(chains, (None, iter(())))


def _looked_at_again(model: type[Journaled], content_type: ContentType, pk: int) -> Iterator[Fault]:
    """The object's faults when nobody is writing to it: every event changes its row, so the row tells."""
    for _ in range(TRIES):
        before = _row(model, pk)
        found = list(faults_of(before, _events_of(content_type, pk)))
        if before == _row(model, pk):
            break
    for number, problem in found:
        yield Fault(model._meta.label, pk, number, problem)


def faults_of(row: Row | None, events: Iterable[Written]) -> Iterator[tuple[int | None, str]]:
    """What is wrong with a chain, given its row and its events by number: which event, and what."""
    expected, previous = 1, ""
    gap = False
    for event in events:
        if event.number > expected:
            yield expected, f"is missing, and so is every event up to number {event.number}"
            gap = True
        elif event.number < expected:
            yield event.number, "has a number that isn't its own"
        if row is not None and not gap and not _fits(row, event, previous):
            yield event.number, "isn't what was written: changed, put in, or moved"
        expected, previous, gap = event.number + 1, seal(event.hash), False
    last = expected - 1
    if row is None:
        if last:
            yield None, f"the object is gone, and its events up to number {last} are left"
    elif not last:
        yield None, f"has no events, and should have {row.events or 'at least one'}"
    elif last < row.events:
        yield last + 1, f"is missing, and so is every event up to number {row.events}, the last"
    elif last > row.events:
        yield row.events + 1, "comes after the last one the object knows of"
    elif previous != row.head:
        yield last, "isn't the last event the object was sealed with"


def _fits(row: Row, event: Written, previous: str) -> bool:
    said = link(
        key=row.key,
        number=event.number,
        previous=previous,
        type=event.type,
        by_id=event.by_id,
        at=event.at,
        data=event.data,
    )
    return said == event.hash


_COLUMNS = ("subject_id", "number", "type", "by_id", "at", "data", "hash")
_ANCHOR = ("pk", "key", "events_count", "events_head")


def _events(content_type: ContentType, count: Count) -> Iterator[Written]:
    """All events about one kind of object, by object and number."""
    about = Event.objects.filter(subject_type=content_type).order_by("subject_id", "number")
    chunk = about
    while found := [Written(*each) for each in chunk.values_list(*_COLUMNS)[:CHUNK]]:
        count.events += len(found)
        yield from found
        end = found[-1]
        # The first condition lets the index begin at the object; the second leaves out what was read of it.
        rest = Q(subject_id__gt=end.subject_id) | Q(number__gt=end.number)
        chunk = about.filter(rest, subject_id__gte=end.subject_id)


def _events_of(content_type: ContentType, pk: int) -> Iterator[Written]:
    about = Event.objects.filter(subject_type=content_type, subject_id=pk).order_by("number")
    for each in about.values_list(*_COLUMNS).iterator(CHUNK):
        yield Written(*each)


def _rows(model: type[Journaled]) -> Iterator[Row]:
    """All rows of a kind, by key."""
    rows = model._base_manager.order_by("pk").values_list(*_ANCHOR)
    after = None
    while found := [Row(*each) for each in (rows if after is None else rows.filter(pk__gt=after))[:CHUNK]]:
        yield from found
        after = found[-1].pk


def _row(model: type[Journaled], pk: int) -> Row | None:
    found = model._base_manager.filter(pk=pk).values_list(*_ANCHOR).first()
    return Row(*found) if found else None
