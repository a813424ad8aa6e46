"""The answer to a question: one table of numbers, each with the address of its list, and a sentence.

The page, the picture, the files and whoever builds on this are made from ``Answer.figures``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from django.urls import reverse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kvalitetslosen.figures import denominators, periods
from kvalitetslosen.figures.counting import Amount, Key, counted, counted_before, total
from kvalitetslosen.figures.protection import FEWEST, hidden, is_few
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import NOT_SET, UNDER, Dimension, Kind
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.ui.charts import Cell, Figures, Row, number

MOST_COLUMNS, MOST_ROWS = 8, 100
"""More values than this side by side are told below each other; of more than this in all, the least are «others»."""
OTHERS = "\0"


class Part(NamedTuple):
    """A row or a column: a stretch of time, a value of the splits, or all together."""

    name: str
    stretch: periods.Stretch | None = None
    values: tuple[str, ...] | None = None
    short: str = ""
    under: str = ""


ALL = Part("")


@dataclass(eq=False)
class Answer:
    """What was found. Everything a reader sees of it is made here, once."""

    question: Question
    amounts: Mapping[Key, Amount]
    before: Mapping[Key, Amount]

    @classmethod
    def to(cls, question: Question) -> Answer:
        return cls(question, counted(question), counted_before(question) if question.compared else {})

    # What the table is made of

    @cached_property
    def stretches(self) -> list[Part]:
        by, found, year = self.question.by, [], None
        every = self.question.stretches
        for place, each in enumerate(every):
            its = periods.year_of(by, each)
            soon = every[min(place + 2, len(every) - 1)]  # two years have no room beside each other on a phone
            shown = by != periods.YEAR and its != year and (place or periods.year_of(by, soon) == its)
            under = str(its) if shown else ""
            found.append(Part(periods.name_of(by, each), each, None, periods.short_name(by, each), under))
            year = its
        return found

    @cached_property
    def values(self) -> list[Part]:
        """The values of the splits that are told, in order; pairs where it is split two ways and told by time."""
        split = self.question.split
        if not split:
            return []
        if len(split) == 2 and not self.question.by:
            return self._of(0)
        return self._pairs() if len(split) == 2 else self._of(0)

    @cached_property
    def second_values(self) -> list[Part]:
        """The values of the second split, where it lies across the first."""
        return self._of(1) if len(self.question.split) == 2 and not self.question.by else []

    def _of(self, place: int) -> list[Part]:
        dimension = self.question.split[place]
        sizes: dict[str, int] = dict.fromkeys(self._all_values(dimension), 0)
        for (_start, values), amount in self.amounts.items():
            sizes[values[place]] = sizes.get(values[place], 0) + amount.n
        if place == 0:  # what only the year before had is part of its sum
            for _start, values in self.before:
                sizes.setdefault(values[place], 0)
        names = dimension.named(self.question, sizes.keys())
        order = {value: number for number, value in enumerate(dimension.ordered)}

        def rank(value: str) -> tuple[bool, int, int, str]:
            size = 0 if order or self.question.sight.protected else -sizes[value]
            return value == NOT_SET, order.get(value, len(order)), size, names[value]

        most = MOST_ROWS if place == 0 or dimension.ordered else MOST_COLUMNS + 4
        kept = set(sorted(sizes, key=lambda value: -sizes[value])[:most])
        found = [Part(names[value], None, (value,)) for value in sorted(kept, key=rank)]
        return found if len(kept) == len(sizes) else [*found, Part(_("Others"), None, (OTHERS,))]

    def _all_values(self, dimension: Dimension) -> Sequence[str]:
        """Those told even where nothing is counted."""
        chosen = next((values for each, values in self.question.filters if each is dimension), None)
        if chosen is not None:
            return chosen
        return dimension.told_always(self.question)

    def _pairs(self) -> list[Part]:
        first, second = self.question.split
        sizes: dict[tuple[str, ...], int] = {}
        for (_start, values), amount in self.amounts.items():
            sizes[values] = sizes.get(values, 0) + amount.n
        for _start, values in self.before:
            sizes.setdefault(values, 0)
        names = [
            dimension.named(self.question, {values[place] for values in sizes})
            for place, dimension in enumerate((first, second))
        ]
        kept = sorted(sizes, key=lambda values: (-sizes[values], values))[:MOST_ROWS]
        found = [Part(f"{names[0][one]} · {names[1][other]}", None, (one, other)) for one, other in kept]
        return found if len(kept) == len(sizes) else [*found, Part(_("Others"), None, (OTHERS,))]

    @cached_property
    def rows(self) -> list[Part]:
        if not self.question.split:
            return self.stretches
        if not self.question.by:
            return self.values
        return self.stretches if self._times_down else self.values

    @cached_property
    def columns(self) -> list[Part]:
        """What lies across; nothing where there is one number a row."""
        if not self.question.split:
            return []
        if not self.question.by:
            return self.second_values
        return self.values if self._times_down else self.stretches

    @property
    def _times_down(self) -> bool:
        return len(self.values) <= MOST_COLUMNS or len(self.stretches) > 3 * MOST_COLUMNS

    # The grid, reckoned once

    @cached_property
    def grid(self) -> dict[tuple[int, int], Amount]:
        """Amounts by the places of row and column; -1 is all together."""
        found: dict[tuple[int, int], Amount] = {}
        rows, columns = self._places(self.rows), self._places(self.columns)
        for key, amount in self.amounts.items():
            row = self._place(rows, self.rows, key)
            column = self._place(columns, self.columns, key) if self.columns else -1
            for cell in {(row, column), (row, -1), (-1, column), (-1, -1)}:
                if cell not in found:
                    found[cell] = Amount()
                found[cell].join(amount)
        return found

    def _places(self, parts: Sequence[Part]) -> dict[object, int]:
        return {
            (part.stretch.start if part.stretch is not None else part.values): place
            for place, part in enumerate(parts)
        }

    def _place(self, places: Mapping[object, int], parts: Sequence[Part], key: Key) -> int:
        start, values = key
        if parts[0].stretch is not None:
            return places[start] if self.question.by else 0
        if not self.question.by:
            values = values[1:] if parts is self.second_values else values[:1]
        return places[values] if values in places else places[(OTHERS,)]

    def _is_second(self, part: Part) -> bool:
        return any(part is each for each in self.second_values)

    # The table

    @cached_property
    def figures(self) -> Figures:
        question = self.question
        head = [self._first_head, *(part.name for part in self.columns)]
        if not self.columns:
            head.append(str(question.measure.label))
        else:
            head.append(_("Together") if question.measure.kind is Kind.COUNT else _("All"))
        if question.compared:
            head.append(_("The year before"))
        rate = self.rate
        if rate is not None:
            head.append(rate.label)
        rows = [
            Row(part.name, self._cells(place, part), self._further_down(part), part.short, part.under)
            for place, part in enumerate(self.rows)
        ]
        foot = Row(_("Together") if question.measure.kind is Kind.COUNT else _("All"), self._cells(-1, ALL))
        figures = Figures(
            key="svar",
            title=self.title,
            sentence=self.sentence,
            head=head,
            rows=rows,
            foot=foot if len(rows) > 1 else None,
        )
        return self._guarded(figures) if question.sight.protected else figures

    def _further_down(self, row: Part) -> str:
        """Of a unit below: the same question asked of it, so that one goes down the tree by its rows."""
        question = self.question
        if not row.values or question.split[0].key != UNDER or not row.values[0].isdecimal():
            return ""
        kept = tuple((each, values) for each, values in question.filters if each.key != UNDER)
        asked = question.address(unit=Unit(pk=int(row.values[0])), filters=kept)
        return f"{reverse('figures:explore')}?{asked}" if question.sight.listed else ""

    @property
    def _first_head(self) -> str:
        part = self.rows[0] if self.rows else ALL
        if part.stretch is not None:
            by = self.question.by
            return str(periods.STRETCHES[by]) if by else _("Period")
        return str(self.question.split[0].label)

    def _cells(self, place: int, row: Part) -> list[Cell]:
        cells = [self._cell(self.grid.get((place, number)), row, column) for number, column in enumerate(self.columns)]
        cells.append(self._cell(self.grid.get((place, -1)), row))
        if self.question.compared:
            cells.append(self._before(row))
        if self.rate is not None:
            cells.append(self._rated(self.grid.get((place, -1), Amount()).n, row))
        return cells

    def _cell(self, amount: Amount | None, *parts: Part) -> Cell:
        found = amount or Amount()
        return self._told(found, self._href(found, *parts))

    def _told(self, amount: Amount, href: str) -> Cell:
        measure = self.question.measure
        value = amount.value(measure)
        if measure.kind is Kind.COUNT:
            return Cell(value, href)
        few = (self.question.sight.shared or self.question.sight.protected) and amount.n < FEWEST
        if value is None or few:
            return Cell(None, "", _("too few") if few and amount.n else "")
        return Cell(value, href, f"{number(value)} %" if measure.kind is Kind.SHARE else number(value))

    def _href(self, amount: Amount, *parts: Part) -> str:
        """The list of one number; none where it isn't one, or the person has figures only."""
        if not self.question.sight.listed or not amount.n:
            return ""
        first, last = self.question.first, self.question.last
        values: list[tuple[Dimension, str]] = []
        for part in parts:
            if part.values == (OTHERS,):
                return ""
            if part.stretch is not None:
                first, last = part.stretch.first, part.stretch.last
            if part.values is not None:
                split = self.question.split[1:] if self._is_second(part) else self.question.split
                values += zip(split, part.values, strict=False)
        return f"{reverse('figures:list')}?{self.question.of(first, last, values)}"

    def _before(self, row: Part) -> Cell:
        """The year before, of a whole row."""
        stretch: periods.Stretch | None
        if row.stretch is not None:
            stretch = periods.stretch_before(self.question.by, row.stretch)
            if stretch is None:
                return Cell(None)
            found = self._amount_before([stretch], row)
        else:
            known = [each for each in self._befores if each is not None]
            if not known:
                return Cell(None)
            found = self._amount_before(known, row)
            whole = len(known) == len(self._befores) and all(
                one.last + periods.ONE_DAY == other.first for one, other in pairwise(known)
            )
            stretch = periods.Stretch(known[0].start, known[0].first, known[-1].last) if whole else None
        part = Part("", stretch, row.values)
        return self._told(found, self._href(found, part) if stretch is not None else "")

    @cached_property
    def _befores(self) -> list[periods.Stretch | None]:
        """What each stretch is compared with."""
        return [periods.stretch_before(self.question.by, each) for each in self.question.stretches]

    def _amount_before(self, stretches: Sequence[periods.Stretch], row: Part) -> Amount:
        if row.values is not None:
            return self._before_by_values.get(row.values, Amount())
        if not self.question.by:
            return total(self.before.values())
        return total(self._before_by_start.get(each.start, Amount()) for each in stretches)

    @cached_property
    def _before_by_start(self) -> dict[object, Amount]:
        found: dict[object, Amount] = {}
        for (start, _values), amount in self.before.items():
            found.setdefault(start, Amount()).join(amount)
        return found

    @cached_property
    def _before_by_values(self) -> dict[tuple[str, ...], Amount]:
        """In the stretches that are compared, by the values told."""
        starts = {each.start for each in self._befores if each}
        told = {each.values for each in self.values}
        length = max((len(each.values or ()) for each in self.values), default=0)
        found: dict[tuple[str, ...], Amount] = {}
        for (start, values), amount in self.before.items():
            if not self.question.by or start in starts:
                key = values[:length]
                found.setdefault(key if key in told else (OTHERS,), Amount()).join(amount)
        return found

    # Rates

    @cached_property
    def rate(self) -> denominators.Rate | None:
        """What the numbers are divided by, where the question says so and it is known here."""
        return denominators.rate_of(self.question)

    def divided_by(self, *parts: Part) -> float | None:
        """How many of what the numbers are divided by there were, in the time and the units of the parts."""
        assert self.rate is not None
        stretch, values = None, list[tuple[str, str]]()
        for part in parts:
            stretch = part.stretch or stretch
            if part.values == (OTHERS,):
                values += [(each.key, OTHERS) for each in self._split_of(part)]
            elif part.values is not None:
                values += [(each.key, value) for each, value in zip(self._split_of(part), part.values, strict=False)]
        units = denominators.asked_about(self.question, values)
        return None if units is None else self.rate.of(stretch, units)

    def _split_of(self, part: Part) -> tuple[Dimension, ...]:
        """What the values of a part are values of."""
        if self._is_second(part):
            return self.question.split[1:]
        return self.question.split[:1] if self.second_values else self.question.split

    def _rated(self, n: int, *parts: Part) -> Cell:
        assert self.rate is not None
        of = self.divided_by(*parts)
        if not of:
            return Cell(None)
        value = round(self.rate.per * n / of, 1)
        return Cell(value, "", number(value))

    @cached_property
    def rates(self) -> Figures | None:
        """Every number of a table with something across as a rate, where any is known."""
        if self.rate is None or not self.columns:
            return None
        rows = [Row(part.name, self._rates_of(place, part), "", part.short, part.under)
                for place, part in enumerate(self.rows)]  # fmt: skip
        if not any(cell.value is not None for row in rows for cell in row.cells):
            return None
        foot = Row(_("Together"), self._rates_of(-1, ALL)) if len(rows) > 1 else None
        title = f"{self.title}, {self.rate.label[:1].lower()}{self.rate.label[1:]}"
        return Figures("rater", title, self.sentence, [*self.figures.head[: len(self.columns) + 1], _("Together")],
                       rows, foot)  # fmt: skip

    def _rates_of(self, place: int, row: Part) -> list[Cell]:
        return [
            self._rated(self.grid.get((place, number), Amount()).n, row, column)
            for number, column in [*enumerate(self.columns), (-1, ALL)]
        ]

    @cached_property
    def drawn(self) -> tuple[Figures, int]:
        """What a picture draws, and which of its columns has all: the rates where they are asked for and known."""
        if self.rates is not None:
            return self.rates, len(self.columns)
        if self.columns:
            return self.figures, len(self.columns)
        last = len(self.figures.head) - 2
        if self.rate is not None and any(row.cells[last].value is not None for row in self.figures.rows):
            return self.figures, last
        return self.figures, 0

    @property
    def draws_rates(self) -> bool:
        figures, column = self.drawn
        return figures is not self.figures or column != len(self.columns)

    # In words

    @cached_property
    def title(self) -> str:
        question = self.question
        what = capfirst(str(question.subject.label if question.measure.kind is Kind.COUNT else question.measure.label))
        ways = [str(each.label).lower() for each in question.split]
        if question.by:
            ways.insert(0, str(periods.STRETCHES[question.by]).lower())
        if not ways:
            return what
        return _("%(what)s by %(ways)s") % {"what": what, "ways": get_text_list(ways, _("and"))}

    @cached_property
    def total(self) -> Amount:
        return self.grid.get((-1, -1), Amount())

    @cached_property
    def sentence(self) -> str:
        question, n = self.question, self.total.n
        said = {
            "unit": question.unit.name,
            "period": periods.period_words(question.first, question.last),
            "n": number(n),
            "what": str(question.subject.counts),
            "measure": str(question.measure.label),
        }
        if question.sight.protected and is_few(n):
            return _("Fewer than five in %(unit)s, %(period)s. Such small numbers aren’t told.") % said
        if not n:
            return _("Nothing was counted in %(unit)s, %(period)s.") % said
        if question.measure.kind is Kind.COUNT:
            return _("%(what)s: %(n)s. %(unit)s, %(period)s.") % said
        cell = self._told(self.total, "")
        if cell.value is None:
            return _("Too few to tell of in %(unit)s, %(period)s.") % said
        said["value"] = cell.words
        if question.sight.protected or question.sight.shared:  # beside all of them, how many weren't measured
            return _("%(measure)s: %(value)s in %(unit)s, %(period)s.") % said
        return (
            ngettext(
                "%(measure)s: %(value)s in %(unit)s, %(period)s. One was measured.",
                "%(measure)s: %(value)s in %(unit)s, %(period)s. %(n)s were measured.",
                n,
            )
            % said
        )

    # Small numbers

    def _guarded(self, figures: Figures) -> Figures:
        """The table as those read it who have figures only: no number of one to four, and none that gives it away.

        Where all have to be hidden, it isn't told which there are either: a row stands there only where it would
        stand without any number, and no median does.
        """
        question, untold = self.question, self._hides_all
        if question.measure.kind is Kind.MEDIAN:
            untold |= Answer.to(replace(question, measure=question.subject.measures[0]))._hides_all
            found = _guarded_medians(figures, untold=untold)
        else:
            found = self._guarded_counts(figures)
        if not question.split:
            return found
        before_untold = question.compared and _all_hidden([int(row.cells[1].value or 0) for row in figures.rows])
        always = set(question.split[0].told_always(question))
        rows = []
        for place, (row, part) in enumerate(zip(found.rows, self.rows, strict=True)):
            if part.values and part.values[0] in always:
                # Of the year before, what is left of its sum would be that of the rows left out.
                rows.append(_without_before(row) if untold and question.compared else row)
            elif not untold and (not before_untold or self._numbers[place]):
                rows.append(row)
        return replace(found, rows=rows, foot=found.foot if rows else None)

    @property
    def _numbers(self) -> list[int]:
        return [self.grid.get((place, -1), Amount()).n for place in range(len(self.rows))]

    @property
    def _hides_all(self) -> bool:
        return _all_hidden(self._numbers)

    def _guarded_counts(self, figures: Figures) -> Figures:
        rows = [list(row.cells) for row in figures.rows]
        foot = list(figures.foot.cells) if figures.foot else []
        for place in range(2 if self.question.compared else 1):
            column = [int(cells[place].value or 0) for cells in rows]
            few, with_them = hidden(column)
            for line in few | with_them:
                rows[line][place] = Cell(None, "", _("1–4") if line in few else _("not told"))
                if place == 0 and self.rate is not None:
                    rows[line][-1] = Cell(None, "", _("not told"))
            if foot and is_few(int(foot[place].value or 0)):
                foot[place] = Cell(None, "", _("1–4"))
                if place == 0 and self.rate is not None:
                    foot[-1] = Cell(None, "", _("not told"))
        told = [Row(row.name, cells, "", row.short, row.under) for row, cells in zip(figures.rows, rows, strict=True)]
        return replace(
            figures,
            rows=told,
            foot=figures.foot._replace(cells=foot) if figures.foot else None,
            note=_("Numbers of one to four aren’t told, nor those that would give them away."),
        )


def _all_hidden(numbers: Sequence[int]) -> bool:
    few, with_them = hidden(numbers)
    return bool(with_them) and not few


def _without_before(row: Row) -> Row:
    return row._replace(cells=[row.cells[0], Cell(None, "", _("not told")), *row.cells[2:]])


def _guarded_medians(figures: Figures, *, untold: bool) -> Figures:
    """Of none and of few alike: too few."""
    too_few = Cell(None, "", _("too few"))
    rows = [
        row._replace(cells=[too_few if untold or cell.value is None else cell for cell in row.cells])
        for row in figures.rows
    ]
    return replace(figures, rows=rows)
