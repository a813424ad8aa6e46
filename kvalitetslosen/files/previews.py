"""The first page of a PDF as a small picture, drawn in the background.

It lies beside the file as a photo's thumbnail does, and goes out by the same rule and the same doors. Only what was
let in is drawn: where a virus scanner is set up, that is what it has found clean.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kvalitetslosen.files import pdf_page, pictures, store
from kvalitetslosen.files.models import NO_PREVIEW, Attachment

AT_A_TIME, PATIENCE = 20, 20  # files; seconds for each


def draw_waiting() -> int:
    """Draw those that wait, the newest first: how many were tried. What can't be drawn isn't tried again."""
    rows = list(Attachment.objects.waiting_for_preview().order_by("-pk")[:AT_A_TIME])
    for row in rows:
        draw(row)
    return len(rows)


def draw(attachment: Attachment) -> bool:
    """Draw the one, and note how large it became, or that there is nothing to show."""
    try:
        with attachment.open() as file:
            data = file.read()
    except FileNotFoundError:
        data = b""
    picture = first_page(data) if data else None
    width, height = (picture.width, picture.height) if picture else NO_PREVIEW
    if picture:
        store.put_small(attachment.stored_as, picture.thumbnail)
    told = Attachment.objects.filter(pk=attachment.pk).update(width=width, height=height)
    if not told and not Attachment.objects.filter(stored_as=attachment.stored_as).exists():
        store.remove(attachment.stored_as)  # it was deleted meanwhile, and so is its picture
    return picture is not None


def first_page(data: bytes) -> pictures.Picture | None:
    """What the other process has drawn, drawn anew here; nothing where it failed, was too slow or too greedy."""
    try:
        drawn = subprocess.run(  # noqa: S603 - our own file, with our own interpreter
            [sys.executable, "-I", str(Path(pdf_page.__file__))],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        )
        return pictures.redraw(drawn.stdout)
    except (subprocess.SubprocessError, OSError, pictures.Unreadable, pictures.TooManyPixels):
        return None
