"""A file on its way in: looked at, made harmless, and ready to be attached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.files import names, notes, office, pictures, sound
from kvalitetslosen.files.kinds import DOCX, MAX_SIZE, ODT, PDF, TEXT, XLSX, Kind, as_text, guesses, kind_of
from kvalitetslosen.files.scan import Infected, ScannerUnavailable, scan
from kvalitetslosen.files.store import Incoming
from kvalitetslosen.identity_numbers import blocks, guard_filename

SWALLOWED_FROM = 50_000_000  # bytes of one file, more than any form of the product takes

_PHONE_PICTURES = frozenset({".heic", ".heif", ".avif"})


class SwallowRest(FileUploadHandler):
    """Stops writing a file to disk once it is larger than any form takes, so that nobody can fill the disk.

    The rest is read and forgotten; the form then finds the file too large. Stands first in FILE_UPLOAD_HANDLERS.
    """

    limit = SWALLOWED_FROM

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= self.limit else None

    def file_complete(self, file_size: int) -> None:
        return None


class HalfUpload(MultiPartParserError):
    """The connection broke before the last of a form had come: answered with 400, and nothing is done."""


class WholeOrNothing(FileUploadHandler):
    """Refuses a form whose last line never came. Django takes what there is, and would make a case without its photo.

    Stands before the other handlers in FILE_UPLOAD_HANDLERS: it sees the bytes of the form as they are read, and that
    they end as RFC 2046 section 5.1.1 has it.
    """

    def handle_raw_input(self, input_data: Any, *about: Any, **more: Any) -> None:
        """``about``: the headers, the length, and then the form's boundary, which is bytes."""
        boundary: bytes = about[2] if len(about) > 2 else more["boundary"]
        self.end, self.tail = b"--" + boundary + b"--", b""
        read = input_data.read

        def remembered(*size: int) -> bytes:
            part: bytes = read(*size)
            self.tail = (self.tail + part[-len(self.end) - 100 :])[-len(self.end) - 100 :]
            return part

        input_data.read = remembered

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def upload_complete(self) -> None:
        if self.end not in self.tail:
            raise HalfUpload("The form ends before its last line.")


@dataclass(frozen=True)
class Examined:
    """An upload that passed. Its bytes lie on the disk and vanish with this object unless it is attached."""

    name: str
    kind: Kind
    size: int
    sha256: str
    incoming: Incoming
    width: int | None = None
    height: int | None = None
    may_tell_writer: bool = False  # though all that could be emptied is: for those who hide their name


def megabytes(size: int) -> str:
    return number_format(size / 1_000_000, decimal_pos=0 if size % 1_000_000 == 0 else 1)


def examine(upload: UploadedFile[bytes]) -> Examined:
    """Look at an upload and make it harmless: pictures are drawn anew, text becomes UTF-8, notes on writers go.

    Raises ``ValidationError`` with a sentence that names the file and says what to do; the codes are those of
    ``_REFUSALS`` and ``identity_number``.
    """
    name = names.harmless(upload.name or "")
    guard_filename(name)
    size = upload.size or 0
    if not size:
        raise _refusal("empty", name)
    if size > MAX_SIZE:
        raise _refusal("too_large", name, size=megabytes(size), limit=megabytes(MAX_SIZE))
    upload.seek(0)
    data = upload.read()
    kind = kind_of(data)
    if kind is None:
        raise _refusal("phone_picture" if guesses(data) & _PHONE_PICTURES else "kind", name)
    ending = names.split(name)[1]
    if ending and ending not in kind.endings:
        raise _refusal("name_and_kind", name)
    try:
        scan(data)
    except Infected:
        raise _refusal("virus", name) from None
    except ScannerUnavailable as error:
        raise _refusal("no_scanner", name) from error
    if kind.is_picture:
        return _drawn(name, data)
    clean = _clean(name, kind, data)
    return _examined(name, kind, clean, may_tell_writer=kind is PDF and notes.may_tell_writer(clean))


def refuse_writers(files: Iterable[Examined]) -> None:
    """For somebody who hides their name. Raises ``ValidationError`` for files that may say who made them."""
    refusals = [_refusal("may_tell_writer", each.name) for each in files if each.may_tell_writer]
    if refusals:
        raise ValidationError(refusals)


def _drawn(name: str, data: bytes) -> Examined:
    try:
        picture = pictures.redraw(data)
    except pictures.TooManyPixels:
        raise _refusal("pixels", name) from None
    except pictures.Unreadable:
        raise _refusal("unreadable", name) from None
    return _examined(name, picture.kind, picture.data, picture.thumbnail, width=picture.width, height=picture.height)


def _clean(name: str, kind: Kind, data: bytes) -> bytes:
    if kind is TEXT:
        text = as_text(data) or ""
        if blocks(text):
            raise _refusal("identity_number_inside", name)
        return text.encode()
    if kind in (DOCX, XLSX, ODT):
        try:
            return office.without_writer(data)
        except office.NotOffice:
            raise _refusal("unreadable", name) from None
    if kind is PDF:
        return notes.pdf_without_writer(data)
    return sound.without_notes(data, kind.content_type)


def _examined(
    name: str, kind: Kind, data: bytes, small: bytes = b"", *, may_tell_writer: bool = False, **more: int
) -> Examined:
    return Examined(
        name=names.shown(name, kind.ending),
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        incoming=Incoming(data, small),
        may_tell_writer=may_tell_writer,
        **more,
    )


_REFUSALS = {
    "identity_number_inside": _(
        "It looks as if “%(name)s” contains an identity number. Take it out of the text, and choose the file again."
    ),
    "empty": _("“%(name)s” is empty. Choose the file again, or leave it out."),
    "too_large": _("“%(name)s” is %(size)s MB. A file can be at most %(limit)s MB."),
    "kind": _(
        "“%(name)s” is a kind of file that can't be sent. Send a photo (JPEG, PNG or WebP), PDF, Word (docx), "
        "Excel (xlsx), OpenDocument text (odt), plain text or sound (mp3, m4a, ogg or wav)."
    ),
    "name_and_kind": _("“%(name)s” is not the kind of file its name says. Save it anew and choose it again."),
    "phone_picture": _(
        "“%(name)s” is in a format that only some telephones can show. Take a screenshot of the picture and send "
        "that, or let the camera save pictures as JPEG."
    ),
    "pixels": _("“%(name)s” has too many pixels. Make the picture smaller, or take a screenshot of it and send that."),
    "unreadable": _("“%(name)s” can't be opened. It may be damaged or protected by a password."),
    "may_tell_writer": _(
        "“%(name)s” may say who made it, and you hide your name. Print it to a new PDF, or send a photo of the page."
    ),
    "virus": _(
        "“%(name)s” was stopped by the virus check. Leave it out, and tell those who look after your computers."
    ),
    "no_scanner": _("“%(name)s” can't be checked for viruses now. Leave it out, or send it a little later."),
}


def _refusal(code: str, name: str, **params: Any) -> ValidationError:
    return ValidationError(_REFUSALS[code], code=code, params={"name": name, **params})
