"""Takes the changes somebody else made to a text into one's own: paragraph by paragraph, three texts compared.

What the origin changed and we did not, is taken in. What both changed stays as we have it, and is counted: a person
must look at it. As diff3 does (Khanna, Kunal and Pierce, «A formal investigation of diff3», 2007), but two changes
that only stand side by side are both kept: what a municipality adds is mostly a paragraph after one of the origin's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from documents.html import clean

_ENDS = re.compile(r"(</(?:p|h[2-4]|li|ul|ol|blockquote|aside|table|thead|tbody|tr)>|<hr>)")
_BEGINS = re.compile(r"(<(?:ul|ol|blockquote|aside|table|thead|tbody|tr)(?: [^>]*)?>)")
_ROW = re.compile(r"<tr[ >].*?</tr>", re.DOTALL)
_BEFORE_THE_END = re.compile(r"\n+(</li>)")


@dataclass(frozen=True)
class Merged:
    html: str
    taken: int  # places where the origin's change is taken in
    left: int  # places both had changed: they stand as we have them


def lines(html: str) -> list[str]:
    """A cleaned text as lines: a paragraph, a list item or a table row each; what opens and ends a list by itself."""
    rows: list[str] = []

    def kept(row: re.Match[str]) -> str:
        rows.append(row[0])
        return f"\n\ue000{len(rows) - 1}\ue000\n"

    text = _ROW.sub(kept, html.replace("\n", " "))
    text = _BEFORE_THE_END.sub(r"\1", _BEGINS.sub(r"\n\1\n", _ENDS.sub(r"\1\n", text)))
    found = (line.strip() for line in text.split("\n"))
    return [rows[int(line[1:-1])] if line[0] == "\ue000" else line for line in found if line]


@dataclass(frozen=True)
class _Change:
    """These lines of the old text became others. Nothing old: something was put in."""

    start: int
    stop: int
    lines: tuple[str, ...]

    def meets(self, other: _Change) -> bool:
        """Whether both are about the same lines, or put something in at the same place."""
        same_place = self.start == other.start and self.stop == other.stop
        return same_place or (self.start < other.stop and other.start < self.stop)


def merge(*, base: str, ours: str, theirs: str) -> Merged:
    """Our text with what has changed from ``base`` to ``theirs``. All three are cleaned HTML."""
    old = lines(base)
    own, new = _changes(old, lines(ours)), _changes(old, lines(theirs))
    others = [change for change in new if change not in own]
    taken = [change for change in others if not any(change.meets(each) for each in own)]
    written: list[str] = []
    at = 0
    for change in sorted([*own, *taken], key=lambda each: (each.start, each.stop)):
        written += [*old[at : change.start], *change.lines]
        at = change.stop
    written += old[at:]
    return Merged(clean("".join(written)), len(taken), len(others) - len(taken))


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _Change(start, stop, tuple(new[first:last]))
        for kind, start, stop, first, last in matcher.get_opcodes()
        if kind != "equal"
    ]
