"""Labels for the wall: title, number and a QR code that leads to what applies when somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language

from documents.models import Document
from documents.paper.copies import address, qr
from kvalitetslosen.paper.printing import from_press, style

ON_A_SHEET = 10
MOST = 100  # labels printed at once


@dataclass(frozen=True)
class Label:
    number: str
    title: str
    unit: str
    target: str
    code: str


def labels_of(documents: Sequence[Document], copies: int = 1) -> list[Label]:
    """So many of each, at most ``MOST`` in all."""
    made = []
    for document in documents:
        target = address(document.level_0 or 0, document.number)
        label = Label(document.number, document.title, document.unit.name, target.partition("://")[2], qr(target))
        made += [label] * copies
    return made[:MOST]


def context_of(labels: Sequence[Label]) -> dict[str, object]:
    return {"labels": labels, "language": get_language()}


def printed(labels: Sequence[Label]) -> bytes:
    """The sheets as PDF, in the active language. Raises ``Unprintable``."""
    return from_press(render_to_string("documents/paper/labels.html", context_of(labels)), style())
