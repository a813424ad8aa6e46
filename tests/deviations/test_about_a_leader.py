"""A case about a leader goes past that leader from the first day to the last, whoever reported it and however."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.models import Deviation, Kind, Source, Topic
from kvalitetslosen.notifications import reminders
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit, User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
WORD = "fjellreven"  # in the text, and nowhere else
ABOVE = {"sunniva", "rolf"}


def named(world: World, **more: Any) -> Deviation:
    return cases.ordinary(world, text=f"Om {WORD}.", about_leader=True, **more)


def without(world: World, **more: Any) -> Deviation:
    return cases.anonymous(world, text=f"Om {WORD}.", about_leader=True, **more)


WAYS: dict[str, Callable[..., Deviation]] = {
    "named": named,
    "hidden": lambda world, **more: named(world, hide_name=True, **more),
    "anonymous": without,
    "from outside": lambda world, **more: without(world, source=Source.OUTSIDE, **more),
}
PLACES = (
    "/", *(f"/avvik/?status=alle&visning={view}" for view in ("omrade", "hos-meg", "mine")),
    f"/avvik/?status=alle&q={WORD}", "/rapporter/", "/rapporter/tall.csv", "/rapporter/saker.csv", "/varsler/",
    "/tiltak/",
)  # fmt: skip


# In working hours, when reminders go; roles are given today.
TOMORROW = timezone.localtime().replace(hour=10) + datetime.timedelta(days=1)


def said(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def deputy(world: World, principal: User, stand_in: User) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(principal=principal, deputy=stand_in, valid_from=today, valid_to=today, by=principal)


@pytest.mark.one_kind
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("topic", [Topic.HSE, Topic.PRIVACY])
def test_through_its_whole_life_nobody_below_hears_of_it(world: World, login: Login, way: str, topic: Topic) -> None:
    with time_machine.travel(TOMORROW, tick=False) as clock:
        case = WAYS[way](world, category=cases.category(world, str(topic.label), topic))
        assert (case.about, case.handler) == (world.leif, world.sunniva)
        sweep()
        for days in (3, 20):  # nobody receives it
            clock.shift(datetime.timedelta(days=days))
            reminders.remind()
            sweep()
        actions.receive(deviation=case, by=world.sunniva)
        actions.assess(deviation=case, by=world.sunniva, consequence=4, probability=4)
        actions.write_message(deviation=case, by=world.sunniva, text="Takk.", from_reporter=False)
        actions.escalate(deviation=case, by=world.sunniva, note="For stor for meg.")
        clock.shift(datetime.timedelta(days=60))  # past the deadline
        reminders.remind()
        sweep()
        actions.close(deviation=case, by=world.rolf, outcome="Vi har snakket sammen.", cause="Uklart ansvar.")
        actions.say_whether_it_helped(deviation=case, by=None, helped=False)
        actions.reopen(deviation=case, by=world.rolf, note="Ikke godt nok.")
        sweep()
        assert Notification.objects.filter(name="deviations.unreceived_above").exists()
        told = {each.user.name.split()[0].lower() for each in Notification.objects.select_related("user")}
        reporter = {"nora"} if way in ("named", "hidden") else set()
        assert ABOVE <= told <= ABOVE | reporter, told
        assert {each.to[0].partition("@")[0] for each in mail.outbox} <= ABOVE | reporter
        assert WORD not in repr(list(Email.objects.values())), "mail repeats what was written"
        for who, user in world.people.items():
            if who in ABOVE | reporter:
                continue
            client = login(User.objects.get(pk=user.pk))
            assert client.get(case.get_absolute_url()).status_code == 404, who
            for path in PLACES:
                page = said(client, path)
                assert case.reference not in page, (who, path)
                assert WORD not in page.replace(f'value="{WORD}"', "").replace(f"q={WORD}", ""), (who, path)


def test_the_figures_of_the_one_it_is_about_are_the_same_without_it(world: World, login: Login) -> None:
    cases.ordinary(world)
    before = {path: said(login(world.leif), path) for path in ("/rapporter/tall.csv", "/rapporter/saker.csv")}
    for make in WAYS.values():
        make(world)
    for path, figures in before.items():
        assert said(login(world.leif), path) == figures, path


@pytest.mark.parametrize("way", WAYS)
def test_sent_to_another_unit_it_comes_no_further_down(world: World, login: Login, way: str) -> None:
    team = organisation.create_unit(parent=world.home_care, name="Lag 1", code="L1", kind=Unit.Kind.TEAM)
    organisation.grant_role(user=world.greta, unit=team, role=Role.LEADER)
    case = WAYS[way](world)
    for to in (team, world.home_care, world.nursing_home):  # below, the leader's own, and a colleague's
        actions.forward(deviation=case, by=world.sunniva, to=to, note="Det hører hjemme der.")
        case.refresh_from_db()
        assert (case.unit, case.handling_unit, case.handler) == (to, world.health, world.sunniva)
        for who in (world.leif, world.greta, world.hans):
            assert login(User.objects.get(pk=who.pk)).get(case.get_absolute_url()).status_code == 404
    actions.forward(deviation=case, by=world.sunniva, to=world.school, note="Det gjelder skolen.")
    case.refresh_from_db()
    assert (case.handling_unit, case.handler) == (world.municipality, world.rolf)
    assert login(world.sunniva).get(case.get_absolute_url()).status_code == 404  # gone up past her


def test_the_form_says_where_it_stays(world: World, login: Login) -> None:
    page = login(world.sunniva).get(f"{named(world).get_absolute_url()}steg/forward/").text
    assert "it stays with the leaders above the one it concerns" in page


def test_somebody_who_stands_in_has_it_only_as_a_leader_above(world: World) -> None:
    deputy(world, world.sunniva, world.hans)  # a colleague of the one it is about
    assert named(world).handler == world.rolf
    assert cases.ordinary(world, by=world.leif).handler == world.hans  # others it takes as ever


def test_the_one_it_is_about_does_not_get_it_by_standing_in(world: World) -> None:
    deputy(world, world.sunniva, world.leif)
    assert named(world).handler == world.rolf


def test_a_leader_above_may_stand_in(world: World) -> None:
    deputy(world, world.sunniva, world.rolf)
    assert named(world).handler == world.rolf


def test_where_only_subordinates_stand_in_it_waits_for_the_leader(world: World) -> None:
    deputy(world, world.sunniva, world.hans)
    deputy(world, world.rolf, world.kristin)
    case = without(world)
    assert case.handler == world.sunniva
    actions.escalate(deviation=case, by=world.sunniva, note="Videre.")
    assert case.handler == world.rolf
    with pytest.raises(actions.NobodyAbove):
        actions.escalate(deviation=case, by=world.rolf, note="Enda lenger.")


def test_a_leader_who_rises_above_it_still_does_not_see_it(world: World, login: Login) -> None:
    case = named(world)
    organisation.grant_role(user=world.leif, unit=world.municipality, role=Role.LEADER)
    leif = User.objects.get(pk=world.leif.pk)
    assert login(leif).get(case.get_absolute_url()).status_code == 404
    for name in ("take_over", "receive", "close"):
        assert login(leif).post(f"{case.get_absolute_url()}steg/{name}/", {}).status_code == 404
    assert without(world).handler != world.leif


def test_it_is_merged_and_linked_with_its_like_only(world: World, login: Login) -> None:
    case, other = named(world), cases.ordinary(world)
    client = login(world.sunniva)
    sent = {"chosen": "another", "reference": other.reference}
    page = client.post(f"{case.get_absolute_url()}sammenheng/", sent).text
    assert "only one of them is about a leader" in page
    with pytest.raises(actions.CannotMerge):
        actions.merge(deviation=case, by=world.sunniva, into=other)
    with pytest.raises(actions.CannotMerge):
        actions.merge(deviation=other, by=world.sunniva, into=case)
    actions.merge(deviation=without(world), by=world.sunniva, into=case)


def test_what_is_not_about_a_leader_goes_where_it_is_sent(world: World) -> None:
    case = cases.anonymous(world, kind=Kind.RISK)
    actions.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Deres.")
    assert (case.handling_unit, case.handler) == (world.nursing_home, world.hans)
