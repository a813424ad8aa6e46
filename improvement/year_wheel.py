"""The year as a picture: twelve months round, each with its tasks. Drawn by the server, with the table beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3

from improvement.models import Audit, YearTask
from improvement.year_lifecycle import YearState

SIZE, OUTER, INNER, NAMES = 400, 196, 62, 178
PLACES = [(150, -8), (150, 8), (124, -8), (124, 8), (98, -9), (98, 9)]  # how far out, and how many degrees aside


def _at(radius: float, degrees: float) -> tuple[float, float]:
    turn = math.radians(degrees - 90)
    return round(SIZE / 2 + radius * math.cos(turn), 1), round(SIZE / 2 + radius * math.sin(turn), 1)


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    kind: str  # planned, done, skipped, late, audit: each has a form of its own, not only a colour


@dataclass
class Month:
    """A month of the wheel and of the table."""

    number: int
    name: str
    short: str
    tasks: list[YearTask] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    is_now: bool = False

    @property
    def anchor(self) -> str:
        return f"m{self.number}"

    @property
    def wedge(self) -> str:
        """The month's piece as an SVG path."""
        first, last = (self.number - 1) * 30, self.number * 30
        (a, b), (c, d), (e, f), (g, h) = _at(OUTER, first), _at(OUTER, last), _at(INNER, last), _at(INNER, first)
        return f"M{a} {b}A{OUTER} {OUTER} 0 0 1 {c} {d}L{e} {f}A{INNER} {INNER} 0 0 0 {g} {h}Z"

    @property
    def middle(self) -> float:
        return self.number * 30 - 15

    @property
    def label(self) -> tuple[float, float]:
        return _at(NAMES, self.middle)

    @property
    def marks(self) -> list[Mark]:
        """The audits first, as in the table."""
        kinds = [*("audit" for _each in self.audits), *(kind_of(task) for task in self.tasks)]
        return [
            Mark(*_at(radius, self.middle + aside), kind) for kind, (radius, aside) in zip(kinds, PLACES, strict=False)
        ]

    @property
    def more(self) -> int:
        """What there is no room for in the picture stands in the table."""
        return max(0, len(self.audits) + len(self.tasks) - len(PLACES))

    @property
    def more_at(self) -> tuple[float, float]:
        return _at(76, self.middle)


def kind_of(task: YearTask) -> str:
    return "late" if task.is_late else task.state


def months(tasks: Iterable[YearTask], year: int, audits: Iterable[Audit] = ()) -> list[Month]:
    """The twelve months with their tasks, those to do first, and the audits that are held in them."""
    today = timezone.localdate()
    found = [
        Month(
            number,
            str(MONTHS[number]).capitalize(),
            str(MONTHS_3[number]),
            is_now=(year, number) == (today.year, today.month),
        )
        for number in range(1, 13)
    ]
    for task in sorted(tasks, key=lambda each: (each.state != YearState.PLANNED, each.what, each.pk)):
        found[task.month.month - 1].tasks.append(task)
    for audit in audits:
        found[audit.held_on.month - 1].audits.append(audit)
    return found
