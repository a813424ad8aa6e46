"""Axe in the browser's page: which elements shut somebody out, as WCAG 2.2 AA has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules whose answer can differ between the light and the dark colours of one page."""
LOOKS = 20
"""How often, a tenth of a second apart, one looks whether a page has come to rest."""

STAND_STILL = """async () => {
  const half = () => document.querySelector('.prose-menubar__button[title="redo"]');
  for (let round = 0; round < 50 && half(); round++) await new Promise((resolve) => setTimeout(resolve, 100));
  if ('standsStill' in window) return;
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  window.standsStill = true;
}"""
"""The editor has its words once its script has run; and colours that glide from light to dark are seen half-way."""


def barriers(page: Page, rules: Sequence[str] = STANDARD) -> list[str]:
    """What is in somebody's way: each rule that is broken, with the element that breaks it.

    Axe is asked for what is wrong only. To write down everything that is right as well takes it five times as long.
    """
    page.wait_for_load_state()  # what was clicked just before may have led to another page
    page.evaluate(STAND_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": list(rules), "resultTypes": ["violations"], "selectors": False}
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({json.dumps(options)}).then((all) => all.violations)")
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is too wide once it has come to rest: an editor that is being drawn may be for a moment."""
    # Asked again from here: a page that waits by itself evaluates a string, which our content security policy refuses.
    for _each in range(LOOKS):
        if not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            return False
        page.wait_for_timeout(100)
    return True
