"""A case can point to a hazard: whether the estimate was right is told to those who may see the case alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Hazard, HazardCase, RiskAnalysis
from improvement.risk_estimate import MOST_IN_A_YEAR, Experience
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
TITLE, WHAT = "Legemidler hjemme", "Feil styrke i dosetten"
WRONG = "The risk was estimated too low"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def draft(world: World) -> RiskAnalysis:
    return actions.begin_analysis(by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif)


@pytest.fixture
def hazard(world: World, draft: RiskAnalysis) -> Hazard:
    made = actions.add_hazard(analysis=draft, by=world.leif, what=WHAT, consequence=2, probability=3)
    actions.let_apply(analysis=draft, by=world.leif, review_on=timezone.localdate() + datetime.timedelta(days=365))
    return made


def test_who_sees_an_analysis(world: World, login: Login, draft: RiskAnalysis) -> None:
    insiders = {"leif", "sunniva", "rolf", "kaja", "kristin", "vidar"}
    here = draft.get_absolute_url()
    for who, user in world.people.items():
        client = login(user)
        assert client.get(here).status_code == (200 if who in insiders else 404), who
        assert (TITLE in text_of(client.get("/risiko/"))) == (who in insiders), who


def test_colleagues_read_it_once_it_applies_without_the_cases(
    world: World, login: Login, hazard: Hazard, case: Deviation
) -> None:
    actions.point(hazard=hazard, deviation=case, by=world.leif)
    client, here = login(world.nora), hazard.get_absolute_url()
    page = text_of(client.get(here))
    assert WHAT in page
    assert "Has it happened?" not in page
    assert case.reference not in page, "not even their own"
    assert "What has happened" not in text_of(client.get(hazard.analysis.get_absolute_url()))
    for who in ("greta", "hans", "mona", "tiril", "per", "ada"):
        assert login(world.people[who]).get(here).status_code == 404, who
    for path in ("endre/", "vurder/"):
        assert client.get(here + path).status_code == 403
        assert login(world.greta).get(here + path).status_code == 404
        assert login(world.vidar).get(here + path).status_code == 403, "safety representatives read"
    assert client.post(f"{here}ta-bort/").status_code == 403
    assert client.get(f"{hazard.analysis.get_absolute_url()}fare/ny/").status_code == 403
    assert client.get("/risiko/ny/").status_code == 403
    assert login(world.kaja).get(f"{here}endre/").status_code == 200, "quality contacts work on it"
    assert login(world.kaja).get(f"{here}vurder/").status_code == 403, "but don't accept the risk"


def test_whoever_handles_the_case_points_to_it(world: World, login: Login, hazard: Hazard, case: Deviation) -> None:
    client = login(world.leif)
    assert f"/risiko/sak/{case.reference}/" in client.get(case.get_absolute_url()).content.decode()
    url = f"/risiko/sak/{case.reference}/"
    assert WHAT in text_of(client.get(url))
    assert client.post(url, {"hazard": "0"}).status_code == 200
    for _again in range(2):
        client.post(url, {"hazard": hazard.pk})
    tie = HazardCase.objects.get()
    assert (tie.hazard, tie.deviation, tie.added_by) == (hazard, case, world.leif)
    assert WHAT in text_of(client.get(case.get_absolute_url()))
    assert login(world.nora).get(url).status_code == 403
    assert "risiko" not in login(world.nora).get(case.get_absolute_url()).content.decode().split("<main")[1]
    assert login(world.greta).get(url).status_code == 404
    away = f"{url}{hazard.pk}/ut/"
    assert client.get(away).status_code == 405
    assert login(world.nora).post(away).status_code == 403
    client.post(away)
    client.post(away)
    assert not HazardCase.objects.exists()


def test_what_is_chosen_among_applies_where_it_happened(
    world: World, login: Login, draft: RiskAnalysis, case: Deviation
) -> None:
    client, url = login(world.leif), f"/risiko/sak/{case.reference}/"
    actions.add_hazard(analysis=draft, by=world.leif, what="Ennå en kladd", consequence=2, probability=3)
    assert url not in client.get(case.get_absolute_url()).content.decode(), "nothing applies yet"
    day = timezone.localdate()
    for unit, what in ((world.health, "I sektoren"), (world.nursing_home, "På sykehjemmet")):
        other = actions.begin_analysis(by=world.sunniva, title=what, unit=unit, owner=world.sunniva)
        actions.add_hazard(analysis=other, by=world.sunniva, what=what, consequence=1, probability=1)
        actions.let_apply(analysis=other, by=world.sunniva, review_on=day)
    page = text_of(client.get(url))
    assert "I sektoren" in page
    assert "På sykehjemmet" not in page
    assert "Ennå en kladd" not in page


def test_a_case_about_a_leader_never(
    world: World, login: Login, hazard: Hazard, case: Deviation, case_about_leif: Deviation
) -> None:
    client = login(world.sunniva)
    url = f"/risiko/sak/{case_about_leif.reference}/"
    assert url not in client.get(case_about_leif.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 403
    with pytest.raises(actions.CannotPoint):
        actions.point(hazard=hazard, deviation=case_about_leif, by=world.sunniva)
    # A case that turns out to be about a leader counts no more, whoever pointed it out before.
    actions.point(hazard=hazard, deviation=case, by=world.leif)
    Deviation.objects.filter(pk=case.pk).update(about=world.leif)
    assert case.reference not in text_of(client.get(hazard.get_absolute_url()))


def test_it_was_worse_than_estimated(world: World, login: Login, hazard: Hazard, case: Deviation) -> None:
    actions.point(hazard=hazard, deviation=case, by=world.leif)
    page = text_of(login(world.leif).get(hazard.get_absolute_url()))
    assert WRONG not in page
    assert "The estimate fits so far." in page
    assert case.reference in page
    Deviation.objects.filter(pk=case.pk).update(consequence=4, probability=2, severity="moderate")
    for who in ("leif", "sunniva", "kaja"):
        page = text_of(login(world.people[who]).get(hazard.get_absolute_url()))
        assert "It was estimated as “2 – Less serious”, and a case was assessed as “4 – Very serious”." in page, who
    assert "Estimated too low" in text_of(login(world.leif).get(hazard.analysis.get_absolute_url()))
    # An owner who may not see the case isn't told that there is any.
    actions.give_analysis(analysis=hazard.analysis, by=world.leif, owner=world.greta)
    page = text_of(login(world.greta).get(hazard.get_absolute_url()))
    assert "No case you may see points to it." in page
    assert WRONG not in page
    told = str([(event.type, event.data) for event in Event.objects.about(hazard.analysis)])
    assert "case" not in told, "nor does its journal say that there is one"


def test_it_happens_more_often_than_estimated(world: World, login: Login, hazard: Hazard, case: Deviation) -> None:
    actions.point(hazard=hazard, deviation=case, by=world.leif)
    for number in range(3):
        more = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=f"Igjen {number}")
        actions.point(hazard=hazard, deviation=more, by=world.leif)
    page = text_of(login(world.leif).get(hazard.get_absolute_url()))
    assert "It was estimated as “about yearly”, and there were 4 cases in the last twelve months." in page
    Deviation.objects.filter(pk=more.pk).update(reported_at=timezone.now() - datetime.timedelta(days=400))
    assert WRONG not in text_of(login(world.leif).get(hazard.get_absolute_url()))


@pytest.mark.parametrize(("probability", "fits"), [*MOST_IN_A_YEAR.items(), (5, 400)])
def test_how_many_a_year_fit_each_step(probability: int, fits: int) -> None:
    seen = Experience(Hazard(consequence=1, probability=probability), last_year=fits)
    assert not seen.was_wrong
    seen.last_year += 1
    assert seen.was_wrong == (probability < 5)


def test_what_a_merged_case_points_to_the_other_points_to(world: World, hazard: Hazard, case: Deviation) -> None:
    actions.point(hazard=hazard, deviation=case, by=world.leif)
    goes_on = cases.report(by=world.greta, unit=world.home_care, kind=Kind.DEVIATION, text="Det samme")
    cases.receive(deviation=goes_on, by=world.leif)
    case.refresh_from_db()
    cases.merge(deviation=case, by=world.leif, into=goes_on)
    assert set(hazard.cases.all()) == {case, goes_on}
    case.refresh_from_db()
    cases.unmerge(deviation=case, by=world.leif)
    assert set(hazard.cases.all()) == {case}
