"""A leader takes a case up with the team, they answer four questions, and the wall shows what they try."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions
from deviations.models import Deviation, Reflection, WallScreen
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
TOLD = "Noe ble glemt mellom to vakter."


def at(deviation: Deviation, what: str = "team") -> str:
    return f"/avvik/{deviation.reference}/{what}/"


def said(**more: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"why": "Det var travelt.", "typical": "", "tries": "Vi leser opp ved tavla.", "held_on": today} | more


def taken_up(world: World) -> Deviation:
    deviation = cases.received(world)
    actions.take_to_team(deviation=deviation, by=world.leif, told=TOLD)
    return deviation


def test_it_is_taken_up_told_in_other_words_and_kept_with_the_case(world: World, login: Login) -> None:
    deviation = cases.received(world)
    leif = login(world.leif)
    assert cases.TEXT in leif.get(at(deviation)).text  # to begin from
    assert leif.post(at(deviation), {"told": TOLD})["Location"] == "/avvik/team/"
    assert TOLD in leif.get("/avvik/team/").text
    picture = leif.get(at(deviation, "bilde")).text
    assert TOLD in picture
    for hidden in (cases.TEXT, world.nora.name, world.leif.name):
        assert hidden not in picture
    answer = leif.post(at(deviation, "bilde"), said(), follow=True)
    assert answer.redirect_chain[0][0] == "/avvik/team/"
    reflection = Reflection.objects.get()
    assert (reflection.state, reflection.tries) == ("held", "Vi leser opp ved tavla.")
    assert "Vi leser opp ved tavla." in leif.get(deviation.get_absolute_url()).text
    assert list(verify(Count())) == []


def test_the_reporter_is_told_and_reads_what_is_tried(world: World, login: Login) -> None:
    deviation = taken_up(world)
    nora = login(world.nora)
    assert TOLD not in nora.get(deviation.get_absolute_url()).text
    sweep()
    before = Email.objects.filter(user=world.nora).count()
    login(world.leif).post(at(deviation, "bilde"), said())
    sweep()
    assert Notification.objects.filter(user=world.nora, url=deviation.get_absolute_url()).exists()
    assert Email.objects.filter(user=world.nora).count() == before
    assert "Vi leser opp ved tavla." in nora.get(deviation.get_absolute_url()).text


def test_nothing_is_kept_without_what_is_tried_or_of_a_day_to_come(world: World, login: Login) -> None:
    deviation = taken_up(world)
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    for wrong in ({"tries": ""}, {"held_on": tomorrow}, {"why": "Han med 01010150074"}):
        page = login(world.leif).post(at(deviation, "bilde"), said(**wrong))
        assert page.status_code == 200
        assert "Det var travelt." in page.text or "why" in wrong
    assert Reflection.objects.get().state == "planned"


def test_the_second_time_changes_nothing(world: World, login: Login) -> None:
    deviation = taken_up(world)
    leif = login(world.leif)
    leif.post(at(deviation), {"told": TOLD})
    assert Reflection.objects.count() == 1
    leif.post(at(deviation, "bilde"), said())
    leif.post(at(deviation, "bilde"), said(tries="Noe annet."))
    assert Reflection.objects.get().tries == "Vi leser opp ved tavla."
    leif.post(at(deviation, "team/av"))  # not on the list any more
    assert Reflection.objects.get().state == "held"
    leif.post(at(deviation), {"told": "En gang til."})
    assert [each.state for each in Reflection.objects.order_by("pk")] == ["held", "planned"]


def test_it_is_taken_off_the_list(world: World, login: Login) -> None:
    deviation = taken_up(world)
    login(world.leif).post(at(deviation, "team/av"))
    assert TOLD not in login(world.leif).get("/avvik/team/").text
    assert login(world.leif).get(at(deviation, "bilde"))["Location"] == at(deviation)


def test_one_writes_over_nobody(world: World, login: Login) -> None:
    deviation = taken_up(world)
    seen = Reflection.objects.get().events_count
    actions.take_to_team(deviation=deviation, by=world.sunniva, told="Andre ord.")
    page = login(world.leif).post(at(deviation, "bilde"), said(seen=str(seen)))
    assert page.status_code == 200
    assert "Vi leser opp ved tavla." in page.text
    assert Reflection.objects.get().state == "planned"


@pytest.mark.parametrize(
    ("who", "status"),
    [("leif", 200), ("sunniva", 200), ("kaja", 200), ("nora", 403), ("hans", 404), ("greta", 404), ("tiril", 404)],
)
@pytest.mark.parametrize("what", ["team", "bilde"])
def test_those_who_answer_for_the_case_and_nobody_else(
    world: World, login: Login, who: str, status: int, what: str
) -> None:
    deviation = taken_up(world)
    answer = login(world.people[who]).get(at(deviation, what))
    assert answer.status_code == status
    if status != 200:
        assert TOLD not in answer.text
        assert login(world.people[who]).post(at(deviation), {"told": "x"}).status_code == status
        assert login(world.people[who]).post(at(deviation, "team/av")).status_code == status


def test_a_case_about_a_leader_is_never_the_teams(world: World, login: Login) -> None:
    deviation = cases.about_the_leader(world)
    assert login(world.sunniva).get(at(deviation)).status_code == 403
    assert "Take it up" not in login(world.sunniva).get(deviation.get_absolute_url()).text
    with pytest.raises(actions.NotForTheTeam):
        actions.take_to_team(deviation=deviation, by=world.sunniva, told=TOLD)


def test_one_who_hid_their_name_is_thought_of(world: World, login: Login) -> None:
    page = login(world.leif).get(at(cases.hidden_name(world))).text
    assert "nobody can tell who reported" in page


def test_the_list_is_of_those_who_lead_and_of_their_own(world: World, login: Login) -> None:
    taken_up(world)
    assert login(world.nora).get("/avvik/team/").status_code == 403
    assert TOLD in login(world.sunniva).get("/avvik/team/").text
    assert "Nothing is on the list" in login(world.hans).get("/avvik/team/").text


def test_a_case_that_was_merged_waits_no_more(world: World, login: Login) -> None:
    deviation = taken_up(world)
    into = actions.receive(deviation=cases.ordinary(world), by=world.leif)
    actions.merge(deviation=deviation, by=world.leif, into=into)
    assert TOLD not in login(world.leif).get("/avvik/team/").text
    assert login(world.leif).get(at(deviation, "bilde")).status_code == 403


def test_the_list_costs_the_same_however_long(world: World, login: Login) -> None:
    leif = login(world.leif)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert leif.get("/avvik/team/").status_code == 200
        return len(seen)

    taken_up(world)
    few = questions()
    for _ in range(12):
        taken_up(world)
    assert questions() == few


class TestTheWall:
    def test_it_is_put_up_seen_without_logging_in_and_taken_down(self, world: World, login: Login) -> None:
        leif = login(world.leif)
        for _ in range(2):
            leif.post("/avvik/team/skjerm/", {"unit": world.home_care.pk})
        screen = WallScreen.objects.get()
        address = screen.get_absolute_url()
        assert address in leif.get("/avvik/team/").text
        page = Client().get(address)
        assert page.status_code == 200
        assert "Hjemmetjenesten" in page.text
        assert page.headers["Cache-Control"] == "private, no-store"
        assert not page.cookies
        leif.post("/avvik/team/skjerm/ned/", {"unit": world.home_care.pk})
        leif.post("/avvik/team/skjerm/ned/", {"unit": world.home_care.pk})
        assert Client().get(address).status_code == 404
        leif.post("/avvik/team/skjerm/", {"unit": world.home_care.pk})
        assert Client().get(address).status_code == 404  # the old one never comes back

    def test_it_tells_of_no_person_and_of_nothing_that_points_to_one(self, world: World, login: Login) -> None:
        vold, fall = cases.category(world, "Vold"), cases.category(world, "Fall")
        for category, times in ((vold, 2), (fall, 3)):
            for _ in range(times):
                cases.ordinary(world, category=category)
        cases.about_the_leader(world)
        deviation = taken_up(world)
        reflection = Reflection.objects.get()
        actions.hold(
            reflection=reflection, by=world.leif, held_on=timezone.localdate(), tries="Vi leser opp ved tavla.",
            why="Det var travelt.",
        )  # fmt: skip
        screen = actions.put_up_screen(unit=world.home_care, by=world.leif)
        page = Client().get(screen.get_absolute_url()).text
        assert "Vi leser opp ved tavla." in page
        assert "Fall" in page
        assert "<dd>6</dd>" in page  # not the one about a leader
        hidden = ["Vold", cases.TEXT, TOLD, "travelt", deviation.reference, *(u.name for u in world.people.values())]
        for word in hidden:
            assert word not in page, word

    def test_only_of_units_one_answers_for(self, world: World, login: Login) -> None:
        for who, unit, status in (
            ("nora", world.home_care, 403),
            ("leif", world.nursing_home, 403),
            ("greta", world.home_care, 403),
            ("mona", world.home_care, 404),
        ):
            for address in ("/avvik/team/skjerm/", "/avvik/team/skjerm/ned/"):
                assert login(world.people[who]).post(address, {"unit": unit.pk}).status_code == status, who
                assert login(world.people[who]).get(address).status_code == 405
        for nonsense in ("", "x", "9" * 40):
            assert login(world.leif).post("/avvik/team/skjerm/", {"unit": nonsense}).status_code == 404
        assert not WallScreen.objects.exists()

    def test_it_speaks_the_municipalitys_language_whoever_looks(self, world: World) -> None:
        for unit, by, language in ((world.other_school, world.mona, "nn"), (world.home_care, world.leif, "nb")):
            screen = actions.put_up_screen(unit=unit, by=by)
            for browser in ("nb", "nn", "en"):
                page = Client().get(screen.get_absolute_url(), headers={"Accept-Language": browser})
                assert f'<html lang="{language}"' in page.text
                assert page.headers["Content-Language"] == language
