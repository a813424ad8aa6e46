"""What is shown of a round's answers: to everybody of the same units, beside what was in fact done there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deviations.models import Deviation, Reflection
from improvement.by_unit import Tree, by_unit
from improvement.filters import units_and_below
from improvement.models import Improvement, PulseRound
from improvement.pulse_protection import FOR_MEANS, FOR_SPREAD, Path, shown, totals
from improvement.pulse_questions import MOTIVATED, MOTIVATION, QUESTIONS, TOP
from kvalitetslosen.organisation.models import Role, Unit, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Line:
    """One question's mean in one unit; the spread only where enough have answered."""

    question: _StrPromise
    mean: float
    of: int
    spread: list[tuple[int, int]]


@dataclass(frozen=True)
class Result:
    unit: Unit
    answered: int | None  # None: too few, or the difference to another unit would tell of too few
    lines: list[Line]
    done: dict[str, int]


class Results:
    """A closed round. ``means`` and ``spreads``: the units whose results may be shown at all."""

    def __init__(self, round: PulseRound) -> None:
        counts: defaultdict[Path, defaultdict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        for row in round.tallies.all():
            counts[row.path][row.question][row.value] = row.n
        self.counts = counts
        answered = {path: sum(each[MOTIVATION].values()) for path, each in counts.items()}
        self.totals = totals(answered)
        self.means = shown(answered, FOR_MEANS)
        self.spreads = shown(answered, FOR_SPREAD, among=self.means)

    def lines(self, path: Path) -> list[Line]:
        """The six and the one, in their order; nothing where the unit isn't shown."""
        if path not in self.means:
            return []
        found = []
        for name, words in {**QUESTIONS, MOTIVATION: MOTIVATED}.items():
            spread: defaultdict[int, int] = defaultdict(int)
            for each, questions in self.counts.items():
                if each[: len(path)] == path:
                    for value, n in questions[name].items():
                        spread[value] += n
            n = sum(spread.values())
            top = TOP[name]
            mean = round(sum(value * each for value, each in spread.items()) / n, 1) if n else 0
            steps = [(value, spread[value]) for value in range(1, top + 1)] if path in self.spreads else []
            found.append(Line(words, mean, top, steps))
        return found


def led(user: User) -> list[Unit]:
    """The units the person leads and those right below them, in the tree's order: never by what they answered."""
    return units_and_below(user, (Role.LEADER,))


def results_for(user: User, round: PulseRound) -> list[Result]:
    """What the person may see of a closed round: each unit they lead, and whether it can be shown."""
    results, units = Results(round), led(user)
    done = _done(user, units, round)
    found = []
    for unit in units:
        path = tuple(unit.ancestor_ids)
        answered = results.totals[path] if path in results.means else None
        found.append(Result(unit, answered, results.lines(path), done[unit.pk]))
    return found


def _done(user: User, units: list[Unit], round: PulseRound) -> dict[int, dict[str, int]]:
    """By unit: cases discussed, answers given and improvements finished in the quarter, of those the person may see.

    As many questions for one unit as for sixty.
    """
    quarter = (round.opens_on, round.ended_on)
    cases = Deviation.objects.visible_to(user)
    held = Reflection.objects.held().filter(deviation__in=cases.values("pk"), held_on__range=quarter)
    answered = cases.filter(closed_at__date__range=quarter).exclude(outcome="")
    finished = Improvement.objects.visible_to(user).filter(finished_at__date__range=quarter)
    counted = {
        "discussed": by_unit(held, "deviation__handling_unit"),
        "answered": by_unit(answered, "handling_unit"),
        "improved": by_unit(finished, "unit"),
    }
    tree = Tree(user.municipality_id)
    return {unit.pk: {name: tree.within(unit, each) for name, each in counted.items()} for unit in units}
