from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deviations.models import Deviation
from improvement.models import Action
from kvalitetslosen.organisation.models import User
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], None]
Plan = Callable[..., Action]


def test_the_pages_of_actions(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], plan: Plan, case: Deviation
) -> None:
    action = plan(deviation=case)
    plan(owner=world.leif, what="Gå gjennom rutinen for dobbelkontroll med nattevaktene")
    enter(world.leif)
    paths = {
        "list": "/tiltak/?visning=omrade",
        "empty": "/tiltak/?visning=sent",
        "action": action.get_absolute_url(),
        "add": f"/tiltak/ny/?sak={case.reference}",
        "finish": f"/tiltak/{action.pk}/steg/finish/",
        "deadline": f"/tiltak/{action.pk}/steg/move_deadline/",
        "case": case.get_absolute_url(),
    }
    for name, path in paths.items():
        look(page, live_server.url + path, complaints)
        if pictures := os.environ.get("PICTURES"):
            page.emulate_media(color_scheme="light")
            for width in (375, 1280):
                page.set_viewport_size({"width": width, "height": 812})
                page.goto(live_server.url + path)
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)


def test_a_leader_plans_and_the_owner_finishes_on_a_phone(
    page: Page, world: World, enter: Enter, live_server: Any, case: Deviation
) -> None:
    enter(world.leif)
    page.goto(live_server.url + case.get_absolute_url())
    page.locator("#tiltak a.ds-button").click()
    page.locator("[name=what]").fill("Dobbelkontroll ved opplegg")
    page.locator("[name=owner]").fill("Greta Gran")
    page.locator("form.los-form button[type=submit]").click()
    expect(page.locator("#tiltak")).to_contain_text("Dobbelkontroll ved opplegg")
    enter(world.greta)
    page.goto(live_server.url + "/tiltak/")
    page.get_by_role("link", name="Dobbelkontroll").click()
    page.locator(".los-next a.ds-button").first.click()
    page.locator("[name=done_note]").fill("Innført på alle lister")
    page.locator("form.los-form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Innført på alle lister")
