"""Which ready reports there are and what stands in them: each module says it in its ``ready_reports.py``.

    register_kind(Kind("ledermote", _("The leaders’ meeting"), …))
    register_section("ledermote", Section("maned", 10, make=by_month, picture=COLUMNS, line=1))

A section is figures, words, or both. Its figures are those of a page of the module, made by the same functions: a
report counts nothing of its own. ``Asked`` says for whom, of which unit and period; what several sections stand on
is made once (``remember``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from kvalitetslosen.organisation.access import sees_less_below
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.reports.periods import Period, Rhythm
from kvalitetslosen.ui.charts import Figures

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

T = TypeVar("T")

COLUMNS, BARS, TABLE, LINES, SHADES = "columns", "bars", "table", "lines", "shades"
"""How figures are drawn: a picture with a column for each row, bars beside the numbers, the table alone, a line for
each of its columns, or the table with darker cells where there is more."""


@dataclass
class Asked:
    """Whose figures, of which unit and period. ``for_all``: others read them, and no case about a leader counts."""

    user: User
    unit: Unit
    period: Period
    for_all: bool = False
    _made: dict[str, Any] = field(default_factory=dict, repr=False)

    def remember(self, name: str, make: Callable[[], T]) -> T:
        """What more than one section stands on, made the first time it is asked for."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a report. ``make`` gives its figures as the person may read them, or nothing where there are none.

    ``prompt`` is what the writer is asked to say there. A section without figures has its own ``title``. What small
    numbers need to be told: ``measured`` is a foot that is no sum ("median", "share"), ``apart`` columns that have
    nothing to do with each other, ``told`` numbers that count nobody (a price, a mean that is protected already),
    ``in_words`` numbers of cases in the sentence alone, which those who have no cases don't read.
    """

    name: str
    order: int
    make: Callable[[Asked], Figures | None] | None = None
    title: _StrOrPromise = ""
    prompt: _StrOrPromise = ""
    picture: str = TABLE
    bar: int = 0
    line: int | None = None
    measured: str = ""
    apart: bool = False
    told: bool = False
    in_words: bool = False


@dataclass(frozen=True, eq=False)
class Kind:
    """A ready report: whose it is, and how often it is made.

    ``roles`` read it live and write it, at the unit they hold the role at and below; ``whole`` do so for the whole
    municipality and no part of it; ``only_read`` are those of both who don't write it, nor see drafts.
    """

    name: str  # as an address has it
    label: _StrOrPromise
    sentence: _StrOrPromise  # what it is for
    order: int
    rhythm: Rhythm
    roles: tuple[Role, ...]
    whole: tuple[Role, ...] = ()
    top_only: bool = False  # of the whole municipality and no part of it
    readers: tuple[Role, ...] = ()  # whom it is usually shared with
    only_read: tuple[Role, ...] = ()
    figures_only: tuple[Role, ...] = ()  # of ``whole``, those that have no cases behind the figures
    narrow: tuple[Role, ...] = ()  # of ``roles``, those that see only some kinds of cases by law
    of_some: bool = False  # it counts only some kinds of cases: all cases beside them would tell the others

    @cached_property
    def sections(self) -> list[Section]:
        """In their order. All have been registered once the first page is shown."""
        return sorted(_sections.get(self.name, ()), key=lambda each: each.order)

    def section(self, name: str) -> Section | None:
        return next((each for each in self.sections if each.name == name), None)

    def reaches(self, user: User, unit: Unit) -> bool:
        """Whether the person reads it live of the unit, and may write it. No query."""
        if unit.municipality_id != user.municipality_id or (self.top_only and unit.depth):
            return False
        standing = user.standing
        if unit.depth == 0 and standing.has(*self.whole):
            return True
        return any(standing.reaches(role, unit) for role in self.roles)

    def writes(self, user: User, unit: Unit) -> bool:
        """Whether the person may write it of the unit. No query."""
        if not self.reaches(user, unit):
            return False
        if unit.depth == 0 and user.standing.has(*(role for role in self.whole if role not in self.only_read)):
            return True
        return any(self._writes_as(role, user, unit) for role in self.roles if role not in self.only_read)

    @staticmethod
    def _writes_as(role: Role, user: User, unit: Unit) -> bool:
        """Leaders whose sight is narrowed don't write on from two levels down, as ``written_by`` has it."""
        bound = role == Role.LEADER and user.standing.narrowed
        return any(
            unit.is_within(top) and not (bound and unit.depth >= top.depth + 2) for top in user.standing.units(role)
        )

    def narrows(self, user: User, unit: Unit) -> bool:
        """Whether only serious cases are counted of units further down. One query at most."""
        whole = unit.depth == 0 and user.standing.has(*(role for role in self.whole if role not in self.figures_only))
        all_of_its_kind = any(user.standing.reaches(role, unit) for role in self.roles if role != Role.LEADER)
        return not whole and not all_of_its_kind and sees_less_below(user, unit)

    def follows(self, rhythm: str, roles: Collection[str]) -> bool:
        """Whether it comes in the rhythm to those with the roles: to those with figures only in its own."""
        return rhythm == self.rhythm or not {*self.figures_only}.intersection(roles)

    def protects(self, user: User, unit: Unit) -> bool:
        """Whether small numbers are kept from the person: they have the report, and no cases behind it. No query."""
        if any(user.standing.reaches(role, unit) for role in self.roles):
            return False
        return not user.standing.has(*(role for role in self.whole if role not in self.figures_only))

    def begins(self, user: User) -> list[int]:
        """The topmost units the person has it of, by their ids. No query."""
        found: dict[int, None] = {}
        for role in self.roles:
            for unit in user.standing.units(role):
                if not self.top_only or unit.depth == 0:
                    found.setdefault(unit.pk, None)
        if user.standing.has(*self.whole):
            found.setdefault(user.municipality_id, None)
        return list(found)

    def scope(self, user: User, unit: Unit) -> str:
        """Whose figures are the same as whose: two people with the same scope count the same."""
        standing = user.standing
        wide = [role for role in self.roles if role not in self.narrow]
        if not standing.narrowed and any(standing.reaches(role, unit) for role in wide):
            return "all"
        return str(user.pk)


_kinds: dict[str, Kind] = {}
_sections: dict[str, list[Section]] = {}


def register_kind(kind: Kind) -> None:
    """Raises ValueError when another has the name."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"There is a report {kind.name} already.")
    _kinds[kind.name] = kind


def register_section(kind: str, *sections: Section) -> None:
    """Put sections into a report, whichever module it is of."""
    _sections.setdefault(kind, []).extend(sections)


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda each: each.order)


def kinds_of(user: User) -> list[Kind]:
    """Those the person has of some unit. No query."""
    return [kind for kind in kinds() if kind.begins(user)]


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def kind_names() -> list[tuple[str, _StrOrPromise]]:
    return [(kind.name, kind.label) for kind in kinds()]
