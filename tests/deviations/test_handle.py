"""The leader receives, asks, assesses, hands on, closes; the reporter answers, judges, asks to reopen.

Each step: it works · refuses GET where it has nothing to ask · refuses a stranger and who may not (see the table in
``test_who_may_do_what``) · does nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from deviations import actions
from deviations.lifecycle import State
from deviations.models import Deviation, Kind, Severity
from improvement.actions import plan_check
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import local_day, written
from kvalitetslosen.workdays import deadline
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
ANSWER = "Vi har hengt opp en sjekkliste ved medisinskapet."


def take(client: Client, deviation: Deviation, name: str, **fields: Any) -> Any:
    seen = Deviation.objects.get(pk=deviation.pk).events_count
    return client.post(f"{deviation.get_absolute_url()}steg/{name}/", {"seen": seen} | fields)


def test_receiving_makes_the_leader_the_handler_and_stops_the_clock(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    take(login(world.sunniva), deviation, "receive")
    deviation.refresh_from_db()
    assert (deviation.state, deviation.handler) == (State.RECEIVED, world.sunniva)
    assert deviation.received_at is not None


@pytest.mark.parametrize(("name", "start"), [("receive", cases.ordinary), ("start", cases.received)])
def test_a_step_that_asks_for_nothing_refuses_get(world: World, login: Login, name: str, start: Any) -> None:
    deviation = start(world)
    assert login(world.leif).get(f"{deviation.get_absolute_url()}steg/{name}/").status_code == 405


def test_a_simple_case_is_received_and_closed_in_one(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    client = login(world.leif)
    assert client.get(f"{deviation.get_absolute_url()}steg/receive_and_close/").status_code == 200
    take(client, deviation, "receive_and_close", outcome=ANSWER, consequence="2", probability="2")
    deviation.refresh_from_db()
    assert (deviation.state, deviation.severity) == (State.CLOSED, Severity.LOW)
    assert deviation.closed_at is not None
    assert deviation.first_answer_at == deviation.received_at == deviation.closed_at


def test_closing_needs_an_answer_and_keeps_what_was_typed(world: World, login: Login) -> None:
    deviation = cases.received(world)
    answer = take(login(world.leif), deviation, "close", outcome="", cause="Nattvakta var alene.")
    assert answer.status_code == 200
    assert "Nattvakta var alene." in answer.text
    deviation.refresh_from_db()
    assert deviation.is_open


def test_the_reporter_reads_the_answer_and_says_that_it_helped(world: World, login: Login) -> None:
    deviation = cases.received(world)
    take(login(world.leif), deviation, "close", outcome=ANSWER)
    nora = login(world.nora)
    assert ANSWER in nora.get(deviation.get_absolute_url()).text
    nora.post(f"{deviation.get_absolute_url()}hjalp/", {"helped": "yes"})
    deviation.refresh_from_db()
    assert deviation.helped is True


def test_only_the_reporter_says_whether_it_helped(world: World, login: Login) -> None:
    deviation = cases.closed(world)
    path = f"{deviation.get_absolute_url()}hjalp/"
    assert login(world.leif).post(path, {"helped": "yes"}).status_code == 403
    assert login(world.hans).post(path, {"helped": "yes"}).status_code == 404
    assert login(world.nora).get(path).status_code == 405


def test_a_serious_case_asks_for_cause_and_a_look_at_the_effect(world: World, login: Login) -> None:
    deviation = cases.received(world)
    client = login(world.leif)
    take(client, deviation, "assess", consequence="4", probability="4")
    take(client, deviation, "close", outcome=ANSWER)
    deviation.refresh_from_db()
    assert deviation.is_open
    take(client, deviation, "close", outcome=ANSWER, cause="To lister.", effect_check_on="2030-01-15")
    deviation.refresh_from_db()
    assert deviation.is_open, "nobody has said yet how the effect will be seen"
    plan_check(
        deviation=deviation, by=world.leif, owner=world.leif, criterion="Ingen flere.", opens_on=date(2030, 1, 15)
    )
    take(client, deviation, "close", outcome=ANSWER, cause="To lister.")
    deviation.refresh_from_db()
    assert deviation.state == State.CLOSED


def test_severity_sets_the_deadline_from_the_day_of_the_report(world: World, login: Login) -> None:
    deviation = cases.received(world)
    take(login(world.leif), deviation, "assess", consequence="5", probability="1")
    deviation.refresh_from_db()
    assert deviation.severity == Severity.HIGH  # consequence 5 is never below
    assert deviation.deadline == deadline(deviation.reported_at, 20)


@pytest.mark.parametrize(
    ("consequence", "probability", "severity"),
    [(1, 1, "low"), (2, 2, "low"), (1, 5, "moderate"), (3, 3, "moderate"), (2, 5, "high"), (5, 1, "high"),
     (3, 5, "critical"), (5, 3, "critical"), (4, 4, "critical"), (4, 3, "high")],
)  # fmt: skip
def test_the_matrix(consequence: int, probability: int, severity: str) -> None:
    from deviations.models import severity_of

    assert severity_of(consequence, probability) == severity


def test_the_leader_asks_and_the_reporter_answers(world: World, login: Login) -> None:
    deviation = cases.received(world)
    take(login(world.leif), deviation, "ask", text="Hvor lenge var det borte?")
    deviation.refresh_from_db()
    assert deviation.state == State.WAITING
    nora = login(world.nora)
    assert "Hvor lenge var det borte?" in nora.get(deviation.get_absolute_url()).text
    take(nora, deviation, "answer", text="Omtrent en time.")
    deviation.refresh_from_db()
    assert deviation.state == State.IN_PROGRESS
    assert "Omtrent en time." in login(world.leif).get(deviation.get_absolute_url()).text


def test_a_hidden_reporter_answers_without_a_name(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.hidden_name(world), by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvor?")
    take(login(world.nora), deviation, "answer", text="På badet.")
    page = login(world.leif).get(deviation.get_absolute_url()).text
    assert "På badet." in page
    assert "Nora" not in page
    assert world.nora.pk not in Event.objects.about(deviation).values_list("by", flat=True)


def test_forwarding_moves_sight_with_the_case(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif = login(world.leif)
    answer = take(leif, deviation, "forward", to="Sykehjemmet (Helse og omsorg)", note="Skjedde der.")
    assert answer["Location"] == "/avvik/"  # Leif doesn't see it any longer
    assert "The case is sent to Sykehjemmet. Hans Haug has it now." in leif.get("/avvik/").text
    deviation.refresh_from_db()
    assert (deviation.state, deviation.handler, deviation.unit) == (State.REPORTED, world.hans, world.nursing_home)
    assert login(world.hans).get(deviation.get_absolute_url()).status_code == 200
    assert login(world.leif).get(deviation.get_absolute_url()).status_code == 404
    assert login(world.nora).get(deviation.get_absolute_url()).status_code == 200


def test_forwarding_needs_a_reason(world: World, login: Login) -> None:
    deviation = cases.received(world)
    assert take(login(world.leif), deviation, "forward", to="Sykehjemmet", note="").status_code == 200
    deviation.refresh_from_db()
    assert deviation.handling_unit == world.home_care


def test_the_reporter_does_not_read_what_leaders_wrote_to_each_other(world: World, login: Login) -> None:
    deviation = cases.received(world)
    take(login(world.leif), deviation, "escalate", note="Mangler penger til ny dosett.")
    assert "Mangler penger" in login(world.sunniva).get(deviation.get_absolute_url()).text
    assert "Mangler penger" not in login(world.nora).get(deviation.get_absolute_url()).text


def test_escalating_hands_the_case_to_the_leader_above(world: World, login: Login) -> None:
    deviation = cases.received(world)
    take(login(world.leif), deviation, "escalate", note="Må avgjøres over meg.")
    deviation.refresh_from_db()
    assert (deviation.handler, deviation.state) == (world.sunniva, State.RECEIVED)


def test_at_the_top_there_is_nobody_to_escalate_to(world: World, login: Login) -> None:
    deviation = actions.take_over(deviation=cases.received(world), by=world.rolf)
    answer = take(login(world.rolf), deviation, "escalate", note="Hvem da?")
    assert answer.status_code == 200
    assert "Hvem da?" in answer.text
    deviation.refresh_from_db()
    assert deviation.handler == world.rolf


def test_two_reports_of_the_same_become_one(world: World, login: Login) -> None:
    first, second = cases.ordinary(world), cases.ordinary(world, by=world.greta)
    take(login(world.leif), second, "merge", into=first.reference.lower())
    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.MERGED, first)


def test_a_case_out_of_sight_can_not_be_merged_into(world: World, login: Login) -> None:
    mine, theirs = cases.ordinary(world), cases.ordinary(world, unit=world.nursing_home, by=world.greta)
    answer = take(login(world.leif), mine, "merge", into=theirs.reference)
    assert answer.status_code == 200
    mine.refresh_from_db()
    assert mine.is_open


def test_not_a_deviation_tells_the_reporter_why(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    take(login(world.leif), deviation, "not_deviation", outcome="Dette er et godt forslag, og hører hjemme der.")
    deviation.refresh_from_db()
    assert deviation.state == State.NOT_DEVIATION
    assert "et godt forslag" in login(world.nora).get(deviation.get_absolute_url()).text


def test_a_case_becomes_a_proposal_in_the_same_hands_and_the_reporter_reads_why(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    leif = login(world.leif)
    assert "steg/make_proposal/" in leif.get(f"{deviation.get_absolute_url()}steg/not_deviation/").text
    take(leif, deviation, "make_proposal", text="Godt tenkt. Jeg tar det opp på mandag.")
    deviation.refresh_from_db()
    assert (deviation.kind, deviation.state, deviation.handler) == (Kind.PROPOSAL, State.REPORTED, world.leif)
    assert deviation.first_answer_at is not None
    assert "Godt tenkt." in login(world.nora).get(deviation.get_absolute_url()).text


def test_a_proposal_does_not_become_one_again(world: World, login: Login) -> None:
    deviation = cases.ordinary(world, kind=Kind.PROPOSAL)
    leif = login(world.leif)
    for page in ("", "steg/not_deviation/"):
        assert "steg/make_proposal/" not in leif.get(deviation.get_absolute_url() + page).text
    assert take(leif, deviation, "make_proposal", text="Igjen.").status_code == 302
    deviation.refresh_from_db()
    assert deviation.events_count == 1


def test_becoming_a_proposal_needs_a_reason(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    assert take(login(world.leif), deviation, "make_proposal", text="").status_code == 200
    deviation.refresh_from_db()
    assert deviation.kind == Kind.DEVIATION


def test_a_case_about_a_leader_and_one_that_is_not_do_not_become_one(world: World, login: Login) -> None:
    """Who sees the one would else read of the other: what is to be done in it goes along."""
    about, ordinary = cases.about_the_leader(world), cases.ordinary(world)
    sunniva = login(world.sunniva)
    for deviation, into in ((about, ordinary), (ordinary, about)):
        assert take(sunniva, deviation, "merge", into=into.reference).status_code == 200
        with pytest.raises(actions.CannotMerge):
            actions.merge(deviation=deviation, by=world.sunniva, into=into)
        deviation.refresh_from_db()
        assert deviation.is_open


def test_nothing_is_merged_into_a_case_that_ended_meanwhile(world: World) -> None:
    first, second = cases.ordinary(world), cases.ordinary(world, by=world.greta)
    actions.receive_and_close(deviation=Deviation.objects.get(pk=first.pk), by=world.leif, outcome=ANSWER)
    with pytest.raises(actions.CannotMerge):
        actions.merge(deviation=second, by=world.leif, into=first)


def test_the_reporter_has_a_case_opened_again(world: World, login: Login) -> None:
    deviation = cases.closed(world)
    take(login(world.nora), deviation, "reopen", note="Det skjedde igjen i går.")
    deviation.refresh_from_db()
    assert (deviation.state, deviation.closed_at, deviation.handler) == (State.IN_PROGRESS, None, world.leif)


def test_the_second_of_two_leaders_is_told_what_happened_and_changes_nothing(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif, sunniva = login(world.leif), login(world.sunniva)
    seen = deviation.events_count
    first = leif.post(f"{deviation.get_absolute_url()}steg/close/", {"seen": seen, "outcome": ANSWER})
    second = sunniva.post(
        f"{deviation.get_absolute_url()}steg/close/", {"seen": seen, "outcome": "Et annet svar."}, follow=True
    )
    assert first.status_code == 302
    assert "Leif Lund" in second.text
    deviation.refresh_from_db()
    assert deviation.outcome == ANSWER


def test_who_was_second_keeps_what_was_typed_when_the_step_is_still_possible(world: World, login: Login) -> None:
    deviation = cases.received(world)
    seen = deviation.events_count
    actions.write_message(deviation=deviation, by=world.nora, text="Det var to ganger.", from_reporter=True)
    path = f"{deviation.get_absolute_url()}steg/close/"
    client = login(world.leif)
    answer = client.post(path, {"seen": seen, "outcome": ANSWER})
    assert answer.status_code == 200
    assert ANSWER in answer.text
    deviation.refresh_from_db()
    assert deviation.is_open
    client.post(path, {"seen": deviation.events_count, "outcome": ANSWER})
    deviation.refresh_from_db()
    assert not deviation.is_open


@pytest.mark.parametrize(("name", "fields"), [("receive", {}), ("close", {"outcome": ANSWER}), ("take_over", {})])
def test_the_second_click_does_nothing(world: World, login: Login, name: str, fields: dict[str, str]) -> None:
    deviation = cases.ordinary(world) if name == "receive" else cases.received(world)
    client = login(world.sunniva)
    take(client, deviation, name, **fields)
    deviation.refresh_from_db()
    before = deviation.events_count
    answer = take(client, deviation, name, **fields)
    assert answer.status_code == 302
    deviation.refresh_from_db()
    assert deviation.events_count == before


def test_an_identity_number_in_the_answer_is_refused(world: World, login: Login) -> None:
    deviation = cases.received(world)
    answer = take(login(world.leif), deviation, "close", outcome="Gjelder 13527248013.")
    assert answer.status_code == 200
    deviation.refresh_from_db()
    assert deviation.is_open
    assert deviation.outcome == ""


def test_each_look_at_a_hidden_name_is_told_to_the_reporter_with_its_reason(world: World, login: Login) -> None:
    deviation = cases.hidden_name(world)
    path = f"{deviation.get_absolute_url()}navn/"
    kristin = login(world.kristin)
    assert "Nora Nygård" not in kristin.get(path).text
    assert "Nora Nygård" not in kristin.post(path, {"reason": ""}).text
    assert "Nora Nygård" in kristin.post(path, {"reason": "Politiet må snakke med melder."}).text
    page = login(world.nora).get(deviation.get_absolute_url()).text
    assert "Kristin Krog" in page
    assert "Politiet må snakke med melder." in page


def test_the_leader_corrects_the_category_and_the_right_people_see_it(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    violence = cases.category(world, "Vold", "hse")
    assert login(world.vidar).get(deviation.get_absolute_url()).status_code == 404
    login(world.leif).post(f"{deviation.get_absolute_url()}rett/", {"kind": "near_miss", "category": str(violence.pk)})
    assert login(world.vidar).get(deviation.get_absolute_url()).status_code == 200


def test_messages_go_both_ways(world: World, login: Login) -> None:
    deviation = cases.received(world)
    path = f"{deviation.get_absolute_url()}melding/"
    login(world.leif).post(path, {"text": "Takk for at du meldte."})
    login(world.nora).post(path, {"text": "Det skjedde igjen."})
    page = login(world.leif).get(deviation.get_absolute_url()).text
    assert "Takk for at du meldte." in page
    assert "Det skjedde igjen." in page
    assert login(world.kaja).post(path, {"text": "Hei"}).status_code == 403
    assert login(world.hans).post(path, {"text": "Hei"}).status_code == 404
    deviation.refresh_from_db()
    assert deviation.first_answer_at is not None


def test_severity_is_explained_and_its_deadline_shown_before_it_is_set(world: World, login: Login) -> None:
    deviation = cases.received(world)
    page = login(world.leif).get(f"{deviation.get_absolute_url()}steg/assess/").text
    assert "Treatment, short sick leave, fear." in page
    assert "About monthly" in page
    for severity in Severity:
        assert f'data-class="{severity}"' in page
    assert f"<td>{written(local_day(deadline(deviation.reported_at, 20)))}</td>" in page


@pytest.mark.parametrize("name", ["assess", "analyse"])
def test_what_is_set_is_changed_not_set_anew(world: World, login: Login, name: str) -> None:
    deviation = cases.received(world)
    fields = {"assess": {"consequence": "4", "probability": "3"}, "analyse": {"cause": "To lister."}}[name]
    said = {"assess": "Change the severity", "analyse": "Change the cause"}[name]
    leif = login(world.leif)
    assert said not in leif.get(deviation.get_absolute_url()).text
    take(leif, deviation, name, **fields)
    assert said in leif.get(deviation.get_absolute_url()).text
    assert said in leif.get(f"{deviation.get_absolute_url()}steg/{name}/").text


def test_afterwards_it_says_what_was_set(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif = login(world.leif)
    take(leif, deviation, "assess", consequence="4", probability="3")
    deviation.refresh_from_db()
    day = written(local_day(deviation.deadline))
    assert f"High (12), deadline {day}." in leif.get(deviation.get_absolute_url()).text


def test_after_escalating_it_says_who_has_it(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif = login(world.leif)
    take(leif, deviation, "escalate", note="Må avgjøres over meg.")
    assert "Sunniva Sand has the case now." in leif.get(deviation.get_absolute_url()).text
