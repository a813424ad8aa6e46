"""A real browser: Debian's Chromium, named by CHROMIUM or found. A folder's conftest imports these fixtures."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from kvalitetslosen.organisation.models import User

# Playwright's own loop runs in this thread; the database is only ever used by one of them at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"],
    }


SCREEN = {"locale": "nb-NO", "viewport": {"width": 375, "height": 812}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return SCREEN | {"service_workers": "block"}  # it would go on asking while a test's world is taken down


@pytest.fixture
def enter(context: BrowserContext, live_server: Any) -> Callable[[User], None]:
    """Log somebody in without the log-in page, which has tests of its own."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user, backend="kvalitetslosen.organisation.adapters.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return enter


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained of: errors in scripts, and what the Content-Security-Policy refused."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said
