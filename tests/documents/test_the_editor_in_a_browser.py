"""The editor starts under our Content-Security-Policy, and what one writes in it is what is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from documents.models import Version
from kvalitetslosen.organisation.models import User
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.documents.conftest import approved, drafted, sent
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_text_is_written_and_saved(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    draft = drafted(world)
    enter(world.leif)
    page.goto(f"{live_server.url}{draft.get_absolute_url()}")  # type: ignore[attr-defined]
    editor = page.get_by_role("textbox", name="Tekst")
    expect(editor).to_contain_text("Ring nattevakten")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Skriv det ned.")
    page.locator('button[name="then"][value="stay"]').click()
    expect(page.get_by_role("textbox", name="Tekst")).to_contain_text("Skriv det ned.")
    stored = Version.objects.get(pk=draft.pk)
    assert stored.body.endswith("<p>Skriv det ned.</p>")
    assert stored.body.startswith("<h2>Hva du gjør</h2>")
    assert complaints == []


@pytest.mark.parametrize("name", ["list", "document", "approval", "draft", "new", "own", "settings", "words"])
def test_nobody_is_shut_out_of_the_handbook(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str], name: str
) -> None:
    document = approved(world).document
    waiting, draft = sent(world), drafted(world)
    path, who = {
        "list": ("/handbok/?q=nattevakten", world.leif),
        "document": (document.get_absolute_url(), world.leif),
        "approval": (waiting.get_absolute_url(), world.sunniva),
        "draft": (draft.get_absolute_url(), world.leif),
        "new": ("/handbok/ny/", world.leif),
        "own": ("/handbok/?visning=mine", world.leif),
        "settings": ("/handbok/innstillinger/", world.ada),
        "words": ("/varsler/innstillinger/documents.review_due/", world.ada),
    }[name]
    enter(who)
    look(page, f"{live_server.url}{path}", complaints)  # type: ignore[attr-defined]
