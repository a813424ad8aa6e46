"""Names of people in the parts of an office file: who wrote comments and tracked changes, and whose computer it was.

Each name becomes the same neutral word, so that the comments and the changes stay and can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SOMEBODY = "Author"  # what Word itself writes when it is asked to remove personal information

_TAG = re.compile(r"<[^<>?!][^<>]*>")
_PREFIX = r"(?:[\w.-]+:)?"


def _attributes(*names: str) -> re.Pattern[str]:
    """Attributes of these names, with whatever prefix."""
    return re.compile(rf"(\s{_PREFIX}(?:{'|'.join(names)})\s*=\s*)(\"[^\"]*\"|'[^']*')")


def _elements(*names: str) -> re.Pattern[str]:
    """Elements of these names, with whatever prefix, and the text in them."""
    return re.compile(rf"(<({_PREFIX}(?:{'|'.join(names)}))(?:\s[^<>]*)?(?<!/)>)([^<]*)(</\2\s*>)")


_WORD = _attributes("author", "initials", "userId")
_EXCEL = _attributes("userName", "displayName", "userId", "author", "lastAuthor")
_EXCEL_PLACE = re.compile(rf"(<{_PREFIX}absPath\s[^<>]*?\burl\s*=\s*)(\"[^\"]*\"|'[^']*')")
_EXCEL_AUTHOR = _elements("author")
_ODT = _elements(
    *("creator", "initial-creator", "creator-initials", "sender-initials", "author-name", "author-initials"),
    *("printed-by", "sender-firstname", "sender-lastname", "sender-email", "sender-phone-private"),
    *("sender-phone-work", "sender-company", "sender-title", "sender-position", "sender-street"),
)
# Templates and linked files that lie in somebody's own folder: file:///C:/Users/kari/…
_OWN_FOLDER = re.compile(r"(\sTarget\s*=\s*)([\"'])(?:file:|[A-Za-z]:\\|\\\\)[^\"']*\2", re.IGNORECASE)


def without_names(part: str, content: bytes) -> bytes:
    """The part of the file as it was, but for the names of who wrote in it. Raises ``ValueError`` for broken text."""
    clean = _cleaner_of(part)
    if clean is None:
        return content
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return clean(content.decode(encoding)).encode(encoding)


def _cleaner_of(part: str) -> Callable[[str], str] | None:
    if part.endswith(".rels"):
        return _without_folders
    if not part.endswith(".xml"):
        return None
    if part.startswith("word/"):
        return _word
    if part.startswith("xl/"):
        return _excel
    if part in ("content.xml", "styles.xml"):
        return _open_document
    return None


def _without_folders(text: str) -> str:
    return _OWN_FOLDER.sub(rf"\1\2{SOMEBODY}\2", text)


def _in_tags(pattern: re.Pattern[str], text: str) -> str:
    """What people wrote between the tags is left alone, whatever it looks like."""
    if not pattern.search(text):
        return text
    return _TAG.sub(lambda tag: pattern.sub(rf'\1"{SOMEBODY}"', tag[0]), text)


def _word(text: str) -> str:
    return _in_tags(_WORD, text)


def _excel(text: str) -> str:
    """A comment in a cell begins with the name of who wrote it, as text: that is taken too."""
    names = {match[3].strip() for match in _EXCEL_AUTHOR.finditer(text)} - {"", SOMEBODY}
    text = _EXCEL_AUTHOR.sub(rf"\g<1>{SOMEBODY}\4", _in_tags(_EXCEL, text))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f">{name}:", f">{SOMEBODY}:")
    return _EXCEL_PLACE.sub(r'\1""', text)


def _open_document(text: str) -> str:
    return _ODT.sub(rf"\g<1>{SOMEBODY}\4", text)
