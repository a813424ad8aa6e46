"""Who comes in, and what browsers may keep of what goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations.actions import report
from deviations.models import Kind
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]


def way_back(client: Client, address: str, referer: str) -> str:
    response = client.post(address, headers={"referer": referer})
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert target.path == "/konto/login/"
    return parse_qs(target.query)["next"][0]


def test_whoever_was_logged_out_before_pressing_a_button_comes_back_to_the_page_with_the_button(world: World) -> None:
    case = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe gikk galt.")
    page = f"http://testserver{case.get_absolute_url()}"
    client = Client()
    assert way_back(client, f"{case.get_absolute_url()}steg/receive/", page) == case.get_absolute_url()
    login_page = client.get("/konto/login/").text
    assert "nothing was sent" in login_page


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("", "/"),
        ("https://evil.example/meld/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver/avvik/?visning=mine", "/avvik/?visning=mine"),
        ("http://testserver", "/"),
        ("http://testserver//evil.example/", "/evil.example/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(referer: str, back: str, db: None) -> None:
    assert way_back(Client(), "/meld/", referer) == back


def test_a_form_that_is_too_old_leads_back_to_itself(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.nora, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/meld/", {"text": "Noe"}, headers={"referer": "http://testserver/meld/"})
    assert response.status_code == 403
    page: Any = BeautifulSoup(response.content, "html.parser")
    assert page.main.find("a", class_="ds-button")["href"] == "/meld/"


@pytest.mark.parametrize("address", ["/", "/avvik/", "/meld/", "/handbok/", "/finnes-ikke/", "/konto/login/"])
def test_no_browser_keeps_a_page_for_the_next_one_at_the_computer(world: World, login: Login, address: str) -> None:
    control = login(world.leif).get(address)["Cache-Control"]
    assert {each.strip() for each in control.split(",")} >= {"private", "no-store"}


@pytest.mark.parametrize("address", ["/avvik/%00/", "/handbok/%00/", "/meld/steder/?elsewhere=%00", "/avvik/?fra=%00"])
def test_a_nul_in_an_address_reaches_no_database(world: World, login: Login, address: str) -> None:
    assert login(world.leif).get(address).status_code == 404
