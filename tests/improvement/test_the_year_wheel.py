"""Leif chooses a ready set; the year stands in its months, is ticked, skipped, and made anew for the next."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from improvement import actions, year_messages
from improvement.models import YearTask
from improvement.practice import forget
from improvement.year_lifecycle import YearState
from improvement.year_sets import SETS
from kvalitetslosen.calendars.registry import entries_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO
from tests.people import World

Login = Callable[[User], Client]
YEAR = 2027


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture(autouse=True)
def late_in_the_year_before() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(YEAR - 1, 11, 27, 12, tzinfo=OSLO)):
        yield


@pytest.fixture
def wheel(world: World) -> list[YearTask]:
    actions.lay(unit=world.home_care, sets=["unit"], year=YEAR, by=world.kaja)
    return list(YearTask.objects.order_by("month", "pk"))


@pytest.fixture
def task(world: World) -> YearTask:
    """Due this month."""
    month = timezone.localdate().replace(day=1)
    return actions.plan_yearly(
        unit=world.home_care, by=world.leif, what="Brannøvelse", month=month, owner=world.leif, recurrence="yearly"
    )


def test_he_lays_a_set_and_what_stands_there_is_left(world: World, login: Login) -> None:
    form = {"sets": ["unit", "health"], "year": str(timezone.localdate().year + 1), "units": [str(world.home_care.pk)]}
    answer = login(world.leif).post("/arshjul/sett/", form)
    assert answer.status_code == 302
    once = YearTask.objects.count()
    assert once == 12 + 4 + 12 + 2, "twelve once a year, four quarters, twelve months, two of health"
    assert set(YearTask.objects.values_list("owner", "unit")) == {(world.leif.pk, world.home_care.pk)}
    login(world.leif).post("/arshjul/sett/", form)
    assert YearTask.objects.count() == once
    assert Event.objects.filter(type="improvement.year_task_planned").count() == once


def test_the_quality_coordinator_lays_it_for_many(world: World, login: Login) -> None:
    client = login(world.kristin)
    units = [str(each.pk) for each in (world.home_care, world.nursing_home)]
    client.post("/arshjul/sett/", {"sets": ["health"], "year": str(timezone.localdate().year + 1), "units": units})
    assert set(YearTask.objects.values_list("owner", flat=True)) == {world.leif.pk, world.hans.pk}
    deliver.sweep()
    told = Notification.objects.filter(name="improvement.year_planned")
    assert sorted(told.values_list("user", flat=True)) == sorted([world.leif.pk, world.hans.pk]), (
        "one each, not one a task"
    )
    stranger = {"sets": ["health"], "year": str(timezone.localdate().year + 1), "units": [str(world.other_school.pk)]}
    assert client.post("/arshjul/sett/", stranger).status_code == 200
    assert not YearTask.objects.filter(unit=world.other_school).exists()


def test_months_that_are_over_are_left_out(world: World) -> None:
    at = datetime.datetime(YEAR, 6, 15, 12, tzinfo=OSLO)
    actions.lay(unit=world.home_care, sets=["unit"], year=YEAR, by=world.leif, at=at)
    assert min(YearTask.objects.values_list("month", flat=True)) == datetime.date(YEAR, 6, 1)


def test_the_picture_and_the_table_say_the_same(world: World, login: Login, wheel: list[YearTask]) -> None:
    page = BeautifulSoup(login(world.leif).get(f"/arshjul/?aar={YEAR}").content, "html.parser")
    assert page.select_one("svg[role=img] title")
    marks = len(page.select("svg[role=img] use"))
    more = sum(int(each.get_text().strip("+")) for each in page.select(".los-year__more"))
    assert marks + more == len(wheel) == len(page.select(".los-year__table a.los-list__main"))
    assert len(page.select(".los-year__table tbody tr")) == 12
    above = login(world.sunniva).get(f"/arshjul/?aar={YEAR}&enhet={world.home_care.pk}")
    assert "Fire drill" in text_of(above) or "Brannøvelse" in text_of(above)
    beside = login(world.hans).get(f"/arshjul/?aar={YEAR}&enhet={world.home_care.pk}")
    assert wheel[0].what not in text_of(beside)


def test_he_ticks_it_with_a_word_and_once(world: World, login: Login, task: YearTask) -> None:
    client = login(world.leif)
    assert "In your year wheel now" in text_of(client.get("/"))
    assert client.post(f"/arshjul/{task.pk}/steg/tick/", {"words": ""}).status_code == 200
    client.post(f"/arshjul/{task.pk}/steg/tick/", {"words": "Holdt 12. mai."})
    client.post(f"/arshjul/{task.pk}/steg/tick/", {"words": "Igjen"})
    task.refresh_from_db()
    assert (task.state, task.words) == (YearState.DONE, "Holdt 12. mai.")
    assert "In your year wheel now" not in text_of(client.get("/"))
    assert "Holdt" not in str(list(Event.objects.about(task).values_list("data", flat=True)))
    client.post(f"/arshjul/{task.pk}/steg/again/")
    task.refresh_from_db()
    assert (task.state, task.words, task.ended_at) == (YearState.PLANNED, "", None)
    client.post(f"/arshjul/{task.pk}/steg/skip/", {"words": "Bygget pusses opp."})
    task.refresh_from_db()
    assert task.state == YearState.SKIPPED


def test_he_changes_it_and_gives_it_on(world: World, login: Login, wheel: list[YearTask]) -> None:
    client = login(world.leif)
    monthly = [each for each in wheel if each.ready == "overdue"]
    first, second = monthly[:2]
    form = {"what": first.what, "done_is": "", "month": "2", "year": str(YEAR), "minutes": "15", "starts_at": ""}
    assert "in that month already" in text_of(client.post(f"/arshjul/{first.pk}/steg/change/", form))
    wrong = form | {"month": "1", "starts_at": f"{YEAR}-02-03T10:00"}
    assert "in the month of the task" in text_of(client.post(f"/arshjul/{first.pk}/steg/change/", wrong))
    client.post(f"/arshjul/{first.pk}/steg/change/", form | {"month": "1", "starts_at": f"{YEAR}-01-20T10:00"})
    first.refresh_from_db()
    assert first.time_set_aside == datetime.datetime(YEAR, 1, 20, 10, tzinfo=OSLO)
    client.post(f"/arshjul/{second.pk}/steg/hand_over/", {"owner": "Nora Nygård"})
    owners = set(YearTask.objects.filter(series=first.series).order_by("month").values_list("month__month", "owner"))
    assert owners == {(1, world.leif.pk)} | {(month, world.nora.pk) for month in range(2, 13)}
    assert login(world.nora).get(f"/arshjul/{second.pk}/").status_code == 200


def test_who_may_and_who_may_not(world: World, login: Login, task: YearTask) -> None:
    here = f"/arshjul/{task.pk}/"
    for stranger in (world.nora, world.hans, world.mona):
        assert login(stranger).get(here).status_code == 404
        assert login(stranger).post(f"{here}steg/tick/", {"words": "Ja"}).status_code == 404
    for above in (world.sunniva, world.kaja):
        assert login(above).get(here).status_code == 200
    nora = login(world.nora)
    assert nora.get("/arshjul/").status_code == 200
    assert nora.get("/arshjul/sett/").status_code == nora.get("/arshjul/ny/").status_code == 403
    assert nora.post("/arshjul/neste/", {"enhet": world.home_care.pk, "aar": "2026"}).status_code == 403
    assert login(world.mona).post("/arshjul/neste/", {"enhet": world.home_care.pk}).status_code == 404
    leif = login(world.leif)
    assert leif.get(f"{here}steg/tick/").status_code == leif.get("/arshjul/neste/").status_code == 405
    with pytest.raises(IntegrityError), transaction.atomic():
        YearTask.objects.filter(pk=task.pk).update(state=YearState.DONE)


def test_next_years_is_made_from_this_in_one_tap(world: World, login: Login, wheel: list[YearTask]) -> None:
    actions.skip(task=wheel[0], by=world.leif, words="Ikke i år.")
    client = login(world.leif)
    form = {"enhet": world.home_care.pk, "aar": str(YEAR)}
    client.post("/arshjul/neste/", form)
    assert not YearTask.objects.of_year(YEAR + 1).exists(), "not before December"
    with time_machine.travel(datetime.datetime(YEAR, 12, 2, 10, tzinfo=OSLO), tick=False):
        client = login(world.leif)
        assert f"Make {YEAR + 1} from this one" in text_of(client.get(f"/arshjul/?aar={YEAR}"))
        for _tap in range(2):
            client.post("/arshjul/neste/", form)
    was = [(each.series, each.month.month, each.what) for each in wheel]
    now = [(each.series, each.month.month, each.what) for each in YearTask.objects.of_year(YEAR + 1)]
    assert sorted(was) == sorted(now)


def test_it_stands_in_the_calendar_with_time_set_aside(world: World, wheel: list[YearTask]) -> None:
    entries = {entry.key: entry for name, entry in entries_of(world.leif) if name == "improvement.year"}
    review = next(each for each in wheel if each.ready == "review")
    entry = entries[str(review.key)]
    assert (entry.busy, entry.minutes) == (True, 120)
    assert entry.starts == datetime.datetime(YEAR, 2, 8, 9, tzinfo=OSLO), "the first working day after the first week"
    assert len(entries) == len(wheel)


def test_he_is_reminded_on_the_first_and_when_it_is_late(world: World, wheel: list[YearTask]) -> None:
    rule = year_messages.YearTaskDue()
    drill = next(each for each in wheel if each.ready == "fire")

    def occasion(month: int, day: int) -> str:
        clock = Clock(datetime.datetime(YEAR, month, day, 12, tzinfo=OSLO))
        row = rule.queryset(clock).filter(pk=drill.pk).first()
        found = rule.occasion(row, clock) if row else None
        return found.key.partition(":")[0] if found else ""

    assert [occasion(4, 30), occasion(5, 3), occasion(5, 28), occasion(6, 1)] == ["", "month", "month", "late"]
    actions.tick(task=drill, by=world.leif, words="Holdt.")
    assert occasion(6, 1) == ""


def test_whoever_leaves_hands_it_over_and_practice_forgets(world: World, task: YearTask) -> None:
    keys = [each.key for each, _count in handover.outstanding(world.leif)]
    assert "improvement.year" in keys
    handover.hand_over(user=world.leif, heirs={"improvement.year": world.sunniva}, by=world.ada)
    task.refresh_from_db()
    assert task.owner == world.sunniva
    forget(world.municipality)
    task.refresh_from_db()
    assert task.what == "–"


def test_the_names_in_the_sets_are_one_of_each() -> None:
    names = [task.name for each in SETS.values() for task in each.tasks]
    assert len(names) == len(set(names))
    assert all(len(str(task.what)) <= 200 for each in SETS.values() for task in each.tasks)


def test_who_has_left_has_nothing_that_is_put_back(world: World, task: YearTask) -> None:
    actions.give_task(task=task, by=world.leif, owner=world.nora)
    actions.tick(task=task, by=world.nora, words="Gjort.")
    User.objects.filter(pk=world.nora.pk).update(is_active=False)
    actions.put_back(task=task, by=world.leif)
    task.refresh_from_db()
    assert (task.state, task.owner) == ("planned", world.leif)
