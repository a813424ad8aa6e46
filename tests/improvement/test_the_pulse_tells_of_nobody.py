"""Everybody answers once a quarter; leaders see means that tell of nobody, however they are taken from each other."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from improvement import actions
from improvement.actions import pulsing
from improvement.models import PulseAnswered, PulseRound, PulseTally
from improvement.pulse_protection import FOR_MEANS, FOR_SPREAD, Path, shown, totals
from improvement.pulse_questions import MOTIVATION, QUESTIONS
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit, User
from tests.notifications.conftest import Post, at
from tests.people import World

ANSWER = dict.fromkeys(QUESTIONS, 4) | {MOTIVATION: 9}
Login = Callable[[User], Client]


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


# What can be reckoned out

TREES = st.dictionaries(
    st.lists(st.integers(1, 3), min_size=0, max_size=3).map(lambda below: (0, *below)), st.integers(0, 12), max_size=9
)


@given(TREES, st.sampled_from([FOR_MEANS, FOR_SPREAD]))
def test_no_two_shown_results_let_anybody_reckon_out_a_small_group(answered: dict[Path, int], least: int) -> None:
    chosen, whole = sorted(shown(answered, least)), totals(answered)
    for one in chosen:
        assert whole[one] >= least
        for other in chosen:
            if one != other and one[: len(other)] == other:
                assert whole[other] - whole[one] == 0 or whole[other] - whole[one] >= least


@given(TREES)
def test_nor_do_several_of_them_together(answered: dict[Path, int]) -> None:
    """Each shown box added, taken away or left alone: where what is left is a group, it is empty or large."""
    chosen = sorted(shown(answered, FOR_MEANS))[:7]
    places = [path for path, n in answered.items() if n]
    for signs in product((-1, 0, 1), repeat=len(chosen)):
        times = {
            path: sum(sign for sign, box in zip(signs, chosen, strict=True) if path[: len(box)] == box)
            for path in places
        }
        if set(times.values()) <= {0, 1}:
            left = sum(answered[path] for path, time in times.items() if time)
            assert left == 0 or left >= FOR_MEANS


@given(TREES)
def test_how_answers_are_spread_is_shown_of_no_more_units_than_means(answered: dict[Path, int]) -> None:
    means = shown(answered, FOR_MEANS)
    assert shown(answered, FOR_SPREAD, among=means) <= means


def test_the_smallest_neighbour_is_left_out_where_one_is_too_small() -> None:
    answered: dict[Path, int] = {(0, 1): 9, (0, 2): 6, (0, 3): 2}
    assert shown(answered, FOR_MEANS) == {(0,), (0, 1)}, "17 less 9 and 6 would tell of two"


# Answering


@pytest.fixture
def staff(world: World) -> list[User]:
    """Twelve in home care, six in the nursing home."""
    found = []
    for unit, many in ((world.home_care, 12), (world.nursing_home, 6)):
        for number in range(many):
            user = organisation.add_person(
                municipality=world.municipality, name=f"{unit.code} {number}", email=f"{unit.pk}-{number}@x.example",
                language="nb",
            )  # fmt: skip
            organisation.grant_role(user=user, unit=unit, role=Role.EMPLOYEE)
            found.append(user)
    return found


@pytest.fixture
def open_now(world: World) -> PulseRound:
    today = timezone.localdate()
    return PulseRound.objects.create(
        municipality=world.municipality, opens_on=today, closes_on=today + datetime.timedelta(days=20)
    )


def over(round: PulseRound) -> None:
    then = timezone.localdate() - datetime.timedelta(days=40)
    PulseRound.objects.filter(pk=round.pk).update(opens_on=then, closes_on=then + PulseRound.OPEN)


def test_one_answers_once_and_nothing_says_what(
    world: World, login: Login, staff: list[User], open_now: PulseRound
) -> None:
    client = login(world.nora)
    assert "The pulse: one minute" in text_of(client.get("/"))
    form = BeautifulSoup(client.get("/puls/").content, "html.parser").select_one("form.los-pulse")
    assert form is not None
    assert len(form.select(".los-cards input")) == 10, "the number stands in two rows, the answers one a line"
    page = text_of(client.post("/puls/", {"told": 4}))
    assert "Mostly" in page
    assert not PulseTally.objects.exists(), "all are asked of all"
    before = Event.objects.count()
    for _ in range(2):
        client.post("/puls/", ANSWER)
    assert "The pulse: one minute" not in text_of(client.get("/"))
    assert "Nothing to answer now" in text_of(client.get("/puls/"))
    assert sum(PulseTally.objects.filter(question=MOTIVATION).values_list("n", flat=True)) == 1
    assert Event.objects.count() == before, "the journal knows nothing of it"
    assert PulseAnswered.objects.get().user == world.nora
    for model in (PulseTally, PulseAnswered):
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"at", "created_at", "answered_at", "key"}
    assert "user" not in {field.name for field in PulseTally._meta.get_fields()}


def test_no_copy_of_the_database_joins_answerers_with_answers(
    world: World, staff: list[User], open_now: PulseRound
) -> None:
    for user in staff[:3]:
        actions.answer_pulse(round=open_now, by=user, unit=world.home_care, answers=ANSWER)
        assert PulseTally.objects.count() == 40, "a row for every answer there could be, made at once"
    assert sum(PulseTally.objects.values_list("n", flat=True)) == 3 * len(ANSWER)
    for model in (PulseTally, PulseAnswered):
        assert isinstance(model._meta.pk, models.UUIDField), "no number says who came first"
    with CaptureQueriesContext(connection) as captured:
        actions.answer_pulse(round=open_now, by=staff[3], unit=world.home_care, answers=ANSWER)
    written = [each["sql"] for each in captured if each["sql"].startswith("UPDATE")]
    assert len(written) == 1
    assert "value" not in written[0].split("WHERE")[-1], "all counts are written, whichever the answer was"


def test_where_fewer_than_five_work_answers_are_counted_above(
    world: World, staff: list[User], open_now: PulseRound
) -> None:
    team = organisation.create_unit(parent=world.home_care, name="Sone nord", code="SN", kind=Unit.Kind.TEAM)
    organisation.grant_role(user=staff[0], unit=team, role=Role.EMPLOYEE)
    actions.answer_pulse(round=open_now, by=staff[0], unit=team, answers=ANSWER)
    assert {row.unit for row in PulseTally.objects.all()} == {world.home_care}
    with CaptureQueriesContext(connection) as asked:
        assert pulsing.place_for(team) == world.home_care
    assert len(asked) == 2


def test_leaders_see_means_when_the_weeks_are_over_and_nobody_else_does(
    world: World, login: Login, staff: list[User], open_now: PulseRound
) -> None:
    for user in staff:
        unit = user.standing.home
        assert unit is not None
        actions.answer_pulse(round=open_now, by=user, unit=unit, answers=ANSWER)
    assert "No quarter is finished yet" in text_of(login(world.leif).get("/puls/svar/"))
    over(open_now)
    page = text_of(login(world.leif).get("/puls/svar/"))
    assert "12 answers" in page
    assert "4.0 of 5" in page or "4,0 of 5" in page
    assert "4: 12" not in page, "eighteen less twelve would tell how six have answered"
    assert "Sykehjemmet" not in page
    page = text_of(login(world.hans).get("/puls/svar/"))
    assert "6 answers" in page
    assert "from eight answers" in page, "means from five, how they are spread from eight"
    page = text_of(login(world.sunniva).get("/puls/svar/"))
    assert "18 answers" in page
    assert "4: 18" in page
    assert page.index("Hjemmetjenesten") < page.index("Sykehjemmet"), "by name, never by what they answered"
    for who in ("nora", "kaja", "ada", "tiril"):
        assert login(world.people[who]).get("/puls/svar/").status_code == 403
    assert "answers" not in text_of(login(world.mona).get("/puls/svar/")).split("No quarter")[0][-40:]


def test_what_a_few_answered_is_shown_to_nobody_by_any_difference(
    world: World, login: Login, staff: list[User], open_now: PulseRound
) -> None:
    for user in [*staff[:12], *staff[12:15]]:
        unit = user.standing.home
        assert unit is not None
        actions.answer_pulse(round=open_now, by=user, unit=unit, answers=ANSWER)
    over(open_now)
    page = text_of(login(world.sunniva).get("/puls/svar/"))
    assert "15 answers" in page
    assert "12 answers" not in page, "fifteen less twelve would tell of three"
    assert "12 answers" not in text_of(login(world.leif).get("/puls/svar/")), "for whoever leads it either"
    assert "Not shown" in text_of(login(world.hans).get("/puls/svar/"))


def test_results_cost_the_same_for_one_unit_and_many(
    world: World, login: Login, staff: list[User], open_now: PulseRound
) -> None:
    over(open_now)
    client = login(world.sunniva)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/puls/svar/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    for n in range(8):
        organisation.create_unit(parent=world.health, name=f"Avdeling {n}", code=f"A{n}", kind=Unit.Kind.UNIT)
    assert queries() == few


def test_it_opens_by_itself_once_a_quarter(world: World) -> None:
    for day in ("2027-01-02", "2027-01-20", "2027-02-20", "2027-04-01"):
        actions.open_rounds(datetime.date.fromisoformat(day))
    firsts = PulseRound.objects.filter(municipality=world.municipality).values_list("opens_on", flat=True)
    assert [str(day) for day in firsts] == ["2027-04-01", "2027-01-01"]
    assert PulseRound.objects.count() == 4, "the other municipality too"


def test_those_who_have_not_answered_are_reminded_once_and_leaders_told_when_it_is_over(
    clock: time_machine.Traveller, world: World, post: Post
) -> None:
    clock.move_to(at("2026-10-02 10:00"))
    round = PulseRound.objects.create(
        municipality=world.municipality, opens_on=datetime.date(2026, 10, 1), closes_on=datetime.date(2026, 10, 28)
    )
    actions.answer_pulse(round=round, by=world.nora, unit=world.home_care, answers=ANSWER)
    deliver.take_as_told()
    clock.move_to(at("2026-10-22 10:00"))
    assert not post.round()
    clock.move_to(at("2026-10-23 10:00"))
    written = {mail.to[0]: mail for mail in post.round()}
    assert {world.greta.email, world.leif.email} <= set(written), "they work there"
    assert not {world.nora.email, world.kaja.email, world.mona.email} & set(written)
    assert "/puls/" in str(written[world.greta.email].body)
    assert not post.round(), "once"
    clock.move_to(at("2026-10-29 10:00"))
    told = {mail.to[0]: str(mail.subject) for mail in post.round()}
    assert set(told) == {person.email for person in (world.leif, world.hans, world.sunniva, world.rolf)}
    assert "4. quarter 2026" in told[world.leif.email] or "4. kvartal 2026" in told[world.leif.email]
    assert not post.round()
