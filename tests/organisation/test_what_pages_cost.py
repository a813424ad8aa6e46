"""A page costs as many queries for a thousand people as for ten."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from tests.people import World

Login = Callable[..., Client]

MOST = {  # what modules hand over, and their morning sections, add to the person's page and the morning page
    "/organisasjon/": 7,
    "/organisasjon/enhet/{unit}/": 12,
    "/organisasjon/folk/": 5,
    "/organisasjon/folk/?q=an&unit=Helse&role=employee": 6,
    "/organisasjon/folk/?etter={nora}": 6,
    "/organisasjon/folk/{nora}/": 40,  # one for each role somebody may hold alone
    "/organisasjon/folk/{nora}/slutter/": 35,
    "/organisasjon/stedfortreder/": 4,
    "/organisasjon/finn/person/?x=an": 4,
    "/": 12,
}


def fill(world: World, people: int, units: int) -> None:
    below = [
        actions.create_unit(parent=world.health, name=f"Avdeling {number}", code=f"A{number}", kind="department")
        for number in range(units)
    ]
    made = [
        User(municipality=world.municipality, name=f"Ansatt {number}", email=f"a{number}@fjelldal.example")
        for number in range(people)
    ]
    User.objects.bulk_create(made)
    Membership.objects.bulk_create(
        Membership(user=user, unit=below[number % units], role=Role.EMPLOYEE if number % 20 else Role.LEADER)
        for number, user in enumerate(made)
    )


@pytest.mark.parametrize("path", MOST)
def test_a_thousand_people_cost_no_more_queries_than_ten(world: World, login: Login, path: str) -> None:
    client = login(world.ada)
    address = path.format(nora=world.nora.pk, unit=world.health.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()  # content types are looked up once in a process
    few = queries()
    fill(world, people=1000, units=60)
    many = queries()
    assert many <= few, address
    assert few <= MOST[path]


def test_moving_a_unit_costs_the_same_however_much_lies_in_it(world: World) -> None:
    def queries(to: Unit) -> int:
        world.home_care.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            actions.move_unit(unit=world.home_care, parent=to, by=None)
        return len(captured)

    queries(world.school)
    few = queries(world.municipality)
    for number in range(30):
        actions.create_unit(parent=world.home_care, name=f"Team {number}", code=f"T{number}", kind="team")
    queries(world.school)
    assert queries(world.municipality) <= few + 1  # the units below are stored in one more
