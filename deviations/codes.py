"""The code by which somebody without a name comes back to their case.

It is shown once and kept nowhere: the case has only its keyed hash. It follows from the key of the form it was sent
with, so that the same form sent twice shows the same code, and that key isn't kept either: what the case has as its
own key follows from it the same way, and leads back to neither.
"""

from __future__ import annotations

import base64
import hmac
import re
import uuid
from typing import NamedTuple

from django.conf import settings

GROUPS, IN_GROUP = 4, 4
BYTES = GROUPS * IN_GROUP * 5 // 8  # five bits a character: 80 in all

# Crockford's alphabet has no I, L, O and U. What is easily read as another character is taken for that one.
_OURS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_MISREAD = str.maketrans("OILU", "011V")


class Issued(NamedTuple):
    """What follows from the key of one form."""

    code: str
    row: uuid.UUID  # the case's own key
    hash: str


def issue(seed: uuid.UUID) -> Issued:
    code = base64.b32encode(_keyed("code", str(seed))[:BYTES]).decode().translate(_OURS)
    return Issued(grouped(code), uuid.UUID(bytes=_keyed("row", str(seed))[:16], version=4), hash_of(code))


def grouped(code: str) -> str:
    """As people write it down: four groups of four."""
    return "-".join(code[start : start + IN_GROUP] for start in range(0, len(code), IN_GROUP))


def hash_of(typed: str) -> str:
    """What is kept of a code, of whatever was typed: case, spaces, dashes and misread characters don't matter."""
    plain = re.sub(r"[^0-9A-Z]", "", typed[:200].upper()).translate(_MISREAD)
    return _keyed("hash", plain).hex()


def _keyed(what: str, text: str) -> bytes:
    """By the journal's key, which is never changed: a new ``SECRET_KEY`` must shut nobody out of their case."""
    return hmac.digest(settings.JOURNAL_KEY.encode(), f"case code, {what}: {text}".encode(), "sha256")
