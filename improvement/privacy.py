"""What in a story could tell who it is about: names, ages, dates, places, pointed out for whoever reads it.

More than ``identity_numbers`` finds while one writes a case: a story leaves the house, and in a small place an age and
a weekday are enough. So it finds rather too much: a mark is a question to the second reader, not a fault. Nothing is
stored, logged or taken away by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from improvement.models import LearningStory
from kvalitetslosen import identity_numbers
from kvalitetslosen.identity_numbers import Kind
from kvalitetslosen.organisation.models import Unit, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NAME, AGE, DATE, PLACE = "name", "age", "date", "place"
NAME_OR_PLACE, NUMBER, CONTACT, HEALTH = "name_or_place", "number", "contact", "health"

WHAT: dict[str, _StrPromise] = {
    NAME: pgettext_lazy("pointed out in a text", "a name"),
    NAME_OR_PLACE: pgettext_lazy("pointed out in a text", "a name or a place"),
    AGE: pgettext_lazy("pointed out in a text", "an age"),
    DATE: pgettext_lazy("pointed out in a text", "a date"),
    PLACE: pgettext_lazy("pointed out in a text", "a place"),
    NUMBER: pgettext_lazy("pointed out in a text", "a number of a person"),
    CONTACT: pgettext_lazy("pointed out in a text", "an address"),
    HEALTH: pgettext_lazy("pointed out in a text", "health of somebody"),
}

OF_THE_GUARD: dict[Kind, str] = {
    Kind.NAME: NAME,
    Kind.BIRTH_DATE: DATE,
    Kind.PHONE: CONTACT,
    Kind.EMAIL: CONTACT,
    Kind.CAR_PLATE: CONTACT,
    Kind.ADDRESS: PLACE,
    Kind.ROOM: PLACE,
    Kind.DIAGNOSIS: HEALTH,
}
"""What else the guard finds is a number of a person."""

_MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|"
    "january|february|march|may|june|july|october|december"
)
_DAYS = (
    "mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag|sundag|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_FEASTS = "julaften|julafta|juledag|nyttårsaften|nyttårsafta|nyttårsdag|påskeaften|påskeafta|pinseaften|palmesøndag"
_DATE = re.compile(
    rf"(?<!\w)(?:(?:(?:{_DAYS})(?:en|ar|er|s)?(?: (?:den )?)?)?[0-9]{{1,2}}\. ?(?:{_MONTHS})(?: [0-9]{{4}})?|"
    r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{2})|(?<=den )[0-9]{1,2}[./][0-9]{1,2}\.?|"
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|(?:{_MONTHS}) [0-9]{{4}}|(?:{_DAYS})(?:en|ar|er|s)?(?: [0-9]{{1,2}}\.)?|"
    rf"(?:[0-9]\. ?)?(?:{_FEASTS})(?:en)?|kl(?:\.|okka|okken)? ?[0-9]{{1,2}}(?:[.:][0-9]{{2}})?)(?!\w)",
    re.IGNORECASE,
)
_TENS = "tjue|tretti|tredve|førti|femti|seksti|sytti|åtti|nitti|hundre"
_ONES = "en|ett|ein|eitt|to|tre|fire|fem|seks|sju|syv|åtte|ni"
_TEENS = "ti|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten"
_WORDED = rf"(?:{_TENS})(?:{_ONES})?|{_TEENS}|{_ONES}"
_AGE = re.compile(
    rf"(?<!\w)(?:(?:[0-9]{{1,3}}|{_WORDED})[ -]?åring(?:en|ar|er|ane|ene|s)?|(?:[0-9]{{1,3}}|{_WORDED}) år gam\w+|"
    rf"(?:på|ho|han|hun|alder|alderen|er|var|of|aged) [0-9]{{1,3}} år|(?:i|over|under) (?:{_TENS})årene?|"
    rf"(?:i|over|under) (?:{_TENS})åra|f(?:ødt|ødd)? (?:i )?(?:19|20)[0-9]{{2}}|"
    r"[0-9]{1,3} ?(?:years old|måneder gam\w+|månader gam\w+))(?!\w)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?<!\w)(?:(?:rom|rommet|avdeling|avdelinga|avdelingen|post|gruppe|gruppa|klasse|trinn|leilighet|leilegheit) "
    r"(?:nr\.? ?)?[0-9A-ZÆØÅ]{1,3}|[0-9]{1,2}\. ?(?:klasse|trinn)|[0-9]{1,2}[A-E](?= |\.|,|$))(?!\w)",
)
_CAPITAL = re.compile(r"(?<![\w-])[A-ZÆØÅ][a-zæøåéèäö]+(?:[- ][A-ZÆØÅ][a-zæøåéèäö]+)*(?![\w-])")
_BEGINS = re.compile(r"(?:^|[.!?:;•«\"(\n–-])\s*$")
_WORD = re.compile(r"[A-ZÆØÅ][a-zæøåéèäö]+")
COMMON = frozenset({
    "Vi", "Jeg", "Eg", "Du", "Dere", "Det", "Den", "Dei", "De", "Han", "Hun", "Ho", "En", "Ein", "Ei", "Et",
    "Eit", "Nå", "No", "Da", "Når", "Alle", "Ingen", "Noen", "Nokon", "Etter", "Før", "På", "Til", "Fra",
    "Frå", "Med", "Uten", "Utan", "Men", "Og", "Eller", "Hvis", "Dersom", "Norge", "Noreg", "Norsk",
    "Internett", "Excel", "Word", "Teams", "Losen",
})  # fmt: skip
GIVEN_NAMES = frozenset({
    "Anne", "Inger", "Kari", "Marit", "Ingrid", "Liv", "Eva", "Berit", "Astrid", "Bjørg", "Hilde", "Anna",
    "Solveig", "Marianne", "Randi", "Ida", "Nina", "Maria", "Elisabeth", "Kristin", "Bente", "Heidi", "Silje",
    "Hanne", "Linda", "Tone", "Tove", "Elin", "Wenche", "Ragnhild", "Ellen", "Karin", "Hege", "Ann", "Camilla",
    "Julie", "Mona", "Marie", "Aud", "Laila", "Turid", "Stine", "Helene", "Gerd", "Sissel", "Emma", "Nora",
    "Sofie", "Thea", "Mari", "Else", "Ruth", "Reidun", "Unni", "Grete", "Trine", "Synnøve", "Åse", "Sigrid",
    "Gunvor", "Borghild", "Olga", "Jan", "Per", "Bjørn", "Ole", "Lars", "Kjell", "Knut", "Svein", "Arne",
    "Thomas", "Hans", "Geir", "Tor", "Morten", "Terje", "Odd", "Erik", "Martin", "Andreas", "Ola", "Anders",
    "John", "Rune", "Trond", "Tore", "Daniel", "Jon", "Kristian", "Marius", "Tom", "Stian", "Harald", "Olav",
    "Fredrik", "Magnus", "Gunnar", "Rolf", "Helge", "Nils", "Henrik", "Kåre", "Leif", "Einar", "Sverre", "Roy",
    "Øyvind", "Jonas", "Alexander", "Espen", "Sigurd", "Ivar", "Torbjørn", "Arvid", "Birger", "Asbjørn",
    "Mohammed", "Ahmed", "Ali", "Fatima", "Aisha",
})  # fmt: skip
"""Common ones, which nobody here needs to have: a resident has a name too."""
LONGEST_LIST = 40  # capitalised words that are looked for among people


@dataclass(frozen=True)
class Mark:
    """Something pointed out: what it may be, and where it stands."""

    what: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A stretch of a text as it is shown, and what it may be, empty where it is nothing."""

    text: str
    what: _StrPromise | str = ""


def names_in(texts: Iterable[str], municipality_id: int | None) -> frozenset[str]:
    """The words of the texts that are part of a colleague's name: one query, for the words that could be."""
    words = {word for text in texts for word in _WORD.findall(text)} - COMMON
    if not words:
        return frozenset()
    wanted = sorted(words)[:LONGEST_LIST]
    where = reduce(or_, (Q(name__istartswith=f"{word} ") | Q(name__iendswith=f" {word}") for word in wanted))
    rows = User.objects.filter(where, municipality=municipality_id).values_list("name", flat=True)
    return frozenset(part for name in rows[:500] for part in name.split() if part in words)


def places_in(municipality_id: int | None) -> tuple[str, ...]:
    """What the municipality and its units are called: one query."""
    rows = Unit.objects.filter(level_0=municipality_id).order_by("pk").values_list("name", flat=True)
    return tuple(name for name in rows[:2000] if len(name) > 3)


def marks(text: str, *, names: Iterable[str] = (), places: Sequence[str] = ()) -> list[Mark]:
    """What is pointed out, in the order it stands there; of two that overlap the surer, then the longer."""
    names = frozenset(names) | GIVEN_NAMES
    found = [*_of_the_guard(text, names), *_matches(text), *_called(text, places), *_capitals(text, names)]
    taken: list[Mark] = []
    for mark in found:
        if all(mark.end <= other.start or other.end <= mark.start for other in taken):
            taken.append(mark)
    return sorted(taken, key=lambda mark: mark.start)


def _of_the_guard(text: str, names: frozenset[str]) -> Iterator[Mark]:
    for finding in identity_numbers.find(text, names=names):
        yield Mark(OF_THE_GUARD.get(finding.kind, NUMBER), finding.start, finding.end)


def _matches(text: str) -> Iterator[Mark]:
    for what, pattern in ((AGE, _AGE), (DATE, _DATE), (PLACE, _PLACE)):
        for match in pattern.finditer(text):
            yield Mark(what, match.start(), match.end())


def _called(text: str, places: Sequence[str]) -> Iterator[Mark]:
    low = text.casefold()
    if len(low) != len(text):  # a letter that grows when folded: places are found as capitals then
        return
    for place in sorted(places, key=len, reverse=True):
        start = low.find(name := place.casefold())
        while start >= 0:
            end = start + len(name)
            if not low[start - 1 : start].isalnum() and not low[end : end + 1].isalpha():
                yield Mark(PLACE, start, end)
            start = low.find(name, end)


def _capitals(text: str, names: frozenset[str]) -> Iterator[Mark]:
    """A capital letter inside a sentence: a name of somebody or some place, hardly anything else in Norwegian."""
    for match in _CAPITAL.finditer(text):
        start, words = match.start(), match[0]
        if _BEGINS.search(text, 0, start):
            first, _, rest = words.partition(" ")
            if not rest:
                continue
            start, words = start + len(first) + 1, rest
        if words not in COMMON:
            yield Mark(NAME_OR_PLACE, start, start + len(words))


def pieces(text: str, found: Sequence[Mark]) -> list[Piece]:
    """The text cut where something is pointed out."""
    cut, end = [], 0
    for mark in found:
        if mark.start > end:
            cut.append(Piece(text[end : mark.start]))
        cut.append(Piece(text[mark.start : mark.end], WHAT[mark.what]))
        end = mark.end
    return [*cut, Piece(text[end:])] if end < len(text) else cut


TOLD = ("title", "happened", "made_sense", "changed", "helped")
"""The parts of a story that are read by others."""


@dataclass(frozen=True)
class Reading:
    """A story's texts with what is pointed out in each."""

    parts: dict[str, list[Piece]]
    chart: list[Piece]
    found: int

    @classmethod
    def of(cls, story: LearningStory) -> Reading:
        """Two queries."""
        texts = {field: str(getattr(story, field)) for field in TOLD}
        drawn = " · ".join(str((story.chart or {}).get(name) or "") for name in ("name", "in_what")).strip(" ·")
        names = names_in([*texts.values(), drawn], story.level_0)
        places = places_in(story.level_0)
        seen = {field: marks(text, names=names, places=places) for field, text in texts.items()}
        in_chart = marks(drawn, names=names, places=places)
        return cls(
            {field: pieces(text, seen[field]) for field, text in texts.items()},
            pieces(drawn, in_chart),
            sum(map(len, seen.values())) + len(in_chart),
        )
