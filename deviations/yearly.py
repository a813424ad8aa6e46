"""The yearly table: what happened in a year, by national code and by yearly figure, as one person may see it.

An event is counted once: as a case that tells of something that happened or nearly did, unless it was merged into
another that tells of the same; or as a tick, unless that became a case (see docs/decisions/0014).
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext

from deviations.models import Category, Deviation, DeviationQuerySet, FigureCount
from deviations.national import CODES, FIGURES, Named
from deviations.reports import ABOUT_LEADERS, EVENTS_ONLY, Period, Place, Sight, events, place, sight
from kvalitetslosen.months import this_month
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.charts import Cell, Figures, Row

FIRST_YEAR, YEARS = 2000, 6


def years() -> list[int]:
    """The running year and those before it."""
    now = this_month().year
    return list(range(now, now - YEARS, -1))


def year_in(text: str) -> int:
    """The year of an address, the running one where it makes no sense."""
    now = this_month().year
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= now else now


@dataclass
class Yearly:
    user: User
    place: Place
    seen: Sight
    year: int
    categories: list[Category]
    cases: Tally[int | None]  # by category, if any
    ticks: Tally[int]
    for_all: bool = False

    @classmethod
    def of(cls, user: User, number: str, year: int, *, for_all: bool = False) -> Yearly:
        """Raises ``Http404`` and ``PermissionDenied`` as ``place``. ``for_all``: without cases about leaders."""
        where = place(user, number)
        seen = sight(user, where.unit, for_all=for_all)
        period = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 1))
        rows = seen_rows(user, where, seen).filter(**period.reported)
        if for_all:
            rows = rows.filter(about=None)
        counted = events(rows).order_by().values_list("category").annotate(n=Count("pk"))
        if seen.kept:
            kept = FigureCount.objects.filter(
                unit_id=where.unit.pk, measure="tick", month__range=(period.first, period.last)
            )
            ticks = {int(value): n for value, n in kept.values_list("value").annotate(total=Sum("n"))}
        else:
            of_year = seen.ticks().counted().filter(sheet__month__range=(period.first, period.last)).order_by()
            ticks = dict(of_year.values_list("category").annotate(n=Count("pk")))
        categories = list(Category.objects.visible_to(user).select_related("parent"))
        return cls(user, where, seen, year, categories, Tally(dict(counted)), Tally(ticks), for_all)

    @property
    def sections(self) -> list[Figures]:
        return [
            self._table("kode", gettext("By national code"), gettext("Code"), "code", CODES),
            self._table("tall", gettext("By yearly figure"), gettext("Figure"), "figure", FIGURES),
        ]

    @property
    def events(self) -> int:
        return sum(self.cases.values()) + sum(self.ticks.values())

    def _table(self, key: str, title: str, what: str, field: str, known: Mapping[str, Named]) -> Figures:
        """One line a code: those of the reference list in its order, then one's own; what has none comes last."""
        cases: Tally[str] = Tally()
        ticks: Tally[str] = Tally()
        mapped = set()
        for category in self.categories:
            value = str(getattr(category, field))
            mapped.add(value)
            cases[value] += self.cases[category.pk]
            ticks[value] += self.ticks[category.pk]
        cases[""] += self.cases[None]
        own = sorted(each for each in mapped if each and each not in known)
        rows = [
            self._row(key, value, known[value].label if value in known else value, cases, ticks)
            for value in (*(each for each in known if each in mapped), *own)
        ]
        if cases[""] or ticks[""]:
            rows.append(self._row(key, "", gettext("Counts in none"), cases, ticks))
        n, ticked = sum(cases.values()), sum(ticks.values())
        foot = Row(gettext("Together"), [Cell(n, self._list("")), Cell(ticked, self._sheets()), Cell(n + ticked)])
        head = [what, gettext("Cases"), gettext("Ticks"), gettext("Together")]
        return Figures(f"{key}-{self.year}", title, "", head, rows, foot)

    def _row(self, key: str, value: str, label: str, cases: Tally[str], ticks: Tally[str]) -> Row:
        name = f"{label} ({value})" if key == "kode" and value and label != value else label
        listed = self._list(f"&{key}={quote(value or NONE)}")
        together = cases[value] + ticks[value]
        return Row(name, [Cell(cases[value], listed), Cell(ticks[value], self._sheets()), Cell(together)])

    def _list(self, query: str) -> str:
        """The list the number counts, for those who may open it."""
        if not self.seen.listed:
            return ""
        without = f"&uten={ABOUT_LEADERS}" if self.for_all else ""
        begin = f"{reverse('deviations:list')}?enhet={self.place.unit.pk}&visning=omrade&status=alle"
        return f"{begin}&fra={self.year}-01&til={self.year}-12&{EVENTS_ONLY}=1{query}{without}"

    def _sheets(self) -> str:
        """The year's ticks, month by month, each with the way to its sheet."""
        last = min(datetime.date(self.year, 12, 1), this_month())
        period = Period(datetime.date(self.year, 1, 1), last)
        return f"{reverse('deviations:figures')}?enhet={self.place.unit.pk}&{period.query}#kryss"


NONE = "-"  # in an address: that has no code, or counts in no figure


def seen_rows(user: User, where: Place, seen: Sight) -> DeviationQuerySet:
    """The cases the person's figures of the unit count."""
    if seen.listed:
        return Deviation.objects.visible_to(user, within=where.unit)
    return Deviation.objects.in_subtree(where.unit).filter(about=None)  # figures only: see ``sight``
