"""The field in which people send files."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.files.kinds import ACCEPT, MAX_FILES, MAX_SIZE
from kvalitetslosen.files.uploads import Examined, examine, megabytes
from kvalitetslosen.ui.dates import in_words
from kvalitetslosen.ui.forms import FilesField, FilesInput


def _limits(max_files: int) -> SafeString:
    """What may be sent, said before it is sent: the numbers in a line, the rest for who asks."""
    short = ngettext(
        "At most one file of %(size)s MB.", "At most %(count)s files of %(size)s MB.", max_files
    ) % {"count": in_words(max_files), "size": megabytes(MAX_SIZE)}  # fmt: skip
    more = gettext(
        "Photos, PDF, Word, Excel, text and sound. What a file tells by itself about writer, place and time is "
        "removed; a PDF may keep it."
    )
    return format_html(
        '{} <details class="los-aside"><summary>{}</summary>{}</details>', short, gettext("Which files?"), more
    )


limits = lazy(_limits, SafeString)


class MultipleFileField(FilesField):
    """Zero or more files, each looked at (``uploads.examine``). Cleans to what ``actions.attach_all`` takes.

    A telephone offers its camera beside its pictures; ``camera`` goes straight to the camera. Every file that is
    refused is named with what to do about it, and the rest of the form stays. The form's tag needs
    ``enctype="multipart/form-data"``.
    """

    default_error_messages = {
        "too_many": _("Send at most %(limit)s files at a time; you chose %(count)s."),
    }

    def __init__(self, *, max_files: int = MAX_FILES, camera: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(accept=ACCEPT, camera=camera))
        kwargs.setdefault("help_text", limits(max_files))
        super().__init__(**kwargs)
        self.max_files = max_files

    def clean(self, data: Any, initial: Any = None) -> list[Examined]:  # type: ignore[override]
        given: list[UploadedFile[bytes]] = [
            each for each in (data if isinstance(data, list | tuple) else [data]) if isinstance(each, UploadedFile)
        ]
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(given) > self.max_files:
            params = {"limit": in_words(self.max_files), "count": len(given)}
            raise ValidationError(self.error_messages["too_many"], code="too_many", params=params)
        examined, refusals = [], []
        for upload in given:
            try:
                examined.append(examine(upload))
            except ValidationError as refusal:
                refusals.append(refusal)
        if refusals:
            refusals.append(
                ValidationError(gettext("Choose the files again; the rest of what you wrote is still here."))
            )
            raise ValidationError(refusals)
        return examined
