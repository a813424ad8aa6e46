"""Whoever asks, and whatever has happened to the cases: a number and the list it leads to agree."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deviations import figures
from deviations.filters import CaseFilter
from deviations.models import Deviation, FigureCount
from deviations.report_sections import Report
from deviations.reports import Period
from kvalitetslosen.journal.record import change
from kvalitetslosen.months import months_after, this_month
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import MunicipalitySettings, Role, Unit, User
from tests.people import World
from tests.reports.histories import Life, categories, live, lives

READERS = ("leif", "sunniva", "rolf", "hans", "kaja", "kristin", "vidar", "per", "nora")
HELD = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.DPO)
PLACES = ("municipality", "health", "home_care", "nursing_home", "school")

RANDOM = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example is a whole world: shrinking one takes too long
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

periods = st.tuples(st.integers(0, 26), st.integers(1, 24)).map(
    lambda drawn: Period(months_after(this_month(), 1 - drawn[0] - drawn[1]), months_after(this_month(), -drawn[0]))
)


class Undo(Exception):
    """Raised to leave the database as it was for the next example."""


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def cells_of(report: Report) -> list[tuple[str, float | None, str]]:
    """Every number that counts cases: what it is called, the number, and the address of its list."""
    return [
        (f"{section.title} · {row.name} · {heading}", cell.value, cell.href)
        for section in (*report.sections, report.by_main_category)
        if section.key != "tid-enheter"
        for row in (
            *section.rows,
            *((section.foot,) if section.foot and section.key not in ("tid", "frister") else ()),
        )
        for heading, cell in zip(section.head[1:], row.cells, strict=True)
    ]


def listed(user: User, address: str) -> int:
    return CaseFilter.of(user, QueryDict(address.partition("?")[2])).rows().count()


@RANDOM
@given(
    history=st.lists(lives, max_size=9),
    reader=st.sampled_from(READERS),
    more=st.lists(st.tuples(st.sampled_from(HELD), st.sampled_from(PLACES)), max_size=2, unique=True),
    narrow=st.booleans(),
    place=st.sampled_from(PLACES),
    period=periods,
)
def test_for_every_role_every_number_is_that_of_its_list(
    world: World,
    history: list[Life],
    reader: str,
    more: list[tuple[Role, str]],
    narrow: bool,
    place: str,
    period: Period,
) -> None:
    try:
        with transaction.atomic():
            rules = MunicipalitySettings.objects.get(municipality=world.municipality)
            change(rules, "organisation.settings_changed", by=None, narrow_upper_sight=narrow)
            chosen = categories(world)
            for life in history:
                live(world, life, chosen)
            user = world.people[reader]
            for role, where in more:
                unit: Unit = world.municipality if role == Role.DPO else getattr(world, where)
                if not user.memberships.filter(role=role, unit=unit).exists():
                    organisation.grant_role(user=user, unit=unit, role=role)
            user = again(user)
            unit = getattr(world, place)
            try:
                report = Report.of(user, str(unit.pk), period)
            except PermissionDenied:
                standing = user.standing
                assert not standing.has(Role.DPO)
                assert not any(standing.reaches(role, unit) for role in HELD)
            else:
                numbers = cells_of(report)
                assert len(numbers) > 50
                for name, value, address in numbers:
                    assert value == listed(user, address), f"{name}: {address}"
                assert [case.reference for case in report.oldest] == list(
                    CaseFilter.of(user, QueryDict(f"enhet={unit.pk}"))
                    .rows()
                    .order_by("reported_at", "pk")
                    .values_list("reference", flat=True)[:5]
                )
            raise Undo
    except Undo:
        pass


@RANDOM
@given(history=st.lists(lives, max_size=12), period=periods)
def test_a_union_representative_has_the_figures_of_the_municipality_and_no_lists(
    world: World, history: list[Life], period: Period
) -> None:
    try:
        with transaction.atomic():
            chosen = categories(world)
            for life in history:
                live(world, life, chosen)
            report = Report.of(again(world.tiril), "", period)
            assert report.unit == world.municipality
            assert not any(address for _name, _value, address in cells_of(report))
            assert report.oldest == []
            cases = Deviation.objects.filter(level_0=world.municipality.pk, about=None)
            assert report.total == cases.filter(**period.reported).count()
            assert report.open_total == cases.open().count()
            closed = {row.name: row.cells[0].value for row in report.by_state.rows}
            for state, label in report.words.states:
                assert closed[label] == cases.filter(state=state, **period.reported).count()
            raise Undo
    except Undo:
        pass


@RANDOM
@given(history=st.lists(lives, max_size=9))
def test_the_counts_that_are_kept_are_those_one_would_count_anew(world: World, history: list[Life]) -> None:
    try:
        with transaction.atomic():
            chosen = categories(world)
            for life in history:
                live(world, life, chosen)
            kept = {
                (row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all() if row.n
            }
            assert kept == dict(figures.counted_anew(Deviation.objects.order_by("pk")))
            raise Undo
    except Undo:
        pass


@pytest.mark.parametrize("reader", ["leif", "kaja", "vidar", "per", "kristin"])
def test_a_case_about_the_reader_is_in_no_figure(world: World, reader: str) -> None:
    user = world.people[reader]
    chosen = categories(world)
    for n in range(3):
        case = live(world, Life("nora", "home_care", "deviation", n, 10), chosen)
        Deviation.objects.filter(pk=case.pk).update(about=user)
    report = Report.of(again(user), "", Period.latest(12))
    assert report.total == report.open_total == 0
    assert all(not value for _name, value, _address in cells_of(report))
