from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.models import Audience, LearningStory
from kvalitetslosen.organisation.models import User
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.one_kind, pytest.mark.django_db(transaction=True)]


def test_a_leader_tells_and_a_colleague_publishes_on_a_phone(
    page: Page, world: World, enter: Callable[[User], None], live_server: Any, complaints: list[str], case: Deviation
) -> None:
    cases.close(deviation=case, by=world.leif, outcome="Vi har innført vest.")
    enter(world.leif)
    page.goto(live_server.url + case.get_absolute_url())
    page.locator("#laring a.ds-button").click()
    look(page, page.url, complaints)
    page.locator("[name=title]").fill("Vest på medisinrunden")
    for name in ("happened", "made_sense", "changed", "helped"):
        page.locator(f"[name={name}]").fill("Kari på 82 år fikk to doser tirsdag.")
    page.locator("form.los-form button[type=submit]").click()
    page.locator("[name=reader]").fill("Kaja Kvam")
    page.locator("form.los-form button[type=submit]").click()
    story = LearningStory.objects.get()
    enter(world.kaja)
    look(page, live_server.url + story.get_absolute_url(), complaints)
    expect(page.locator("mark").first).to_contain_text("Kari")
    page.locator(".los-next button").first.click()
    actions.ask_teller(story=story, by=world.greta, question="Hvilken vest?")
    actions.try_story(story=story, by=world.hans, unit=world.nursing_home, helped="yes", words="Færre avbrudd")
    story.refresh_from_db()
    assert story.audience == Audience.MUNICIPALITY
    enter(world.leif)
    look(page, live_server.url + story.get_absolute_url(), complaints)
    look(page, live_server.url + "/laring/", complaints)
    expect(page.locator("main")).to_contain_text("Vest på medisinrunden")
