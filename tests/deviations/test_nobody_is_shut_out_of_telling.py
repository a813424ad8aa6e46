"""The pages of duties to tell, on a telephone and on a desktop, in the light and in the dark; and the clock ticks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deviations.models import Duty
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.duties import HOUR, breach
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_the_pages_of_telling(
    page: Page, world: World, enter: Callable[[User], None], live_server: Any, complaints: list[str]
) -> None:
    enter(world.leif)
    late, asked = breach(world, hours_ago=80), cases.ordinary(world)
    case = late.deviation.get_absolute_url()
    steps = [f"{late.get_absolute_url()}{step}" for step in ("", "steg/done/", "steg/fill_in/", "steg/not_needed/")]
    for path in ("/", "/meldeplikter/", "/meldeplikter/?visning=ferdig", case, f"{case}varsling/", *steps, "/meld/"):
        look(page, live_server.url + path, complaints)
    look(page, live_server.url + asked.get_absolute_url(), complaints)


def test_one_answers_on_a_telephone_and_ticks_it_off(
    page: Page, world: World, enter: Callable[[User], None], live_server: Any
) -> None:
    enter(world.leif)
    deviation = cases.privacy(world)
    page.set_viewport_size({"width": 375, "height": 780})
    page.goto(live_server.url + deviation.get_absolute_url())
    page.get_by_role("group", name="Have personal data gone astray?").get_by_text("Yes", exact=True).or_(
        page.get_by_role("group", name="Have personal data gone astray?").get_by_text("Ja", exact=True)
    ).click()
    page.get_by_role("button", name="Save the answers").click()
    # What comes first depends on the hour: another duty's day may end before these hours do.
    expect(page.locator("[data-clock]", has_text="71 h 59 min left").first).to_be_visible()
    page.get_by_role("link", name="Tick as done: Report the breach to Datatilsynet").click()
    page.get_by_label("Receipt number").fill("AR-1")
    page.get_by_role("button", name="Tick as done").click()
    expect(page.get_by_text("AR-1")).to_be_visible()
    assert Duty.objects.get(rule="privacy_authority").receipt == "AR-1"


def test_the_clock_ticks_while_the_page_is_open(
    page: Page, world: World, enter: Callable[[User], None], live_server: Any
) -> None:
    enter(world.leif)
    duty = breach(world)
    soon = timezone.now() + HOUR + datetime.timedelta(seconds=30)
    Duty.objects.filter(pk=duty.pk).update(due_at=soon)
    page.clock.install(time=timezone.now())
    page.goto(live_server.url + duty.get_absolute_url())
    clock = page.locator("[data-clock]").first
    expect(clock).to_have_text("1 h 0 min left")
    page.clock.fast_forward("02:00:00")
    expect(clock).to_contain_text("too late")
    expect(clock.locator("..")).to_have_class("los-late")
