"""One thing that has changed, and how much it asks for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from kvalitetslosen.organisation.models import Unit


class Kind(StrEnum):
    """What a fact is of; as an address and a kept name have it."""

    SILENT = "stille"
    EFFECT = "effekt"
    SHIFT = "skift"
    POINT = "topp"
    LATE_CASES = "saker-sent"
    LATE_ACTIONS = "tiltak-sent"
    SLOWER = "saktere"
    FASTER = "raskere"
    UNANSWERED = "sporsmal"
    FINISHED = "forbedring"
    NEAR = "nesten"
    REPORTED = "meldt"
    REVIEW = "revisjon"
    UNREAD = "ulest"
    PULSE = "puls"


WEIGHT: dict[Kind, int] = {
    Kind.EFFECT: 90, Kind.SILENT: 85, Kind.SHIFT: 80, Kind.SLOWER: 75, Kind.LATE_CASES: 70, Kind.LATE_ACTIONS: 65,
    Kind.FASTER: 62, Kind.FINISHED: 60, Kind.UNANSWERED: 58, Kind.POINT: 55, Kind.NEAR: 52, Kind.REPORTED: 45,
    Kind.REVIEW: 40, Kind.UNREAD: 38, Kind.PULSE: 30,
}  # fmt: skip
"""What asks for most first. Good news stand among the rest, so that they are read."""


@dataclass(frozen=True)
class Fact:
    """Something that is so in a unit since a day.

    ``about`` tells apart facts of one kind and unit. The same fact is one of the same name that began before: a shift
    that goes on is no new one, a second one is.
    """

    kind: Kind
    unit: Unit
    since: datetime.date
    text: str
    url: str  # of the list or chart that shows it
    ask: str = ""  # where its leader is asked, the question filled in
    about: str = ""
    is_good: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.unit.pk}:{self.about}" if self.about else f"{self.kind}:{self.unit.pk}"

    @property
    def weight(self) -> int:
        return WEIGHT[self.kind]
