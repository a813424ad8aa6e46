"""The figures of a report as people read them: named, in order, each number with the address of the list it counts.

The page, the spreadsheet and the CSV file are made from these.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, pgettext

from deviations.filters import WITH_SUB
from deviations.lifecycle import ENDED, State
from deviations.models import Deviation, Kind, Severity
from deviations.reports import (
    AGES,
    DAYS,
    NOT_SET,
    TIMES,
    Counts,
    Period,
    Place,
    Sight,
    count,
    days_text,
    median,
    month_text,
    months_after,
    place,
    sight,
    this_month,
)
from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.ui.charts import Cell, Figures, Row, number
from kvalitetslosen.ui.dates import in_words

OLDEST_SHOWN = 5


@dataclass(frozen=True)
class Words:
    """What the figures are called, in one language: said a hundred times on a page, looked up once."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]  # the most serious first
    states: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    times: tuple[tuple[str, str, str, str], ...]
    ages: tuple[str, ...]
    cases: str
    together: str


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """In the active language, which is the one given."""
    return Words(
        months=("", *(str(MONTHS[n]) for n in range(1, 13))),
        short_months=("", *(str(MONTHS_3[n]).rstrip(".") for n in range(1, 13))),
        kinds=tuple((kind.value, str(kind.label)) for kind in Kind),
        severities=(
            *((each.value, str(each.label)) for each in reversed(Severity)),
            (NOT_SET, gettext("Not assessed")),
        ),
        states=tuple((state.value, str(state.label)) for state in State),
        days=tuple(_days_words(*days) for days in DAYS),
        times=tuple(_time_words()),
        ages=tuple(_age_words(*ages) for ages in AGES),
        cases=gettext("Cases"),
        together=gettext("Together"),
    )


OLD = 4  # months ago: from here on an open case has lain long


@dataclass(frozen=True)
class OldCase:
    """An open case, and how long it has lain in words."""

    reference: str
    url: str
    kind: str
    unit: str
    lain: str


@dataclass
class Report:
    """The figures of a unit in a period, as one person may see them."""

    user: User
    place: Place
    period: Period
    seen: Sight
    counts: Counts

    @classmethod
    def of(cls, user: User, number: str, period: Period) -> Report:
        """Raises ``Http404`` and ``PermissionDenied`` as ``place``."""
        where = place(user, number)
        seen = sight(user, where.unit)
        return cls(user, where, period, seen, count(where, seen, period))

    @property
    def unit(self) -> Unit:
        return self.place.unit

    @cached_property
    def words(self) -> Words:
        return words(get_language() or "nb")

    @cached_property
    def total(self) -> int:
        return sum(n for (month, _kind), n in self.counts.months.items() if month >= self.period.first)

    @cached_property
    def total_before(self) -> int:
        """In the same months a year earlier."""
        first, last = months_after(self.period.first, -12), months_after(self.period.last, -12)
        return sum(n for (month, _kind), n in self.counts.months.items() if first <= month <= last)

    @cached_property
    def open_total(self) -> int:
        return sum(self.counts.open.values())

    # Addresses

    @cached_property
    def _list(self) -> str:
        return f"{reverse('deviations:list')}?enhet="

    @cached_property
    def _all_of_period(self) -> str:
        return f"&status=alle&{self.period.query}"

    def _link(self, query: str, unit: int | None = None) -> str:
        """The list a number counts; none for those who have figures only. ``query`` begins with &, or is empty."""
        return f"{self._list}{self.unit.pk if unit is None else unit}{query}" if self.seen.listed else ""

    def _in_period_before(self) -> str:
        first, last = months_after(self.period.first, -12), months_after(self.period.last, -12)
        return self._link(f"&status=alle&{Period(first, last).query}")

    def _in_period(self, query: str = "", unit: int | None = None) -> str:
        return self._link(f"{self._all_of_period}{query}", unit)

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
        n, before = _pair(self.total, self.total_before)
        said = {"period": str(self.period), "n": n, "before": before}
        if self.total == 0:
            return gettext("No cases were reported in the period (%(period)s).") % said
        sentence = ngettext(
            "In the period (%(period)s) %(n)s case was reported, and %(before)s in the same months the year before.",
            "In the period (%(period)s) %(n)s cases were reported, and %(before)s in the same months the year before.",
            self.total,
        )
        return sentence % said

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
        ticks, cases = _pair(self.ticked, self.total)
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
        ended, n = _pair(sum(tally[state] for state in ENDED), self.total)
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
            some, total = _pair(n, self.total)
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

    @property
    def _itself(self) -> str:
        return gettext("%(unit)s itself") % {"unit": self.unit.name}

    def _below_sentence(self, rows: list[Row]) -> str:
        quiet = sum(1 for row in rows if not row.cells[0].value)
        if not quiet:
            return gettext("Every unit reported in the period.")
        return ngettext(
            "%(n)s unit reported nothing in the period. Ask how it is going there.",
            "%(n)s units reported nothing in the period. Ask how it is going there.",
            quiet,
        ) % {"n": capfirst(_many(quiet))}

    def _open_in(self, place: int) -> int:
        return sum(self.counts.open[place, age] for age in range(len(AGES)))

    # How long it takes

    def histogram(self, measure: str) -> dict[int, int]:
        """Working days, and how many cases took so many."""
        return {int(days): n for days, n in self.counts.values[measure].items() if n}

    @cached_property
    def times(self) -> Figures:
        histograms = [self.histogram(measure) for measure, _moment, _name in TIMES]
        rows = []
        for name_of_days, (first, last) in zip(self.words.days, DAYS, strict=True):
            cells = []
            for (_measure, _moment, name), histogram in zip(TIMES, histograms, strict=True):
                n = sum(
                    n
                    for days, n in histogram.items()
                    if (not first or days >= first) and (last is None or days <= last)
                )
                cells.append(Cell(n, self._in_period(f"&{name}={days_text(first, last)}")))
            short = f"{first}+" if last is None else days_text(first, last).replace("-", "–")
            rows.append(Row(name_of_days, cells, short=short))
        return Figures(
            key="tid",
            title=gettext("How long it takes"),
            sentence=" ".join(sentence for _title, sentence in self.time_sentences if sentence)
            or gettext("Nothing has been received, answered or closed yet."),
            head=[
                gettext("Working days"),
                *(title for title, _sentence in self.time_sentences),
            ],
            rows=rows,
            foot=Row(gettext("Half within (median)"), [Cell(median(histogram)) for histogram in histograms]),
            note=gettext("Counted from the day of the report, for the cases reported in the period."),
        )

    @cached_property
    def time_sentences(self) -> list[tuple[str, str]]:
        """Name and sentence of each measure; an empty sentence where nothing has got that far."""
        found = []
        for (measure, _moment, _name), (title, same_day, one, many) in zip(TIMES, self.words.times, strict=True):
            middle = median(self.histogram(measure))
            sentence = ""
            if middle is not None:
                sentence = same_day if middle <= 0 else one if middle == 1 else many % {"days": _many(middle)}
            found.append((title, sentence))
        return found

    @cached_property
    def time_pictures(self) -> list[Figures]:
        """One picture for each measure, from the columns of the common table."""
        table = self.times
        return [
            Figures(
                key=f"tid-{name}",
                title=title,
                sentence=sentence,
                head=[table.head[0], title],
                rows=[Row(row.name, [row.cells[number]], short=row.short) for row in table.rows],
            )
            for number, ((_measure, _moment, name), (title, sentence)) in enumerate(
                zip(TIMES, self.time_sentences, strict=True)
            )
            if sentence
        ]

    # What lies untreated

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
        return [_age_query(*ages) for ages in AGES]

    def _open_sentence(self) -> str:
        if not self.open_total:
            return gettext("Nothing lies open.")
        old = sum(n for (_place, age), n in self.counts.open.items() if AGES[age][0] >= OLD)
        if not old:
            return ngettext(
                "%(n)s case is open, reported this month or in the three months before.",
                "%(n)s cases are open, all reported this month or in the three months before.",
                self.open_total,
            ) % {"n": capfirst(_many(self.open_total))}
        some, others = _pair(self.open_total, old)
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

    @property
    def sections(self) -> list[Figures]:
        """All of it, as the spreadsheet has it."""
        parts = [self.by_month, self.by_kind, self.by_category, self.by_severity, self.by_state]
        parts += [self.times, self.open_by_age]
        if self.ticked:
            parts[1:1] = [self.ticks_by_month, self.ticks_by_category]
        if self.place.below and self.seen.listed:
            parts[1:1] = [self.below]
            parts.append(self.open_below)
        return parts


def _many(value: float) -> str:
    """A number inside a sentence: in words up to twelve."""
    return in_words(value) if isinstance(value, int) and 0 <= value <= 12 else number(value)


def _pair(one: int, other: int) -> tuple[str, str]:
    """Two numbers in one sentence: both in words, or both in figures."""
    return (_many(one), _many(other)) if max(one, other) <= 12 else (number(one), number(other))


def _days_words(first: int, last: int | None) -> str:
    if last == 0:
        return gettext("The same day")
    if last is None:
        return gettext("More than %(days)s days") % {"days": first - 1}
    if first == last:
        return ngettext("%(days)s day", "%(days)s days", first) % {"days": first}
    return gettext("%(first)s to %(last)s days") % {"first": first, "last": last}


def _time_words() -> list[tuple[str, str, str, str]]:
    """For each of ``TIMES``: its name, and the sentence for the same day, for one day and for several."""
    return [
        (
            pgettext("working days until", "Received"),
            gettext("Half of the cases were received the same day."),
            gettext("Half of the cases were received within one working day."),
            gettext("Half of the cases were received within %(days)s working days."),
        ),
        (
            pgettext("working days until", "First answer"),
            gettext("Half of the reporters had a first answer the same day."),
            gettext("Half of the reporters had a first answer within one working day."),
            gettext("Half of the reporters had a first answer within %(days)s working days."),
        ),
        (
            pgettext("working days until", "Closed"),
            gettext("Half of the closed cases were closed the same day."),
            gettext("Half of the closed cases were closed within one working day."),
            gettext("Half of the closed cases were closed within %(days)s working days."),
        ),
    ]


def _age_words(first: int, last: int | None) -> str:
    if last == 0:
        return gettext("This month")
    if last == 1:
        return gettext("Last month")
    if last is None:
        return gettext("More than %(months)s months ago") % {"months": first - 1}
    return gettext("%(first)s to %(last)s months ago") % {"first": first, "last": last}


def _age_query(first: int, last: int | None) -> str:
    """The months of one of ``AGES``, for the list of open cases."""
    month = this_month()
    since = "" if last is None else f"&fra={month_text(months_after(month, -last))}"
    until = f"&til={month_text(months_after(month, -first))}" if first else ""
    return since + until
