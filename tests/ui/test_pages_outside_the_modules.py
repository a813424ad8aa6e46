import gzip
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui import registry
from kvalitetslosen.ui.context import Page
from tests.people import World

Login = Callable[[User], Client]


def read(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.django_db
def test_the_accessibility_statement_is_open_to_all() -> None:
    response = Client().get("/tilgjengelighet/")
    assert response.status_code == 200
    assert read(response).find(id="feedback")


@pytest.mark.django_db
def test_the_accessibility_statement_refuses_posts() -> None:
    assert Client().post("/tilgjengelighet/").status_code == 405


@pytest.mark.django_db
def test_the_page_of_components_is_there_in_a_trial_only(settings: Any) -> None:
    assert Client().get("/stil/").status_code == 200
    settings.DEMO = settings.DEBUG = False
    assert Client().get("/stil/").status_code == 404


def test_every_page_leads_to_the_statement_and_to_the_other_languages(world: World, login: Login) -> None:
    soup = read(login(world.nora).get("/tilgjengelighet/"))
    assert soup.footer.find("a", href="/tilgjengelighet/")
    assert {button["value"] for button in soup.find_all("button", {"name": "language"})} == {"nb", "nn", "en"}
    assert soup.find("button", {"name": "language", "aria-pressed": "true"})["value"] == soup.html["lang"]
    assert soup.find("a", {"class": "ds-skip-link"})["href"] == "#main"


def test_the_frame_is_light(world: World, login: Login) -> None:
    empty = gzip.compress(login(world.leif).get("/tilgjengelighet/").content)
    assert len(empty) < 5000, "with the page's own content it must stay under 10 kB"


def test_a_page_says_who_one_is_and_lets_one_out(world: World, login: Login) -> None:
    soup = read(login(world.nora).get("/tilgjengelighet/"))
    assert "Nora Nygård" in soup.header.get_text()
    assert soup.find("button", formaction="/konto/logout/")
    assert soup.find("a", href="/konto/password/change/")
    assert soup.find("a", href="/konto/okter/")


def entry(label: str, url_name: str, order: int, **more: Any) -> registry.MenuEntry:
    return registry.MenuEntry(label, url_name, order, **more)


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_menu", [])
    registry.register_menu(entry("Style", "ui:style", 30))
    registry.register_menu(entry("Statement", "ui:accessibility", 10))
    registry.register_menu(entry("Secret", "account_login", 20, visible=lambda user: user.name.startswith("Leif")))


@pytest.mark.usefixtures("menu")
def test_the_menu_has_what_one_may_use_in_its_order(world: World) -> None:
    def shown(user: User, at: str) -> list[tuple[str, bool]]:
        request = RequestFactory().get(at)
        request.user = user
        return [(link.label, link.current) for link in Page(request).menu]

    assert shown(world.leif, "/stil/") == [("Statement", False), ("Secret", False), ("Style", True)]
    assert shown(world.nora, "/tilgjengelighet/") == [("Statement", True), ("Style", False)]


@pytest.mark.usefixtures("menu")
def test_the_frame_asks_the_database_nothing(world: World, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/stil/")
    request.user = User.objects.get(pk=world.leif.pk)
    with django_assert_num_queries(0):
        html = render_to_string("base.html", request=request)
    assert "Statement" in html


@pytest.mark.usefixtures("menu")
def test_the_menu_speaks_the_language_of_the_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_menu", [entry(gettext_lazy("Monday"), "ui:style", 1)])  # type: ignore[arg-type]
    said = []
    for language in ("nb", "en"):
        request = RequestFactory().get("/")
        request.user = world.nora
        with translation.override(language):
            said.append("mandag" in render_to_string("base.html", request=request))
    assert said == [True, False]


def test_nobody_has_no_menu() -> None:
    assert Page(RequestFactory().get("/")).menu == []


def test_what_is_not_there_says_so(world: World, login: Login) -> None:
    response = login(world.nora).get("/finnes-ikke/")
    assert response.status_code == 404
    assert read(response).find("a", href="/", class_="ds-button")


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_every_error_has_a_heading_and_a_way_on(name: str, world: World) -> None:
    request = RequestFactory().get("/")
    request.user = world.nora
    soup: Any = BeautifulSoup(render_to_string(name, {"back": "/"}, request=request), "html.parser")
    assert soup.h1.get_text(strip=True)
    assert soup.main.find("a", href="/", class_="ds-button")


def test_a_failure_leans_on_nothing() -> None:
    html = render_to_string("500.html")
    soup: Any = BeautifulSoup(html, "html.parser")
    assert soup.h1
    assert {each.get("lang") for each in soup.find_all("p")} >= {"nn", "en"}


def test_a_page_that_is_too_old_to_send_says_so(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/konto/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert read(response).h1
