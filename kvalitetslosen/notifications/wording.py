"""A municipality's own words for a mail: plain text with a few named places to be filled in.

Nothing of it is a template. Each message says by name which of its facts may be written; whatever else stands in
braces is refused when it is saved, and a value that has braces in it is never read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

EMPTY = "–"
LINK = "link"
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Placeholder:
    """A fact of a message that the municipality may write into its own words: `{frist}`."""

    fact: str  # its name in the message's context
    nb: str
    nn: str
    en: str
    example: Callable[[], Any]  # an invented value, in the active language

    def name(self, language: str) -> str:
        """What it is called in texts of the language. Stored with the texts, so never changed."""
        return {"nb": self.nb, "nn": self.nn}.get(language, self.en)


THE_LINK = Placeholder(LINK, "lenke", "lenkje", "link", lambda: "")


@dataclass(frozen=True)
class Wording:
    """What a municipality says instead of the standard text in one language; empty where it keeps that."""

    subject: str = ""
    body: str = ""


def unknown(text: str, names: Iterable[str]) -> list[str]:
    """What stands in braces and isn't one of the names, as it is written; a brace alone is unknown too."""
    known = set(names)
    strange = [match[0] for match in _PLACE.finditer(text) if match[1] not in known]
    rest = _PLACE.sub("", text)
    return [*strange, *(brace for brace in "{}" if brace in rest)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each known name replaced by its value, once; what isn't known stays as it stands."""
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), text)


def values_of(placeholders: Iterable[Placeholder], context: Mapping[str, Any], language: str) -> dict[str, str]:
    """By name, what may be filled in: of the context only the facts that are named, never the rest."""
    return {each.name(language): str(context.get(each.fact, "")).strip() or EMPTY for each in placeholders}
