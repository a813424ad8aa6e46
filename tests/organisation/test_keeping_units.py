from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations.actions import report
from deviations.models import Deviation, Kind
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.organisation.pages import without_leader
from tests.people import World

Login = Callable[..., Client]


def types_of(unit: Unit) -> list[str]:
    return [event.type for event in Event.objects.about(unit)]


def test_the_tree_shows_each_unit_with_its_leader_and_who_gets_the_cases_of_those_without(
    world: World, login: Login
) -> None:
    page = login(world.ada).get("/organisasjon/").content.decode()
    for name in ("Fjelldal", "Helse og omsorg", "Hjemmetjenesten", "Leif Lund", "Hans Haug"):
        assert name in page
    assert "Sjøvik" not in page
    tree = BeautifulSoup(page, "html.parser").select(".los-tree__unit")
    lines = {line.select("a")[0].get_text(): line.get_text(" ") for line in tree}
    assert "Cases go to Rolf Ruud" in lines["Fjelldal skole"]
    assert "No leader of its own" not in lines["Hjemmetjenesten"]
    assert "reach nobody" not in page


def test_units_whose_cases_reach_nobody_are_warned_of_in_the_tree_and_on_the_page(world: World, login: Login) -> None:
    for membership in world.rolf.memberships.all():
        actions.end_role(membership=membership, by=None, last_day=membership.valid_from.replace(year=2000))
    client = login(world.ada)
    page = BeautifulSoup(client.get("/organisasjon/").content, "html.parser")
    alarm = page.select_one("[role=alert]")
    assert alarm is not None
    assert {link.get_text() for link in alarm.select("a")} == {"Fjelldal", "Fjelldal skole"}
    assert "Nobody gets the cases" in client.get(f"/organisasjon/enhet/{world.school.pk}/").content.decode()
    assert "go to Leif Lund" in client.get(f"/organisasjon/enhet/{world.home_care.pk}/").content.decode()


def morning(client: Client) -> list[str]:
    """The units the morning page says nobody leads."""
    page = BeautifulSoup(client.get("/").content, "html.parser")
    cards = [card for card in page.select(".los-card") if "Units without a leader" in card.get_text()]
    return [link.get_text() for card in cards for link in card.select(".los-list__main")]


def test_a_unit_with_people_waits_in_the_morning_until_it_has_a_leader(world: World, login: Login) -> None:
    client = login(world.ada)
    before = morning(client)
    assert "Hjemmetjenesten" not in before
    for membership in Membership.objects.filter(unit=world.home_care, role=Role.LEADER):
        actions.end_role(membership=membership, by=None, last_day=membership.valid_from.replace(year=2000))
    assert morning(client) == [*before, "Hjemmetjenesten"]
    with CaptureQueriesContext(connection) as queries:
        found = without_leader(User.objects.get(pk=world.ada.pk))
    assert found is not None
    assert found["count"] == len(before) + 1, "as many as are listed"
    assert sum("COUNT(*) OVER" in query["sql"] for query in queries) == 1
    actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER, by=world.ada)
    assert morning(client) == before
    assert morning(login(world.leif)) == [], "only those who can mend it"


def test_a_unit_without_people_waits_for_a_leader_when_it_has_cases(world: World, login: Login) -> None:
    empty = actions.create_unit(
        parent=world.health, name="Nattpatruljen", code="NP", kind=Unit.Kind.TEAM, by=world.ada
    )
    client = login(world.ada)
    assert "Nattpatruljen" not in morning(client)
    case = report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe.")
    Deviation.objects.filter(pk=case.pk).update(handling_unit=empty)
    assert "Nattpatruljen" in morning(client)


def test_an_empty_unit_does_not_speak_of_its_employees(world: World, login: Login) -> None:
    empty = actions.create_unit(
        parent=world.health, name="Nattpatruljen", code="NP", kind=Unit.Kind.TEAM, by=world.ada
    )
    page = login(world.ada).get(empty.get_absolute_url()).content.decode()
    assert "Nobody has a role here yet." in page
    assert "0 employees" not in page
    assert "besides those who are employed" not in page


def test_every_form_of_the_organisation_says_where_one_is(world: World, login: Login) -> None:
    client, unit, someone = login(world.ada), world.home_care, world.leif
    membership = someone.memberships.get()
    for address in (
        f"/organisasjon/enhet/{unit.pk}/ny/", f"/organisasjon/enhet/{unit.pk}/endre/",
        f"/organisasjon/enhet/{unit.pk}/flytt/", f"/organisasjon/enhet/{unit.pk}/lukk/",
        f"/organisasjon/folk/{someone.pk}/endre/", f"/organisasjon/folk/{someone.pk}/rolle/",
        f"/organisasjon/rolle/{membership.pk}/avslutt/", "/organisasjon/folk/ny/", "/avvik/innstillinger/",
    ):  # fmt: skip
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert page.select(".los-crumbs a"), address


def test_the_unit_page_says_who_gets_the_cases_and_why(world: World, login: Login) -> None:
    client = login(world.ada)
    today = timezone.localdate()

    def sentence(unit: Unit) -> str:
        page = BeautifulSoup(client.get(f"/organisasjon/enhet/{unit.pk}/").content, "html.parser")
        return page.select(".ds-alert")[0].get_text(strip=True)

    assert sentence(world.home_care) == "Cases from here go to Leif Lund, who leads the unit."
    assert sentence(world.school) == "The unit has no leader of its own. Cases go to Rolf Ruud, who leads Fjelldal."
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, valid_from=today, valid_to=today, by=world.leif)
    assert sentence(world.home_care) == "Cases from here go to Hans Haug, who stands in for Leif Lund."
    actions.grant_role(user=world.greta, unit=world.nursing_home, role=Role.SAFETY_REP)
    world.hans.is_active = False
    world.hans.save()
    assert sentence(world.home_care) == "The leader here is away. Cases go to Sunniva Sand, who leads Helse og omsorg."


def test_a_new_unit_below_another(world: World, login: Login) -> None:
    client = login(world.ada)
    address = f"/organisasjon/enhet/{world.home_care.pk}/ny/"
    response = client.post(address, {"name": "  Natt  vakt ", "code": "NATT", "kind": "team", "language": ""})
    unit = Unit.objects.get(code="NATT")
    assert response.status_code == 302
    assert response["location"] == f"/organisasjon/enhet/{unit.pk}/"
    assert (unit.name, unit.parent, unit.depth) == ("Natt vakt", world.home_care, 3)
    assert unit.ancestor_ids == [world.municipality.pk, world.health.pk, world.home_care.pk, unit.pk]
    assert types_of(unit) == ["organisation.unit_created"]
    assert Event.objects.about(unit).get().by == world.ada


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("hb", "Hjemmetjenesten has the code HB already."),
        ("N A", "Use letters, digits and - only, without spaces."),
        ("", "Fill in “Code”."),
    ],
)
def test_a_code_that_cannot_be_used_is_refused_and_what_was_written_stays(
    world: World, login: Login, code: str, said: str
) -> None:
    response = login(world.ada).post(
        f"/organisasjon/enhet/{world.health.pk}/ny/", {"name": "Dagsenteret", "code": code, "kind": "unit"}
    )
    assert response.status_code == 200
    assert said in response.content.decode()
    assert 'value="Dagsenteret"' in response.content.decode()
    assert not Unit.objects.filter(name="Dagsenteret").exists()


def test_the_same_code_in_another_municipality_is_no_hindrance(world: World) -> None:
    assert world.school.code == world.other_school.code


def test_a_unit_cannot_lie_deeper_than_five_levels(world: World, login: Login) -> None:
    unit = world.home_care
    for code in ("A3", "A4"):
        unit = actions.create_unit(parent=unit, name=code, code=code, kind="team")
    response = login(world.ada).post(
        f"/organisasjon/enhet/{unit.pk}/ny/", {"name": "For dypt", "code": "A5", "kind": "team"}
    )
    assert "deeper than five levels" in response.content.decode()
    assert not Unit.objects.filter(code="A5").exists()
    assert f"{unit.pk}/ny/" not in login(world.ada).get(f"/organisasjon/enhet/{unit.pk}/").content.decode()


def test_renaming_leaves_an_event_with_old_and_new_and_saying_the_same_again_leaves_none(
    world: World, login: Login
) -> None:
    client = login(world.ada)
    data = {"name": "Heimetenesta", "code": "HB", "kind": "unit", "language": "nn"}
    for _time in range(2):
        assert client.post(f"/organisasjon/enhet/{world.home_care.pk}/endre/", data).status_code == 302
    world.home_care.refresh_from_db()
    assert (world.home_care.name, world.home_care.language) == ("Heimetenesta", "nn")
    assert types_of(world.home_care) == ["organisation.unit_created", "organisation.unit_changed"]
    assert Event.objects.about(world.home_care).last().old_and_new("name") == ("Hjemmetjenesten", "Heimetenesta")  # type: ignore[union-attr]


def test_the_municipality_can_be_renamed_but_keeps_its_code_its_place_and_its_life(world: World, login: Login) -> None:
    client = login(world.ada)
    address = f"/organisasjon/enhet/{world.municipality.pk}"
    client.post(f"{address}/endre/", {"name": "Nye Fjelldal", "code": "NY", "kind": "team", "language": ""})
    world.municipality.refresh_from_db()
    assert (world.municipality.name, world.municipality.code) == ("Nye Fjelldal", "FJE")
    assert world.municipality.kind == Unit.Kind.MUNICIPALITY
    assert client.post(f"{address}/flytt/", {"parent": "Hjemmetjenesten (HB)"}).status_code == 403
    assert client.post(f"{address}/lukk/").status_code == 403


def test_a_unit_with_people_units_or_open_cases_cannot_be_closed_and_the_page_says_what_is_left(
    world: World, login: Login
) -> None:
    client = login(world.ada)
    report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Dosetten var feil.")
    actions.create_unit(parent=world.home_care, name="Natt", code="NATT", kind="team")
    page = client.post(f"/organisasjon/enhet/{world.home_care.pk}/lukk/").content.decode()
    for said in ("Units directly below it: 1.", "People with a role here: 2.", "Open cases: 1."):
        assert said in page
    assert "Dosetten" not in page
    world.home_care.refresh_from_db()
    assert world.home_care.closed_on is None
    with pytest.raises(ValidationError):
        actions.close_unit(unit=world.home_care, by=world.ada)


def test_an_empty_unit_is_closed_taken_out_of_use_and_can_be_opened_again(world: World, login: Login) -> None:
    client = login(world.ada)
    unit = actions.create_unit(parent=world.health, name="Dagsenter", code="DAG", kind="unit")
    assert client.get(f"/organisasjon/enhet/{unit.pk}/lukk/").status_code == 200
    assert Unit.objects.active().filter(pk=unit.pk).exists(), "looking is not closing"
    client.post(f"/organisasjon/enhet/{unit.pk}/lukk/")
    client.post(f"/organisasjon/enhet/{unit.pk}/lukk/")
    unit.refresh_from_db()
    assert unit.closed_on is not None
    client.get("/organisasjon/")  # reads the messages away
    assert "Dagsenter" not in client.get("/organisasjon/").content.decode()
    assert "Dagsenter" in client.get("/organisasjon/?lukka").content.decode()
    with pytest.raises(ValidationError, match="closed"):
        actions.grant_role(user=world.greta, unit=unit, role=Role.EMPLOYEE)
    with pytest.raises(ValidationError, match="closed"):
        actions.create_unit(parent=unit, name="Under", code="U", kind="team")
    client.post(f"/organisasjon/enhet/{unit.pk}/gjenopne/")
    assert Unit.objects.active().filter(pk=unit.pk).exists()
    assert types_of(unit) == ["organisation.unit_created", "organisation.unit_closed", "organisation.unit_reopened"]


def test_finding_a_unit_while_writing_offers_only_open_units_that_one_keeps(world: World, login: Login) -> None:
    client = login(world.ada)
    page = client.get("/organisasjon/finn/enhet/?parent=skole").content.decode()
    assert 'value="Fjelldal skole (SK)"' in page
    assert "Sjøvik" not in page
    assert client.get("/organisasjon/finn/enhet/?parent=").content == b""
    actions.close_unit(unit=world.school, by=None)
    assert "Fjelldal" not in client.get("/organisasjon/finn/enhet/?parent=skole").content.decode()
