"""A table somebody brings, whatever its columns: the first sheet of a spreadsheet, or CSV. Nothing is trusted."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kvalitetslosen.organisation import spreadsheet
from kvalitetslosen.organisation.spreadsheet import clean

LONGEST_CELL = 5000
FORMULA = "\x01formula"
"""Stands for a cell whose value nobody has seen: a formula, or an error. No cell that is cleaned says this."""


@dataclass
class Table:
    headings: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)  # the number in the file, and the cells as text


def read(data: bytes, file_name: str) -> Table:
    """What stands in the file. Raises ``ValidationError`` in words for whoever chose it."""
    table = _from_csv(data) if file_name.lower().endswith((".csv", ".txt")) else _from_spreadsheet(data)
    if not table.rows:
        raise ValidationError(_("There are no rows below the headings."), code="empty")
    doubled = {heading for heading in table.headings if heading and table.headings.count(heading) > 1}
    if doubled:
        raise ValidationError(
            _("The sheet has two columns called “%(heading)s”."), params={"heading": min(doubled)}, code="headings"
        )
    return table


def _from_spreadsheet(data: bytes) -> Table:
    spreadsheet.refuse_what_is_no_spreadsheet(data)
    sheet = next((rows for rows in spreadsheet.sheets(data) if rows), [])
    if not sheet:
        raise ValidationError(_("The file is empty."), code="empty")
    headings = [clean(cell.value)[:80] for cell in sheet[0].cells]
    return Table(headings, [(row.number, [_text(cell) for cell in row.cells]) for row in sheet[1:]])


def _text(cell: spreadsheet.Cell) -> str:
    if cell.kind in ("f", "e"):
        return FORMULA
    if isinstance(cell.value, datetime.datetime):
        return cell.value.date().isoformat()
    if isinstance(cell.value, datetime.date):
        return cell.value.isoformat()
    return clean(cell.value)[:LONGEST_CELL]


def _from_csv(data: bytes) -> Table:
    if not data.strip():
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > spreadsheet.MAX_BYTES:
        raise ValidationError(_("The file is too big: at most 5 MB."), code="too_big")
    if b"\0" in data:
        raise ValidationError(_("This isn't a spreadsheet. Save it as .xlsx."), code="not_a_spreadsheet")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # as an older Excel saves it
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    table = Table()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            said = [clean(cell)[:LONGEST_CELL] for cell in cells[: spreadsheet.COLUMNS]]
            if not table.headings:
                table.headings = [cell[:80] for cell in said]
            elif any(said):
                table.rows.append((number, said))
            if len(table.rows) > spreadsheet.MAX_ROWS:
                raise ValidationError(
                    _("The file has too many rows: at most %(count)s."),
                    params={"count": spreadsheet.MAX_ROWS},
                    code="too_many",
                )
    except csv.Error as error:
        raise ValidationError(_("The file is damaged. Open it, save it anew and try again."), code="broken") from error
    return table
