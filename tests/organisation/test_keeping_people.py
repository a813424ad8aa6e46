import datetime
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Membership, Role, User
from tests.people import World

Login = Callable[..., Client]

NEW = {
    "name": " Ny  Nilsen ",
    "email": "Ny@Fjelldal.example",
    "title": "Sykepleier",
    "language": "nn",
    "unit": "Hjemmetjenesten",
    "role": "employee",
    "invite": "on",
}


def names(client: Client, query: str = "") -> list[str]:
    page = BeautifulSoup(client.get(f"/organisasjon/folk/{query}").content, "html.parser")
    return [link.get_text() for link in page.select("main .los-list__main")]


def types_of(row: User | Membership) -> list[str]:
    return [event.type for event in Event.objects.about(row)]


def test_a_new_person_gets_an_account_a_role_and_a_mail_with_a_link(world: World, login: Login) -> None:
    response = login(world.ada).post("/organisasjon/folk/ny/", NEW)
    user = User.objects.get(email="ny@fjelldal.example")
    assert response["location"] == f"/organisasjon/folk/{user.pk}/"
    assert (user.name, user.title, user.language, user.municipality) == (
        "Ny Nilsen",
        "Sykepleier",
        "nn",
        world.municipality,
    )
    assert not user.has_usable_password()
    membership = user.memberships.get()
    assert (membership.unit, membership.role, membership.valid_to) == (world.home_care, Role.EMPLOYEE, None)
    added = Event.objects.about(user).get()
    assert (added.type, added.by, added.data) == ("organisation.person_added", world.ada, {"invite": True})
    assert types_of(membership) == ["organisation.role_granted"]


def test_a_person_is_added_without_a_mail_when_that_is_wanted(world: World, login: Login) -> None:
    login(world.ada).post("/organisasjon/folk/ny/", {**NEW, "invite": ""})
    assert Event.objects.about(User.objects.get(email="ny@fjelldal.example")).get().data == {"invite": False}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "LEIF@fjelldal.example"}, "Another account has this e-mail address."),
        ({"email": "mona@sjovik.example"}, "Another account has this e-mail address."),
        ({"unit": "e"}, "Several fit"),
        ({"unit": "Sjøvik skule"}, "Nothing fits"),
        ({"role": "king"}, "Select a valid choice"),
        ({"role": "dpo"}, "choose the municipality"),
        ({"name": " "}, "Fill in “Name”."),
    ],
)
def test_a_mistake_is_said_beside_the_field_and_nobody_is_added(
    world: World, login: Login, wrong: dict[str, str], said: str
) -> None:
    people = User.objects.count()
    response = login(world.ada).post("/organisasjon/folk/ny/", {**NEW, **wrong})
    assert response.status_code == 200
    page = response.content.decode()
    assert said in page
    assert "Sykepleier" in page, "what was typed stays"
    assert User.objects.count() == people


def test_the_list_is_searched_by_part_of_name_and_address_and_narrowed_by_unit_role_and_account(
    world: World, login: Login
) -> None:
    client = login(world.ada)
    everybody = names(client)
    assert everybody == sorted(everybody)
    assert len(everybody) == 12
    assert "Mona Moe" not in everybody
    assert names(client, "?q=NYG") == ["Nora Nygård"]
    assert names(client, "?q=nygÅ") == ["Nora Nygård"]
    assert names(client, "?q=leif@") == ["Leif Lund"]
    assert names(client, "?unit=Helse") == [
        "Greta Gran", "Hans Haug", "Kaja Kvam", "Leif Lund", "Nora Nygård", "Sunniva Sand", "Vidar Vik",
    ]  # fmt: skip
    assert names(client, "?unit=Helse&role=leader") == ["Hans Haug", "Leif Lund", "Sunniva Sand"]
    assert names(client, "?role=dpo") == ["Per Pettersen"]
    assert names(client, "?state=waiting") == []
    assert names(client, "?q=mona") == []
    assert "Nobody fits" in client.get("/organisasjon/folk/?q=mona").content.decode()


def test_a_long_list_is_read_page_by_page_forwards_and_back(world: World, login: Login) -> None:
    for number in range(60):
        # Twenty of each name: pages break inside people of the same name too.
        actions.add_person(
            municipality=world.municipality,
            name=f"Æse {number // 20}",
            email=f"a{number}@fjelldal.example",
            language="nb",
        )
    client = login(world.ada)
    everybody = list(User.objects.visible_to(world.ada).order_by("name", "pk").values_list("name", "email"))
    seen: list[tuple[str, ...]] = []
    queries = [""]
    for query in queries:
        page = BeautifulSoup(client.get(f"/organisasjon/folk/{query}").content, "html.parser")
        pks = [int(str(link["href"]).split("/")[3]) for link in page.select("main .los-list__main")]
        seen += [tuple(User.objects.values_list("name", "email").get(pk=pk)) for pk in pks]
        queries += [str(link["href"]) for link in page.select("a[rel=next]")]
    assert seen == everybody
    assert len(queries) == 3
    page = BeautifulSoup(client.get(f"/organisasjon/folk/{queries[2]}").content, "html.parser")
    back = client.get(f"/organisasjon/folk/{page.select_one('a[rel=prev]')['href']}")  # type: ignore[index]
    first_of_second = User.objects.get(email=everybody[25][1])
    assert f"/organisasjon/folk/{first_of_second.pk}/" in back.content.decode()
    assert client.get("/organisasjon/folk/?etter=99999999999999999999").status_code == 200
    assert client.get("/organisasjon/folk/?for=x").status_code == 200


def test_the_id_of_somebody_elsewhere_does_not_tell_where_their_name_would_stand(world: World, login: Login) -> None:
    client = login(world.ada)
    whole = names(client)
    assert "Leif Lund" < world.mona.name < "Nora Nygård"
    for parameter in ("etter", "for"):
        assert names(client, f"?{parameter}={world.mona.pk}") == whole


def test_a_changed_address_is_the_new_way_in_and_the_old_one_is_closed(world: World, login: Login) -> None:
    EmailAddress.objects.create(user=world.nora, email="nora@fjelldal.example", verified=True, primary=True)
    client = login(world.ada)
    data = {"name": "Nora Nygård", "email": "Nora.N@fjelldal.example", "title": "", "language": "en"}
    for _time in range(2):
        assert client.post(f"/organisasjon/folk/{world.nora.pk}/endre/", data).status_code == 302
    world.nora.refresh_from_db()
    assert world.nora.email == "nora.n@fjelldal.example"
    assert not EmailAddress.objects.filter(user=world.nora).exists()
    assert types_of(world.nora) == ["organisation.person_added", "organisation.person_changed"]


def test_a_new_link_is_sent_when_somebody_asks_for_it(world: World, login: Login) -> None:
    client = login(world.ada)
    assert client.get(f"/organisasjon/folk/{world.nora.pk}/lenke/").status_code == 405
    client.post(f"/organisasjon/folk/{world.nora.pk}/lenke/")
    assert types_of(world.nora)[-1] == "organisation.person_invited"


def test_a_role_with_dates_counts_from_its_first_day_to_its_last(world: World, login: Login) -> None:
    today = timezone.localdate()
    begins, ends = today + datetime.timedelta(days=3), today + datetime.timedelta(days=9)
    response = login(world.ada).post(
        f"/organisasjon/folk/{world.greta.pk}/rolle/",
        {"unit": "Sykehjemmet (INST)", "role": "leader", "valid_from": begins, "valid_to": ends},
    )
    assert response.status_code == 302
    membership = Membership.objects.get(user=world.greta, role=Role.LEADER)
    assert (membership.valid_from, membership.valid_to) == (begins, ends)
    one = datetime.timedelta(days=1)
    held = [Membership.objects.on(day).filter(pk=membership.pk).exists() for day in (
        begins - one, begins, ends, ends + one,
    )]  # fmt: skip
    assert held == [False, True, True, False]


def test_a_role_that_ends_backwards_is_refused(world: World, login: Login) -> None:
    page = login(world.ada).post(
        f"/organisasjon/folk/{world.greta.pk}/rolle/",
        {"unit": "Skole", "role": "leader", "valid_from": "2026-12-02", "valid_to": "2026-12-01"},
    )
    assert "The last day comes before the first." in page.content.decode()


def test_the_same_role_is_not_given_twice_but_prolonged(world: World) -> None:
    with pytest.raises(ValidationError, match="already"):
        actions.grant_role(user=world.leif, unit=world.home_care, role=Role.LEADER, by=world.ada)
    membership = world.leif.memberships.get()
    today = timezone.localdate()
    actions.end_role(membership=membership, by=world.ada, last_day=today)
    again = actions.grant_role(user=world.leif, unit=world.home_care, role=Role.LEADER, by=world.ada)
    assert (again.pk, again.valid_to) == (membership.pk, None)
    assert types_of(again) == [
        "organisation.role_granted",
        "organisation.role_ended",
        "organisation.role_granted",
    ]


def test_ending_a_role_takes_the_right_away_the_day_after(world: World, login: Login) -> None:
    today = timezone.localdate()
    membership = world.leif.memberships.get()
    client = login(world.ada)
    assert "Nobody else has this role" in client.get(f"/organisasjon/rolle/{membership.pk}/avslutt/").content.decode()
    client.post(f"/organisasjon/rolle/{membership.pk}/avslutt/", {"last_day": today})
    assert Membership.objects.on(today).filter(pk=membership.pk).exists()
    assert not Membership.objects.on(today + datetime.timedelta(days=1)).filter(pk=membership.pk).exists()


def test_a_role_given_by_mistake_is_taken_back_at_once(world: World, login: Login) -> None:
    membership = actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER, by=world.ada)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    client = login(world.ada)
    client.post(f"/organisasjon/rolle/{membership.pk}/avslutt/", {"last_day": yesterday})
    assert not world.greta.standing.has(Role.LEADER)
    assert types_of(membership) == ["organisation.role_granted", "organisation.role_withdrawn"]
    assert client.get(f"/organisasjon/rolle/{membership.pk}/avslutt/").status_code == 404
    actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER, by=world.ada)
    world.greta.refresh_from_db()
    assert world.greta.standing.has(Role.LEADER)


def test_a_role_is_not_ended_in_a_past_where_it_was_used(world: World, login: Login) -> None:
    membership = world.leif.memberships.get()
    page = login(world.ada).post(f"/organisasjon/rolle/{membership.pk}/avslutt/", {"last_day": "2020-01-01"})
    assert "Choose yesterday or later" in page.content.decode()


def test_nobody_gives_themselves_a_role_that_opens_cases(world: World, login: Login) -> None:
    client = login(world.ada)
    for role in ("leader", "quality_contact", "safety_rep", "dpo"):
        page = client.post(
            f"/organisasjon/folk/{world.ada.pk}/rolle/",
            {"unit": "Fjelldal (FJE)", "role": role, "valid_from": timezone.localdate()},
        )
        assert "Another administrator must do it" in page.content.decode().replace("&#x27;", "'")
    assert [membership.role for membership in world.ada.memberships.all()] == [Role.ADMINISTRATOR]


def test_roles_do_not_cross_municipalities(world: World) -> None:
    with pytest.raises(ValidationError, match="another municipality"):
        actions.grant_role(user=world.mona, unit=world.home_care, role=Role.EMPLOYEE)


def test_the_persons_page_tells_what_has_happened_in_sentences(world: World, login: Login) -> None:
    actions.change_person(user=world.leif, by=world.ada, title="Avdelingsleder")
    actions.end_role(membership=world.leif.memberships.get(), by=world.ada)
    page = login(world.ada).get(f"/organisasjon/folk/{world.leif.pk}/").content.decode()
    assert "You changed: job title." in page
    assert "You ended a role of Leif Lund: Leader, Hjemmetjenesten." in page


def test_all_that_is_done_to_the_organisation_has_a_sentence_of_its_own() -> None:
    import inspect
    import re

    from kvalitetslosen.journal import sentences
    from kvalitetslosen.organisation import actions, adapters, bulk_import, handover

    sources = "".join(inspect.getsource(module) for module in (actions, adapters, bulk_import, handover))
    types = set(re.findall(r'"(organisation\.[a-z_]+)",', sources)) - {"organisation.stands_in"}
    assert len(types) > 15
    assert [each for each in sorted(types) if not sentences.known(each)] == []
