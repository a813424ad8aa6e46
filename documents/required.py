"""What a type of document can ask for before a draft is sent: a name, its words, and how to tell that it is missing.

A module adds its own when it is imported:

    register("laws", Required(_("Laws it builds on"), lambda version: not version.document.laws.exists()))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from documents.models import Version

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Required(NamedTuple):
    label: _StrOrPromise
    is_missing: Callable[[Version], bool]


_registered: dict[str, Required] = {}


def register(name: str, required: Required) -> None:
    """Add what types can ask for. The name is stored in the types that do: it stays."""
    _registered[name] = required


def choices() -> list[tuple[str, _StrOrPromise]]:
    return [(name, each.label) for name, each in _registered.items()]


def missing(version: Version, names: Iterable[str]) -> list[str]:
    """The words for what the version lacks of what is asked for; a name nobody knows any more asks for nothing."""
    asked = (_registered[name] for name in names if name in _registered)
    return [str(each.label) for each in asked if each.is_missing(version)]


register("keywords", Required(_("Keywords"), lambda version: not version.document.keywords))
