"""What each person reads again, for that person alone. Others are told no more than how many read a document."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from documents.models.document import Document
from kvalitetslosen.organisation.models import User

NOT_AGAIN = datetime.timedelta(minutes=30)  # a page shown again within this is the same visit
KEPT = datetime.timedelta(days=365)  # how long a visit is remembered
FEWEST_TOLD = 5  # readers a document has before their number is said: fewer would be somebody


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's."""
        return self.filter(user=user)


class Favourite(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document_id}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's: leaders see no person's reading."""
        return self.filter(user=user)

    def of_others(self) -> Self:
        """Visits by somebody else than the document's owner: what tells that a document is used."""
        return self.exclude(user=F("document__owner"))


class Visit(models.Model):
    """That a person has opened a document: once a document, with the last time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="visits")
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField(null=True)  # the last time it was opened from a search

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="visit_once_a_document")]
        indexes = [models.Index(fields=["user", "-last_at"], name="visit_recent")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document_id}"


def never_opened(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those nobody but the owner has opened for a year."""
    return documents.filter(~Exists(Visit.objects.of_others().filter(document=OuterRef("pk"))))


def never_found(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those nobody but the owner has opened from a search for a year."""
    found = Visit.objects.of_others().filter(document=OuterRef("pk"), found_at__isnull=False)
    return documents.filter(~Exists(found))


def readers_of(documents: QuerySet[Document]) -> dict[int, int]:
    """How many people have opened each document for a year, by its id; left out where they are fewer than five."""
    counted = (
        Visit.objects.filter(document__in=documents)
        .order_by()
        .values_list("document")
        .annotate(readers=Count("pk"))
        .filter(readers__gte=FEWEST_TOLD)
    )
    return dict(counted)
