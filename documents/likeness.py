"""Which documents say much the same: found by the database among a few numbers kept for each.

A text is cut into pieces of five words; of all their hashes the smallest are kept, so that two texts that share most
of their pieces share most of what is kept, however long they are. One more number stands for the words of the title.
What many documents have in common (a heading, a closing sentence) tells nothing, and is passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from documents.models import Document, Fingerprint, SearchEntry, Version
from documents.words import words_of
from kvalitetslosen.organisation.models import User

KEPT = 24  # numbers of the text
ALIKE = 12  # of them in common
COMMON = 12  # documents that have a piece before it counts as something everybody writes
PIECE = 5  # words
LOOKED_AT = 20_000  # words of a text
SHOWN = 25


def _hash(text: str) -> int:
    """1 to 2⁶²."""
    return (int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 2) + 1


def marks(title: str, text: str) -> set[int]:
    """The numbers kept of a document: of the text above zero, of the title below."""
    words = list(islice(words_of(text), LOOKED_AT))
    pieces = {_hash(" ".join(words[at : at + PIECE])) for at in range(max(len(words) - PIECE + 1, 0))}
    of_title = " ".join(sorted(set(words_of(title))))
    return {*sorted(pieces)[:KEPT], *([-_hash(of_title)] if of_title else [])}


def keep(document: Document, version: Version | None) -> None:
    """What is kept of the version in force; nothing when none is."""
    Fingerprint.objects.filter(document=document).delete()
    if version is not None and document.level_0 is not None:
        Fingerprint.objects.bulk_create(_rows(document, version))


def keep_all(versions: Collection[Version]) -> None:
    """The same of many versions in force, each with its document at hand. Two queries."""
    Fingerprint.objects.filter(document__in=[version.document_id for version in versions]).delete()
    rows = [row for each in versions if each.document.level_0 is not None for row in _rows(each.document, each)]
    Fingerprint.objects.bulk_create(rows)


def _rows(document: Document, version: Version) -> list[Fingerprint]:
    level_0 = document.level_0
    assert level_0 is not None
    found = sorted(marks(version.title, version.text))
    return [Fingerprint(document=document, level_0=level_0, mark=mark) for mark in found]


class Pair(NamedTuple):
    """Two documents that may be one."""

    first: Document
    second: Document
    same_title: bool


def pairs(user: User, mine: str, parameters: Iterable[Any]) -> list[Pair]:
    """Documents in force that are alike, both of which the person may read, and one of which is among ``mine``.

    ``mine`` is a query for ids of documents. The closest come first, at most ``SHOWN``. Two queries.
    """
    given: list[Any] = list(parameters)
    readable, of_reader = SearchEntry.objects.visible_to(user).order_by().values("document").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.document_id, b.document_id, MIN(a.mark) < 0 AS same_title "  # noqa: S608 - queries of our own
            "FROM documents_fingerprint a "
            "JOIN documents_fingerprint b "
            "ON b.level_0 = a.level_0 AND b.mark = a.mark AND b.document_id > a.document_id "
            "WHERE a.level_0 = %s AND a.mark IN (SELECT mark FROM documents_fingerprint WHERE level_0 = %s "
            "GROUP BY mark HAVING COUNT(*) BETWEEN 2 AND %s) "
            f"AND a.document_id IN ({readable}) AND b.document_id IN ({readable}) "
            f"AND (a.document_id IN ({mine}) OR b.document_id IN ({mine})) "
            "GROUP BY a.document_id, b.document_id HAVING COUNT(*) >= %s OR MIN(a.mark) < 0 "
            "ORDER BY COUNT(*) DESC, a.document_id, b.document_id LIMIT %s",
            [
                user.municipality_id, user.municipality_id, COMMON, *of_reader, *of_reader, *given, *given,
                ALIKE, SHOWN,
            ],
        )  # fmt: skip
        found = cursor.fetchall()
    documents = {
        each.pk: each
        for each in Document.objects.filter(pk__in={pk for row in found for pk in row[:2]})
        .select_related("unit", "owner")
        .order_by("pk")
    }
    return [Pair(documents[first], documents[second], bool(same)) for first, second, same in found]
