"""The Content-Security-Policy of every answer."""

import re
from collections.abc import Callable

import pytest
from csp.constants import HEADER
from csp.decorators import csp_update
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kvalitetslosen.content_policy import ContentPolicyMiddleware


def page_without_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse("text")


def page_with_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f'<script nonce="{request.csp_nonce}"></script>')  # type: ignore[attr-defined]


@csp_update({"frame-src": ["'self'"]})
def page_of_its_own_kind(request: HttpRequest) -> HttpResponse:
    return HttpResponse("text")


def directives(header: str) -> dict[str, str]:
    """By name: their order means nothing, and a nonce is never the same twice."""
    parts = (part.strip().partition(" ") for part in re.sub(r"'nonce-[^']+'", "'nonce-'", header).split(";"))
    return {name: values for name, _, values in parts}


def answer(middleware: CSPMiddleware, request: HttpRequest | None = None) -> HttpResponse:
    made = middleware(request or RequestFactory().get("/"))
    assert isinstance(made, HttpResponse)
    return made


@pytest.mark.parametrize("page", [page_without_script, page_with_script, page_of_its_own_kind])
def test_the_header_is_the_one_django_csp_makes(page: Callable[[HttpRequest], HttpResponse]) -> None:
    ours = answer(ContentPolicyMiddleware(page))[HEADER]
    theirs = answer(CSPMiddleware(page))[HEADER]
    assert directives(ours) == directives(theirs)


def test_nothing_foreign_and_nothing_inline() -> None:
    header = answer(ContentPolicyMiddleware(page_with_script))[HEADER]
    policy = directives(header)
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' 'nonce-'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in header
    assert "http" not in header


def test_the_nonce_on_the_page_is_the_one_in_the_header_and_never_the_same() -> None:
    middleware = ContentPolicyMiddleware(page_with_script)
    seen = set()
    for _ in range(3):
        page = answer(middleware)
        nonce = re.search(r'nonce="([^"]+)"', page.content.decode())
        assert nonce is not None
        assert f"'nonce-{nonce[1]}'" in page[HEADER]
        seen.add(nonce[1])
    assert len(seen) == 3


def test_a_nonce_asked_for_too_late_is_an_error() -> None:
    request: HttpRequest = RequestFactory().get("/")
    answer(ContentPolicyMiddleware(page_without_script), request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)  # type: ignore[attr-defined]
