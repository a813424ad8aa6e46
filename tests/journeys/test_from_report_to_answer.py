"""The main job, end to end, in a browser: Nora reports, Leif handles, Nora reads what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from deviations.models import Deviation
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation.models import User
from tests import people
from tests.axe import OF_COLOUR
from tests.journeys.conftest import nothing_in_the_way

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WRITTEN = "Kveldsmedisinen ble glemt hos to brukere fordi lista ikke var skrevet ut."


def test_nora_reports_leif_closes_and_nora_gets_her_answer(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page = people.build(), on_screen
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        taps += 1
        what.click()

    # Nora: from the morning page to the receipt, three taps besides the text.
    enter(world.nora)
    page.goto(live_server.url + "/")
    nothing_in_the_way(page)
    tap(page.locator("main a", has_text=re.compile("^(Meld|Report)$")).first)
    nothing_in_the_way(page)
    page.fill("[name=text]", WRITTEN)
    tap(page.locator("label[for^=id_kind]").nth(1))
    tap(page.locator("main form button[type=submit]"))
    deviation = Deviation.objects.get()
    expect(page.locator("h1")).to_contain_text(deviation.reference)
    expect(page.locator("main")).to_contain_text("Leif Lund")
    nothing_in_the_way(page)
    assert taps == 3

    # Leif: the mail names the case and never the text; its link opens the case.
    mail = Email.objects.get(user=world.leif)
    assert WRITTEN not in mail.subject + mail.body
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.body)
    assert link is not None
    enter(world.leif)
    taps = 1  # on the link
    page.goto(live_server.url + link[1])
    expect(page.locator("main")).to_contain_text(WRITTEN)
    nothing_in_the_way(page)
    tap(page.locator("main .los-next .ds-button").first)
    nothing_in_the_way(page)
    page.fill("[name=outcome]", "Lista skrives nå ut av nattvakta. Takk for at du meldte.")
    tap(page.locator("main form button[type=submit]"))
    expect(page.locator("main")).to_contain_text("Takk for at du meldte.")
    nothing_in_the_way(page)
    assert taps == 3

    # Nora: the answer waits on the morning page, and she says that it helped.
    enter(world.nora)
    taps = 0
    page.goto(live_server.url + "/")
    tap(page.locator(".los-list__main").first)
    expect(page.locator("main")).to_contain_text("Takk for at du meldte.")
    tap(page.locator("button[name=helped][value=yes]"))
    page.wait_for_load_state()
    deviation.refresh_from_db()
    assert deviation.helped is True
    assert taps == 2
    nothing_in_the_way(page)
    assert not complaints


def test_units_are_suggested_while_one_writes(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page = people.build(), on_screen
    enter(world.nora)
    page.goto(live_server.url + "/meld/")
    page.select_option("[name=unit]", "elsewhere")
    page.locator("[name=elsewhere]").press_sequentially("syk")
    expect(page.locator("#elsewhere-options option").first).to_have_attribute("value", re.compile("^Sykehjemmet"))
    assert not complaints


def test_a_number_is_pointed_out_before_it_is_sent(
    on_screen: Page, live_server: Any, enter: Callable[[User], None]
) -> None:
    world, page = people.build(), on_screen
    enter(world.nora)
    page.goto(live_server.url + "/meld/")
    page.fill("[name=text]", "Gjelder 13527248013, som falt.")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ds-alert[data-message=high], [data-message=high]").first).to_be_visible()
    assert page.url.endswith("/meld/")
    assert not Deviation.objects.exists()


def test_what_was_typed_survives_a_page_that_was_left(
    on_screen: Page, live_server: Any, enter: Callable[[User], None]
) -> None:
    world, page = people.build(), on_screen
    enter(world.nora)
    page.goto(live_server.url + "/meld/")
    page.fill("[name=text]", WRITTEN)
    page.wait_for_timeout(900)
    page.goto(live_server.url + "/avvik/")
    page.goto(live_server.url + "/meld/")
    expect(page.locator("[name=text]")).to_have_value(WRITTEN)


def test_the_pages_of_each_role_are_open_to_all_eyes(
    on_screen: Page, live_server: Any, enter: Callable[[User], None]
) -> None:
    world, page = people.build(), on_screen
    pages = {
        "nora": ["/", "/avvik/", "/handbok/", "/tiltak/", "/varsler/"],
        "leif": ["/", "/avvik/", "/rapporter/", "/avvik/eksempler/", "/tiltak/"],
        "ada": ["/organisasjon/", "/organisasjon/folk/", "/avvik/innstillinger/", "/organisasjon/import/"],
    }
    for who, paths in pages.items():
        enter(world.people[who])
        for path in paths:
            page.emulate_media(color_scheme="light")
            page.goto(live_server.url + path)
            nothing_in_the_way(page)
            page.emulate_media(color_scheme="dark")
            nothing_in_the_way(page, OF_COLOUR)
