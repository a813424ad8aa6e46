"""A question put into SQL once gives what the QuerySet it is written as would give, each time it is asked."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from kvalitetslosen.database.prepared import ByKey, Prepared
from kvalitetslosen.organisation.models import Membership, Role, User, about, somebody
from tests.deviations import cases
from tests.people import World

DAY = datetime.timedelta(days=1)


def memberships(user: int, role: str, day: datetime.date) -> Any:
    return Membership.objects.on(day).filter(user=user, role=role).with_sight().select_related("user")


def test_it_gives_the_same_rows_with_all_that_comes_along(world: World, django_assert_num_queries: Any) -> None:
    ask = Prepared(memberships, user=int, role=str, day=datetime.date)
    today = timezone.localdate()
    for person in (world.leif, world.nora):
        for role in (Role.LEADER, Role.EMPLOYEE, Role.DPO):
            for day in (today, today - 4000 * DAY):
                expected = list(memberships(person.pk, role, day))
                with django_assert_num_queries(1):
                    found = ask(user=person.pk, role=role, day=day)
                    assert found == expected
                    assert [(each.unit.name, each.user.name) for each in found] == [
                        (each.unit.name, each.user.name) for each in expected
                    ]
                assert [vars(each)["narrowed"] for each in found] == [vars(each)["narrowed"] for each in expected]
    assert [len(ask(user=world.leif.pk, role=Role.LEADER, day=day)) for day in (today, today - 4000 * DAY)] == [1, 0]


def test_it_asks_about_what_it_is_given_each_time(world: World) -> None:
    ask = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)
    assert [ask(pk=person.pk) for person in (world.leif, world.nora)] == [[world.leif], [world.nora]]
    assert ask(pk=0) == []


def test_it_wants_all_that_it_asks_about(world: World) -> None:
    ask = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)
    with pytest.raises(KeyError):
        ask(user=world.leif.pk)


def test_somebody_of_the_same_standing_sees_the_same_cases(world: World) -> None:
    from deviations.models import Deviation  # the one noun with a rule for every role

    for _ in range(2):
        cases.hse(world)
    for person in User.objects.order_by("pk"):
        standing_in = somebody(person.standing.shape, **about(person))
        assert set(Deviation.objects.visible_to(standing_in)) == set(Deviation.objects.visible_to(person)), person


def test_rows_are_found_by_their_keys_with_what_comes_along(world: World, django_assert_num_queries: Any) -> None:
    ask = ByKey(lambda keys: User.objects.filter(pk__in=keys).select_related("municipality"))
    people = [world.leif.pk, world.nora.pk, 10**9]
    with django_assert_num_queries(1):
        found = ask(people)
        assert {pk: each.municipality.name for pk, each in found.items()} == {
            world.leif.pk: "Fjelldal", world.nora.pk: "Fjelldal",
        }  # fmt: skip
    assert ask([]) == {}
    many = [*range(10**9, 10**9 + 200), world.kaja.pk]
    with django_assert_num_queries(2):
        assert list(ask(many)) == [world.kaja.pk]
