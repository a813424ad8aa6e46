"""The paper copy of a version: what it is, since when, until when one may trust it, and where to look again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from documents import links
from documents.html import shown
from documents.lifecycle import ONCE_IN_FORCE, State
from documents.models import Version
from kvalitetslosen.files.models import files_of
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.paper.press import Press
from kvalitetslosen.paper.printing import across, from_press, style

# Small words that only one of the two languages has.
_BOKMAL = frozenset(["ikke", "en", "fra", "jeg", "hva", "hvem", "hvis", "være", "noe", "noen", "de", "også"])
_NYNORSK = frozenset(["ikkje", "ein", "frå", "eg", "kva", "kven", "dersom", "vere", "noko", "nokon", "dei", "òg"])
_WORD = re.compile(r"\w+")
_READ = 20_000  # characters that are enough to tell


def language_of(text: str) -> str:
    """nb or nn, whichever the text has more of: what reads it aloud must know."""
    words = _WORD.findall(text[:_READ].casefold())
    nynorsk = sum(word in _NYNORSK for word in words)
    return "nn" if nynorsk > sum(word in _BOKMAL for word in words) else "nb"


def address(municipality_id: int, number: str, label: str = "") -> str:
    """The short address a QR code leads to: of what applies when somebody looks, with which version they hold."""
    if label:
        path = reverse("paper:scanned_copy", args=[municipality_id, number, label])
    else:
        path = reverse("paper:scanned", args=[municipality_id, number])
    return f"{settings.SITE_URL}{path}"


def qr(target: str) -> str:
    """The code as a picture that can stand in a page by itself (a ``data:`` address)."""
    made: str = segno.make_qr(target, error="m").svg_data_uri(border=0, xmldecl=False, svgns=True, dark="#000")
    return made


def mark_of(version: Version) -> str:
    """What stands across each page of a version that isn't in force, in the active language."""
    if version.state == State.IN_FORCE:
        return ""
    if version.state in ONCE_IN_FORCE:
        return gettext("REPLACED") if version.state == State.REPLACED else gettext("WITHDRAWN")
    return gettext("NOT IN FORCE YET") if version.state == State.SCHEDULED else gettext("DRAFT")


def context_of(version: Version, municipality: str) -> dict[str, Any]:
    """What the page of a copy says, in the active language."""
    document = version.document
    target = address(document.level_0 or 0, document.number, version.label)
    return {
        "version": version,
        "document": document,
        "municipality": municipality,
        "language": translation.get_language(),
        "shown": shown(version.body, links.targets_for_all(document, version.body)),
        "attachments": [each.name for each in files_of(version)],
        "mark": mark_of(version),
        "today": timezone.localdate(),
        "qr": qr(target),
        "target": target.partition("://")[2],
    }


def municipality_of(version: Version) -> str:
    return Unit.objects.values_list("name", flat=True).get(pk=version.document.level_0 or 0)


def printed(version: Version, *, municipality: str, press: Press | None = None, original: bytes = b"") -> bytes:
    """The copy as PDF, in the language of the text; of a version kept as a PDF, a front page and then that one.

    Printed once a day and version, as long as nothing on it changes. Raises ``Unprintable``.
    """
    with translation.override(language_of(version.text)):
        context = context_of(version, municipality)
        page = render_to_string("documents/paper/copy.html", context)
        css = style() + across(context["mark"])
    return from_press(page, css, press=press, original=original)


def file_name(version: Version) -> str:
    """What the copy is called when it is saved: «P-0012 Fall i hjemmet 2.1.pdf»."""
    parts: Mapping[str, None] = dict.fromkeys([version.document.number, version.title, version.label])
    return re.sub(r"[^\w .()-]+", " ", " ".join(part for part in parts if part)).strip()[:110] + ".pdf"
