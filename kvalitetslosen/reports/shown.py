"""A report as one person reads it: live figures, a draft, or what was approved and what has changed since."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from django.utils import translation
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kvalitetslosen.figures import pictures
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.printing import static_file
from kvalitetslosen.reports.access import reads_in_full
from kvalitetslosen.reports.added import Added, reads_as_approved
from kvalitetslosen.reports.frozen import Part, Since, parts_of, since
from kvalitetslosen.reports.lifecycle import State
from kvalitetslosen.reports.making import made
from kvalitetslosen.reports.models import Report
from kvalitetslosen.reports.periods import Period
from kvalitetslosen.reports.registry import BARS, COLUMNS, LINES, SHADES, Asked, Kind
from kvalitetslosen.reports.small_numbers import protected
from kvalitetslosen.ui import charts
from kvalitetslosen.ui.charts import Figures, Row


@dataclass(frozen=True)
class Shown:
    """What the page, the file, the spreadsheet and the slides are all made of."""

    kind: Kind
    unit: Unit
    period: Period
    parts: list[Part]
    language: str
    since: Mapping[str, Since] = field(default_factory=dict)
    compared: bool = False  # whether it was looked for what has changed
    in_full: bool = True
    report: Report | None = None
    narrowed: bool = False  # see ``Kind.narrows``, of whoever made it
    for_all: bool = False  # no case about a leader is counted

    @property
    def title(self) -> str:
        return str(self.kind.label)

    @property
    def told(self) -> list[Part]:
        """Without what nothing stands in."""
        return [part for part in self.parts if not part.is_empty]


def live(user: User, kind: Kind, unit: Unit, period: Period, *, for_all: bool = False) -> Shown:
    """As the person sees it now, from the same figures as on the pages they come from.

    ``for_all``: it may be sent on, so no case about a leader is counted.
    """
    parts = made(kind, Asked(user, unit, period, for_all=for_all))
    parts = protected(parts) if kind.protects(user, unit) else parts
    narrowed = kind.narrows(user, unit)
    language = translation.get_language() or "nb"
    return Shown(
        kind, unit, period, parts, language, in_full=not kind.protects(user, unit), narrowed=narrowed, for_all=for_all
    )


def of(report: Report, user: User, *, compare: bool = False) -> Shown:
    """A saved report. Whoever hasn't the cases behind it reads what was approved, without small numbers.

    ``compare``: with what has changed since, for those whose figures are counted as the approver's were.
    """
    kind = report.of_kind
    assert kind is not None
    full = reads_in_full(report, user)
    common = (kind, report.unit, report.period)
    if report.is_draft:
        with translation.override(report.language):
            asked = Asked(user, report.unit, report.period, for_all=True)
            parts = made(kind, asked, report.texts, report.added, draft=True)
            parts = protected(parts) if kind.protects(user, report.unit) else parts
        return Shown(
            *common, parts, report.language, report=report, for_all=True, narrowed=kind.narrows(user, report.unit)
        )
    assert report.frozen is not None
    narrowed = report.frozen.get("narrowed", False)
    parts = parts_of(report.frozen["parts"])
    if not full or kind.protects(user, report.unit):
        with translation.override(report.language):
            return Shown(
                *common,
                protected(parts),
                report.language,
                in_full=full,
                report=report,
                for_all=True,
                narrowed=narrowed,
            )
    same = kind.scope(user, report.unit) == report.scope
    own = _own(report, user) if same else frozenset()
    parts = _as_read(report, parts, own)
    if not same:
        # The lists behind the approver's numbers may be others for this reader, or none.
        parts = [replace(part, figures=without_addresses(part.figures)) if part.figures else part for part in parts]
        return Shown(*common, parts, report.language, report=report, for_all=True, narrowed=narrowed)
    if not compare or report.state != State.APPROVED:
        return Shown(*common, parts, report.language, report=report, for_all=True, narrowed=narrowed)
    with translation.override(report.language):
        now = made(kind, Asked(user, report.unit, report.period, for_all=True), added=report.added)
    return Shown(
        *common,
        parts,
        report.language,
        since([part for part in parts if not part.added or part.name in own], now),
        compared=True,
        report=report,
        for_all=True,
        narrowed=narrowed,
    )


def _own(report: Report, user: User) -> frozenset[str]:
    """What was added and the person would count as it was approved."""
    asked, approver = Asked(user, report.unit, report.period, for_all=True), report.approver_id == user.pk
    return frozenset(each.name for each in Added.all_of(report.added) if approver or reads_as_approved(each, asked))


def _as_read(report: Report, parts: list[Part], own: Collection[str]) -> list[Part]:
    """What was added as those read it who haven't these figures themselves, though they have the report."""
    if not report.added:
        return parts
    with translation.override(report.language):
        few = protected(parts)
    return [few[at] if part.added and part.name not in own else part for at, part in enumerate(parts)]


# On a page


def _worth_drawing(figures: Figures) -> Figures:
    """Without a sum of one row, and without a table that has nothing but zeros where a sentence says so."""
    cells = [cell for row in figures.rows for cell in row.cells]
    if figures.sentence and cells and all(cell.value == 0 for cell in cells):
        return replace(figures, rows=[], foot=None)
    if len(figures.rows) == 1 and figures.foot and _values(figures.foot) == _values(figures.rows[0]):
        return replace(figures, foot=None)
    return figures


def _values(row: Row) -> list[float | None]:
    return [cell.value for cell in row.cells]


def drawn(part: Part, *, draft: bool = False) -> SafeString:
    """A section: heading, sentence, the writer's words, picture and table. A draft says what can be written there."""
    figures = _worth_drawing(part.figures or Figures(part.name, part.title, "", [], []))
    words = f'<div class="los-report__words">{linebreaks(escape(part.text))}</div>' if part.text else ""
    if draft and not part.text and part.prompt:
        words = f'<p class="los-help">{escape(part.prompt)}</p>'
    return charts.card(figures, words, *_pictured(part, figures), _definition(part))


def _definition(part: Part) -> str:
    """What was counted, as it was defined when it was approved: for whoever reads it, one tap away."""
    return charts.folded(gettext("What is counted"), f"<p>{escape(part.definition)}</p>" if part.definition else "")


def _pictured(part: Part, figures: Figures) -> list[SafeString]:
    """The picture, where there is one beside the table, and the table."""
    if not figures.rows:
        return []
    picture = _picture(part, figures)
    return [*([picture] if picture else []), _table(part, figures)]


def _picture(part: Part, figures: Figures, height: int = charts.PLOT) -> SafeString:
    """What is drawn beside the table: of one row, or of nothing but zeros, nothing."""
    if part.picture == LINES and len(figures.rows) > 1:
        return _lines(part, figures)
    if part.picture == COLUMNS and len(figures.rows) > 1 and any(figures.column(part.bar)):
        return charts.columns(figures, bar=part.bar, line=part.line, height=height)
    return SafeString("")


def _table(part: Part, figures: Figures) -> SafeString:
    if part.picture == SHADES:
        return pictures.shaded_table(figures, part.across)
    return charts.table(figures, bars=part.bar if part.picture == BARS else None)


def _series(part: Part, figures: Figures) -> tuple[pictures.Series, bool]:
    names = figures.head[1 : part.across + 1]
    return pictures.largest(
        [(name, [row.cells[at].value for row in figures.rows]) for at, name in enumerate(names)],
    )


def _lines(part: Part, figures: Figures) -> SafeString:
    return pictures.line_chart(figures.rows, *_series(part, figures), figures.sentence)


def without_addresses(figures: Figures) -> Figures:
    rows = [row._replace(cells=[cell._replace(href="") for cell in row.cells], href="") for row in figures.rows]
    foot = figures.foot
    if foot is not None:
        foot = foot._replace(cells=[cell._replace(href="") for cell in foot.cells], href="")
    return replace(figures, rows=rows, foot=foot, defined="")


# On paper

SHORT = 8  # rows that are kept on one page with what stands over them
AXIS, PLOT_WIDTH, GAP = 40, 560, 6  # pixels of a printed picture
_SHARE = re.compile(r' (x|x1|x2|cx|width)="(-?[\d.]+)%"')
_SVG = re.compile(r'<svg class="los-chart__(axis|plot)" height="(\d+)" aria-hidden="true">(.*?)</svg>', re.DOTALL)
_BAR = re.compile(r'<td class="los-bar"><svg aria-hidden="true">(?:<rect width="([\d.]+)%".*?)?</svg></td>')


def printed(part: Part) -> SafeString:
    """A section for the press: the picture as an image described by the sentence, bars beside their numbers."""
    figures = _worth_drawing(without_addresses(part.figures or Figures(part.name, part.title, "", [], [])))
    words = f'<div class="los-report__words">{linebreaks(escape(part.text))}</div>' if part.text else ""
    inside = [words]
    if figures.rows:
        if picture := _picture(part, figures):
            key = _line_key(part, figures) if part.picture == LINES else _key(figures, part)
            inside.append(_image(figures, picture, key))
        table = _BAR.sub(_bar_on_paper, _table(part, figures))
        inside.append(table.replace(' role="region" tabindex="0"', ""))
    made_of = charts.card(figures, *inside)
    if len(figures.rows) <= SHORT:
        return made_of
    return SafeString(made_of.replace('class="los-card"', 'class="los-card los-report__long"', 1))


def _bar_on_paper(found: re.Match[str]) -> str:
    """As the cell's background: to a screen reader it is nothing, since the number stands beside it."""
    return f'<td class="los-bar los-bar--{max(1, round(float(found[1])))}">&nbsp;</td>' if found[1] else "<td></td>"


def _image(figures: Figures, picture: str, key: str) -> str:
    drawn_parts = {name: (int(height), inside) for name, height, inside in _SVG.findall(picture)}
    height = drawn_parts["plot"][0]
    axis = _in_pixels(drawn_parts["axis"][1], AXIS, 0)
    plot = _in_pixels(drawn_parts["plot"][1], PLOT_WIDTH, AXIS + GAP)
    width = AXIS + GAP + PLOT_WIDTH
    source = _source(width, height, f'<g class="axis">{axis}</g><g class="plot">{plot}</g>')
    said = figures.sentence or gettext("The numbers stand in the table below.")
    return f'<p class="los-report__picture"><img src="{source}" alt="{escape(said)}"></p>{key}'


def _source(width: int, height: int, inside: str) -> str:
    """A picture by itself, as an address."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<style>{static_file('css/paper-charts.css').read_text(encoding='utf-8')}</style>{inside}</svg>"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _line_key(part: Part, figures: Figures) -> str:
    """Which line is which."""
    names = [name for name, _values in _series(part, figures)[0]]
    if len(names) < 2:
        return ""
    drawn = (
        f'<img src="{_source(30, 14, _STROKE % place)}" alt=""> {escape(name)}' for place, name in enumerate(names)
    )
    return f'<p class="los-quiet los-report__key">{" &nbsp; ".join(drawn)}</p>'


_STROKE = '<g class="los-series los-series--%d"><line x1="0" x2="30" y1="7" y2="7"/></g>'


def _key(figures: Figures, part: Part) -> str:
    if part.line is None:
        return ""
    said = gettext("Columns: %(bars)s. Line: %(line)s.") % {
        "bars": figures.head[part.bar + 1],
        "line": figures.head[part.line + 1],
    }
    return f'<p class="los-quiet">{escape(said)}</p>'


def _in_pixels(drawn: str, width: int, left: int) -> str:
    """Places along the page in pixels: what reads SVG by itself knows no page."""

    def place(found: re.Match[str]) -> str:
        name, share = found[1], float(found[2]) * width / 100
        return f' {name}="{round(share if name == "width" else share + left, 1)}"'

    drawn = _SHARE.sub(place, drawn)
    return re.sub(r' (x1|x)="0"', lambda found: f' {found[1]}="{left}"', drawn)


def bars_of(part: Part) -> SafeString:
    """For a slide: the picture alone, or the table where there is none."""
    figures = _worth_drawing(without_addresses(part.figures)) if part.figures else None
    if figures is None or not figures.rows:
        return SafeString("")
    return _picture(part, figures, height=260) or _table(part, figures)


def words_of(part: Part) -> SafeString:
    return mark_safe(linebreaks(escape(part.text))) if part.text else SafeString("")  # noqa: S308 - escaped
