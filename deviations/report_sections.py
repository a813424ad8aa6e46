"""The figures of a report as people read them: named, in order, each number with the address of the list it counts.

The page, the spreadsheet and the CSV file are made from these.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from dataclasses import replace
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from deviations.filters import WITH_SUB
from deviations.lifecycle import ENDED
from deviations.models import Kind
from deviations.report_causes import CauseSections
from deviations.report_open import OpenSections
from deviations.report_times import TimeSections
from deviations.report_words import many, pair
from deviations.reports import AGES, NOT_SET, OURS, THEIRS, Period
from kvalitetslosen.months import month_text, months_after, this_month
from kvalitetslosen.ui.charts import Cell, Figures, Row


class Report(TimeSections, OpenSections, CauseSections):
    """The figures of a unit in a period, as one person may see them."""

    # Sections

    @cached_property
    def by_month(self) -> Figures:
        words, months = self.words, self.counts.months
        totals: Tally[datetime.date] = Tally()
        for (month, _kind), n in months.items():
            totals[month] += n
        rows: list[Row] = []
        for month in self.period.months:
            earlier = months_after(month, -12)
            at, before = (f"&status=alle&{Period(each, each).query}" for each in (month, earlier))
            cells = [Cell(totals[month], self._link(at)), Cell(totals[earlier], self._link(before))]
            cells += [Cell(months[month, kind], self._link(f"{at}&type={kind}")) for kind, _label in words.kinds]
            if month > this_month() and not totals[month]:  # nothing is counted of what is yet to come
                cells = [Cell(None), cells[1], *(Cell(None) for _kind in words.kinds)]
            rows.append(
                Row(
                    f"{capfirst(words.months[month.month])} {month.year}",
                    cells,
                    short=words.short_months[month.month],
                    under=str(month.year) if month.month == 1 or (not rows and month.month < 10) else "",
                )
            )
        cells = [Cell(self.total, self._in_period()), Cell(self.total_before, self._in_period_before())]
        cells += [Cell(n, self._in_period(f"&type={kind}")) for kind, n in self._kinds.items()]
        return Figures(
            key="maned",
            title=gettext("By month"),
            sentence=self._month_sentence(),
            head=[gettext("Month"), words.cases, gettext("The year before"), *(label for _kind, label in words.kinds)],
            rows=rows,
            foot=Row(words.together, cells),
            note=gettext("Many reports are a sign that people speak up, not that more goes wrong."),
        )

    @cached_property
    def _kinds(self) -> dict[str, int]:
        """How many of each kind in the period."""
        tally = dict.fromkeys(Kind.values, 0)
        for (month, kind), n in self.counts.months.items():
            if month >= self.period.first:
                tally[kind] += n
        return tally

    def _month_sentence(self) -> str:
        n, before = pair(self.total, self.total_before)
        said = {"period": str(self.period), "n": n, "before": before}
        if self.total == 0:
            return gettext("No cases were reported in the period (%(period)s).") % said
        sentence = ngettext(
            "In the period (%(period)s) %(n)s case was reported, and %(before)s in the same months the year before.",
            "In the period (%(period)s) %(n)s cases were reported, and %(before)s in the same months the year before.",
            self.total,
        )
        said_so = sentence % said
        if self.total_before and (self.period.last > this_month() or self.period.first == this_month()):
            unfinished = gettext("The period isn’t over; the year before is counted in full.")
            return f"{said_so} {unfinished}"
        return said_so

    # Other systems: apart and together, each event once

    @cached_property
    def has_theirs(self) -> bool:
        """Whether anything of the period comes from other systems; asked where all is counted together."""
        return not self.origin and bool(self.counts.theirs or self.counts.their_ticks)

    @cached_property
    def by_origin(self) -> Figures:
        theirs, ticks = self.counts.theirs, self.counts.their_ticks
        rows = [
            Row(name, [Cell(cases, self._in_period(query)), Cell(counted)])
            for name, query, cases, counted in (
                (gettext("Registered here"), f"&kilde={OURS}", self.total - theirs, self.ticked - ticks),
                (gettext("In other systems"), f"&kilde={THEIRS}", theirs, ticks),
            )
        ]
        return Figures(
            key="kilde",
            title=gettext("Registered here and elsewhere"),
            sentence="",
            head=[gettext("Where"), self.words.cases, gettext("Ticks and counts")],
            rows=rows,
            foot=Row(self.words.together, [Cell(self.total, self._in_period()), Cell(self.ticked)]),
            note=gettext("A case that stands in both is counted once, as the one here."),
        )

    # Ticks: beside the cases, never among them

    @cached_property
    def ticked(self) -> int:
        """How many events of the period were ticked instead of described."""
        return sum(self.counts.ticks.values())

    @cached_property
    def ticks_by_month(self) -> Figures:
        words, cases = self.words, self.by_month
        rows = []
        for month, row in zip(self.period.months, cases.rows, strict=True):
            ticks = sum(n for (at, _category), n in self.counts.ticks.items() if at == month)
            cells = [row.cells[0], Cell(ticks), Cell((row.cells[0].value or 0) + ticks)]
            if row.cells[0].value is None and not ticks:
                cells = [Cell(None)] * 3
            rows.append(row._replace(cells=cells, href=self._sheet(month)))
        together = self.total + self.ticked
        foot = Row(words.together, [Cell(self.total, self._in_period()), Cell(self.ticked), Cell(together)])
        return Figures(
            key="kryss",
            title=gettext("Ticks and cases"),
            sentence=self._ticks_sentence(),
            head=[gettext("Month"), words.cases, gettext("Ticks"), words.together],
            rows=rows,
            foot=foot,
            note=gettext("Each event is counted once: a tick that became a case is counted as the case."),
        )

    def _ticks_sentence(self) -> str:
        ticks, cases = pair(self.ticked, self.total)
        return ngettext(
            "%(ticks)s mild event was ticked in the period, beside the cases (%(cases)s).",
            "%(ticks)s mild events were ticked in the period, beside the cases (%(cases)s).",
            self.ticked,
        ) % {"ticks": capfirst(ticks), "cases": cases}

    def _sheet(self, month: datetime.date) -> str:
        """The page of the month's ticks, for whoever sees more of them than their number."""
        if not self.seen.listed:
            return ""
        return reverse("deviations:tally_month", args=[self.unit.pk, month_text(month)])

    @cached_property
    def ticks_by_category(self) -> Figures:
        """Only what is ticked, with the cases of the same category."""
        ticks: Tally[str] = Tally()
        for (_month, category), n in self.counts.ticks.items():
            ticks[category] += n
        cases, names = self.counts.values["category"], {str(pk): name for pk, name in self.counts.names.items()}
        rows = [
            Row(
                names.get(value, value),
                [Cell(cases[value], self._in_period(f"&kategori={value}")), Cell(n), Cell(cases[value] + n)],
            )
            for value, n in sorted(ticks.items(), key=lambda each: (-each[1] - cases[each[0]], names.get(each[0], "")))
            if n
        ]
        head = [gettext("Category"), self.words.cases, gettext("Ticks"), self.words.together]
        return Figures("kryss-kategori", gettext("What is ticked"), "", head, rows)

    @cached_property
    def by_kind(self) -> Figures:
        rows = [
            Row(label, [Cell(self._kinds[kind], self._in_period(f"&type={kind}"))]) for kind, label in self.words.kinds
        ]
        return self._shares("type", gettext("By kind"), gettext("Kind"), rows)

    @cached_property
    def by_category(self) -> Figures:
        tally = {value: n for value, n in self.counts.values["category"].items() if n}
        names = {str(pk): name for pk, name in self.counts.names.items()} | {NOT_SET: gettext("Not set")}
        rows = [
            Row(names.get(value, value), [Cell(tally[value], self._in_period(f"&kategori={value}"))])
            for value in sorted(tally, key=lambda value: (value == NOT_SET, -tally[value], names.get(value, "")))
        ]
        return self._shares("kategori", gettext("By category"), gettext("Category"), rows)

    @cached_property
    def by_main_category(self) -> Figures:
        """The same by main category alone, as the page has it: those below are folded away under it."""
        names = {str(pk): self.counts.names[pk] for pk in self.counts.mains.values()} | {NOT_SET: gettext("Not set")}
        tally: Tally[str] = Tally()
        for value, n in self.counts.values["category"].items():
            tally[value if value == NOT_SET else str(self.counts.mains[int(value)])] += n
        rows = [
            Row(
                names[value],
                [Cell(tally[value], self._in_period(f"&kategori={'' if value == NOT_SET else WITH_SUB}{value}"))],
            )
            for value in sorted(tally, key=lambda value: (value == NOT_SET, -tally[value], names[value]))
            if tally[value]
        ]
        return self._shares("kategori", gettext("By category"), gettext("Category"), rows)

    @cached_property
    def has_sub_categories(self) -> bool:
        counted = {int(value) for value, n in self.counts.values["category"].items() if n and value != NOT_SET}
        return any(self.counts.mains[pk] != pk for pk in counted)

    @cached_property
    def by_severity(self) -> Figures:
        tally = self.counts.values["severity"]
        rows = [
            Row(label, [Cell(tally[value], self._in_period(f"&alvor={value}"))])
            for value, label in self.words.severities
        ]
        return self._shares("alvor", gettext("By severity"), gettext("Severity"), rows)

    @cached_property
    def by_state(self) -> Figures:
        tally = self.counts.values["state"]
        rows = [
            Row(label, [Cell(tally[state], self._link(f"&status={state}&{self.period.query}"))])
            for state, label in self.words.states
        ]
        figures = self._shares("status", gettext("By status"), gettext("Status"), rows)
        if not self.total:
            return figures
        ended, n = pair(sum(tally[state] for state in ENDED), self.total)
        sentence = ngettext(
            "%(ended)s of the %(n)s case from the period is finished.",
            "%(ended)s of the %(n)s cases from the period are finished.",
            self.total,
        ) % {"ended": capfirst(ended), "n": n}
        return replace(figures, sentence=sentence)

    def _shares(self, key: str, title: str, what: str, rows: list[Row]) -> Figures:
        """Figures that together make up the cases of the period, with the largest of them in words."""
        largest = max(rows, key=lambda row: row.cells[0].value or 0, default=None)
        n = int(largest.cells[0].value or 0) if largest else 0
        if largest is None or n == 0:
            sentence = gettext("Nothing to count in the period.")
        else:
            some, total = pair(n, self.total)
            said = {"name": largest.name, "n": some, "total": total}
            sentence = gettext("The largest group is “%(name)s”: %(n)s of %(total)s.") % said
        return Figures(key, title, sentence, [what, self.words.cases], rows)

    @cached_property
    def below(self) -> Figures:
        """The units right below, and what lies in the unit itself."""
        rows = []
        pages = f"{reverse('deviations:figures')}?{self.period.query}&enhet="
        for unit in self.place.below:
            n, still_open = self.counts.below[unit.pk], self._open_in(unit.pk)
            if unit.closed_on and not n and not still_open:
                continue
            rows.append(
                Row(
                    unit.name,
                    [
                        Cell(n, self._in_period(unit=unit.pk)),
                        Cell(still_open, self._link("", unit.pk)),
                    ],
                    href=f"{pages}{unit.pk}" if self.seen.listed else "",
                )
            )
        n, still_open = self.counts.below[0], self._open_in(0)
        if rows and (n or still_open):
            rows.append(
                Row(
                    self._itself,
                    [Cell(n, self._in_period("&selv=1")), Cell(still_open, self._link("&selv=1"))],
                )
            )
        return Figures(
            key="enheter",
            title=gettext("The units below"),
            sentence=self._below_sentence(rows),
            head=[gettext("Unit"), self.words.cases, gettext("Open now")],
            rows=rows,
        )

    def _below_sentence(self, rows: list[Row]) -> str:
        quiet = sum(1 for row in rows if not row.cells[0].value)
        if not quiet:
            return gettext("Every unit reported in the period.")
        return ngettext(
            "%(n)s unit reported nothing in the period. Ask how it is going there.",
            "%(n)s units reported nothing in the period. Ask how it is going there.",
            quiet,
        ) % {"n": capfirst(many(quiet))}

    def _open_in(self, place: int) -> int:
        return sum(self.counts.open[place, age] for age in range(len(AGES)))

    @property
    def sections(self) -> list[Figures]:
        """All of it, as the spreadsheet has it."""
        parts = [self.by_month, self.by_kind, self.by_category, self.by_severity, self.by_state]
        parts += [self.times, self.limits, self.helped, self.open_by_age]
        parts += [self.causes] if self.causes else []
        if self.has_theirs:
            parts[1:1] = [self.by_origin]
        if self.ticked:
            parts[1:1] = [self.ticks_by_month, self.ticks_by_category]
        if self.place.below and self.seen.listed:
            parts[1:1] = [self.below]
            parts += [self.times_below, self.open_below]
        return parts
