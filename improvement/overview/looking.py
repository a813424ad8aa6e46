"""The overview as one person reads it: what is new since last time first, few sentences, each with its figures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from improvement.models import OverviewReading
from improvement.overview import changes, work
from improvement.overview.facts import Fact, Kind
from improvement.overview.scope import Scope
from improvement.overview.watched import Counted
from kvalitetslosen.database.calm import in_one_process
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.dates import in_words

MOST = 12
"""Sentences at once: more than a screen or two is read by nobody. The rest are a tap away."""
NAMED = 4  # units named in a sentence about several


class Asks(StrEnum):
    """Whom the button under a sentence asks: the leader, one to be chosen, or each in the list it leads to."""

    LEADER = "leader"
    ONE = "one"
    EACH = "each"

    @property
    def words(self) -> str:
        return {Asks.LEADER: _("Ask the leader"), Asks.ONE: _("Ask a leader"), Asks.EACH: _("Ask the leaders")}[self]


QUESTION = {
    Kind.LATE_CASES: "need", Kind.LATE_ACTIONS: "need", Kind.SHIFT: "typical", Kind.POINT: "typical",
    Kind.SLOWER: "need", Kind.FASTER: "proud", Kind.EFFECT: "trying", Kind.FINISHED: "proud", Kind.NEAR: "talked",
    Kind.REPORTED: "talked", Kind.PULSE: "learnt",
}  # fmt: skip
"""What one of the leaders below is asked about a fact of a unit one leads oneself."""


@dataclass(frozen=True)
class Sentence:
    """One or more facts, said at once."""

    facts: tuple[Fact, ...]
    unit: Unit
    text: str
    url: str
    ask: str = ""
    asks: Asks = Asks.LEADER
    is_new: bool = False

    @property
    def names(self) -> list[str]:
        return [fact.name for fact in self.facts]

    @property
    def weight(self) -> int:
        return max(fact.weight for fact in self.facts)

    @property
    def is_good(self) -> bool:
        return all(fact.is_good for fact in self.facts)


@dataclass
class Look:
    """What stands on the page. ``read``: how many charts were read; ``since``: when the person last read it."""

    fresh: list[Sentence]
    still: list[Sentence]
    put_away: list[Sentence]
    read: int
    since: datetime.datetime | None
    is_cut: bool = False
    facts: list[Fact] = field(default_factory=list)

    @property
    def all(self) -> list[Sentence]:
        return [*self.fresh, *self.still]

    def shown(self, *, whole: bool = False) -> tuple[list[Sentence], list[Sentence]]:
        """The new and the others, at most twelve together, by weight; all with ``whole``."""
        if whole:
            return self.fresh, self.still
        fresh = self.fresh[:MOST]
        return fresh, self.still[: MOST - len(fresh)]


def grouped(sentences: Iterable[Sentence]) -> list[tuple[Unit, list[Sentence]]]:
    """Unit by unit, the one with the weightiest sentence first."""
    rows = list(sentences)
    first: dict[int, int] = {}
    for place, each in enumerate(rows):
        first.setdefault(each.unit.pk, place)
    ordered = sorted(rows, key=lambda each: first[each.unit.pk])
    return [
        (here[0].unit, here) for _pk, found in groupby(ordered, key=lambda each: each.unit.pk) if (here := list(found))
    ]


def reading_of(user: User) -> OverviewReading:
    """What is kept of the person's reading, or an empty one. One query."""
    return OverviewReading.objects.filter(user=user).first() or OverviewReading(user=user)


@in_one_process()
def look(user: User, reading: OverviewReading) -> Look:
    """The same number of queries however many units and cases there are."""
    scope = Scope.of(user)
    counted = Counted(scope)
    charts = changes.of_charts(scope, counted)
    facts = sorted(
        [*charts.facts, *work.of_work(scope, counted)],
        key=lambda fact: (-fact.weight, fact.unit.depth, fact.unit.name, fact.name),
    )
    since, before = last_read(reading)
    away = {fact.name for fact in facts if (day := reading.put_away.get(fact.name)) and fact.since.isoformat() <= day}
    here = [fact for fact in facts if fact.name not in away]
    new = {fact.name for fact in here if since and not _was_there(fact, before, since)}
    return Look(
        fresh=_said(scope, (fact for fact in here if fact.name in new), is_new=True),
        still=_said(scope, (fact for fact in here if fact.name not in new)),
        put_away=_said(scope, (fact for fact in facts if fact.name in away)),
        read=charts.read,
        since=since,
        is_cut=scope.is_cut,
        facts=facts,
    )


def last_read(reading: OverviewReading) -> tuple[datetime.datetime | None, list[str]]:
    """The moment of the reading before this one, and what stood there then."""
    if reading.is_over:
        return reading.read_at, reading.facts
    return reading.before_at, reading.before


def _was_there(fact: Fact, before: list[str], since: datetime.datetime) -> bool:
    return fact.name in before and fact.since <= timezone.localdate(since)


def _said(scope: Scope, facts: Iterable[Fact], *, is_new: bool = False) -> list[Sentence]:
    """A sentence for each fact, one for all units that are silent."""
    sentences: list[Sentence] = []
    silent: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.kind == Kind.SILENT:
            silent.setdefault(scope.root_of(fact.unit).pk, []).append(fact)
        else:
            sentences.append(_alone(scope, fact, is_new=is_new))
    for root, several in silent.items():
        if len(several) == 1:
            sentences.append(_alone(scope, several[0], is_new=is_new))
            continue
        names = [fact.unit.name for fact in several[:NAMED]]
        if len(several) > NAMED:
            names.append(_("%(n)d more") % {"n": len(several) - NAMED})
        said = _("%(n)s units have had no report for 60 days: %(units)s.")
        words = {"n": in_words(len(several)), "units": ", ".join(names)}
        unit = scope.units[root]
        url = work.list_url(Kind.SILENT, *(fact.unit for fact in several))
        ask = url if any(fact.ask for fact in several) else ""
        sentences.append(Sentence(tuple(several), unit, capfirst(said % words), url, ask, Asks.EACH, is_new=is_new))
    return sorted(sentences, key=lambda each: -each.weight)


def _alone(scope: Scope, fact: Fact, *, is_new: bool) -> Sentence:
    ask, asks = fact.ask, Asks.LEADER
    if not ask and fact.kind in (Kind.REVIEW, Kind.UNREAD) and scope.has_leaders_below:
        ask, asks = fact.url, Asks.EACH
    elif not ask and fact.kind in QUESTION:
        ask, asks = scope.ask_one(QUESTION[fact.kind]), Asks.ONE
    return Sentence((fact,), fact.unit, fact.text, fact.url, ask, asks, is_new)
