"""The answer as files: CSV, and a workbook with a live table."""

from __future__ import annotations

from typing import IO

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.csv_files import written
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.words import facts
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.charts import number
from kvalitetslosen.ui.spreadsheet import figures_sheet, front_sheet, new_workbook, value_of


def as_csv(answer: Answer) -> bytes:
    """The table. Numbers as they are written in the reader's language."""
    figures = answer.figures
    rows = [*figures.rows, *([figures.foot] if figures.foot else [])]
    return written([figures.head, *([row.name, *(_plain(value_of(cell)) for cell in row.cells)] for row in rows)])


def _plain(value: float | str) -> object:
    """A fraction with the reader's comma; a whole number without separators."""
    return number(value) if isinstance(value, float) else value


def as_workbook(answer: Answer, user: User) -> IO[bytes]:
    """A sheet that says what was asked, and one with the numbers as a table that can be sorted and reckoned with.

    Returns an open temporary file at its beginning.
    """
    book, target = new_workbook(answer.figures.title)
    figures_sheet(book, 0, answer.figures, name=_("Figures"))
    if answer.rates is not None and answer.rate is not None:
        figures_sheet(book, 1, answer.rates, name=answer.rate.label)
    said = [
        *facts(answer.question),
        (_("In a sentence"), answer.sentence),
        (_("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("By"), user.name),
        (_("Address"), address_of(answer)),
    ]
    front_sheet(book, _("About"), said)
    book.close()
    target.seek(0)
    return target


def address_of(answer: Answer) -> str:
    """The whole address of the question, to be sent."""
    return absolute(f"{reverse('figures:explore')}?{answer.question.address()}")
