"""Files are handed out here and nowhere else, by the rule of what they belong to.

``handed_out`` is also for the one other door: that of whoever shows a case's code.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

import structlog
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kvalitetslosen.files.kinds import JPEG, TEXT
from kvalitetslosen.files.models import Attachment

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User

logger = structlog.get_logger(__name__)

# Whatever a browser takes the content for, it may run nothing, load nothing and be framed by nobody.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@require_safe
def file(request: HttpRequest, key: UUID) -> FileResponse:
    return handed_out(_seen(request, key), part=request.headers.get("Range", ""))


@require_safe
def thumbnail(request: HttpRequest, key: UUID) -> FileResponse:
    return handed_out(_seen(request, key), small=True)


def _seen(request: HttpRequest, key: UUID) -> Attachment:
    """The file, if the person may see what it belongs to. Anything else looks as if there were no file."""
    attachment = get_object_or_404(Attachment, key=key)
    if not attachment.is_visible_to(cast("User", request.user)):
        raise Http404
    return attachment


def handed_out(attachment: Attachment, *, small: bool = False, part: str = "") -> FileResponse:
    """The file, to somebody who may have it: that is asked before.

    ``part`` is the Range header (RFC 9110 section 14): some telephones play no recording they can't get in parts.
    """
    if not small:
        response = _sent(attachment, attachment.open, attachment.content_type)
        return _part_of(response, attachment.size, part) if attachment.kind.is_sound else response
    if not attachment.has_preview:
        raise Http404
    return _sent(attachment, attachment.open_thumbnail, JPEG.content_type)


_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def _part_of(response: FileResponse, size: int, asked: str) -> FileResponse:
    """The one part of a recording that is asked for. What isn't understood gets the whole, as the standard has it."""
    response["Accept-Ranges"] = "bytes"
    found = _RANGE.fullmatch(asked)
    if found is None:
        return response
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if first > last:
        return response
    content = cast("BinaryIO", response.file_to_stream)
    content.seek(first)
    part = io.BytesIO(content.read(last - first + 1))
    content.close()
    response.streaming_content = part
    response.status_code = 206
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _sent(attachment: Attachment, open_bytes: Callable[[], BinaryIO], content_type: str) -> FileResponse:
    try:
        content = open_bytes()
    except FileNotFoundError:
        logger.error("files.missing", attachment=attachment.pk)
        raise Http404 from None
    shown = attachment.kind.opens_in_page
    spoken = "text/plain; charset=utf-8" if content_type == TEXT.content_type else content_type
    response = FileResponse(content, as_attachment=not shown, filename=attachment.name, content_type=spoken)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
