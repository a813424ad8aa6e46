"""A page through the press, in the style of everything printed; the day's earlier prints are kept."""

from __future__ import annotations

import base64
import hashlib
import time
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from kvalitetslosen.paper.press import Press
from kvalitetslosen.practice.marks import is_practice

FOLDER = "paper"  # in the storage of files
KEPT = (
    2 * 24 * 60 * 60
)  # seconds a printed copy is kept: it says the day it was printed on, so the next day it is over
_FONTS = (
    ("Inter", "fonts/inter-latin-wght-normal.woff2"),
    ("Inter Ext", "fonts/inter-latin-ext-wght-normal.woff2"),
)


def from_press(page: str, css: str, *, press: Press | None = None, original: bytes = b"") -> bytes:
    """What comes of the page, from the day's earlier prints if it is there. Printed while practising, it says so.

    What comes of a ``press`` that is given isn't kept.
    """
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


def printed_once(page: str) -> bytes:
    """What comes of a page that says the minute: it is never asked for again, so no copy of it is kept."""
    with Press() as press:
        return from_press(page, style(), press=press)


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
    bars = "".join(
        f".los-bar--{share}{{background-image:linear-gradient(90deg,#0b4845 {share}%,#fff {share}%)}}"
        for share in range(1, 101)
    )
    return faces + static_file("css/paper.css").read_text(encoding="utf-8") + bars


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
    return base64.b64encode(static_file(path).read_bytes()).decode()


def static_file(path: str) -> Path:
    """Where a file of the front end lies, collected or not."""
    if settings.STATIC_ROOT:
        return Path(settings.STATIC_ROOT) / path
    return Path(str(finders.find(path)))
