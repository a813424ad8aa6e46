"""Spreadsheets with our headings, and the page where they are brought."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

PAGE = "/organisasjon/import/"
UNITS = ("Kode", "Navn", "Ligger under (kode)", "Type")
PEOPLE = ("Navn", "E-post", "Enhet (kode)", "Rolle", "Språk", "Stilling")
Rows = Sequence[Sequence[Any]]


def workbook(units: Rows = (), people: Rows = (), **sheets: Rows) -> bytes:
    """A spreadsheet with our headings; further sheets as they are given. A text that begins with = is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        pages: dict[str, Rows] = {"Enheter": [UNITS, *units], "Personer": [PEOPLE, *people]}
        pages = {name: rows for name, rows in pages.items() if len(rows) > 1} | sheets
        dates = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in pages.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, datetime):
                        page.write_datetime(number, place, value, dates)
                    else:
                        page.write(number, place, value)
    return out.getvalue()


def upload(client: Client, data: bytes, name: str = "folk.xlsx") -> HttpResponse:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})  # type: ignore[return-value]
