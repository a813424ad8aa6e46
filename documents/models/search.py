"""What documents in force are found by."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document, Version, answered_for, units_of_work
from kvalitetslosen.organisation.models import LEVELS, TreeQuerySet, Unit, UnitScoped, User


class SearchEntryQuerySet(TreeQuerySet["SearchEntry"]):
    def visible_to(self, user: User) -> Self:
        """The entries of documents in force that the person may read: the same rule as for the versions in force."""
        return self.filter(
            Q(reached_unit_id__in={user.municipality_id, *units_of_work(user)}) | Q(owner=user) | answered_for(user),
            level_0=user.municipality_id,
        )


class SearchEntry(UnitScoped):
    """What a document in force is found by. One row for each, written by ``documents.search.index``.

    The words themselves are in columns only the database knows (PostgreSQL: two ``tsvector``; SQLite: an FTS5 table),
    made in the second migration.
    """

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="search_entry")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reached_unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=15)
    title = models.CharField(max_length=200, db_collation="nb")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["level_0", "title", "document"], name="search_entry_by_title"),
            *(
                models.Index(
                    fields=[level, "title"],
                    name=f"search_entry_level_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
                if depth
            ),
        ]

    def __str__(self) -> str:
        return self.title
