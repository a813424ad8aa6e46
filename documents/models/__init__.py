"""Procedures and the other documents everyone works by, a file for each noun."""

from documents.models.document import (
    DEFAULT_REVIEW_MONTHS,
    LETTERS,
    REVIEW_MONTHS,
    Counter,
    Document,
    DocumentQuerySet,
    Kind,
    Reach,
    ReviewRules,
    Version,
    VersionQuerySet,
    answered_for,
    file_path,
    reached,
    units_of_work,
)
from documents.models.search import SearchEntry, SearchEntryQuerySet

__all__ = [
    "DEFAULT_REVIEW_MONTHS",
    "LETTERS",
    "REVIEW_MONTHS",
    "Counter",
    "Document",
    "DocumentQuerySet",
    "Kind",
    "Reach",
    "ReviewRules",
    "SearchEntry",
    "SearchEntryQuerySet",
    "Version",
    "VersionQuerySet",
    "answered_for",
    "file_path",
    "reached",
    "units_of_work",
]
