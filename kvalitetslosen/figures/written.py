"""The answer as files: CSV line by line, and a workbook with a live table."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.csv_files import BOM, LINE_END, SEPARATOR, harmless_text
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.words import facts
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.charts import Cell, number

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def value_of(cell: Cell) -> float | str:
    """As a file has it: the number itself; words where there is none."""
    if cell.value is None:
        return cell.words
    return int(cell.value) if cell.value == int(cell.value) else cell.value


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(answer: Answer) -> Iterator[bytes]:
    """The table, a line at a time. Numbers as they are written in the reader's language."""
    writer: Any = csv.writer(_Echo(), delimiter=SEPARATOR, lineterminator=LINE_END)

    def line(cells: Sequence[object]) -> bytes:
        said = [harmless_text(cell) if isinstance(cell, str) else cell for cell in cells]
        return str(writer.writerow(said)).encode()

    figures = answer.figures
    yield BOM.encode() + line(figures.head)
    for row in [*figures.rows, *([figures.foot] if figures.foot else [])]:
        yield line([row.name, *(_plain(value_of(cell)) for cell in row.cells)])


def _plain(value: float | str) -> object:
    """A fraction with the reader's comma; a whole number without separators."""
    return number(value) if isinstance(value, float) else value


def as_workbook(answer: Answer, user: User) -> IO[bytes]:
    """A sheet that says what was asked, and one with the numbers as a table that can be sorted and reckoned with.

    Returns an open temporary file at its beginning.
    """
    import xlsxwriter  # 40 modules that few processes ever need: they start sooner without

    target = tempfile.TemporaryFile(prefix="figures-")  # noqa: SIM115 - handed to the response, which closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": answer.figures.title})
    _numbers(book, answer)
    _about(book, answer, user)
    book.close()
    target.seek(0)
    return target


def _about(book: Any, answer: Answer, user: User) -> None:
    sheet = book.add_worksheet(_("About")[:31])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    said = [
        *facts(answer.question),
        (_("In a sentence"), answer.sentence),
        (_("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("By"), user.name),
        (_("Address"), address_of(answer)),
    ]
    for line, (what, words) in enumerate(said):
        sheet.write_string(line, 0, what, bold)
        sheet.write_string(line, 1, words, wrapped)


def address_of(answer: Answer) -> str:
    """The whole address of the question, to be sent."""
    return absolute(f"{reverse('figures:explore')}?{answer.question.address()}")


def _numbers(book: Any, answer: Answer) -> None:
    figures = answer.figures
    sheet = book.add_worksheet(_("Figures")[:31])
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(1, len(figures.head) - 1), 15)
    sheet.freeze_panes(1, 1)
    headings: list[str] = []
    for heading in figures.head:  # a table refuses two columns with one name
        name = heading or " "
        while name.casefold() in {each.casefold() for each in headings}:
            name += " "
        headings.append(name)
    rows = [[row.name, *(value_of(cell) for cell in row.cells)] for row in figures.rows]
    sheet.add_table(
        0,
        0,
        max(len(rows), 1),
        len(headings) - 1,
        {
            "name": "figures",
            "columns": [{"header": name} for name in headings],
            "data": rows,
            "style": "Table Style Light 1",
        },
    )
    if figures.foot:
        below, bold = max(len(rows), 1) + 2, book.add_format({"bold": True})
        sheet.write_string(below, 0, figures.foot.name, bold)
        for column, cell in enumerate(figures.foot.cells, 1):
            value = value_of(cell)
            if isinstance(value, str):
                sheet.write_string(below, column, value, bold)
            else:
                sheet.write_number(below, column, value, bold)
