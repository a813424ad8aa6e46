"""What is asked for: the words of a query, and what will do in the stead of each.

A word may be said in other words (synonyms), or stand in a text in its parts: «brannvernrutiner» is also brannvern,
with the routine that every document is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from documents.models import IndexedWord, Synonyms
from documents.words import MOST_ASKED, SHORTEST_END, Asked, asked_for, in_bokmal, indexed, stem, words_of

Way = tuple[Asked, ...]  # words that must all be there
MOST_WAYS = 12
_NUMBER = re.compile(r"([^\W\d]+)(\d+)")
SHORTEST_COMPOUND = 8  # letters of a word that is looked for in its parts
_JOINTS = ("", "s", "e")  # what stands between the parts of a compound

# What documents are: nobody writes it in each of them, and many ask for it all the same. Nynorsk is found by bokmål.
_KINDS = (
    "rutine", "prosedyre", "retningslinje", "retningslinjer", "sjekkliste", "instruks", "skjema", "tiltakskort",
    "reglement", "veileder", "veiledning", "plan", "håndbok",
)  # fmt: skip
KIND_STEMS = frozenset(stem(in_bokmal(kind)) for kind in _KINDS)


@dataclass(frozen=True)
class Wish:
    """One word (or phrase) of a query: any of the ways will do. The first way is the one that was written."""

    ways: tuple[Way, ...]
    needed: bool = True

    @property
    def words(self) -> Iterator[Asked]:
        for way in self.ways:
            yield from way


def is_kind(word: Asked) -> bool:
    return bool(word.stems & KIND_STEMS)


def understood(text: str, municipality_id: int) -> list[Wish]:
    """What a query asks for, with the municipality's synonyms. One question to the database."""
    asked = asked_for(text)
    if not asked:
        return []
    return wishes(asked, synonyms_of(municipality_id))


def synonyms_of(municipality_id: int) -> list[str]:
    """The municipality's sets of words that mean the same. One query."""
    rows = Synonyms.objects.in_use().filter(municipality=municipality_id)
    return list(rows.order_by("pk").values_list("words", flat=True))


def wishes(asked: Sequence[Asked], synonyms: Iterable[str]) -> list[Wish]:
    sets = [_phrases(line) for line in synonyms]
    found: list[Wish] = []
    at = 0
    while at < len(asked):
        length, others = _said_otherwise(asked, at, sets)
        own = tuple(asked[at : at + length])
        ways = [own, *others, *([*_by_kind(own[0]), *_by_number(own[0])] if length == 1 else [])]
        found.append(Wish(tuple(dict.fromkeys(ways))[:MOST_WAYS]))
        at += length
    if any(not _is_kind(wish) for wish in found):
        found = [replace(wish, needed=not _is_kind(wish)) for wish in found]
    return found


def ways_of(word: Asked, synonyms: Iterable[str]) -> tuple[Way, ...]:
    """What will do in the stead of one word, itself the first."""
    return wishes([word], synonyms)[0].ways


def _is_kind(wish: Wish) -> bool:
    return len(wish.ways[0]) == 1 and is_kind(wish.ways[0][0])


@lru_cache(maxsize=4096)
def _phrases(line: str) -> tuple[Way, ...]:
    """The words and phrases of a set of synonyms."""
    phrases = (tuple(asked_for(phrase)) for phrase in line.split(","))
    return tuple(phrase for phrase in phrases if phrase)


def _said_otherwise(asked: Sequence[Asked], at: int, sets: Iterable[tuple[Way, ...]]) -> tuple[int, list[Way]]:
    """The longest phrase that begins here and has synonyms: how many words it has, and the others."""
    length, others = 1, list[Way]()
    for phrases in sets:
        for phrase in phrases:
            if len(phrase) >= length and _same(asked[at : at + len(phrase)], phrase):
                if len(phrase) > length:
                    length, others = len(phrase), []
                others += [each for each in phrases if each != phrase]
    return length, others


def _same(asked: Sequence[Asked], phrase: Way) -> bool:
    return len(asked) == len(phrase) and all(a.stems & b.stems for a, b in zip(asked, phrase, strict=True))


def _by_kind(word: Asked) -> list[Way]:
    """«brannvernrutiner»: about brannvern. That it is a routine need not be written in it."""
    for kind in KIND_STEMS:
        whole = stem(in_bokmal(word.word))
        head = whole.removesuffix(kind)
        if head == whole or len(head) < SHORTEST_END:
            continue
        return [(Asked.of(_unjoined(head)),)]
    return []


def _by_number(word: Asked) -> list[Way]:
    """«p0010»: the number P-0010, as people write it."""
    number = _NUMBER.fullmatch(word.word)
    return [tuple(Asked.of(part) for part in number.groups())] if number else []


def _unjoined(head: str) -> str:
    """The first part of a compound without the s that joins it to the next: «legemiddelhåndterings-»."""
    return head[:-1] if head.endswith("s") and len(head) > SHORTEST_END + 1 else head


def in_parts(asked: Sequence[Wish], municipality_id: int) -> list[Wish]:
    """The same, each long word also in two parts that the municipality's documents have. One question."""
    splits = {
        wish: list(_splits(wish.ways[0][0].word))
        for wish in asked
        if len(wish.ways[0]) == 1 and len(wish.ways[0][0].word) >= SHORTEST_COMPOUND
    }
    stems = {stem(in_bokmal(part)) for pairs in splits.values() for pair in pairs for part in pair}
    rows = IndexedWord.objects.filter(municipality=municipality_id, stem__in=stems)
    known = set(rows.order_by("stem").values_list("stem", flat=True)) if stems else set()
    found = []
    for wish in asked:
        ways = [
            (Asked.of(first), Asked.of(last))
            for first, last in splits.get(wish, ())
            if stem(in_bokmal(first)) in known and stem(in_bokmal(last)) in known
        ]
        found.append(replace(wish, ways=tuple(dict.fromkeys([*wish.ways, *ways]))[:MOST_WAYS]))
    return found


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """Where a word may be put together of two, the later joints first: the first part is most often the longer."""
    for at in range(len(word) - SHORTEST_END, SHORTEST_END - 1, -1):
        last = word[at:]
        for joint in _JOINTS:
            first = word[:at].removesuffix(joint) if joint else word[:at]
            if len(first) >= SHORTEST_END and (not joint or first != word[:at]):
                yield first, last


def stems_of(text: str) -> str:
    """What makes two queries the same: their words without endings, in no order."""
    return " ".join(sorted({indexed(word)[0][-1] for word in list(words_of(text))[:MOST_ASKED]}))
