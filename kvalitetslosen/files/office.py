"""Word, Excel and OpenDocument files: told from other zip files, and freed of writers and of their photos' places."""

from __future__ import annotations

import io
import zipfile
import zlib

from kvalitetslosen.files import zips
from kvalitetslosen.files.notes import jpeg_without_place
from kvalitetslosen.files.writers import without_names

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"

MAX_UNPACKED = 100_000_000  # bytes; what is larger than this when unpacked was made to harm

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPC = "http://schemas.openxmlformats.org/"
# Who wrote it, where they work, who changed it last: emptied, not removed, since other parts point to them.
_EMPTY = {
    "docProps/core.xml": f'{_XML}<cp:coreProperties xmlns:cp="{_OPC}package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'{_XML}<Properties xmlns="{_OPC}officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'{_XML}<Properties xmlns="{_OPC}officeDocument/2006/custom-properties"/>',
    "meta.xml": f'{_XML}<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
}
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, KeyError)


class NotOffice(Exception):
    """Broken, protected by a password, or unpacking to more than a document holds."""


def content_type_of(data: bytes) -> str | None:
    """Which of the three it is. Files with macros are none of them."""
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zips.opened(data) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODT):
                is_odt = archive.read("mimetype") == ODT.encode() and "content.xml" in names
                return ODT if is_odt and not any(name.startswith("Basic/") for name in names) else None
    except _BROKEN:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None


def without_writer(data: bytes) -> bytes:
    """The same document, packed anew: what it tells of its makers is emptied, and where its photos were taken.

    Raises ``NotOffice``.
    """
    result = io.BytesIO()
    try:
        with zips.opened(data) as source, zipfile.ZipFile(result, "w") as target:
            parts = [part for part in source.infolist() if not part.is_dir()]
            if len({part.filename for part in parts}) < len(parts):
                raise NotOffice
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise NotOffice
            for part in parts:
                content = without_names(part.filename, source.read(part))
                if part.filename in _EMPTY:
                    content = _EMPTY[part.filename].encode()
                elif content.startswith(b"\xff\xd8"):
                    content = jpeg_without_place(content)
                # OpenDocument wants its first part, the kind, to be readable without unpacking.
                method = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
                target.writestr(zipfile.ZipInfo(part.filename), content, compress_type=method)
    except _BROKEN as error:
        raise NotOffice from error
    return result.getvalue()
