"""The kinds of files that are taken in, told by their content; the name only has to agree with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import puremagic

from kvalitetslosen.files import office, sound

MAX_SIZE = 10_000_000  # bytes a file
MAX_FILES = 10  # at a time

_MARKUP = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".rtf", ".ps", ".sh", ".php"})
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Kind:
    """``ending`` is what the file is called when handed out; names may also end in one of ``also``."""

    content_type: str
    ending: str
    also: frozenset[str] = frozenset()
    is_picture: bool = False
    opens_in_page: bool = False  # shown by the browser; what isn't is saved to disk
    icon: str = "file"

    @property
    def is_sound(self) -> bool:
        return self.content_type.startswith("audio/")

    @property
    def endings(self) -> frozenset[str]:
        return self.also | {self.ending}


_PICTURES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"})
JPEG = Kind("image/jpeg", ".jpg", _PICTURES, is_picture=True, opens_in_page=True, icon="image")
PNG = Kind("image/png", ".png", _PICTURES, is_picture=True, opens_in_page=True, icon="image")
WEBP = Kind("image/webp", ".webp", _PICTURES, is_picture=True)  # comes in, is stored as JPEG or PNG
PDF = Kind("application/pdf", ".pdf", opens_in_page=True, icon="pdf")
DOCX = Kind(office.DOCX, ".docx", icon="word")
XLSX = Kind(office.XLSX, ".xlsx", icon="spreadsheet")
ODT = Kind(office.ODT, ".odt", icon="word")
TEXT = Kind("text/plain", ".txt", frozenset({".text", ".log"}))
MP3 = Kind("audio/mpeg", ".mp3")
M4A = Kind("audio/mp4", ".m4a", frozenset({".mp4", ".m4b", ".3gp", ".3ga"}))  # the two last from older telephones
OGG = Kind("audio/ogg", ".ogg", frozenset({".oga", ".opus"}))
WAV = Kind("audio/wav", ".wav")

KINDS = {kind.content_type: kind for kind in (JPEG, PNG, WEBP, PDF, DOCX, XLSX, ODT, TEXT, MP3, M4A, OGG, WAV)}
# For the browser's file dialog. A phone turns its own picture format into JPEG when it sees that only that is taken.
ACCEPT = tuple(kind.content_type for kind in KINDS.values()) + tuple(
    kind.ending for kind in KINDS.values() if not kind.is_picture
)


def guesses(data: bytes) -> set[str]:
    """Every ending the beginning and the end of the content could belong to."""
    try:
        return {guess.extension for guess in puremagic.magic_string(data)}
    except puremagic.PureError:
        return set()


def kind_of(data: bytes) -> Kind | None:
    """What the content is, or ``None`` when it is nothing that is taken in. The content must not be empty."""
    endings = guesses(data)
    if data[8:12] != b"WEBP":
        endings.discard(".webp")  # guessed for all that begins with RIFF, recordings too
    if endings & _PICTURES:
        return JPEG if ".jpg" in endings else PNG if ".png" in endings else WEBP
    if ".pdf" in endings and is_pdf(data):
        return PDF
    if ".docx" in endings and (content_type := office.content_type_of(data)):
        return KINDS[content_type]
    if {".wav", ".ogg", ".m4a", ".mp4", ".3gp", ".mp3", ".mpga"} & endings and (
        content_type := sound.content_type_of(data)
    ):
        return KINDS[content_type]
    if not endings & _MARKUP and as_text(data) is not None:
        return TEXT
    return None


def is_pdf(data: bytes) -> bool:
    """Begins and ends as a PDF does; one with something else before it may be two kinds of file at once."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def as_text(data: bytes) -> str | None:
    """The text, or ``None`` when the bytes are no text. Windows' old Western encoding is the last guess."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _UNWRITTEN.search(text) else text
    return None
