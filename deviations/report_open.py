"""What lies untreated: how long, where, and the oldest by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from deviations.models import Deviation
from deviations.report_base import ReportBase
from deviations.report_words import age_query, many, pair
from deviations.reports import AGES
from kvalitetslosen.organisation.models import LEVELS
from kvalitetslosen.ui.charts import Cell, Figures, Row

OLDEST_SHOWN = 5
OLD = 4  # months ago: from here on an open case has lain long


@dataclass(frozen=True)
class OldCase:
    """An open case, and how long it has lain in words."""

    reference: str
    url: str
    kind: str
    unit: str
    lain: str


class OpenSections(ReportBase):
    """What lies untreated."""

    @cached_property
    def open_by_age(self) -> Figures:
        rows = []
        for wanted, label in enumerate(self.words.ages):
            n = sum(n for (_place, age), n in self.counts.open.items() if age == wanted)
            rows.append(Row(label, [Cell(n, self._link(self._age_queries[wanted]))]))
        return Figures(
            key="apne",
            title=gettext("What lies open"),
            sentence=self._open_sentence(),
            head=[gettext("Reported"), gettext("Open cases")],
            rows=rows,
            foot=Row(self.words.together, [Cell(self.open_total, self._link(""))]),
            note=gettext("All cases that are open now, whenever they were reported."),
        )

    @cached_property
    def _age_queries(self) -> list[str]:
        return [age_query(*ages) for ages in AGES]

    def _open_sentence(self) -> str:
        if not self.open_total:
            return gettext("Nothing lies open.")
        old = sum(n for (_place, age), n in self.counts.open.items() if AGES[age][0] >= OLD)
        if not old:
            return ngettext(
                "%(n)s case is open, reported this month or in the three months before.",
                "%(n)s cases are open, all reported this month or in the three months before.",
                self.open_total,
            ) % {"n": capfirst(many(self.open_total))}
        some, others = pair(self.open_total, old)
        return ngettext(
            "%(n)s case is open. It was reported more than three months ago.",
            "%(n)s cases are open. Reported more than three months ago: %(old)s.",
            self.open_total,
        ) % {"n": capfirst(some), "old": others}

    @cached_property
    def open_below(self) -> Figures:
        """Where the open cases lie, the unit with the oldest first."""
        lines = []
        names = [(unit.pk, unit.name) for unit in self.place.below]
        for pk, name in [*names, (0, self._itself)]:
            ages = [self.counts.open[pk, number] for number in range(len(AGES))]
            if any(ages):
                query, unit = ("&selv=1", None) if pk == 0 else ("", pk)
                cells = [
                    Cell(n, self._link(f"{asked}{query}", unit))
                    for asked, n in zip(self._age_queries, ages, strict=True)
                ]
                cells.append(Cell(sum(ages), self._link(query, unit)))
                lines.append((tuple(-n for n in reversed(ages)), Row(name, cells)))
        lines.sort(key=lambda line: line[0])
        return Figures(
            key="apne-enheter",
            title=gettext("Where they lie"),
            sentence="",
            head=[gettext("Unit"), *self.words.ages, self.words.together],
            rows=[row for _age, row in lines],
        )

    @cached_property
    def oldest(self) -> list[OldCase]:
        """The open cases that have lain longest."""
        if not self.seen.listed or not self.open_total:
            return []
        today = timezone.localdate()
        rows = (
            Deviation.objects.visible_to(self.user, within=self.unit)
            .open()
            .order_by("reported_at", "pk")
            .values_list("reference", "kind", "reported_at", LEVELS[min(self.unit.depth + 1, len(LEVELS) - 1)])
        )[:OLDEST_SHOWN]
        kinds, names = dict(self.words.kinds), {unit.pk: unit.name for unit in self.place.below}
        found = []
        for reference, kind, reported_at, below in rows:
            days = (today - timezone.localdate(reported_at)).days
            lain = ngettext("open for %(days)s day", "open for %(days)s days", days) % {"days": days}
            found.append(
                OldCase(
                    reference,
                    reverse("deviations:case", args=[reference]),
                    kinds[kind],
                    names.get(below, self.unit.name),
                    lain,
                )
            )
        return found
