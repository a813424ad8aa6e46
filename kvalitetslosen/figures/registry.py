"""What can be counted: each module says it in its ``subjects.py``, found as Django's admin finds ``admin.py``.

    register_subject(Subject(key="avvik", label=_("Deviations"), …))

A subject is rows with a moment. A dimension is what they can be split and narrowed by: one database expression for
both, so that a number is always that of its list. The platform counts; it knows no module. See decision 40.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext, gettext_lazy

from kvalitetslosen.organisation.models import LEVELS, Unit, User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.figures.question import Question

SUBJECT, UNIT, MEASURE, FROM, TO, BY, SPLIT, COMPARED, SHOWN, RATE = (
    "om", "enhet", "mal", "fra", "til", "per", "del", "ifjor", "vis", "rate",
)  # fmt: skip
WORDS = frozenset({SUBJECT, UNIT, MEASURE, FROM, TO, BY, SPLIT, COMPARED, SHOWN, RATE, "etter", "for"})
"""What an address has besides dimensions."""

NOT_SET = "-"
"""The value of what has none, in an address."""

Counted = Iterable[tuple[datetime.date | None, tuple[str, ...], Any, int]]
"""First day of the stretch of time, a value for each split, what is measured, how many."""


@dataclass(frozen=True)
class Sight:
    """What one person reads of a subject in a unit.

    ``listed``: they may open the rows behind a number. ``protected``: they have figures only, and small numbers are
    kept from them. ``shared``: others read it too, and a median of few isn't told.
    """

    rows: Callable[[], QuerySet[Any]]
    listed: bool = True
    protected: bool = False
    shared: bool = False
    told: _StrOrPromise = ""  # which rows are counted, where that isn't all that one would think


UNSET = gettext_lazy("Not set")


@dataclass(frozen=True)
class Dimension:
    """Something rows differ by."""

    key: str
    label: _StrOrPromise
    definition: _StrOrPromise
    expression: Callable[[Question], Combinable | str]
    names: Callable[[Question, Collection[str]], Mapping[str, str]]
    ordered: Sequence[str] = ()  # the values in their own order; without one, the largest first
    number: bool = False  # the database's values are whole numbers
    choices: bool = True  # few enough to choose from in a form
    open_to_all: bool = False  # may be read by those who have figures only
    missing: _StrOrPromise = UNSET  # what rows without a value are called
    of_people: bool = False  # it tells of the cases behind rows that tell of nobody by themselves

    def narrowed(self, rows: QuerySet[Any], question: Question, values: Collection[str]) -> QuerySet[Any]:
        """The rows with one of the values."""
        name = f"is_{self.key.replace('-', '_')}"
        rows = rows.alias(**{name: self._expression(question)})
        known = [self._known(value) for value in values if value != NOT_SET]
        where = Q(**{f"{name}__in": [value for value in known if value is not None]})
        if NOT_SET in values:
            where |= Q(**{f"{name}__isnull": True})
            if not self.number:
                where |= Q(**{name: ""})
        return rows.filter(where)

    def _known(self, value: str) -> int | str | None:
        if not self.number:
            return value
        return int(value) if value.isdecimal() and len(value) < 18 else None

    def _expression(self, question: Question) -> Combinable:
        found = self.expression(question)
        return F(found) if isinstance(found, str) else found

    def counted(self, question: Question) -> Combinable:
        """The expression, to group by."""
        return self._expression(question)

    @staticmethod
    def value(found: Any) -> str:
        """A value of the database as the address has it."""
        return NOT_SET if found is None or found == "" else str(found)

    def told_always(self, question: Question) -> Sequence[str]:
        """Values that stand in a table even where nothing is counted."""
        return self.ordered

    def named(self, question: Question, values: Collection[str]) -> dict[str, str]:
        """What the values are called, in the reader's language."""
        known = self.names(question, [value for value in values if value != NOT_SET])
        return {value: str(known.get(value) or (self.missing if value == NOT_SET else value)) for value in values}


class Kind(Enum):
    COUNT = "count"
    MEDIAN = "median"
    SHARE = "share"


@dataclass(frozen=True)
class Measure:
    """What is told of the rows: how many, the median of a number, or the share of which something is true.

    ``expression`` is nothing for a count. Rows for which it is NULL are not measured, and not in the list either.
    For a share it is 1 or 0. ``there`` says the same as that it isn't NULL, where it can be said more cheaply.
    """

    key: str
    label: _StrOrPromise
    definition: _StrOrPromise
    kind: Kind = Kind.COUNT
    expression: Callable[[Question], Combinable] | None = None
    there: Callable[[], Q] | None = None

    def measured(self, rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
        """The rows the measure is of."""
        if self.expression is None:
            return rows
        if self.there is not None:
            return rows.filter(self.there())
        found: QuerySet[Any] = rows.alias(measured_by=self.expression(question)).filter(measured_by__isnull=False)
        return found


class Line(NamedTuple):
    """One row, as its list tells of it."""

    name: str
    url: str
    about: str = ""


@dataclass(frozen=True)
class Subject:
    """Rows that are counted by time, place and dimension."""

    key: str
    label: _StrOrPromise
    counts: _StrOrPromise  # what the column with their number is called
    definition: _StrOrPromise
    order: int
    starts: Callable[[User], Sequence[Unit | int]]  # the topmost units the person reads it of; a municipality as id
    sight: Callable[[User, Unit, bool], Sight | None]  # the last: others read it too. None: the person has no figures
    moment: str  # the field it counts by
    lines: Callable[[QuerySet[Any]], QuerySet[Any]]  # with what a line of the list tells of each
    line: Callable[[Any], Line]
    fetched: Callable[[User, Sequence[Any]], None] | None = None
    """What else a line needs to know of its row for this reader, of a page of rows at once."""
    by_day: bool = False  # the moment is a day, not an hour
    of_people: bool = True  # a small number could tell of somebody
    own: bool = False  # each counts what they have to do with themselves: who else leads the unit reads other numbers
    dimensions: Sequence[Dimension] = ()
    measures: Sequence[Measure] = ()
    kept: Callable[[Question], Counted | None] | None = None
    """What is kept counted already, where that answers the question; rows to be taken away come as fewer than none."""
    empty: _StrOrPromise = ""  # what to do where nothing is counted
    known: dict[str, Dimension] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.known.update({each.key: each for each in self.dimensions})

    def dimension(self, key: str) -> Dimension | None:
        return self.known.get(key)

    def measure(self, key: str) -> Measure | None:
        return next((each for each in self.measures if each.key == key), None)

    def may_read(self, user: User) -> bool:
        """Whether the person has any of its figures. No query."""
        return bool(self.starts(user))


def held(*roles: str, whole: Sequence[str] = ()) -> Callable[[User], list[Unit | int]]:
    """Where one of the roles is held, each once, the topmost of each first; ``whole`` opens the municipality."""

    def starts(user: User) -> list[Unit | int]:
        found: dict[int, Unit | int] = {}
        for role in roles:
            for unit in user.standing.units(role):
                found.setdefault(unit.pk, unit)
        if user.standing.has(*whole):
            found.setdefault(user.municipality_id, user.municipality_id)
        return list(found.values())

    return starts


def of_choices(choices: Iterable[tuple[str, _StrOrPromise]]) -> Callable[[Question, Collection[str]], dict[str, str]]:
    """Names of values that come from a list of choices."""
    known = dict(choices)
    return lambda _question, values: {value: str(known[value]) for value in values if value in known}


def choice_dimension(
    key: str,
    label: _StrOrPromise,
    definition: _StrOrPromise,
    expression: str | Callable[[Question], Combinable | str],
    choices: Sequence[tuple[str, _StrOrPromise]],
    **more: Any,
) -> Dimension:
    """A dimension with a fixed list of values, in the list's order."""
    return Dimension(
        key,
        label,
        definition,
        (lambda _question: expression) if isinstance(expression, str) else expression,
        of_choices(choices),
        ordered=tuple(value for value, _label in choices),
        **more,
    )


UNDER = "under"
"""The dimension of units right below, in every subject."""


def unit_dimension(definition: _StrOrPromise, prefix: str = "", **more: Any) -> Dimension:
    """The units right below the one asked for; what lies in that itself has no value."""

    def expression(question: Question) -> Combinable | str:
        depth = question.unit.depth + 1
        return f"{prefix}{LEVELS[depth]}" if depth < len(LEVELS) else Value(None, BigIntegerField())

    def names(question: Question, _values: Collection[str]) -> dict[str, str]:
        below = {str(pk): name for pk, name, _closed in question.below}
        return below | {NOT_SET: gettext("%(unit)s itself") % {"unit": question.unit.name}}

    return _UnitDimension(UNDER, gettext_lazy("Unit"), definition, expression, names, number=True, **more)


class _UnitDimension(Dimension):
    def told_always(self, question: Question) -> Sequence[str]:
        """Those in use: where nothing was reported says something too."""
        return [str(pk) for pk, _name, closed in question.below if not closed]

    def named(self, question: Question, values: Collection[str]) -> dict[str, str]:
        known = self.names(question, values)
        return {value: known.get(value, value) for value in values}


@dataclass(frozen=True)
class Ready:
    """A good question to begin with: its words, and the address without the unit. Nothing where it doesn't fit."""

    label: _StrOrPromise
    address: Callable[[User], str]
    open_to_all: bool = False  # may be asked by those who have figures only


_subjects: dict[str, Subject] = {}
_ready: list[tuple[int, str, Ready]] = []


def register_ready(subject: str, ready: Ready, *, order: int) -> None:
    _ready.append((order, subject, ready))
    _ready.sort(key=lambda each: each[0])


def ready_questions(user: User, *, protected: bool) -> list[tuple[str, str]]:
    """Words and addresses of those that the person may ask."""
    known = {each.key for each in subjects_of(user)}
    found = [
        (str(each.label), each.address(user))
        for _order, subject, each in _ready
        if subject in known and (each.open_to_all or not protected)
    ]
    return [(label, address) for label, address in found if address]


def register_subject(subject: Subject) -> None:
    """Raises ValueError where a dimension has a word that the address means something else by."""
    for each in subject.dimensions:
        if each.key in WORDS:
            raise ValueError(f"{each.key} means something else in the address of a question")
    _subjects[subject.key] = subject


def subjects() -> list[Subject]:
    return sorted(_subjects.values(), key=lambda each: each.order)


def subjects_of(user: User) -> list[Subject]:
    """Those the person has figures of, in their order. No query."""
    return [each for each in subjects() if each.may_read(user)]


def may_explore(user: User) -> bool:
    """Asked for the tabs and the menu: no query."""
    return any(each.may_read(user) for each in _subjects.values())
