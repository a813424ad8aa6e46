"""From nothing to a risk analysis that applies, and a case that points to it, in a browser."""

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
from improvement.models import HazardCase, RiskAnalysis
from kvalitetslosen.organisation.models import User
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.one_kind]

Enter = Callable[[User], None]


def test_a_leader_analyses_risk_and_a_case_points_to_it(
    page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str], case: Deviation
) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    enter(world.leif)
    page.goto(live_server.url + "/risiko/")
    page.locator(".los-empty a").click()
    page.locator("[name=title]").fill("Legemidler hjemme")
    page.locator("form.los-form button[type=submit]").click()
    page.locator(".los-next a.ds-button").click()
    page.locator("[name=what]").fill("Feil dose i dosetten")
    page.locator("label[for=id_consequence_1]").click()
    page.locator("label[for=id_probability_2]").click()
    page.locator("form.los-form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/fare/1/$"))
    analysis = RiskAnalysis.objects.get()
    page.goto(live_server.url + analysis.get_absolute_url())
    page.locator(".los-next button[type=submit]").click()
    page.wait_for_load_state()
    analysis.refresh_from_db()
    assert analysis.review_on is not None
    page.goto(live_server.url + case.get_absolute_url())
    page.locator("#risiko a.ds-button").click()
    page.locator("[name=hazard]").select_option(index=1)
    page.locator("form.los-form button[type=submit]").click()
    expect(page.locator("#risiko")).to_contain_text("Feil dose i dosetten")
    hazard = HazardCase.objects.get().hazard
    Deviation.objects.filter(pk=case.pk).update(consequence=4, probability=2, severity="moderate")
    actions.plan(
        by=world.leif, what="Lås", owner=world.leif, deadline=timezone.localdate() + datetime.timedelta(days=9),
        hazard=hazard,
    )  # fmt: skip
    for path in (
        "/risiko/",
        analysis.get_absolute_url(),
        hazard.get_absolute_url(),
        f"{hazard.get_absolute_url()}endre/",
        f"/risiko/sak/{case.reference}/",
    ):
        look(page, live_server.url + path, complaints)
