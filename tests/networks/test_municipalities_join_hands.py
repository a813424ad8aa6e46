"""Fjelldal begins a network and asks Sjøvik: who decides, who is told, and what a stranger sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from kvalitetslosen.networks import actions
from kvalitetslosen.networks.lifecycle import LIFECYCLE, State
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]
Login = Callable[[User], Client]
NAME = "Kvalitet på Sørlandet"


@pytest.fixture
def sindre(world: World) -> User:
    """Keeps Sjøvik."""
    user = organisation.add_person(
        municipality=world.other_municipality, name="Sindre Sol", email="sindre@sjovik.example", language="nb"
    )
    organisation.grant_role(user=user, unit=world.other_municipality, role=Role.ADMINISTRATOR)
    return user


@pytest.fixture
def network(world: World) -> Network:
    return actions.found(by=world.ada, name=NAME, purpose="Dele rutiner")


@pytest.fixture
def asked(world: World, network: Network) -> NetworkMember:
    return actions.invite(network=network, municipality=world.other_municipality, by=world.ada)


def step(member: NetworkMember, name: str) -> str:
    return reverse("networks:step", args=[member.network_id, member.pk, name])


def test_the_administrator_begins_one(world: World, login: Login) -> None:
    page = login(world.ada).post(reverse("networks:found"), {"name": NAME, "purpose": ""}, follow=True)

    assert NAME in page.content.decode()
    member = NetworkMember.objects.get()
    assert (member.municipality, member.state) == (world.municipality, State.MEMBER)


def test_a_network_needs_a_name(world: World, login: Login) -> None:
    page = login(world.ada).post(reverse("networks:found"), {"name": "", "purpose": "Dele"}).content.decode()

    assert "Dele" in page
    assert not Network.objects.exists()


@pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kaja", "vidar"])
def test_others_do_not_decide_for_the_municipality(world: World, network: Network, login: Login, who: str) -> None:
    client = login(world.people[who])

    for address in (
        reverse("networks:networks"),
        reverse("networks:found"),
        network.get_absolute_url(),
        reverse("networks:find_municipality"),
        reverse("networks:rename", args=[network.pk]),
    ):
        assert client.get(address).status_code == 403
    assert "/nettverk/" not in client.get("/").content.decode()


def test_the_quality_coordinator_decides(world: World, network: Network, login: Login) -> None:
    assert NAME in login(world.kristin).get(reverse("networks:networks")).content.decode()


def test_those_not_asked_see_nothing(world: World, network: Network, sindre: User, login: Login) -> None:
    client = login(sindre)

    assert NAME not in client.get(reverse("networks:networks")).content.decode()
    for address in (network.get_absolute_url(), reverse("networks:rename", args=[network.pk])):
        assert client.get(address).status_code == 404
    assert client.post(reverse("networks:invite", args=[network.pk]), {"municipality": "Fjelldal"}).status_code == 404


def test_the_other_municipality_is_asked_and_joins(
    world: World, network: Network, sindre: User, login: Login, post: Post
) -> None:
    login(world.ada).post(reverse("networks:invite", args=[network.pk]), {"municipality": "Sjøvik"})
    post.deliver()

    assert [NAME in each for each in post.subjects(sindre)].count(True) == 1
    client = login(sindre)
    assert NAME in client.get("/").content.decode()
    page = client.get(network.get_absolute_url()).content.decode()
    assert "Fjelldal" in page
    assert "Ada" not in page
    member = NetworkMember.objects.get(municipality=world.other_municipality)
    client.post(step(member, "join"))
    member.refresh_from_db()
    assert member.state == State.MEMBER
    post.deliver()
    assert [NAME in each for each in post.subjects(world.ada)].count(True) == 1


def test_who_is_asked_does_not_see_the_others_before_joining(
    world: World, asked: NetworkMember, sindre: User, login: Login
) -> None:
    third = organisation.found_municipality(name="Tredal", code="TRE", language="nb")
    actions.invite(network=asked.network, municipality=third, by=world.ada)

    assert "Tredal" not in login(sindre).get(asked.network.get_absolute_url()).content.decode()
    actions.join(member=asked, by=sindre)
    assert "Tredal" in login(sindre).get(asked.network.get_absolute_url()).content.decode()


def test_nobody_answers_for_another_municipality(world: World, asked: NetworkMember, login: Login) -> None:
    for name in ("join", "decline"):
        assert login(world.ada).post(step(asked, name)).status_code == 403
    asked.refresh_from_db()
    assert asked.state == State.INVITED


def test_a_step_refuses_get_and_strangers(world: World, asked: NetworkMember, sindre: User, login: Login) -> None:
    assert login(sindre).get(step(asked, "join")).status_code == 405
    assert login(world.mona).post(step(asked, "join")).status_code == 403
    own = NetworkMember.objects.get(municipality=world.municipality)
    assert login(sindre).post(step(own, "leave")).status_code == 404


def test_asking_twice_is_said_and_asks_once(world: World, asked: NetworkMember, login: Login) -> None:
    page = login(world.ada).post(reverse("networks:invite", args=[asked.network_id]), {"municipality": "Sjøvik"})

    assert "already" in page.content.decode()
    with pytest.raises(ValidationError):
        actions.invite(network=asked.network, municipality=world.other_municipality, by=world.ada)
    assert NetworkMember.objects.filter(municipality=world.other_municipality).count() == 1


def test_a_step_taken_twice_does_nothing_the_second_time(asked: NetworkMember, sindre: User, login: Login) -> None:
    client = login(sindre)
    client.post(step(asked, "join"))
    page = client.post(step(asked, "join"), follow=True).content.decode()

    assert "before you" in page
    asked.refresh_from_db()
    assert asked.events_count == 2


def test_no_can_be_asked_again(world: World, asked: NetworkMember, sindre: User, login: Login) -> None:
    actions.decline(member=asked, by=sindre)

    assert login(sindre).get(asked.network.get_absolute_url()).status_code == 404
    login(world.ada).post(step(asked, "invite_again"))
    asked.refresh_from_db()
    assert asked.state == State.INVITED


def test_the_name_is_changed_by_a_member(world: World, asked: NetworkMember, sindre: User, login: Login) -> None:
    address = reverse("networks:rename", args=[asked.network_id])

    assert login(sindre).post(address, {"name": "Annet", "purpose": ""}).status_code == 403
    login(world.ada).post(address, {"name": "Annet", "purpose": ""})
    login(world.ada).post(address, {"name": "Annet", "purpose": ""})
    network = Network.objects.get()
    assert (network.name, network.events_count) == ("Annet", 2)


def test_every_step_of_the_table_has_its_verb() -> None:
    for row in LIFECYCLE:
        assert callable(getattr(actions, row.name))


def test_the_page_costs_the_same_with_many_members(
    world: World, network: Network, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = login(world.ada)
    client.get(network.get_absolute_url())
    for number in range(12):
        other = organisation.found_municipality(name=f"Kommune {number}", code=f"K{number}", language="nb")
        actions.invite(network=network, municipality=other, by=world.ada)

    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert client.get(network.get_absolute_url()).status_code == 200
