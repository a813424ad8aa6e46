"""«Did you mean …»: words near a misspelt one, among those that stand in documents the reader may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models.functions import Left

from documents import search
from documents.models import IndexedWord, SearchEntry
from documents.words import (
    LONGEST,
    MOST_ASKED,
    SHORTEST_STEM,
    STOP_WORDS,
    Asked,
    asked_for,
    in_bokmal,
    indexed,
    stem,
    words_of,
)
from kvalitetslosen.organisation.models import User

ALPHABET = "abcdefghijklmnopqrstuvwxyzæøå"
NEAREST = 40  # words looked at
TRIED = 4  # of them that are looked for among the reader's documents
MOST_MISSPELT = 3  # words of a query
LONGEST_NEAR = 24  # letters of a word all whose neighbours are tried


def meant(user: User, text: str) -> str:
    """What was probably meant by a query that found nothing; empty where nothing near is found either.

    Every word of the answer was asked for as it is, or stands in a document in force that the person may read.
    """
    asked = asked_for(text)
    better: dict[str, str] = {}
    for word in asked[:MOST_ASKED]:
        if len(better) == MOST_MISSPELT:
            break
        if not search.has(user, word) and (instead := _instead(user, word)):
            better[word.word] = instead
    if not better:
        return ""
    suggestion = " ".join(better.get(word, word) for word in words_of(text))
    return suggestion if search.find(user, suggestion, limit=1).hits else ""


def _instead(user: User, word: Asked) -> str:
    """The nearest word of a document the person may read, as it is written there."""
    for tried, candidate in enumerate(_near(stem(in_bokmal(word.word)), user.municipality_id)):
        if tried == TRIED:
            break
        rows = search.with_stem(SearchEntry.objects.visible_to(user), candidate)
        found = rows.order_by("document_id").values_list("title", Left("version__text", search.READ)).first()
        written = _written(f"{found[0]}\n{found[1]}", candidate) if found else ""
        if written and _may_be_meant(word.word, written):
            return written
    return ""


def _may_be_meant(asked: str, written: str) -> bool:
    """Whether the words are near as they are written, beside their endings: «ferie» is not «ferdig»."""
    common = in_bokmal(asked)
    ending = max(0, len(common) - len(stem(common)) - 1)
    return min(distance(common, written[:end]) for end in range(1, len(written) + 1)) <= _slips(stem(common)) + ending


def _written(text: str, candidate: str) -> str:
    """A form of the word that stands in the text; the shortest, which is the one without endings."""
    forms = {word for word in words_of(text) if candidate in indexed(word)[0]}
    return min(forms, key=lambda form: (len(form), form), default="")


def _near(misspelt: str, municipality_id: int) -> Iterator[str]:
    """Stems near the misspelt one, the nearest first."""
    if not SHORTEST_STEM <= len(misspelt) <= LONGEST or not misspelt.isalpha():
        return
    allowed = _slips(misspelt)
    known = IndexedWord.objects.filter(municipality=municipality_id)
    neighbours = set(_one_off(misspelt)) if len(misspelt) <= LONGEST_NEAR else set()
    near = set(known.filter(stem__in=neighbours).order_by("stem").values_list("stem", flat=True))
    if allowed > 1:
        near.update(_with_its_trigrams(misspelt, municipality_id))
    near -= {misspelt, *STOP_WORDS}
    ranked = sorted((distance(misspelt, each), not _begins_alike(misspelt, each), each) for each in near)
    yield from (each for away, _begins, each in ranked if away <= allowed)


def _slips(word: str) -> int:
    """How many slips a word of that length may have."""
    return 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3


def _begins_alike(one: str, other: str) -> bool:
    """People seldom err in the first letter."""
    return one[:1] == other[:1]


def _one_off(word: str) -> Iterator[str]:
    """Every word one slip of the finger away: a letter too many, too few, another, or two in each other's place."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ALPHABET)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ALPHABET)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _with_its_trigrams(word: str, municipality_id: int) -> list[str]:
    """The words that share most with it, three letters at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            grams = {word[at : at + 3] for at in range(len(word) - 2)}
            cursor.execute(
                "SELECT w.stem FROM documents_spelling s JOIN documents_indexedword w ON w.id = s.rowid "
                "WHERE documents_spelling MATCH %s AND w.municipality_id = %s "
                "ORDER BY bm25(documents_spelling), w.stem LIMIT %s",
                [" OR ".join(f'"{gram}"' for gram in sorted(grams)), municipality_id, NEAREST],
            )
        else:
            cursor.execute(
                "SELECT stem FROM documents_indexedword WHERE stem %% %s AND municipality_id = %s "
                "ORDER BY similarity(stem, %s) DESC, stem LIMIT %s",
                [word, municipality_id, word, NEAREST],
            )
        return [stem for (stem,) in cursor.fetchall()]


def distance(one: str, other: str) -> int:
    """How many slips lie between two words: letters too many, too few, others, or neighbours that changed places."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row, above = row, [i, *[0] * len(other)], before
        for j, b in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], above[j - 2] + 1)
    return row[-1]
