"""Kaja reads which units need a visit; Leif, who has just begun to lead, has five small tasks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Harm, Kind, Shift
from deviations.settings_actions import add_category
from improvement import actions, first_week, warmth, warmth_messages
from improvement.models import FirstWeek
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.workdays import OSLO
from tests.people import World

Login = Callable[[User], Client]


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def of(user: User, unit: Unit) -> warmth.Warmth:
    return next(each for each in warmth.look(User.objects.get(pk=user.pk)) if each.unit == unit)


def test_she_reads_a_sentence_for_each_unit_and_one_thing_to_do(world: World, login: Login) -> None:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    assert of(world.kaja, world.nursing_home).quiet
    page = text_of(login(world.kaja).get("/bruk/"))
    assert "1 reported in a month." in page
    assert "Nothing has been reported in three months." in page
    assert "Hang up the QR code for reporting" in page
    assert "Leif" not in page
    assert "Nora" not in page
    Deviation.objects.filter(pk=case.pk).update(answer_by=timezone.now() - datetime.timedelta(days=2))
    late = of(world.sunniva, world.home_care)
    assert late.waiting == 1
    ask = late.suggestion(User.objects.get(pk=world.sunniva.pk))
    assert ask
    assert ask.url == f"/sporsmal/spor/?enhet={world.home_care.pk}"
    look = late.suggestion(User.objects.get(pk=world.kaja.pk))
    assert look
    assert look.url.startswith("/avvik/"), "she leads nobody, so she looks and calls"
    assert login(world.kaja).get(f"/bruk/plakat/{world.home_care.pk}/").status_code == 200
    assert login(world.mona).get(f"/bruk/plakat/{world.home_care.pk}/").status_code == 404


def test_who_may_and_what_they_see(world: World, login: Login) -> None:
    for who in (world.kaja, world.kristin, world.sunniva, world.rolf):
        assert login(who).get("/bruk/").status_code == 200
    for who in (world.nora, world.leif, world.vidar, world.ada):
        assert login(who).get("/bruk/").status_code == 403
    assert login(world.kaja).post("/bruk/").status_code == 405
    units = {each.unit for each in warmth.look(User.objects.get(pk=world.kaja.pk))}
    assert units == {world.health, world.home_care, world.nursing_home}


def test_nothing_is_said_of_logging_in_where_few_work(world: World) -> None:
    assert not of(world.kaja, world.home_care).few_log_in, "two work there, and neither has logged in"
    made = [
        organisation.add_person(
            municipality=world.municipality, name=f"Ansatt {n}", email=f"a{n}@fjelldal.example", language="nb"
        )
        for n in range(4)
    ]
    for user in made:
        organisation.grant_role(user=user, unit=world.home_care, role=Role.EMPLOYEE)
    assert of(world.kaja, world.home_care).few_log_in
    User.objects.filter(pk__in=[each.pk for each in made[:2]]).update(last_login=timezone.now())
    assert not of(world.kaja, world.home_care).few_log_in


def test_it_costs_the_same_for_many_units(world: World) -> None:
    def queries() -> int:
        user = User.objects.get(pk=world.kristin.pk)
        with CaptureQueriesContext(connection) as captured:
            warmth.look(user)
        return len(captured)

    few = queries()
    for n in range(8):
        unit = organisation.create_unit(parent=world.health, name=f"Avdeling {n}", code=f"A{n}", kind="unit")
        Membership.objects.create(user=world.leif, unit=unit, role=Role.LEADER)
    assert queries() <= few


def test_the_page_costs_the_same_however_many_wait(world: World, login: Login) -> None:
    client = login(world.rolf)

    def waits_in(unit: Unit) -> None:
        case = cases.report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Feil dose")
        Deviation.objects.filter(pk=case.pk).update(answer_by=timezone.now() - datetime.timedelta(days=2))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "Ask the leader what stops them" in text_of(client.get("/bruk/"))
        return len(captured)

    waits_in(world.home_care)
    queries()
    few = queries()
    for unit in (world.nursing_home, world.health):
        waits_in(unit)
    assert queries() == few


def test_once_a_month_she_gets_a_list_by_mail(world: World) -> None:
    rule = warmth_messages.UnitsToVisit()

    def row_and_key(day: datetime.date) -> tuple[Any, str]:
        clock = Clock(datetime.datetime.combine(day, datetime.time(12), OSLO))
        row = rule.queryset(clock).get(user=world.kaja)
        assert list(rule.recipients(row, clock)) == [world.kaja]
        found = rule.occasion(row, clock)
        return rule.context(row, world.kaja, clock), found.key if found else ""

    month = timezone.localdate().replace(day=1) + datetime.timedelta(days=40)
    first, key = row_and_key(month.replace(day=10))
    assert key == f"month:{month:%Y-%m}"
    assert row_and_key(month.replace(day=20))[1] == key, "one a month"
    assert "Sykehjemmet: " in first["told"]
    body = rule.body(first)
    assert "Sykehjemmet: Nothing has been reported" in body
    assert "/bruk/plakat/" in body
    assert "Leif" not in body


@pytest.mark.usefixtures("just_begun")
def test_a_new_leader_has_five_tasks_that_tick_themselves(world: World, login: Login) -> None:
    client = login(world.leif)
    assert "Your first week as leader of Hjemmetjenesten" in text_of(client.get("/"))
    assert "Your first week" not in text_of(login(world.nora).get("/"))
    assert client.post("/bruk/forste-uke/figures/")["Location"].startswith("/rapporter/")
    client.post("/bruk/forste-uke/figures/")
    client.post("/bruk/forste-uke/people/")
    assert client.get("/bruk/forste-uke/people/").status_code == 405
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    cases.receive(deviation=case, by=world.leif)
    actions.lay(unit=world.home_care, sets=["health"], year=timezone.localdate().year + 1, by=world.leif)
    week = first_week.of(User.objects.get(pk=world.leif.pk))
    assert week
    assert [task.name for task in week.left] == ["deputy"]
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=world.leif, deputy=world.sunniva, valid_from=today, valid_to=today, by=world.leif
    )
    assert "Your first week" not in text_of(client.get("/"))
    assert FirstWeek.objects.get().seen == ["figures", "people"]


@pytest.mark.usefixtures("just_begun")
def test_it_is_put_away_and_gone_after_two_weeks(world: World, login: Login) -> None:
    client = login(world.hans)
    client.post("/bruk/forste-uke/slutt/")
    assert "Your first week" not in text_of(client.get("/"))
    assert client.post("/bruk/forste-uke/slutt/").status_code == 302
    Membership.objects.filter(user=world.leif).update(valid_from=timezone.localdate() - datetime.timedelta(days=14))
    assert "Your first week" not in text_of(login(world.leif).get("/"))


def test_where_falls_are_ticked_people_do_report(world: World) -> None:
    assert of(world.kaja, world.home_care).quiet
    fall = add_category(municipality_id=world.municipality.pk, by=None, name="Fall", may_be_ticked=True)
    cases.choose_ticked(unit=world.home_care, categories=[fall], by=world.leif)
    cases.tick(
        by=world.nora, unit=world.home_care, category=fall, harm=Harm.NONE, shift=Shift.DAY, date=timezone.localdate()
    )
    found = of(world.kaja, world.home_care)
    assert (found.reported, found.quiet) == (1, False)


@pytest.mark.usefixtures("just_begun")
def test_a_leader_sees_who_works_there_and_nobody_else_does(world: World, login: Login) -> None:
    client = login(world.leif)
    assert client.post("/bruk/forste-uke/people/")["Location"] == f"/bruk/folk/{world.home_care.pk}/"
    page = text_of(client.get(f"/bruk/folk/{world.home_care.pk}/"))
    assert "Nora Nygård" in page
    assert "Greta" not in page
    assert client.post(f"/bruk/folk/{world.home_care.pk}/").status_code == 405
    assert "Greta Gran" in text_of(login(world.sunniva).get(f"/bruk/folk/{world.health.pk}/"))
    for who in ("hans", "nora", "kaja", "vidar", "ada"):
        assert login(world.people[who]).get(f"/bruk/folk/{world.home_care.pk}/").status_code == 403, who
    assert login(world.mona).get(f"/bruk/folk/{world.home_care.pk}/").status_code == 404


def test_one_late_answer_alone_is_no_reason_for_a_visit(world: World) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    Deviation.objects.update(answer_by=timezone.now() - datetime.timedelta(days=2))
    one = of(world.kaja, world.home_care)
    assert (one.waiting, one.talked, one.to_visit) == (1, False, False), "most haven't talked of a case in a meeting"
    assert replace(one, waiting=2, talked=True).to_visit
    assert replace(one, reported=0, talked=True).to_visit
    assert replace(one, few_log_in=True).to_visit
    assert not replace(one, waiting=0).to_visit
    assert replace(one, waiting=0, reported=0).to_visit
