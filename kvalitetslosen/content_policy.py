"""The Content-Security-Policy header, without making its text anew for each answer."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NONCE = "{nonce}"


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's middleware, which still serves answers that ask for a policy of their own.

    All other answers differ by the nonce alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._without_nonce = build_policy()
        self._with_nonce = build_policy(nonce=_NONCE)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(name.startswith("_csp_") for name in response.__dict__):
            return super().process_response(request, response)
        request_attributes: dict[str, Any] = request.__dict__
        nonce = request_attributes.get("_csp_nonce")
        if nonce is None:
            # Too late for a nonce from here on; using one fails loudly instead of being refused by the browser.
            request_attributes["csp_nonce"] = CheckableLazyObject(self._csp_nonce_post_response)
            response.headers.setdefault(HEADER, self._without_nonce)
        else:
            response.headers.setdefault(HEADER, self._with_nonce.replace(_NONCE, nonce))
        return response
