"""Any order of days, outages, closings and hand-overs: each occasion comes once, to the one it concerns, by day."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deviations import actions
from deviations.models import Deviation, HandlingRules
from kvalitetslosen.notifications import reminders
from kvalitetslosen.notifications.clock import Clock, at_hour, closed_days
from kvalitetslosen.notifications.digest import due_week, iso_week, moment_of
from kvalitetslosen.notifications.models import Reminder
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.workdays import OSLO, add_workdays, is_workday
from tests.notifications.conftest import at
from tests.people import World

HOURS = st.integers(0, 24 * 6)
ACTS = st.sampled_from(
    ["nothing", "nothing", "receive", "close", "reopen", "take_over", "forward", "answer", "assess"]
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(HOURS, ACTS), min_size=5, max_size=25))
def test_reminders_hold_under_any_history(
    clock: time_machine.Traveller, world: World, report: Callable[..., Deviation], steps: list[tuple[int, str]]
) -> None:
    clock.move_to(at("2026-09-01 10:00"))
    Reminder.objects.all().delete()
    case = report()
    moment = at("2026-09-01 10:00")
    for hours, act in steps:
        moment = (moment.astimezone(datetime.UTC) + datetime.timedelta(hours=hours)).astimezone(OSLO)
        clock.move_to(moment)
        _act(case, act, world)
        before = set(Reminder.objects.values_list("pk", flat=True))
        reminders.remind()
        assert reminders.remind() == 0, "a second run finds nothing more"
        case.refresh_from_db()
        for reminder in Reminder.objects.filter(subject_id=case.pk).exclude(pk__in=before):
            assert is_workday(moment.date()), moment
            assert 7 <= moment.hour < 20, moment
            assert case.is_open
            above = reminder.rule.endswith("_above")
            assert (reminder.user_id == case.handler_id) is not above
            named = at_hour(datetime.date.fromisoformat(reminder.occasion.split(":")[1]), 7)
            assert abs(named - moment) < datetime.timedelta(days=200)
    kept = list(Reminder.objects.values_list("rule", "subject_id", "occasion", "user"))
    assert len(kept) == len(set(kept))


def _act(case: Deviation, act: str, world: World) -> None:
    case.refresh_from_db()
    if act == "receive" and case.state == "reported":
        actions.receive(deviation=case, by=case.handler or world.rolf)
    elif act == "close" and case.state in ("received", "in_progress"):
        actions.close(deviation=case, by=world.leif, outcome="Løst")
    elif act == "reopen" and case.state == "closed":
        actions.reopen(deviation=case, by=world.nora, note="Ikke løst")
    elif act == "take_over" and case.is_open:
        actions.take_over(deviation=case, by=world.sunniva)
    elif act == "forward" and case.is_open:
        actions.forward(deviation=case, by=world.kaja, to=world.nursing_home, note="Dit")
    elif act == "answer" and case.is_open:
        actions.write_message(deviation=case, by=world.leif, text="Hei", from_reporter=False)
    elif act == "assess" and case.state in ("received", "in_progress"):
        actions.assess(deviation=case, by=world.leif, consequence=5, probability=5)


DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2040, 12, 31))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=DAYS, hour=st.integers(0, 23), every=st.integers(1, 12), since=st.integers(0, 400))
def test_repeats_fall_on_each_so_manieth_working_day(
    world: World, day: datetime.date, hour: int, every: int, since: int
) -> None:
    """The step that stands is the last multiple that has come, counted working day by working day."""
    base = add_workdays(day, 0)
    now = at_hour(base, hour) + datetime.timedelta(days=since)
    clock = Clock(now)
    found = clock.latest(world.municipality.pk, *clock.repeats("after", base, every, world.municipality.pk))
    expected = None
    number, step = 1, add_workdays(base, every)
    while at_hour(step, 7) <= now:
        expected = f"after:{base}:{number}"
        number += 1
        step = add_workdays(step, every)
    assert (found.key if found else None) == expected


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=DAYS)
def test_every_week_of_every_year_has_one_weekly_mail_on_a_working_morning(world: World, day: datetime.date) -> None:
    municipality = world.municipality.pk
    monday = day - datetime.timedelta(days=day.weekday())
    clock = Clock(at_hour(monday, 0))
    moment = moment_of(monday, municipality, clock)
    assert is_workday(moment.date())
    assert (moment.hour, moment.minute) == (7, 0)
    assert due_week(municipality, Clock(moment)) == iso_week(monday)
    early = due_week(municipality, Clock(moment - datetime.timedelta(minutes=1)))
    assert early != iso_week(monday)


def test_days_of_the_municipality_that_cannot_be_read_close_nothing() -> None:
    closed = closed_days(["24.12", "31.12.", "tull", "99.99", 7, ""])
    assert datetime.date(2026, 12, 24) in closed
    assert datetime.date(2026, 12, 31) in closed
    assert datetime.date(2026, 12, 23) not in closed
    assert datetime.date(2026, 12, 24) not in closed_days(None)


def test_rules_exist_for_municipalities_that_chose_none(world: World) -> None:
    assert not HandlingRules.objects.exists()
    assert Unit.objects.municipalities().count() == 2
