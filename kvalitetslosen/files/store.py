"""Where the bytes lie: under MEDIA_ROOT, with random names, in folders that no web server serves.

A file is written to ``incoming/`` and moved to its place when the transaction that tells of it is committed; without
a commit it vanishes. What a killed process left in ``incoming/`` is moved or removed by ``clear``: the database says
which.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
import weakref
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

INCOMING = "incoming"
SMALL = ".small"  # what the name of a picture's thumbnail ends in
LONGEST_TRANSACTION = 24 * 60 * 60  # seconds; what is younger may belong to somebody who isn't finished


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def place_of(name: str) -> Path:
    return root() / name[:2] / name


def incoming(name: str) -> Path:
    return root() / INCOMING / name


class Incoming:
    """Bytes on the disk that vanish with this object (or at the latest when the process ends) unless they are kept."""

    def __init__(self, data: bytes, small: bytes = b"") -> None:
        self.name = uuid.uuid4().hex
        (root() / INCOMING).mkdir(mode=0o700, parents=True, exist_ok=True)
        names = [self.name, self.name + SMALL] if small else [self.name]
        self._vanish = weakref.finalize(self, _remove, [incoming(name) for name in names])
        for name, content in zip(names, (data, small), strict=False):
            _write(incoming(name), content)

    def keep(self) -> None:
        """Move the bytes to their place. Called when the transaction has been committed."""
        self._vanish.detach()
        settle(self.name)


def open_stored(name: str) -> BinaryIO:
    """The bytes under the name. Raises ``FileNotFoundError``.

    Between the commit and the move they still lie in ``incoming/``: both places are looked at, the first one twice.
    """
    for path in (place_of(name), incoming(name)):
        with contextlib.suppress(FileNotFoundError):
            return path.open("rb")
    return place_of(name).open("rb")


def settle(name: str) -> None:
    """Move a file and its thumbnail from ``incoming/`` to their place. Nothing happens the second time."""
    place = place_of(name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (name + SMALL, name):
        with contextlib.suppress(FileNotFoundError):
            incoming(each).rename(place.with_name(each))


def put_small(name: str, content: bytes) -> None:
    """Lay a small picture beside a file that is there, all of it or none."""
    place = place_of(name)
    if not place.exists():
        settle(name)
    part = place.with_name(f"{uuid.uuid4().hex}.part")
    try:
        _write(part, content)
        part.rename(place.with_name(name + SMALL))
    finally:
        part.unlink(missing_ok=True)


def remove(name: str) -> None:
    """Delete a file and its thumbnail, wherever they lie. Nothing happens the second time."""
    _remove([folder(name).with_name(each) for folder in (place_of, incoming) for each in (name, name + SMALL)])


def clear(known: Callable[[Collection[str]], set[str]]) -> tuple[int, int]:
    """Remove old files that no row tells of, and settle those that one does. ``known`` says which names have a row.

    Returns how many were removed and how many settled. Walks all files, asks for 500 names at a time.
    """
    removed = settled = 0
    before = time.time() - LONGEST_TRANSACTION
    old = (path for path in _files() if path.stat().st_mtime < before)
    while paths := list(islice(old, 500)):
        rows = known({path.name.removesuffix(SMALL) for path in paths})
        for path in paths:
            name = path.name.removesuffix(SMALL)
            if name not in rows:
                path.unlink(missing_ok=True)
                removed += 1
            elif path.parent.name == INCOMING:
                settle(name)
                settled += 1
    return removed, settled


def _files() -> Iterator[Path]:
    """Only what was written here: other folders beside these belong to others (the handbook's PDFs)."""
    for folder in (root() / INCOMING, *root().glob("[0-9a-f][0-9a-f]/")):
        yield from (path for path in folder.glob("*") if path.is_file())


def _write(path: Path, content: bytes) -> None:
    """On the disk before the row that tells of it is committed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
