"""The people of the tests are made once and put back after: nobody may be able to tell the difference."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from tests import once, people
from tests.deviations import cases
from tests.documents.conftest import approved
from tests.people import World


def contents() -> dict[str, list[str]]:
    """Every row of every table that has any."""
    return {table: sorted(rows) for table, rows in once._rows().items()}


def fields(row: models.Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name not in ("_state", "_django_version")}


def rolled_back(build: Any) -> tuple[World, dict[str, list[str]]]:
    with transaction.atomic():
        world, rows = build(), contents()
        transaction.set_rollback(True)
    return world, rows


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been kept yet."""
    monkeypatch.setattr(once, "_kept", {})


@pytest.mark.usefixtures("forgotten")
def test_what_is_put_back_is_what_was_made(db: None) -> None:
    world, rows = rolled_back(people.build)
    assert len(once._kept) == 1, "the world leaves something behind that can't be kept: see once._elsewhere"
    again, rows_again = rolled_back(people.build)
    assert rows_again == rows
    assert len(rows["organisation_user"]) == len(world.people) == len(again.people)
    assert again is not world
    for name, user in world.people.items():
        assert fields(again.people[name]) == fields(user)
        assert not again.people[name]._state.adding
    assert vars(again) == vars(world)


def test_life_goes_on_from_there(db: None) -> None:
    at_first = list(verify(Count()))
    for build in (people.made, people.build, people.build):
        with transaction.atomic():
            world = build()
            new = actions.add_person(
                municipality=world.municipality, name="Ny", email="ny@fjelldal.example", language="nb"
            )
            actions.grant_role(user=new, unit=world.school, role=Role.LEADER)
            assert new.pk not in {each.pk for each in world.people.values()}
            assert [fault for fault in verify(Count()) if fault not in at_first] == []
            connection.check_constraints()
            transaction.set_rollback(True)


def people_who_begin() -> World:
    world = people.made()
    Membership.objects.update(valid_from=timezone.localdate())
    return world


@pytest.mark.usefixtures("forgotten")
def test_another_day_has_a_world_of_its_own(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def beginners() -> World:
        return once.once(people_who_begin)

    rolled_back(beginners)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    beginners()
    assert len(once._kept) == 2
    assert {start for (start,) in User.objects.values_list("memberships__valid_from")} == {tomorrow}


def test_where_somebody_is_already_nothing_is_put_back(db: None) -> None:
    rolled_back(people.build)
    actions.found_municipality(name="Vik", code="VIK", language="nn")
    people.build()
    assert Unit.objects.municipalities().count() == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_goes_and_what_came_with_the_tables_stays() -> None:
    before = contents()
    assert before == {table: sorted(rows) for table, rows in once.beginning.rows.items()}
    world = people.build()
    cases.received(world)
    approved(world)
    assert set(contents()) > set(before)
    once.beginning.put_back()
    assert contents() == before
    cases.received(people.build())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(number=7)
