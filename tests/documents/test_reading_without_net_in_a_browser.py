"""A phone goes out of reach, comes back, and passes to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kvalitetslosen.organisation.models import User
from tests.browser import SCREEN, browser_type_launch_args, complaints, enter
from tests.documents.conftest import approved
from tests.people import World

__all__ = ["browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return SCREEN


def kept(page: Page) -> int:
    """How many pages of the handbook the browser has."""
    asked = """(async () => {
        let found = 0;
        for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) found += request.url.includes("/handbok/");
        }
        return found;
    })()"""
    return int(page.evaluate(asked))


def is_gone(page: Page) -> bool:
    """Whether none is kept any more, at the latest in a moment."""
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
    expect(page.locator("[data-refreshed]")).to_be_attached(timeout=30_000)
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
    expect(page.locator("[data-refreshed]")).to_be_attached(timeout=30_000)
    assert kept(page)
    context.clear_cookies()
    enter(world.greta)
    page.goto(live_server.url)
    assert is_gone(page)
    page.goto(live_server.url)
    is_hers = """(async () => {
        const kept = await (await caches.open("losen-offline")).match("/losen-offline-state");
        return Boolean(kept) && (await kept.json()).user === document.body.dataset.user;
    })()"""
    for _ in range(100):
        if page.evaluate(is_hers):
            break
        page.wait_for_timeout(100)
    context.set_offline(True)
    page.goto(at)
    expect(page.get_by_role("heading", name="Waiting to be sent")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Fall i hjemmet")
    context.set_offline(False)
