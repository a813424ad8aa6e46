"""Zip files from outside, opened."""

from __future__ import annotations

import io
import zipfile

MAX_PARTS = 5_000
_LISTED = b"PK\x01\x02"  # stands before each part where they are listed


def opened(data: bytes, *, most: int = MAX_PARTS) -> zipfile.ZipFile:
    """Raises ``BadZipFile``, also where it has more parts than that.

    They are counted first: a file of 5 MB can list 100,000, and zipfile makes something of each, of 100 MB together.
    """
    if data.count(_LISTED) > most:
        raise zipfile.BadZipFile("made of too many parts")
    return zipfile.ZipFile(io.BytesIO(data))
