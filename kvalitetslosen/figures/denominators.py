"""What numbers are divided by, to be compared: people at work, bed days, users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kvalitetslosen.figures.periods import Stretch
from kvalitetslosen.figures.question import Question


@dataclass(frozen=True)
class Rate:
    """So many for each ``per`` of something. ``of`` tells how many of it there were."""

    label: str
    per: int
    of: Callable[[Question, Stretch | None, int | None], float | None]


def rate_of(question: Question) -> Rate | None:
    return None


def choices(question: Question) -> list[tuple[str, str]]:
    return []


def lacking(question: Question) -> str:
    return ""
