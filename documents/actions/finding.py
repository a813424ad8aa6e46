"""The verbs of what helps people find: words that mean the same, what was asked for in vain, what one reads again."""

from __future__ import annotations

import datetime
import hmac
import re
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from documents.models import Document, Favourite, MissedSearch, Synonyms, Visit
from documents.models.reading_habits import KEPT, NOT_AGAIN
from documents.questions import stems_of
from documents.ready_sets import SYNONYMS
from documents.words import WORD
from kvalitetslosen.journal.record import change, create, create_many
from kvalitetslosen.organisation.models import Unit, User

SHORTEST_MISSED = 3  # letters of a question that is remembered
LONGEST_MISSED = 60
MOST_MISSED_WORDS = 6  # more is a sentence about something that happened
FEWEST_ASKING = 2  # different people in one month, before anybody is told
NUMBERS = re.compile(r"\d[\d .-]{2,}\d")


def add_synonyms(*, by: User, words: str) -> Synonyms:
    return create(Synonyms(municipality_id=by.municipality_id, words=words), "documents.synonyms_added", by=by)


def change_synonyms(*, synonyms: Synonyms, by: User, words: str, is_active: bool) -> None:
    change(synonyms, "documents.synonyms_changed", by=by, words=words, is_active=is_active)


@transaction.atomic
def lay_synonyms(*, municipality: Unit, by: User | None) -> None:
    """The words that mean the same one begins with, where there are none."""
    if not Synonyms.objects.filter(municipality=municipality).exists():
        rows = [Synonyms(municipality=municipality, words=words) for words in SYNONYMS]
        create_many(rows, "documents.synonyms_added", by=by)


def visit(*, document: Document, by: User, found: bool = False, at: datetime.datetime | None = None) -> None:
    """Remember that the person opened the document; ``found``: from a search. Shown again soon, it is the same visit.

    One statement, which writes nothing the second time within half an hour.
    """
    now = at or timezone.now()
    found_at = now if found else None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_visit (user_id, document_id, last_at, times, found_at) VALUES (%s, %s, %s, 1, %s) "
            "ON CONFLICT (user_id, document_id) DO UPDATE SET last_at = excluded.last_at, "
            "times = documents_visit.times + 1, found_at = coalesce(excluded.found_at, documents_visit.found_at) "
            "WHERE documents_visit.last_at < %s "
            "OR (excluded.found_at IS NOT NULL AND documents_visit.found_at IS NULL)",
            [by.pk, document.pk, _moment(now), found_at and _moment(found_at), _moment(now - NOT_AGAIN)],
        )


def _moment(at: datetime.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def add_favourite(*, document: Document, by: User) -> None:
    Favourite.objects.get_or_create(user=by, document=document)


def remove_favourite(*, document: Document, by: User) -> None:
    Favourite.objects.filter(user=by, document=document).delete()


def note_missed(*, by: User, text: str, at: datetime.datetime | None = None) -> None:
    """Remember that something was asked for and not found; not by whom, and nothing that may tell of a person."""
    stems = stems_of(text)
    if len(stems) < SHORTEST_MISSED or not _is_harmless(text, by.municipality_id):
        return
    month = timezone.localdate(at).replace(day=1)
    mark = hmac.digest(settings.SECRET_KEY.encode(), f"{by.pk}:{month}:{stems}".encode(), "sha256").hex()[:32]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_missedsearch (municipality_id, month, stems, words, people, last_mark) "
            "VALUES (%s, %s, %s, %s, 1, %s) ON CONFLICT (municipality_id, month, stems) DO UPDATE SET "
            "people = documents_missedsearch.people "
            "+ CASE WHEN documents_missedsearch.last_mark <> excluded.last_mark THEN 1 ELSE 0 END, "
            "last_mark = excluded.last_mark, handled_at = NULL",
            [by.municipality_id, month, stems[:120], " ".join(text.split()), mark],
        )


def _is_harmless(text: str, municipality_id: int) -> bool:
    """Whether a question is short, and has no number, address or name of a colleague in it."""
    words = text.split()
    if len(words) > MOST_MISSED_WORDS or len(text) > LONGEST_MISSED or "@" in text or NUMBERS.search(text):
        return False
    named = Q(pk__in=())
    for word in WORD.findall(text):
        named |= Q(name__iexact=word) | Q(name__istartswith=f"{word} ")
        named |= Q(name__iendswith=f" {word}") | Q(name__icontains=f" {word} ")
    return not User.objects.filter(named, municipality=municipality_id).exists()


def missed(municipality_id: int) -> QuerySet[MissedSearch, Any]:
    """What different people asked for in vain within a year, the most asked for first: its words, how many asked.

    Only what two people or more asked for in the same month: what one person wrote is that person's.
    """
    rows = MissedSearch.objects.filter(
        municipality=municipality_id,
        handled_at=None,
        people__gte=FEWEST_ASKING,
        month__gte=timezone.localdate() - KEPT,
    )
    asked = rows.order_by().values("stems").annotate(words=Min("words"), asked=Sum("people"), last=Max("month"))
    return asked.order_by("-asked", "stems")


def handle_missed(*, municipality_id: int, stems: str, at: datetime.datetime | None = None) -> int:
    """What was asked for in vain is dealt with: it is off the list until somebody asks in vain again."""
    rows = MissedSearch.objects.filter(municipality=municipality_id, stems=stems, handled_at=None)
    return rows.update(handled_at=at or timezone.now())


def forget(now: datetime.datetime | None = None) -> int:
    """Delete what is remembered no longer: visits and vain questions after a year, marks when their month is over."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    MissedSearch.objects.filter(month__lt=today.replace(day=1)).exclude(last_mark="").update(last_mark="")
    missed_rows, _each = MissedSearch.objects.filter(month__lt=today - KEPT).delete()
    visits, _each = Visit.objects.filter(last_at__lt=now - KEPT).delete()
    return missed_rows + visits
