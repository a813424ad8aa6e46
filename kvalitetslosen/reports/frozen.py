"""Figures as they were: kept as JSON when a report is approved, read back as figures, compared with what is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext, ngettext

from kvalitetslosen.figures import rules
from kvalitetslosen.reports.registry import TABLE, Section
from kvalitetslosen.ui.charts import Cell, Figures, Row, number

TOLD = 12
"""So many changes of a section are told one by one; of more, how many there are."""
ALL_OR_NOTHING, NOTHING = "all_or_nothing", "nothing"
"""Of added figures, how much those read who read no small numbers. See ``small_numbers``."""


@dataclass(frozen=True)
class Part:
    """A section as it is shown: its figures if it has any, the writer's words, and how it is drawn."""

    name: str
    title: str
    figures: Figures | None = None
    text: str = ""
    prompt: str = ""
    picture: str = TABLE
    bar: int = 0
    line: int | None = None
    measured: str = ""
    apart: bool = False
    told: bool = False
    added: bool = False  # put in by whoever wrote it
    others: str = ""  # of what was added
    across: int = 0  # how many numbers lie side by side: a line each, or shaded
    definition: str = ""  # what the figures meant when they were approved

    @property
    def is_empty(self) -> bool:
        """Nothing to show to somebody who reads the finished report."""
        return not self.text and (self.figures is None or not (self.figures.rows or self.figures.sentence))


def part_of(section: Section, figures: Figures | None, text: str) -> Part:
    return Part(
        section.name,
        figures.title if figures else str(section.title),
        figures,
        text,
        str(section.prompt),
        section.picture,
        section.bar,
        section.line,
        section.measured,
        section.apart,
        section.told,
        others=NOTHING if section.in_words else "",
    )


# To JSON and back

LATER = (("added", False), ("others", ""), ("across", 0), ("definition", ""))
"""What reports that were approved before it was there don't have, and what is meant then."""


def kept(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "title": part.title,
            "figures": _kept_figures(part.figures) if part.figures else None,
            "text": part.text,
            "picture": part.picture,
            "bar": part.bar,
            "line": part.line,
            "measured": part.measured,
            "apart": part.apart,
            "told": part.told,
            "added": part.added,
            "others": part.others,
            "across": part.across,
            "definition": definition_of(part.figures) if part.figures else "",
        }
        for part in parts
    ]


def definition_of(figures: Figures) -> str:
    """What the figures mean, in words, where their page of definitions says so."""
    return rules.definition(figures.defined.partition("#")[2])


def _kept_figures(figures: Figures) -> dict[str, Any]:
    return {
        "key": figures.key,
        "title": str(figures.title),
        "sentence": str(figures.sentence),
        "head": [str(words) for words in figures.head],
        "rows": [_kept_row(row) for row in figures.rows],
        "foot": _kept_row(figures.foot) if figures.foot else None,
        "note": str(figures.note),
    }


def _kept_row(row: Row) -> dict[str, Any]:
    return {
        "name": str(row.name),
        "cells": [[cell.value, cell.href, cell.words] for cell in row.cells],
        "href": row.href,
        "short": str(row.short),
        "under": str(row.under),
    }


def parts_of(frozen: Iterable[Mapping[str, Any]]) -> list[Part]:
    """The sections of an approved report."""
    return [
        Part(
            each["name"],
            each["title"],
            _figures(each["figures"]) if each["figures"] else None,
            each["text"],
            "",
            each["picture"],
            each["bar"],
            each["line"],
            each["measured"],
            each["apart"],
            each["told"],
            *(each.get(name, usual) for name, usual in LATER),
        )
        for each in frozen
    ]


def _figures(kept: Mapping[str, Any]) -> Figures:
    return Figures(
        key=kept["key"],
        title=kept["title"],
        sentence=kept["sentence"],
        head=kept["head"],
        rows=[_row(row) for row in kept["rows"]],
        foot=_row(kept["foot"]) if kept["foot"] else None,
        note=kept["note"],
    )


def _row(kept: Mapping[str, Any]) -> Row:
    cells = [Cell(*cell) for cell in kept["cells"]]
    return Row(kept["name"], cells, kept["href"], kept["short"], kept["under"])


# What has changed since


class Change(NamedTuple):
    """A number that is another now."""

    name: str  # what is counted: the row, and which of its numbers
    then: float | None
    now: float | None

    @property
    def sentence(self) -> str:
        said = {"name": self.name, "then": number(self.then), "now": number(self.now)}
        if self.then is None or self.now is None:
            return gettext("%(name)s: %(then)s then, %(now)s now.") % said
        difference = self.now - self.then
        said["difference"] = f"{'+' if difference > 0 else '−'}{number(abs(difference))}"
        return gettext("%(name)s: %(then)s then, %(now)s now (%(difference)s).") % said


@dataclass(frozen=True)
class Since:
    """What has changed in one section since the report was approved."""

    name: str
    changes: list[Change]

    @property
    def told(self) -> list[Change]:
        return self.changes[:TOLD]

    @property
    def rest(self) -> str:
        n = len(self.changes) - TOLD
        if n <= 0:
            return ""
        return ngettext("%(n)s more number has changed.", "%(n)s more numbers have changed.", n) % {"n": n}


def since(then: Iterable[Part], now: Iterable[Part]) -> dict[str, Since]:
    """What differs, section by section. A row is known by its name, so that a new one has a dash then."""
    current = {part.name: part for part in now}
    found = {}
    for part in then:
        other = current.get(part.name)
        if part.figures is None or not part.figures.rows or (part.added and other is None):
            continue  # what isn't there any more to be counted hasn't changed
        changes = _changes(part.figures, other.figures if other else None)
        if changes:
            found[part.name] = Since(part.name, changes)
    return found


def _changes(then: Figures, now: Figures | None) -> list[Change]:
    old, new = _by_name(then), _by_name(now) if now else {}
    changes = []
    for name in dict.fromkeys([*old, *new]):
        one, other = old.get(name), new.get(name)
        for place, heading in enumerate(then.head[1:]):
            before, after = _value(one, place), _value(other, place)
            if (before or 0) != (after or 0):
                changes.append(Change(name if len(then.head) == 2 else f"{name}, {heading}", before, after))
    return changes


def _by_name(figures: Figures) -> dict[str, Row]:
    rows = [*figures.rows, *([figures.foot] if figures.foot else [])]
    return {row.name: row for row in rows}


def _value(row: Row | None, place: int) -> float | None:
    return row.cells[place].value if row is not None and place < len(row.cells) else None
