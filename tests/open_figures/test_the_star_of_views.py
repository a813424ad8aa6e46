"""Views for other programs: each as it is defined, with rows that agree with what is counted, and nobody in them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Sum
from django.utils import timezone

from deviations import actions, figures
from deviations.actions import tallying
from deviations.models import Category, Deviation, FigureCount, Harm, Kind, Shift
from improvement import actions as improving
from improvement.models import Inquiry
from kvalitetslosen.database.views import MakeView
from kvalitetslosen.journal.record import create
from kvalitetslosen.open_figures.registry import Holds, tables
from kvalitetslosen.open_figures.sql import VENDORS, select
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice import actions as practising
from kvalitetslosen.workdays import OSLO, is_workday, workdays_between
from tests.deviations import cases
from tests.people import World


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


@pytest.fixture
def happened(world: World, clock: Any) -> World:
    """Cases at odd hours, some of them about a leader, one moved on, and what comes of them."""
    for at in (
        datetime.datetime(2026, 3, 28, 23, 30, tzinfo=datetime.UTC),  # the night summer time begins
        datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.UTC),
        datetime.datetime(2026, 6, 30, 22, 15, tzinfo=datetime.UTC),
        datetime.datetime(2026, 10, 24, 22, 30, tzinfo=datetime.UTC),
        datetime.datetime(2026, 10, 25, 23, 30, tzinfo=datetime.UTC),
        datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.UTC),
    ):
        clock.move_to(at)
        cases.ordinary(world)
    clock.move_to(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO))
    cases.ordinary(world, unit=world.nursing_home, by=world.greta, kind=Kind.RISK)
    cases.about_the_leader(world)
    cases.hidden_name(world)
    one = cases.ordinary(world)
    clock.shift(datetime.timedelta(days=4))
    actions.receive(deviation=one, by=world.leif)
    return world


def read(view: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view} ORDER BY 1")
        assert cursor.description is not None
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_migrations_make_each_view_as_it_is_defined(vendor: str) -> None:
    loader, made = MigrationLoader(None), {}
    for node in loader.graph.leaf_nodes():
        for step in loader.graph.forwards_plan(node):
            for operation in loader.graph.nodes[step].operations:
                if isinstance(operation, MakeView):
                    made[operation.name] = operation.select[vendor]
    for table in tables():
        assert made.get(table.view) == select(table, vendor), f"Put this into a migration:\n{select(table, vendor)}"
    assert set(made) == {table.view for table in tables()}


def test_each_view_has_its_columns_and_holds_what_it_says(happened: World) -> None:
    for table in tables():
        found = read(table.view)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table.view} LIMIT 0")
            assert [column[0] for column in cursor.description or ()] == table.names, table.view
        keys = [row[table.names[0]] for row in found]
        assert len(keys) == len(set(keys)), table.view
        for row in found:
            for column in table.columns:
                value = row[column.name]
                if value is not None and column.holds is Holds.NUMBER:
                    assert isinstance(value, int), (table.view, column.name)
                if value is not None and column.holds is Holds.DAY:
                    assert len(datetime.date.fromisoformat(str(value)).isoformat()) == 10, (table.view, column.name)


def test_cases_are_as_many_as_those_have_who_have_figures_only(happened: World) -> None:
    figures.rebuild()
    kept = FigureCount.objects.filter(unit_id=happened.municipality.pk, measure="kind").aggregate(n=Sum("n"))["n"]
    about = Deviation.objects.filter(about__isnull=False).count()
    assert about == 1
    found = read("star_deviation")
    assert len(found) == kept - about
    assert not {row["deviation_key"] for row in found} & set(
        Deviation.objects.filter(about__isnull=False).values_list("pk", flat=True)
    )
    by_day = {row["deviation_key"]: str(row["reported_on"]) for row in found}
    for case in Deviation.objects.filter(about=None):
        assert by_day[case.pk] == timezone.localdate(case.reported_at).isoformat(), case.reported_at


def test_working_days_are_those_of_the_figures(happened: World) -> None:
    rows = {row["deviation_key"]: row for row in read("star_deviation")}
    for case in Deviation.objects.filter(about=None):
        told = rows[case.pk]["workdays_to_receipt"]
        if case.received_at is None:
            assert told is None
        else:
            begun, ended = timezone.localdate(case.reported_at), timezone.localdate(case.received_at)
            assert told == workdays_between(begun, ended) == 2
    days = {str(row["date_key"]): row for row in read("star_date")}
    for text in ("2026-05-17", "2026-05-18", "2026-12-25", "2027-03-25", "2026-11-20", "2020-12-31", "2050-12-31"):
        day = datetime.date.fromisoformat(text)
        row = days[text]
        assert bool(row["is_workday"]) == is_workday(day)
        assert (row["iso_year"], row["iso_week"], row["weekday"]) == tuple(day.isocalendar())


def test_ticks_that_stand_are_there(world: World) -> None:
    category = create(
        Category(municipality=world.municipality, name="Fall", may_be_ticked=True),
        "deviations.category_added",
        by=None,
    )
    tallying.choose_ticked(unit=world.home_care, categories=[category], by=None)
    for shift in (Shift.DAY, Shift.NIGHT):
        tallying.tick(
            unit=world.home_care, category=category, by=world.nora, date=timezone.localdate(), shift=shift,
            harm=Harm.NONE,
        )  # fmt: skip
    assert [(row["shift"], row["unit_key"]) for row in read("star_tick")] == [
        ("day", world.home_care.pk),
        ("night", world.home_care.pk),
    ]
    kept = FigureCount.objects.filter(unit_id=world.municipality.pk, measure="tick").aggregate(n=Sum("n"))["n"]
    assert kept == 2


def test_what_belongs_to_a_case_about_a_leader_is_left_out(happened: World) -> None:
    about = Deviation.objects.get(about__isnull=False)
    for case, owner in ((about, happened.sunniva), (Deviation.objects.filter(about=None)[0], happened.leif)):
        improving.plan(
            by=owner, deviation=case, what="Ny sjekkliste", owner=owner, deadline=datetime.date(2026, 12, 7)
        )
    assert [row["origin"] for row in read("star_action")] == ["case"]
    assert Inquiry.objects.count() == len(read("star_inquiry")) == 0


def test_what_somebody_practises_is_in_no_view(happened: World) -> None:
    before = {table.view: len(read(table.view)) for table in tables()}
    practising.begin(owner=happened.nora)
    assert Unit.objects.filter(practice=True).exists()
    assert {table.view: len(read(table.view)) for table in tables()} == before


def test_units_have_those_above_as_columns(world: World) -> None:
    row = next(row for row in read("star_unit") if row["unit_key"] == world.home_care.pk)
    assert (row["municipality_name"], row["level_1_name"], row["level_2_name"], row["level_3_name"]) == (
        world.municipality.name, world.health.name, world.home_care.name, None,
    )  # fmt: skip


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite makes a table anew")
def test_a_table_is_made_anew_with_the_views_in_place(transactional_db: None) -> None:
    field = models.CharField(max_length=3, default="x")
    field.set_attributes_from_name("tried")
    with connection.schema_editor() as editor:
        editor.add_field(Deviation, field)
    assert read("star_deviation") == []
    with connection.schema_editor() as editor:
        editor.remove_field(Deviation, field)
    assert read("star_deviation") == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has roles")
def test_without_roles_the_command_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("grant_star", "power_bi")


# Only on PostgreSQL: what a role may read

ROLE = "star_test_role"
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


def _as_role(sql: str) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{ROLE}"')
        cursor.execute(sql)
        found: list[Any] = cursor.fetchall()
        cursor.execute("RESET ROLE")
        return found


def _refused(sql: str) -> bool:
    try:
        _as_role(sql)
    except Exception as error:  # noqa: BLE001 - whatever the driver calls it
        return "permission denied" in str(error) or "cannot delete from view" in str(error)
    return False


@on_postgresql
@pytest.mark.postgresql
def test_a_role_reads_the_views_and_nothing_else(happened: World) -> None:
    call_command("grant_star", ROLE)
    call_command("grant_star", ROLE)  # again changes nothing
    for table in tables():
        assert _as_role(f"SELECT count(*) FROM {table.view}")[0][0] == len(read(table.view))
        assert _refused(f"DELETE FROM {table.view}"), table.view
    for name in connection.introspection.table_names():
        assert _refused(f'SELECT * FROM "{name}" LIMIT 1'), name
    assert _refused("CREATE TABLE mine (a int)") or _refused("CREATE SCHEMA mine")
    call_command("grant_star", ROLE, revoke=True)
    assert _refused("SELECT * FROM star_deviation")


@on_postgresql
@pytest.mark.postgresql
def test_no_function_of_the_reader_is_shown_the_rows_left_out(world: World) -> None:
    call_command("grant_star", ROLE, municipality="FJE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'v' AND relname LIKE 'star\\_%' "
            "AND NOT coalesce('security_barrier=true' = ANY (reloptions), false)"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'v' AND relname LIKE 'star\\_%'")
        assert cursor.fetchone() == (2 * len(tables()),)


@on_postgresql
@pytest.mark.postgresql
def test_a_role_for_a_municipality_reads_its_rows_alone(happened: World) -> None:
    call_command("grant_star", ROLE, municipality="SJO")
    schema = f"star_{happened.other_municipality.pk}"
    assert _as_role(f"SELECT count(*) FROM {schema}.star_deviation") == [(0,)]
    assert _as_role(f"SELECT DISTINCT municipality_key FROM {schema}.star_unit") == [(happened.other_municipality.pk,)]
    assert _refused("SELECT * FROM public.star_deviation")
    assert _refused("SELECT * FROM public.star_unit")
    call_command("grant_star", ROLE, municipality="FJE")
    assert _refused(f"SELECT * FROM {schema}.star_unit")


@on_postgresql
@pytest.mark.postgresql
def test_a_role_that_may_do_more_is_left_alone(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        own = cursor.fetchone()[0]
    for name in (own, "Power BI", 'x"; DROP ROLE y; --'):
        with pytest.raises(CommandError):
            call_command("grant_star", name)
    with pytest.raises(CommandError, match="no municipality"):
        call_command("grant_star", ROLE, municipality="XXX")
