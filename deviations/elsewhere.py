"""What a row from another system says, read by the kept mapping, and what is wrong with it in plain language."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations.models import Category, Deviation, Harm, Kind, OtherSystem
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.organisation.tables import FORMULA

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_ID, LONGEST_TEXT, MOST_A_DAY, OLDEST = 80, 5000, 100_000, datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class Field:
    """Something a row may say."""

    name: str  # in the API, and in the kept mapping
    label: _StrPromise
    guesses: tuple[str, ...]  # headings it is known by, in small letters
    needed: bool = False


CASES: tuple[Field, ...] = (
    Field(
        "id",
        _("Their number"),
        (
            "id",
            "nr",
            "nummer",
            "saksnummer",
            "saksnr",
            "sak",
            "avviksnummer",
            "løpenummer",
            "meldingsnr",
            "number",
            "case",
        ),
        needed=True,
    ),
    Field(
        "unit",
        _("Unit"),
        ("enhet", "eining", "avdeling", "tjeneste", "teneste", "sted", "stad", "unit", "department"),
        needed=True,
    ),
    Field(
        "date",
        _("Date"),
        ("dato", "hendelsesdato", "registrert", "meldt", "opprettet", "oppretta", "date"),
        needed=True,
    ),
    Field(
        "text",
        _("What happened"),
        (
            "beskrivelse",
            "hva skjedde",
            "kva skjedde",
            "hendelse",
            "hending",
            "tekst",
            "skildring",
            "description",
            "text",
        ),
        needed=True,
    ),
    Field("kind", _("Kind"), ("type", "meldingstype", "kind")),
    Field("category", _("Category"), ("kategori", "årsak", "tema", "category")),
    Field("harm", _("Harm so far"), ("skade", "konsekvens", "alvorlighet", "harm")),
    Field("status", _("Status"), ("status", "tilstand", "state")),
    Field("closed", _("Closed"), ("lukket", "lukka", "avsluttet", "avslutta", "ferdigdato", "closed")),
    Field("answer", _("Answer"), ("svar", "utfall", "løsning", "løysing", "answer")),
    Field(
        "ours",
        _("Our case number, if it is registered here too"),
        ("losen", "kvalitetslosen", "vårt saksnummer", "saksnummer i losen"),
    ),
)
COUNTS: tuple[Field, ...] = (
    Field("unit", _("Unit"), CASES[1].guesses, needed=True),
    Field("category", _("Category"), (*CASES[5].guesses, "type", "hendelse"), needed=True),
    Field("date", _("Date"), CASES[2].guesses, needed=True),
    Field("n", _("How many"), ("antall", "antal", "n", "count", "tall", "tal"), needed=True),
    Field("id", _("Their number"), CASES[0].guesses),
)
CLOSED_WORDS = frozenset(
    {
        *("lukket", "lukka", "avsluttet", "avslutta", "ferdig", "ferdigbehandlet", "ferdigbehandla", "arkivert"),
        *("løst", "løyst", "closed", "done"),
    }
)

KIND_WORDS = {
    "avvik": Kind.DEVIATION, "deviation": Kind.DEVIATION, "uønsket hendelse": Kind.DEVIATION,
    "uønskt hending": Kind.DEVIATION, "hendelse": Kind.DEVIATION, "skade": Kind.DEVIATION,
    "nesten-hendelse": Kind.NEAR_MISS, "nestenhendelse": Kind.NEAR_MISS, "nestenulykke": Kind.NEAR_MISS,
    "nestenhending": Kind.NEAR_MISS, "nær-ulykke": Kind.NEAR_MISS, "near miss": Kind.NEAR_MISS,
    "near_miss": Kind.NEAR_MISS, "risiko": Kind.RISK, "risk": Kind.RISK, "farlig forhold": Kind.RISK,
    "forslag": Kind.PROPOSAL, "forbedringsforslag": Kind.PROPOSAL, "forbetringsforslag": Kind.PROPOSAL,
    "proposal": Kind.PROPOSAL,
}  # fmt: skip
HARM_WORDS = {
    "ingen": Harm.NONE, "ingen skade": Harm.NONE, "none": Harm.NONE, "mild": Harm.MILD, "mindre": Harm.MILD,
    "liten": Harm.MILD, "lett": Harm.MILD, "moderat": Harm.MILD, "alvorlig": Harm.SERIOUS, "alvorleg": Harm.SERIOUS,
    "serious": Harm.SERIOUS, "stor": Harm.SERIOUS, "betydelig": Harm.SERIOUS,
}  # fmt: skip


def fields_of(system: OtherSystem) -> tuple[Field, ...]:
    return CASES if system.brings_cases else COUNTS


def guessed(system: OtherSystem, headings: Sequence[str]) -> dict[str, str]:
    """Which column is which: as it was last time, else by what the headings are called."""
    there = {heading.casefold(): heading for heading in headings if heading}
    found: dict[str, str] = {}
    for each in fields_of(system):
        kept = system.columns.get(each.name, "")
        if kept and kept.casefold() in there:
            found[each.name] = there[kept.casefold()]
    for each in fields_of(system):
        if each.name not in found and (each.name in system.columns or not system.columns):
            taken = set(found.values())
            heading = next((there[g] for g in each.guesses if g in there and there[g] not in taken), None)
            if heading:
                found[each.name] = heading
    return found


@dataclass
class Row:
    """A row that can come in, or what is wrong with it."""

    number: int
    id: str = ""
    unit: Unit | None = None
    category: Category | None = None
    date: datetime.date = OLDEST
    closed: datetime.date | None = None
    is_closed: bool = False
    text: str = ""
    kind: str = Kind.DEVIATION
    harm: str = Harm.UNKNOWN
    answer: str = ""
    ours: str = ""
    n: int = 0
    problems: list[str] = field(default_factory=list)  # sentences

    @property
    def said(self) -> dict[str, str]:
        """Field by field the hash of what the row says: of nothing the text itself."""
        values = {
            "kind": self.kind, "category": self.category.pk if self.category else None, "harm": self.harm,
            "text": self.text, "happened_on": self.date.isoformat(),
        }  # fmt: skip
        return {name: said(value) for name, value in values.items()}

    @property
    def digest(self) -> str:
        whole = [self.said, self.unit and self.unit.pk, self.is_closed, str(self.closed), self.answer, self.ours]
        return hashlib.sha256(json.dumps(whole, default=str).encode()).hexdigest()


def said(value: object) -> str:
    return hashlib.sha256(str(value).encode()).hexdigest()[:24]


def may_bring_to(user: User, unit: Unit) -> bool:
    """Whether the person sees every ordinary case of the unit: nobody brings in what they may not read.

    As ``sees_mild``, for one unit. Administrators define systems, and bring nothing in.
    """
    standing = user.standing
    if standing.reaches(Role.QUALITY_CONTACT, unit):
        return True
    led = [top for top in standing.units(Role.LEADER) if unit.is_within(top)]
    return any(not standing.narrowed or unit.depth < top.depth + 2 for top in led)


def may_see(user: User, case: int) -> bool:
    """Whether the person sees the case that is here already."""
    return Deviation.objects.visible_to(user).filter(pk=case).exists()


class Reader:
    """Reads rows of one system: two queries, however many rows there are."""

    def __init__(self, system: OtherSystem, may: Callable[[Unit], bool] | None = None) -> None:
        """``may`` says which units somebody may bring to; a token may bring to all of its municipality."""
        self.system, self.may = system, may
        brings_all = may is None or may(system.municipality)
        self.kept_units: dict[str, int] = system.sure_units if brings_all else system.units | system.sure_units
        self.fields = fields_of(system)
        self.today = timezone.localdate()
        units = list(Unit.objects.filter(level_0=system.municipality_id, closed_on=None).order_by("depth", "pk"))
        self.by_pk = {unit.pk: unit for unit in units}
        self.units = _words_of((unit, (unit.name, unit.code)) for unit in units)
        categories = Category.objects.filter(municipality=system.municipality_id, is_active=True)
        rows = list(categories.select_related("parent").order_by("pk"))
        self.categories_by_pk = {row.pk: row for row in rows}
        self.categories = _words_of((row, (row.name, row.name_nn, row.name_en, row.whole_label)) for row in rows)

    def unit_of(self, text: str) -> Unit | None:
        kept = self.kept_units.get(text.casefold())
        return self.by_pk.get(kept) if kept else self.units.get(text.casefold())

    def category_of(self, text: str) -> Category | None:
        kept = self.system.categories.get(text.casefold())
        return self.categories_by_pk.get(kept) if kept else self.categories.get(text.casefold())

    def is_none(self, text: str) -> bool:
        """Whether somebody said that this word of theirs is no category here."""
        return self.system.categories.get(text.casefold(), 0) is None

    def unknown(self, rows: Iterable[Mapping[str, str]]) -> tuple[list[str], list[str]]:
        """Their words for units and categories that nobody here knows, the most frequent first."""
        units: Counter[str] = Counter()
        categories: Counter[str] = Counter()
        for each in rows:
            if (text := each.get("unit", "")) and not self.unit_of(text):
                units[text] += 1
            if (text := each.get("category", "")) and not self.category_of(text) and not self.is_none(text):
                categories[text] += 1
        return [text for text, _n in units.most_common()], [text for text, _n in categories.most_common()]

    def read_all(self, given: Iterable[tuple[int, Mapping[str, str]]]) -> list[Row]:
        """The rows of one file: of two with the same number nobody knows which one holds."""
        rows = [self.read(number, each) for number, each in given]
        times = Counter(row.id for row in rows if row.id and not row.problems)
        for row in rows:
            if times[row.id] > 1:
                said = gettext("The number stands in several rows: %(id)s.")
                if not self.system.brings_cases and "/" in row.id:
                    said = gettext("The same unit, category and day stand in several rows. Add them together.")
                row.problems.append(said % {"id": row.id})
        return rows

    def read(self, number: int, given: Mapping[str, str]) -> Row:
        row = Row(number)
        for each in self.fields:
            value = given.get(each.name, "")
            if value == FORMULA:
                row.problems.append(_in(each, gettext("holds a formula or an error. Write the value itself.")))
            elif each.needed and not value:
                row.problems.append(_in(each, gettext("is empty.")))
            elif identity_numbers.blocks(value):
                row.problems.append(_in(each, gettext("holds what looks like a national identity number.")))
        if row.problems:
            return row
        self._places(row, given)
        row.date = self._date(row, "date", given["date"]) or OLDEST
        if len(given.get("id", "")) > LONGEST_ID:
            row.problems.append(gettext("The number is too long: at most %(n)s characters.") % {"n": LONGEST_ID})
        if self.system.brings_cases:
            self._case(row, given)
        else:
            self._count(row, given)
        return row

    def _places(self, row: Row, given: Mapping[str, str]) -> None:
        row.unit = self.unit_of(given["unit"])
        if row.unit is None:
            row.problems.append(gettext("No unit here is called “%(text)s”.") % {"text": given["unit"][:80]})
        elif self.may and not self.may(row.unit):
            said = gettext("You may not read cases in %(unit)s, and so can’t bring any in.")
            row.problems.append(said % {"unit": row.unit.name})
        if text := given.get("category", ""):
            row.category = self.category_of(text)
            if row.category is None and not self.is_none(text):
                row.problems.append(gettext("No category here is called “%(text)s”.") % {"text": text[:80]})

    def _case(self, row: Row, given: Mapping[str, str]) -> None:
        row.id, row.text = given["id"], given["text"]
        if len(row.text) > LONGEST_TEXT or len(given.get("answer", "")) > LONGEST_TEXT:
            row.problems.append(gettext("The text is too long: at most %(n)s characters.") % {"n": LONGEST_TEXT})
        row.kind = KIND_WORDS.get(given.get("kind", "").casefold(), Kind.DEVIATION)
        row.harm = HARM_WORDS.get(given.get("harm", "").casefold(), Harm.UNKNOWN)
        row.answer, row.ours = given.get("answer", ""), given.get("ours", "").upper()
        if closed := given.get("closed", ""):
            row.closed = self._date(row, "closed", closed)
            if row.closed and row.closed < row.date:
                row.problems.append(gettext("It was closed before it happened."))
        row.is_closed = bool(row.closed) or given.get("status", "").casefold() in CLOSED_WORDS

    def _count(self, row: Row, given: Mapping[str, str]) -> None:
        text = given["n"]
        if not (text.isascii() and text.isdecimal()) or int(text[:9]) > MOST_A_DAY or len(text) > 9:
            row.problems.append(gettext("“%(text)s” isn’t a whole number.") % {"text": text[:20]})
        else:
            row.n = int(text)
        if row.unit and row.category:
            row.id = given.get("id", "") or f"{row.unit.pk}/{row.category.pk}/{row.date.isoformat()}"

    def _date(self, row: Row, name: str, text: str) -> datetime.date | None:
        found = as_date(text)
        if found is None:
            said = gettext("“%(text)s” isn’t a date. Write it as 2026-11-23 or 23.11.2026.")
            row.problems.append(said % {"text": text[:40]})
        elif found > self.today:
            row.problems.append(gettext("The date has not been yet: %(date)s.") % {"date": found.isoformat()})
        elif found < OLDEST:
            row.problems.append(gettext("The date is too long ago: %(date)s.") % {"date": found.isoformat()})
        return found


def _words_of(rows: Iterable[tuple[Any, Iterable[str]]]) -> dict[str, Any]:
    """By name, in small letters; a name that two of them have is none's."""
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for row, names in rows:
        for name in {name.casefold() for name in names if name}:
            if name in found and found[name] is not row:
                twice.add(name)
            found[name] = row
    return {name: row for name, row in found.items() if name not in twice}


def _in(each: Field, sentence: str) -> str:
    return gettext("“%(field)s” %(sentence)s") % {"field": each.label, "sentence": sentence}


def as_date(text: str) -> datetime.date | None:
    text = text.strip()[:19].replace("T", " ").partition(" ")[0]
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y"):
        try:
            return datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def by_field(columns: Mapping[str, str], headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """A row of a file by our fields."""
    places = {heading: place for place, heading in enumerate(headings) if heading}
    return {
        name: cells[place]
        for name, heading in columns.items()
        if (place := places.get(heading)) is not None and place < len(cells)
    }
