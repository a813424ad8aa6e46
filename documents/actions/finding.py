"""The verbs of what helps people find: words that mean the same, what was asked for in vain, what one reads again."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from documents.models import Document, Favourite, MissedSearch, Synonyms, Visit
from documents.models.reading_habits import KEPT, NOT_AGAIN
from documents.ready_sets import SYNONYMS
from kvalitetslosen.journal.record import change, create, create_many
from kvalitetslosen.organisation.models import Unit, User


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


def handle_missed(*, municipality_id: int, stems: str, at: datetime.datetime | None = None) -> int:
    """What was asked for in vain is dealt with: it is off the list until somebody asks in vain again."""
    rows = MissedSearch.objects.filter(municipality=municipality_id, stems=stems, handled_at=None)
    return rows.update(handled_at=at or timezone.now())


def forget(now: datetime.datetime | None = None) -> int:
    """Delete what is remembered no longer: visits and vain questions after a year, marks when their week is over."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    monday = today - datetime.timedelta(days=today.weekday())
    MissedSearch.objects.filter(week__lt=monday).exclude(last_mark="").update(last_mark="")
    missed, _each = MissedSearch.objects.filter(week__lt=today - KEPT).delete()
    visits, _each = Visit.objects.filter(last_at__lt=now - KEPT).delete()
    return missed + visits
