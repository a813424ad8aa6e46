"""The pages on which a case is worked, on a phone and a wide screen, in light and dark: axe finds nothing."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deviations import actions
from deviations.models import Why
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.test_finding_the_cause import analysed
from tests.documents.in_force import in_force
from tests.people import World
from tests.ui.test_nobody_is_shut_out import look

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], None]


def picture(page: Page, name: str) -> None:
    if pictures := os.environ.get("PICTURES"):
        page.emulate_media(color_scheme="light")
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 812})
            page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)


def test_asking_a_colleague(page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str]) -> None:
    deviation = cases.received(world)
    due = timezone.localdate() + datetime.timedelta(days=4)
    for text in ("Var dosetten fylt da du gikk av vakt?", "Hvem fyller den i helgene?"):
        task = actions.ask_colleague(deviation=deviation, by=world.leif, given_to=world.greta, text=text, deadline=due)
        if text.startswith("Var"):
            actions.answer_task(task=task, by=world.greta, answer="Ja, jeg så den selv.")
    for who, pages in (
        (world.leif, {"ask": f"{deviation.get_absolute_url()}kollega/", "case": deviation.get_absolute_url()}),
        (world.greta, {"task": task.get_absolute_url(), "today": "/"}),
    ):
        enter(who)
        for name, path in pages.items():
            look(page, live_server.url + path, complaints)
            picture(page, name)


def test_finding_the_cause(page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str]) -> None:
    deviation = analysed(world)
    actions.work_through(
        deviation=deviation, by=world.leif, response="after_action", steps={1: (True, "At to så på.")}
    )
    why = Why.objects.get(parent=None)
    reporters = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    enter(world.leif)
    for name, path in {
        "cause": f"{deviation.get_absolute_url()}arsak/",
        "cause-under": f"{deviation.get_absolute_url()}arsak/?under={why.key}",
        "cause-paper": f"{deviation.get_absolute_url()}arsak/papir/",
        "cause-in-case": deviation.get_absolute_url(),
    }.items():
        look(page, live_server.url + path, complaints)
        picture(page, name)
    enter(world.nora)
    look(page, live_server.url + reporters.get_absolute_url(), complaints)
    picture(page, "reporters-clock")


def test_several_at_once(page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str]) -> None:
    rows = [cases.ordinary(world, text=f"Fall nummer {number}") for number in range(4)]
    serious = actions.receive(deviation=rows[3], by=world.leif)
    actions.assess(deviation=serious, by=world.leif, consequence=4, probability=4)
    enter(world.leif)
    for name, path in {
        "choose": "/avvik/?visning=omrade&velg=1",
        "preview": "/avvik/flere/?gjor=close&" + "&".join(f"sak={row.reference}" for row in rows),
    }.items():
        look(page, live_server.url + path, complaints)
        picture(page, name)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(live_server.url + "/avvik/?visning=omrade&velg=1")
    page.locator("[data-choose-all]").check()
    expect(page.locator("[data-chosen]")).to_have_text("4")
    page.locator("input[name=sak]").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen]")).to_have_text("3")
    page.locator("button[name=gjor][value=receive]").click()
    page.locator("form.los-form button[type=submit]").click()
    expect(page.locator(".los-card li")).to_have_count(3)
    picture(page, "done")


def test_what_is_like_it(page: Page, world: World, enter: Enter, live_server: Any, complaints: list[str]) -> None:
    in_force(
        "Legemiddelhåndtering og multidose", "Slik.", unit=world.home_care, author=world.kaja, approver=world.leif
    )
    older = cases.ordinary(world, text="Kveldsdosen i multidosen ble ikke gitt. Dosetten var tom.")
    actions.receive_and_close(deviation=older, by=world.leif, outcome="Ny liste på vaktrommet.")
    deviation = cases.ordinary(world, text="Morgendosen i multidosen var ikke gitt. Dosetten var full.")
    enter(world.leif)
    page.goto(live_server.url + deviation.get_absolute_url())
    expect(page.locator("#lignende")).to_contain_text("Ny liste på vaktrommet.")
    expect(page.locator("#lignende")).to_contain_text("Legemiddelhåndtering")
    look(page, live_server.url + deviation.get_absolute_url(), complaints)
    picture(page, "alike")
    enter(world.nora)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(live_server.url + "/meld/")
    about = page.locator("[data-procedures-about]")
    page.locator("[name=text]").fill("Multidosen var tom da vi kom.")
    page.locator("[name=text]").blur()
    expect(about).to_contain_text("Legemiddelhåndtering")
    assert older.reference not in about.inner_text()
    if page.locator("[name=naming][value=anonymous]").count():
        page.locator("[name=naming][value=anonymous]").check(force=True)
        expect(about).to_be_empty()
