"""Leaders read how soon their reporters are answered, whether the limits are kept, and whether the answers helped."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from deviations import actions, figures
from deviations.exports import figures_as_csv
from deviations.filters import CaseFilter
from deviations.lifecycle import WITH_OUTCOME
from deviations.models import Deviation, FigureCount, Kind
from deviations.report_sections import Report
from deviations.reports import TIMES, Period
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.charts import Figures
from kvalitetslosen.workdays import workdays_between
from tests.people import World
from tests.reports.histories import categories, live, lives
from tests.reports.test_every_figure_is_the_number_of_its_list import RANDOM, Undo

Login = Callable[[User], Client]
YEARS = Period.latest(36)


def case(world: World, days_ago: int = 30, unit: Unit | None = None) -> Deviation:
    at = timezone.now() - datetime.timedelta(days=days_ago)
    return actions.report(by=world.nora, unit=unit or world.home_care, kind=Kind.DEVIATION, text="Fall.", at=at)


def later(deviation: Deviation, days: float) -> datetime.datetime:
    return deviation.reported_at + datetime.timedelta(days=days)


def report_of(user: User, unit: Unit | None = None) -> Report:
    return Report.of(User.objects.get(pk=user.pk), str(unit.pk) if unit else "", YEARS)


def lines(figures: Figures) -> dict[str, list[float | None]]:
    return {row.name: [cell.value for cell in row.cells] for row in figures.rows}


def medians(cases: list[Deviation]) -> list[float | None]:
    """By the textbook, from the cases themselves."""
    found: list[float | None] = []
    for moment in ("received_at", "first_answer_at", "outcome", "closed_at"):
        days = []
        for each in cases:
            at = getattr(each, "closed_at" if moment == "outcome" else moment)
            if at is not None and (moment != "outcome" or each.state in WITH_OUTCOME):
                days.append(workdays_between(timezone.localdate(each.reported_at), timezone.localdate(at)))
        found.append(statistics.median(days) if days else None)
    return found


@RANDOM
@given(history=st.lists(lives, max_size=12))
def test_the_medians_are_those_of_the_textbook(world: World, history: list) -> None:  # type: ignore[type-arg]
    try:
        with transaction.atomic():
            chosen = categories(world)
            for life in history:
                live(world, life, chosen)
            report = report_of(world.kristin, world.municipality)
            cases = list(
                Deviation.objects.visible_to(User.objects.get(pk=world.kristin.pk), within=world.municipality)
            )
            foot = report.times.foot
            assert foot is not None
            assert [cell.value for cell in foot.cells] == medians(cases)
            for row in report.times_below.rows:
                unit = next((each for each in report.place.below if each.name == row.name), None)
                own = [each for each in cases if each.level_1 == (unit.pk if unit else None)]
                for time, cell, middle in zip(TIMES, row.cells, medians(own), strict=True):
                    done = [each for each in own if getattr(each, time.moment) is not None]
                    if time.measure == "outcome":
                        done = [each for each in done if each.state in WITH_OUTCOME]
                    assert cell.value == (middle if len(done) >= 5 else None)
            raise Undo
    except Undo:
        pass


def test_what_was_kept_broken_and_still_waits_is_told_with_its_lists(world: World) -> None:
    soon, slow, waiting = case(world), case(world), case(world)
    actions.receive(deviation=soon, by=world.leif, at=later(soon, 0.1))
    actions.receive(deviation=slow, by=world.leif, at=slow.receive_by + datetime.timedelta(days=3))
    case(world, days_ago=0)  # whose limit is to come: neither kept nor broken
    limits = report_of(world.leif).limits
    assert lines(limits) == {
        "Within the limit": [1, 0, 0, 0],
        "After the limit": [1, 0, 0, 0],
        "Past the limit, still waiting": [1, 3, 0, 0],
    }
    assert limits.foot is not None
    assert [cell.value for cell in limits.foot.cells] == [33, 0, None, None]
    assert "Received 33 %" in limits.sentence
    late = limits.rows[2].cells[0].href
    rows = CaseFilter.of(User.objects.get(pk=world.leif.pk), QueryDict(late.partition("?")[2])).rows()
    assert [each.pk for each in rows] == [waiting.pk]


def test_the_list_behind_a_number_says_what_it_is(world: World, login: Login) -> None:
    page = login(world.leif).get("/avvik/", {"status": "alle", "visning": "omrade", "svar": "venter", "hjalp": "nei"})
    assert "No answer yet, and past the limit." in page.text
    assert "The reporter says it did not help." in page.text


def test_whether_it_helped_is_counted_from_the_closed_cases(world: World) -> None:
    for helped in (True, True, False, None):
        each = case(world)
        actions.receive_and_close(deviation=each, by=world.leif, outcome="Strødd.", at=later(each, 1))
        if helped is not None:
            actions.say_whether_it_helped(deviation=each, by=world.nora, helped=helped)
    case(world)
    told = report_of(world.leif).helped
    assert lines(told) == {"It helped": [2], "It did not help": [1], "Not said": [1]}
    assert "67 %" in told.sentence
    last = Deviation.objects.filter(helped=False).get()
    actions.reopen(deviation=last, by=world.nora, note="Fortsatt glatt.")
    assert lines(report_of(world.leif).helped) == {"It helped": [2], "It did not help": [0], "Not said": [1]}


def test_the_outcome_is_what_the_reporter_was_told_and_closing_counts_what_was_merged_too(world: World) -> None:
    first, other = case(world), case(world)
    actions.merge(deviation=other, by=world.leif, into=first, at=later(other, 2))
    by_days = report_of(world.leif).times
    assert sum(row.cells[2].value or 0 for row in by_days.rows) == 0
    assert sum(row.cells[3].value or 0 for row in by_days.rows) == 1


@pytest.mark.parametrize("n", [4, 5])
def test_whoever_sees_no_cases_gets_no_times_of_fewer_than_five(world: World, n: int) -> None:
    for _ in range(n):
        each = case(world)
        actions.receive_and_close(deviation=each, by=world.leif, outcome="Strødd.", at=later(each, 1))
        actions.say_whether_it_helped(deviation=each, by=world.nora, helped=False)
    shown = n >= 5
    theirs, leaders = report_of(world.tiril), report_of(world.leif)
    assert theirs.times.foot
    assert leaders.times.foot
    assert (theirs.times.foot.cells[0].value is not None) == shown
    assert (sum(row.cells[0].value or 0 for row in theirs.times.rows) == n) == shown
    assert (theirs.limits.rows[0].cells[0].value == n) == shown
    assert (theirs.helped.rows[1].cells[0].value == n) == shown
    assert leaders.times.foot.cells[0].value is not None
    assert "fewer than five" in theirs.times.note
    assert "fewer than five" not in leaders.times.note
    taken_home = "".join(figures_as_csv(theirs))
    assert (f"Half within (median);Received;{leaders.times.foot.cells[0].value}" in taken_home) == shown


def test_units_are_compared_by_their_medians_and_few_cases_give_none(world: World, login: Login) -> None:
    for _ in range(5):
        each = case(world)
        actions.receive(deviation=each, by=world.leif, at=later(each, 1))
    few = case(world, unit=world.nursing_home)
    actions.receive(deviation=few, by=few.handler or world.sunniva, at=later(few, 1))
    below = lines(report_of(world.sunniva).times_below)
    assert below["Hjemmetjenesten"][0] is not None
    assert below["Sykehjemmet"][0] is None
    assert 'id="tid-enheter"' in login(world.sunniva).get("/rapporter/").text


def test_the_report_costs_the_same_at_few_and_many_cases(world: World, login: Login) -> None:
    client = login(world.sunniva)

    def questions() -> int:
        client.get("/rapporter/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/rapporter/").status_code == 200
        return len(asked)

    for _ in range(6):
        each = case(world)
        actions.receive(deviation=each, by=world.leif, at=later(each, 1))
    few = questions()
    for _ in range(60):
        each = case(world)
        actions.receive_and_close(deviation=each, by=world.leif, outcome="Strødd.", at=later(each, 1))
    assert questions() == few


def test_cases_from_before_are_counted_by_the_migration_as_they_would_be_today(world: World) -> None:
    chosen = categories(world)
    for _ in range(3):
        each = case(world)
        actions.receive_and_close(deviation=each, by=world.leif, outcome="Strødd.", at=later(each, 1))
        actions.say_whether_it_helped(deviation=each, by=world.nora, helped=True)
    actions.merge(deviation=case(world), by=world.leif, into=case(world))
    assert chosen
    new = ("outcome", "helped", *(f"{time.measure}_in" for time in TIMES))
    FigureCount.objects.filter(measure__in=new).delete()
    import_module("deviations.migrations.0015_the_reporters_clock").count_the_clock(apps, None)
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all() if row.n}
    assert kept == dict(figures.counted_anew(Deviation.objects.order_by("pk")))
