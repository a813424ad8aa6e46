"""What documents in force are found by."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document, Version, answered_for, units_of_work
from documents.models.types import DocumentType
from kvalitetslosen.journal.chain import Journaled
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
    type = models.ForeignKey(DocumentType, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=200, db_collation="nb")
    since = models.DateTimeField(default=timezone.now)  # when the version came into force
    outline = models.JSONField(default=list)  # headings: where in the text each begins, its anchor, what it says

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["level_0", "title", "document"], name="search_entry_by_title"),
            models.Index(fields=["reached_unit_id", "-since"], name="search_entry_newest"),
            # All that rights and counts ask of a row: a tree is counted without reading a document.
            models.Index(
                fields=["level_0", "reached_unit_id", "unit", "owner", "document", *LEVELS[1:]],
                name="search_entry_counted",
            ),
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


class IndexedWord(models.Model):
    """A word (its stem) that some document in force of the municipality has, or had.

    What misspelt words are compared with. That it is here says nothing to a reader: before a word is shown it is
    looked for among the documents that reader may see.
    """

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    stem = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "stem"], name="indexed_word_once")]

    def __str__(self) -> str:
        return self.stem


class SynonymsQuerySet(models.QuerySet["Synonyms"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(municipality=user.municipality_id)

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Synonyms(Journaled):
    """Words and short phrases that mean the same: whoever asks for one finds the others too."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+", limit_choices_to={"parent": None})
    words = models.CharField(_("words that mean the same"), max_length=300)  # with commas between
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SynonymsQuerySet.as_manager()

    def __str__(self) -> str:
        return self.words


class MissedSearch(models.Model):
    """What was asked for in a month and not found. It says of nobody that they asked.

    ``last_mark`` tells only whether the next to ask is the one who asked last (a keyed hash, gone when the month is):
    with 2 in ``people``, two different people have asked.
    """

    municipality = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()  # its first day
    stems = models.CharField(max_length=120)  # what makes two questions the same
    words = models.CharField(max_length=80)  # as it was first written
    people = models.PositiveIntegerField(default=1)
    last_mark = models.CharField(max_length=32, blank=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "month", "stems"], name="missed_search_once_a_month")
        ]

    def __str__(self) -> str:
        return self.words
