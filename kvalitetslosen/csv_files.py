"""CSV as a Norwegian Excel opens it, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
SEPARATOR, LINE_END = ";", "\r\n"  # what a Norwegian Excel opens as columns
COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a cell that begins so is run by spreadsheets


def harmless_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{text}" if text.startswith(COMMANDS) else text


def written(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a whole file. Every text in it is made harmless."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=SEPARATOR, lineterminator=LINE_END)
    writer.writerows([harmless_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return (BOM + file.getvalue()).encode()
