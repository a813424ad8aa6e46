"""The five by five of a risk analysis, as the table on its page: the same steps and classes as a case's severity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from deviations.forms.severity import CONSEQUENCES, PROBABILITIES
from deviations.models import Severity, severity_of
from improvement.models import CLASSES, Hazard


@dataclass
class Cell:
    severity: Severity
    score: int
    hazards: list[Hazard] = field(default_factory=list)

    @property
    def level(self) -> int:
        """1 for low to 4 for critical, as the bars of a case have it."""
        return CLASSES.index(self.severity) + 1


@dataclass(frozen=True)
class MatrixRow:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    heads: list[str]
    rows: list[MatrixRow]


def matrix(placed: Iterable[tuple[int, int, Hazard]]) -> Matrix:
    """By consequence, the worst on top, and by probability; each cell with the hazards that stand there."""
    cells = {
        (consequence, probability): Cell(severity_of(consequence, probability), consequence * probability)
        for consequence in range(1, 6)
        for probability in range(1, 6)
    }
    for consequence, probability, hazard in placed:
        cells[consequence, probability].hazards.append(hazard)
    for cell in cells.values():
        cell.hazards.sort(key=lambda hazard: hazard.number)
    return Matrix(
        [str(label) for _value, label in PROBABILITIES],
        [
            MatrixRow(str(label), [cells[int(value), probability] for probability in range(1, 6)])
            for value, label in reversed(CONSEQUENCES)
        ],
    )
