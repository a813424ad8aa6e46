"""Titles come up as one writes, the arrow keys reach them, and nobody is shut out of what helps people find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from documents import actions
from kvalitetslosen.organisation.models import User
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.documents.conftest import approved
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_title_is_found_from_its_beginning(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    document = approved(world).document
    actions.lay_subjects(municipality=world.municipality, by=None)
    actions.add_favourite(document=document, by=world.leif)
    site = live_server.url  # type: ignore[attr-defined]
    enter(world.leif)
    look(page, f"{site}/handbok/", complaints)
    page.goto(f"{site}/handbok/")
    field = page.get_by_role("searchbox")
    field.press_sequentially("fal")
    link = page.get_by_label("Suggestions").get_by_role("link", name="Fall i hjemmet")
    expect(link).to_be_visible()
    field.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}{document.get_absolute_url()}")
    for path in (f"/handbok/{document.number}/plassering/", "/handbok/lover/dekning/"):
        look(page, f"{site}{path}", complaints)
    assert complaints == []
