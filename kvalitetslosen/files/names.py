"""The name a file is shown and handed out under."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

MAX_LENGTH = 100

_UNSAFE = re.compile(r'[<>:"|?*]')


def harmless(name: str) -> str:
    """The name without path, control characters and marks that turn the direction of writing; may be empty."""
    name = unicodedata.normalize("NFC", name)
    name = name.replace("\\", "/").rpartition("/")[2]
    # Cc control, Cf format (writing direction, zero width), Cs, Co and Cn: no character at all; Zl, Zp: line breaks.
    kept = (" " if each.isspace() else each for each in name if unicodedata.category(each) not in _DROPPED)
    return " ".join(_UNSAFE.sub("_", "".join(kept)).split()).strip(". ")


_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def split(name: str) -> tuple[str, str]:
    """Name and ending, the ending with its dot and in small letters; ``.profile`` and ``2. mai`` have none."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not ending.isalnum() or len(ending) > 5:
        return name, ""
    return stem, f".{ending.lower()}"


def shown(name: str, ending: str) -> str:
    """The harmless name with the ending that the content asks for, at most ``MAX_LENGTH`` characters."""
    stem = split(name)[0].strip(". ") or _("file")
    return f"{stem[: MAX_LENGTH - len(ending)].rstrip('. ')}{ending}"
