"""Procedures and the other documents everyone works by, a file for each noun."""

from documents.models.approval import Answer, Approval
from documents.models.comment import Comment, CommentKind, CommentQuerySet
from documents.models.document import (
    Counter,
    Document,
    DocumentQuerySet,
    Reach,
    ReviewRules,
    Version,
    VersionQuerySet,
    answered_for,
    fetch_approvals,
    file_path,
    reached,
    units_of_work,
)
from documents.models.draft_copy import DraftCopy
from documents.models.export import HandbookExport
from documents.models.hearing import Hearing, Invitation, Outcome, Response
from documents.models.intake import (
    Intake,
    IntakeFile,
    IntakeFileQuerySet,
    IntakeQuerySet,
    TakenIn,
    TakenInQuerySet,
    archive_path,
)
from documents.models.likeness import Fingerprint
from documents.models.links import DocumentLink, Fault
from documents.models.offline import KeptOffline
from documents.models.read_back import HandbookReading, HandbookReadingQuerySet
from documents.models.reading import (
    DAYS_TO_READ,
    ReadAudience,
    ReadNudge,
    ReadReceipt,
    ReadRequirement,
)
from documents.models.reading_habits import Favourite, Visit, never_found, never_opened, readers_of
from documents.models.requirements import LegalBasis, Requirement, Source, SourceKind
from documents.models.search import IndexedWord, MissedSearch, SearchEntry, SearchEntryQuerySet, Synonyms
from documents.models.sharing import Adoption, AdoptionQuerySet, Share, ShareQuerySet
from documents.models.subjects import Subject, SubjectOf
from documents.models.types import DocumentType, DocumentTypeQuerySet, Kind

__all__ = [
    "DAYS_TO_READ",
    "Adoption",
    "AdoptionQuerySet",
    "Answer",
    "Approval",
    "Comment",
    "CommentKind",
    "CommentQuerySet",
    "Counter",
    "Document",
    "DocumentLink",
    "DocumentQuerySet",
    "DocumentType",
    "DocumentTypeQuerySet",
    "DraftCopy",
    "Fault",
    "Favourite",
    "Fingerprint",
    "HandbookExport",
    "HandbookReading",
    "HandbookReadingQuerySet",
    "Hearing",
    "IndexedWord",
    "Intake",
    "IntakeFile",
    "IntakeFileQuerySet",
    "IntakeQuerySet",
    "Invitation",
    "KeptOffline",
    "Kind",
    "LegalBasis",
    "MissedSearch",
    "Outcome",
    "Reach",
    "ReadAudience",
    "ReadNudge",
    "ReadReceipt",
    "ReadRequirement",
    "Requirement",
    "Response",
    "ReviewRules",
    "SearchEntry",
    "SearchEntryQuerySet",
    "Share",
    "ShareQuerySet",
    "Source",
    "SourceKind",
    "Subject",
    "SubjectOf",
    "Synonyms",
    "TakenIn",
    "TakenInQuerySet",
    "Version",
    "VersionQuerySet",
    "Visit",
    "answered_for",
    "archive_path",
    "fetch_approvals",
    "file_path",
    "never_found",
    "never_opened",
    "reached",
    "readers_of",
    "units_of_work",
]
