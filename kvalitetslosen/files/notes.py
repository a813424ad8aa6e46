"""What files tell of who made them and where, written over where it stands: not a byte moves, so nothing breaks."""

from __future__ import annotations

import io
import re
import zlib

from PIL import Image

_EXIF = re.compile(rb"\xff\xe1(..)Exif\x00\x00", re.DOTALL)
_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")
_ORIENTATION = 0x0112

# Bounded, and each object read once and no further than this: a file made to harm takes no longer than another.
_MOST, _LONGEST = 64, 50_000
_REFERENCE = rb"\s{1,9}(\d{1,9})\s{1,9}(\d{1,5})\s{1,9}R\b"
_INFO, _ROOT = re.compile(b"/Info" + _REFERENCE), re.compile(b"/Root" + _REFERENCE)
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,9})\s{1,9}(\d{1,5})\s{1,9}obj\b")
_TOKEN = re.compile(
    rb"(?P<open><<)|(?P<close>>>)|/(?P<name>[^\s/<>\[\]()%{}]*)|(?P<ref>\d+\s+\d+\s+R\b)"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<text>\()|(?P<end>endobj)|%[^\r\n]*|[^\s/<>()%]+|\s+"
)
_INFO_INSIDE = re.compile(rb"/Info\s{0,9}<<")
_METADATA, _PACKED = re.compile(rb"/Type\s{0,9}/Metadata\b"), re.compile(rb"/Type\s{0,9}/ObjStm\b")
_LINE_END = re.compile(rb"(?:\r\n|\n|\r)?")
# With something in it: emptied texts are spaces, or «20» time after time.
_WRITER = re.compile(rb"/(?:Author|Manager|Company)\s{0,9}(?:\((?![\s\0]*+\))|<(?!<|(?:20|00|\s)*+2?>))")
# A note or a mark in the text, with whose it is; links and the fields of forms have no writer.
_COMMENT = re.compile(
    rb"/Subtype\s{0,9}/(?:Text|FreeText|Highlight|Underline|Squiggly|StrikeOut|Stamp|Caret|Ink|Popup|Square|Circle|Line"
    rb"|Polygon|PolyLine|FileAttachment|Sound|Redact)\b"
)
_AROUND = 2_000  # bytes in which the beginning of an object ends
_MOST_UNPACKED = 50_000_000  # bytes
_HARMLESS = frozenset({b"CreationDate", b"ModDate", b"Trapped"})


def pdf_without_writer(data: bytes) -> bytes:
    """The same PDF without the names and titles in its particulars, and without place and camera in its photos.

    What is protected or signed stays as it is, and so does what a PDF keeps packed: few programs pack these.
    """
    if b"/Encrypt" in data or b"/ByteRange" in data:
        return data
    cleaned = bytearray(data)
    wanted = set(_INFO.findall(data)) - set(_ROOT.findall(data))
    texts: set[tuple[bytes, bytes]] = set()
    for start in _objects(data, wanted):
        texts |= _blank_values(cleaned, data, start)
    for start in _objects(data, texts - wanted):
        _blank_values(cleaned, data, start, text_only=True)
    _blank_photos(cleaned, data)
    return bytes(cleaned)


def may_tell_writer(data: bytes) -> bool:
    """Whether a PDF, when what can be emptied is, may still say who made it or wrote in it.

    So may one that is protected or signed, one whose particulars are packed, and one with comments.
    """
    if b"/Encrypt" in data or b"/ByteRange" in data or _INFO_INSIDE.search(data):
        return True
    for found in _METADATA.finditer(data):
        if b"/Filter" in data[max(0, found.start() - _AROUND) : found.end() + _AROUND].split(b"stream")[0]:
            return True
    packed = unpacked(data)
    return packed is None or any(_WRITER.search(text) or _COMMENT.search(text) for text in (data, *packed))


def unpacked(data: bytes) -> list[bytes] | None:
    """The objects a PDF keeps packed; None where they can't be read, or are more than a PDF needs."""
    found, left = [], _MOST_UNPACKED
    for packed in _PACKED.finditer(data):
        start = data.find(b"stream", packed.end(), packed.end() + _AROUND) + len(b"stream")
        if start < len(b"stream"):
            return None
        reader = zlib.decompressobj()
        try:
            text = reader.decompress(data[start + len(_LINE_END.match(data, start)[0]) :], left)  # type: ignore[index]
        except zlib.error:
            return None
        left -= len(text)
        if left <= 0:
            return None
        found.append(text)
    return found


def jpeg_without_place(data: bytes) -> bytes:
    """The same JPEG, which way up it is the only thing it says of itself. For pictures inside documents."""
    cleaned = bytearray(data)
    _blank_photos(cleaned, data)
    if not (found := _EXIF.search(data)):
        return bytes(cleaned)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            orientation = picture.getexif().get(_ORIENTATION)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        orientation = None
    if orientation in range(2, 9):
        exif = Image.Exif()
        exif[_ORIENTATION] = orientation
        said, start = exif.tobytes(), found.end() - len(b"Exif\0\0")
        if start + len(said) <= _segment_end(found):
            cleaned[start : start + len(said)] = said
    return bytes(cleaned)


def _segment_end(found: re.Match[bytes]) -> int:
    return found.start() + 2 + int.from_bytes(found.group(1), "big")


def _blank_photos(cleaned: bytearray, data: bytes) -> None:
    """EXIF becomes zeros, XMP becomes spaces: what reads pictures passes over both."""
    at = 0
    while found := _EXIF.search(data, at):
        at = max(min(_segment_end(found), len(data)), found.end())
        cleaned[found.end() : at] = bytes(at - found.end())
    at = 0
    begin, end = _XMP
    while (start := data.find(begin, at)) >= 0 and (stop := data.find(end, start)) >= 0:
        at = stop + len(end)
        cleaned[start:at] = b" " * (at - start)


def _objects(data: bytes, wanted: set[tuple[bytes, bytes]]) -> list[int]:
    """Where each version of the objects begins, the newest ones: a PDF that was changed keeps the old ones too."""
    if not wanted:
        return []
    return [found.end() for found in _OBJECT.finditer(data) if found.groups() in wanted][-_MOST:]


def _blank_values(cleaned: bytearray, data: bytes, at: int, *, text_only: bool = False) -> set[tuple[bytes, bytes]]:
    """Write over the texts of the dictionary, or the one text, that begins there; which objects it points to."""
    depth, key, limit = 0, b"", at + _LONGEST
    points_to: set[tuple[bytes, bytes]] = set()
    while at < limit and (found := _TOKEN.match(data, at, limit)):
        at = found.end()
        if found["end"] or (found["open"] and text_only):
            break
        if found["open"]:
            depth += 1
        elif found["close"]:
            depth -= 1
        elif found["name"] is not None:
            key = found["name"]
        elif key in _HARMLESS:
            at = _end_of_text(data, at, limit) if found["text"] else at
        elif found["ref"]:
            number, generation, _r = found["ref"].split()
            points_to.add((number, generation))
        elif found["hex"] is not None:
            start, end = found.span("hex")
            cleaned[start:end] = (b"20" * (end - start))[: end - start]
        elif found["text"]:
            start, at = at, _end_of_text(data, at, limit)
            cleaned[start : at - 1] = b" " * (at - 1 - start)
        if depth <= 0 and (found["close"] or found["text"] or found["hex"] is not None):
            break
    return points_to


def _end_of_text(data: bytes, at: int, limit: int) -> int:
    """After the parenthesis that ends the text which begins there."""
    depth, limit = 1, min(limit, len(data))
    while depth and at < limit:
        byte = data[at : at + 1]
        at += 2 if byte == b"\\" else 1
        depth += (byte == b"(") - (byte == b")")
    return min(at, limit)
