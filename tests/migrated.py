"""SQLite's tables as `migrate` leaves them, kept from run to run for as long as nothing changes that they come from.

Migrating takes as long as a hundred tests. PostgreSQL is always migrated, and so is SQLite after any change to the
product.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

OURS = ("kvalitetslosen", "documents", "deviations", "improvement", "tests/settings.py")
FOLDER = Path(settings.BASE_DIR) / ".pytest_cache" / "migrated"
KEPT = 4
"""So many files: one for each branch somebody works on."""


def kept() -> Path:
    """Where the tables of just this product are, or would be."""
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for path in _sources():
        digest.update(f"{path.name} {path.stat().st_size} ".encode())
        digest.update(path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:32]}.sqlite3"


def _sources() -> Iterator[Path]:
    """All of the product, for a migration may call whatever it likes, and the tables of what it stands on."""
    root = Path(settings.BASE_DIR)
    for name in OURS:
        yield from [root / name] if (root / name).is_file() else _files(root / name)
    for app in apps.get_app_configs():
        if root not in (folder := Path(app.path)).parents or ".venv" in folder.parts:
            yield from _files(folder / "migrations")
            yield from sorted(folder.glob("models.py"))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def take_up(tables: Path, database: Path) -> None:
    """Let the connection go to a copy of the tables, at ``database``."""
    shutil.copyfile(tables, database)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(database)


def keep(tables: Path) -> None:
    """Keep what the connection goes to, if it can be written; the least lately kept go."""
    with contextlib.suppress(OSError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        half = FOLDER / f"{os.getpid()}.half"
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(half)) as copy:
            connection.connection.backup(copy)
        half.replace(tables)
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: -path.stat().st_mtime)[KEPT:]:
            old.unlink(missing_ok=True)
