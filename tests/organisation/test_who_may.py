"""Every address of the organisation, for every kind of person, read and written, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from deviations.actions import report
from deviations.models import Kind
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions, handover, urls
from kvalitetslosen.organisation.access import may_keep
from kvalitetslosen.organisation.models import Deputy, ImportDraft, Membership, Role, Unit, User
from tests.people import World

Login = Callable[..., Client]

OUTSIDERS = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per",
)  # fmt: skip
SCREENS = {
    "units": "/organisasjon/",
    "unit": "/organisasjon/enhet/{home_care}/",
    "add_unit": "/organisasjon/enhet/{home_care}/ny/",
    "edit_unit": "/organisasjon/enhet/{home_care}/endre/",
    "move_unit": "/organisasjon/enhet/{home_care}/flytt/",
    "close_unit": "/organisasjon/enhet/{home_care}/lukk/",
    "people": "/organisasjon/folk/",
    "add_person": "/organisasjon/folk/ny/",
    "person": "/organisasjon/folk/{nora}/",
    "edit_person": "/organisasjon/folk/{nora}/endre/",
    "grant_role": "/organisasjon/folk/{nora}/rolle/",
    "leave": "/organisasjon/folk/{nora}/slutter/",
    "end_role": "/organisasjon/rolle/{role}/avslutt/",
    "import": "/organisasjon/import/",
    "import_template": "/organisasjon/import/mal/",
    "settings": "/organisasjon/innstillinger/",
    "find_unit": "/organisasjon/finn/enhet/",
}
POSTED_ONLY = {
    "reopen_unit": "/organisasjon/enhet/{home_care}/gjenopne/",
    "invite_person": "/organisasjon/folk/{nora}/lenke/",
    "come_back": "/organisasjon/folk/{nora}/tilbake/",
}
READ_ONLY = {"units", "unit", "people", "person", "import_template", "find_unit"}
ELSEWHERE = {"deputies", "end_deputy", "find_person", "import_draft", "language"}  # tested where they belong
ABOUT_SOMETHING = {name for name, path in {**SCREENS, **POSTED_ONLY}.items() if "{" in path}


@pytest.fixture
def place(world: World) -> Callable[[str], str]:
    ids: dict[str, Any] = {
        "home_care": world.home_care.pk,
        "nora": world.nora.pk,
        "role": world.nora.memberships.get().pk,
    }
    return lambda path: path.format(**ids)


def test_no_address_is_left_out_of_the_table() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {*SCREENS, *POSTED_ONLY, *ELSEWHERE}


@pytest.mark.parametrize("name", [*SCREENS, *POSTED_ONLY])
def test_who_keeps_nothing_is_refused_and_changes_nothing(
    world: World, login: Login, place: Callable[[str], str], name: str
) -> None:
    path = place({**SCREENS, **POSTED_ONLY}[name])
    events = Event.objects.count()
    for who in OUTSIDERS:
        client = login(world.people[who])
        assert client.post(path, {}).status_code == (405 if name in READ_ONLY else 403), who
        if name in SCREENS:
            assert client.get(path).status_code == 403, who
    assert Event.objects.count() == events


@pytest.mark.parametrize("name", sorted(ABOUT_SOMETHING))
def test_a_stranger_from_another_municipality_finds_nothing(
    world: World, login: Login, place: Callable[[str], str], name: str
) -> None:
    stranger = actions.add_person(
        municipality=world.other_municipality, name="Siv Strand", email="siv@sjovik.example", language="en"
    )
    actions.grant_role(user=stranger, unit=world.other_municipality, role=Role.ADMINISTRATOR)
    path = place({**SCREENS, **POSTED_ONLY}[name])
    for user in (world.mona, stranger):
        client = login(user)
        assert client.post(path, {}).status_code == (405 if name in READ_ONLY else 404)
        if name in SCREENS:
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", [*SCREENS, *POSTED_ONLY])
def test_nobody_gets_in_without_logging_in(world: World, place: Callable[[str], str], name: str) -> None:
    response = Client().get(place({**SCREENS, **POSTED_ONLY}[name]))
    assert response.status_code == 302
    assert response["location"].startswith("/konto/login/")


@pytest.mark.parametrize("name", SCREENS)
def test_the_administrator_has_every_screen(
    world: World, login: Login, place: Callable[[str], str], name: str
) -> None:
    assert login(world.ada).get(place(SCREENS[name])).status_code == 200


@pytest.mark.parametrize("name", POSTED_ONLY)
def test_what_changes_something_is_not_done_by_a_link(
    world: World, login: Login, place: Callable[[str], str], name: str
) -> None:
    assert login(world.ada).get(place(POSTED_ONLY[name])).status_code == 405


def test_an_administrator_who_has_left_the_role_is_refused_from_the_day_after(world: World, login: Login) -> None:
    membership = world.ada.memberships.get()
    actions.end_role(membership=membership, by=None, last_day=membership.valid_from.replace(year=2000))
    assert login(world.ada).get("/organisasjon/").status_code == 403


# The keeper of a part ----------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(world: World) -> User:
    """Somebody who keeps the health sector and nothing else."""
    user = actions.add_person(
        municipality=world.municipality, name="Helga Heim", email="helga@fjelldal.example", language="en"
    )
    actions.grant_role(user=user, unit=world.health, role=Role.ADMINISTRATOR)
    return user


def test_the_keeper_of_a_part_has_its_units_and_no_others(world: World, login: Login, keeper: User) -> None:
    client = login(keeper)
    page = client.get("/organisasjon/").content.decode()
    assert "Hjemmetjenesten" in page
    assert "Fjelldal skole" not in page
    statuses = {
        unit.name: client.get(f"/organisasjon/enhet/{unit.pk}/").status_code
        for unit in (world.health, world.home_care, world.municipality, world.school)
    }
    assert statuses == {"Helse og omsorg": 200, "Hjemmetjenesten": 200, "Fjelldal": 403, "Fjelldal skole": 403}
    assert client.get("/organisasjon/innstillinger/").status_code == 403
    assert client.get(f"/organisasjon/enhet/{world.health.pk}/flytt/").status_code == 403, "its parent isn't theirs"
    moved = client.post(f"/organisasjon/enhet/{world.home_care.pk}/flytt/", {"parent": "Fjelldal skole (SK)"})
    assert "Nothing fits" in moved.content.decode()


def test_the_keeper_of_a_part_gives_roles_in_it_only(world: World, login: Login, keeper: User) -> None:
    client = login(keeper)
    for unit, given in (("Sykehjemmet (INST)", True), ("Fjelldal skole (SK)", False), ("Fjelldal (FJE)", False)):
        client.post(
            f"/organisasjon/folk/{world.nora.pk}/rolle/",
            {"unit": unit, "role": "employee", "valid_from": "2026-01-01"},
        )
        name, _code = unit.rsplit(" ", 1)
        assert Membership.objects.filter(user=world.nora, unit__name=name).exists() is given
    outside = world.rolf.memberships.get()
    assert client.get(f"/organisasjon/rolle/{outside.pk}/avslutt/").status_code == 403


def test_the_keeper_of_a_part_changes_no_account_with_a_role_outside_it(
    world: World, login: Login, keeper: User
) -> None:
    """A new address on the chief executive's account would be a way into everything the chief executive sees."""
    client = login(keeper)
    for path in ("endre", "slutter"):
        assert client.get(f"/organisasjon/folk/{world.nora.pk}/{path}/").status_code == 200
        assert client.get(f"/organisasjon/folk/{world.rolf.pk}/{path}/").status_code == 403
    assert client.post(f"/organisasjon/folk/{world.rolf.pk}/lenke/").status_code == 403
    actions.grant_role(user=world.nora, unit=world.school, role=Role.EMPLOYEE)
    assert client.get(f"/organisasjon/folk/{world.nora.pk}/endre/").status_code == 403
    nobody = actions.add_person(
        municipality=world.municipality, name="Uten Rolle", email="uten@fjelldal.example", language="nb"
    )
    assert not may_keep(keeper, nobody)
    assert may_keep(world.ada, nobody)
    assert not may_keep(world.ada, world.mona)
    handover.deactivate(user=world.greta, by=world.ada)
    assert client.post(f"/organisasjon/folk/{world.greta.pk}/tilbake/").status_code == 403


def test_the_list_of_the_keeper_of_a_part_begins_with_that_part(world: World, login: Login, keeper: User) -> None:
    page = login(keeper).get("/organisasjon/folk/").content.decode()
    assert "Nora Nygård" in page
    assert "Rolf Ruud" not in page
    assert "Rolf Ruud" in login(keeper).get("/organisasjon/folk/?unit=").content.decode()


def test_the_keeper_of_a_part_sees_its_deputies_only(world: World, login: Login, keeper: User) -> None:
    today = timezone.localdate()
    for principal in (world.leif, world.rolf):
        actions.appoint_deputy(principal=principal, deputy=world.kristin, valid_from=today, valid_to=today, by=None)
    page = login(keeper).get("/organisasjon/stedfortreder/").content.decode()
    assert "Leif Lund" in page
    assert "Rolf Ruud" not in page
    response = login(keeper).post(
        "/organisasjon/stedfortreder/",
        {"principal": "Rolf Ruud", "deputy": "Nora Nygård", "valid_from": "2099-01-01", "valid_to": "2099-01-02"},
    )
    assert "keep the account of Rolf Ruud" in response.content.decode()
    others = Deputy.objects.get(principal=world.rolf)
    assert login(keeper).post(f"/organisasjon/stedfortreder/{others.pk}/avslutt/").status_code == 403


def test_the_administrator_sees_no_word_of_any_case(world: World, login: Login) -> None:
    case = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Hemmelig tekst.")
    client = login(world.ada)
    for path in (
        "/organisasjon/",
        "/organisasjon/folk/",
        f"/organisasjon/folk/{world.leif.pk}/",
        f"/organisasjon/folk/{world.nora.pk}/",
        f"/organisasjon/folk/{world.leif.pk}/slutter/",
        f"/organisasjon/enhet/{world.home_care.pk}/",
        f"/organisasjon/enhet/{world.home_care.pk}/lukk/",
    ):
        page = client.get(path).content.decode()
        assert "Hemmelig" not in page
        assert case.reference not in page
    assert client.get(case.get_absolute_url()).status_code in (403, 404)


def test_an_import_is_seen_by_the_one_who_uploaded_it_only(world: World, login: Login, keeper: User) -> None:
    draft = ImportDraft.objects.create(owner=world.ada, municipality=world.municipality, file_name="a.xlsx", rows={})
    path = f"/organisasjon/import/{draft.key}/"
    assert login(world.ada).get(path).status_code == 200
    assert login(keeper).get(path).status_code == 404
    assert login(keeper).post(path).status_code == 404
    assert login(world.leif).get(path).status_code == 403


def test_colleagues_are_found_by_leaders_and_administrators_within_the_municipality(
    world: World, login: Login
) -> None:
    path = "/organisasjon/finn/person/?deputy=mo"
    assert "mona" not in login(world.leif).get(path).content.decode().lower()
    assert "mona@" in login(world.mona).get(path).content.decode()
    assert login(world.nora).get(path).status_code == 403
    assert Unit.objects.visible_to(world.mona).count() == 2
