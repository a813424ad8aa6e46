"""Which kinds of causes recur, where the cause was looked for step by step. Small numbers are hidden from all."""

from __future__ import annotations

from collections import Counter as Tally
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext, pgettext

from deviations.models import CauseAnalysis, CauseKind, Deviation, Weight, Why, own_reports
from deviations.report_base import ReportBase
from deviations.report_words import pair
from deviations.reports import registered
from kvalitetslosen.organisation.models import LEVELS, Role
from kvalitetslosen.ui.charts import Cell, Figures, Row

FEWEST_SHOWN = 3
"""So many cases, or the number would tell of one. A case counts once for each kind, so no sum gives it away either."""


class CauseSections(ReportBase):
    """Where the causes lie."""

    @property
    def reads_causes(self) -> bool:
        """Not those who see some kinds of cases by law: how these are looked into is not for them."""
        return not self.seen.narrow

    @cached_property
    def _analysed(self) -> Tally[tuple[str, str]]:
        """How many cases have a cause of each kind and weight, of each kind, and of any."""
        if not self.reads_causes:
            return Tally()
        cases = Deviation.objects.filter(**{LEVELS[self.unit.depth]: self.unit.pk}, **self.period.reported)
        analyses = CauseAnalysis.objects.filter(
            municipality=self.unit.level_0, deviation__in=registered(cases.once(), self.origin).filter(self._sight)
        )
        rows = Why.objects.causes().filter(analysis__in=analyses)
        found: Tally[tuple[str, str]] = Tally()
        counted = Count("analysis", distinct=True)
        for group in (("kind", "weight"), ("kind",)):
            for *names, n in rows.order_by().values_list(*group).annotate(n=counted):
                found[names[0], names[1] if len(names) > 1 else ""] = n
        if found:
            found["", ""] = rows.aggregate(n=counted)["n"]
        return found

    @property
    def _sight(self) -> Q:
        """As those who read the analyses see them; for those who have figures alone none about a leader."""
        standing, user = self.user.standing, self.user
        if not self.seen.listed:
            return Q(about=None)
        if standing.narrowed:
            return Q(pk__in=self.seen.rows().values("pk")) & ~own_reports(user)
        if self.for_all:
            return Q(about=None) & ~own_reports(user)
        led = standing.reaches(Role.LEADER, self.unit)
        return (~Q(about=user) | Q(about=None) if led else Q(about=None)) & ~own_reports(user)

    @cached_property
    def causes(self) -> Figures | None:
        """None where nobody has looked for a cause step by step, and for those whom it is not for."""
        found = self._analysed
        if not found:
            return None
        kinds = sorted(CauseKind, key=lambda kind: -found[kind, ""])
        rows = [
            Row(
                str(kind.label),
                [Cell(_shown(found[kind, weight])) for weight in ("", Weight.ROOT, Weight.CONTRIBUTING)],
            )
            for kind in kinds
            if found[kind, ""]
        ]
        return Figures(
            key="arsaker",
            title=gettext("Where the causes lie"),
            sentence=self._cause_sentence(kinds[0]),
            head=[
                pgettext("of a cause", "Kind"),
                self.words.cases,
                str(Weight.ROOT.label),
                str(Weight.CONTRIBUTING.label),
            ],
            rows=rows if found["", ""] >= FEWEST_SHOWN else [],
            note=gettext(
                "A case with causes of several kinds counts at each. Fewer than three cases are not shown (–)."
            ),
        )

    def _cause_sentence(self, most: CauseKind) -> str:
        total, top = self._analysed["", ""], self._analysed[most, ""]
        if total < FEWEST_SHOWN:
            return gettext("The cause was looked for in fewer than three cases of the period.")
        if top < FEWEST_SHOWN:
            return gettext("No kind of cause stands in three cases of the period or more.")
        n, cases = pair(top, total)
        return ngettext(
            "What recurs most is “%(kind)s”: in %(n)s of the %(cases)s case where the cause was looked for.",
            "What recurs most is “%(kind)s”: in %(n)s of the %(cases)s cases where the cause was looked for.",
            total,
        ) % {"kind": most.label, "n": n, "cases": cases}


def _shown(n: int) -> int | None:
    return n if n == 0 or n >= FEWEST_SHOWN else None
