"""Who practises is somebody else for the time of a request: an invented person in an invented municipality.

So every rule about rights, lists and counts holds as it stands, and what somebody practises on is kept from the real
municipality as two municipalities are kept from each other. Which side one is on is in the session, and whose world it
is is asked anew for each page. Every page and every file that goes out is marked here, whichever view made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kvalitetslosen.csv_files import BOM, LINE_END
from kvalitetslosen.organisation.models import User, person_with_standing
from kvalitetslosen.practice.marks import is_practice
from kvalitetslosen.practice.models import Side, World

SIDE = "practice"
"""In the session: as whom the person practises, if they do."""

ALWAYS_REAL = {"/konto/"}
"""Beginnings of addresses that are never practice, filled by modules: log-in, password and sessions are one's own."""

_BODY = re.compile(rb"<body[^>]*>(?:\s*<a class=\"ds-skip-link\"[^>]*>[^<]*</a>)?")
_TITLE = re.compile(rb"<title>")
_FILE_NAME = re.compile(r"(filename=\"?|filename\*=utf-8'')", re.IGNORECASE)


def practice_of(request: HttpRequest) -> World | None:
    """Where the person practises; nothing where they don't."""
    return getattr(request, "practice", None)


def real_person(request: HttpRequest) -> User:
    """Who sits at the keyboard, practising or not."""
    return cast("User", getattr(request, "person", request.user))


class PracticeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _steps_in(request):
            return self.get_response(request)
        practising = is_practice.set(True)
        try:
            return marked(request, self.get_response(request))
        finally:
            is_practice.reset(practising)


def _steps_in(request: HttpRequest) -> bool:
    """Let the request be that of the person's part in their own world; whether they have one and are in it."""
    if request.path.startswith(tuple(ALWAYS_REAL)):
        return False
    side = request.session.get(SIDE)
    if side not in Side.values or not request.user.is_authenticated:
        return False
    person = request.user
    world = World.objects.of(person).first()
    played = person_with_standing(world.id_of(side)) if world else None
    if world is None or played is None or not played.practice:
        del request.session[SIDE]
        return False
    request.person, request.practice, request.user = person, world, played  # type: ignore[attr-defined]
    return True


def marked(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with what says that it is practice: a band on a page, a line in a list of cells, a file's name."""
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html") and isinstance(response, HttpResponse) and not response.streaming:
        response.content = _banded(request, response.content)
    elif kind.startswith("text/csv"):
        said = _("PRACTICE: invented, and counted nowhere")
        line = f"{BOM}{said}{LINE_END}".encode()
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = chain(
                [line], _without_bom(cast("Iterator[bytes]", response.streaming_content))
            )
        elif isinstance(response, HttpResponse):
            response.content = line + response.content.removeprefix(BOM.encode())
    if named := response.headers.get("Content-Disposition"):
        word = _("practice")
        response.headers["Content-Disposition"] = _FILE_NAME.sub(rf"\g<1>{word}-", named)
    return response


def _without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    for number, chunk in enumerate(chunks):
        yield chunk if number else chunk.removeprefix(BOM.encode())


def _banded(request: HttpRequest, page: bytes) -> bytes:
    """The page with the band first of all; a part of a page has none of its own."""
    found = _BODY.search(page)
    if found is None:
        return page
    side = request.session.get(SIDE, Side.EMPLOYEE)
    context = {"side": side, "other": Side.EMPLOYEE if side == Side.LEADER else Side.LEADER, "path": request.path}
    band = render_to_string("practice/band.html", context, request=request).encode()
    word = _("Practice")
    title = f"<title>{word}: ".encode()
    return _TITLE.sub(title, page[: found.end()] + band + page[found.end() :], count=1)
