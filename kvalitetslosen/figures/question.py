"""A question about figures, as an address has it: what, where, when, split how. It can be sent, kept and asked again.

What makes no sense in an address, or isn't for the person, is left out, and said. Each number of an answer leads to
the same question narrowed to that number: the list counts what the number counted, by the same expressions.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.figures import periods
from kvalitetslosen.figures.registry import (
    BY,
    COMPARED,
    FROM,
    MEASURE,
    NOT_SET,
    RATE,
    SHOWN,
    SPLIT,
    SUBJECT,
    TO,
    UNDER,
    UNIT,
    Dimension,
    Kind,
    Measure,
    Sight,
    Subject,
    subjects_of,
)
from kvalitetslosen.months import months_after
from kvalitetslosen.organisation.models import LEVELS, Unit, User

WHOLE_PERIOD = "alt"
"""Not told by time, as an address has it."""
NO_SPLIT = "ingen"
MONTHS_SHOWN = 12
MOST_VALUES = 20  # of one filter
LONGEST = 80  # letters of a value


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked, by whom, and what they see of it."""

    user: User
    subject: Subject
    unit: Unit
    sight: Sight
    measure: Measure
    first: datetime.date
    last: datetime.date
    by: str = ""
    split: tuple[Dimension, ...] = ()
    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    compared: bool = False
    shown: str = ""  # the chart; nothing for the one that fits
    rate: str = ""  # what the numbers are divided by
    told: tuple[str, ...] = field(default=())  # what was left out of the address, in sentences

    @cached_property
    def below(self) -> list[tuple[int, str, bool]]:
        """The units right below, for their names, and whether each is closed. One query."""
        rows = Unit.objects.filter(parent=self.unit.pk).order_by("name", "pk").values_list("pk", "name", "closed_on")
        return [(pk, name, closed is not None) for pk, name, closed in rows]

    @property
    def of_people(self) -> bool:
        """Whether a small number could tell of somebody."""
        asked = (*self.split, *(each for each, _values in self.filters))
        return self.subject.of_people or any(each.of_people for each in asked)

    @cached_property
    def stretches(self) -> list[periods.Stretch]:
        return periods.stretches(self.by, self.first, self.last)

    # The rows

    def rows(self) -> QuerySet[Any]:
        """All that is counted: what the person sees of the unit in the period, narrowed."""
        return self.narrowed(self.sight.rows())

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that the question is about."""
        rows = rows.filter(**periods.within(self.subject.moment, self.subject.by_day, self.first, self.last))
        for dimension, values in self.filters:
            rows = dimension.narrowed(rows, self, values)
        return self.measure.measured(rows, self)

    # Addresses

    def address(self, **changed: object) -> str:
        """The one way to write it: after the question mark. Nothing that goes without saying."""
        asked = replace(self, **changed) if changed else self  # type: ignore[arg-type]
        first, last = periods.period_text(asked.first, asked.last)
        parts: list[tuple[str, str]] = [(SUBJECT, asked.subject.key), (UNIT, str(asked.unit.pk))]
        if asked.measure is not asked.subject.measures[0]:
            parts.append((MEASURE, asked.measure.key))
        parts += [(FROM, first), (TO, last), (BY, asked.by or WHOLE_PERIOD)]
        parts += [(SPLIT, each.key) for each in asked.split] or [(SPLIT, NO_SPLIT)]
        parts += [(each.key, value) for each, values in asked.filters for value in values]
        if asked.compared:
            parts.append((COMPARED, "1"))
        if asked.rate:
            parts.append((RATE, asked.rate))
        if asked.shown:
            parts.append((SHOWN, asked.shown))
        return urlencode(parts)

    def of(self, first: datetime.date, last: datetime.date, values: Sequence[tuple[Dimension, str]] = ()) -> str:
        """The address of the list behind one number: a stretch of time and a value of each split."""
        kept = [(each, chosen) for each, chosen in self.filters if not any(each is split for split, _v in values)]
        narrowed = (*kept, *((each, (value,)) for each, value in values))
        return self.address(
            first=first, last=last, by="", split=(), filters=narrowed, compared=False, shown="", rate=""
        )

    # Read from an address

    @classmethod
    def asked(cls, user: User, query: QueryDict, *, for_all: bool = False, on_page: bool = False) -> Question:
        """The question in the address. Raises ``Http404`` and ``PermissionDenied`` for units that aren't one's own.

        ``for_all``: others read the answer too. ``on_page``: the address may have been sent by somebody who has
        figures of more. Then it is asked of one's own unit, and that is said.
        """
        return _Reading(user, query, for_all, on_page).question()


def mine(user: User) -> list[Subject]:
    """What the person has figures of; raises ``PermissionDenied`` where there is nothing."""
    found = subjects_of(user)
    if not found:
        raise PermissionDenied
    return found


class _Reading:
    """Makes a question of an address, bit by bit, and remembers what was left out."""

    def __init__(self, user: User, query: QueryDict, for_all: bool, on_page: bool) -> None:
        self.user, self.query, self.for_all, self.on_page = user, query, for_all, on_page
        self.told: list[str] = []
        self.moved = False  # to another unit than that of the address

    def question(self) -> Question:
        known = mine(self.user)
        key = self.query.get(SUBJECT, "")
        subject = next((each for each in known if each.key == key), known[0])
        if key and subject.key != key:
            self.told.append(_("The address asks for something there are no figures of. These are the usual ones."))
        unit, sight = self._place(subject)
        first, last = self._period()
        split = self._split(subject)
        by = self._by(first, last, periods.MOST_OF_PAIRS if len(split) == 2 else periods.MOST)
        measure = subject.measure(self.query.get(MEASURE, "")) or subject.measures[0]
        question = Question(self.user, subject, unit, sight, measure, first, last, by)
        filters = self._filters(subject)
        question = replace(
            question,
            split=split,
            filters=filters,
            compared=self.query.get(COMPARED) == "1",
            shown=self.query.get(SHOWN, "")[:20],
            rate=self.query.get(RATE, "")[:20] if measure.kind is Kind.COUNT else "",
        )
        if sight.protected:
            question = self._protected(question)
        return replace(question, told=tuple(dict.fromkeys(self.told)))

    def _place(self, subject: Subject) -> tuple[Unit, Sight]:
        number = self.query.get(UNIT, "")
        if not number:
            return self._own(subject)
        if not (number.isdecimal() and len(number) < 18):
            raise Http404
        unit = self._unit(int(number))
        found = subject.sight(self.user, unit, self.for_all)
        if found is None and self.on_page:
            self.moved = True
            own, sight = self._own(subject)
            said = {"unit": unit.name, "own": own.name}
            self.told.append(_("You have no figures of %(unit)s. These are those of %(own)s.") % said)
            return own, sight
        return unit, self._allowed(found)

    def _own(self, subject: Subject) -> tuple[Unit, Sight]:
        """Where the person's figures begin."""
        own = subject.starts(self.user)[0]
        unit = own if isinstance(own, Unit) else self._unit(own)
        return unit, self._allowed(subject.sight(self.user, unit, self.for_all))

    def _unit(self, pk: int) -> Unit:
        unit = Unit.objects.visible_to(self.user).filter(pk=pk).first()
        if unit is None:
            raise Http404
        return unit

    @staticmethod
    def _allowed(found: Sight | None) -> Sight:
        if found is None:
            raise PermissionDenied
        return found

    def _period(self) -> tuple[datetime.date, datetime.date]:
        first, last = usual_period()
        for name, end in ((FROM, False), (TO, True)):
            text = self.query.get(name, "").strip()
            if not text:
                continue
            day = periods.day_in(text, end=end)
            if day is None:
                self.told.append(_("The period in the address makes no sense. Write it as 2026-11 or 2026-11-29."))
            elif end:
                last = day
            else:
                first = day
        if FROM not in self.query and TO in self.query:
            first = months_after(last, 1 - MONTHS_SHOWN)
        if first > last:
            self.told.append(_("The period ended before it began. These are the last twelve months."))
            return usual_period()
        return first, last

    def _by(self, first: datetime.date, last: datetime.date, most: int) -> str:
        text = self.query.get(BY, "")
        if text == WHOLE_PERIOD:
            return ""
        by = text if text in periods.STRETCHES else periods.MONTH
        coarser = periods.coarse_enough(by, first, last, most)
        if coarser != by:
            self.told.append(_("The period is too long to be told so finely. It is told more coarsely."))
        return coarser

    def _split(self, subject: Subject) -> tuple[Dimension, ...]:
        if SPLIT not in self.query:
            return tuple(subject.dimensions[:1])
        found: dict[str, Dimension] = {}
        for key in self.query.getlist(SPLIT)[:4]:
            dimension = subject.dimension(key)
            if dimension is not None and len(found) < 2:
                found[key] = dimension
            elif key not in ("", NO_SPLIT) and key not in found:
                self.told.append(_("Some of how it was to be split isn't known here, and is left out."))
        return tuple(found.values())

    def _filters(self, subject: Subject) -> tuple[tuple[Dimension, tuple[str, ...]], ...]:
        found = []
        for dimension in subject.dimensions:
            values = [value[:LONGEST] for value in self.query.getlist(dimension.key)[:MOST_VALUES] if value]
            kept = [value for value in dict.fromkeys(values) if _makes_sense(dimension, value)]
            if len(kept) < len(set(values)):
                self.told.append(_("Some of what it was narrowed to makes no sense, and is left out."))
            if kept and not (self.moved and dimension.key == UNDER):  # below another unit there are others
                found.append((dimension, tuple(kept)))
        return tuple(found)

    def _protected(self, question: Question) -> Question:
        """For those who have figures only: one calendar year, by month or split one way, and nothing narrowed.

        Otherwise the difference of two answers would tell what each of them hides.
        """
        year = question.last.year
        split = tuple(each for each in question.split if each.open_to_all)[:1] if SPLIT in self.query else ()
        allowed = replace(
            question,
            first=datetime.date(year, 1, 1),
            last=datetime.date(year, 12, 31),
            by="" if split or not question.by else periods.MONTH,
            split=split,
            filters=(),
            measure=question.subject.measures[0] if question.measure.kind is Kind.SHARE else question.measure,
            compared=question.compared and question.measure.kind is not Kind.MEDIAN,
        )
        if self.query.keys() - {SUBJECT, UNIT} and allowed.address() != question.address():
            self.told.append(
                _("You read one calendar year, by month or split one way, so that nobody can be picked out.")
            )
        return allowed


def _makes_sense(dimension: Dimension, value: str) -> bool:
    if value == NOT_SET:
        return True
    if dimension.number:
        return value.isdecimal() and len(value) < 18
    return not dimension.ordered or value in dimension.ordered


def usual_period() -> tuple[datetime.date, datetime.date]:
    """The running month and the eleven before it."""
    last = periods.last_of_month(timezone.localdate())
    return months_after(last, 1 - MONTHS_SHOWN), last


def units_to_choose(user: User, subject: Subject, unit: Unit) -> list[tuple[int, str, bool]]:
    """The unit, those above it that the person reads, those right below and where else theirs begin, with the names.

    One query.
    """
    starts = subject.starts(user)
    own = [each.pk if isinstance(each, Unit) else each for each in starts]
    wanted = Q(pk__in=[unit.pk, *unit.ancestor_ids, *own]) | Q(parent=unit.pk, closed_on=None)
    rows = Unit.objects.visible_to(user).filter(wanted).only("name", "depth", "parent", *LEVELS)
    return [
        (row.pk, row.name, row.pk == unit.pk)
        for row in rows.order_by("depth", "name", "pk")
        if row.pk == unit.pk or row.pk in own or any(_is_above(row, start) for start in starts)
    ]


def _is_above(row: Unit, start: Unit | int) -> bool:
    """Whether the row lies at or below where the person's figures begin."""
    return row.is_within(start) if isinstance(start, Unit) else row.level_0 == start


def chosen(question: Question, key: str) -> Collection[str]:
    """What a dimension is narrowed to."""
    return next((values for each, values in question.filters if each.key == key), ())
