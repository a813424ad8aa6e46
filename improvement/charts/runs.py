"""Runs: whether the points lie about their centre as chance would have it (Anhøj & Olesen 2014).

Two tests together, with a false alarm in about one of twenty charts however long they are: a run that is too long, or
too few crossings of the centre line. Trends are not tested: the same study found the trend rule nearly useless.
https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0113825
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter

FEWEST = 10
"""Fewer useful points than this say nothing either way."""


@cache
def longest_allowed(useful: int) -> int:
    """The longest run that chance gives among so many useful points (Schilling 2012)."""
    return round(math.log2(useful)) + 3 if useful else 0


@cache
def fewest_allowed(useful: int) -> int:
    """The fewest crossings that chance gives: the 5 % quantile of a binomial distribution (Chen 2010).

    With ``useful - 1`` chances to cross, each one half; counted in whole numbers, so that nothing is rounded.
    """
    chances = max(useful - 1, 0)
    reached = 0
    for crossings in range(chances + 1):
        reached += math.comb(chances, crossings)
        if reached * 20 >= 2**chances:
            return crossings
    return chances


@dataclass(frozen=True)
class Run:
    """Points one after the other on the same side. Those on the centre line neither count nor break it."""

    first: int
    last: int
    length: int
    above: bool


@dataclass(frozen=True)
class Runs:
    runs: tuple[Run, ...]

    @property
    def useful(self) -> int:
        """How many points aren't on the centre line."""
        return sum(run.length for run in self.runs)

    @property
    def longest(self) -> int:
        return max((run.length for run in self.runs), default=0)

    @property
    def crossings(self) -> int:
        return max(len(self.runs) - 1, 0)

    @property
    def too_long(self) -> tuple[Run, ...]:
        """The runs that chance doesn't give; none as long as there are too few points to say."""
        useful = self.useful
        if useful < FEWEST:
            return ()
        allowed = longest_allowed(useful)
        return tuple(run for run in self.runs if run.length > allowed)

    @property
    def too_few_crossings(self) -> bool:
        return self.useful >= FEWEST and self.crossings < fewest_allowed(self.useful)


def runs_of(values: Sequence[float], centre: float) -> Runs:
    useful = [(place, value > centre) for place, value in enumerate(values) if value != centre]
    found = []
    for above, run in groupby(useful, key=itemgetter(1)):
        places = [place for place, _above in run]
        found.append(Run(places[0], places[-1], len(places), above))
    return Runs(tuple(found))
