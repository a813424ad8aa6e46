from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from kvalitetslosen.organisation.models import User
from tests.axe import OF_COLOUR, barriers, scrolls_sideways
from tests.people import World

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], None]
OPEN = ["/stil/", "/stil/?errors", "/tilgjengelighet/", "/konto/login/", "/konto/password/reset/"]
INSIDE = ["/konto/okter/", "/konto/password/change/", "/konto/logout/", "/finnes-ikke/"]


def look(page: Page, address: str, complaints: list[str]) -> None:
    """On a telephone's and on a desktop's screen, in the light and in the dark."""
    for width in (320, 1280):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        page.evaluate("async () => { await document.fonts.ready }")
        assert barriers(page) == [], width
        assert not scrolls_sideways(page), width
        page.emulate_media(color_scheme="dark")
        assert barriers(page, OF_COLOUR) == [], f"{width}, in the dark"
    assert [each for each in complaints if "404" not in each] == []


@pytest.mark.parametrize("path", OPEN)
def test_open_pages(page: Page, world: World, live_server: Any, complaints: list[str], path: str) -> None:
    look(page, live_server.url + path, complaints)


@pytest.mark.parametrize("path", INSIDE)
def test_pages_inside(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], path: str
) -> None:
    enter(world.nora)
    look(page, live_server.url + path, complaints)


def test_the_menu_and_the_dialog_open(page: Page, world: World, enter: Enter, live_server: Any) -> None:
    enter(world.nora)
    page.goto(live_server.url + "/stil/")
    page.locator(".los-menu > summary").click()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".los-menu__panel")).to_be_hidden()
    page.get_by_role("button", name="Receive and close").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []


def test_the_keyboard_skips_to_the_content(page: Page, world: World, enter: Enter, live_server: Any) -> None:
    enter(world.nora)
    page.goto(live_server.url + "/stil/")
    page.keyboard.press("Tab")
    skip = page.locator(".ds-skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_what_has_focus_is_never_hidden_behind_the_bar(
    page: Page, world: World, enter: Enter, live_server: Any
) -> None:
    enter(world.nora)
    page.goto(live_server.url + "/stil/")
    hidden = page.evaluate(
        """() => {
          const bar = document.querySelector('.los-nav').getBoundingClientRect();
          const shut = [];
          for (const each of document.querySelectorAll('main :is(a, button, input, select, textarea, summary)')) {
            each.focus();
            if (document.activeElement !== each) continue;
            const box = each.getBoundingClientRect();
            if (box.top >= bar.top - 1 && box.height < 200) shut.push(each.outerHTML.slice(0, 80));
          }
          return shut;
        }"""
    )
    assert hidden == []


def test_fingers_hit_what_they_aim_at(page: Page, world: World, enter: Enter, live_server: Any) -> None:
    enter(world.nora)
    page.goto(live_server.url + "/stil/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.los-nav a, .ds-button, .los-cards label, .los-menu > summary')]
          .filter((each) => each.checkVisibility())
          .map((each) => [each.textContent.trim(), each.getBoundingClientRect().height])
          .filter(([, height]) => height < 40)"""
    )
    assert small == []


def test_large_text_still_fits(page: Page, world: World, live_server: Any) -> None:
    """WCAG 1.4.4 and 1.4.10: 200 % text on a 640 px screen is the same as 320 px."""
    page.set_viewport_size({"width": 640, "height": 800})
    page.goto(live_server.url + "/stil/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate("async () => { await document.fonts.ready }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_policy_lets_nothing_foreign_in(world: World) -> None:
    policy = Client().get("/stil/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
