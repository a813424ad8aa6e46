"""What numbers are divided by, to be compared: people at work, bed days, visits, pupils, users.

People at work follow from the memberships in force in the middle of each stretch of time. The others are written down
by month (``Denominator``): for a unit and all below it. Where a unit has no number of its own, it is the sum of the
units right below, if every one of these in use has one; otherwise it is lacking, and there is no rate.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from kvalitetslosen.figures import periods
from kvalitetslosen.figures.models import PER, SUMMED, Basis, Denominator
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import UNDER, Kind
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit

EMPLOYEES = "ansatte"
AT_WORK = (Role.EMPLOYEE, Role.LEADER)
COARSE = (periods.MONTH, periods.QUARTER, periods.YEAR, "")


@dataclass(eq=False)
class Rate:
    """So many for each ``per`` of something. ``of`` tells how many of it there were; None where it is lacking.

    ``units`` are those right below that are asked about, or nothing for the whole unit of the question.
    """

    question: Question
    label: str
    per: int

    def of(self, stretch: periods.Stretch | None, units: Collection[int] = ()) -> float | None:
        raise NotImplementedError

    def _between(self, stretch: periods.Stretch | None) -> tuple[datetime.date, datetime.date]:
        return (stretch.first, stretch.last) if stretch else (self.question.first, self.question.last)


class PerEmployee(Rate):
    """People who work there, each once, in the middle of the time asked about."""

    @cached_property
    def _known(self) -> list[tuple[int, datetime.date, datetime.date | None, tuple[int | None, ...]]]:
        question = self.question
        rows = Membership.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=question.first),
            valid_from__lte=question.last,
            withdrawn=False,
            role__in=AT_WORK,
            **{f"unit__{LEVELS[question.unit.depth]}": question.unit.pk},
        )
        levels = [f"unit__{level}" for level in LEVELS]
        return [
            (row[0], row[1], row[2], row[3:]) for row in rows.values_list("user", "valid_from", "valid_to", *levels)
        ]

    def of(self, stretch: periods.Stretch | None, units: Collection[int] = ()) -> float | None:
        first, last = self._between(stretch)
        middle, known = first + (last - first) / 2, frozenset(units)
        return len(
            {
                user
                for user, begun, ended, line in self._known
                if begun <= middle and (ended is None or ended >= middle) and (not units or not known.isdisjoint(line))
            }
        )


class PerWritten(Rate):
    """What leaders have written down."""

    basis: Basis

    @cached_property
    def _numbers(self) -> dict[tuple[int, datetime.date], int]:
        question = self.question
        rows = Denominator.objects.in_subtree(question.unit).filter(
            basis=self.basis, n__isnull=False, month__gte=question.first.replace(day=1), month__lte=question.last
        )
        return {(unit, month): n or 0 for unit, month, n in rows.values_list("unit", "month", "n")}

    @cached_property
    def _below(self) -> dict[int | None, list[int]]:
        """The units in use, by the one above."""
        found: dict[int | None, list[int]] = {}
        rows = Unit.objects.in_subtree(self.question.unit).active().order_by("pk").values_list("parent", "pk")
        for parent, pk in rows:
            found.setdefault(parent, []).append(pk)
        return found

    def _in_month(self, unit: int, month: datetime.date) -> int | None:
        if (unit, month) in self._numbers:
            return self._numbers[unit, month]
        below = [self._in_month(each, month) for each in self._below.get(unit, ())]
        return None if not below or None in below else sum(each for each in below if each is not None)

    def _of_units(self, month: datetime.date, units: Collection[int]) -> int | None:
        found = [self._in_month(each, month) for each in units or (self.question.unit.pk,)]
        return None if None in found else sum(each for each in found if each is not None)

    def of(self, stretch: periods.Stretch | None, units: Collection[int] = ()) -> float | None:
        first, last = self._between(stretch)
        if not periods.is_whole_months(first, last):
            return None
        months = [each.start for each in periods.stretches(periods.MONTH, first, last)]
        found = [self._of_units(month, units) for month in months]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        return sum(known) if self.basis in SUMMED else sum(known) / len(known)

    @cached_property
    def lacking(self) -> list[periods.Stretch]:
        """The months there is no number of."""
        months = periods.stretches(periods.MONTH, self.question.first, self.question.last)
        units = asked_about(self.question) or ()
        return [each for each in months if self._of_units(each.start, units) is None]


def asked_about(question: Question, values: Sequence[tuple[str, str]] = ()) -> tuple[int, ...] | None:
    """The units right below that the question is narrowed to, or a row of it is of: ``values`` by dimension.

    Nothing for the whole unit; None where some of it lies in the unit itself: how many that could happen to, nobody
    knows.
    """
    narrowed = next((values for each, values in question.filters if each.key == UNDER), ())
    found = [value for key, value in values if key == UNDER] or narrowed
    return tuple(int(each) for each in found) if all(each.isdecimal() for each in found) else None


def labels() -> dict[str, str]:
    """What one can divide by, as the address has it."""
    return {
        EMPLOYEES: _("Per 100 employees"),
        Basis.BED_DAYS.value: _("Per 1,000 bed days"),
        Basis.VISITS.value: _("Per 1,000 visits"),
        Basis.PUPILS.value: _("Per 100 pupils"),
        Basis.USERS.value: _("Per 100 users"),
    }


def rate_of(question: Question) -> Rate | None:
    """What the question divides by; None for plain numbers, and where it can't be told so finely."""
    known = labels()
    if question.rate not in known or question.measure.kind is not Kind.COUNT or question.by not in COARSE:
        return None
    if question.rate == EMPLOYEES:
        return PerEmployee(question, known[EMPLOYEES], 100)
    basis = Basis(question.rate)
    rate = PerWritten(question, known[basis.value], PER[basis])
    rate.basis = basis
    return rate


def choices(question: Question) -> list[tuple[str, str]]:
    return list(labels().items()) if question.measure.kind is Kind.COUNT else []


def lacking(question: Question, rate: Rate | None) -> str:
    """Why there is no rate, or not everywhere, in a sentence; nothing where all of it is known."""
    if question.rate in labels() and question.by not in COARSE:
        return _("A rate is told by month, quarter or year. Choose one of these.")
    if not isinstance(rate, PerWritten):
        return ""
    if not periods.is_whole_months(question.first, question.last):
        return _("A rate is told of whole months. Let the period begin and end with a month.")
    missing = rate.lacking
    if not missing:
        return ""
    said = {"what": str(rate.basis.label).lower(), "unit": question.unit.name}
    months = periods.stretches(periods.MONTH, question.first, question.last)
    if len(missing) == len(months):
        return _("Nobody has written down %(what)s for %(unit)s in the period, so there is no rate.") % said
    said["months"] = ", ".join(_month_words(missing))
    return _("In %(unit)s %(what)s are lacking for %(months)s, so there is no rate for them.") % said


def _month_words(months: Iterable[periods.Stretch]) -> list[str]:
    return [periods.name_of(periods.MONTH, each).lower() for each in months]
