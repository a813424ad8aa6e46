"""The files of a zip: listed without unpacking anything, and read one at a time, no further than they say they are.

No name in an archive is ever used as a path: it is shown, and guessed from.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.files import names

MAX_ARCHIVE = 200_000_000  # bytes
MAX_FILES = 1_000
MAX_UNPACKED = 1_000_000_000  # bytes, all files together
_MAX_DIRECTORY = 4_000_000  # bytes: what lists the files; 46 and the name for each
_MAX_NAMES = 10_000  # folders and what computers make for themselves too

_UTF8 = 0x800  # bit 11: the name is UTF-8
_ENCRYPTED = 0x1
_NORWEGIAN_DOS = re.compile(rb"[\x86\x8f\x91\x92\x9b\x9d]")  # å Å æ Æ ø Ø in code page 850
_NORWEGIAN_WINDOWS = re.compile(rb"[\xe5\xc5\xe6\xc6\xf8\xd8]")
_OF_COMPUTERS = re.compile(
    r"(?:^|/)(?:__MACOSX(?:/|$)|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$|~\$[^/]*$|\.~lock\.[^/]*$)",
    re.IGNORECASE,
)
FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)

_REFUSALS: dict[str, Any] = {
    "no_zip": _("“%(name)s” is no zip file that can be opened. Make it anew, and choose it again."),
    "empty": _("“%(name)s” has no files in it. Look if it is the right one."),
    "too_many": _("There are more than %(limit)s files in “%(name)s”. Divide it into several, a folder at a time."),
    "too_large": _("“%(name)s” unpacks to more than %(limit)s MB. Divide it into several, a folder at a time."),
}


@dataclass(frozen=True)
class Entry:
    position: int  # among all the archive lists
    path: str
    size: int  # bytes, unpacked
    is_encrypted: bool


@dataclass(frozen=True)
class Listed:
    files: list[Entry]
    left_out: int  # what computers make for themselves


def listed(file: IO[bytes], name: str) -> Listed:
    """The files of an archive in the order of their folders. Raises ``ValidationError`` with one sentence."""
    with opened(file, name) as archive:
        infos = archive.infolist()
        if len(infos) > _MAX_NAMES:
            raise refusal("too_many", name)
        files, left_out = [], 0
        for position, info in enumerate(infos):
            path = path_of(info)
            if info.is_dir() or not path:
                continue
            if _OF_COMPUTERS.search(path) or _OF_COMPUTERS.search(_decoded(info)):
                left_out += 1
                continue
            files.append(Entry(position, path, info.file_size, bool(info.flag_bits & _ENCRYPTED)))
    if not files:
        raise refusal("empty", name)
    if len(files) > MAX_FILES:
        raise refusal("too_many", name)
    if sum(entry.size for entry in files) > MAX_UNPACKED:
        raise refusal("too_large", name)
    return Listed(sorted(files, key=lambda entry: (entry.path.casefold(), entry.position)), left_out)


def opened(file: IO[bytes], name: str = "", *, most_listed: int = _MAX_DIRECTORY) -> zipfile.ZipFile:
    """``most_listed``: bytes of what lists the files.

    Raises ``ValidationError`` for what is no archive, or one made to keep whoever opens it busy.
    """
    try:
        # What zipfile itself will go by: how much there is to list, before it lists it.
        end: list[Any] | None = zipfile._EndRecData(file)  # type: ignore[attr-defined]
        if end is None:
            raise refusal("no_zip", name)
        if end[5] > most_listed:
            raise refusal("too_many", name)
        return zipfile.ZipFile(file)
    except (*FAULTS, LookupError) as error:
        raise refusal("no_zip", name) from error


def content_of(archive: zipfile.ZipFile, position: int, limit: int) -> bytes:
    """A file's bytes; one more than the limit where there are more. Raises one of ``FAULTS``."""
    info = archive.infolist()[position]
    with archive.open(info) as file:
        return file.read(limit + 1)


def packed(uploads: Iterable[tuple[str, IO[bytes]]], target: IO[bytes]) -> None:
    """Files chosen one by one, as an archive like any other."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, file in uploads:
            with archive.open(zipfile.ZipInfo(name or "-"), "w") as place:
                while chunk := file.read(1 << 20):
                    place.write(chunk)


def path_of(info: zipfile.ZipInfo) -> str:
    """Folders and name as people see them; no way up or out of anywhere, at most 300 characters."""
    parts = [names.harmless(part) for part in _decoded(info).replace("\\", "/").split("/")]
    path = "/".join(part for part in parts if part)
    return path if len(path) <= 300 else f"…{path[-299:]}"


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name in the encoding it was written in, which few archives say: Windows' is the DOS page of the country."""
    written = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            raw = written.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        if raw and not raw.isascii():
            written = _guessed(raw)
    return unicodedata.normalize("NFC", written)


def _guessed(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        windows = _NORWEGIAN_WINDOWS.search(raw) and not _NORWEGIAN_DOS.search(raw)
        return raw.decode("cp1252" if windows else "cp850", "replace")


def refusal(code: str, name: str) -> ValidationError:
    limit = {"too_many": MAX_FILES, "too_large": MAX_UNPACKED // 1_000_000}.get(code, 0)
    return ValidationError(_REFUSALS[code], code=code, params={"name": name, "limit": limit})
