"""What is put in a unit in the moment the unit is moved lies where the unit lies afterwards, and is counted there."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from deviations import actions as cases
from deviations import figures, settings_actions
from deviations.models import Deviation, FigureCount, Kind
from documents import actions as documents
from improvement import actions as improvement
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import InTree, Unit
from tests import people

SOON = datetime.date(2031, 1, 15)
A_MOMENT = 0.4  # seconds in which the other one would get by, if nothing stopped them


@pytest.fixture
def world(transactional_db: None) -> people.World:
    world = people.build()
    actions.create_unit(parent=world.home_care, name="Natt", code="NATT", kind="team")
    return world


def night(world: people.World) -> Unit:
    """As somebody has it in hand who read it a little while ago. It follows home care."""
    return Unit.objects.get(code="NATT")


def report(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return cases.report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Feil dose")


def forward(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return cases.forward(deviation=case, by=world.rolf, to=unit, note="Hører til der")


def plan(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return improvement.plan(by=world.leif, what="Nytt skap", owner=world.greta, deadline=SOON, unit=unit)


def plan_in_a_case(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return improvement.plan(by=world.leif, what="Nytt skap", owner=world.greta, deadline=SOON, deviation=case)


def write_a_procedure(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return documents.create_document(by=world.leif, title="Brann", kind="procedure", unit=unit).document


def give_an_example(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return settings_actions.add_example(unit=unit, text="Døra sto åpen.", by=world.leif)


def close(world: people.World, unit: Unit, case: Deviation) -> InTree:
    return cases.receive_and_close(deviation=case, by=world.leif, outcome="Ordnet.")


DEEDS = [report, forward, plan, plan_in_a_case, write_a_procedure, give_an_example, close]


def side_by_side(first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins when the first has done everything but end its transaction."""
    done = threading.Event()
    failed: list[BaseException] = []

    def begin() -> None:
        with transaction.atomic():
            first()
            done.set()
            time.sleep(A_MOMENT)

    def come() -> None:
        done.wait(20)
        second()

    def alone(deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            failed.append(error)
        finally:
            done.set()
            connection.close()

    threads = [threading.Thread(target=alone, args=[deed]) for deed in (begin, come)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def prepared(world: people.World, deed: Callable[..., InTree]) -> tuple[Unit, Deviation]:
    """The unit and a case, as read before anything happens: the case lies there, or is to be sent there."""
    unit = night(world)
    at = world.school if deed is forward else unit
    return unit, cases.report(by=world.nora, unit=at, kind=Kind.DEVIATION, text="Feil dose")


def check(row: InTree) -> None:
    row = type(row)._base_manager.get(pk=row.pk)
    assert row.ancestor_ids == Unit.objects.get(code="NATT").ancestor_ids
    kept = {
        (each.unit_id, each.month, each.measure, each.value): each.n for each in FigureCount.objects.all() if each.n
    }
    assert kept == dict(figures.counted_anew(Deviation.objects.order_by("pk")))


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_begun_before_goes_along(world: people.World, deed: Callable[..., InTree]) -> None:
    unit, case = prepared(world, deed)
    made: list[InTree] = []
    side_by_side(
        lambda: made.append(deed(world, unit, case)),
        lambda: actions.move_unit(unit=world.home_care, parent=world.nursing_home, by=None),
    )
    check(made[0])


@pytest.mark.parametrize("deed", DEEDS)
def test_what_comes_meanwhile_lies_in_the_new_place(world: people.World, deed: Callable[..., InTree]) -> None:
    unit, case = prepared(world, deed)
    made: list[InTree] = []
    side_by_side(
        lambda: actions.move_unit(unit=world.home_care, parent=world.nursing_home, by=None),
        lambda: made.append(deed(world, unit, case)),
    )
    check(made[0])


@pytest.mark.postgresql
def test_two_who_put_something_in_one_unit_do_not_wait_for_each_other(world: people.World) -> None:
    unit, case = prepared(world, plan)

    def come() -> None:
        try:
            give_an_example(world, unit, case)
        finally:
            connection.close()

    with transaction.atomic():
        plan(world, unit, case)
        other = threading.Thread(target=come)
        other.start()
        other.join(20)
        came = not other.is_alive()
    other.join()
    assert came
