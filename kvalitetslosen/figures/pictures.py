"""How an answer can be drawn. Modules add kinds of their own: ``register_picture`` in their ``subjects.py``.

As in ``kvalitetslosen.ui.charts``: drawn by the server, places along are percentages, colours and strokes are classes,
one image to a screen reader with the numbers in the table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.registry import Kind
from kvalitetslosen.ui import charts
from kvalitetslosen.ui.charts import Cell, Figures, Row, number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LINES = 6
"""So many lines can be told apart, by stroke as well as colour."""
SHADES = 5


@dataclass(frozen=True)
class Picture:
    """A kind of picture. ``has_table``: what it draws has the numbers in a table of its own."""

    key: str  # as the address has it
    label: _StrOrPromise
    order: int
    fits: Callable[[Answer], bool]
    draws: Callable[[Answer], SafeString]
    has_table: bool = False


_pictures: dict[str, Picture] = {}


def register_picture(picture: Picture) -> None:
    _pictures[picture.key] = picture


def fitting(answer: Answer) -> list[Picture]:
    """Those that can show this answer, in their order."""
    return sorted((each for each in _pictures.values() if each.fits(answer)), key=lambda each: each.order)


def usual(answer: Answer) -> str:
    """The kind that goes without saying."""
    question = answer.question
    if question.by:
        return "linje" if question.split and len(answer.values) > 1 else "stolpe"
    return "varme" if answer.columns else "stolpe"


def picture_of(answer: Answer) -> Picture:
    """The one asked for where it fits, else the usual one."""
    known = {each.key: each for each in fitting(answer)}
    return known.get(answer.question.shown) or known.get(usual(answer)) or next(iter(known.values()))


def drawn(answer: Answer) -> SafeString:
    """Picture and table. Where a rate is asked for and known, the picture is of that."""
    figures = answer.figures
    if figures.is_empty and not any(cell.words for row in figures.rows for cell in row.cells):
        return charts.table(figures) if figures.rows else SafeString("")
    picture = picture_of(answer)
    shown = picture.draws(answer)
    parts = [shown] if picture.has_table else [shown, charts.table(answer.drawn[0])]
    if answer.draws_rates and answer.rate is not None:
        parts.insert(0, _heading(answer.rate.label))
        if answer.drawn[0] is not figures:
            parts += [_heading(answer.question.measure.label), charts.table(figures)]
    return mark_safe("".join(parts))  # noqa: S308 - drawn by us


def _heading(words: _StrOrPromise) -> SafeString:
    return mark_safe(f'<h3 class="ds-heading" data-size="2xs">{escape(str(words))}</h3>')  # noqa: S308 - escaped


def over_time(figures: Figures, answer: Answer) -> list[Row]:
    """A row for each stretch of time, whichever way the table lies."""
    if answer.rows and answer.rows[0].stretch is not None:
        return list(figures.rows)
    return [
        Row(part.name, [row.cells[place] for row in figures.rows], "", part.short, part.under)
        for place, part in enumerate(answer.columns)
    ]


# Bars


def bars(answer: Answer) -> SafeString:
    """Columns along time with the year before as a line; else bars in the table itself."""
    figures, together = answer.drawn
    if not answer.question.by:
        return charts.table(figures, bars=together)
    rows = figures.rows
    if answer.rows and answer.rows[0].stretch is None:
        totals = figures.foot.cells if figures.foot else []
        rows = [
            Row(part.name, [totals[place] if totals else figures.rows[0].cells[place]], "", part.short, part.under)
            for place, part in enumerate(answer.columns)
        ]
        return mark_safe(  # noqa: S308 - drawn by us
            charts.columns(replace(figures, rows=rows, head=[figures.head[0], _("Together")])) + charts.table(figures)
        )
    line = together + 1 if answer.question.compared and not answer.draws_rates else None
    return mark_safe(charts.columns(figures, bar=together, line=line) + charts.table(figures))  # noqa: S308


# Lines


def lines(answer: Answer) -> SafeString:
    """A line for each value along time: the largest of them, where there are more than can be told apart."""
    figures = answer.drawn[0]
    rows = over_time(figures, answer)
    return line_chart(rows, *_series(answer, figures, rows), figures.sentence)


Series = Sequence[tuple[str, list[float | None]]]


def line_chart(rows: Sequence[Row], series: Series, is_more: bool, sentence: str) -> SafeString:
    """Lines through the rows' places. ``is_more``: not all there is has found room."""
    highest = max((value for _name, values in series for value in values if value is not None), default=0)
    ticks = charts.scale(max(highest, 1))
    floor, top = charts.TOP + charts.PLOT, ticks[-1]
    step = 100 / max(len(rows), 1)

    def up(value: float) -> float:
        return round(floor - value * charts.PLOT / top, 1)

    axis = [f'<text x="100%" y="{up(tick)}" dy="4" text-anchor="end">{number(tick)}</text>' for tick in ticks]
    plot = [f'<line x1="0" x2="100%" y1="{up(tick)}" y2="{up(tick)}"/>' for tick in ticks]
    for place, (_name, values) in enumerate(series):
        plot.append(f'<g class="los-series los-series--{place}">')
        for at in range(len(values) - 1):
            one, other = values[at], values[at + 1]
            if one is not None and other is not None:
                here, there = f"{(at + 0.5) * step:.5g}%", f"{(at + 1.5) * step:.5g}%"
                plot.append(f'<line x1="{here}" x2="{there}" y1="{up(one)}" y2="{up(other)}"/>')
        if len(values) <= 60:
            plot += [
                f'<circle cx="{(at + 0.5) * step:.5g}%" cy="{up(value)}" r="3"/>'
                for at, value in enumerate(values)
                if value is not None
            ]
        plot.append("</g>")
    plot.append('<g text-anchor="middle">')
    every = -(-len(rows) // 12)
    for place, row in enumerate(rows):
        middle = f"{(place + 0.5) * step:.5g}%"
        if place % every == 0:
            spare = ' class="los-chart__spare"' if len(rows) > charts.FEW and place // every % 2 else ""
            plot.append(f'<text{spare} x="{middle}" y="{floor + 16}">{escape(row.short or row.name)}</text>')
        if row.under:
            plot.append(f'<text x="{middle}" y="{floor + 32}">{escape(row.under)}</text>')
    plot.append("</g>")
    whole = floor + charts.FOOT
    key = "".join(
        f'<span><svg width="30" height="14" class="los-series los-series--{place}">'
        '<line x1="0" x2="30" y1="7" y2="7"/>'
        f'<circle cx="15" cy="7" r="3"/></svg>{escape(name)}</span>'
        for place, (name, _values) in enumerate(series)
    )
    said = _left_out() if is_more else ""
    return mark_safe(  # noqa: S308 - names are escaped above, the rest is digits and our own words
        f'<p class="los-chart__key" aria-hidden="true">{key}</p>'
        f'<div class="los-chart" role="img" aria-label="{escape(sentence)}">'
        f'<svg class="los-chart__axis" height="{whole}" aria-hidden="true">{"".join(axis)}</svg>'
        f'<svg class="los-chart__plot" height="{whole}" aria-hidden="true">{"".join(plot)}</svg></div>{said}'
    )


def _left_out() -> str:
    words = _("The picture has the largest. The table has all.")
    return f'<p class="los-quiet">{escape(words)}</p>'


def _series(answer: Answer, figures: Figures, rows: Sequence[Row]) -> tuple[Series, bool]:
    """Name and numbers of each line, and whether some were left out."""
    if not answer.values:
        place = answer.drawn[1]
        found = [(figures.head[place + 1], [row.cells[place].value for row in rows])]
        if answer.question.compared and not answer.draws_rates:
            found.append((_("The year before"), [row.cells[1].value for row in rows]))
        return found, False
    return largest([(part.name, [row.cells[at].value for row in rows]) for at, part in enumerate(answer.values)])


def largest(series: Series) -> tuple[Series, bool]:
    """As many of the lines as can be told apart, in their order, and whether that isn't all."""
    sizes = sorted(range(len(series)), key=lambda place: -sum(value or 0 for value in series[place][1]))
    kept = set(sizes[:LINES])
    return [each for place, each in enumerate(series) if place in kept], len(series) > LINES


# Shades


def shades(answer: Answer) -> SafeString:
    """The table with darker cells where there is more: the numbers stand in them."""
    return shaded_table(answer.drawn[0], len(answer.columns))


def shaded_table(figures: Figures, across: int) -> SafeString:
    """The first ``across`` numbers of each row are shaded: the others are sums, rates and such."""
    most = max((cell.value or 0 for row in figures.rows for cell in row.cells[:across]), default=0)
    head = [f'<th scope="col">{escape(figures.head[0])}</th>']
    head += [f'<th scope="col" class="number">{escape(words)}</th>' for words in figures.head[1:]]
    lines_ = []
    for row in figures.rows:
        cells = "".join(_shaded(cell, most if place < across else 0) for place, cell in enumerate(row.cells))
        lines_.append(f"<tr>{charts.row_name(row)}{cells}</tr>")
    foot = ""
    if figures.foot:
        cells = "".join(_shaded(cell, 0) for cell in figures.foot.cells)
        foot = f'<tfoot><tr><th scope="row">{escape(figures.foot.name)}</th>{cells}</tr></tfoot>'
    title = escape(figures.title)
    return mark_safe(  # noqa: S308 - as above
        f'<div class="los-scroll" role="region" tabindex="0" aria-label="{title}">'
        f'<table class="ds-table los-figures los-shades"><caption class="ds-sr-only">{title}</caption>'
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{''.join(lines_)}</tbody>{foot}</table></div>"
    )


def _shaded(cell: Cell, largest: float) -> str:
    shade = 0
    if largest and cell.value:
        shade = max(1, round(SHADES * cell.value / largest))
    text = escape(cell.words) or number(cell.value)
    if cell.href and (cell.value or cell.words):
        address = cell.href.replace("&", "&amp;").replace('"', "%22")
        text = f'<a class="ds-link" href="{address}">{text}</a>'
    return f'<td class="number{f" los-shade-{shade}" if shade else ""}">{text}</td>'


# Pareto


def pareto(answer: Answer) -> SafeString:
    """The largest first, by their place in the table, with a line for what they make up together; all on one scale.

    Juran's chart: the few that matter most stand where the line is steep.
    """
    figures = largest_first(answer)
    ranked = [row._replace(name=f"{place}. {row.name}") for place, row in enumerate(figures.rows, 1)]
    table = charts.table(replace(figures, rows=ranked), bars=0)
    passed, drawn_ = 0.0, []
    some = [row for row in figures.rows if row.cells[0].value]
    for place, row in enumerate(some[: charts.MANY - 1], 1):
        passed += row.cells[0].value or 0
        drawn_.append(Row(row.name, [row.cells[0], Cell(passed)], short=str(place)))
    if len(drawn_) < 2:
        return table
    said = "" if len(drawn_) == len(some) else _left_out()
    return mark_safe(charts.columns(replace(figures, rows=drawn_), line=1) + said + table)  # noqa: S308 - drawn by us


def largest_first(answer: Answer) -> Figures:
    figures = answer.figures
    place = len(answer.columns)
    ranked = sorted(figures.rows, key=lambda row: -(row.cells[place].value or 0))
    n = sum(row.cells[place].value or 0 for row in ranked)
    passed, rows = 0.0, []
    for row in ranked:
        passed += row.cells[place].value or 0
        share = round(100 * passed / n) if n else 0
        rows.append(row._replace(cells=[row.cells[place], Cell(share, "", f"{share} %")]))
    return replace(
        figures, rows=rows, head=[figures.head[0], figures.head[place + 1], _("Together with those above")], foot=None
    )


def _by_time(answer: Answer) -> bool:
    return bool(answer.question.by) and len(answer.stretches) > 1


def _is_count(answer: Answer) -> bool:
    return answer.question.measure.kind is Kind.COUNT


register_picture(Picture("stolpe", gettext_lazy("Bars"), 10, lambda _answer: True, bars, has_table=True))
register_picture(Picture("linje", gettext_lazy("Lines"), 20, _by_time, lines))
register_picture(
    Picture("varme", gettext_lazy("Shaded table"), 30, lambda answer: bool(answer.columns), shades, has_table=True)
)
register_picture(
    Picture(
        "pareto",
        gettext_lazy("Pareto: the largest first"),
        40,
        lambda answer: (
            bool(answer.question.split)
            and not answer.question.by
            and not answer.columns
            and _is_count(answer)
            and not answer.draws_rates
            and not answer.question.sight.protected
        ),
        pareto,
        has_table=True,
    )
)
