from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deviations.models import Deviation
from improvement import actions
from improvement.meeting_lifecycle import MeetingState
from improvement.models import ForumKind
from kvalitetslosen.organisation.models import User
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], None]


def test_a_meeting_from_its_agenda_to_its_minutes_on_a_phone(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], case: Deviation
) -> None:
    forum = actions.found_forum(
        by=world.leif, name="Teammøte", kind=ForumKind.TEAM, unit=world.home_care, members=[world.nora]
    )
    today = timezone.localdate()
    meeting = actions.plan_meeting(
        forum=forum, by=world.leif, starts_at=timezone.now() + datetime.timedelta(days=2), place="Personalrommet",
        period_first=today - datetime.timedelta(days=14), period_last=today,
    )  # fmt: skip
    enter(world.leif)
    page.goto(f"{live_server.url}/moter/sak/{case.reference}/")
    page.locator("[name=words]").fill("Dobbeltkontrollen glapp da to alarmer gikk samtidig.")
    page.locator("form.los-form button[type=submit]").click()
    expect(page.locator("#moter")).to_contain_text("Teammøte")
    item = meeting.items.get(deviation=case)
    address = f"{live_server.url}{meeting.get_absolute_url()}"
    page.goto(address)
    page.locator(".los-next button[type=submit]").first.click()
    page.goto(f"{live_server.url}/moter/punkt/{item.pk}/vegg/")
    page.locator("[name=tries]").fill("Vest på den som deler ut")
    page.locator("[name=decision]").fill("Vi prøver vest i to måneder")
    page.locator("[name=told]").fill("Teamet snakket om saken. Vi prøver vest.")
    page.locator("form.los-form button[type=submit]").first.click()
    for path in (
        "/moter/", "/moter/forum/ny/", forum.get_absolute_url(), f"/moter/forum/{forum.pk}/mote/",
        meeting.get_absolute_url(), f"/moter/{meeting.pk}/vegg/?punkt={item.pk}", f"/moter/punkt/{item.pk}/vegg/",
    ):  # fmt: skip
        look(page, live_server.url + path, complaints)
    page.goto(f"{live_server.url}/moter/{meeting.pk}/holdt/")
    page.locator("form.los-form button[type=submit]").click()
    page.locator(".los-next button[type=submit]").first.click()
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.locator("main")).to_contain_text("Vi prøver vest i to måneder")
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.APPROVED
    enter(world.nora)
    page.goto(live_server.url + case.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Teamet snakket om saken")
