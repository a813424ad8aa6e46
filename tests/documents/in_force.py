"""Documents in force without the way there: for what is only about reading and finding them."""

from __future__ import annotations

from django.utils import timezone

from documents import search
from documents.actions import type_of
from documents.lifecycle import State
from documents.models import Document, Kind, Reach, Version
from kvalitetslosen.organisation.models import Unit, User


def in_force(
    title: str,
    text: str,
    *,
    unit: Unit,
    author: User,
    approver: User,
    kind: str = Kind.PROCEDURE,
    reach: str = Reach.UNIT,
) -> Document:
    document = Document(title=title, type=type_of(unit.municipality_id, kind), owner=author, reach=reach)
    document.place_in(unit)
    document.number = f"P-{Document.objects.count() + 1}"
    document.save()
    now = timezone.now()
    Version.objects.create(
        document=document,
        title=title,
        body=f"<p>{text}</p>",
        text=text,
        state=State.IN_FORCE,
        major=1,
        minor=0,
        author=author,
        edited_by=author,
        approved_by=approver,
        sent_at=now,
        in_force_from=now,
    )
    search.index(document)
    return document
