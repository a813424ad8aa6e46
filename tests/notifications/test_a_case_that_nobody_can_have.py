"""A case goes to the next leader above where the unit has none, and those who keep the units are warned."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role
from tests.notifications.conftest import SECRET_TEXT, Post
from tests.people import World

Report = Callable[..., Deviation]


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    organisation.choose_language(user=world.ada, language="en")
    deliver.take_as_told()


def without_a_chief(world: World) -> None:
    """Rolf has ended as chief executive: above the school there is nobody."""
    role = world.rolf.memberships.get(role=Role.LEADER)
    organisation.end_role(membership=role, by=world.ada, last_day=timezone.localdate() - datetime.timedelta(days=1))
    deliver.take_as_told()


def test_the_leader_above_has_it_and_the_administrator_is_warned_once_a_week(
    world: World, report: Report, post: Post
) -> None:
    cases = [report(unit=world.school) for _ in range(2)]
    assert {each.handler for each in cases} == {world.rolf}
    post.deliver()
    (warning,) = post.to(world.ada)
    assert warning.subject == "Fjelldal skole has no leader"
    assert "A leader above has it for now" in warning.body
    assert f"http://testserver/organisasjon/enhet/{world.school.pk}/" in warning.body
    assert SECRET_TEXT not in warning.body
    assert cases[0].reference not in warning.body
    assert len(post.to(world.rolf)) == 2


def test_where_nobody_is_above_the_warning_says_so(world: World, report: Report, post: Post) -> None:
    without_a_chief(world)
    case = report(unit=world.school)
    assert case.handler is None
    post.deliver()
    (warning,) = post.to(world.ada)
    assert warning.subject == "Nobody can handle a case from Fjelldal skole"


def test_a_unit_with_a_leader_warns_nobody(world: World, report: Report, post: Post) -> None:
    report()
    post.deliver()
    assert post.to(world.ada) == []


@pytest.mark.parametrize("how", [{"by": "leif"}, {"by": "leif", "hide_name": True}, {"about_leader": True}])
def test_where_the_only_leader_may_not_have_it_the_warning_does_not_say_which_unit(
    world: World, report: Report, post: Post, how: dict[str, object]
) -> None:
    """The leader reported it, or it is about the leader: the unit's name in the warning would tell."""
    without_a_chief(world)
    role = world.sunniva.memberships.get(role=Role.LEADER)
    organisation.end_role(membership=role, by=world.ada, last_day=timezone.localdate() - datetime.timedelta(days=1))
    deliver.take_as_told()
    given = how | ({"by": world.people[str(how["by"])]} if "by" in how else {})
    case = report(**given)
    assert case.handler is None
    post.deliver()
    (warning,) = post.to(world.ada)
    assert warning.subject == "Nobody can handle a case from Fjelldal"
    assert "Hjemmetjenesten" not in warning.body
    assert case.reference not in warning.body


def test_a_case_sent_to_a_unit_without_a_leader_warns_too(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.forward(deviation=case, by=world.leif, to=world.school, note="Gjelder dere")
    post.deliver()
    assert post.subjects(world.ada) == ["Fjelldal skole has no leader"]


def test_one_who_gets_a_leader_before_the_mail_goes_warns_nobody(world: World, report: Report, post: Post) -> None:
    report(unit=world.school)
    organisation.grant_role(user=world.hans, unit=world.school, role=Role.LEADER)
    post.deliver()
    assert post.to(world.ada) == []
