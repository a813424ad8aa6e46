"""What there is to practise on: each module says so in its own ``practice.py``, found as ``founding.py`` is.

register(Play(copy=copy_categories, lay=lay_cases, forget=forget_cases))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kvalitetslosen.organisation.models import Unit, User


@dataclass(frozen=True)
class Cast:
    """Where one practises and with whom: one's own two parts, an invented colleague and an invented leader above."""

    origin: Unit  # the real municipality, to copy from and nothing else
    municipality: Unit
    unit: Unit
    employee: User
    leader: User
    colleague: User
    above: User


@dataclass(frozen=True)
class Play:
    """What a module lays: a copy of what the municipality has decided, then examples; and how it forgets what was
    written. Each takes its turn in the transaction of the whole."""

    copy: Callable[[Cast], None]
    lay: Callable[[Cast], None]
    forget: Callable[[Unit], None]


_registered: list[Play] = []


def register(play: Play) -> None:
    if play not in _registered:
        _registered.append(play)


def plays() -> tuple[Play, ...]:
    return tuple(_registered)
