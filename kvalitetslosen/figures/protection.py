"""Small numbers, where somebody has figures and no cases: one to four is never told, nor what would give it away.

The sum of a column is told. So whatever is left when the numbers told are taken from it must be shared by enough
others that each hidden number may be anything from one to four. Where one would follow from the rest, the smallest
larger number is hidden too, and the next, until that is so; where it never is, all are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

FEW = 4
"""So many are few: one to four."""
FEWEST = 5
"""A median of fewer isn't told where others read."""


def hidden(numbers: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The places of the few, and of those hidden with them. Depends on the numbers alone: asked twice, the same."""
    few = frozenset(place for place, n in enumerate(numbers) if 1 <= n <= FEW)
    if not few:
        return few, frozenset()
    with_them: list[int] = []
    larger = sorted((place for place, n in enumerate(numbers) if n > FEW), key=lambda place: (numbers[place], place))
    while not _safe(numbers, few, with_them):
        if not larger:
            return frozenset(), frozenset(range(len(numbers)))  # zeros too, and not which are few
        with_them.append(larger.pop(0))
    return few, frozenset(with_them)


def _safe(numbers: Sequence[int], few: frozenset[int], with_them: Sequence[int]) -> bool:
    """Whether each of the few may be any of one to four, to somebody who knows the sum of what is hidden."""
    left = sum(numbers[place] for place in (*few, *with_them))
    others = len(few) - 1
    least, most = others + (FEW + 1) * len(with_them), others * FEW
    may_be_one = bool(with_them) or left - most <= 1
    may_be_four = left - least >= FEW
    return may_be_one and may_be_four


def is_few(n: int) -> bool:
    return 1 <= n <= FEW
