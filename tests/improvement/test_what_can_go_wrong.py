"""A risk analysis is begun, its hazards are placed in the matrix, it applies, is reviewed, and ends."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from improvement import actions
from improvement.models import Action, Hazard, RiskAnalysis
from improvement.practice import forget
from improvement.risk_lifecycle import RiskState
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import Post, at
from tests.people import World

Login = Callable[[User], Client]
TITLE = "Legemidler hjemme"
KEY = "3f1b8a52-0000-4000-8000-000000000701"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def analysis(world: World) -> RiskAnalysis:
    deliver.take_as_told()
    return actions.begin_analysis(by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif)


@pytest.fixture
def hazard(world: World, analysis: RiskAnalysis) -> Hazard:
    return actions.add_hazard(
        analysis=analysis, by=world.leif, what="Feil dose i dosetten", consequence=4, probability=3,
        expected_consequence=4, expected_probability=1,
    )  # fmt: skip


@pytest.fixture
def applies(world: World, analysis: RiskAnalysis, hazard: Hazard) -> RiskAnalysis:
    day = timezone.localdate() + datetime.timedelta(days=365)
    actions.let_apply(analysis=analysis, by=world.leif, review_on=day)
    return analysis


def test_a_leader_begins_adds_hazards_and_lets_it_apply(world: World, login: Login) -> None:
    client = login(world.leif)
    assert "No risk has been analysed yet" in text_of(client.get("/risiko/"))
    form = {"key": KEY, "title": TITLE, "unit": world.home_care.pk, "owner": "Leif Lund"}
    assert client.post("/risiko/ny/", form | {"title": ""}).status_code == 200
    for _again in range(2):
        assert client.post("/risiko/ny/", form).status_code == 302
    analysis = RiskAnalysis.objects.get()
    here = analysis.get_absolute_url()
    assert "What can go wrong?" in text_of(client.get(here))
    with pytest.raises(StepRefused):
        actions.let_apply(analysis=analysis, by=world.leif, review_on=timezone.localdate())
    analysis.refresh_from_db()
    assert analysis.state == RiskState.DRAFT
    says = {"seen": 1, "what": "Feil dose", "consequence": "5", "probability": "1"}
    one_only = client.post(f"{here}fare/ny/", says | {"expected_consequence": "2"})
    assert "Answer both" in text_of(one_only)
    larger = says | {"expected_consequence": "5", "expected_probability": "2"}
    assert "no larger than today" in text_of(client.post(f"{here}fare/ny/", larger))
    for _again in range(2):
        assert client.post(f"{here}fare/ny/", says).status_code == 302
    hazard = analysis.hazards.get()
    assert hazard.severity == "high", "consequence 5 is never below high"
    assert "5 – Critical" in text_of(client.get(here))
    assert client.post(f"{here}steg/put_in_force/", {"seen": 2, "review_on": "2020-01-01"}).status_code == 200
    day = timezone.localdate() + datetime.timedelta(days=300)
    client.post(f"{here}steg/put_in_force/", {"seen": 2, "review_on": day})
    analysis.refresh_from_db()
    assert (analysis.state, analysis.review_on) == (RiskState.APPLIES, day)
    assert "Somebody was here before you" in text_of(
        client.post(f"{here}steg/put_in_force/", {"seen": 2, "review_on": day}, follow=True)
    )


def test_the_matrix_has_each_hazard_in_its_cell_before_and_after(
    world: World, login: Login, applies: RiskAnalysis
) -> None:
    actions.add_hazard(analysis=applies, by=world.leif, what="Glemt runde", consequence=2, probability=5)
    soup = BeautifulSoup(login(world.leif).get(applies.get_absolute_url()).content, "html.parser")
    before, after = soup.select("table.los-matrix")
    placed = [(cell["data-level"], cell.get_text(" ", strip=True)) for cell in before.select("td:has(a)")]
    assert placed == [("3", "High 12 Hazard 1 : Feil dose i dosetten"), ("3", "High 10 Hazard 2 : Glemt runde")]
    assert len(before.select("th[scope=row]")) == 5
    assert len(before.select("th[scope=col]")) == 6
    assert [cell["data-level"] for cell in after.select("td:has(a)")] == ["1"]
    listed = [heading.get_text(strip=True) for heading in soup.select(".los-hazards h3")]
    assert listed == ["1. Feil dose i dosetten", "2. Glemt runde"], "the largest first"


def test_hazards_are_changed_decided_on_and_taken_away(
    world: World, login: Login, analysis: RiskAnalysis, hazard: Hazard
) -> None:
    client, here = login(world.leif), hazard.get_absolute_url()
    assert client.post(f"{here}vurder/", {"seen": 2, "acceptance": "accepted", "reason": ""}).status_code == 200
    client.post(f"{here}vurder/", {"seen": 2, "acceptance": "accepted", "reason": "Dobbelkontroll"})
    hazard.refresh_from_db()
    assert hazard.acceptance == "accepted"
    says = {"seen": 3, "what": "Feil dose", "consequence": "4", "probability": "4"}
    assert "can you live with it?" in text_of(client.post(f"{here}endre/", says, follow=True))
    hazard.refresh_from_db()
    assert (hazard.score, hazard.acceptance, hazard.after) == (16, "", None)
    assert client.get(f"{here}ta-bort/").status_code == 405
    plan = actions.plan(by=world.leif, what="Lås", owner=world.leif, deadline=timezone.localdate(), hazard=hazard)
    assert plan.unit == world.home_care
    client.post(f"{here}ta-bort/")
    assert Hazard.objects.filter(pk=hazard.pk).exists(), "something is planned against it"
    other = actions.add_hazard(analysis=analysis, by=world.leif, what="Annet", consequence=1, probability=1)
    client.post(f"{other.get_absolute_url()}ta-bort/")
    assert analysis.hazards.get() == hazard
    told = str([event.data for event in Event.objects.about(analysis)])
    for secret in ("Feil dose", "Dobbelkontroll", TITLE, "Lås"):
        assert secret not in told


def test_actions_are_planned_against_a_hazard(
    world: World, login: Login, applies: RiskAnalysis, hazard: Hazard
) -> None:
    client = login(world.leif)
    url = f"/tiltak/ny/?fare={hazard.pk}"
    assert hazard.what in text_of(client.get(url))
    form = {"key": KEY, "what": "Dobbelkontroll", "owner": "Greta Gran", "deadline": timezone.localdate()}
    assert client.post(url, form)["Location"] == hazard.get_absolute_url()
    action = Action.objects.get()
    assert (action.hazard, action.unit, action.owner) == (hazard, world.home_care, world.greta)
    assert "Dobbelkontroll" in text_of(client.get(applies.get_absolute_url()))
    assert hazard.what in text_of(client.get(action.get_absolute_url()))
    page = text_of(login(world.greta).get(action.get_absolute_url()))
    assert hazard.what not in page, "who does it needn't see the analysis"
    assert login(world.greta).get(url).status_code == 404
    assert login(world.nora).get(url).status_code == 403
    improvement = actions.begin_improvement(by=world.leif, title="X", unit=world.home_care, owner=world.leif)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(improvement=improvement)


def test_a_review_with_nothing_changed_is_one_tap(
    world: World, login: Login, applies: RiskAnalysis, hazard: Hazard
) -> None:
    client, here = login(world.leif), applies.get_absolute_url()
    assert 'action="' + here + 'steg/confirm/"' not in client.get(here).content.decode(), "not before it is near"
    RiskAnalysis.objects.update(review_on=timezone.localdate())
    soup = BeautifulSoup(client.get(here).content, "html.parser")
    form = soup.select_one("form[action$='/steg/confirm/']")
    assert form is not None
    filled = {each["name"]: each.get("value", "") for each in form.select("[name]") if each["name"] != "note"}
    client.post(f"{here}steg/confirm/", filled | {"note": "Snakket om det på møtet"})
    applies.refresh_from_db()
    assert applies.reviewed_at is not None
    page = text_of(client.get(here))
    assert "reviewed it: nothing had changed" in page
    assert "Snakket om det på møtet" in page
    assert client.post(f"{here}steg/revise/", {"seen": 4, "review_on": applies.review_on}).status_code == 200
    assert login(world.kaja).post(f"{here}steg/confirm/", filled).status_code == 403


def test_the_owner_is_reminded_before_on_and_after_the_day(
    clock: Any, world: World, login: Login, post: Post, analysis: RiskAnalysis, hazard: Hazard
) -> None:
    actions.let_apply(analysis=analysis, by=world.leif, review_on=datetime.date(2026, 10, 8))
    post.round()
    assert "Risk to look at anew" not in text_of(login(world.leif).get("/"))
    for day in ("2026-10-06", "2026-10-08", "2026-10-20"):
        clock.move_to(at(f"{day} 12:00"))
        mails = [each for each in post.round() if each.to == [world.leif.email]]
        assert mails, day
        assert TITLE not in str(mails[0].body)
    page = login(world.leif).get("/")
    assert "Risk to look at anew" in text_of(page)
    assert "It is time to look at it anew" in text_of(login(world.leif).get(analysis.get_absolute_url()))


def test_it_is_given_to_others_and_handed_over_by_who_leaves(
    world: World, login: Login, applies: RiskAnalysis
) -> None:
    actions.give_analysis(analysis=applies, by=world.leif, owner=world.nora)
    deliver.sweep()
    assert Notification.objects.filter(user=world.nora, url=applies.get_absolute_url()).count() == 1
    with pytest.raises(actions.CannotHave):
        actions.give_analysis(analysis=applies, by=world.leif, owner=world.mona)
    found = next(each for each in handover.responsibilities() if each.key == "improvement.risks")
    assert found.count(world.nora) == 1
    found.move(user=world.nora, to=world.sunniva, by=world.ada)
    applies.refresh_from_db()
    assert applies.owner == world.sunniva


def test_it_is_withdrawn_with_a_reason(world: World, login: Login, applies: RiskAnalysis, hazard: Hazard) -> None:
    client, here = login(world.leif), applies.get_absolute_url()
    assert client.post(f"{here}steg/withdraw/", {"seen": 3, "note": ""}).status_code == 200
    client.post(f"{here}steg/withdraw/", {"seen": 3, "note": "Erstattes av en felles"})
    applies.refresh_from_db()
    assert applies.state == RiskState.WITHDRAWN
    assert TITLE not in text_of(client.get("/risiko/"))
    assert TITLE in text_of(client.get("/risiko/?visning=trukne"))
    assert login(world.nora).get(here).status_code == 404
    assert "Somebody was here before you" in text_of(client.get(f"{here}fare/ny/", follow=True))


def test_what_was_practised_is_forgotten(world: World, applies: RiskAnalysis, hazard: Hazard) -> None:
    actions.decide_on_hazard(hazard=hazard, by=world.leif, acceptance="accepted", reason="Fordi")
    forget(world.municipality)
    applies.refresh_from_db()
    hazard.refresh_from_db()
    assert {applies.title, hazard.what, hazard.reason} == {"–"}


def test_the_pages_cost_the_same_however_much_there_is(
    world: World, login: Login, applies: RiskAnalysis, hazard: Hazard
) -> None:
    client = login(world.leif)

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    here = applies.get_absolute_url()
    actions.plan(by=world.leif, what="Lås", owner=world.leif, deadline=timezone.localdate(), hazard=hazard)
    client.get("/risiko/")
    before = [asked(path) for path in ("/risiko/", here)]
    for number in range(12):
        more = actions.add_hazard(analysis=applies, by=world.leif, what=f"F{number}", consequence=2, probability=2)
        actions.plan(by=world.leif, what="Lås", owner=world.leif, deadline=timezone.localdate(), hazard=more)
        actions.begin_analysis(by=world.leif, title=f"A{number}", unit=world.home_care, owner=world.leif)
    assert [asked(path) for path in ("/risiko/", here)] == before
