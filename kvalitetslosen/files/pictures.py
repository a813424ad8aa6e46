"""Pictures are decoded and drawn anew, so that nothing comes along but what one can see."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from kvalitetslosen.files.kinds import JPEG, PNG, Kind

MAX_SIDE = 2560  # pixels, as stored
THUMBNAIL_SIDE = 320
# Pixels as sent, by how much memory decoding takes: JPEG is shrunk while it is read.
MAX_PIXELS = {"JPEG": 64_000_000, "PNG": 32_000_000, "WEBP": 32_000_000}
_QUALITY = 85
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error, OverflowError)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unreadable(Exception):
    """It begins as a picture, but can't be read as one."""


class TooManyPixels(Exception):
    """More than a telephone's camera gives; decoding it would take the server's memory."""


@dataclass(frozen=True)
class Picture:
    kind: Kind
    data: bytes
    thumbnail: bytes  # JPEG
    width: int
    height: int


def redraw(data: bytes) -> Picture:
    """The picture upright, at most ``MAX_SIDE`` wide and high, without EXIF, place, comments or anything hidden in it.

    Of an animation the first frame. Raises ``Unreadable`` and ``TooManyPixels``.
    """
    try:
        with Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS)) as source:
            if source.width * source.height > MAX_PIXELS[source.format or ""]:
                raise TooManyPixels
            source.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            upright = ImageOps.exif_transpose(source)
            return _saved(upright, source.format or "")
    except _BOMBS as error:
        raise TooManyPixels from error
    except _BROKEN as error:
        raise Unreadable from error


def _saved(image: Image.Image, sent_as: str) -> Picture:
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    drawing = sent_as == "PNG" or transparent
    clean = _copy(image.convert("RGBA" if transparent else "RGB"))
    stored = io.BytesIO()
    if drawing:
        clean.save(stored, "PNG")
    else:
        clean.save(stored, "JPEG", quality=_QUALITY)
    small = clean.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    if transparent:
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small)
        small = paper
    thumbnail = io.BytesIO()
    small.save(thumbnail, "JPEG", quality=_QUALITY)
    return Picture(PNG if drawing else JPEG, stored.getvalue(), thumbnail.getvalue(), clean.width, clean.height)


def _copy(image: Image.Image) -> Image.Image:
    """The pixels in a new image: one that was opened carries notes that Pillow writes along when saving."""
    new = Image.new(image.mode, image.size)
    new.paste(image)
    return new
