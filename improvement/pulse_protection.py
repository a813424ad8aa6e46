"""Which units' results may be shown, so that no difference between any two of them tells of a few people.

Shown are groups of units that lie inside each other like boxes. Whatever can be reckoned out of shown means is put
together of what is left of each shown box when the largest shown boxes in it are taken out. So it is enough that each
such rest is empty or large: then everything that can be reckoned out is. The same units are shown to everybody, or two
leaders could take their reports from each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

Path = tuple[int, ...]

FOR_MEANS, FOR_SPREAD = 5, 8
"""So many answers at least before a mean is shown, or how the answers are spread."""


def totals(answered: Mapping[Path, int]) -> dict[Path, int]:
    """How many answered in each unit and those below it, from how many answered in each alone."""
    found: dict[Path, int] = {}
    for path, n in answered.items():
        for depth in range(1, len(path) + 1):
            found[path[:depth]] = found.get(path[:depth], 0) + n
    return found


def shown(answered: Mapping[Path, int], least: int, among: Collection[Path] | None = None) -> frozenset[Path]:
    """The units whose results may be shown where groups of fewer than ``least`` are protected.

    Large enough ones, less those whose neighbours could be told from the difference: the smallest of them is left out,
    until there is nothing left to tell.
    """
    whole = totals(answered)
    chosen = {path for path, n in whole.items() if n >= least and (among is None or path in among)}
    for path in sorted(chosen, key=len, reverse=True):  # the inner boxes first: what holds there stays so
        while 0 < whole[path] - sum(whole[each] for each in inside(path, chosen)) < least:
            chosen.remove(min(inside(path, chosen), key=lambda each: (whole[each], each)))
    return frozenset(chosen)


def inside(path: Path, chosen: Collection[Path]) -> list[Path]:
    """The largest chosen boxes inside one."""
    below = [each for each in chosen if len(each) > len(path) and each[: len(path)] == path]
    return [each for each in below if not any(other != each and each[: len(other)] == other for other in below)]
