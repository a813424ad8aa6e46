"""Bulk work: thousands of verbs in one transaction, by one process, with nobody looking on before it is done.

The verbs do what they always do; what one after the other would do again for the same result is asked once, or left
to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, models, transaction

T = TypeVar("T")


@dataclass
class _Work:
    answers: dict[Hashable, Any] = field(default_factory=dict)
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    left: dict[Callable[[], None], None] = field(default_factory=dict)  # a set that keeps its order

    def finish(self) -> None:
        for model, rows in self.rows.items():
            model._base_manager.bulk_create(rows, batch_size=500)
        for do in self.left:
            do()


_work: ContextVar[_Work | None] = ContextVar("bulk_work", default=None)


@contextmanager
def bulk_work() -> Iterator[None]:
    """One transaction, undone as a whole when anything fails: the verbs inside set no savepoints of their own.

    Nothing inside may look at the journal or the figures, or change roles, deputies or deadlines after they were asked
    for.
    """
    with transaction.atomic():
        work = _Work()
        token = _work.set(work)
        connection.savepoint = lambda: None  # type: ignore[method-assign]
        try:
            yield
        finally:
            _work.reset(token)
            del connection.savepoint
        work.finish()


def in_bulk_work() -> bool:
    return _work.get() is not None


def asked_once(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer, in bulk work the one given to the first who asked."""
    work = _work.get()
    if work is None:
        return ask()
    if key not in work.answers:
        work.answers[key] = ask()
    answer: T = work.answers[key]
    return answer


def inserted_later(row: models.Model) -> bool:
    """In bulk work the row is written at the end, together with the others of its model; else ``False``."""
    work = _work.get()
    if work is not None:
        work.rows.setdefault(type(row), []).append(row)
    return work is not None


def left_to_the_end(do: Callable[[], None]) -> bool:
    """In bulk work ``do`` is called once at the end; else ``False``."""
    work = _work.get()
    if work is not None:
        work.left[do] = None
    return work is not None
