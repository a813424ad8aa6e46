"""The reporter's clock as leaders read it: how soon received, answered, told the outcome, closed; and did it help."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from deviations.report_base import ReportBase
from deviations.report_words import many, pair
from deviations.reports import DAYS, HELPED, LIMITS, NOT_SET, TIMES, days_text
from kvalitetslosen.figures.counting import median, share
from kvalitetslosen.ui.charts import Cell, Figures, Row, number

FEWEST = 5
"""Of fewer cases a median points to single ones: whoever may not open these doesn't get it."""


class TimeSections(ReportBase):
    """How long it takes, whether the limits are kept, and whether the answers helped."""

    def histogram(self, measure: str) -> dict[int, int]:
        """Working days, and how many cases took so many; nothing where so few would point to single ones."""
        found = {int(days): n for days, n in self.counts.values[measure].items() if n}
        return {} if self.too_few(sum(found.values())) else found

    def too_few(self, n: int) -> bool:
        """Whether numbers of so many cases would tell of single ones to somebody who doesn't see them."""
        return 0 < n < FEWEST and not self.seen.listed

    @property
    def _held_back(self) -> str:
        return "" if self.seen.listed else gettext("Of fewer than five cases no times are shown.")

    @cached_property
    def times(self) -> Figures:
        histograms = [self.histogram(time.measure) for time in TIMES]
        rows = []
        for name_of_days, (first, last) in zip(self.words.days, DAYS, strict=True):
            cells = []
            for time, histogram in zip(TIMES, histograms, strict=True):
                n = sum(
                    n
                    for days, n in histogram.items()
                    if (not first or days >= first) and (last is None or days <= last)
                )
                cells.append(Cell(n, self._in_period(f"&{time.address}={days_text(first, last)}")))
            short = f"{first}+" if last is None else days_text(first, last).replace("-", "–")
            rows.append(Row(name_of_days, cells, short=short))
        note = gettext("Counted from the day of the report, for the cases reported in the period.")
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
            note=f"{note} {self._held_back}".strip(),
        )

    @cached_property
    def time_sentences(self) -> list[tuple[str, str]]:
        """Name and sentence of each measure; an empty sentence where nothing has got that far."""
        found = []
        for time, (title, same_day, one, several) in zip(TIMES, self.words.times, strict=True):
            middle = median(self.histogram(time.measure))
            sentence = ""
            if middle is not None:
                sentence = same_day if middle <= 0 else one if middle == 1 else several % {"days": many(middle)}
            found.append((title, sentence))
        return found

    @cached_property
    def time_pictures(self) -> list[Figures]:
        """One picture for each measure, from the columns of the common table."""
        table = self.times
        return [
            Figures(
                key=f"tid-{time.address}",
                title=title,
                sentence=sentence,
                head=[table.head[0], title],
                rows=[Row(row.name, [row.cells[number]], short=row.short) for row in table.rows],
            )
            for number, (time, (title, sentence)) in enumerate(zip(TIMES, self.time_sentences, strict=True))
            if sentence
        ]

    # The limits

    @cached_property
    def limits(self) -> Figures:
        """How many kept each limit; what is past it and still waits is late, too."""
        tallies = [self._of_limits(self.counts.values[f"{time.measure}_in"]) for time in TIMES]
        names = (gettext("Within the limit"), gettext("After the limit"), gettext("Past the limit, still waiting"))
        rows = [
            Row(
                name,
                [
                    Cell(tally[how], self._in_period(f"&{time.address}={how}"))
                    for time, tally in zip(TIMES, tallies, strict=True)
                ],
            )
            for how, name in zip(LIMITS, names, strict=True)
        ]
        shares = [share(tally[LIMITS[0]] or 0, sum(n or 0 for n in tally.values())) for tally in tallies]
        said = [
            f"{title} {number(each)} %"
            for (title, _sentence), each in zip(self.time_sentences, shares, strict=True)
            if each is not None
        ]
        the_municipalitys = gettext("The limits are those the municipality has set.")
        return Figures(
            key="frister",
            title=gettext("Within the limits"),
            sentence=gettext("Within the limit: %(shares)s.") % {"shares": ", ".join(said)}
            if said
            else gettext("Nothing has been received, answered or closed yet."),
            head=[gettext("The limit"), *(title for title, _sentence in self.time_sentences)],
            rows=rows,
            foot=Row(gettext("Within the limit, per cent"), [Cell(each) for each in shares]),
            note=f"{the_municipalitys} {self._held_back}".strip(),
        )

    def _of_limits(self, counted: Mapping[str, int]) -> dict[str, int | None]:
        n = sum(counted.values())
        return {how: None if self.too_few(n) else counted.get(how, 0) for how in LIMITS}

    # Did it help

    @cached_property
    def helped(self) -> Figures:
        """What the reporters say of the answers they got."""
        counted = self.counts.values["helped"]
        yes, no = counted["yes"], counted["no"]
        few = self.too_few(yes + no) or self.too_few(sum(counted.values()))
        names = (gettext("It helped"), gettext("It did not help"), gettext("Not said"))
        rows = [
            Row(name, [Cell(None if few else counted[value], self._in_period(f"&hjalp={address}"))])
            for name, value, address in zip(names, ("yes", "no", NOT_SET), HELPED, strict=True)
        ]
        return Figures(
            key="hjalp",
            title=gettext("Did it help?"),
            sentence=self._helped_sentence(yes, yes + no, few=few),
            head=[gettext("The reporter says"), self.words.cases],
            rows=rows,
            note=gettext("Every reporter is asked when the case is closed with an answer."),
        )

    def _helped_sentence(self, yes: int, said: int, *, few: bool) -> str:
        if few:
            return gettext("Fewer than five reporters have said, so the answers are not shown.")
        if not said:
            return gettext("No reporter has said whether the answer helped.")
        some, of = pair(yes, said)
        return ngettext(
            "%(some)s of %(of)s reporter who has said it says that it helped (%(share)s %%).",
            "%(some)s of the %(of)s reporters who have said it say that it helped (%(share)s %%).",
            said,
        ) % {"some": capfirst(some), "of": of, "share": number(share(yes, said))}

    # Unit by unit

    @cached_property
    def times_below(self) -> Figures:
        """The medians of each of the units right below. They are passed on, so few cases give none to anybody."""
        pages = f"{reverse('deviations:figures')}?{self.period.query}&enhet="
        rows = []
        for pk, name in [*((unit.pk, unit.name) for unit in self.place.below), (0, self._itself)]:
            tallies: list[Mapping[int, int]] = [self.counts.days.get((pk, time.measure), {}) for time in TIMES]
            if any(sum(tally.values()) for tally in tallies):
                cells = [Cell(median(tally) if sum(tally.values()) >= FEWEST else None) for tally in tallies]
                rows.append(Row(name, cells, href=f"{pages}{pk}" if pk and self.seen.listed else ""))
        return Figures(
            key="tid-enheter",
            title=gettext("How long it takes, unit by unit"),
            sentence="",
            head=[gettext("Unit"), *(title for title, _sentence in self.time_sentences)],
            rows=rows,
            note=gettext(
                "Half of the cases within so many working days (median). Of fewer than five cases none is shown."
            ),
        )
