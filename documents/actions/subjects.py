"""The verbs of the subjects documents are sorted by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from documents.models import Document, Subject, SubjectOf
from documents.ready_sets import SUBJECTS
from kvalitetslosen.journal.record import change, create, create_many, record
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def set_subjects(*, document: Document, by: User | None, subjects: Iterable[Subject]) -> bool:
    """Say what a document is about. True when anything differed."""
    wanted = {subject.pk: subject for subject in subjects}
    before = set(SubjectOf.objects.filter(document=document).values_list("subject", flat=True))
    if wanted.keys() == before:
        return False
    SubjectOf.objects.filter(document=document, subject__in=before - wanted.keys()).delete()
    SubjectOf.objects.bulk_create(
        [SubjectOf(document=document, subject=subject) for pk, subject in wanted.items() if pk not in before]
    )
    record(document, "documents.subjects_set", by=by, subjects=sorted(wanted))
    return True


def add_subject(*, by: User, **fields: Any) -> Subject:
    subject = Subject(municipality_id=by.municipality_id, **fields)
    return create(subject, "documents.subject_added", by=by, name=subject.name)


def change_subject(*, subject: Subject, by: User, **fields: Any) -> None:
    change(subject, "documents.subject_changed", by=by, **fields)


@transaction.atomic
def lay_subjects(*, municipality: Unit, by: User | None) -> None:
    """The subjects one begins with, where there are none; they are the municipality's own from then on."""
    if Subject.objects.filter(municipality=municipality).exists():
        return
    mains = [
        Subject(municipality=municipality, position=position, **main.names._asdict())
        for position, main in enumerate(SUBJECTS)
    ]
    create_many(mains, "documents.subject_added", by=by, data=lambda row: {"name": row.name})
    subs = [
        Subject(municipality=municipality, parent=parent, position=position, **names._asdict())
        for parent, main in zip(mains, SUBJECTS, strict=True)
        for position, names in enumerate(main.subs)
    ]
    create_many(subs, "documents.subject_added", by=by, data=lambda row: {"name": row.name})
