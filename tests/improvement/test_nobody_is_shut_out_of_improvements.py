from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from kvalitetslosen.organisation.models import User
from tests.improvement.test_a_team_makes_something_better import at_the_last_step, tried
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.one_kind, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], None]


def test_a_leader_is_led_through_the_first_steps_on_a_phone(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], case: Deviation
) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    enter(world.leif)
    look(page, f"{live_server.url}/forbedring/", complaints)
    page.goto(live_server.url + case.get_absolute_url())
    page.locator("#forbedring a.ds-button").click()
    page.locator("[name=title]").fill("Doser signert i tide")
    page.locator("form.los-form button[type=submit]").click()
    page.locator("[name=analysis]").fill("Runden avbrytes fire ganger.")
    page.locator("#steg form button[type=submit]").first.click()
    page.locator("[name=goal]").fill("Doser signert i tide")
    page.locator("[name=number_goal]").fill("95 %")
    page.locator("#steg form button[type=submit]").first.click()
    page.locator("[name=what_could_help]").fill("Vest")
    page.locator("#steg form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Vest")
    look(page, page.url, complaints)


def test_the_pages_of_improvements(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], case: Deviation
) -> None:
    def begin(title: str, **how: Any) -> Any:
        return actions.begin_improvement(
            by=world.leif, title=title, unit=world.home_care, owner=world.leif, cases=[case], **how
        )

    begin("Bare en idé")
    trying, last = begin("Prøves ut"), begin("Snart ferdig")
    tried(trying, world.leif, "adapt")
    at_the_last_step(last, world.leif)
    screen = cases.put_up_screen(unit=world.home_care, by=world.leif)
    enter(world.leif)
    for path in (
        "/forbedring/",
        "/forbedring/skjerm/",
        f"/forbedring/vegg/{screen.key}/",
        f"/forbedring/{trying.pk}/",
        f"/forbedring/{last.pk}/",
        f"/forbedring/{last.pk}/steg/go_back/",
    ):
        look(page, live_server.url + path, complaints)
