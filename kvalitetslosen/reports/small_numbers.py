"""Small numbers kept from those who read a shared report and not the cases behind it.

A number from one to four could tell of somebody. It is left out, with whatever it could be reckoned from:

* in a column with a sum, so many more that at least two are left out and these make five together; where that can't
  be, the sum goes too;
* in a row whose numbers belong together, all but the first;
* the same count in another section, known by the list it leads to;
* what a section lacks of what another counts in all (nine were reported, seven are closed), as if it stood there as
  one more number that is left out;
* a sentence or a median about any of them.

What a writer added may count the same things in another way, so that the two together tell what each leaves out. It is
told whole where no small number is left out anywhere in the report, and else not at all.

Zero is told: that nobody reported tells of nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from kvalitetslosen.reports.frozen import ALL_OR_NOTHING, NOTHING, Part
from kvalitetslosen.ui.charts import Cell, Figures, Row

LEAST = 5
Place = tuple[int, int, int]  # part, row (the foot after the last), column


def protected(parts: Sequence[Part]) -> list[Part]:
    """The parts as they are shared, without any address: nobody who reads them opens the lists."""
    parts = [_unsaid(part) if part.others == NOTHING else part for part in parts]
    hidden = _hidden(parts)
    if hidden or any(_is_few(part) for part in parts if part.others == ALL_OR_NOTHING):
        parts = [_unsaid(part) if part.others == ALL_OR_NOTHING else part for part in parts]
        hidden = _hidden(parts)
    return [_shown(number, part, hidden) for number, part in enumerate(parts)]


def _unsaid(part: Part) -> Part:
    """Without its numbers, and saying so."""
    if part.figures is None or not (part.figures.rows or part.figures.sentence):
        return part
    said = gettext("These numbers are left out: small ones could be reckoned from them.")
    return replace(part, figures=Figures(part.figures.key, part.figures.title, said, [], []))


def _is_few(part: Part) -> bool:
    """Whether something isn't told already."""
    return any(cell.value is None and cell.words for cells in _lines(part) for cell in cells)


def _hidden(parts: Sequence[Part]) -> set[Place]:
    places = [
        (part, row, column)
        for part, each in enumerate(parts)
        if not each.told
        for row, cells in enumerate(_lines(each))
        for column in range(len(cells))
    ]
    hidden = {place for place in places if _counts(parts, place) and 0 < _value(parts, place) < LEAST}
    by_list: dict[str, list[Place]] = {}
    for place in places:
        if _counts(parts, place) and (href := _cell(parts, place).href):
            by_list.setdefault(href, []).append(place)
    lacking = _lacking(parts)
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for same in by_list.values():
            if any(place in hidden for place in same):
                hidden.update(same)
        for number, part in enumerate(parts):
            if not part.told and part.figures is not None:
                _whole_rows(parts, number, hidden)
                _whole_columns(parts, number, hidden, lacking)
    for number, part in enumerate(parts):
        if part.measured and part.figures is not None and part.figures.foot is not None:
            _foots(parts, number, hidden)
    return hidden


def _lacking(parts: Sequence[Part]) -> dict[tuple[int, int], float]:
    """By part and column: the few that it lacks of what another counts in all. What was added is whole or not told."""
    totals = {
        (number, column): sum(_value(parts, (number, row, column)) for row in range(len(part.figures.rows)))
        for number, part in enumerate(parts)
        if part.figures is not None and part.figures.rows and not part.told
        for column in range(len(part.figures.rows[0].cells) if part.measured else 1)
    }
    found = {}
    for (number, column), total in totals.items():
        few = [other - total for other in totals.values() if 0 < other - total < LEAST]
        if few and total and (parts[number].measured or not parts[number].added):
            found[number, column] = min(few)
    return found


def _lines(part: Part) -> list[Sequence[Cell]]:
    if part.figures is None:
        return []
    foot = [part.figures.foot.cells] if part.figures.foot else []
    return [*(row.cells for row in part.figures.rows), *foot]


def _cell(parts: Sequence[Part], place: Place) -> Cell:
    part, row, column = place
    return _lines(parts[part])[row][column]


def _value(parts: Sequence[Part], place: Place) -> float:
    return _cell(parts, place).value or 0


def _is_foot(parts: Sequence[Part], place: Place) -> bool:
    figures = parts[place[0]].figures
    return figures is not None and place[1] == len(figures.rows)


def _counts(parts: Sequence[Part], place: Place) -> bool:
    """Whether the number is a count, not a median or a share under the table."""
    return not (parts[place[0]].measured and _is_foot(parts, place))


def _whole_rows(parts: Sequence[Part], number: int, hidden: set[Place]) -> None:
    """Numbers of one row that belong together: with the first of them all go, with another all but the first."""
    if parts[number].apart:
        return
    for row, cells in enumerate(_lines(parts[number])):
        places = [(number, row, column) for column in range(len(cells))]
        if len(places) > 1 and any(place in hidden for place in places):
            gone = places if places[0] in hidden else places[1:]
            hidden.update(place for place in gone if _value(parts, place) and _counts(parts, place))


def _whole_columns(
    parts: Sequence[Part], number: int, hidden: set[Place], lacking: Mapping[tuple[int, int], float]
) -> None:
    """No number may be what is left of the sum when all that is shown is taken from it."""
    part = parts[number]
    assert part.figures is not None
    rows = len(part.figures.rows)
    for column in range(max((len(row.cells) for row in part.figures.rows), default=0)):
        places = [(number, row, column) for row in range(rows) if column < len(part.figures.rows[row].cells)]
        gone = [place for place in places if place in hidden]
        lack = lacking.get((number, column), 0)
        if not gone and not lack:
            continue
        left = sorted((place for place in places if place not in hidden and _value(parts, place)), key=_by(parts))
        while _is_told(parts, gone, lack) and left:
            gone.append(left.pop(0))
        hidden.update(gone)
        foot = (number, rows, column)
        if (
            (lack or _is_told(parts, gone, lack))
            and part.figures.foot is not None
            and not part.measured
            and column < len(part.figures.foot.cells)
        ):
            hidden.add(foot)


def _is_told(parts: Sequence[Part], gone: Sequence[Place], lack: float) -> bool:
    """Whether what is left out, and what is lacking, is so little that a sum tells of it."""
    return len(gone) + bool(lack) < 2 or sum(_value(parts, place) for place in gone) + lack < LEAST


def _by(parts: Sequence[Part]) -> Callable[[Place], tuple[float, Place]]:
    return lambda place: (_value(parts, place), place)


def _foots(parts: Sequence[Part], number: int, hidden: set[Place]) -> None:
    """A median of fewer than five goes, and a share of which one part is left out."""
    part = parts[number]
    assert part.figures is not None
    assert part.figures.foot is not None
    rows = len(part.figures.rows)
    for column in range(len(part.figures.foot.cells)):
        places = [(number, row, column) for row in range(rows)]
        few = sum(_value(parts, place) for place in places) < LEAST
        if few or (part.measured == "share" and any(place in hidden for place in places)):
            hidden.add((number, rows, column))


def _shown(number: int, part: Part, hidden: set[Place]) -> Part:
    figures = part.figures
    if figures is None:
        return part
    rows = [_row(number, place, row, hidden) for place, row in enumerate(figures.rows)]
    foot = _row(number, len(rows), figures.foot, hidden) if figures.foot else None
    gone = [place for place in hidden if place[0] == number]
    left_out = bool(gone)
    # What is said of a median or a share goes with it; any other sentence tells of the numbers.
    unsaid = any(place[1] == len(rows) for place in gone) if part.measured else left_out
    note = gettext("Numbers from one to four are left out, and those they could be reckoned from.")
    return replace(
        part,
        figures=Figures(
            figures.key,
            figures.title,
            "" if unsaid else figures.sentence,
            figures.head,
            rows,
            foot,
            f"{figures.note} {note}".strip() if left_out else figures.note,
        ),
    )


def _row(part: int, place: int, row: Row, hidden: set[Place]) -> Row:
    cells = [
        Cell(None) if (part, place, column) in hidden else cell._replace(href="")
        for column, cell in enumerate(row.cells)
    ]
    return row._replace(cells=cells, href="")
