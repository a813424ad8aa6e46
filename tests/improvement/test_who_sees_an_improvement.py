"""Those named in it, its leaders and quality contacts; colleagues once it is finished. Cases only to those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Improvement
from improvement.views.improving import cases_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.improvement.test_a_team_makes_something_better import TITLE, at_the_last_step
from tests.people import World

Login = Callable[[User], Client]


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def begun(world: World, case: Deviation) -> Improvement:
    improvement = actions.begin_improvement(
        by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif, cases=[case]
    )
    actions.invite_to_team(improvement=improvement, by=world.leif, person=world.vidar)
    return improvement


def test_those_named_the_leaders_and_the_quality_contacts(world: World, login: Login, begun: Improvement) -> None:
    for who, status in {
        "leif": 200, "sunniva": 200, "rolf": 200, "kaja": 200, "kristin": 200, "vidar": 200, "nora": 404,
        "greta": 404, "hans": 404, "per": 404, "tiril": 404, "ada": 404, "mona": 404,
    }.items():  # fmt: skip
        client = login(world.people[who])
        assert client.get(f"/forbedring/{begun.pk}/").status_code == status, who
        assert (TITLE in text_of(client.get("/forbedring/"))) == (status == 200), who
        assert (TITLE in text_of(client.get("/forbedring/skjerm/"))) == (who in {"leif", "sunniva", "rolf", "kaja",
            "kristin", "vidar"}), who  # fmt: skip


def test_colleagues_read_title_and_result_once_it_is_finished(world: World, login: Login, begun: Improvement) -> None:
    at_the_last_step(begun, world.leif)
    actions.finish_improvement(improvement=begun, by=world.leif, result="Nå holder det.", without_document="Vest")
    client = login(world.nora)
    page = text_of(client.get(f"/forbedring/{begun.pk}/"))
    assert TITLE in page
    assert "Nå holder det." in page
    assert "Runden avbrytes" not in page
    assert "Leif Lund" not in page
    assert TITLE in text_of(client.get("/forbedring/"))
    for who in ("greta", "hans", "mona", "per"):
        assert login(world.people[who]).get(f"/forbedring/{begun.pk}/").status_code == 404, who


def test_the_cases_behind_are_shown_only_to_those_who_may_see_each(
    world: World, login: Login, begun: Improvement, case: Deviation
) -> None:
    page = text_of(login(world.leif).get(f"/forbedring/{begun.pk}/"))
    assert case.reference in page
    page = text_of(login(world.vidar).get(f"/forbedring/{begun.pk}/"))
    assert case.reference not in page
    assert "Feil dose" not in page
    told = str([event.data for event in Event.objects.about(begun)])
    assert case.reference not in told
    assert "case" not in told, "nor does its journal say that there is one"


def test_a_case_about_a_leader_is_never_part_of_one(
    world: World, login: Login, begun: Improvement, case_about_leif: Deviation
) -> None:
    client = login(world.sunniva)
    assert "Begin an improvement" not in text_of(client.get(case_about_leif.get_absolute_url()))
    answer = client.post(f"/forbedring/{begun.pk}/sak/", {"reference": case_about_leif.reference})
    assert answer.status_code == 200
    with pytest.raises(actions.CannotTakeUp):
        actions.take_in(improvement=begun, deviation=case_about_leif, by=world.sunniva)
    with pytest.raises(actions.CannotTakeUp):
        actions.begin_improvement(
            by=world.sunniva, title="X", unit=world.health, owner=world.sunniva, cases=[case_about_leif]
        )
    assert not Improvement.objects.filter(title="X").exists()


def test_cases_are_taken_in_and_out_by_those_who_handle_them(world: World, login: Login, begun: Improvement) -> None:
    other = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Nok en")
    elsewhere = cases.report(by=world.greta, unit=world.nursing_home, kind=Kind.DEVIATION, text="Der borte")
    client = login(world.leif)
    url = f"/forbedring/{begun.pk}/sak/"
    assert client.get(url).status_code == 200
    unseen, unknown = (
        text_of(client.post(url, {"reference": reference})) for reference in (elsewhere.reference, "FJE-2026-9999")
    )
    assert unseen.replace(elsewhere.reference, "") == unknown.replace("FJE-2026-9999", ""), "they can't be told apart"
    client.post(url, {"reference": other.reference.lower()})
    assert set(begun.cases.all()) >= {other}
    assert client.get(f"{url}{other.reference}/ut/").status_code == 405
    assert login(world.vidar).post(f"{url}{other.reference}/ut/").status_code == 404
    client.post(f"{url}{other.reference}/ut/")
    assert other not in begun.cases.all()
    assert login(world.hans).post(url, {"reference": other.reference}).status_code == 404


def test_several_chosen_in_the_list_become_one_improvement(world: World, login: Login, case: Deviation) -> None:
    other = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Nok en")
    client = login(world.leif)
    page = client.get("/avvik/?velg=1").content.decode()
    assert 'formaction="/forbedring/ny/"' in page
    url = f"/forbedring/ny/?sak={case.reference}:3&sak={other.reference}:1&tilbake="
    assert other.reference in text_of(client.get(url))
    form = {"key": "3f1b8a52-0000-4000-8000-000000000105", "title": TITLE, "unit": world.home_care.pk}
    client.post(url, form | {"owner": "Leif Lund"})
    assert set(Improvement.objects.get().cases.all()) == {case, other}


def test_what_a_merged_case_was_part_of_the_other_is_part_of_too(
    world: World, begun: Improvement, case: Deviation
) -> None:
    goes_on = cases.report(by=world.greta, unit=world.home_care, kind=Kind.DEVIATION, text="Det samme")
    cases.receive(deviation=goes_on, by=world.leif)
    case.refresh_from_db()
    cases.merge(deviation=case, by=world.leif, into=goes_on)
    assert set(begun.cases.all()) == {case, goes_on}
    assert cases_of(begun, world.leif) == [goes_on], "it stands there once"
    assert [row.pk for row in cases_of(begun, world.nora)] == [case.pk], "who sees but the merged one reads that"
    case.refresh_from_db()
    cases.unmerge(deviation=case, by=world.leif)
    assert set(begun.cases.all()) == {case}


def test_a_case_says_that_nothing_came_of_it(world: World, login: Login, begun: Improvement, case: Deviation) -> None:
    assert "You hear what comes of it." in text_of(login(world.nora).get(case.get_absolute_url()))
    actions.give_up(improvement=begun, by=world.leif, note="Det løste seg.")
    page = text_of(login(world.nora).get(case.get_absolute_url()))
    assert "was given up" in page
    assert "You hear what comes of it." not in page
    assert "Det løste seg." not in page


def test_whoever_follows_with_a_code_reads_what_came_of_it(
    world: World, client: Client, begun: Improvement, case: Deviation
) -> None:
    unnamed, code = cases.report_anonymously(unit=world.home_care, kind=Kind.DEVIATION, text="Uten navn")
    actions.take_in(improvement=begun, deviation=unnamed, by=world.leif)
    client.post("/sak/", {"code": code})
    assert "You hear what comes of it." in text_of(client.get("/sak/min/"))
    at_the_last_step(begun, world.leif)
    actions.finish_improvement(improvement=begun, by=world.leif, result="Nå holder det.", without_document="Vest")
    page = text_of(client.get("/sak/min/"))
    assert "Nå holder det." in page
    assert case.reference not in page


def test_the_team_works_but_does_not_decide(world: World, login: Login, begun: Improvement) -> None:
    client = login(world.vidar)
    here = f"/forbedring/{begun.pk}/steg/"
    assert client.get(f"{here}analyse/").status_code == 200
    for step in ("give_up", "hand_over", "invite", "finish", "take_out"):
        assert client.get(f"{here}{step}/").status_code == 403, step
    assert login(world.nora).get("/forbedring/ny/").status_code == 403
    assert login(world.hans).get(f"{here}analyse/").status_code == 404


def test_the_wall_opens_without_a_log_in_and_names_nobody(world: World, client: Client, begun: Improvement) -> None:
    screen = cases.put_up_screen(unit=world.home_care, by=world.leif)
    answer = client.get(f"/forbedring/vegg/{screen.key}/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert TITLE in page
    assert "Leif" not in page
    assert "FJE-" not in page
    assert not answer.cookies
    cases.take_down_screen(screen=screen, by=world.leif)
    assert client.get(f"/forbedring/vegg/{screen.key}/").status_code == 404
