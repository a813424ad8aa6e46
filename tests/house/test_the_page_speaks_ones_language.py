import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from kvalitetslosen.language import LanguageMiddleware
from kvalitetslosen.organisation.models import User


def language_for(user: User | AnonymousUser, browser: str = "", cookie: str = "") -> str:
    request = RequestFactory().get("/", headers={"accept-language": browser} if browser else {})
    request.user = user
    if cookie:
        request.COOKIES["django_language"] = cookie
    seen: list[str] = []

    def page(request: object) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    answer = LanguageMiddleware(page)(request)
    assert answer["Content-Language"] == seen[0]
    assert "Accept-Language" in answer["Vary"]
    return seen[0]


def test_ones_own_choice_comes_first() -> None:
    assert language_for(User(language="nn"), browser="en", cookie="en") == "nn"


@pytest.mark.parametrize(
    ("browser", "expected"),
    [("no", "nb"), ("no-NO,en;q=0.8", "nb"), ("nn-NO,nb;q=0.5", "nn"), ("en-GB", "en"), ("de,fr", "nb"), ("", "nb")],
)
def test_a_stranger_gets_the_browsers(browser: str, expected: str) -> None:
    assert language_for(AnonymousUser(), browser=browser) == expected


def test_the_cookie_of_the_language_choice_beats_the_browser() -> None:
    assert language_for(AnonymousUser(), browser="no", cookie="nn") == "nn"
