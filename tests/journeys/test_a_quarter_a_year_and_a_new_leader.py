"""What keeps the work going: the pulse, the year wheel, and the first week of whoever has just begun to lead."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from improvement import actions
from improvement.models import PulseRound, PulseTally, YearTask
from improvement.pulse_questions import MOTIVATION, QUESTIONS
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, Role, User
from tests import people
from tests.journeys.conftest import nothing_in_the_way

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ANSWER = dict.fromkeys(QUESTIONS, 4) | {MOTIVATION: 9}


def test_nora_answers_the_pulse_and_leif_reads_it_when_the_weeks_are_over(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page, today = people.build(), on_screen, timezone.localdate()
    round = PulseRound.objects.create(
        municipality=world.municipality, opens_on=today, closes_on=today + datetime.timedelta(days=20)
    )
    colleagues = [
        organisation.add_person(
            municipality=world.municipality, name=f"Kollega {number}", email=f"k{number}@x.example", language="nb"
        )
        for number in range(8)
    ]
    for user in colleagues:
        organisation.grant_role(user=user, unit=world.home_care, role=Role.EMPLOYEE)
    for user in colleagues:
        actions.answer_pulse(round=round, by=user, unit=world.home_care, answers=ANSWER)
    enter(world.nora)
    page.goto(live_server.url + "/")
    nothing_in_the_way(page)
    page.locator("main a[href='/puls/']").click()
    nothing_in_the_way(page)
    for name, value in ANSWER.items():
        page.locator(f"[name={name}][value='{value - 1}']").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("nobody can see which it was")
    assert PulseTally.objects.get(question="told", value=3).n == 1

    then = today - datetime.timedelta(days=40)
    PulseRound.objects.update(opens_on=then, closes_on=then + PulseRound.OPEN)
    enter(world.leif)
    page.goto(live_server.url + "/puls/svar/")
    expect(page.locator("main")).to_contain_text("9 answers")
    expect(page.locator("main")).to_contain_text("3: 1 · 4: 8")
    nothing_in_the_way(page)
    assert not complaints


def test_leif_chooses_a_year_and_ticks_the_first_of_it(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page = people.build(), on_screen
    enter(world.leif)
    page.goto(live_server.url + "/arshjul/")
    nothing_in_the_way(page)
    page.locator("main a[href^='/arshjul/sett/']").first.click()
    nothing_in_the_way(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    assert YearTask.objects.filter(owner=world.leif).exists()
    nothing_in_the_way(page)
    task = YearTask.objects.filter(owner=world.leif).order_by("month", "pk")[0]
    page.goto(live_server.url + task.get_absolute_url())
    nothing_in_the_way(page)
    form = page.locator(f"main form[action='/arshjul/{task.pk}/steg/tick/']")
    form.locator("textarea").first.fill("Vi gikk gjennom sakene sammen.")
    form.locator(".los-buttons button[type=submit]").click()
    page.wait_for_load_state()
    task.refresh_from_db()
    assert task.state == "done"
    assert not complaints


def test_a_new_leader_goes_through_the_first_week_and_the_quality_contact_sees_where_to_go(
    on_screen: Page, live_server: Any, enter: Callable[[User], None], complaints: list[str]
) -> None:
    world, page = people.build(), on_screen
    Membership.objects.filter(user=world.leif).update(valid_from=timezone.localdate())
    enter(world.leif)
    page.goto(live_server.url + "/")
    nothing_in_the_way(page)
    page.locator("form[action='/bruk/forste-uke/people/'] button").click()
    expect(page.locator("h1")).to_contain_text("Hjemmetjenesten")
    page.goto(live_server.url + "/")
    expect(page.locator("form[action='/bruk/forste-uke/people/']")).to_have_count(0)
    page.locator("form[action='/bruk/forste-uke/slutt/'] button").click()
    page.wait_for_load_state()
    expect(page.locator("#first-week")).to_have_count(0)

    enter(world.kaja)
    page.goto(live_server.url + "/bruk/")
    expect(page.locator("main")).to_contain_text("Nothing has been reported")
    nothing_in_the_way(page)
    page.locator("main a[href^='/bruk/plakat/']").first.click()
    nothing_in_the_way(page)
    assert not complaints
