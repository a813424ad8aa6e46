"""Journeys happen in a real browser, on a phone's and on a desktop's screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import browser_context_args as _context_args
from tests.browser import browser_type_launch_args, complaints, enter

__all__ = ["browser_type_launch_args", "complaints", "enter"]

SCREENS = {"phone": {"width": 375, "height": 812}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(params=SCREENS, autouse=True)
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


browser_context_args = _context_args


@pytest.fixture
def on_screen(page: Page, screen: str) -> Page:
    page.set_viewport_size(SCREENS[screen])  # type: ignore[arg-type]
    return page


def nothing_in_the_way(page: Page) -> None:
    """Axe finds nothing, and nothing scrolls sideways."""
    found: Any = Axe().run(page)
    assert not found.response["violations"], [
        (each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found.response["violations"]
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
