"""A phone goes out of reach, comes back, and passes to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kvalitetslosen.organisation.models import User
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.documents.conftest import approved
from tests.people import World

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def kept(page: Page) -> int:
    """How many caches of ours the browser has."""
    names = "caches.keys().then((keys) => keys.filter((key) => key.startsWith('losen')).length)"
    return int(page.evaluate(names))


def is_gone(page: Page) -> bool:
    """Whether nothing is kept any more, at the latest in a moment."""
    for _ in range(50):
        if not kept(page):
            return True
        page.wait_for_timeout(100)
    return False


def test_a_document_is_read_without_net_and_gone_when_another_logs_in(
    world: World,
    enter: Callable[[User], None],
    page: Page,
    context: BrowserContext,
    live_server: Any,
    complaints: list[str],
) -> None:
    approved(world)
    approved(world, title="Nøkler")
    enter(world.nora)
    at = f"{live_server.url}/handbok/P-0001/"
    page.goto(at)
    page.get_by_role("button", name="Read without net").click()
    expect(page.locator("[data-refreshed]")).to_be_attached()
    assert not complaints

    context.set_offline(True)
    page.goto(at)
    expect(page.get_by_role("status")).to_contain_text("You have no net. This is version 1.0, fetched today")
    expect(page.get_by_role("article")).to_contain_text("Ring nattevakten")
    page.goto(f"{live_server.url}/handbok/P-0002/")  # not chosen: what there is instead
    expect(page.get_by_role("heading", name="Without net")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Nøkler")
    page.get_by_role("link", name="Fall i hjemmet").click()
    expect(page.get_by_role("article")).to_contain_text("Ring nattevakten")

    context.set_offline(False)
    page.goto(at)
    expect(page.get_by_role("button", name="Without net: take away")).to_be_visible()
    assert kept(page)

    page.locator(".los-menu summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/konto/login/**")
    assert is_gone(page)

    enter(world.nora)
    page.goto(at)
    expect(page.locator("[data-refreshed]")).to_be_attached()
    assert kept(page)
    context.clear_cookies()
    enter(world.greta)
    page.goto(live_server.url)
    assert is_gone(page)
    context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(at)
    context.set_offline(False)
