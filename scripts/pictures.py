"""Take pictures of the ten most used pages of a trial that is running, on a phone and on a desktop, for the README.

make run                        (in one terminal)
make pictures                   (in another; PORT as for make run)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SCREENS = {"phone": (375, 812), "desktop": (1280, 860)}
PASSWORD = "demo"  # noqa: S105  # the trial's, known to all
PAGES = {
    "leder@aseral.example": {
        "today": "/",
        "deviations": "/avvik/",
        "case": "first in /avvik/?visning=hos-meg",
        "actions": "/tiltak/",
        "reports": "/rapporter/",
    },
    "ansatt@aseral.example": {"report": "/meld/", "handbook": "/handbok/?q=dosett", "procedure": "first in /handbok/"},
    "admin@aseral.example": {"organisation": "/organisasjon/", "people": "/organisasjon/folk/"},
}


def log_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/konto/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def go(page: Page, address: str, where: str) -> None:
    """An address, or the first row of the list there."""
    listed = where.removeprefix("first in ")
    page.goto(address + listed)
    if listed != where:
        page.locator(".los-list__main").first.click()
        page.wait_for_load_state()


def take(browser: Browser, address: str) -> None:
    for screen, (width, height) in SCREENS.items():
        for email, pages in PAGES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale="nb-NO")
            page = context.new_page()
            log_in(page, address, email)
            for name, where in pages.items():
                go(page, address, where)
                page.wait_for_timeout(200)
                page.screenshot(path=FOLDER / f"{name}-{screen}.png")
                print(f"docs/pictures/{name}-{screen}.png")
            context.close()


def main() -> int:
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        take(browser, address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
