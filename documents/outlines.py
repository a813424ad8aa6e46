"""Where in its text a document's headings stand, so that a hit can say under which it was found."""

from __future__ import annotations

import re
from itertools import zip_longest

from documents.html import contents_of, words_alone

_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)

Outline = list[tuple[int, str, str]]  # where the heading begins in the text, its anchor on the page, what it says
MOST_HEADINGS = 300


def outline_of(body: str, text: str) -> Outline:
    """The headings of a body in the text made of it (``html.words_alone``); a PDF has none."""
    if not body:
        return []
    outline: Outline = []
    at = 0
    for heading in contents_of(body)[:MOST_HEADINGS]:
        line = " ".join(heading.text.split())
        found = _line(text, line, at)
        if found >= 0:
            outline.append((found, heading.anchor, line))
            at = found + len(line)
    return outline


def _line(text: str, line: str, start: int) -> int:
    """Where a whole line of the text says this, from a place on; -1 where none does."""
    found = text.find(line, start)
    while found >= 0:
        end = found + len(line)
        if (found == 0 or text[found - 1] == "\n") and (end == len(text) or text[end] == "\n"):
            return found
        found = text.find(line, found + 1)
    return -1


def bare_headings(body: str) -> list[str]:
    """The headings with nothing under them: neither words, nor a picture, nor a heading of a lower rank."""
    headings = list(_HEADING.finditer(body))
    bare = []
    for heading, after in zip_longest(headings, headings[1:]):
        between = body[heading.end() : after.start() if after else len(body)]
        holds_more = after is not None and after[1] > heading[1]
        if not holds_more and "<img" not in between and not words_alone(between).strip():
            bare.append(words_alone(heading[2]).replace("\n", " "))
    return [each for each in bare if each]


def under(outline: Outline, at: int) -> tuple[str, str]:
    """The anchor and the words of the heading that a place in the text stands under; both empty before the first."""
    anchor = heading = ""
    for begins, name, words in outline:
        if begins > at:
            break
        anchor, heading = name, words
    return anchor, heading
