from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kvalitetslosen.organisation.models import User
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Report
from kvalitetslosen.reports.places import kind_named
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.people import World
from tests.ready_reports.conftest import reported
from tests.ui.test_nobody_is_shut_out import look

__all__ = ["browser_context_args", "browser_type_launch_args", "complaints", "enter"]

pytestmark = [pytest.mark.journey, pytest.mark.one_kind, pytest.mark.django_db(transaction=True)]


def test_a_leader_opens_writes_approves_and_shares_on_a_phone(
    page: Page, world: World, enter: Callable[[User], None], live_server: Any, complaints: list[str]
) -> None:
    reported(world, 6)
    enter(world.leif)
    look(page, live_server.url + reverse("reports:list"), complaints)
    look(page, live_server.url + reverse("reports:live", args=["enhetens-ar"]), complaints)
    page.locator(".los-title__tools button").click()
    look(page, page.url, complaints)
    page.locator("[name=tekst_sammendrag]").fill("Vi tar det opp.")
    page.locator("form.los-form button[type=submit]").click()
    report = Report.objects.get()
    look(page, live_server.url + report.get_absolute_url(), complaints)
    add = live_server.url + reverse("reports:add_figures", args=[report.pk])
    look(page, add, complaints)
    look(page, f"{add}?om=avvik&per=maned&del=type", complaints)
    page.locator("form.los-form button[type=submit]").click()
    look(page, live_server.url + report.get_absolute_url(), complaints)
    expect(page.locator("#tall-1 .los-chart")).to_be_visible()
    page.locator(".los-next button").click()
    page.locator("[name=role]").select_option("union_rep")
    page.locator("#deling .los-form button").click()
    look(page, live_server.url + report.get_absolute_url(), complaints)
    look(page, live_server.url + reverse("reports:report_slides", args=[report.pk]), complaints)
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("In short")
    look(page, live_server.url + reverse("reports:schedule"), complaints)
    plan = actions.schedule(
        kind=kind_named("ledermote"), unit=world.home_care, rhythm="month", roles=["leader"], by=world.leif
    )
    look(page, live_server.url + plan.get_absolute_url(), complaints)
    page.locator("[name=person]").select_option(str(world.sunniva.pk))
    page.locator("form.los-form button[type=submit]").click()
    look(page, page.url, complaints)
    expect(page.locator("main")).to_contain_text("by name")
    enter(world.tiril)
    look(page, live_server.url + report.get_absolute_url(), complaints)
    expect(page.locator("main")).to_contain_text("Vi tar det opp.")
