"""What people bring from elsewhere: Word becomes text one can go on writing, a PDF is kept and read for search."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.html import TooLong, clean, words_alone
from documents.intake.extraction import Reader, Unreadable, read
from documents.intake.marks import LEFT_OUT, MARKS, NUMBERED
from documents.intake.notes import in_sentences, placeholder
from documents.models import Version
from kvalitetslosen.files import names, zips
from kvalitetslosen.files.kinds import DOCX, PDF, is_pdf
from kvalitetslosen.files.scan import Infected, ScannerUnavailable, scan
from kvalitetslosen.identity_numbers import blocks, guard_filename

ACCEPT = (DOCX.content_type, PDF.content_type, DOCX.ending, PDF.ending)  # for the browser's file dialog
MAX_SIZE = 20_000_000  # bytes
MAX_PAGES = 500  # of a PDF

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word before 2007, and Word with a password
_TITLE_LENGTH = Version._meta.get_field("title").max_length or 200
_H1 = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
# What the text begins with, or what follows the table that many municipalities have at the top.
_FIRST_HEADING = re.compile(
    r"\s*(?P<before>(?:<table>(?:(?!</?table>).)*</table>\s*)?)<h(?P<rank>[12])>(?P<inner>.*?)</h(?P=rank)>", re.DOTALL
)
_BOOKMARK = re.compile(r'<a id="[^"]*"></a>')  # what links within the file led to, which become words
_LINK_WITHIN = re.compile(r'<a href="#[^"]*"[^>]*>(.*?)</a>', re.DOTALL)

_REFUSALS = {
    "empty": _("“%(name)s” is empty. Choose the file again."),
    "too_large": _("“%(name)s” is larger than %(limit)s MB. Make its pictures smaller, and choose it again."),
    "kind": _("“%(name)s” is neither a Word file (docx) nor a PDF. Save it as one of these, and choose it again."),
    "old_word": _(
        "“%(name)s” is protected by a password or saved by an old Word. Save it as docx without a password, and "
        "choose it again."
    ),
    "password": _("“%(name)s” is protected by a password. Save it without one, and choose it again."),
    "unreadable": _("“%(name)s” can't be opened. It may be damaged: save it anew, and choose it again."),
    "slow": _("“%(name)s” takes too long to read. Save it anew or divide it into several documents, and try again."),
    "nothing": _("There is no text in “%(name)s”. Look if it is the right file."),
    "pages": _("“%(name)s” has more than %(limit)s pages. Divide it into several documents."),
    "too_long": _("“%(name)s” is too long, or its pictures are too many. Divide it into several documents."),
    "identity_number_inside": _(
        "It looks as if “%(name)s” contains an identity number. Take it out of the text, and choose the file again."
    ),
    "active": _(
        "“%(name)s” has scripts or other files inside it, and these never come in. Print it to a new PDF, and choose "
        "that."
    ),
    "virus": _("“%(name)s” was stopped by the virus check. Tell those who look after your computers."),
    "no_scanner": _("“%(name)s” can't be checked for viruses now. Choose it again a little later."),
}


@dataclass(frozen=True)
class Converted:
    """What an upload became."""

    title: str
    html: str  # clean; empty when the file itself is kept
    text: str  # the words alone, for search
    keep_file: bool
    counts: dict[str, int] = field(default_factory=dict)  # what couldn't be kept as it was, and how many of each
    said: Said = field(default_factory=lambda: Said())  # noqa: PLW0108 - stands below

    @property
    def notes(self) -> list[str]:
        """What one should look at, in the reader's language."""
        return in_sentences(self.counts)


@dataclass(frozen=True)
class Said:
    """What the file tells of itself, for guesses at title, owner and dates."""

    title: str = ""  # of the text: empty where it has none
    properties: dict[str, str] = field(default_factory=dict)
    tables: list[list[list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def convert(upload: UploadedFile[bytes], *, title: str = "") -> Converted:
    """Read an upload, whatever its name says it is. Nothing is stored. See ``converted``."""
    size = upload.size or 0
    name = names.harmless(upload.name or "") or gettext("file")
    guard_filename(name)
    if size > MAX_SIZE:
        raise _refusal("too_large", name, limit=MAX_SIZE // 1_000_000)
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    return converted(name, data, title=title)


def converted(name: str, data: bytes, *, title: str = "", reader: Reader | None = None) -> Converted:
    """Read a file's bytes, whatever its name says it is; with the reader that is there, where there are many.

    A title in the text leaves it. ``title`` is what the document is called already: what stands as title in the text,
    and says something else, is its first heading.

    Raises ``ValidationError`` with one sentence that names the file and says what to do; its codes are those of
    ``_REFUSALS`` and ``identity_number`` (for the file's name).
    """
    guard_filename(name)
    if not data:
        raise _refusal("empty", name)
    if len(data) > MAX_SIZE:
        raise _refusal("too_large", name, limit=MAX_SIZE // 1_000_000)
    pdf = is_pdf(data)
    if not pdf and not is_word(data):
        raise _refusal("old_word" if data.startswith(_OLE) else "kind", name)
    try:
        scan(data)
    except Infected:
        raise _refusal("virus", name) from None
    except ScannerUnavailable as error:
        raise _refusal("no_scanner", name) from error
    told = _read("pdf" if pdf else "word", name, data, reader)
    found = _from_pdf(name, told) if pdf else _from_word(name, told, title)
    if blocks(f"{found.title}\n{found.text}"):
        raise _refusal("identity_number_inside", name)
    return found


def is_word(data: bytes) -> bool:
    """Whether it is a document or template of Word 2007 or newer, with macros or without: only its text comes in."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zips.opened(data) as archive:
            types = archive.getinfo("[Content_Types].xml")
            if types.file_size > 1_000_000:
                return False
            said = archive.read(types)
            return bool(_WORD.search(said)) or "word/document.xml" in archive.NameToInfo
    except (zipfile.BadZipFile, KeyError, *_ZIP_FAULTS):
        return False


_WORD = re.compile(
    rb"(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)
_ZIP_FAULTS = (zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def refusal_in_words(code: str, name: str) -> str:
    """The sentence for a refusal that was kept by its code."""
    limits = {"too_large": MAX_SIZE // 1_000_000, "pages": MAX_PAGES}
    sentence = _REFUSALS.get(code, _REFUSALS["unreadable"])
    return str(sentence) % {"name": name, "limit": limits.get(code, "")}


def _refusal(code: str, name: str, **params: Any) -> ValidationError:
    return ValidationError(_REFUSALS[code], code=code, params={"name": name, **params})


def _read(kind: str, name: str, data: bytes, reader: Reader | None) -> dict[str, Any]:
    """What is in the file. Raises ``ValidationError``."""
    try:
        return (reader.read if reader else read)(kind, data, max_pages=MAX_PAGES)
    except Unreadable as error:
        raise _refusal(error.code, name, limit=MAX_PAGES) from None


def _title_of(name: str) -> str:
    return " ".join(names.split(name)[0].replace("_", " ").split())[:_TITLE_LENGTH]


def _from_word(name: str, found: dict[str, Any], given: str) -> Converted:
    try:
        plain = _signs_in_place(_headings_in_place(_BOOKMARK.sub("", found["html"])))
        html = clean(_LINK_WITHIN.sub(r"\1", plain))
    except TooLong:
        raise _refusal("too_long", name) from None
    title, html = _without_title(html, given)
    if not html:
        raise _refusal("nothing", name)
    said = Said(title, found["properties"], found["tables"], found["lines"])
    text = words_alone(html)
    return Converted(title or _title_of(name), html, text, keep_file=False, counts=found["counts"], said=said)


_NOTES = re.compile(r'<ol><li id="(?:foot|end)note-')
_UP = r'<a href="#(?:foot|end)note-ref-[^"]*">↑</a>'
_BACK = re.compile(rf"<p>\s*{_UP}</p>|\s*{_UP}")
_PICTURELESS = re.compile(r"<img(?![^>]* src=)[^>]*>")
_TICK = re.compile(r'<input type="checkbox"( checked="checked")?\s*/?>')
_LISTS = re.compile(rf"<(/?)(ol|ul|li)\b[^>]*>(?:{NUMBERED.pattern})?")


def _signs_in_place(html: str) -> str:
    """What mammoth writes as HTML the cleaning takes away: boxes to tick, places of what is missing, ways back."""
    html = _BACK.sub("", html)
    heading = escape(gettext("Footnotes"))
    html = _NOTES.sub(lambda match: f"<h2>{heading}</h2>{match[0]}", html, count=1)
    html = _TICK.sub(lambda match: "☑" if match[1] else "☐", html)
    html = _PICTURELESS.sub(lambda match: escape(placeholder("pictures")), html)
    html = LEFT_OUT.sub(lambda match: escape(placeholder(match[1])), html)
    return MARKS.sub("", NUMBERED.sub("", _numbers_in_place(html)))


def _numbers_in_place(html: str) -> str:
    """Lists begin and go on with the numbers they had: where these jump, another list begins."""
    lists: list[list[Any]] = []  # tag, place of its opening in ``parts``, kind of number, last number
    parts: list[str] = []
    at = 0
    for match in _LISTS.finditer(html):
        parts.append(html[at : match.start()])
        at = match.end()
        closing, tag = match[1], match[2]
        if tag != "li":
            if closing and lists:
                lists.pop()
            elif not closing:
                lists.append([tag, len(parts), "", None])
            parts.append(f"<{closing}{tag}>" if not match[3] else match[0])
            continue
        opened = match[0].partition(">")[0] + ">"
        if not closing and match[3] and lists and lists[-1][0] == "ol":
            kind, number, last = match[3], int(match[4]), lists[-1]
            if last[3] is None:
                parts[last[1]] = _opening(kind, number)
            elif (kind, number) != (last[2], last[3] + 1):
                parts.append(f"</ol>{_opening(kind, number)}")
            last[2:] = [kind, number]
        parts.append(opened)
    parts.append(html[at:])
    return "".join(parts)


def _opening(kind: str, number: int) -> str:
    kinds = "" if kind == "1" else f' type="{kind}"'
    start = "" if number == 1 else f' start="{number}"'
    return f"<ol{kinds}{start}>"


def _headings_in_place(html: str) -> str:
    """A document has one title: the first stays for the moment, what else looks like one is a heading."""
    first = True

    def placed(match: re.Match[str]) -> str:
        nonlocal first
        level, first = ("1" if first else "2"), False
        return f"<h{level}>{match[1]}</h{level}>"

    html = _H1.sub(placed, html)
    # The editor knows no first level; a paragraph of its own that the cleaning lets through tells it from the rest.
    return _H1.sub(rf"<h2>{_TITLE_MARK}\1</h2>", html)


_TITLE_MARK = "\ue000title\ue000"


def _without_title(html: str, given: str) -> tuple[str, str]:
    """The title and the text without it: what has Word's style for titles, or the heading the text begins with."""
    marked = re.search(rf"(?P<before>)<h(?P<rank>2)>{_TITLE_MARK}(?P<inner>.*?)</h2>", html, re.DOTALL)
    found = marked or _FIRST_HEADING.match(html)
    if not found:
        return "", html
    title = " ".join(words_alone(found["inner"]).split())
    rest = html[found.end() :]
    # The first of several headings of one rank begins a section: the document's title stands in none of them.
    notes = escape(gettext("Footnotes"))
    own = rest.replace(f"<h2>{notes}</h2>", "")  # without the one we put there
    ranks = [] if marked else [int(each) for each in re.findall(r"<h([234])>", own)]
    if not given and any(rank <= int(found["rank"]) for rank in ranks):
        return "", html
    differs = bool(given) and title.casefold() != " ".join(given.split()).casefold()
    if not title or len(title) > _TITLE_LENGTH or differs:
        return "", html.replace(_TITLE_MARK, "")
    return title, _headings_raised(clean(html[: found.start()] + found["before"] + rest))


def _headings_raised(html: str) -> str:
    """Without a level missing at the top, which the title had."""
    notes = escape(gettext("Footnotes"))
    ranks = {int(each) for each in re.findall(r"<h([234])>", html.replace(f"<h2>{notes}</h2>", ""))}
    if not ranks or min(ranks) == 2:
        return html
    up = min(ranks) - 2
    return re.sub(r"<(/?)h([34])>", lambda match: f"<{match[1]}h{int(match[2]) - up}>", html)


def _from_pdf(name: str, found: dict[str, Any]) -> Converted:
    text = found["text"].replace("\x00", "")
    text = re.sub("\ufffe\\s*|\u00ad\\s*", "", text)  # where PDFium saw a word divided at the end of a line
    text = "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
    said = Said("", found["properties"], [], [line[:200] for line in text.split("\n")[:60]])
    return Converted(_title_of(name), "", text, keep_file=True, counts={} if text else {"scanned": 1}, said=said)
