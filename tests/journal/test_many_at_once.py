"""Bulk work: the product's own verbs by the thousand leave what they leave one by one, or nothing."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, figures
from deviations.lifecycle import State
from deviations.models import Deviation, FigureCount
from kvalitetslosen.bulk import asked_once, bulk_work
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.routing import leader_for
from tests.deviations.cases import hidden_name, ordinary
from tests.people import World


def some_lives(world: World) -> None:
    first, second = ordinary(world), hidden_name(world)
    actions.receive(deviation=first, by=world.leif)
    actions.assess(deviation=first, by=world.leif, consequence=3, probability=4)
    actions.close(deviation=first, by=world.leif, outcome="Vi har endret rutinen.")
    actions.forward(deviation=second, by=world.leif, to=world.nursing_home, note="Hører til hos dere.")


def told() -> list[tuple[str, int | None, int]]:
    return list(Event.objects.order_by("pk").values_list("type", "by", "number"))


def test_what_is_done_in_bulk_is_what_is_done_one_by_one(world: World) -> None:
    before = len(told())
    some_lives(world)
    one_by_one = told()[before:]
    with bulk_work():
        some_lives(world)
    assert told()[before + len(one_by_one) :] == one_by_one
    assert list(verify(Count())) == []
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all() if row.n}
    assert kept == dict(figures.counted_anew(Deviation.objects.all()))


def test_it_is_all_or_nothing_and_afterwards_each_verb_is_on_its_own_again(world: World) -> None:
    before = (len(told()), Deviation.objects.count(), FigureCount.objects.count())

    def fail_late() -> None:
        with bulk_work():
            some_lives(world)
            actions.receive(deviation=Deviation.objects.get(state=State.CLOSED), by=world.leif)

    with pytest.raises(StepRefused):
        fail_late()
    assert (len(told()), Deviation.objects.count(), FigureCount.objects.count()) == before
    with CaptureQueriesContext(connection) as asked:
        ordinary(world)
    assert any(query["sql"].startswith("SAVEPOINT") for query in asked)
    assert len(told()) == before[0] + 1
    assert FigureCount.objects.exists()


def test_a_question_is_asked_once_in_bulk_and_each_time_elsewhere() -> None:
    answers = iter(range(9))
    assert [asked_once("number", lambda: next(answers)) for _ in range(2)] == [0, 1]


@pytest.mark.django_db
def test_what_was_asked_in_one_work_is_forgotten_in_the_next() -> None:
    answers = iter(range(9))
    for expected in (0, 1):
        with bulk_work():
            assert [asked_once("number", lambda: next(answers)) for _ in range(2)] == [expected, expected]


def test_whose_a_case_is_follows_the_day_in_bulk_as_elsewhere(world: World) -> None:
    today = timezone.localdate()

    def day(number: int) -> datetime.date:
        return today + datetime.timedelta(days=number)

    organisation.appoint_deputy(
        principal=world.leif, deputy=world.hans, valid_from=day(2), valid_to=day(4), by=world.ada
    )
    units, days = (world.home_care, world.nursing_home, world.school), [day(number) for number in range(-1, 8)]
    asked = [(unit, on, without) for unit in units for on in days for without in ((), (world.hans.pk,))]
    expected = [leader_for(unit, on=on, without=without) for unit, on, without in asked]
    assert {found.user for found in expected if found} >= {world.leif, world.hans, world.sunniva}
    with bulk_work():
        assert [leader_for(unit, on=on, without=without) for unit, on, without in asked] == expected
