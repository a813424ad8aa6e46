import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from deviations.actions import report
from deviations.models import Deviation, Kind
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions, handover
from kvalitetslosen.organisation.models import Deputy, Role
from kvalitetslosen.organisation.routing import leader_for
from tests.people import World

Login = Callable[..., Client]
PAGE = "/organisasjon/stedfortreder/"


def days(first: int, last: int) -> dict[str, datetime.date]:
    today = timezone.localdate()
    return {
        "valid_from": today + datetime.timedelta(days=first),
        "valid_to": today + datetime.timedelta(days=last),
    }


def test_a_leader_chooses_a_deputy_and_new_cases_go_there_while_old_ones_stay(world: World, login: Login) -> None:
    old = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe gikk galt.")
    response = login(world.leif).post(PAGE, {"deputy": "Hans Haug", **days(0, 5)})
    assert response.status_code == 302
    deputy = Deputy.objects.get()
    assert (deputy.principal, deputy.deputy) == (world.leif, world.hans)
    assert Event.objects.about(deputy).get().type == "organisation.deputy_appointed"
    new = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe gikk galt igjen.")
    old.refresh_from_db()
    assert (old.handler, new.handler) == (world.leif, world.hans)


def test_the_deputy_gains_no_right_but_to_what_comes_to_them(world: World) -> None:
    old = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe gikk galt.")
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=world.leif, **days(0, 5))
    new = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe gikk galt igjen.")
    assert list(Deviation.objects.visible_to(world.hans).order_by("pk")) == [new]
    assert not world.hans.standing.reaches(Role.LEADER, old)


def test_before_the_first_day_and_after_the_last_the_leader_has_it(world: World) -> None:
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=world.leif, **days(2, 4))
    today = timezone.localdate()
    found = [leader_for(world.home_care, on=today + datetime.timedelta(days=day)) for day in (1, 2, 4, 5)]
    assert [each.user for each in found if each] == [world.leif, world.hans, world.hans, world.leif]


@pytest.mark.parametrize(
    ("deputy", "first", "last", "said"),
    [
        ("Leif Lund", 0, 5, "stand in for oneself"),
        ("Mona Moe", 0, 5, "Nothing fits"),
        ("an", 0, 5, "Several fit"),
        ("Hans Haug", 5, 0, "The last day comes before the first."),
        ("Hans Haug", -5, -1, "That day has passed."),
        ("Greta Gran", 3, 9, "stands in for Leif Lund in that period already"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_what_was_written_stays(
    world: World, login: Login, deputy: str, first: int, last: int, said: str
) -> None:
    actions.appoint_deputy(principal=world.leif, deputy=world.kaja, by=None, **days(8, 20))
    response = login(world.leif).post(PAGE, {"deputy": deputy, **days(first, last)})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert f'value="{deputy}"' in response.content.decode()
    assert Deputy.objects.count() == 1


def test_somebody_who_has_left_stands_in_for_nobody(world: World) -> None:
    world.greta.is_active = False
    world.greta.save()
    with pytest.raises(ValidationError, match="has left"):
        actions.appoint_deputy(principal=world.leif, deputy=world.greta, by=None, **days(0, 1))


def test_a_leader_can_choose_for_themselves_only(world: World, login: Login) -> None:
    login(world.leif).post(PAGE, {"principal": "Hans Haug", "deputy": "Greta Gran", **days(0, 5)})
    assert Deputy.objects.get().principal == world.leif


def test_a_leader_sees_only_the_deputies_that_concern_them_the_administrator_all(world: World, login: Login) -> None:
    actions.appoint_deputy(principal=world.hans, deputy=world.sunniva, by=None, **days(0, 5))
    assert "Sunniva Sand" not in login(world.leif).get(PAGE).content.decode()
    assert "Nobody has a deputy now" in login(world.leif).get(PAGE).content.decode()
    for user in (world.hans, world.sunniva, world.ada):
        page = login(user).get(PAGE).content.decode()
        assert "Sunniva Sand" in page
        assert "Hans Haug" in page


def test_the_administrator_chooses_for_anybody(world: World, login: Login) -> None:
    login(world.ada).post(PAGE, {"principal": "Leif Lund", "deputy": "Hans Haug", **days(0, 5)})
    assert Deputy.objects.get().principal == world.leif


def test_nobody_makes_themselves_the_deputy_of_another(world: World, login: Login) -> None:
    """An administrator sees no case; the new cases of a leader would have come to them this way."""
    response = login(world.ada).post(PAGE, {"principal": "Leif Lund", "deputy": "Ada Aas", **days(0, 5)})
    assert "make yourself the deputy of another" in response.content.decode()
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=world.leif, **days(0, 5))
    with pytest.raises(ValidationError, match="make yourself the deputy of another"):
        handover.hand_over(user=world.hans, heirs={"organisation.stands_in": world.ada}, by=world.ada)
    assert Deputy.objects.get().deputy == world.hans


def test_a_deputy_is_ended_by_the_leader_and_a_coming_one_is_withdrawn(world: World, login: Login) -> None:
    now = actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=None, **days(-3, 5))
    later = actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=None, **days(8, 9))
    client = login(world.leif)
    for deputy in (now, later):
        assert client.get(f"{PAGE}{deputy.pk}/avslutt/").status_code == 405
        assert client.post(f"{PAGE}{deputy.pk}/avslutt/").status_code == 302
    assert leader_for(world.home_care).user == world.leif  # type: ignore[union-attr]
    assert not Deputy.objects.not_ended(timezone.localdate()).exists()
    types = [Event.objects.about(deputy).last().type for deputy in (now, later)]  # type: ignore[union-attr]
    assert types == ["organisation.deputy_ended", "organisation.deputy_withdrawn"]
    assert client.post(f"{PAGE}{later.pk}/avslutt/").status_code == 404


def test_others_do_not_end_it(world: World, login: Login) -> None:
    deputy = actions.appoint_deputy(principal=world.leif, deputy=world.hans, by=None, **days(0, 5))
    statuses = {
        name: login(world.people[name]).post(f"{PAGE}{deputy.pk}/avslutt/").status_code
        for name in ("hans", "nora", "mona", "sunniva")
    }
    assert statuses == {"hans": 403, "nora": 403, "mona": 404, "sunniva": 403}
    assert Deputy.objects.on(timezone.localdate()).exists()


def test_only_leaders_and_administrators_have_the_page(world: World, login: Login) -> None:
    statuses = {name: login(world.people[name]).get(PAGE).status_code for name in world.people}
    may = {"leif", "sunniva", "rolf", "hans", "ada", "mona"}
    assert statuses == {name: 200 if name in may else 403 for name in world.people}
