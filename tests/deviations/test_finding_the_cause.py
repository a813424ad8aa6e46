"""A leader is led to the cause: how much to learn, what happened when, why and why that, where it lies; in words."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions
from deviations.fishbone import drawn
from deviations.learning import STEPS, suggested
from deviations.lifecycle import State
from deviations.models import CauseAnalysis, CauseKind, Deviation, Moment, Peers, Response, Why
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def address(deviation: Deviation, what: str = "") -> str:
    return f"{deviation.get_absolute_url()}arsak/{what}"


def answered(text: str = "Lista var ikke skrevet ut.", **more: object) -> dict[str, object]:
    given = {"key": uuid.uuid4(), "text": text, **more}
    return {f"why-{name}": value for name, value in given.items()}


def analysed(world: World, deviation: Deviation | None = None) -> Deviation:
    """A case with a little of everything, by the handler."""
    case = actions.receive(deviation=deviation or cases.ordinary(world), by=world.leif)
    actions.weigh(deviation=case, by=world.leif, learn="some", response=Response.AFTER_ACTION)
    actions.put_moment(
        deviation=case, by=world.leif, key=uuid.uuid4(), happened_at=case.reported_at, what="Dosen sto igjen."
    )
    first = actions.put_why(deviation=case, by=world.leif, key=uuid.uuid4(), text="Ingen så det.")
    actions.put_why(
        deviation=case, by=world.leif, key=uuid.uuid4(), text="Skapet er bak døra.", under=first.key, weight="root",
        kind=CauseKind.SURROUNDINGS,
    )  # fmt: skip
    actions.judge_peers(deviation=case, by=world.leif, peers=Peers.YES)
    return case


def events(deviation: Deviation) -> list[str]:
    return [each.type.partition(".")[2] for each in Event.objects.about(deviation.cause_analysis).order_by("number")]


def test_the_case_leads_to_it_and_an_empty_page_teaches(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    leif = login(world.leif)
    assert f'href="{address(deviation)}"' in leif.get(deviation.get_absolute_url()).text
    page = leif.get(address(deviation))
    assert page.status_code == 200
    assert "nothing is required" in page.text
    assert not CauseAnalysis.objects.exists(), "to look is not to begin"


@pytest.mark.parametrize(
    ("learn", "known", "reach", "serious", "response"),
    [
        ("", "no", "several", True, None),
        ("little", "", "", True, Response.SWARM),
        ("some", "", "", True, Response.AFTER_ACTION),
        ("some", "yes", "one", False, Response.AFTER_ACTION),
        ("much", "yes", "several", True, Response.THEME),
        ("some", "no", "several", False, Response.TEAM),
        ("much", "partly", "one", False, Response.TEAM),
        ("much", "no", "one", True, Response.FULL),
        ("much", "no", "several", False, Response.FULL),
    ],
)
def test_what_is_to_be_learnt_suggests_the_response(
    learn: str, known: str, reach: str, serious: bool, response: str | None
) -> None:
    found = suggested(learn, known, reach, serious=serious)
    assert (found.response if found else None) == response
    assert found is None or found.why


def test_the_leader_chooses_another_response_than_the_suggested(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    leif = login(world.leif)
    leif.post(address(deviation, "valg/"), {"weigh-learn": "little"})
    assert "a short talk is enough" in leif.get(address(deviation)).text
    leif.post(address(deviation, "respons/"), {"response-response": "team"})
    page = leif.get(address(deviation)).text
    assert all(str(step.asks) in BeautifulSoup(page, "html.parser").get_text() for step in STEPS[Response.TEAM])
    leif.post(address(deviation, "steg/"), {"steps-done_2": "on", "steps-note_2": "Torsdager."})
    row = deviation.cause_analysis.steps.get(number=2)
    assert (row.response, row.done, row.note) == ("team", True, "Torsdager.")
    actions.weigh(deviation=deviation, by=world.leif, response=Response.SWARM)
    actions.weigh(deviation=deviation, by=world.leif, response=Response.TEAM)
    assert "Torsdager." in leif.get(address(deviation)).text, "what was noted is there when one comes back"


def test_every_response_has_its_steps_with_an_example_each() -> None:
    assert set(STEPS) == set(Response)
    for steps in STEPS.values():
        assert len(steps) >= 4
        assert all(step.asks and step.example for step in steps)


def test_moments_stand_in_the_order_they_happened(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    leif = login(world.leif)
    for at, what in (("2026-11-20T09:00", "Etterpå"), ("", "Uvisst når"), ("2026-11-20T07:00", "Først")):
        sent = {"moment-key": uuid.uuid4(), "moment-at": at, "moment-what": what, "moment-expected": "Noe annet"}
        assert leif.post(address(deviation, "tid/"), sent).status_code == 302
    assert [row.what for row in deviation.cause_analysis.moments.all()] == ["Først", "Etterpå", "Uvisst når"]
    row = Moment.objects.get(what="Først")
    leif.post(address(deviation, "tid/"), {"moment-key": row.key, "moment-what": "Aller først"})
    row.refresh_from_db()
    assert row.what == "Aller først"
    assert (
        leif.get(f"{address(deviation)}?rad={row.key}").text.count("Aller først") == 3
    )  # row, its link, and the field


def test_whys_branch_and_the_next_question_is_asked_at_once(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    leif = login(world.leif)
    answer = leif.post(address(deviation, "hvorfor/"), answered("Ingen så det."))
    top = Why.objects.get()
    assert answer["Location"] == address(deviation, f"?under={top.key}#ny")
    for text in ("Lyset var av.", "Det var bare én på vakt."):
        leif.post(address(deviation, "hvorfor/"), answered(text, under=top.key))
    assert [why.text for why in top.whys.all()] == ["Lyset var av.", "Det var bare én på vakt."]
    ended = answered("Lampa skiftes ikke.", under=top.whys.all()[0].key, weight="root", kind="tools")
    assert leif.post(address(deviation, "hvorfor/"), ended)["Location"] == address(deviation, "#hvorfor")
    page = BeautifulSoup(leif.get(address(deviation)).text, "html.parser")
    assert len(page.select(".los-whys .los-whys .los-whys > li")) == 1
    assert page.select_one("svg.los-fish") is not None
    causes = page.select_one("#fiskebein ul")
    assert causes is not None
    assert "Lampa skiftes ikke." in causes.get_text()


def test_a_cause_must_lie_somewhere(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    refused = login(world.leif).post(address(deviation, "hvorfor/"), answered(weight="root"))
    assert refused.status_code == 422
    assert "Choose where the cause lies." in refused.text
    assert not Why.objects.exists()
    actions.put_why(deviation=deviation, by=world.leif, key=uuid.uuid4(), text="Ingen så det.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Why.objects.update(weight="root")


def test_an_identity_number_is_refused(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    refused = login(world.leif).post(address(deviation, "hvorfor/"), answered("Bruker 13097248022 lå der."))
    assert refused.status_code == 422
    assert not Why.objects.exists()


def test_what_is_sent_twice_is_there_once_with_one_event(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    leif = login(world.leif)
    sent = (
        ("valg/", {"weigh-learn": "some"}),
        ("respons/", {"response-response": "swarm"}),
        ("steg/", {"steps-done_1": "on"}),
        ("tid/", {"moment-key": uuid.uuid4(), "moment-what": "Dosen sto igjen."}),
        ("hvorfor/", answered()),
        ("bytte/", {"peers-peers": "yes", "peers-note": "Spurte tre."}),
    )
    for _ in range(2):
        for where, what in sent:
            assert leif.post(address(deviation, where), what).status_code == 302
    assert events(deviation) == [
        "analysis_begun", "analysis_weighed", "analysis_weighed", "analysis_worked", "moment_added", "why_added",
        "peers_judged",
    ]  # fmt: skip
    gone = address(deviation, f"hvorfor/{Why.objects.get().key}/fjern/")
    for _ in range(2):
        assert leif.post(gone).status_code == 302
    assert events(deviation)[-2:] == ["peers_judged", "why_removed"]
    assert not Why.objects.exists()


def test_a_why_goes_with_those_under_it(world: World) -> None:
    deviation = analysed(world)
    actions.remove_row(deviation=deviation, by=world.leif, noun="why", key=Why.objects.get(parent=None).key)
    assert not Why.objects.exists()


def test_the_journal_keeps_no_words(world: World) -> None:
    deviation = analysed(world)
    kept = str(list(Event.objects.about(deviation.cause_analysis).values_list("data", flat=True)))
    assert "Skapet" not in kept
    assert "Dosen" not in kept


def test_the_summary_becomes_the_cause_in_one_tap(world: World, login: Login) -> None:
    deviation = analysed(world)
    leif = login(world.leif)
    field = BeautifulSoup(leif.get(address(deviation)).text, "html.parser").select_one("#samlet textarea")
    assert field is not None
    words = field.get_text().strip()
    assert words.startswith("Root cause – Surroundings: Skapet er bak døra.")
    assert "how the work is arranged" in words
    deviation.refresh_from_db()
    assert leif.post(f"{deviation.get_absolute_url()}steg/analyse/", {"cause": words}).status_code == 302
    deviation.refresh_from_db()
    assert "Skapet er bak døra." in deviation.cause
    assert deviation.state == State.IN_PROGRESS


@pytest.mark.parametrize(
    "where", ["valg/", "respons/", "steg/", "tid/", "hvorfor/", "bytte/", f"tid/{uuid.UUID(int=7)}/fjern/"]
)
def test_the_verbs_refuse_get_and_whoever_may_not(world: World, login: Login, where: str) -> None:
    deviation = analysed(world)
    path = address(deviation, where)
    assert login(world.leif).get(path).status_code == 405
    for who, status in (("nora", 403), ("hans", 404), ("greta", 404), ("tiril", 404), ("ada", 404)):
        assert login(world.people[who]).post(path, {}).status_code == status, who


SEES = {
    "ordinary": {"nora": 403, "leif": 200, "sunniva": 200, "rolf": 200, "kaja": 200, "kristin": 200},
    "hse": {"nora": 403, "leif": 200, "sunniva": 200, "rolf": 200, "kaja": 200, "kristin": 200, "vidar": 403},
    "privacy": {"nora": 403, "leif": 200, "sunniva": 200, "rolf": 200, "kaja": 200, "kristin": 200, "per": 403},
    "about the leader": {"nora": 403, "sunniva": 200, "rolf": 200},
}


@pytest.mark.parametrize("kind", SEES)
def test_only_those_who_see_all_of_the_case_read_it(world: World, login: Login, kind: str) -> None:
    made = {"ordinary": cases.ordinary, "hse": cases.hse, "privacy": cases.privacy}
    deviation = made.get(kind, cases.about_the_leader)(world)
    by = deviation.handler
    assert by is not None
    actions.receive(deviation=deviation, by=by)
    actions.put_why(
        deviation=deviation, by=by, key=uuid.uuid4(), text="Skapet er bak døra.", weight="root", kind="surroundings"
    )
    for who, user in world.people.items():
        client = login(user)
        expected = SEES[kind].get(who, 404)
        assert client.get(address(deviation)).status_code == expected, who
        assert client.get(address(deviation, "papir/")).status_code == expected, who
        assert CauseAnalysis.objects.visible_to(User.objects.get(pk=user.pk)).exists() == (expected == 200), who
        assert Why.objects.visible_to(User.objects.get(pk=user.pk)).causes().exists() == (expected == 200), who
        case = client.get(deviation.get_absolute_url())
        assert ("Skapet er bak døra." in case.text) == (expected == 200), who


def test_the_reporter_reads_nothing_of_it_by_case_code_either(world: World) -> None:
    deviation, code = cases.coded(world)
    analysed(world, deviation)
    client = Client()
    client.post("/sak/", {"code": code})
    page = client.get("/sak/min/").text
    assert "Skapet" not in page
    assert "look for the cause" not in page


def test_a_closed_case_is_read_and_not_written(world: World, login: Login) -> None:
    deviation = analysed(world)
    actions.close(deviation=deviation, by=world.leif, outcome="Flyttet skapet.")
    leif = login(world.leif)
    page = leif.get(address(deviation)).text
    assert "Skapet er bak døra." in page
    assert "stands as it is" in page
    assert 'action="' + address(deviation, "hvorfor/") not in page
    assert leif.post(address(deviation, "hvorfor/"), answered()).status_code == 403
    with pytest.raises(actions.CaseEnded):
        actions.judge_peers(deviation=deviation, by=world.leif, peers=Peers.NO)


def test_an_analysis_stays_with_its_case_when_it_is_merged_and_parted(world: World, login: Login) -> None:
    deviation = analysed(world)
    other = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    actions.merge(deviation=deviation, by=world.leif, into=other)
    leif = login(world.leif)
    assert f'href="{address(deviation)}"' in leif.get(address(other)).text
    assert "Skapet er bak døra." in leif.get(address(deviation)).text
    assert leif.post(address(deviation, "hvorfor/"), answered()).status_code == 403
    actions.put_why(deviation=other, by=world.leif, key=uuid.uuid4(), text="Eget svar.")
    deviation.refresh_from_db()
    actions.unmerge(deviation=deviation, by=world.leif)
    assert leif.post(address(deviation, "hvorfor/"), answered("Ett til.")).status_code == 302
    assert {why.text for why in deviation.cause_analysis.whys.all()} == {
        "Ingen så det.", "Skapet er bak døra.", "Ett til."
    }  # fmt: skip
    assert [why.text for why in other.cause_analysis.whys.all()] == ["Eget svar."]
    assert f'href="{address(deviation)}"' not in leif.get(address(other)).text


def test_a_why_of_another_case_is_not_built_upon(world: World, login: Login) -> None:
    theirs, ours = analysed(world), actions.receive(deviation=cases.ordinary(world), by=world.leif)
    login(world.leif).post(address(ours, "hvorfor/"), answered(under=Why.objects.filter(parent=None)[0].key))
    assert theirs.cause_analysis.whys.count() == 2
    assert not Why.objects.filter(analysis__deviation=ours).exists()


def test_the_printed_page_holds_all_of_it(world: World, login: Login) -> None:
    deviation = analysed(world)
    page = login(world.leif).get(address(deviation, "papir/")).text
    for said in ("Dosen sto igjen.", "Ingen så det.", "Skapet er bak døra.", "los-fish", "After-action review"):
        assert said in page
    assert "<form" not in page
    assert login(world.leif).get(address(cases.hse(world), "papir/")).status_code == 404


def test_the_picture_holds_no_foreign_markup_and_says_what_it_is() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    page = BeautifulSoup(drawn({CauseKind.TOOLS: [hostile] * 9, CauseKind.OUTSIDE: ["Kort"]}, hostile), "html.parser")
    svg = page.select_one("svg")
    assert svg is not None
    assert svg["role"] == "img"
    assert "Fishbone" in svg["aria-label"]
    assert not page.select("script")
    assert " style=" not in str(page)
    names = [each.get_text() for each in page.select(".los-fish__name")]
    assert names == [str(kind.label) for kind in CauseKind]
    height = (
        float(str(svg["viewbox"]).split()[3]) if svg.has_attr("viewbox") else float(str(svg["viewBox"]).split()[3])
    )
    assert all(0 <= float(str(each["y"])) <= height for each in page.select("text"))


def test_the_page_costs_the_same_at_few_and_many_answers(world: World, login: Login) -> None:
    deviation = analysed(world)
    leif = login(world.leif)

    def questions() -> int:
        leif.get(address(deviation))
        with CaptureQueriesContext(connection) as asked:
            assert leif.get(address(deviation)).status_code == 200
        return len(asked)

    few = questions()
    under = None
    for number in range(40):
        why = actions.put_why(deviation=deviation, by=world.leif, key=uuid.uuid4(), text=f"Svar {number}", under=under)
        under = why.key if number % 3 else None
        actions.put_moment(
            deviation=deviation, by=world.leif, key=uuid.uuid4(), happened_at=None, what=f"Hendelse {number}"
        )
    assert questions() == few
    assert few <= 12
