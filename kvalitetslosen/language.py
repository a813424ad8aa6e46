"""Which language a page is in: the person's own choice, else the cookie's, else the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


def language_of(request: HttpRequest) -> str:
    """The code of a language in `LANGUAGES`. Browsers that only say "no" mean bokmål."""
    if request.user.is_authenticated:
        return request.user.language or settings.LANGUAGE_CODE
    if request.headers.get("accept-language", "").lower().startswith("no") and (
        settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
    ):
        return "nb"
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        translation.activate(language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response
