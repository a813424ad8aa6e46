"""Life cycles as tables, and the one function that moves a row along its table."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models

from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import in_transaction, lock, save_with_event

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kvalitetslosen.organisation.models import User


class Note(Enum):
    """Whether a step takes words of explanation."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Step:
    """One row of a life cycle: who may go from which states to which, and what that takes."""

    name: str
    sources: frozenset[str]
    target: str | None  # None: the state stays as it is
    parts: frozenset[str]  # the parts a person may have in the row's life that let them take the step
    label: _StrPromise  # the word on the button
    event: str
    needs: frozenset[str] = frozenset()  # fields that must be filled in afterwards
    note: Note = Note.NONE
    note_label: _StrPromise | str = ""
    back_to: frozenset[str] = frozenset()  # undoes something: to which of these, the verb says


@dataclass(frozen=True)
class Lifecycle:
    start: str
    steps: tuple[Step, ...]
    secret: frozenset[str] = field(default=frozenset())  # fields whose text the journal does not repeat

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def find(self, name: str, state: str) -> Step | None:
        """The row of the table for this step from this state; a step may have rows with different targets."""
        return next((step for step in self.steps if step.name == name and state in step.sources), None)

    def available(self, state: str, parts: Iterable[str]) -> list[Step]:
        """The steps open to somebody with these parts, in the table's order."""
        held = frozenset(parts)
        return [step for step in self.steps if state in step.sources and step.parts & held]

    def mermaid(self) -> str:
        """The table as a state diagram for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for step in self.steps:
            for source in sorted(step.sources):
                targets = sorted(step.back_to) or [step.target or source]
                lines.extend(f"    {source} --> {target}: {step.name}" for target in targets)
        return "\n".join(lines) + "\n"


class StepRefused(Exception):
    """The row has moved on: it is no longer in a state the step starts from."""

    def __init__(self, step: Step, row: Any, latest: Event | None) -> None:
        super().__init__(f"{step.name} is not possible from {row.state}")
        self.step, self.row, self.latest = step, row, latest


class StepIncomplete(Exception):
    """Something the step needs is missing."""

    def __init__(self, step: Step, missing: list[str]) -> None:
        super().__init__(f"{step.name} needs {', '.join(missing)}")
        self.step, self.missing = step, missing


class Moving(Journaled):
    """A journalled row with a state and a table to move by."""

    lifecycle: ClassVar[Lifecycle]
    state: models.CharField[str, str]

    class Meta:
        abstract = True


R = TypeVar("R", bound=Moving)


def move(
    row: R,
    step_name: str,
    *,
    by: User | None,
    note: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
    data: dict[str, Any] | None = None,
    untold: dict[str, Any] | None = None,
    back_to: str | None = None,
    **changes: Any,
) -> R:
    """Take one step: lock the row, look in its table, set the fields, save, and record one event.

    Returns the row as it was before the step, locked. Raises ``StepRefused`` when somebody was faster (``seen`` is how
    many events the row had when the person looked at it), and ``StepIncomplete`` when a needed field or the note is
    empty. Who may take the step is asked before, in the view.
    """
    with in_transaction():
        before = lock(row)
        step = row.lifecycle.find(step_name, before.state)
        if step is None or (seen is not None and seen != before.events_count):
            latest = Event.objects.about(before).select_related("by").last()
            raise StepRefused(row.lifecycle[step_name], before, latest)
        if step.back_to and back_to not in step.back_to:
            raise ValueError(f"{step_name} doesn't lead back to {back_to}")
        missing = [name for name in sorted(step.needs) if not changes.get(name, getattr(before, name))]
        if step.note is Note.REQUIRED and not note.strip():
            missing.append("note")
        if missing:
            raise StepIncomplete(step, missing)
        said = dict(data or {})
        if note.strip():
            said["note"] = note.strip()
        save_with_event(
            row,
            before,
            step.event,
            by=by,
            at=at,
            data=said,
            changes={**changes, "state": (back_to if step.back_to else step.target) or before.state},
            untold=untold,
            secret=row.lifecycle.secret,
        )
    return before
