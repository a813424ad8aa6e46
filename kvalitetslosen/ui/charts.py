"""Figures shown: one set of numbers as a picture, a table and a sentence, and as a sheet in a spreadsheet.

The pictures are drawn by the server. Places along the page are percentages and sizes pixels, so that a picture fills a
phone as well as a desk and its letters keep their size; colours are classes in ``charts.css`` and follow light and
dark. A picture is one image to a screen reader, described by the sentence; its numbers stand in the table beside it.
Everything is written by Python: a page has hundreds of cells, and a template costs more for each than finding the
number did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

PLOT, FOOT, TOP = 168, 40, 18  # pixels: the height of the highest bar, of what is written under it and over it
LETTERS = 20  # a column lower than this has no room for its number
FEW = 8  # so many names fit side by side on a phone; of more, each second one is left out there
MANY = 13  # more columns than this have no room for a number each


class Cell(NamedTuple):
    """One number. ``href`` is the list it counts, or nothing; a ``value`` of None is not a number at all.

    ``words`` stand instead of the number: where it is not told, or is something else than how many.
    """

    value: float | None
    href: str = ""
    words: str = ""


class Row(NamedTuple):
    """One line of figures. ``short`` is its name in the picture, ``under`` a second line there (the year)."""

    name: str
    cells: Sequence[Cell]
    href: str = ""
    short: str = ""
    under: str = ""


@dataclass(frozen=True)
class Figures:
    """What is counted, once: the page's picture, table and sentence and the spreadsheet's sheet are made of this."""

    key: str  # its id on the page
    title: str
    sentence: str
    head: Sequence[str]  # what the rows are, then what each number is
    rows: Sequence[Row]
    foot: Row | None = None  # the sum, or the median
    note: str = ""
    defined: str = ""  # where it says what is counted

    def column(self, number: int) -> list[float]:
        """The numbers of one column, nothing counting as zero."""
        return [row.cells[number].value or 0 for row in self.rows]

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for row in self.rows for cell in row.cells)


def number(value: float | None) -> str:
    """A number as people write it: 12 345 and 2,5 in Norwegian, 12,345 and 2.5 in English, a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, int) and -1000 < value < 1000:
        return str(value)
    return _written(value, get_language() == "en")


@lru_cache(maxsize=4096)
def _written(value: float, english: bool) -> str:
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return text if english else text.translate(NORWEGIAN)


NORWEGIAN = str.maketrans({",": "\u00a0", ".": ","})


def _address(href: str) -> str:
    return href.replace("&", "&amp;").replace('"', "%22")


def _cell(cell: Cell) -> str:
    value, href, words = cell
    written = escape(words) or number(value)
    if href and (value or words):
        return f'<td class="number"><a class="ds-link" href="{_address(href)}">{written}</a></td>'
    return f'<td class="number">{written}</td>'


def row_name(row: Row) -> str:
    """The first cell of a row, leading where the row does."""
    name: str = escape(row.name)
    if row.href:
        name = f'<a class="ds-link" href="{_address(row.href)}">{name}</a>'
    return f'<th scope="row">{name}</th>'


def table(figures: Figures, *, bars: int | None = None) -> SafeString:
    """The figures as a table. With ``bars``, the numbers of that column are drawn too, each beside itself.

    A bar's length is its share of the largest; table and picture are then one and the same.
    """
    largest = max(figures.column(bars), default=0) if bars is not None else 0
    head = [f'<th scope="col">{escape(figures.head[0])}</th>']
    for column, words in enumerate(figures.head[1:]):
        head.append(f'<th scope="col" class="number">{escape(words)}</th>')
        if column == bars:
            head.append('<td class="los-bar"></td>')
    lines = []
    for row in figures.rows:
        cells = []
        for column, cell in enumerate(row.cells):
            cells.append(_cell(cell))
            if column == bars:
                share = 100 * (cell.value or 0) / largest if largest else 0
                drawn = f'<rect width="{share:.4g}%" height="100%" rx="3"/>' if share else ""
                cells.append(f'<td class="los-bar"><svg aria-hidden="true">{drawn}</svg></td>')
        lines.append(f"<tr>{row_name(row)}{''.join(cells)}</tr>")
    foot = ""
    if figures.foot:
        cells = [_cell(cell) for cell in figures.foot.cells]
        if bars is not None:
            cells.insert(bars + 1, '<td class="los-bar"></td>')
        foot = f"<tfoot><tr>{row_name(figures.foot)}{''.join(cells)}</tr></tfoot>"
    title = escape(figures.title)
    return mark_safe(  # noqa: S308 - names and addresses are escaped above, the rest is digits and our own words
        f'<div class="los-scroll" role="region" tabindex="0" aria-label="{title}"><table class="ds-table los-figures">'
        f'<caption class="ds-sr-only">{title}</caption><thead><tr>{"".join(head)}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody>{foot}</table></div>"
    )


@lru_cache(maxsize=256)
def scale(largest: float) -> tuple[int, ...]:
    """Whole, round numbers from zero to at least the largest, at most six of them."""
    step, factor = 1, 1
    while True:
        for base in (1, 2, 5):
            step = base * factor
            if largest <= step * 5:
                return tuple(range(0, step * (max(1, -(-int(largest) // step)) + 1), step))
        factor *= 10


def columns(figures: Figures, *, bar: int = 0, line: int | None = None, height: int = PLOT) -> SafeString:
    """A picture with a column for each row, and perhaps a line for another number of the same rows.

    ``bar`` and ``line`` say which of the numbers. The picture's words are the figures' sentence.
    """
    rows = figures.rows
    if not rows:
        return SafeString("")
    values = figures.column(bar)
    compared = figures.column(line) if line is not None else []
    ticks = scale(max([*values, *compared, 1]))
    top, floor = ticks[-1], TOP + height
    step = 100 / len(rows)
    every = 1 if len(rows) <= MANY else 3 if len(rows) <= 3 * MANY else 12
    numbered = len(rows) <= MANY and max(values) < 10_000

    def up(value: float) -> float:
        return round(floor - value * height / top, 1)

    axis, plot = [], []
    for tick in ticks:
        y = up(tick)
        axis.append(f'<text x="100%" y="{y}" dy="4" text-anchor="end">{number(tick)}</text>')
        plot.append(f'<line x1="0" x2="100%" y1="{y}" y2="{y}"/>')
    plot.append('<g class="los-chart__bars">')
    for place, value in enumerate(values):
        if value:
            high = up(value)
            plot.append(
                f'<rect x="{(place + 0.16) * step:.5g}%" width="{0.68 * step:.5g}%" y="{high}"'
                f' height="{round(floor - high, 1)}" rx="2"/>'
            )
    plot.append("</g>")
    if compared:
        way = "".join(
            f'<line x1="{(place + 0.5) * step:.5g}%" x2="{(place + 1.5) * step:.5g}%"'
            f' y1="{up(compared[place])}" y2="{up(compared[place + 1])}"/>'
            for place in range(len(rows) - 1)
        )
        dots = "".join(
            f'<circle cx="{(place + 0.5) * step:.5g}%" cy="{up(value)}" r="3"/>'
            for place, value in enumerate(compared)
        )
        plot.append(f'<g class="los-chart__halo">{way}</g><g class="los-chart__line">{way}{dots}</g>')
    plot.append('<g text-anchor="middle">')
    for place, row in enumerate(rows):
        middle = f"{(place + 0.5) * step:.5g}%"
        if numbered and values[place]:
            # At the foot of its column, where the line doesn't pass; over it when the column is too low.
            tall = floor - up(values[place]) > LETTERS
            kind = "los-chart__value los-chart__value--in" if tall else "los-chart__value"
            y = floor - 7 if tall else up(values[place]) - 5
            plot.append(f'<text class="{kind}" x="{middle}" y="{y}">{number(values[place])}</text>')
        if place % every == 0:
            spare = ' class="los-chart__spare"' if len(rows) > FEW and place // every % 2 else ""
            plot.append(f'<text{spare} x="{middle}" y="{floor + 16}">{escape(row.short or row.name)}</text>')
        if row.under:
            plot.append(f'<text x="{middle}" y="{floor + 32}">{escape(row.under)}</text>')
    plot.append("</g>")
    whole = floor + FOOT
    key = ""
    if line is not None:
        key = (
            '<p class="los-chart__key" aria-hidden="true">'
            '<span><svg width="14" height="14" class="los-chart__bars"><rect width="14" height="14" rx="3"/></svg>'
            f"{escape(figures.head[bar + 1])}</span>"
            '<span><svg width="26" height="14" class="los-chart__line"><line x1="0" x2="26" y1="7" y2="7"/>'
            f'<circle cx="13" cy="7" r="3"/></svg>{escape(figures.head[line + 1])}</span></p>'
        )
    return mark_safe(  # noqa: S308 - as above
        f'{key}<div class="los-chart" role="img" aria-label="{escape(figures.sentence)}">'
        f'<svg class="los-chart__axis" height="{whole}" aria-hidden="true">{"".join(axis)}</svg>'
        f'<svg class="los-chart__plot" height="{whole}" aria-hidden="true">{"".join(plot)}</svg></div>'
    )


def folded(title: str, inside: str) -> str:
    """What only some look at, under a heading that opens it; nothing when there is nothing."""
    if not inside:
        return ""
    return f'<details class="ds-details los-fold"><summary>{escape(title)}</summary><div>{inside}</div></details>'


def card(figures: Figures, *parts: str, small: bool = False) -> SafeString:
    """A part of a page: heading, sentence and whatever is put under them. ``small``: a part of such a part."""
    tag, inside, size = ("h3", "div", "2xs") if small else ("h2", 'section class="los-card"', "sm")
    said = f"<p>{escape(figures.sentence)}</p>" if figures.sentence else ""
    note = f'<p class="los-quiet">{escape(figures.note)}</p>' if figures.note else ""
    if figures.defined:
        words = escape(gettext("What is counted"))
        title = f'<span class="ds-sr-only">: {escape(figures.title)}</span>'
        note += f'<p class="los-quiet los-defined"><a class="ds-link" href="{figures.defined}">{words}{title}</a></p>'
    return mark_safe(  # noqa: S308 - as above
        f'<{inside} id="{figures.key}"><{tag} class="ds-heading" data-size="{size}">{escape(figures.title)}</{tag}>'
        f"{said}{note}{''.join(parts)}</{inside.partition(' ')[0]}>"
    )
