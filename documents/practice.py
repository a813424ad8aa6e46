# ruff: noqa: E501 - the three languages of a text stand on one line
"""What one practises on in the handbook: one procedure that applies, to read, to find and to change."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import get_language

from documents import actions
from documents.models import Comment, Document, DraftCopy, Kind, Response, Version
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.playing import Cast, Play, register

TITLES = ("Øving: Når noen faller", "Øving: Når nokon fell", "Practice: When somebody falls")
BODIES = (
    "<h2>Slik gjør vi</h2><ol><li>Se etter skade før dere løfter.</li><li>Bruk heisen.</li><li>Meld avvik samme dag.</li></ol>",
    "<h2>Slik gjer vi</h2><ol><li>Sjå etter skade før løftet.</li><li>Bruk heisen.</li><li>Meld avvik same dag.</li></ol>",
    "<h2>What we do</h2><ol><li>Look for injuries before you lift.</li><li>Use the hoist.</li><li>Report it the same day.</li></ol>",
)


def copy(cast: Cast) -> None:
    """Types, subjects and words are those every municipality begins with."""


def lay(cast: Cast) -> None:
    language = {"nn": 1, "en": 2}.get(get_language() or "nb", 0)
    at = timezone.now() - datetime.timedelta(days=30)
    draft = actions.create_document(
        by=cast.leader, title=TITLES[language], kind=Kind.PROCEDURE, unit=cast.unit, owner=cast.leader, at=at
    )
    actions.save(version=draft, by=cast.leader, title=TITLES[language], body=BODIES[language], at=at)
    actions.send(version=draft, by=cast.leader, approver=cast.above, at=at)
    actions.approve(version=draft, by=cast.above, at=at + datetime.timedelta(days=1))


def forget(municipality: Unit) -> None:
    """What was written. Documents stay without words, since the journal refers to them."""
    documents = Document.objects.filter(level_0=municipality.pk)
    versions = Version.objects.filter(document__in=documents.values("pk"))
    DraftCopy.objects.filter(version__in=versions.values("pk")).delete()
    comments = Comment.objects.filter(document__in=documents.values("pk"))
    comments.update(text="–")
    comments.exclude(answer="").update(answer="–")
    Response.objects.filter(hearing__version__in=versions.values("pk")).update(text="–")
    versions.exclude(body="").update(body="<p>–</p>")
    versions.update(title="–", text="", change_summary="", wanted="")
    documents.update(title="–", keywords="")


register(Play(copy=copy, lay=lay, forget=forget))
