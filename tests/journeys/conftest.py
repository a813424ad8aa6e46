"""Journeys happen in a real browser, on a phone's and on a desktop's screen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from tests.axe import STANDARD, barriers, scrolls_sideways
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


def nothing_in_the_way(page: Page, rules: Sequence[str] = STANDARD) -> None:
    """Axe finds nothing, and nothing scrolls sideways."""
    assert barriers(page, rules) == [], page.url
    assert not scrolls_sideways(page), page.url
