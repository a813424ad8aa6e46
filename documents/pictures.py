"""Pictures in a text: drawn anew before they are kept, no larger than a page shows them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from documents.html import MAX_LENGTH
from kvalitetslosen.files import pictures

SIDE = 1200  # pixels
MOST_AT_ONCE = 40  # of a text's new pictures, each of which takes a part of a second to draw
REMEMBERED = 60 * 60 * 24  # seconds that a picture is known to be drawn here

_SOURCE = re.compile(r'<img\b[^<>]*?\bsrc="(data:image/[a-z]+;base64,([A-Za-z0-9+/=\s]+))"')
_UNREADABLE = _("One of the pictures can't be read. Take it out, and put it in again as PNG or JPEG.")
_TOO_MANY = _("More than %(limit)s new pictures at a time are too many. Save some of them first.")


def drawn(data: bytes) -> str:
    """The picture as an address with the picture in it. Raises ``Unreadable`` and ``TooManyPixels``."""
    picture = pictures.redraw(data)
    data = picture.data
    if max(picture.width, picture.height) > SIDE:
        with Image.open(io.BytesIO(data)) as large:
            large.thumbnail((SIDE, SIDE))
            smaller = io.BytesIO()
            large.save(smaller, large.format or "PNG")
            data = smaller.getvalue()
    source = f"data:{picture.kind.content_type};base64,{base64.b64encode(data).decode()}"
    cache.set(_key(source), 1, REMEMBERED)
    return source


def redrawn(html: str, *, known: str = "") -> str:
    """The text with its new pictures drawn anew; those in the text it had, or drawn here lately, stay as they are.

    Raises ``ValidationError`` for what is no picture, and for too many at once.
    """
    if len(html) > MAX_LENGTH:
        return html  # more than a document holds: cleaning says so
    sources = {match[1]: match[2] for match in _SOURCE.finditer(html)}
    new = {source: data for source, data in sources.items() if source not in known and not cache.get(_key(source))}
    if len(new) > MOST_AT_ONCE:
        raise ValidationError(_TOO_MANY, code="pictures", params={"limit": MOST_AT_ONCE})
    for source, data in new.items():
        try:
            again = drawn(base64.b64decode("".join(data.split()), validate=True))
        except (binascii.Error, pictures.Unreadable, pictures.TooManyPixels):
            raise ValidationError(_UNREADABLE, code="picture") from None
        html = html.replace(source, again)
    return html


def _key(source: str) -> str:
    return f"documents.drawn:{hashlib.sha256(source.encode()).hexdigest()}"
