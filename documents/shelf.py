"""What a person's own handbook begins with: favourites, what one read lately, what is new where one works."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from documents.models import Favourite, SearchEntry, Visit, units_of_work
from kvalitetslosen.organisation.models import User

MOST_FAVOURITES = 30
RECENT = 6
NEWEST = 6
NEW_FOR = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Book:
    """A document in force, as it stands on the shelf."""

    number: str
    title: str
    since: datetime.datetime
    review_on: datetime.date | None

    @property
    def is_past_review(self) -> bool:
        return self.review_on is not None and self.review_on < timezone.localdate()

    @property
    def url(self) -> str:
        return reverse("documents:document", args=[self.number])


def favourites(user: User) -> list[Book]:
    """By title. One query."""
    latest = Favourite.objects.visible_to(user).order_by("-created_at", "-pk")[:MOST_FAVOURITES]
    books = _books(user, latest.values("document"))
    return sorted(books.values(), key=lambda book: book.title.casefold())


def recently_read(user: User) -> list[Book]:
    """The last opened first."""
    rows = Visit.objects.visible_to(user).order_by("-last_at", "-pk")[: RECENT * 2]
    ids = [row.document_id for row in rows]
    books = _books(user, ids)
    return [books[pk] for pk in ids if pk in books][:RECENT]


def new_where_one_works(user: User) -> list[Book]:
    """What came into force lately where one works, or everywhere."""
    entries = SearchEntry.objects.visible_to(user).filter(
        reached_unit_id__in={user.municipality_id, *units_of_work(user)}, since__gte=timezone.now() - NEW_FOR
    )
    rows = entries.order_by("-since", "document_id").values_list(
        "document__number", "title", "since", "document__review_on"
    )
    return [Book(*row) for row in rows[:NEWEST]]


def _books(user: User, document_ids: list[int] | QuerySet[Any, Any]) -> dict[int, Book]:
    """Those of the documents that are in force and that the person may (still) read."""
    if document_ids == []:
        return {}
    rows = SearchEntry.objects.visible_to(user).filter(document__in=document_ids).order_by("document_id")
    values = rows.values_list("document_id", "document__number", "title", "since", "document__review_on")
    return {row[0]: Book(*row[1:]) for row in values}


def is_favourite(user: User, document_id: int) -> bool:
    return Favourite.objects.visible_to(user).filter(document=document_id).exists()
