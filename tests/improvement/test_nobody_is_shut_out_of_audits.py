"""From nothing to a final report, with a finding that becomes a case, in a browser on a phone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deviations.models import Deviation
from improvement import actions
from improvement.models import Audit
from kvalitetslosen.organisation.models import User
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.one_kind]

Enter = Callable[[User], None]


def test_a_unit_is_audited_on_the_phone(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    enter(world.kaja)
    page.goto(live_server.url + "/revisjoner/")
    page.locator(".los-empty a").click()
    page.locator("[name=title]").fill("Legemidler")
    page.get_by_label("Hjemmetjenesten").check()
    page.locator("[name=held_on]").fill(timezone.localdate().isoformat())
    page.locator("form.los-form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/revisjoner/\d+/$"))
    audit = Audit.objects.get()
    here = live_server.url + audit.get_absolute_url()
    page.goto(f"{here}sporsmal/")
    page.locator("[name=question]").fill("Er skapet låst?")
    page.locator("button[name=next]").click()
    page.locator("[name=question]").fill("Er listene signert?")
    page.locator("form.los-form button[type=submit]").first.click()
    page.locator(".los-next button[type=submit]").click()
    page.locator(".los-next a.ds-button").first.click()
    page.locator("label[for=id_answer_1]").click()
    page.locator("[name=evidence]").fill("Det sto ulåst")
    page.locator("form.los-form button[type=submit]").first.click()
    expect(page.locator("#meld")).to_be_visible()
    look(page, page.url.partition("#")[0], complaints)
    page.locator("#meld button[type=submit]").click()
    page.wait_for_load_state()
    assert Deviation.objects.get().source == "audit"
    page.locator("label[for=id_answer_0]").click()
    page.locator("form.los-form button[type=submit]").first.click()
    actions.write_report(audit=audit, by=world.kaja, summary="Godt", strengths="Ro", looked_at="Runde")
    day = timezone.localdate() + datetime.timedelta(days=9)
    actions.send_report(audit=audit, by=world.kaja, comment_by=day)
    for path in (
        "/revisjoner/", "/revisjoner/ny/", audit.get_absolute_url(), f"{audit.get_absolute_url()}punkt/1/",
        f"{audit.get_absolute_url()}steg/take_back/", Deviation.objects.get().get_absolute_url(),
    ):  # fmt: skip
        look(page, live_server.url + path, complaints)
    actions.take_report_back(audit=audit, by=world.kaja, note="Rettes")
    for path in ("sjekkliste/", "sjekkliste/?lov=1", "rapport/"):
        look(page, here + path, complaints)
