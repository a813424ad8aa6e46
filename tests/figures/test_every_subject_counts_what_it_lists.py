"""Actions, documents, readings, improvements, questions, meetings: whoever asks, a number is that of its list."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.actions import tallying
from deviations.models import Category, Deviation, Harm, Kind, Shift, TallySheet, Tick
from improvement import actions as improving
from improvement import ready_reports
from improvement.models import AgendaItem, ForumKind
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.periods import STRETCHES
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import subjects
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation.models import User
from kvalitetslosen.reports.periods import Period
from kvalitetslosen.reports.registry import Asked
from kvalitetslosen.workdays import OSLO
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


@pytest.fixture
def happened(world: World) -> None:
    """Something of each kind, here and there, some of it about a leader."""
    category = create(
        Category(municipality=world.municipality, name="Fall", may_be_ticked=True),
        "deviations.category_added",
        by=None,
    )
    for unit in (world.home_care, world.nursing_home):
        tallying.choose_ticked(unit=unit, categories=[category], by=None)
        for shift in (Shift.DAY, Shift.DAY, Shift.NIGHT):
            tallying.tick(
                unit=unit, category=category, by=world.nora, date=timezone.localdate(), shift=shift, harm=Harm.NONE
            )
    one = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det ble glemt.")
    about = cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Lederen svarer ikke.", about_leader=True
    )
    for case, owner in ((one, world.leif), (about, world.sunniva)):
        improving.plan(
            by=owner, deviation=case, what="Ny sjekkliste", owner=owner, deadline=datetime.date(2026, 11, 27)
        )


def ask(user: User, address: str, *, for_all: bool = False) -> Answer:
    return Answer.to(Question.asked(User.objects.get(pk=user.pk), QueryDict(address), for_all=for_all))


@pytest.mark.parametrize("subject", [each.key for each in subjects()])
def test_every_subject_is_told_by_every_stretch_of_time(world: World, happened: None, subject: str) -> None:
    user = User.objects.get(pk=world.sunniva.pk)
    for by, split in itertools.product(STRETCHES, ("ingen", "under")):
        answer = ask(user, f"om={subject}&fra=2026-09&til=2026-12&per={by}&del={split}&status=-&status=open&ifjor=1")
        assert sum(row.cells[-2].value or 0 for row in answer.figures.rows) == answer.question.rows().count()
        whole = ask(user, f"om={subject}&fra=2026-09&til=2026-12&per={by}&del={split}")
        assert sum(row.cells[-1].value or 0 for row in whole.figures.rows) == whole.question.rows().count()


def test_kept_counts_of_ticks_are_those_of_the_ticks(world: World, happened: None) -> None:
    for split, whole in (("ingen", 6), ("kategori", 6), ("under", 6)):
        answer = ask(world.sunniva, f"om=telling&enhet={world.health.pk}&per=maned&del={split}")
        assert answer.question.subject.kept is not None
        assert answer.question.subject.kept(answer.question) is not None
        assert answer.total.n == whole == answer.question.rows().count()
    tick = Tick.objects.order_by("pk").first()
    assert tick is not None
    tallying.undo(tick=tick)
    assert ask(world.sunniva, f"om=telling&enhet={world.health.pk}&per=maned&del=ingen").total.n == 5


def test_where_others_read_nothing_of_a_case_about_a_leader_counts(world: World, happened: None) -> None:
    address = f"om=tiltak&enhet={world.health.pk}&per=alt&del=ingen"
    assert ask(world.sunniva, address).total.n == 2
    assert ask(world.sunniva, address, for_all=True).total.n == 1
    assert ask(world.kaja, address).total.n == 1  # nor for a quality contact


def test_nor_what_a_meeting_decided_of_a_case_that_turned_out_to_be_about_a_leader(
    world: World, happened: None
) -> None:
    forum = improving.found_forum(
        by=world.sunniva, name="Ledermøte", kind=ForumKind.LEADERS, unit=world.health, members=[world.leif]
    )
    today = timezone.localdate()
    meeting = improving.plan_meeting(
        forum=forum, by=world.sunniva, starts_at=timezone.now(), place="", period_first=today, period_last=today
    )
    about = Deviation.objects.get(about__isnull=False)
    item = AgendaItem.objects.create(meeting=meeting, kind="case", deviation=about, position=50)
    talk = improving.plan(
        by=world.sunniva, unit=world.home_care, agenda_item=item, what="Samtale", owner=world.sunniva,
        deadline=datetime.date(2026, 11, 27),
    )  # fmt: skip
    address = f"om=tiltak&enhet={world.health.pk}&per=alt&del=ingen"
    assert ask(world.sunniva, address).total.n == 3
    assert ask(world.sunniva, address, for_all=True).total.n == 1
    period = Period(today.replace(day=1), today.replace(day=1))
    figures = ready_reports.actions(Asked(User.objects.get(pk=world.sunniva.pk), world.health, period, for_all=True))
    assert figures is not None
    assert figures.rows[0].cells[0].value == 1
    looks = f"om=effekt&enhet={world.health.pk}&per=alt&del=ingen"
    before = ask(world.sunniva, looks).total.n, ask(world.sunniva, looks, for_all=True).total.n
    improving.plan_check_of(by=world.sunniva, action=talk, owner=world.sunniva, criterion="Ro", opens_on=today)
    after = ask(world.sunniva, looks).total.n, ask(world.sunniva, looks, for_all=True).total.n
    assert after == (before[0] + 1, before[1])


@pytest.mark.parametrize("subject", [each.key for each in subjects()])
def test_each_subject_has_its_page_its_list_and_its_definitions(
    world: World, happened: None, login: Login, subject: str
) -> None:
    client = login(world.sunniva)
    for path in ("utforsk/", "utforsk/liste/", "utforsk.csv", "utforsk.xlsx"):
        assert client.get(f"/rapporter/{path}?om={subject}&per=alt&fra=2020-01&til=2027-12").status_code == 200
    assert f'id="{subject}"' in client.get("/rapporter/definisjoner/").content.decode()


def test_nothing_is_left_without_a_definition() -> None:
    for subject in subjects():
        every: list[Any] = [subject, *subject.dimensions, *subject.measures]
        for said in every:
            assert str(said.label)
            assert str(said.definition).endswith("."), said.label


def test_the_days_of_a_list_go_on_page_by_page(world: World, happened: None, login: Login) -> None:
    sheet = TallySheet.objects.order_by("pk").first()
    tick = Tick.objects.order_by("pk").first()
    assert sheet is not None
    assert tick is not None
    for number in range(30):
        Tick.objects.create(
            sheet=tick.sheet, category=tick.category, date=datetime.date(2026, 11, 1 + number % 15), shift=Shift.DAY,
            harm=Harm.NONE,
        )  # fmt: skip
    client, seen, path = login(world.sunniva), 0, "?om=telling&per=alt&del=ingen"
    while path:
        page = client.get(f"/rapporter/utforsk/liste/{path}")
        seen += len(page.context["lines"])
        path = page.context["page_of_rows"].older
    assert seen == Tick.objects.counted().count()
