import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from kvalitetslosen.notifications import sending
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui import registry
from tests.people import PASSWORD, World

Login = Callable[[User], Client]
LOGIN = "/konto/login/"


def read(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def demo_accounts(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    account = registry.DemoAccount(world.nora.email, "Employee", world.nora.name, "Fjelldal")
    monkeypatch.setattr(registry, "_demo_accounts", [lambda: [account]])


def test_it_lets_one_in(world: World) -> None:
    client = Client()
    response = client.post(LOGIN, {"login": world.nora.email, "password": PASSWORD, "next": "/tilgjengelighet/"})
    assert response["Location"] == "/tilgjengelighet/"


def test_a_wrong_password_is_said_in_a_sentence_with_what_to_do(world: World) -> None:
    response = Client().post(LOGIN, {"login": world.nora.email, "password": "wrong"})
    assert response.status_code == 200
    summary = read(response).find("ds-error-summary")
    assert summary.li.get_text().endswith(".")
    assert "specified" not in summary.get_text()


def test_it_asks_for_what_is_missing_by_name(world: World) -> None:
    soup = read(Client().post(LOGIN, {"login": "", "password": ""}))
    assert soup.find("input", {"name": "login"})["aria-invalid"] == "true"
    assert len(soup.find("ds-error-summary").find_all("a")) == 2


def test_one_field_a_label_and_no_placeholder(world: World) -> None:
    soup = read(Client().get(LOGIN))
    for name in ("login", "password"):
        field = soup.find("input", {"name": name, "id": True})
        assert soup.find("label", {"for": field["id"]})
        assert not field.has_attr("placeholder")
    assert len(soup.main.find_all("button", {"class": "ds-button", "data-variant": False})) == 1


@pytest.mark.usefixtures("demo_accounts")
def test_a_trial_lists_whom_one_can_be(world: World) -> None:
    button = read(Client().get(LOGIN)).find("button", {"name": "login"})
    assert button["value"] == world.nora.email
    assert "Employee" in button.get_text()
    assert button.find_parent("form").find("input", {"name": "password"})["value"] == "demo"


@pytest.mark.usefixtures("demo_accounts")
def test_outside_a_trial_nobody_is_listed(world: World, settings: Any) -> None:
    settings.DEMO = False
    assert world.nora.email not in Client().get(LOGIN).content.decode()


def test_a_forgotten_password_is_a_mail_with_a_link_that_works(world: World) -> None:
    client = Client()
    assert client.post("/konto/password/reset/", {"email": world.nora.email}).status_code == 302
    sending.send_due_mail()
    (message,) = mail.outbox
    assert message.to == [world.nora.email]
    link = re.search(r"http://\S+(/konto/password/reset/key/\S+)", str(message.body))
    assert link
    page = client.get(link[1], follow=True)
    new = "enda en lang og god setning"
    done = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    assert User.objects.get(pk=world.nora.pk).check_password(new)


def test_a_link_that_was_used_says_what_to_do(world: World) -> None:
    soup = read(Client().get("/konto/password/reset/key/1-used/"))
    assert soup.main.find("a", href="/konto/password/reset/")


def test_it_tells_nobody_who_has_an_account(world: World) -> None:
    known = Client().post("/konto/password/reset/", {"email": world.nora.email}, follow=True)
    unknown = Client().post("/konto/password/reset/", {"email": "nobody@nowhere.example"}, follow=True)
    assert read(known).main.get_text() == read(unknown).main.get_text()
    sending.send_due_mail()
    assert len(mail.outbox) == 1


def test_one_sees_where_one_is_logged_in_and_can_end_it(world: World) -> None:
    here = Client(headers={"user-agent": "Firefox/130 Windows"})
    there = Client(headers={"user-agent": "Chrome Android"})
    for client in (here, there):
        client.post(LOGIN, {"login": world.nora.email, "password": PASSWORD})
    soup = read(here.get("/konto/okter/"))
    assert "Firefox, Windows" in soup.main.get_text()
    assert "Chrome, Android" in soup.main.get_text()
    ending = soup.main.find("button", {"class": "ds-button", "data-variant": False}).find_parent("form")["action"]
    here.post(ending)
    assert there.get("/konto/okter/").status_code == 302
    assert here.get("/konto/okter/").status_code == 200


def test_a_changed_password_is_said_and_mailed(world: World, login: Login) -> None:
    new = "enda en lang og god setning"
    answer = login(world.nora).post(
        "/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert User.objects.get(pk=world.nora.pk).check_password(new)


def test_a_wrong_old_password_changes_nothing(world: World, login: Login) -> None:
    new = "enda en lang og god setning"
    answer = login(world.nora).post(
        "/konto/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new}
    )
    assert read(answer).find("ds-error-summary")
    assert not User.objects.get(pk=world.nora.pk).check_password(new)


@pytest.mark.parametrize(
    "path", ["/konto/password/reset/", "/konto/password/reset/done/", "/konto/password/reset/key/done/",
             "/konto/inactive/", "/konto/login/"]
)  # fmt: skip
def test_every_door_has_our_frame_and_one_heading(world: World, path: str) -> None:
    soup = read(Client().get(path))
    assert soup.find("header", class_="los-header")
    assert len(soup.find_all("h1")) == 1
    assert soup.h1.get_text(strip=True)


@pytest.mark.parametrize("path", ["/konto/logout/", "/konto/password/change/", "/konto/okter/"])
def test_so_has_every_room(world: World, login: Login, path: str) -> None:
    soup = read(login(world.nora).get(path, follow=True))
    assert soup.find("header", class_="los-header")
    assert soup.h1.get_text(strip=True)
