"""The visit of somebody who has shown a code: a signed mark in a cookie of its own, which knows no person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

Response = TypeVar("Response", bound=HttpResponseBase)

LASTS = 20 * 60  # seconds after the last page


@dataclass(frozen=True)
class Door:
    """Where codes of one kind are asked for. The cookie is sent to the pages below it only."""

    url_name: str
    cookie: str
    salt: str

    def let_in(self, response: Response, visit: uuid.UUID) -> Response:
        """Let the visit last from now on."""
        response.set_cookie(
            self.cookie,
            signing.TimestampSigner(salt=self.salt).sign(str(visit)),
            max_age=LASTS,
            path=reverse(self.url_name),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response

    def visit(self, request: HttpRequest) -> uuid.UUID | None:
        """The mark the browser holds, if it is ours and not too old."""
        signer = signing.TimestampSigner(salt=self.salt)
        try:
            return uuid.UUID(signer.unsign(request.COOKIES.get(self.cookie, ""), max_age=LASTS))
        except (signing.BadSignature, ValueError):
            return None

    def out(self) -> HttpResponse:
        """Back to where the code is asked for."""
        response = redirect(self.url_name)
        response.delete_cookie(self.cookie, path=reverse(self.url_name), samesite="Strict")
        return response
