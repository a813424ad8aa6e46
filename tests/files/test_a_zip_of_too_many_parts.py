"""A zip file that lists more than a document has is refused before anything is made of what it lists."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from kvalitetslosen.files import office, zips

MANY = 60_000
PEAK = 20_000_000  # bytes: zipfile itself takes 40 million for so many


def zipped(parts: int, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in (*more, *map(str, range(parts))):
            package.writestr(name, b"")
    return out.getvalue()


def test_as_many_as_a_document_has_are_opened() -> None:
    with zips.opened(zipped(zips.MAX_PARTS)) as package:
        assert len(package.infolist()) == zips.MAX_PARTS
    with pytest.raises(zipfile.BadZipFile, match="too many"):
        zips.opened(zipped(zips.MAX_PARTS + 1))


def test_too_many_take_no_memory() -> None:
    data = zipped(MANY, "[Content_Types].xml", "word/document.xml")
    tracemalloc.start()
    try:
        assert office.content_type_of(data) is None
        with pytest.raises(office.NotOffice):
            office.without_writer(data)
        assert tracemalloc.get_traced_memory()[1] < PEAK
    finally:
        tracemalloc.stop()
