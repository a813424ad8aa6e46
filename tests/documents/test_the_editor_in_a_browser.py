"""The editor starts under our Content-Security-Policy, and what one writes in it is what is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from documents import actions
from documents.models import Version
from kvalitetslosen.organisation.models import User
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.documents.conftest import approved, drafted, sent
from tests.documents.test_what_a_text_can_hold import RICH
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

EDITOR = "[role=textbox][contenteditable=true]"
"""Not the field it makes itself of, which is a textbox of the same name until the script has run."""


def to_the_end(page: Page, editor: Locator) -> None:
    """From the heading to the end of the text. Just entered, the editor puts the cursor back where it was."""
    editor.focus()
    kind_of_line = page.locator(".prose-menubar__selected").first
    for _each in range(50):
        page.keyboard.press("Control+End")
        page.wait_for_timeout(100)
        if kind_of_line.inner_text() == "notes":
            return


def test_a_text_is_written_and_saved(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    draft = drafted(world)
    enter(world.leif)
    page.goto(f"{live_server.url}{draft.get_absolute_url()}")  # type: ignore[attr-defined]
    editor = page.locator(EDITOR)
    expect(editor).to_contain_text("Ring nattevakten")
    to_the_end(page, editor)
    page.keyboard.press("Enter")
    page.keyboard.type("Skriv det ned.")
    expect(editor.locator("p").last).to_have_text("Skriv det ned.")
    page.locator('button[name="then"][value="stay"]').click()
    expect(page.get_by_text("The draft is saved")).to_be_visible()
    expect(editor).to_contain_text("Skriv det ned.")
    stored = Version.objects.get(pk=draft.pk)
    assert stored.body.endswith("<p>Skriv det ned.</p>"), stored.body
    assert stored.body.startswith("<h2>Hva du gjør</h2>")
    assert complaints == []


def test_what_only_the_editor_makes_is_stored_as_such_and_keeps_itself(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str], tmp_path: Path
) -> None:
    target = approved(world, title="Brann i bygget").document
    draft = drafted(world, body="<p>Slå av strømmen.</p>")
    Image.new("RGB", (40, 30), "red").save(tmp_path / "ventil.png")
    enter(world.leif)
    page.goto(f"{live_server.url}{draft.get_absolute_url()}")  # type: ignore[attr-defined]
    page.get_by_text("Slå av strømmen.", exact=True).click()
    page.get_by_role("button", name="Warning").click()
    page.keyboard.press("End")
    page.keyboard.type(" Se ")
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_label("Title or number of a document, or an address").fill("brann")
    page.get_by_role("button", name="Brann i bygget", pressed=True).click()
    page.get_by_role("button", name="Put in").click()
    expect(page.locator(".los-linked")).to_have_text("Brann i bygget")
    page.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_label("Choose a picture").set_input_files(tmp_path / "ventil.png")
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Write what the picture shows")
    page.get_by_label("What does the picture show?").fill("Ventilen")
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_alt_text("Ventilen")).to_be_visible()
    expect(page.locator("[data-kept-said]")).to_contain_text("Kept", timeout=15_000)
    assert Version.objects.get(pk=draft.pk).body == "<p>Slå av strømmen.</p>", "not the draft's yet"
    page.reload()
    expect(page.locator(EDITOR)).to_contain_text("Se Brann i bygget")
    page.locator('button[name="then"][value="stay"]').click()
    expect(page.get_by_text("The draft is saved")).to_be_visible()
    stored = Version.objects.get(pk=draft.pk).body
    assert '<aside data-callout="warning"><p>Slå av strømmen. Se <a data-document="' in stored
    assert f'<a data-document="{target.pk}"></a>' in stored
    assert 'alt="Ventilen"' in stored
    assert complaints == []


def test_the_button_stays_where_it_is_while_the_places_in_a_document_are_asked_for(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str]
) -> None:
    approved(world, title="Brann i bygget")
    draft = drafted(world)
    held: list[Route] = []
    page.route(lambda address: "deler=" in address, lambda route: held.append(route))
    enter(world.leif)
    page.goto(f"{live_server.url}{draft.get_absolute_url()}")  # type: ignore[attr-defined]
    page.locator(EDITOR).click()
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_label("Title or number of a document, or an address").fill("brann")
    expect(page.get_by_role("button", name="Brann i bygget", pressed=True)).to_be_visible()
    put_in = page.get_by_role("button", name="Put in")
    before = put_in.bounding_box()
    places = page.get_by_label("Where in the document?").get_by_role("option")
    expect(places).to_have_count(1)
    held[0].continue_()
    expect(places).to_have_count(2)
    assert put_in.bounding_box() == before, "a button that moves while it is pressed isn't pressed"
    assert complaints == []


@pytest.mark.parametrize("name", ["list", "document", "approval", "draft", "new", "own", "settings", "words", "merge"])
def test_nobody_is_shut_out_of_the_handbook(
    world: World, page: Page, live_server: object, enter: Callable[[User], None], complaints: list[str], name: str
) -> None:
    document = approved(world, body=RICH).document
    waiting, draft = sent(world), drafted(world)
    if name == "merge":
        actions.keep_copy(version=draft, by=world.leif, seen=draft.events_count, title="Fall", body="<p>Mitt</p>")
        actions.save(version=draft, by=world.sunniva, title="Fall", body=RICH)
    path, who = {
        "list": ("/handbok/?q=nattevakten", world.leif),
        "document": (document.get_absolute_url(), world.leif),
        "approval": (waiting.get_absolute_url(), world.sunniva),
        "draft": (draft.get_absolute_url(), world.leif),
        "new": ("/handbok/ny/", world.leif),
        "own": ("/handbok/?visning=mine", world.leif),
        "settings": ("/handbok/innstillinger/", world.ada),
        "merge": (f"{draft.get_absolute_url()}sammen/", world.leif),
        "words": ("/varsler/innstillinger/documents.review_due/", world.ada),
    }[name]
    enter(who)
    look(page, f"{live_server.url}{path}", complaints)  # type: ignore[attr-defined]
