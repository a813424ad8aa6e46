"""Two texts that began as one: where they differ, and what is made of both.

A text is taken apart into paragraphs, list points and table rows. Where the text both began from is known, it says who
changed what; what only one of them changed needs no decision. Two people who write in one draft at the same time
choose what both changed (``stretches``, ``merged``). What the origin of an adopted document changed is taken in by
itself, and counted (``merge``): there the writer looks through a draft afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from documents.comparison import ALIKE, LOOK_AHEAD, likeness, words_in

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [^<>]*)?)>")
_VOID = frozenset({"br", "hr", "img"})
_TAKEN_APART = {"ul": "li", "ol": "li", "table": "tr"}


class Take(StrEnum):
    """Which of the two to keep."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


@dataclass(frozen=True)
class Unit:
    """A paragraph, or a point or row with the opening of what it stands in."""

    html: str
    inside: str = ""
    is_first: bool = False  # of its list or table

    @property
    def key(self) -> tuple[str, str]:
        return self.inside, self.html


@dataclass(frozen=True)
class Stretch:
    """A part of the two texts: the same in both, or one difference with the choice that suggests itself."""

    theirs: tuple[Unit, ...]
    mine: tuple[Unit, ...]
    number: int | None = None  # of the difference; ``None`` where they are the same
    suggested: Take = Take.BOTH
    is_open: bool = False  # both changed it, or nobody can tell who did

    @property
    def their_html(self) -> str:
        return written(self.theirs)

    @property
    def my_html(self) -> str:
        return written(self.mine)


def units(html: str) -> list[Unit]:
    """A cleaned text in its parts. Put together again (``written``) they are the text."""
    return [part for block in blocks(html) for part in _apart(block)]


def blocks(html: str) -> Iterator[str]:
    """The outermost elements, and text between them, in their order."""
    depth = start = 0
    for tag in _TAG.finditer(html):
        if tag[2] in _VOID:
            continue
        if tag[1]:
            depth -= 1
            if depth == 0:
                yield html[start : tag.end()]
                start = tag.end()
        else:
            if depth == 0 and html[start : tag.start()]:
                yield html[start : tag.start()]
                start = tag.start()
            depth += 1
    if html[start:]:
        yield html[start:]


def _apart(block: str) -> Iterator[Unit]:
    outer = _TAG.match(block)
    within = _TAKEN_APART.get(outer[2]) if outer else None
    if outer is None or within is None or "rowspan=" in block:
        yield Unit(block)
        return
    inner = block[outer.end() : block.rindex("</")]
    opening = outer[0]
    if outer[2] == "table" and inner.startswith("<tbody>") and inner.endswith("</tbody>"):
        inner, opening = inner[len("<tbody>") : -len("</tbody>")], f"{opening}<tbody>"
    parts = list(blocks(inner))
    if not all(part.startswith((f"<{within}>", f"<{within} ")) for part in parts):
        yield Unit(block)
        return
    for place, part in enumerate(parts):
        yield Unit(part, opening, is_first=place == 0)


def written(parts: Sequence[Unit]) -> str:
    """The parts as one text: points that follow each other stand in one list."""
    html: list[str] = []
    inside = ""
    for part in parts:
        if part.inside != inside or (part.inside and part.is_first and html):
            html.append(_ended(inside))
            html.append(part.inside)
            inside = part.inside
        html.append(part.html)
    return "".join([*html, _ended(inside)])


def _ended(opening: str) -> str:
    return "".join(f"</{tag[2]}>" for tag in reversed(list(_TAG.finditer(opening))))


def stretches(theirs: str, mine: str, begun_from: str = "") -> list[Stretch]:
    """The two texts side by side. ``begun_from`` is what both began from, where that is known."""
    left, right = units(theirs), units(mine)
    base = {part.key for part in units(begun_from)}
    steps = SequenceMatcher(
        None, [part.key for part in left], [part.key for part in right], autojunk=False
    ).get_opcodes()
    found: list[Stretch] = []
    count = 0
    for what, left_from, left_to, right_from, right_to in steps:
        old, new = left[left_from:left_to], right[right_from:right_to]
        if what == "equal":
            found.append(Stretch(tuple(old), tuple(new)))
            continue
        for their_part, my_part in _paired(old, new):
            found.append(_difference(count, their_part, my_part, base))
            count += 1
    return found


def _paired(theirs: list[Unit], mine: list[Unit]) -> Iterator[tuple[tuple[Unit, ...], tuple[Unit, ...]]]:
    """Which part of one became which of the other; the rest stands alone, in its place."""
    words = [words_in(part.html) for part in theirs]
    at = 0
    for part in mine:
        of_mine = words_in(part.html)
        near = range(at, min(at + LOOK_AHEAD, len(theirs)))
        place = next((each for each in near if likeness(words[each], of_mine) >= ALIKE), None)
        if place is None:
            yield (), (part,)
            continue
        yield from (((gone,), ()) for gone in theirs[at:place])
        yield (theirs[place],), (part,)
        at = place + 1
    yield from (((left,), ()) for left in theirs[at:])


def _difference(number: int, theirs: tuple[Unit, ...], mine: tuple[Unit, ...], base: set[tuple[str, str]]) -> Stretch:
    """Who changed it, as far as what both began from tells. Without that, what stands in both texts is kept."""
    if not base:
        if theirs and mine:
            return Stretch(theirs, mine, number, Take.BOTH, is_open=True)
        return Stretch(theirs, mine, number, Take.THEIRS if theirs else Take.MINE)
    they_kept = all(part.key in base for part in theirs)
    i_kept = all(part.key in base for part in mine)
    if theirs and not mine:
        return Stretch(theirs, mine, number, Take.MINE if they_kept else Take.THEIRS)
    if mine and not theirs:
        return Stretch(theirs, mine, number, Take.THEIRS if i_kept else Take.MINE)
    if they_kept != i_kept:
        return Stretch(theirs, mine, number, Take.MINE if they_kept else Take.THEIRS)
    return Stretch(theirs, mine, number, Take.BOTH, is_open=True)


def merged(parts: Sequence[Stretch], takes: Mapping[int, Take]) -> str:
    """One text of the two, with the choices made; what nobody chose is as suggested."""
    kept: list[Unit] = []
    for part in parts:
        take = part.suggested if part.number is None else takes.get(part.number, part.suggested)
        if part.number is None or take is Take.THEIRS:
            kept += part.theirs
        elif take is Take.MINE:
            kept += part.mine
        else:
            kept += part.theirs
            kept += [replace(each, is_first=each.is_first and not part.theirs) for each in part.mine]
    return written(kept)


# Another's changes taken into one's own text -------------------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    html: str
    taken: int  # places where the origin's change is taken in
    left: int  # places both had changed: they stand as we have them


@dataclass(frozen=True)
class _Change:
    """These parts of the old text became others. Nothing old: something was put in."""

    start: int
    stop: int
    parts: tuple[Unit, ...]

    @property
    def key(self) -> tuple[int, int, tuple[tuple[str, str], ...]]:
        return self.start, self.stop, tuple(part.key for part in self.parts)

    def meets(self, other: _Change) -> bool:
        """Whether both are about the same parts, or put something in at the same place."""
        same_place = self.start == other.start and self.stop == other.stop
        return same_place or (self.start < other.stop and other.start < self.stop)


def merge(*, base: str, ours: str, theirs: str) -> Merged:
    """Our text with what has changed from ``base`` to ``theirs``. All three are cleaned HTML.

    What the origin changed and we did not, is taken in. What both changed stays as we have it, and is counted: a
    person must look at it. As diff3 does (Khanna, Kunal and Pierce, «A formal investigation of diff3», 2007), but two
    changes that only stand side by side are both kept: what a municipality adds is mostly a paragraph after one of the
    origin's.
    """
    old = units(base)
    own, our_old = _changes(old, units(ours))
    new, their_old = _changes(old, units(theirs))
    known = {change.key for change in own}
    others = [change for change in new if change.key not in known]
    taken = [change for change in others if not any(change.meets(each) for each in own)]
    stayed = [_stayed(*each) for each in zip(old, our_old, their_old, strict=True)]
    parts: list[Unit] = []
    at = 0
    for change in sorted([*own, *taken], key=lambda each: (each.start, each.stop)):
        parts += [*stayed[at : change.start], *change.parts]
        at = change.stop
    return Merged(written([*parts, *stayed[at:]]), len(taken), len(others) - len(taken))


def _changes(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[list[_Change], list[Unit]]:
    """What was changed, and the old parts as they stand in the new text where they still do."""
    stayed = list(old)
    changes = []
    steps = SequenceMatcher(None, [part.key for part in old], [part.key for part in new], autojunk=False)
    for kind, start, stop, first, last in steps.get_opcodes():
        if kind == "equal":
            stayed[start:stop] = new[first:last]
        else:
            changes.append(_Change(start, stop, tuple(new[first:last])))
    return changes, stayed


def _stayed(old: Unit, ours: Unit, theirs: Unit) -> Unit:
    """A part nobody changed. Whether it begins its list is told by whoever put something before it, or took it out."""
    return theirs if ours.is_first == old.is_first else ours
