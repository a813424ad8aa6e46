"""A page as a PDF to print and keep, handed out; where none can be made, the page itself to print from the browser."""

from __future__ import annotations

from typing import Any, TypeVar

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from kvalitetslosen.paper.press import PACKAGES, Unprintable
from kvalitetslosen.paper.printing import printed_once

logger = structlog.get_logger(__name__)

# A PDF is shown by the browser's own reader, which a sandboxed page may not start; it may load nothing.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"

R = TypeVar("R", bound=HttpResponseBase)


def guarded(answer: R) -> R:
    """A PDF as a browser may show it: kept by nobody, framed by nobody, taken for nothing else."""
    answer["Content-Security-Policy"] = PDF_POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def handed_out(pdf: bytes, name: str) -> HttpResponse:
    """The PDF, to be read in the browser. ``name``: the file's, with its ending."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return guarded(answer)


def on_paper(request: HttpRequest, template: str, context: dict[str, Any], *, name: str, back: str) -> HttpResponse:
    """The template on paper. ``name``: the file's, without its ending. ``back``: where the page leads back to.

    The template has ``printed`` and ``language`` besides, and ``is_page`` where it is shown instead.
    """
    context = {"printed": timezone.localtime(), "language": get_language(), "is_page": False, "back": back, **context}
    try:
        pdf = printed_once(render_to_string(template, context))
    except Unprintable as error:
        logger.warning("paper.unprintable", code=error.code)
        packages = ", ".join(PACKAGES) if error.code == "missing" else ""
        return render(request, template, {**context, "is_page": True, "packages": packages})
    return handed_out(pdf, f"{name}.pdf")
