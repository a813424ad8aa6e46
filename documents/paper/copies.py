"""The paper copy of a version: what it is, since when, until when one may trust it, and where to look again."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from documents import links
from documents.html import shown
from documents.lifecycle import ONCE_IN_FORCE, State
from documents.models import Version
from documents.paper.press import Press
from kvalitetslosen.files.models import files_of
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.marks import is_practice

FOLDER = "paper"  # in the storage of files
KEPT = (
    2 * 24 * 60 * 60
)  # seconds a printed copy is kept: it says the day it was printed on, so the next day it is over
_FONTS = (
    ("Inter", "fonts/inter-latin-wght-normal.woff2"),
    ("Inter Ext", "fonts/inter-latin-ext-wght-normal.woff2"),
)
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


def from_press(page: str, css: str, *, press: Press | None = None, original: bytes = b"") -> bytes:
    """What comes of the page, from the day's earlier prints if it is there. Printed while practising, it says so."""
    if is_practice.get():
        css += across(gettext("PRACTICE"))
    made_of = hashlib.sha256(b"\0".join((page.encode(), css.encode(), hashlib.sha256(original).digest()))).hexdigest()
    name = f"{FOLDER}/{made_of}.pdf"
    try:
        with default_storage.open(name) as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        pass
    if press is not None:
        pdf = press.print(page, css, base=settings.SITE_URL, followed_by=original)
    else:
        with Press() as alone:
            pdf = alone.print(page, css, base=settings.SITE_URL, followed_by=original)
        default_storage.save(name, ContentFile(pdf))
    return pdf


def clear_old() -> int:
    """Remove the copies of earlier days; how many there were."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    old = [each for each in folder.glob("*.pdf") if each.stat().st_mtime < time.time() - KEPT]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


@cache
def style() -> str:
    """The style of everything printed, with its fonts in it."""
    faces = "".join(
        f'@font-face{{font-family:"{name}";font-weight:100 900;src:url(data:font/woff2;base64,{_as_text(path)})}}'
        for name, path in _FONTS
    )
    return faces + _static("css/paper.css").read_text(encoding="utf-8")


def across(mark: str) -> str:
    """The style that writes a word across each page, behind the text; none for no word."""
    if not mark:
        return ""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210mm" height="297mm">'
        '<text x="105" y="160" transform="rotate(-52 105 148)" text-anchor="middle" fill="#e2e2e2" '
        f'font-family="Inter" font-weight="800" font-size="{min(42, 340 // len(mark))}">{mark}</text></svg>'
    )
    data = base64.b64encode(drawn.encode()).decode()
    return f"@page{{background:url(data:image/svg+xml;base64,{data}) center/100% no-repeat}}"


def _as_text(path: str) -> str:
    return base64.b64encode(_static(path).read_bytes()).decode()


def _static(path: str) -> Path:
    """Where a file of the front end lies, collected or not."""
    if settings.STATIC_ROOT:
        return Path(settings.STATIC_ROOT) / path
    return Path(str(finders.find(path)))


def file_name(version: Version) -> str:
    """What the copy is called when it is saved: «P-0012 Fall i hjemmet 2.1.pdf»."""
    parts: Mapping[str, None] = dict.fromkeys([version.document.number, version.title, version.label])
    return re.sub(r"[^\w .()-]+", " ", " ".join(part for part in parts if part)).strip()[:110] + ".pdf"
