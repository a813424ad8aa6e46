"""One log line a request, telling nothing about who asked.

Whoever reads the log must not be able to find the reporter who hid their name. So there is no user, no address, no
browser, no query string, and not even the path: `avvik/<ref>/` is logged instead of the case's own number.
"""

import logging
import re
import secrets
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

logger = structlog.get_logger(__name__)

WATCHED = {"healthz", "readyz"}
"""Asked every few seconds by whatever watches over the machine; only the bad answers are worth a line."""

UNTOLD: set[str] = set()
"""Beginnings of routes whose visits leave no line, filled by modules: when somebody was there would say who.

Faults of the product itself (500 and up) are told, without the route.
"""

# PostgreSQL repeats the whole refused row after its error, free text and all.
_ROW_VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_row_values(
    logger: Any, method_name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drops what a database error says about the row it refused."""
    for name in ("exception", "event"):
        if isinstance(text := event_dict.get(name), str):
            event_dict[name] = _ROW_VALUES.sub(r"\1: (left out)", text)
    return event_dict


class RequestLogMiddleware(RequestMiddleware):
    """Gives each request an id, which every line logged on its way carries, and logs how it ended."""

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.prepare(request)
        response = cast("HttpResponse", self.get_response(request))
        self.handle_response(request, response)
        return response

    def prepare(self, request: HttpRequest) -> None:
        request_id = request.META.get("HTTP_X_REQUEST_ID", "")
        if not re.fullmatch(r"[0-9A-Za-z-]{8,64}", request_id):
            request_id = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=request_id)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Logs the ordinary end of a request. The rest, errors and streams, is the parent's, which does much more."""
        match, code = request.resolver_match, response.status_code
        went_well = code < HTTPStatus.INTERNAL_SERVER_ERROR and not hasattr(request, "_raised_exception")
        if match and match.route.startswith(tuple(UNTOLD)) and went_well:
            structlog.contextvars.clear_contextvars()
            return
        if response.streaming or hasattr(request, "_raised_exception"):
            super().handle_response(request, response)
            return
        if not (match and match.route in WATCHED and code == HTTPStatus.OK):
            level = logging.INFO if code < 400 else logging.WARNING if code < 500 else logging.ERROR
            logger.log(level, "request_finished", request=self.format_request(request), code=code)
        structlog.contextvars.clear_contextvars()

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        if match and match.route.startswith(tuple(UNTOLD)):
            return "(a sealed page)"
        return f"{request.method} /{match.route}" if match else f"{request.method} (no such page)"
