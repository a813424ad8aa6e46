from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from kvalitetslosen.organisation import actions, handover
from kvalitetslosen.organisation.models import Deputy, Role, Unit, User
from tests import people


@pytest.fixture
def world(transactional_db: None) -> people.World:
    return people.build()


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """How each went, all begun at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(deeds))
    went: list[str] = []

    def go(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except ValidationError:
            went.append("refused")
        else:
            went.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(went)


def test_two_leaders_of_a_unit_do_not_leave_it_orphaned_by_leaving_together(world: people.World) -> None:
    actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER)
    went = at_once(
        lambda: handover.deactivate(user=User.objects.get(pk=world.leif.pk), by=world.ada),
        lambda: handover.deactivate(user=User.objects.get(pk=world.greta.pk), by=world.ada),
    )
    assert went == ["done", "refused"]
    assert User.objects.active().filter(pk__in=[world.leif.pk, world.greta.pk]).count() == 1


def test_two_units_do_not_move_under_each_other(world: people.World) -> None:
    went = at_once(
        lambda: actions.move_unit(unit=world.home_care, parent=world.nursing_home, by=None),
        lambda: actions.move_unit(unit=world.nursing_home, parent=world.home_care, by=None),
    )
    assert went == ["done", "refused"]
    units = list(Unit.objects.filter(pk__in=[world.home_care.pk, world.nursing_home.pk]).order_by("depth"))
    assert [unit.depth for unit in units] == [2, 3]
    assert units[1].parent_id == units[0].pk


def test_a_period_gets_one_deputy(world: people.World) -> None:
    today = timezone.localdate()
    went = at_once(
        *(
            lambda deputy=deputy: actions.appoint_deputy(
                principal=world.leif, deputy=deputy, valid_from=today, valid_to=today, by=None
            )
            for deputy in (world.hans, world.greta)
        )
    )
    assert went == ["done", "refused"]
    assert Deputy.objects.count() == 1


def test_one_code_goes_to_one_unit(world: people.World) -> None:
    went = at_once(
        lambda: actions.create_unit(parent=world.health, name="En", code="NY", kind=Unit.Kind.UNIT),
        lambda: actions.create_unit(parent=world.home_care, name="To", code="ny", kind=Unit.Kind.UNIT),
    )
    assert went == ["done", "refused"]
