"""Through the list of cases without a mouse; no key is taken from a field, and all of it can be turned off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kvalitetslosen.organisation.models import User
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.deviations import cases
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_one_moves_opens_chooses_and_searches(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    rows = [cases.ordinary(world) for _ in range(3)][::-1]
    site = live_server.url  # type: ignore[attr-defined]
    enter(world.leif)
    for address in ("/avvik/", "/avvik/?kolonne=hvor&kolonne=frist", "/avvik/lister/", "/avvik/lister/ny/"):
        look(page, f"{site}{address}", complaints)
    for shown in ("", "?kolonne=hvor"):
        page.goto(f"{site}/avvik/{shown}")
        links = [page.locator(f'[data-row][href="/avvik/{row.reference}/"]') for row in rows]
        page.keyboard.press("j")
        expect(links[0]).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        expect(links[2]).to_be_focused()
        page.keyboard.press("j")
        expect(links[2]).to_be_focused()
        page.keyboard.press("k")
        expect(links[1]).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/avvik/{rows[1].reference}/")
        page.goto(f"{site}/avvik/{shown}")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page).to_have_url(re.compile("velg=1"))
        expect(page.locator(f'input[name=sak][value="{rows[0].reference}"]')).to_be_checked()
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("input[name=sak]:checked")).to_have_count(2)
    assert complaints == []


def test_fields_keep_their_keys_and_it_is_turned_off_for_good(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    cases.ordinary(world)
    site = live_server.url  # type: ignore[attr-defined]
    enter(world.leif)
    page.goto(f"{site}/avvik/")
    page.keyboard.press("/")
    field = page.locator("#q")
    expect(field).to_be_focused()
    field.press_sequentially("jkx/?")
    expect(field).to_have_value("jkx/?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="With the keyboard")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Keyboard").click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Close").click()
    page.locator("h1").click()
    page.keyboard.press("Control+j")
    expect(page.locator("[data-row]").first).not_to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    assert complaints == []
