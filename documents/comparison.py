"""Two versions of a text as one, with what was taken out and what was put in marked in their places.

Paragraphs, list items and table rows are compared first, then the cells of a row, then the words of what changed. What
is marked stays in the list, call-out or table it belongs to, so that the result reads as the document does.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from documents.html import harmless, words_alone

ALIKE = 0.45  # of the words in common, for two paragraphs to be one that was changed
LOOK_AHEAD = 40  # paragraphs looked through for the one that was changed
MOST_AT_ONCE = 1_000_000  # words of one times words of the other, between their common beginning and end
MOST_WORK = 4_000_000  # the same for a whole document; what comes after is shown paragraph by paragraph

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_INLINE = frozenset({"strong", "em", "u", "sub", "sup", "a", "b", "i"})
_PARAGRAPHS = frozenset({"p", "h2", "h3", "h4"})
_CONTAINERS = frozenset({"ul", "ol", "li", "blockquote", "aside", "table"})
_CELLS = frozenset({"td", "th"})
_SHARED = _CONTAINERS - {"li"}  # an item taken out stands in the list of what stayed

Attributes = list[tuple[str, str | None]]


class Token(NamedTuple):
    text: str  # a word, a sign, one space, or a picture or line break as markup
    formats: tuple[str, ...] = ()  # the tags around it, as written
    is_markup: bool = False

    @property
    def is_space(self) -> bool:
        return self.text == " "


SPACE = Token(" ")


@dataclass(frozen=True, eq=False)
class _Place:
    """A list, an item, a quotation, a call-out or a table that a paragraph stands in."""

    tag: str
    opening: str
    is_old: bool

    @property
    def kind(self) -> str:
        """A checklist is another thing than a list, a warning another than a note."""
        return self.opening if self.tag in ("ul", "aside") else self.tag

    def takes(self, other: _Place) -> bool:
        """Whether what stands in the other one can be shown in this one: not where one text had two beside another."""
        return self is other or (self.kind == other.kind and self.tag in _SHARED and self.is_old is not other.is_old)


def _words(tokens: Iterable[Token]) -> Tally[str]:
    return Tally(token.text for token in tokens if not token.is_space)


@dataclass(eq=False)
class _Block:
    tag: str  # empty for text that stands in its place without a paragraph of its own
    path: tuple[_Place, ...]
    cells: list[list[Token]] = field(default_factory=lambda: [[]])
    openings: list[str] = field(default_factory=list)  # of a row's cells

    @property
    def kind(self) -> tuple[str, ...]:
        return (*(place.kind for place in self.path), self.tag)

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, tuple(self.openings), tuple(map(tuple, self.cells)))

    @property
    def words(self) -> Tally[str]:
        return _words(token for cell in self.cells for token in cell)


def _tag(tag: str, attributes: Attributes) -> str:
    written = "".join(f' {name}="{escape(value or "")}"' for name, value in attributes)
    return f"<{tag}{written}>"


def _closing(opening: str) -> str:
    return f"</{opening[1:-1].split(' ', 1)[0]}>"


class _Reader(HTMLParser):
    """Takes a cleaned text apart."""

    def __init__(self, *, is_old: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self._is_old = is_old
        self._link: str | None = None  # to a document, with no word in it yet
        self._path: list[_Place] = []
        self._formats: list[str] = []
        self._block: _Block | None = None

    @classmethod
    def read(cls, html: str, *, is_old: bool) -> list[_Block]:
        reader = cls(is_old=is_old)
        reader.feed(harmless(html))
        reader.close()
        reader._finish()
        return reader.blocks

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        row = self._block if self._block and self._block.tag == "tr" else None
        if tag in _INLINE:
            self._formats.append(_tag(tag, attrs))
            if tag == "a" and any(name == "data-document" for name, _value in attrs):
                self._link = self._formats[-1]
        elif tag in ("br", "img"):
            self._add(Token(_tag(tag, attrs), is_markup=True))
        elif tag in _CELLS and row:
            row.cells.append([])
            row.openings.append(_tag(tag, attrs))
        elif row:
            if tag in _PARAGRAPHS | _CONTAINERS and row.cells and row.cells[-1]:
                self._add(Token("<br>", is_markup=True))
        elif tag == "tr":
            self._begin("tr")
            assert self._block is not None
            self._block.cells = []
        elif tag in _PARAGRAPHS:
            self._begin(tag)
        elif tag in _CONTAINERS:
            self._finish()
            self._path.append(_Place(tag, _tag(tag, attrs), self._is_old))
        elif tag == "hr":
            self._begin("hr")
            self._add(Token("<hr>", is_markup=True))
            self._finish()

    def handle_endtag(self, tag: str) -> None:
        row = self._block is not None and self._block.tag == "tr"
        if tag in _INLINE:
            if tag == "a" and self._link:  # it is shown with the title of what it leads to
                self._add(Token(f"{self._link}</a>", is_markup=True))
            for place in reversed(range(len(self._formats))):
                if _closing(self._formats[place]) == f"</{tag}>":
                    del self._formats[place]
                    break
        elif tag == "tr" or (tag in _PARAGRAPHS and not row):
            self._finish()
        elif tag in _CONTAINERS and not (row and tag != "table"):
            self._finish()
            if self._path and self._path[-1].tag == tag:
                self._path.pop()

    def handle_data(self, data: str) -> None:
        for text in _TOKEN.findall(data):
            self._add(SPACE if text.isspace() else Token(text, tuple(self._formats)))

    def _add(self, token: Token) -> None:
        self._link = None
        if self._block is None:
            if token.is_space:
                return
            inside = self._path and self._path[-1].tag in ("li", "blockquote", "aside")
            self._block = _Block("" if inside else "p", tuple(self._path))
        if not self._block.cells:
            return  # between a row and its first cell
        cell = self._block.cells[-1]
        if not token.is_space or (cell and not cell[-1].is_space):
            cell.append(token)

    def _begin(self, tag: str) -> None:
        self._finish()
        self._block = _Block(tag, tuple(self._path))

    def _finish(self) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        for cell in block.cells:
            while cell and cell[-1].is_space:
                cell.pop()
        if any(block.cells):
            self.blocks.append(block)


def compare(old_html: str, new_html: str) -> SafeString:
    """The new text with ``<ins>`` around what is new and ``<del>`` around what the old one had in its place."""
    old, new = _Reader.read(old_html, is_old=True), _Reader.read(new_html, is_old=False)
    page, work = _Page(), _Work()
    for what, old_from, old_to, new_from, new_to in _block_steps(old, new):
        if what == "equal":
            for block in new[new_from:new_to]:
                page.add(block, [_plain(cell) for cell in block.cells])
            continue
        for before, after in _paired(old[old_from:old_to], new[new_from:new_to]):
            if before is None and after is not None:
                page.add(after, [_marked("ins", cell) for cell in after.cells])
            elif after is None and before is not None:
                page.add(before, [_marked("del", cell) for cell in before.cells])
            elif before is not None and after is not None:
                page.add(*_changed_block(before, after, work))
    return mark_safe(page.done())  # noqa: S308 - made of escaped text and tags that were cleaned


def compare_line(old: str, new: str) -> SafeString:
    """The same of one line of plain text, as a title: always word by word."""
    before, after = (
        [SPACE if text.isspace() else Token(text) for text in _TOKEN.findall(line)] for line in (old, new)
    )
    return mark_safe(_changed(before, after, _Work()))  # noqa: S308 - escaped


Step = tuple[str, int, int, int, int]


def _common(before: Sequence[object], after: Sequence[object]) -> tuple[int, int]:
    """How much is the same at the end, and at the beginning before that: what came has its space before it."""
    most = min(len(before), len(after))
    last = next((place for place in range(most) if before[-1 - place] != after[-1 - place]), most)
    rest = most - last
    first = next((place for place in range(rest) if before[place] != after[place]), rest)
    return first, last


def _steps(before: Sequence[Hashable], after: Sequence[Hashable], *, autojunk: bool = False) -> list[Step]:
    """As SequenceMatcher tells it, but compared only between the common beginning and the common end."""
    first, last = _common(before, after)
    old_end, new_end = len(before) - last, len(after) - last
    inside = SequenceMatcher(None, before[first:old_end], after[first:new_end], autojunk=autojunk).get_opcodes()
    steps: list[Step] = [("equal", 0, first, 0, first)] if first else []
    for what, old_from, old_to, new_from, new_to in inside:
        steps.append((what, old_from + first, old_to + first, new_from + first, new_to + first))
    if last:
        steps.append(("equal", old_end, len(before), new_end, len(after)))
    return steps


def _block_steps(old: Sequence[_Block], new: Sequence[_Block]) -> list[Step]:
    """Which paragraphs stayed. In a very long document those that are everywhere (empty rows) don't count."""
    before, after = [block.key for block in old], [block.key for block in new]
    first, last = _common(before, after)
    is_long = (len(before) - first - last) * (len(after) - first - last) > MOST_AT_ONCE
    return _steps(before, after, autojunk=is_long)


@dataclass
class _Work:
    """How much may still be compared word by word: a long paragraph written anew takes the square of its words."""

    left: int = MOST_WORK

    def allows(self, before: Sequence[Token], after: Sequence[Token]) -> bool:
        first, last = _common(before, after)
        needed = (len(before) - first - last) * (len(after) - first - last)
        if needed > min(MOST_AT_ONCE, self.left):
            return False
        self.left -= needed
        return True


def _paired(old: Sequence[_Block], new: Sequence[_Block]) -> Iterator[tuple[_Block | None, _Block | None]]:
    """Which block became which, in the order to show them: what is gone before what came in its place."""
    words = [block.words for block in old]
    at = 0
    came: list[_Block] = []
    for after in new:
        of_after = after.words
        for place in range(at, min(at + LOOK_AHEAD, len(old))):
            if _is_same(old[place], after) and likeness(words[place], of_after) >= ALIKE:
                yield from ((gone, None) for gone in old[at:place])
                yield from ((None, each) for each in came)
                came.clear()
                yield old[place], after
                at = place + 1
                break
        else:
            came.append(after)
    yield from ((gone, None) for gone in old[at:])
    yield from ((None, each) for each in came)


def _is_same(before: _Block, after: _Block) -> bool:
    return before.kind == after.kind


def _cells_paired(
    before: Sequence[Sequence[Token]], after: Sequence[Sequence[Token]]
) -> Iterator[tuple[int | None, int | None]]:
    """Which cell of a row became which: the same first, then those most alike, the rest in their order."""
    old, new = [tuple(cell) for cell in before], [tuple(cell) for cell in after]
    for what, old_from, old_to, new_from, new_to in _steps(old, new):
        if what == "equal":
            yield from zip(range(old_from, old_to), range(new_from, new_to), strict=True)
            continue
        at = new_from
        for gone in range(old_from, old_to):
            spare = new_to - at - (old_to - gone)  # cells that may come before this one's
            words = _words(old[gone])
            likest = max(range(at, at + spare + 1), key=lambda each: likeness(words, _words(new[each])), default=None)
            if likest is None:
                yield gone, None
                continue
            yield from ((None, came) for came in range(at, likest))
            yield gone, likest
            at = likest + 1
        yield from ((None, came) for came in range(at, new_to))


def _changed_block(before: _Block, after: _Block, work: _Work) -> tuple[_Block, list[str]]:
    """What a block became. A row that got or lost cells has all it had and all it has, each in its place."""
    if len(before.cells) == len(after.cells):
        return after, [_changed(*pair, work) for pair in zip(before.cells, after.cells, strict=True)]
    both = _Block(after.tag, after.path, [], [])
    shown: list[str] = []

    def put(opening: str, cell: str) -> None:
        both.openings.append(opening)
        shown.append(cell)

    for old_at, new_at in _cells_paired(before.cells, after.cells):
        if new_at is None:
            assert old_at is not None
            put(before.openings[old_at], _marked("del", before.cells[old_at]))
        elif old_at is None:
            put(after.openings[new_at], _marked("ins", after.cells[new_at]))
        else:
            put(after.openings[new_at], _changed(before.cells[old_at], after.cells[new_at], work))
    return both, shown


def words_in(html: str) -> Tally[str]:
    """How often a piece of cleaned HTML has each word."""
    return Tally(words_alone(html).split())


def likeness(before: Tally[str], after: Tally[str]) -> float:
    """The part of the words that the two have in common, 0 to 1."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def _plain(tokens: Iterable[Token]) -> str:
    """The words in the tags they had."""
    parts = []
    for formats, run in groupby(tokens, key=lambda token: token.formats):
        text = "".join(token.text if token.is_markup else escape(token.text) for token in run)
        parts.append("".join(formats) + text + "".join(_closing(each) for each in reversed(formats)))
    return "".join(parts)


def _marked(mark: str, tokens: Sequence[Token]) -> str:
    return f"<{mark}>{_plain(tokens)}</{mark}>" if tokens else ""


def _changed(before: Sequence[Token], after: Sequence[Token], work: _Work) -> str:
    """One paragraph with its changes. Words that only a space parts are one change.

    Where that is too much to find, all of the old one and then all of the new one.
    """
    if not work.allows(before, after):
        return _marked("del", before) + _marked("ins", after)
    parts: list[str] = []
    gone: list[Token] = []
    came: list[Token] = []

    def write_change() -> None:
        parts.extend((_marked("del", gone), _marked("ins", came)))
        gone.clear()
        came.clear()

    steps = _steps(before, after)
    for place, (what, old_from, old_to, new_from, new_to) in enumerate(steps):
        same = after[new_from:new_to]
        if what != "equal":
            gone += before[old_from:old_to]
            came += same
        elif all(token.is_space for token in same) and 0 < place < len(steps) - 1:
            gone += same
            came += same
        else:
            write_change()
            parts.append(_plain(same))
    write_change()
    return "".join(parts)


class _Page:
    """Puts blocks together again, opening and closing the lists and tables they stand in."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[_Place] = []

    def add(self, block: _Block, cells: Sequence[str]) -> None:
        shared = 0
        for here, wanted in zip(self._open, block.path, strict=False):
            if not here.takes(wanted):
                break
            shared += 1
        self._close_to(shared)
        for place in block.path[shared:]:
            self._parts.append(place.opening)
            self._open.append(place)
        self._parts.append(self._written(block, cells))

    def done(self) -> str:
        self._close_to(0)
        return "".join(self._parts)

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._parts.append(f"</{self._open.pop().tag}>")

    @staticmethod
    def _written(block: _Block, cells: Sequence[str]) -> str:
        if block.tag == "tr":
            inside = (
                f"{opening}{cell}{_closing(opening)}" for opening, cell in zip(block.openings, cells, strict=True)
            )
            return f"<tr>{''.join(inside)}</tr>"
        text = "".join(cells)
        return text if block.tag in ("", "hr") else f"<{block.tag}>{text}</{block.tag}>"
