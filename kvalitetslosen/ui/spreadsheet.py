"""Figures as a spreadsheet: a sheet of their own each, with a table that can be sorted and filtered."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import IO, Any

from kvalitetslosen.ui.charts import Cell, Figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def new_workbook(title: str) -> tuple[Any, IO[bytes]]:
    """An empty workbook and the open temporary file it is written to. No text in it becomes a formula."""
    import xlsxwriter  # 40 modules that few processes ever need: they start sooner without

    target = tempfile.TemporaryFile(prefix="figures-")  # noqa: SIM115 - handed to the response, which closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": title})
    return book, target


def front_sheet(book: Any, name: str, facts: Sequence[tuple[str, str]]) -> None:
    """What the rest is about: a name and what is said of it on each line."""
    sheet = book.add_worksheet(sheet_name(name))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    for line, (what, said) in enumerate(facts):
        sheet.write_string(line, 0, what, bold)
        sheet.write_string(line, 1, said, wrapped)


def value_of(cell: Cell) -> float | str:
    """As a file has it: the number itself; words where there is none."""
    if cell.value is None:
        return cell.words
    return int(cell.value) if cell.value == int(cell.value) else cell.value


def figures_sheet(book: Any, number: int, figures: Figures, *, name: str = "") -> None:
    """A sheet of that name, or the title's."""
    from xlsxwriter.utility import xl_col_to_name

    sheet = book.add_worksheet(_free(book, sheet_name(name or figures.title)))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(figures.head) - 1, 15)
    sheet.freeze_panes(1, 1)
    rows = [[row.name, *(value_of(cell) for cell in row.cells)] for row in figures.rows]
    headings, seen = [], set()
    for heading in figures.head:  # a table refuses two columns with one name
        header = heading or " "
        while header.casefold() in seen:
            header += " "
        seen.add(header.casefold())
        headings.append({"header": header})
    sheet.add_table(
        0,
        0,
        max(len(rows), 1),
        len(headings) - 1,
        {"name": f"figures_{number}", "columns": headings, "data": rows, "style": "Table Style Light 1"},
    )
    if figures.foot:
        below = max(len(rows), 1) + 2
        bold = book.add_format({"bold": True})
        sheet.write_string(below, 0, figures.foot.name, bold)
        for column, cell in enumerate(figures.foot.cells, start=1):
            value = value_of(cell)
            if isinstance(value, str):
                sheet.write_string(below, column, value, bold)
            elif rows and _is_sum([row[column] for row in rows], value):
                # Of what is shown: it follows when somebody filters the table.
                formula = f"=SUBTOTAL(109,{xl_col_to_name(column)}2:{xl_col_to_name(column)}{len(rows) + 1})"
                sheet.write_formula(below, column, formula, bold, value)
            else:
                sheet.write_number(below, column, value, bold)


def _is_sum(values: Sequence[float | str], value: float) -> bool:
    """Whether the number below a column is that of those above it: not a median, a share, or people counted once."""
    return all(isinstance(each, int) for each in values) and sum(values) == value  # type: ignore[arg-type]


def sheet_name(title: str) -> str:
    """At most 31 characters, without those Excel keeps for itself or that no file may have."""
    readable = "".join(each if each.isprintable() else " " for each in title)
    return readable.translate(str.maketrans("[]:*?/\\", "       ")).strip("' ")[:31].rstrip("' ")


def _free(book: Any, name: str) -> str:
    """The name, or one with a number after it where a sheet has it already."""
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{name[:27]} {number}", number + 1
    return found
