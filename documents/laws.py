"""What a text says of laws: which ones it names, where in them, and their addresses at Lovdata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from documents.law_register import LOVDATA, REQUIREMENTS, SOURCES, STANDARDS

MOST_SECTIONS = 20  # of a range as «§§ 41–43»; what is wider is no list of sections

SHORTEST_NAME = 6  # letters of a law's name that is never another word


class Reference(NamedTuple):
    """One place in a law that a text names. ``place`` is empty where only the law is named."""

    source: str  # the short name, as in the register
    place: str  # "§ 25-1 c", "§ 5 nr. 6", "kap. 4 A", "art. 33"


# A section is a number, with a chapter before it in some laws: 5, 25-1, 2 A-6.
# Standards have points: 7.5.1.
_NUMBER = r"\d+(?:\.\d+)*(?:\s?[A-ZÆØÅ](?![\wæøå]))?(?:-\d+)?"
# «i» and «å» begin the next word; as letters they are written «bokstav i».
_LETTER = r"\s?(?:bokstav|bokst\.?|litra)\s?[a-zæøå](?![\wæøåÆØÅ])|\s?[a-hj-z](?![\wæøåÆØÅ])"
_PART = rf"(?:{_LETTER}|\s?nr\.?\s?\d+|\s(?:første|fyrste|andre|annet|tredje|fjerde|femte)\sledd)"
_ITEM = rf"{_NUMBER}(?:{_PART})*"
_SIGN = r"(?:§{1,2}|\b[Kk]ap(?:\.|ittel|itla|itlene)?|\b[Aa]rt(?:\.|ikkel|iklane|iklene)?|\b[Pp](?:kt\.?|unkt))"
_BETWEEN = r"\s*(?:,|–|-|\bog\b|\beller\b|\bsamt\b|\btil\b|\bjf\.)\s*"
_MORE = rf"(?:{_SIGN}\s?(?:{_ITEM}|[IVX]+\b)|nr\.?\s?\d+|{_ITEM}|(?:bokstav\s)?[a-zæøå](?![\wæøåÆØÅ]))"
_PLACES = rf"{_SIGN}\s?(?:{_ITEM}|[IVX]+\b)(?:{_BETWEEN}{_MORE})*"
_SIGNS = {"§": "§", "kap": "kap.", "art": "art.", "p": "punkt"}  # how each begins, and how it is written here
_TOKEN = re.compile(
    rf"(?P<sign>{_SIGN})|(?P<range>\s*[–]\s*|\s+til\s+|(?<=\d)\s*-\s*(?=\d))|(?P<between>,|\bog\b|\beller\b|\bsamt\b|\bjf\.)"
    rf"|(?:bokstav|bokst\.?|litra)\s?(?P<said>[a-zæøå])(?![\wæøå])|nr\.?\s?(?P<nr>\d+)"
    rf"|\b(?:første|fyrste|andre|annet|tredje|fjerde|femte)\sledd|(?P<number>{_NUMBER})|(?P<roman>[IVX]+)\b"
    rf"|(?P<letter>[a-zæøå])(?![\wæøå])"
)


def plain_title(title: str) -> str:
    """Without what is explained in brackets after it."""
    return re.sub(r"\s*\(.*\)$", "", title)


def short_in_nynorsk(named: str) -> str:
    """«kommuneloven § 25-1» as «kommunelova § 25-1»."""
    return re.sub(r"(?<=\w)loven\b", "lova", re.sub(r"(?<=\w)forskriften\b", "forskrifta", named))


def names_of(short: str, title: str, more: Iterable[str] = ()) -> set[str]:
    """What a law is called in running text, in both forms of Norwegian, in small letters."""
    names = {name.strip().casefold() for name in (short, plain_title(title), *more) if name.strip()}
    for name in tuple(names):
        for end, other in (("loven", "lova"), ("lova", "loven"), ("forskriften", "forskrifta")):
            if name.endswith(end):
                names.add(name.removesuffix(end) + other)
    return names


@cache
def _known() -> dict[str, str]:
    """Every name of the shared sources, with the short one."""
    return {
        name: source.short
        for source in SOURCES
        for title in (source.title, source.title_nn)
        for name in names_of(source.short, title, source.names)
    }


@cache
def _searcher(names: tuple[str, ...]) -> re.Pattern[str]:
    any_name = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<before>{_PLACES})\s+i\s+)?(?<![\wæøå-])(?P<name>(?i:{any_name}))s?\.?(?![\wæøå-])"
        rf"(?:\s*,?\s*(?:jf\.\s)?(?P<after>{_PLACES}))?"
    )


def references_in(text: str, own: Mapping[str, Iterable[str]] | None = None) -> list[Reference]:
    """The laws a text names, each place once, in their order. ``own``: short names of a municipality's own sources,
    with what else they are called.
    """
    known = _known()
    if own:
        known = known | {name: short for short, names in own.items() for name in names_of(short, "", names)}
    found: dict[Reference, None] = {}
    for match in _searcher(tuple(known)).finditer(text):
        name = " ".join(match["name"].split())
        short = known[name.casefold()]
        if not (match["before"] or match["after"]) and _is_also_a_word(name):
            continue
        places = [place for part in (match["before"], match["after"]) if part for place in places_in(part)]
        for place in places or [""]:
            found[Reference(short, place)] = None
    exact = {each.source for each in found if each.place}
    return [each for each in found if each.place or each.source not in exact]


def _is_also_a_word(name: str) -> bool:
    """«hol» and «normen» are words too: such a name counts with a section after it, or with its capital letter."""
    return name.islower() and (len(name) < SHORTEST_NAME or name.capitalize() in STANDARDS)


def places_in(text: str) -> Iterator[str]:
    """Each place of a list: «§ 25-1 b og d» is «§ 25-1 b» and «§ 25-1 d», «§§ 41–43» the three."""
    reading = _Reading()
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is not None:
            yield from reading.take(kind, " ".join(token[kind].split()))
    yield from reading.done()


class _Reading:
    """A list of places as far as it is read. What follows «og» is said of the section before, where it can be."""

    def __init__(self) -> None:
        self.sign = "§"
        self.number = ""  # the section read last
        self.last_part = ""  # what was read last of it: "letter", "nr" or nothing
        self.several = False  # «§§»: numbers that follow are sections
        self.first_of_range = ""
        self.parts: list[str] = []  # of the place being read

    def done(self) -> Iterator[str]:
        if self.parts:
            yield " ".join([self.sign, *self.parts])
        self.parts = []

    def take(self, kind: str, value: str) -> Iterator[str]:
        if kind == "sign":
            yield from self.done()
            self.several = value == "§§"
            self.sign = next(sign for begins, sign in _SIGNS.items() if value.casefold().startswith(begins))
            self.number = self.last_part = ""
        elif kind in ("between", "range"):
            self.first_of_range = self.number if kind == "range" and self.parts == [self.number] else ""
            yield from self.done()
        elif kind in ("number", "roman"):
            yield from self._section(value)
        elif self.number and (self.parts or kind == "nr" or self.last_part == "letter"):
            self.parts = [*(self.parts or [self.number]), f"nr. {value}" if kind == "nr" else value]
            self.last_part = "nr" if kind == "nr" else "letter"

    def _section(self, value: str) -> Iterator[str]:
        if self.last_part == "nr" and not self.several and not self.parts and value.isdecimal():
            self.parts = [self.number, f"nr. {value}"]  # «§ 5 nr. 6 og 7»
            return
        first = self.first_of_range
        if first.isdecimal() and value.isdecimal() and 0 < int(value) - int(first) <= MOST_SECTIONS:
            yield from (f"{self.sign} {between}" for between in range(int(first) + 1, int(value)))
        yield from self.done()
        self.parts, self.number, self.last_part, self.first_of_range = [value], value, "", ""


def key_of(place: str) -> str:
    """What places are compared by: «§ 25-1 bokstav c» and «§ 25-1 c» are one."""
    plain = re.sub(r"\bbokstav\b|\blitra\b|§+", " ", place.casefold())
    return re.sub(r"\s+", "", re.sub(r"\bnr\.?\s*", ":", plain))


def address_of(address: str, place: str) -> str:
    """Where a section is read; the law itself where the address can't lead further in."""
    section = re.match(r"§ ?(\d+(?: ?[A-ZÆØÅ])?(?:-\d+)?)", place)
    if not (address.startswith(LOVDATA) and section):
        return address
    return f"{address}/§{section[1].replace(' ', '')}"


def kind_of(short: str, address: str) -> str:
    if short in STANDARDS:
        return "standard"
    return "regulation" if "/forskrift/" in address else "law"


def lay(source_model: Any, requirement_model: Any) -> None:
    """Let the shared register be as the product has it: what is missing is added, what differs is put right.

    The models are given because migrations call it too. Rows of a municipality's own are left alone.
    """
    laid = {row.short: row for row in source_model.objects.filter(municipality=None)}
    for position, listed in enumerate(SOURCES):
        row = laid.get(listed.short) or source_model(short=listed.short)
        row.title, row.title_nn, row.address, row.position = (
            listed.title, listed.title_nn, listed.address, position,
        )  # fmt: skip
        row.names, row.kind = ", ".join(listed.names), kind_of(listed.short, listed.address)
        laid[listed.short] = row
    _store(source_model, laid.values(), ("title", "title_nn", "address", "position", "names", "kind"))
    there = {
        (row.source_id, row.place): row
        for row in requirement_model.objects.filter(municipality=None, source__municipality=None)
    }
    for short, listed_ones in REQUIREMENTS.items():
        for position, asked in enumerate(listed_ones):
            source = laid[short]
            row = there.get((source.pk, asked.place)) or requirement_model(source_id=source.pk, place=asked.place)
            row.text, row.text_nn, row.position, row.place_key = (
                asked.text, asked.text_nn, position, key_of(asked.place),
            )  # fmt: skip
            there[source.pk, asked.place] = row
    _store(requirement_model, there.values(), ("text", "text_nn", "position", "place_key"))


def _store(model: Any, rows: Iterable[Any], fields: tuple[str, ...]) -> None:
    rows = list(rows)
    model.objects.bulk_create([row for row in rows if row._state.adding])
    model.objects.bulk_update([row for row in rows if not row._state.adding], fields)
