"""Recipients are appointed by administrators, who gain no sight by it, and let in to older cases by each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from deviations.models import WhistleCase, WhistleRecipient, WhistleSettings
from deviations.whistle import actions
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Role, User
from tests.deviations import whistles
from tests.deviations.whistles import again
from tests.people import World

Login = Callable[[User], Client]
SETTINGS = "/varsling/innstillinger/"


def sees(user: User, case: WhistleCase) -> bool:
    return WhistleCase.objects.visible_to(again(user)).filter(pk=case.pk).exists()


def row(user: User) -> WhistleRecipient:
    return WhistleRecipient.objects.current().get(user=user)


def test_the_administrator_appoints_by_name_and_all_are_told(world: World, login: Login) -> None:
    client = login(world.ada)
    assert "shut until two people receive" in client.get(SETTINGS).text
    for name in ("Kaja Kvam", "Tiril Tveit"):
        assert client.post(f"{SETTINGS}mottakere/", {"who": name}).status_code == 302
    assert "shut until" not in client.get(SETTINGS).text
    deliver.sweep()
    Email.objects.all().delete()
    client.post(f"{SETTINGS}mottakere/", {"who": "Hans Haug"})
    deliver.sweep()
    mails = Email.objects.filter(name="deviations.whistle_recipients")
    assert set(mails.values_list("user__name", flat=True)) == {"Kaja Kvam", "Tiril Tveit", "Hans Haug"}
    assert "Hans Haug receives whistle-blowing" in mails.order_by("pk")[0].subject
    assert "only when one of the other recipients lets them in" in mails.order_by("pk")[0].body


@pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kristin", "per", "kaja"])
def test_only_the_keeper_of_the_municipality_does(world: World, login: Login, who: str) -> None:
    whistles.appointed(world)
    client = login(world.people[who])
    assert client.get(SETTINGS).status_code == 403
    assert client.post(f"{SETTINGS}mottakere/", {"who": "Hans Haug"}).status_code == 403
    assert client.post(f"{SETTINGS}mottakere/{row(world.tiril).pk}/slutt/").status_code == 403
    assert WhistleRecipient.objects.count() == 2


def test_verbs_refuse_get_and_strangers_find_nothing(world: World, login: Login) -> None:
    whistles.appointed(world)
    other = row(world.tiril)
    for path in (f"{SETTINGS}mottakere/", f"{SETTINGS}mottakere/{other.pk}/slutt/"):
        assert login(world.ada).get(path).status_code == 405
    assert login(world.kaja).get(f"/varsling/mottakere/{other.pk}/slipp-inn/").status_code == 405
    assert login(world.mona).post(f"/varsling/mottakere/{other.pk}/slipp-inn/").status_code == 404
    organisation.grant_role(user=world.mona, unit=world.other_municipality, role=Role.ADMINISTRATOR)
    assert login(world.mona).post(f"{SETTINGS}mottakere/{other.pk}/slutt/").status_code == 404


def test_an_administrator_neither_appoints_nor_becomes_one(world: World, login: Login) -> None:
    answer = login(world.ada).post(f"{SETTINGS}mottakere/", {"who": "Ada Aas"})
    assert "appoint yourself" in answer.text
    with pytest.raises(ValidationError, match="keeps the accounts"):
        actions.appoint_recipient(user=world.ada, by=None)
    case = whistles.case(world)
    organisation.grant_role(user=world.kaja, unit=world.health, role=Role.ADMINISTRATOR)
    assert not sees(world.kaja, case), "who comes to keep accounts sees no more"
    assert login(world.kaja).get("/varsling/").status_code == 404


def test_twice_does_nothing(world: World, login: Login) -> None:
    whistles.appointed(world)
    answer = login(world.ada).post(f"{SETTINGS}mottakere/", {"who": "Kaja Kvam"})
    assert "already" in answer.text
    assert WhistleRecipient.objects.count() == 2


def test_a_new_one_sees_what_comes_and_older_cases_only_when_let_in(world: World, login: Login) -> None:
    old = whistles.case(world)
    whistles.appointed(world, "hans")
    new = whistles.case(world)
    assert (sees(world.hans, old), sees(world.hans, new)) == (False, True)
    assert login(world.hans).get(old.get_absolute_url()).status_code == 404
    path = f"/varsling/mottakere/{row(world.hans).pk}/slipp-inn/"
    assert login(world.ada).post(path).status_code == 404
    login(world.hans).post(path)
    assert not sees(world.hans, old), "nobody lets themselves in"
    assert "Let in to all cases" in login(world.kaja).get("/varsling/").text
    assert login(world.kaja).post(path).status_code == 302
    assert sees(world.hans, old)
    deliver.sweep()
    assert Email.objects.filter(subject="Hans Haug sees all whistle-blowing cases", user=world.tiril).exists()


def test_one_who_is_not_let_in_lets_nobody_in(world: World, login: Login) -> None:
    old = whistles.case(world)
    whistles.appointed(world, "hans", "greta")
    login(world.hans).post(f"/varsling/mottakere/{row(world.greta).pk}/slipp-inn/")
    assert not sees(world.greta, old)


def test_a_new_address_shuts_out_until_another_recipient_lets_in(world: World, login: Login) -> None:
    """An administrator who gives a recipient's account an address of their own gets into the account, not further."""
    case = whistles.case(world)
    organisation.change_person(user=world.kaja, by=world.ada, email="ada.private@example.org")
    assert not sees(world.kaja, case)
    assert login(again(world.kaja)).get("/varsling/").status_code == 404
    assert "address was changed" in login(world.ada).get(SETTINGS).text
    assert login(world.tiril).post(f"/varsling/mottakere/{row(world.kaja).pk}/slipp-inn/").status_code == 302
    assert sees(world.kaja, case)


def test_nobody_is_removed_before_two_others_who_see_all_are_left(world: World, login: Login) -> None:
    case = whistles.case(world)
    client, path = login(world.ada), f"{SETTINGS}mottakere/{row(world.kaja).pk}/slutt/"
    assert "Two others who see all cases must be left" in client.post(path, follow=True).text
    whistles.appointed(world, "hans")
    assert "Two others" in client.post(path, follow=True).text, "appointed isn't let in"
    actions.let_in(recipient=row(world.hans), by=world.tiril)
    assert client.post(path).status_code == 302
    assert not sees(world.kaja, case)
    assert sees(world.hans, case)
    assert client.post(path).status_code == 302, "twice does nothing"


def test_the_answer_is_the_same_whether_there_are_cases_or_not(world: World) -> None:
    """Whoever tries to remove a recipient must not learn that there is something to receive."""
    whistles.appointed(world)
    said = []
    for _ in range(2):
        with pytest.raises(ValidationError) as refusal:
            actions.end_recipient(recipient=row(world.kaja), by=world.ada)
        said.append(refusal.value.messages)
        whistles.case(world)
    assert said[0] == said[1]


def test_who_leaves_is_held_until_others_are_in_place(world: World) -> None:
    whistles.case(world)
    left = {each.key: n for each, n in handover.outstanding(world.kaja)}
    assert left["deviations.whistle_recipient"] == 1
    heirs = {"deviations.whistle_recipient": world.hans}
    with pytest.raises(ValidationError, match="Two others"):
        handover.hand_over(user=world.kaja, heirs=heirs, by=world.ada)
    assert not WhistleRecipient.objects.filter(user=world.hans).exists()
    whistles.appointed(world, "hans")
    actions.let_in(recipient=row(world.hans), by=world.tiril)
    handover.hand_over(user=world.kaja, heirs=heirs, by=world.ada)
    assert not WhistleRecipient.objects.current().filter(user=world.kaja).exists()


def test_an_administrator_cannot_hand_it_to_themselves(world: World) -> None:
    whistles.appointed(world)
    with pytest.raises(ValidationError):
        handover.hand_over(user=world.kaja, heirs={"deviations.whistle_recipient": world.ada}, by=world.ada)
    assert not WhistleRecipient.objects.filter(user=world.ada).exists()


def test_the_limits_are_the_municipalitys_own(world: World, login: Login) -> None:
    whistles.appointed(world)
    client = login(world.ada)
    limits = {"receipt_days": "3", "protect_days": "30", "keep_months": "12", "instead": "Kontrollutvalget"}
    assert client.post(SETTINGS, limits | {"receipt_days": "0"}).status_code == 200
    assert not WhistleSettings.objects.exists()
    assert client.post(SETTINGS, limits).status_code == 302
    case = whistles.case(world)
    assert (case.receipt_by - case.received_at.date()).days in (3, 4)  # by the day in Norway
    assert "within 3 days" in login(world.nora).get("/varsle/").text
