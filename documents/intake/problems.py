"""Why a file of an import isn't taken in, by name: kept with its row, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Problem(Exception):
    """Why a file isn't taken in: a name below, and what its sentence says."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


_SENTENCES: dict[str, _StrOrPromise] = {
    "archive": _("“%(name)s” is a zip inside the zip. Unpack it, and take its files in by themselves."),
    "identity_number": _("The file's name looks as if it has an identity number in it. Rename the file."),
    "twin": _("The same file as “%(other)s”."),
    "broke": _("“%(name)s” could not be read, though it was tried several times. Save it anew, and try again."),
    "no_title": _("Write what the document is called."),
    "no_unit": _("Say which unit the document is from."),
    "no_type": _("Choose what kind of document it is."),
    "not_yours": _("You may not write for the unit. Choose another, or ask a leader."),
    "reach": _("It would apply where you don't answer for it. Choose another unit or reach."),
    "being_written": _(
        "%(person)s is writing a new version of “%(title)s”. Take this one in when that is finished or discarded."
    ),
    "not_your_document": _(
        "“%(title)s” has the same number or title, and others write it. Give this one another number and title, or "
        "leave it out."
    ),
    "gone": _("The files are no longer here. Take them in anew."),
}


def in_words(code: str, name: str, data: Mapping[str, Any]) -> str:
    from documents.intake.conversion import refusal_in_words

    if code in _SENTENCES:
        return str(_SENTENCES[code]) % {"name": name, "person": "", "title": "", "other": "", **data}
    return refusal_in_words(code, name)
