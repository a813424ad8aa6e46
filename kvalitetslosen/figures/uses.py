"""What else can be done with a question on the page «Explore»: others say it in their ``pages.py``.

register_use(drafts_for)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kvalitetslosen.figures.question import Question


class Use(NamedTuple):
    """What it is put to. ``choices`` are words and addresses; where there are none, ``otherwise`` says why."""

    label: str
    choices: list[tuple[str, str]]
    otherwise: str


_uses: list[Callable[[Question], Use | None]] = []


def register_use(find: Callable[[Question], Use | None]) -> None:
    """``find`` gives nothing where it isn't for the person, and asks one query at most."""
    _uses.append(find)


def uses_of(question: Question) -> list[Use]:
    return [use for find in _uses if (use := find(question)) is not None]
