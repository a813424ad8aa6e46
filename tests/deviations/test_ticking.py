"""Staff tick frequent mild events on a phone, with one tap, and take a wrong tap back."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, figures, settings_actions
from deviations.actions.tallying import UNDO_WITHIN
from deviations.forms.tallying import shift_at
from deviations.models import Category, Deviation, FigureCount, Harm, Kind, Shift, Spot, TallySheet, Tick, TickCount
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.workdays import OSLO
from tests.people import World

Login = Callable[[User], Client]


def fall(world: World) -> Category:
    """Falls, chosen for home care."""
    found = Category.objects.filter(municipality=world.municipality, name="Fall").first()
    if found is None:
        found = settings_actions.add_category(
            municipality_id=world.municipality.pk, by=None, name="Fall", may_be_ticked=True
        )
        actions.choose_ticked(unit=world.home_care, categories=[found], by=world.leif)
    return found


def tick(world: World, by: User | None = None, **more: Any) -> Tick:
    what: dict[str, Any] = {
        "by": by or world.nora, "unit": world.home_care, "category": fall(world), "harm": Harm.NONE,
        "shift": Shift.DAY, "date": timezone.localdate(),
    }  # fmt: skip
    return actions.tick(**what | more)


def key_on(client: Client, address: str = "/telleark/") -> str:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return str(page.select_one("input[name=key]")["value"])  # type: ignore[index]


def tap(client: Client, world: World, harm: str = "none", **more: str) -> Any:
    what = {
        "key": str(uuid.uuid4()), "tick": f"{fall(world).pk}:{harm}", "shift": "day",
        "date": timezone.localdate().isoformat(),
    }  # fmt: skip
    return client.post(f"/telleark/?enhet={world.home_care.pk}", what | more)


def counted(unit: int) -> int:
    return sum(FigureCount.objects.filter(unit_id=unit, measure="tick").values_list("n", flat=True))


def test_one_tap_ticks_an_event(world: World, login: Login) -> None:
    client = login(world.nora)
    fall(world)
    answer = tap(client, world, key=key_on(client))
    assert answer.status_code == 302
    made = Tick.objects.get()
    assert (made.sheet.unit, made.sheet.month) == (world.home_care, timezone.localdate().replace(day=1))
    assert (made.harm, made.shift, made.date) == ("none", "day", timezone.localdate())
    page = client.get(answer["Location"]).content.decode()
    assert "1 today" in page
    assert "Undo" in page


def test_the_same_tap_sent_twice_is_one_tick_and_another_tap_is_another(world: World, login: Login) -> None:
    client, key = login(world.nora), str(uuid.uuid4())
    tap(client, world, key=key)
    tap(client, world, key=key)
    assert Tick.objects.count() == 1
    tap(client, world, "mild", key=key)  # a second button before the page was there again
    assert sorted(Tick.objects.values_list("harm", flat=True)) == ["mild", "none"]
    assert counted(world.home_care.pk) == counted(world.municipality.pk) == 2


def test_it_is_taken_back_with_one_tap_and_the_second_time_changes_nothing(world: World, login: Login) -> None:
    client, made = login(world.nora), tick(world)
    for _ in range(2):
        assert client.post(f"/telleark/kryss/{made.key}/angre/").status_code == 302
    assert Tick.objects.counted().count() == counted(world.home_care.pk) == 0
    assert client.get(f"/telleark/kryss/{made.key}/angre/").status_code == 405


def test_nobody_takes_anothers_tick_back_but_the_leader_does(world: World, login: Login) -> None:
    made = tick(world)
    for person in (world.greta, world.hans, world.mona, world.kaja, world.ada):
        assert login(person).post(f"/telleark/kryss/{made.key}/angre/").status_code == 404
    assert Tick.objects.counted().count() == 1
    login(world.leif).post(f"/telleark/kryss/{made.key}/angre/", {"til": "maned"})
    assert Tick.objects.counted().count() == 0


def test_after_some_minutes_only_the_leader_takes_it_away(world: World, login: Login) -> None:
    made = tick(world, at=timezone.now() - UNDO_WITHIN - datetime.timedelta(seconds=5))
    answer = login(world.nora).post(f"/telleark/kryss/{made.key}/angre/", follow=True)
    assert "too long since you ticked" in answer.content.decode()
    assert Tick.objects.counted().count() == 1


def test_something_worse_opens_a_report_with_what_is_known(world: World, login: Login) -> None:
    client = login(world.nora)
    answer = tap(client, world, "serious")
    assert answer["Location"].startswith("/meld/?telleark=")
    assert not Tick.objects.exists()
    form = BeautifulSoup(client.get(answer["Location"]).content, "html.parser")
    assert form.select_one(f"select[name=category] option[value='{fall(world).pk}'][selected]")
    assert form.select_one("input[name=harm][value=serious][checked]")
    assert form.select_one(f"select[name=unit] option[value='{world.home_care.pk}'][selected]")


def test_a_tick_that_becomes_a_case_is_counted_once(world: World, login: Login) -> None:
    client, made = login(world.nora), tick(world)
    address = f"/meld/?kryss={made.key}"
    form = BeautifulSoup(client.get(address).content, "html.parser")
    key = str(form.select_one("input[name=key]")["value"])  # type: ignore[index]
    sent = {
        "key": key, "unit": world.home_care.pk, "kind": "deviation", "happened": "today", "text": "Hofta er brukket.",
        "category": fall(world).pk, "harm": "serious", "naming": "sealed",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    made.refresh_from_db()
    assert made.became == Deviation.objects.get()
    assert made.by_id is None, "the tick must not tell who reported under a hidden name"
    assert counted(world.home_care.pk) == Tick.objects.counted().count() == 0


def test_nobody_else_makes_a_case_of_it(world: World, login: Login) -> None:
    made = tick(world)
    for person in (world.greta, world.mona, world.hans):
        assert login(person).get(f"/meld/?kryss={made.key}").status_code == 404
    assert login(world.leif).get(f"/meld/?kryss={made.key}").status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("nora", 200), ("leif", 200), ("sunniva", 200), ("greta", 403), ("mona", 404)]
)
def test_who_ticks_where(world: World, login: Login, who: str, status: int) -> None:
    fall(world)
    client = login(world.people[who])
    address = f"/telleark/?enhet={world.home_care.pk}"
    assert client.get(address).status_code == status
    answer = client.post(
        address, {"tick": f"{fall(world).pk}:none", "shift": "day", "date": timezone.localdate(), "key": uuid.uuid4()}
    )
    assert answer.status_code == (302 if status == 200 else status)
    assert Tick.objects.count() == (status == 200)


@pytest.mark.parametrize(
    ("what", "value"),
    [("tick", "1:severe"), ("tick", "999999:none"), ("date", "2020-01-01"), ("shift", "noon"), ("place", "Rom 12"),
     ("key", "x"), ("date", "2999-01-01")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(world: World, login: Login, what: str, value: str) -> None:
    assert tap(login(world.nora), world, **{what: value}).status_code == 302
    assert not Tick.objects.exists()


def test_what_is_not_chosen_can_not_be_ticked(world: World, login: Login) -> None:
    other = settings_actions.add_category(municipality_id=world.municipality.pk, by=None, name="Vold")
    tap(login(world.nora), world, tick=f"{other.pk}:none")
    assert not Tick.objects.exists()
    settings_actions.change_category(category=fall(world), by=world.ada, may_be_ticked=False)
    tap(login(world.nora), world)
    assert not Tick.objects.exists()


def test_the_shift_is_guessed_from_the_clock() -> None:
    at = {"07.30": "day", "14.59": "day", "15.00": "evening", "21.59": "evening", "22.00": "night", "03.00": "night"}
    for clock, shift in at.items():
        hour, minute = (int(part) for part in clock.split("."))
        assert shift_at(datetime.datetime(2026, 11, 28, hour, minute, tzinfo=OSLO)) == shift


def test_a_unit_follows_the_nearest_choice_above_until_it_chooses_itself(world: World, login: Login) -> None:
    kind = fall(world)
    page = login(world.greta).get("/telleark/").content.decode()
    assert "The leader decides" in page
    assert "No harm" not in page
    actions.choose_ticked(unit=world.health, categories=[kind], by=world.sunniva)
    assert "No harm" in login(world.greta).get("/telleark/").content.decode()
    actions.choose_ticked(unit=world.nursing_home, categories=[], by=world.hans)
    assert "No harm" not in login(world.greta).get("/telleark/").content.decode()


def test_the_leader_chooses_and_nobody_else(world: World, login: Login) -> None:
    kind = settings_actions.add_category(
        municipality_id=world.municipality.pk, by=None, name="Uro", may_be_ticked=True
    )
    address = f"/telleark/{world.home_care.pk}/valg/"
    for who, status in {"nora": 403, "hans": 403, "ada": 403, "mona": 404, "leif": 200, "kaja": 200}.items():
        assert login(world.people[who]).get(address).status_code == status, who
    assert login(world.nora).post(address, {"categories": [kind.pk]}).status_code == 403
    assert login(world.leif).post(address, {"categories": [kind.pk]}).status_code == 302
    assert "Uro" in login(world.nora).get("/telleark/").content.decode()


def test_a_new_municipality_begins_with_a_choice_laid_ready(db: None) -> None:
    call_command("start_municipality", "Nydal", "NYD", admin_name="Ada Aas", admin_email="ada@nydal.example")
    ready = Category.objects.filter(may_be_ticked=True).values_list("name", flat=True)
    assert {"Fall", "Ikke gitt", "Uro", "Medisinsk utstyr"} <= set(ready)


def test_a_page_costs_the_same_at_few_and_many_ticks(world: World, login: Login) -> None:
    client = login(world.nora)
    tick(world)

    def questions() -> int:
        client.get("/telleark/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/telleark/")
        return len(asked)

    few = questions()
    for _ in range(60):
        tick(world)
    assert questions() == few <= 9


def test_counts_follow_a_unit_that_moves_and_can_be_counted_anew(world: World) -> None:
    for _ in range(3):
        tick(world)
    organisation.move_unit(unit=world.home_care, parent=world.school, by=None)
    assert (counted(world.health.pk), counted(world.school.pk)) == (0, 3)
    kept = set(FigureCount.objects.filter(n__gt=0).values_list("unit_id", "month", "measure", "value", "n"))
    figures.rebuild()
    assert set(FigureCount.objects.values_list("unit_id", "month", "measure", "value", "n")) == kept
    assert TallySheet.objects.get().level_1 == world.school.pk


def days() -> dict[tuple[Any, ...], int]:
    rows = TickCount.objects.filter(n__gt=0)
    said = rows.values_list("unit_id", "date", "category_id", "shift", "harm", "place", "n")
    return {tuple(each): n for *each, n in said}


def test_counts_by_day_are_those_of_the_ticks_at_once(world: World) -> None:
    first, third, _other = tick(world), tick(world, place=Spot.BATHROOM), tick(world, shift=Shift.NIGHT)
    case = actions.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Verre enn vi trodde.")
    tick(world)
    assert days() == dict(figures.days_counted_anew())
    assert {unit for unit, *_said in days()} == {world.municipality.pk, world.health.pk}
    actions.undo(tick=first)
    actions.become_case(tick=third, deviation=case)
    assert days() == dict(figures.days_counted_anew())
    assert sum(days().values()) == 2 * 2
    organisation.move_unit(unit=world.home_care, parent=world.school, by=None)
    kept = days()
    assert kept == dict(figures.days_counted_anew())
    assert {unit for unit, *_said in kept} == {world.municipality.pk, world.school.pk}
    figures.rebuild()
    assert days() == kept
    organisation.move_unit(unit=world.home_care, parent=world.municipality, by=None)
    assert days() == dict(figures.days_counted_anew())
    assert {unit for unit, *_said in days()} == {world.municipality.pk, world.home_care.pk}


def test_nothing_the_product_shows_tells_who_ticked(world: World, login: Login) -> None:
    someone = organisation.add_person(
        municipality=world.municipality, name="Turid Taus", email="turid@fjelldal.example", language="nb"
    )
    organisation.grant_role(user=someone, unit=world.home_care, role=Role.EMPLOYEE)
    tick(world, by=someone)
    month = timezone.localdate().strftime("%Y-%m")
    for who in ("nora", "leif", "sunniva", "kristin"):
        client = login(world.people[who])
        for address in (f"/telleark/?enhet={world.home_care.pk}", f"/telleark/{world.home_care.pk}/{month}/"):
            page = client.get(address).content.decode()
            assert not re.search(rf"Turid|\b{someone.pk}:", page), (who, address)
