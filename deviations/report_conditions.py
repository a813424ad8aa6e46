"""How it is to report: with which name, how much is told before it goes wrong, and what the work costs in time."""

from __future__ import annotations

from collections import Counter as Tally
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from deviations.models import Deviation, DeviationQuerySet, Kind, Naming, Source
from deviations.report_sections import Report
from deviations.report_times import FEWEST
from deviations.report_words import pair
from kvalitetslosen.figures.counting import share
from kvalitetslosen.reports.models import HourPrice
from kvalitetslosen.ui.charts import Cell, Figures, Row, number


class ConditionReport(Report):
    """The same figures, and those that tell of the conditions for reporting."""

    @property
    def _told_here(self) -> DeviationQuerySet:
        """The cases the figures count, those alone that people here reported."""
        if self.seen.kept:
            hidden = self.seen.rows().order_by().values("pk")
            rows = Deviation.objects.in_subtree(self.unit).once().exclude(pk__in=hidden)
        else:
            rows = self.seen.rows()
        return rows.filter(**self.period.reported).filter(source=Source.INSIDE)

    @cached_property
    def by_naming(self) -> Figures:
        """Hidden and missing names of fewer than five are told together, or not at all."""
        counted = dict(self._told_here.order_by().values_list("naming").annotate(n=Count("pk")))
        named, sealed, nameless = (counted.get(each, 0) for each in (Naming.NAMED, Naming.SEALED, Naming.ANONYMOUS))
        total, few = named + sealed + nameless, gettext("Name hidden or anonymous")
        if 0 < sealed < FEWEST or 0 < nameless < FEWEST:
            rows = [(str(Naming.NAMED.label), named), (few, sealed + nameless)]
        else:
            rows = [
                (str(each.label), n)
                for each, n in ((Naming.NAMED, named), (Naming.SEALED, sealed), (Naming.ANONYMOUS, nameless))
            ]
        untold = 0 < sealed + nameless < FEWEST
        if untold:
            sentence = gettext("Fewer than five hid their name or left it out, so it is not told how many.")
        elif total:
            sentence = gettext("With name: %(named)s %%. Name hidden or anonymous: %(others)s %%.") % {
                "named": number(share(named, total)),
                "others": number(share(sealed + nameless, total)),
            }
        else:
            sentence = gettext("Nothing to count in the period.")
        return Figures(
            key="navn",
            title=gettext("With name or without"),
            sentence=sentence,
            head=[gettext("How it was reported"), self.words.cases],
            rows=[] if untold else [Row(name, [Cell(n)]) for name, n in rows],
            note=gettext(
                "Cases that people who work here reported themselves. Many hidden names can be a sign that people "
                "don’t feel safe to tell; none at all can be the same."
            ),
        )

    @cached_property
    def near_misses(self) -> Figures:
        """How much is told before it goes wrong."""
        figures, happened, near = self.by_kind, self._kinds[Kind.DEVIATION], self._kinds[Kind.NEAR_MISS]
        if happened + near:
            some, of = pair(near, happened + near)
            sentence = ngettext(
                "%(some)s of %(of)s event was a near miss (%(share)s %%).",
                "%(some)s of %(of)s events were near misses (%(share)s %%).",
                happened + near,
            ) % {"some": some.capitalize(), "of": of, "share": number(share(near, happened + near))}
        else:
            sentence = gettext("Nothing to count in the period.")
        return Figures(
            key="nesten",
            title=gettext("Told before it went wrong"),
            sentence=sentence,
            head=figures.head,
            rows=figures.rows,
            note=gettext("Near misses and risks cost nobody anything. Where they are told, people look ahead."),
        )

    @cached_property
    def costs(self) -> Figures | None:
        """What was done times how long it takes times what an hour costs; None until somebody has set these."""
        prices = HourPrice.objects.filter(municipality=self.unit.municipality_id).first()
        if prices is None:
            return None
        closed = sum(self.counts.values["closing"].values())
        steps = (
            (gettext("Reporting"), self.total - self.counts.theirs, prices.report_minutes),
            (gettext("Ticking"), self.ticked - self.counts.their_ticks, prices.tick_minutes),
            (gettext("Following up"), closed, prices.handle_minutes),
            (gettext("Looking for causes"), self._looked_for, prices.cause_minutes),
        )
        lines = [(name, n, minutes, n * minutes / 60) for name, n, minutes in steps if minutes]
        hours = sum(each[3] for each in lines)
        kroner = round(hours * prices.price)
        rows = [
            Row(name, [Cell(n), Cell(minutes), Cell(round(spent, 1)), Cell(round(spent * prices.price))])
            for name, n, minutes, spent in lines
        ]
        foot = Row(self.words.together, [Cell(None), Cell(None), Cell(round(hours, 1)), Cell(kroner)])
        return Figures(
            key="tidskostnad",
            title=gettext("What the work costs in time"),
            sentence=gettext("About %(hours)s hours, or %(kroner)s kroner. It is an estimate.")
            % {"hours": number(round(hours)), "kroner": number(kroner)},
            head=[
                gettext("What"),
                gettext("How many"),
                gettext("Minutes each"),
                gettext("Hours"),
                gettext("Kroner"),
            ],
            rows=rows,
            foot=foot,
            note=gettext(
                "Reckoned as how many, times the minutes and the price of an hour (%(price)s kroner) that the "
                "municipality has set. Nobody’s time is measured. What the events themselves cost is not in it."
            )
            % {"price": number(prices.price)},
        )

    @property
    def _looked_for(self) -> int:
        found: Tally[tuple[str, str]] = self._analysed
        return found["", ""]

    @property
    def without_costs(self) -> Figures:
        return Figures(
            key="tidskostnad",
            title=gettext("What the work costs in time"),
            sentence=gettext(
                "The municipality hasn’t said what an hour costs. Its administrator sets it under Settings, “What an "
                "hour costs”."
            ),
            head=[],
            rows=[],
        )
