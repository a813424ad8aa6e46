"""The text of a document as HTML: cleaned before it is stored, given its table of contents when it is shown.

Beside what HTML has itself, a text knows three things:

* ``<aside data-callout="warning">…</aside>``: a call-out, one of ``CALLOUTS``
* ``<ul data-list="check"><li>…``: a checklist; nothing in it is ever ticked in the text itself
* ``<a data-document="12">words</a>``: a link to another document by its id, so that it leads there whatever becomes of
  the document's title. Without words it is shown with the title the document has now. ``data-part`` names a heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.config import allowlist_from_extensions

from kvalitetslosen.ui.templatetags.ui import icon

# What one can write in the editor; what may be stored follows from it, so that the two never differ.
# The last five are our own: static/js/writing.js.
EXTENSIONS: dict[str, Any] = {
    "Menu": {
        "groups": [
            {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
            {"group": "marks"},
            {"group": "lists"},
            {"group": "callouts"},
            {"group": "nodes -blockType -lists"},
            {"group": "link"},
            {"group": "pictures"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
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
    "Callout": True,
    "Checklist": True,
    "DocumentLink": True,
    "DocumentTitle": True,
    "Choosing": True,
}
CALLOUTS: dict[str, Any] = {
    "note": gettext_lazy("Please note"),
    "warning": gettext_lazy("Warning"),
    "remember": gettext_lazy("Remember"),
}
_CALLOUT_ICONS = {"note": "information", "warning": "alert", "remember": "lightbulb"}
MAX_LENGTH = 4_000_000  # characters, pictures included
MAX_WRITTEN = 1_000_000  # characters without the pictures; some three hundred pages
MAX_DEPTH = 50  # lists, quotations and tables inside each other: the work of cleaning grows with the square

_OWN_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "li", "tr", "td", "th", "blockquote", "aside"} | {"ul", "ol", "table", "hr", "br"}
)
_EMPTY = re.compile(r"(?:\s|<p>|</p>|<br>|&nbsp;|\u00a0)*")
_BEGINS_TAG = re.compile(r"<[a-zA-Z/!]")
_IMAGE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as the cleaning writes it
_DOCUMENT_LINK = re.compile(r'<a(?=[^>]* data-document=")((?: [\w-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_PART = re.compile(r"[\w-]{1,80}")
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
    if name == "data-document":
        return value if value.isascii() and value.isdecimal() and len(value) < 16 else None
    if name == "data-part":
        return value if _PART.fullmatch(value) else None
    if tag == "ol":
        return value if (value in ("a", "A", "i", "I") if name == "type" else value.isdecimal()) else None
    return value


@cache
def _cleaner() -> nh3.Cleaner:
    allowed = allowlist_from_extensions(EXTENSIONS)
    attributes = {tag: set(names) for tag, names in allowed["attributes"].items()}
    attributes["a"] = {"href", "title", "data-document", "data-part"}
    attributes["aside"] = attributes["ul"] = set()
    attributes["img"] = {"src", "alt", "width", "height"}
    attributes["ol"] = {"start", "type"}
    return nh3.Cleaner(
        tags=set(allowed["tags"]),
        attributes=attributes,
        tag_attribute_values={"aside": {"data-callout": set(CALLOUTS)}, "ul": {"data-list": {"check"}}},
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
    cleaned = _DOCUMENT_LINK.sub(_by_id_alone, cleaned).replace("<aside>", '<aside data-callout="note">')
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def _with_source(image: re.Match[str]) -> str:
    return image[0] if ' src="' in image[1] else ""


def _by_id_alone(link: re.Match[str]) -> str:
    """A link to a document has no address beside its id, which is all that lasts."""
    said = dict(_ATTRIBUTE.findall(link[1]))
    part = f' data-part="{said["data-part"]}"' if said.get("data-part") else ""
    return f'<a data-document="{said["data-document"]}"{part}>'


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
    return ReadOut(mark_safe(paragraphs_read_out(text[:READ_OUT])), len(text) > READ_OUT)  # noqa: S308 - escaped


def paragraphs_read_out(text: str) -> str:
    """The same of all of it, as HTML to go on with."""
    lines = text.split("\n")
    full = 0.7 * max(len(line) for line in lines)
    blocks: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _BEGINS_ITEM.match(line):
            blocks[-1] += f" {line}"
        else:
            blocks.append(line)
        goes_on = len(line) >= full and not line.endswith(_ENDS)
    return "".join(f"<p>{escape(block)}</p>" for block in blocks if block)


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
class LinkTarget:
    """What a link to a document leads to, as far as the reader may know it."""

    number: str
    title: str
    url: str = ""  # empty where the reader may know of it and not open it
    note: str = ""  # why it isn't what one should work by, if so


@dataclass(frozen=True)
class Shown:
    """A cleaned text ready for the page, with the headings it has."""

    html: SafeString
    contents: list[Heading]

    @property
    def tree(self) -> SafeString:
        """The headings as lists inside each other."""
        return _contents(self.contents)


def contents_of(html: str) -> list[Heading]:
    """The headings of a cleaned text with what each is linked to by. An anchor follows its words, not its place."""
    found: list[Heading] = []
    taken: set[str] = set()
    for match in _HEADING.finditer(html):
        if text := words_alone(match[2]):
            anchor = base = f"del-{slugify(text, allow_unicode=True)[:60].rstrip('-')}"
            again = 1
            while anchor in taken:
                again += 1
                anchor = f"{base}-{again}"
            taken.add(anchor)
            found.append(Heading(anchor, text, int(match[1])))
    return found


def shown(html: str, targets: Mapping[int, LinkTarget] | None = None, *, ticks: bool = False) -> Shown:
    """Cleaned HTML with anchors on its headings, and everything else as ``furnished`` gives it."""
    contents = contents_of(html)
    left = iter(contents)

    def with_anchor(match: re.Match[str]) -> str:
        if not words_alone(match[2]):
            return ""
        return f'<h{match[1]} id="{next(left).anchor}">{match[2]}</h{match[1]}>'

    return Shown(furnished(_HEADING.sub(with_anchor, html), targets, ticks=ticks), contents)


def furnished(html: str, targets: Mapping[int, LinkTarget] | None = None, *, ticks: bool = False) -> SafeString:
    """Cleaned HTML as a page shows it: tables that scroll, call-outs with their word, links as the reader may follow.

    ``targets`` are the documents linked to, by id (``documents.links.targets``); of one that isn't there the words
    stay. With ``ticks`` the points of checklists can be ticked while one reads.
    """
    html = _TABLE.sub(_with_scopes, html)
    html = html.replace("<table>", '<div class="los-scroll" tabindex="0"><table class="ds-table">')
    html = html.replace("</table>", "</table></div>").replace("<a href", '<a class="ds-link" href')
    html = _CALLOUT.sub(_with_word, html).replace("</aside>", "</div>")
    html = _LINKED.sub(lambda link: _followed(link, targets or {}), html)
    html = _ticked(html) if ticks and _CHECKLIST in html else html
    return mark_safe(html.replace(_CHECKLIST, f'{_CHECKLIST[:-1]} class="los-checklist">'))  # noqa: S308 - cleaned


_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_HEADER = re.compile(r"<th(?=[ >])")
_CALLOUT = re.compile(r'<aside data-callout="(\w+)">')
_LINKED = re.compile(r'<a data-document="(\d+)"(?: data-part="([\w-]+)")?>(.*?)</a>', re.DOTALL)
_CHECKLIST = '<ul data-list="check">'
_LISTS = re.compile(r"<(/?)(ul|ol|li)(?: [^>]*)?>")


def _with_scopes(table: re.Match[str]) -> str:
    """What a header is the header of: in the first row the column, elsewhere the row. Heard by who can't see it."""
    first = True

    def of_row(row: re.Match[str]) -> str:
        nonlocal first
        scope, first = ("col" if first else "row"), False
        return _HEADER.sub(f'<th scope="{scope}"', row[0])

    return _ROW.sub(of_row, table[0])


def _with_word(callout: re.Match[str]) -> str:
    kind = callout[1]
    word = f'<p class="los-callout__kind">{icon(_CALLOUT_ICONS[kind])}{escape(str(CALLOUTS[kind]))}</p>'
    return f'<div class="los-callout" data-callout="{kind}" role="note">{word}'


def _followed(link: re.Match[str], targets: Mapping[int, LinkTarget]) -> str:
    target, words = targets.get(int(link[1])), link[3]
    if target is None:
        unseen = escape(_("another document"))
        return words or f"<em>{unseen}</em>"
    words = words or escape(target.title)
    note = f' <span class="los-quiet">({escape(target.note)})</span>' if target.note else ""
    if not target.url:
        return words + note
    part = f"#{link[2]}" if link[2] else ""
    return f'<a class="ds-link" href="{escape(target.url)}{part}">{words}</a>{note}'


def _ticked(html: str) -> str:
    """A box before each point of a checklist that can be ticked; what is ticked is kept nowhere."""
    lists: list[bool] = []
    points: list[bool] = []
    count = 0

    def placed(tag: re.Match[str]) -> str:
        nonlocal count
        if tag[2] != "li":
            if tag[1]:
                lists.pop()
            else:
                lists.append(tag[0] == _CHECKLIST)
            return tag[0]
        if tag[1]:
            return "</div></li>" if points.pop() else "</li>"
        points.append(bool(lists) and lists[-1])
        if not points[-1]:
            return tag[0]
        count += 1
        box = f'<input class="ds-input" type="checkbox" autocomplete="off" aria-labelledby="punkt-{count}">'
        return f'<li>{box}<div id="punkt-{count}">'

    return _LISTS.sub(placed, html)


def _contents(headings: list[Heading]) -> SafeString:
    parts: list[str] = []
    open_levels: list[int] = []
    for each in headings:
        while open_levels and open_levels[-1] > each.level:
            parts.append("</li></ul>")
            open_levels.pop()
        if open_levels and open_levels[-1] == each.level:
            parts.append("</li>")
        elif not open_levels or open_levels[-1] < each.level:
            parts.append("<ul>")
            open_levels.append(each.level)
        parts.append(f'<li><a class="ds-link" href="#{escape(each.anchor)}">{escape(each.text)}</a>')
    parts.append("</li></ul>" * len(open_levels))
    return mark_safe("".join(parts))  # noqa: S308 - escaped


@dataclass(frozen=True)
class Link:
    """One link as it stands in a cleaned text."""

    words: str
    document: int | None = None
    part: str = ""  # of the document
    address: str = ""


_ANY_LINK = re.compile(r'<a((?: [\w-]+="[^"]*")*)>(.*?)</a>', re.DOTALL)


def links_in(html: str) -> list[Link]:
    found = []
    for match in _ANY_LINK.finditer(html):
        said = dict(_ATTRIBUTE.findall(match[1]))
        document = said.get("data-document")
        found.append(
            Link(
                words=words_alone(match[2]).replace("\n", " "),
                document=int(document) if document else None,
                part=said.get("data-part", ""),
                address=unescape(said.get("href", "")),
            )
        )
    return found


def pictures_without_words(html: str) -> int:
    """How many pictures say nothing to who can't see them. An empty alternative text says that there is nothing."""
    return sum(' alt="' not in image[1] for image in _IMAGE.finditer(html))
