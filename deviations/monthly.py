"""Counts of cases and ticks month by month, for series over time: from the same counts and sight as reports."""

from __future__ import annotations

import datetime
from collections import Counter as Tally

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from deviations.figures import TICK
from deviations.models import Category, FigureCount
from deviations.reports import Period, sight
from kvalitetslosen.organisation.models import Unit, User


def _within(category: Category | None) -> list[int] | None:
    """The category and those below it; None for all."""
    if category is None:
        return None
    return [category.pk, *Category.objects.filter(parent=category).values_list("pk", flat=True)]


def cases(
    user: User, unit: Unit, category: Category | None, period: Period, *, for_all: bool = False
) -> Tally[datetime.date] | None:
    """How many cases were reported each month in the unit's subtree, as the person sees them.

    ``for_all``: without those about leaders, as others read the figures too. None where the person has no figures of
    the unit. At most three queries.
    """
    try:
        seen = sight(user, unit, for_all=for_all)
    except PermissionDenied:
        return None
    wanted = _within(category)
    rows = seen.rows().filter(**period.reported)
    if wanted is not None:
        rows = rows.filter(category__in=wanted)
    months = rows.order_by().annotate(month=TruncMonth("reported_at")).values_list("month").annotate(n=Count("pk"))
    counted: Tally[datetime.date] = Tally()
    for month, n in months:
        counted[month.date()] += -n if seen.kept else n
    if seen.kept:
        counted.update(_kept(unit, "category", wanted, period))
    return counted


def ticks(user: User, unit: Unit, category: Category | None, period: Period) -> Tally[datetime.date] | None:
    """How many ticks stand on the tally sheets of each month. None where the person has no figures of the unit."""
    try:
        seen = sight(user, unit)
    except PermissionDenied:
        return None
    wanted = _within(category)
    if seen.kept:
        return _kept(unit, TICK, wanted, period)
    rows = seen.ticks().counted().filter(sheet__month__range=(period.first, period.last))
    if wanted is not None:
        rows = rows.filter(category__in=wanted)
    return Tally(dict(rows.order_by().values_list("sheet__month").annotate(n=Count("pk"))))


def _kept(unit: Unit, measure: str, wanted: list[int] | None, period: Period) -> Tally[datetime.date]:
    rows = FigureCount.objects.filter(unit_id=unit.pk, measure=measure, month__range=(period.first, period.last))
    if wanted is not None:
        rows = rows.filter(value__in=[str(pk) for pk in wanted])
    return Tally(dict(rows.order_by().values_list("month").annotate(summed=Sum("n"))))
