"""What people bring from elsewhere: Word becomes text one can go on writing, a PDF is kept and read for search."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from documents.html import TooLong, clean, words_alone
from documents.intake.extraction import Unreadable, read
from documents.models import Version
from kvalitetslosen.files import names
from kvalitetslosen.files.kinds import DOCX, PDF, kind_of
from kvalitetslosen.files.scan import Infected, ScannerUnavailable, scan
from kvalitetslosen.identity_numbers import blocks, guard_filename

ACCEPT = (DOCX.content_type, PDF.content_type, DOCX.ending, PDF.ending)  # for the browser's file dialog
MAX_SIZE = 20_000_000  # bytes
MAX_PAGES = 500  # of a PDF

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word before 2007, and Word with a password
_TITLE_LENGTH = Version._meta.get_field("title").max_length or 200
_H1 = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_FIRST_HEADING = re.compile(r"\s*<h([12])>(.*?)</h\1>", re.DOTALL)
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
    "virus": _("“%(name)s” was stopped by the virus check. Tell those who look after your computers."),
    "no_scanner": _("“%(name)s” can't be checked for viruses now. Choose it again a little later."),
}


@dataclass(frozen=True)
class Converted:
    """What an upload became. ``notes`` say what one should look at, in the reader's language."""

    title: str
    html: str  # clean; empty when the file itself is kept
    text: str  # the words alone, for search
    keep_file: bool
    notes: list[str] = field(default_factory=list)


def convert(upload: UploadedFile[bytes], *, title: str = "") -> Converted:
    """Read an upload, whatever its name says it is. Nothing is stored.

    A title in the text leaves it. ``title`` is what the document is called already: what stands as title in the text,
    and says something else, is its first heading.

    Raises ``ValidationError`` with one sentence that names the file and says what to do; its codes are those of
    ``_REFUSALS`` and ``identity_number`` (for the file's name).
    """
    name = names.harmless(upload.name or "") or gettext("file")
    guard_filename(name)
    size = upload.size or 0
    if not size:
        raise _refusal("empty", name)
    if size > MAX_SIZE:
        raise _refusal("too_large", name, limit=MAX_SIZE // 1_000_000)
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    kind = kind_of(data)
    if kind not in (DOCX, PDF):
        raise _refusal("old_word" if data.startswith(_OLE) else "kind", name)
    try:
        scan(data)
    except Infected:
        raise _refusal("virus", name) from None
    except ScannerUnavailable as error:
        raise _refusal("no_scanner", name) from error
    converted = _from_word(name, data, title) if kind is DOCX else _from_pdf(name, data)
    if blocks(f"{converted.title}\n{converted.text}"):
        raise _refusal("identity_number_inside", name)
    return converted


def _refusal(code: str, name: str, **params: Any) -> ValidationError:
    return ValidationError(_REFUSALS[code], code=code, params={"name": name, **params})


def _read(kind: str, name: str, data: bytes) -> dict[str, Any]:
    """What is in the file. Raises ``ValidationError``."""
    try:
        return read(kind, data, max_pages=MAX_PAGES)
    except Unreadable as error:
        raise _refusal(error.code, name, limit=MAX_PAGES) from None


def _title_of(name: str) -> str:
    return " ".join(names.split(name)[0].replace("_", " ").split())[:_TITLE_LENGTH]


def _from_word(name: str, data: bytes, given: str) -> Converted:
    notes = []
    found = _read("word", name, data)
    if found["changes"]:
        notes.append(
            gettext("The file had tracked changes. They are taken as accepted: read through what was changed.")
        )
    try:
        html = clean(_LINK_WITHIN.sub(r"\1", _headings_in_place(found["html"])))
    except TooLong:
        raise _refusal("too_long", name) from None
    title, html = _without_title(html, given)
    if not html:
        raise _refusal("nothing", name)
    if left_out := found["left_out"]:
        notes.append(
            ngettext(
                "One picture could not be taken along. Put it in again as PNG or JPEG.",
                "%(count)s pictures could not be taken along. Put them in again as PNG or JPEG.",
                left_out,
            )
            % {"count": left_out}
        )
    return Converted(title or _title_of(name), html, words_alone(html), keep_file=False, notes=notes)


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
    marked = re.search(rf"<h2>{_TITLE_MARK}(.*?)</h2>", html, re.DOTALL)
    found = marked or _FIRST_HEADING.match(html)
    if not found:
        return "", html
    inner = found[1] if marked else found[2]
    title = " ".join(words_alone(inner).split())
    differs = bool(given) and title.casefold() != " ".join(given.split()).casefold()
    if not title or len(title) > _TITLE_LENGTH or differs:
        return "", html.replace(_TITLE_MARK, "")
    return title, clean(html[: found.start()] + html[found.end() :])


def _from_pdf(name: str, data: bytes) -> Converted:
    text = _read("pdf", name, data)["text"].replace("\x00", "")
    text = re.sub("\ufffe\\s*|\u00ad\\s*", "", text)  # where PDFium saw a word divided at the end of a line
    text = "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
    notes = []
    if not text:
        notes.append(
            gettext(
                "No text was found in the PDF, it may be scanned. People will find it by its title only, and those "
                "who have it read aloud get nothing. Use a PDF made from the text itself if there is one."
            )
        )
    return Converted(_title_of(name), "", text, keep_file=True, notes=notes)
