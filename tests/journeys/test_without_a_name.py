"""Anonymous from the form to the answer, in a browser: nothing stays on the device, and the code is the way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deviations import actions
from deviations.forms import outside
from deviations.models import Deviation, Message
from kvalitetslosen.organisation.models import User
from tests import people
from tests.journeys.conftest import nothing_in_the_way

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WRITTEN = "Noen snakker nedsettende om en ny kollega på kveldsvakt."


def drafts(page: Page) -> list[str]:
    """What the device keeps of what was written."""
    names: list[str] = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('los.draft.'))")
    return names


def test_nora_reports_anonymously_and_comes_back_with_the_code(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page = people.build(), on_screen
    enter(world.nora)
    page.goto(live_server.url + "/meld/")
    page.fill("[name=text]", WRITTEN)
    page.wait_for_timeout(400)
    assert drafts(page)  # kept, as long as it is hers
    expect(page.locator(".los-small-units")).to_be_hidden()
    page.locator("label[for^=id_naming]").nth(2).click()
    page.wait_for_timeout(400)
    assert not drafts(page)
    expect(page.locator(".los-small-units")).to_be_visible()
    nothing_in_the_way(page)
    page.locator("main form button[type=submit]").click()
    code = page.locator("#code").inner_text()
    assert "Nora" not in page.locator("body").inner_text()
    assert not drafts(page)
    nothing_in_the_way(page)
    deviation = Deviation.objects.get()
    actions.receive(deviation=deviation, by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Skjer det hver kveld?")

    page.locator("main .los-buttons a.ds-button").first.click()
    nothing_in_the_way(page)
    page.fill("[name=code]", code.lower())
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Skjer det hver kveld?")
    assert "Nora" not in page.locator("body").inner_text()
    nothing_in_the_way(page)
    page.fill(".los-next [name=text]", "Ja, denne uka.")
    page.locator(".los-next button[type=submit]").click()
    page.wait_for_load_state()
    assert Message.objects.get(from_reporter=True).author is None
    nothing_in_the_way(page)
    assert not drafts(page)

    page.go_back()
    page.goto(live_server.url + "/meld/")
    assert page.locator("[name=text]").input_value() == ""
    assert not complaints


def test_somebody_from_outside_tells_and_reads_the_code(
    on_screen: Page, live_server: Any, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, page = people.build(), on_screen
    form = actions.make_open_form(unit=world.municipality, by=world.ada)
    actions.change_open_form(form=form, by=world.ada, welcome="Si fra om stort og smått.")
    actions.open_form(form=form, by=world.ada)
    page.goto(live_server.url + form.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Si fra om stort og smått.")
    assert page.locator("[name=website]").bounding_box()["x"] < 0  # type: ignore[index]  # no person meets it
    nothing_in_the_way(page)
    page.fill("[name=text]", WRITTEN)
    page.locator("[name=place]").select_option(label=world.home_care.name)
    page.locator("summary", has_text="reach").click()
    page.fill("[name=name]", "Olga")
    monkeypatch.setattr(outside, "QUICKEST", 3600)  # as quick as a machine, however slow this one is
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ds-error-summary")).to_contain_text("once more")
    assert page.locator("[name=text]").input_value() == WRITTEN
    nothing_in_the_way(page)
    monkeypatch.setattr(outside, "QUICKEST", 0)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#code")).to_have_text(re.compile(r"^\s*([0-9A-Z]{4}-){3}[0-9A-Z]{4}\s*$"))
    page.emulate_media(media="print")
    expect(page.locator("#code")).to_be_visible()
    page.emulate_media(media="screen")
    nothing_in_the_way(page)
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(kept) <= {"htmx-current-path-for-history"}  # the tab's own address, for as long as it is open
    assert {each.get("name") for each in page.context.cookies()} == {"csrftoken"}
    assert Deviation.objects.get().contact.name == "Olga"
    assert not complaints
