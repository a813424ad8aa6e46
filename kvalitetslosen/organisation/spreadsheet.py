"""Units and people in a spreadsheet: the file to fill in, and what one filled in says.

Reading trusts nothing: the file may be of another kind, damaged, locked, enormous when unpacked, or hold formulas
whose values nobody has seen.
"""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kvalitetslosen.files import zips
from kvalitetslosen.organisation.models import Language, Role, Unit

MAX_BYTES = 5_000_000
MAX_UNPACKED = 40_000_000
MAX_ROWS = 20_000
MAX_READ = 1_200_000  # rows looked at, empty ones included: a sheet formatted to its very end, but not ten of them
COLUMNS = 20

UNITS = "units"
PEOPLE = "people"


class UnitRow(NamedTuple):
    number: int
    code: str
    name: str
    parent: str
    kind: str


class PersonRow(NamedTuple):
    number: int
    name: str
    email: str
    unit: str
    role: str
    language: str
    title: str


class Fault(NamedTuple):
    """What is wrong in a row, by the name of the sentence that says it (``bulk_import.SENTENCES``)."""

    sheet: str  # UNITS or PEOPLE
    row: int
    name: str
    params: dict[str, Any]


@dataclass
class Contents:
    """What a file says, cell by cell, before anybody has asked whether it makes sense."""

    units: list[UnitRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)  # headings nobody knows

    def as_json(self) -> dict[str, Any]:
        return {"units": self.units, "people": self.people, "faults": self.faults, "unused": self.unused}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Contents:
        return cls(
            [UnitRow(*row) for row in kept.get("units", ())],
            [PersonRow(*row) for row in kept.get("people", ())],
            [Fault(*fault) for fault in kept.get("faults", ())],
            list(kept.get("unused", ())),
        )


# Words of the file. They belong to the format, not to the pages: a file filled in in one language is read in any. ----

SHEETS = {
    UNITS: {"nb": "Enheter", "nn": "Einingar", "en": "Units"},
    PEOPLE: {"nb": "Personer", "nn": "Personar", "en": "People"},
}
HEADINGS: dict[str, dict[str, dict[str, str]]] = {
    UNITS: {
        "code": {"nb": "Kode", "nn": "Kode", "en": "Code"},
        "name": {"nb": "Navn", "nn": "Namn", "en": "Name"},
        "parent": {"nb": "Ligger under (kode)", "nn": "Ligg under (kode)", "en": "Lies under (code)"},
        "kind": {"nb": "Type", "nn": "Type", "en": "Kind"},
    },
    PEOPLE: {
        "name": {"nb": "Navn", "nn": "Namn", "en": "Name"},
        "email": {"nb": "E-post", "nn": "E-post", "en": "E-mail"},
        "unit": {"nb": "Enhet (kode)", "nn": "Eining (kode)", "en": "Unit (code)"},
        "role": {"nb": "Rolle", "nn": "Rolle", "en": "Role"},
        "language": {"nb": "Språk", "nn": "Språk", "en": "Language"},
        "title": {"nb": "Stilling", "nn": "Stilling", "en": "Job title"},
    },
}
ALSO = {
    UNITS: {
        "code": ("enhetskode", "einingskode", "unit code"),
        "name": ("enhet", "eining", "unit", "unit name"),
        "parent": (
            "overordnet",
            "overordna",
            "overordnet enhet",
            "overordna eining",
            "under",
            "parent",
            "parent code",
        ),
        "kind": ("slag", "enhetstype", "einingstype", "type"),
    },
    PEOPLE: {
        "name": ("fullt navn", "fullt namn", "full name"),
        "email": ("epost", "epostadresse", "e-postadresse", "email", "mail", "brukernavn"),
        "unit": ("enhet", "eining", "enhetskode", "einingskode", "unit", "unit code"),
        "role": (),
        "language": ("målform",),
        "title": ("tittel", "stillingstittel", "title"),
    },
}
NEEDED = {UNITS: ("code", "name"), PEOPLE: ("name", "email", "unit")}
KINDS: dict[str, dict[str, str]] = {
    Unit.Kind.MUNICIPALITY: {"nb": "kommune", "nn": "kommune", "en": "municipality"},
    Unit.Kind.SECTOR: {"nb": "sektor", "nn": "sektor", "en": "sector"},
    Unit.Kind.UNIT: {"nb": "enhet", "nn": "eining", "en": "unit"},
    Unit.Kind.DEPARTMENT: {"nb": "avdeling", "nn": "avdeling", "en": "department"},
    Unit.Kind.TEAM: {"nb": "team", "nn": "team", "en": "team"},
}
ROLES: dict[str, dict[str, str]] = {
    Role.EMPLOYEE: {"nb": "ansatt", "nn": "tilsett", "en": "employee"},
    Role.LEADER: {"nb": "leder", "nn": "leiar", "en": "leader"},
    Role.QUALITY_CONTACT: {"nb": "kvalitetskontakt", "nn": "kvalitetskontakt", "en": "quality contact"},
    Role.SAFETY_REP: {"nb": "verneombud", "nn": "verneombod", "en": "safety representative"},
    Role.UNION_REP: {"nb": "tillitsvalgt", "nn": "tillitsvald", "en": "union representative"},
    Role.DPO: {"nb": "personvernombud", "nn": "personvernombod", "en": "data protection officer"},
    Role.WORK_ENVIRONMENT: {
        "nb": "arbeidsmiljøutvalg",
        "nn": "arbeidsmiljøutval",
        "en": "working environment committee",
    },
    Role.OCCUPATIONAL_HEALTH: {
        "nb": "bedriftshelsetjeneste",
        "nn": "bedriftshelseteneste",
        "en": "occupational health service",
    },
    Role.ADMINISTRATOR: {"nb": "administrator", "nn": "administrator", "en": "administrator"},
}
LANGUAGES: dict[str, dict[str, str]] = {
    Language.BOKMAL: {"nb": "bokmål", "nn": "bokmål", "en": "bokmål"},
    Language.NYNORSK: {"nb": "nynorsk", "nn": "nynorsk", "en": "nynorsk"},
    Language.ENGLISH: {"nb": "engelsk", "nn": "engelsk", "en": "english"},
}


def meaning(text: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """The choice a word stands for, in whichever of the languages; empty for one that stands for none."""
    wanted = text.casefold().replace("_", " ")
    for value, names in words.items():
        if wanted in {str(value).replace("_", " "), *names.values()}:
            return str(value)
    return ""


def _plain_heading(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def _column_of(sheet: str, heading: str) -> str:
    wanted = _plain_heading(heading)
    for column, names in HEADINGS[sheet].items():
        if wanted in {column, *map(_plain_heading, names.values()), *map(_plain_heading, ALSO[sheet][column])}:
            return column
    return ""


# Reading ------------------------------------------------------------------------------------------------------------

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, SyntaxError, OverflowError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What the reader raises on files that look right and aren't; each was seen with a file spoilt at random."""


def read(file: IO[bytes]) -> Contents:
    """What the file says. Raises ``ValidationError`` when it can't be read as a spreadsheet of ours at all."""
    data = file.read(MAX_BYTES + 1)
    refuse_what_is_no_spreadsheet(data)
    contents = Contents()
    ours = [_read_sheet(rows, contents) for rows in sheets(data)]
    if not any(ours):
        raise ValidationError(
            _("No sheet in the file has the headings of the template. Download the template and fill it in."),
            code="headings",
        )
    if not contents.units and not contents.people and not contents.faults:
        raise ValidationError(_("There are no rows below the headings."), code="empty")
    return contents


def refuse_what_is_no_spreadsheet(data: bytes) -> None:
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is too big: at most 5 MB."), code="too_big")
    if data.startswith(OLD_OFFICE):
        if LOCKED in data:
            raise ValidationError(_("The file is locked with a password. Save it without one."), code="locked")
        raise ValidationError(_("The file is of an old kind (.xls). Save it as .xlsx."), code="old")
    no_spreadsheet = ValidationError(_("This isn't a spreadsheet. Save it as .xlsx."), code="not_a_spreadsheet")
    if not data.startswith(b"PK"):
        raise no_spreadsheet
    try:
        with zips.opened(data) as package:
            parts = package.infolist()
    except BROKEN as error:
        raise ValidationError(_("The file is damaged. Open it, save it anew and try again."), code="broken") from error
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_("The file is locked with a password. Save it without one."), code="locked")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ValidationError(_("The file is too big when unpacked."), code="too_big")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise no_spreadsheet


class Cell(NamedTuple):
    kind: str  # as openpyxl says: "f" for a formula, "e" for an error
    value: Any


class Row(NamedTuple):
    number: int
    cells: list[Cell]


def sheets(data: bytes) -> list[list[Row]]:
    """The rows of each sheet that hold something. Only here is the file's own structure touched."""
    from openpyxl import load_workbook  # 175 modules that few processes ever need: they start sooner without

    sheets: list[list[Row]] = []
    total = looked_at = 0
    try:
        for page in load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False).worksheets:
            page.reset_dimensions()
            rows: list[Row] = []
            sheets.append(rows)
            for number, cells in enumerate(page.iter_rows(max_col=COLUMNS), start=1):
                looked_at += 1
                if any(cell.value is not None for cell in cells):
                    rows.append(Row(number, [Cell(cell.data_type, cell.value) for cell in cells]))
                    total += 1
                if total > MAX_ROWS or looked_at > MAX_READ:
                    break
    except BROKEN as error:
        raise ValidationError(_("The file is damaged. Open it, save it anew and try again."), code="broken") from error
    if total > MAX_ROWS or looked_at > MAX_READ:
        raise ValidationError(
            _("The file has too many rows: at most %(count)s."), params={"count": MAX_ROWS}, code="too_many"
        )
    return sheets


def _read_sheet(rows: Sequence[Row], contents: Contents) -> bool:
    """Add what a sheet says. Whether it was one of ours: a sheet with other headings is for its writer's own use."""
    if not rows:
        return False
    sheet, columns = _heading(rows[0].cells, contents)
    for row in rows[1:] if sheet else ():
        _read_row(sheet, columns, row, contents)
    return bool(sheet)


def _heading(cells: Sequence[Cell], contents: Contents) -> tuple[str, dict[int, str]]:
    """Which sheet this is, and what stands in which column."""
    headings = [clean(cell.value) for cell in cells]
    for sheet in (PEOPLE, UNITS):
        columns = {
            place: column for place, text in enumerate(headings) if text and (column := _column_of(sheet, text))
        }
        there = list(columns.values())
        telling = "email" if sheet == PEOPLE else "code"
        if telling not in there:
            continue
        if doubled := next((column for column in there if there.count(column) > 1), None):
            heading = HEADINGS[sheet][doubled][_language()]
            raise ValidationError(
                _("The sheet has two columns called “%(heading)s”."), params={"heading": heading}, code="headings"
            )
        if missing := [HEADINGS[sheet][column][_language()] for column in NEEDED[sheet] if column not in there]:
            raise ValidationError(
                _("The sheet “%(sheet)s” lacks the column “%(heading)s”."),
                params={"sheet": SHEETS[sheet][_language()], "heading": missing[0]},
                code="headings",
            )
        contents.unused += [text for place, text in enumerate(headings) if text and place not in columns]
        return sheet, columns
    return "", {}


def _read_row(sheet: str, columns: Mapping[int, str], row: Row, contents: Contents) -> None:
    said: dict[str, str] = {}
    faults: list[Fault] = []
    for place, column in columns.items():
        kind, value = row.cells[place] if place < len(row.cells) else Cell("n", None)
        if wrong := _wrong_cell(kind, value):
            faults.append(Fault(sheet, row.number, wrong, {"column": HEADINGS[sheet][column][_language()]}))
        else:
            said[column] = clean(value)
    if not faults and not any(said.values()):
        return
    contents.faults += faults
    if sheet == UNITS:
        contents.units.append(UnitRow(row.number, *(said.get(column, "") for column in HEADINGS[UNITS])))
    else:
        contents.people.append(PersonRow(row.number, *(said.get(column, "") for column in HEADINGS[PEOPLE])))


def _wrong_cell(kind: str, value: Any) -> str:
    """The name of the fault of a cell that isn't plain text or a number."""
    if kind == "f":
        return "formula"
    if kind == "e":
        return "error"
    return "date" if isinstance(value, datetime.date | datetime.time | datetime.timedelta) else ""


def clean(value: Any) -> str:
    """A cell as text: one spelling of each letter, single spaces, nothing invisible; 12.0 is «12»."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value))
    text = "".join(
        " " if each.isspace() else each for each in text if unicodedata.category(each) not in UNSEEN or each.isspace()
    )
    return " ".join(text.split())


UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _language() -> str:
    language = get_language() or "nb"
    return language if language in Language.values else "nb"


# Writing ------------------------------------------------------------------------------------------------------------

EXPLAINED_ROWS = 500  # rows of the empty template that offer the words to choose from


def template(units: Iterable[Sequence[str]] = (), people: Iterable[Sequence[str]] = ()) -> bytes:
    """The spreadsheet to fill in, in the reader's language; given rows, it holds what is there now, to be changed.

    ``kind``, ``role`` and ``language`` in the rows are values of the choices; the file has the words.
    """
    import xlsxwriter  # as above

    language = _language()
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        text = workbook.add_format({"num_format": "@"})
        for sheet, rows, words, width in (
            (UNITS, units, {"kind": KINDS}, {"name": 40, "parent": 20}),
            (
                PEOPLE,
                people,
                {"role": ROLES, "language": LANGUAGES},
                {"name": 30, "email": 34, "role": 24, "title": 28},
            ),
        ):
            page = workbook.add_worksheet(SHEETS[sheet][language])
            page.freeze_panes(1, 0)
            last = EXPLAINED_ROWS
            for place, (column, names) in enumerate(HEADINGS[sheet].items()):
                page.set_column(place, place, width.get(column, 14), text)
                page.write_string(0, place, names[language], bold)
            for number, row in enumerate(rows, start=1):
                last = max(last, number + EXPLAINED_ROWS)
                for place, (column, value) in enumerate(zip(HEADINGS[sheet], row, strict=True)):
                    said = words[column][value][language] if column in words and value else value
                    page.write_string(number, place, said)
            for place, column in enumerate(HEADINGS[sheet]):
                if column in words:
                    choices = [
                        names[language] for value, names in words[column].items() if value != Unit.Kind.MUNICIPALITY
                    ]
                    page.data_validation(
                        1, place, last, place, {"validate": "list", "source": choices, "error_type": "warning"}
                    )
    return out.getvalue()
