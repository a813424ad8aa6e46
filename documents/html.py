"""The text of a document as HTML: cleaned before it is stored, given its table of contents when it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.config import allowlist_from_extensions

# What one can write in the editor; what may be stored follows from it, so that the two never differ.
EXTENSIONS: dict[str, Any] = {
    "Heading": {"levels": [2, 3, 4]},
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": {"allowBase64": True},
}
MAX_LENGTH = 4_000_000  # characters, pictures included
MAX_WRITTEN = 1_000_000  # characters without the pictures; some three hundred pages
MAX_DEPTH = 50  # lists, quotations and tables inside each other: the work of cleaning grows with the square

_OWN_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "tr", "td", "th", "blockquote", "ul", "ol", "table", "hr", "br"})
_EMPTY = re.compile(r"(?:\s|<p>|</p>|<br>|&nbsp;|\u00a0)*")
_BEGINS_TAG = re.compile(r"<[a-zA-Z/!]")
_IMAGE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as the cleaning writes it
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# What has no end, or is ended by the next of its kind where nobody ends it.
_ENDS_BY_ITSELF = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot"}
)
_HEADING = re.compile(r"<h([234])>(.*?)</h\1>", re.DOTALL)


def _only_harmless(tag: str, name: str, value: str) -> str | None:
    """Pictures only as part of the text itself; links nowhere but to addresses."""
    if tag == "img" and name == "src":
        return value if _OWN_PICTURE.fullmatch(value) else None
    if tag == "a" and name == "href" and value.strip().casefold().startswith("data:"):
        return None
    return value


@cache
def _cleaner() -> nh3.Cleaner:
    allowed = allowlist_from_extensions(EXTENSIONS)
    attributes = {tag: set(names) for tag, names in allowed["attributes"].items()}
    attributes["a"] = {"href", "title"}
    attributes["img"] = {"src", "alt", "width", "height"}
    attributes["ol"] = {"start"}
    return nh3.Cleaner(
        tags=set(allowed["tags"]),
        attributes=attributes,
        url_schemes={*allowed["url_schemes"], "data"},
        link_rel="noopener noreferrer",
        attribute_filter=_only_harmless,
        strip_comments=True,
    )


def clean(html: str) -> str:
    """The text with nothing in it but what the editor can write; empty when there is nothing to read.

    No script, style, event handler, frame, drawing or address of a picture elsewhere survives. Text without any tag
    (written where the editor did not start) gets its paragraphs. Raises ``TooLong``.
    """
    if len(html) > MAX_LENGTH or len(_OWN_PICTURE.sub("", html)) > MAX_WRITTEN:
        raise TooLong
    if depth_of(html) > MAX_DEPTH:
        raise TooDeep
    return harmless(html)


def harmless(html: str) -> str:
    """The same of a text that is stored already, and so was never too long."""
    begins = _BEGINS_TAG.search(html)
    if begins is None or html.rfind(">") < begins.start():
        html = paragraphs(html)
    cleaned = _IMAGE.sub(_with_source, _cleaner().clean(html)).strip()
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def _with_source(image: re.Match[str]) -> str:
    return image[0] if ' src="' in image[1] else ""


def depth_of(html: str) -> int:
    """How many elements stand inside each other, at the most."""
    depth = deepest = 0
    opened: dict[str, int] = {}
    for match in _NESTING.finditer(html):
        tag = match[2].lower()
        if tag in _ENDS_BY_ITSELF:
            continue
        if not match[1]:
            opened[tag] = opened.get(tag, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened.get(tag):
            opened[tag] -= 1
            depth -= 1
    return deepest


class TooLong(Exception):
    """More than a document holds, pictures included."""


class TooDeep(TooLong):
    """Lists, quotations or tables inside each other further down than anybody reads."""


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line begins a new paragraph."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block)


READ_OUT = 60_000  # characters of a file's text that stand on its page
_BEGINS_ITEM = re.compile(r"(?:[-–•·*▪]|\d{1,3}(?:\.\d{1,2})*[.)]|[a-z]\))\s")
_ENDS = (".", "!", "?", ":", ";")


@dataclass(frozen=True)
class ReadOut:
    """The text of a file, as much of it as a page takes."""

    html: SafeString
    more: bool


def read_out(text: str) -> ReadOut:
    """The lines of a printed page as paragraphs, escaped. A line that is full goes on in the next one."""
    shown, more = text[:READ_OUT], len(text) > READ_OUT
    lines = shown.split("\n")
    full = 0.7 * max(len(line) for line in lines)
    blocks: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _BEGINS_ITEM.match(line):
            blocks[-1] += f" {line}"
        else:
            blocks.append(line)
        goes_on = len(line) >= full and not line.endswith(_ENDS)
    return ReadOut(mark_safe("".join(f"<p>{escape(block)}</p>" for block in blocks if block)), more)  # noqa: S308


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_alone(html: str) -> str:
    """The text without its tags, a line for each block."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def headings(html: str) -> list[str]:
    return [words_alone(match[2]) for match in _HEADING.finditer(html)]


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Shown:
    """A cleaned text ready for the page, with the headings it has."""

    html: SafeString
    contents: list[Heading]


def shown(html: str) -> Shown:
    """Cleaned HTML with anchors on its headings and a scroll box around each table."""
    contents: list[Heading] = []

    def with_anchor(match: re.Match[str]) -> str:
        text = words_alone(match[2])
        if not text:
            return ""
        contents.append(Heading(f"del-{len(contents) + 1}", text, int(match[1])))
        return f'<h{match[1]} id="{contents[-1].anchor}">{match[2]}</h{match[1]}>'

    html = _HEADING.sub(with_anchor, html)
    html = html.replace("<table>", '<div class="los-scroll" tabindex="0"><table class="ds-table">')
    html = html.replace("</table>", "</table></div>").replace("<a href", '<a class="ds-link" href')
    return Shown(mark_safe(html), contents)  # noqa: S308 - cleaned before it was stored
