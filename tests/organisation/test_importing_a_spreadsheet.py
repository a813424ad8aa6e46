from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from deviations.actions import report
from deviations.models import Deviation, Kind
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import actions, bulk_import, spreadsheet
from kvalitetslosen.organisation.models import ImportDraft, Membership, Role, Unit, User
from tests.organisation.workbooks import PAGE, PEOPLE, upload, workbook
from tests.people import World

Login = Callable[..., Client]


def look(client: Client, data: bytes) -> tuple[str, BeautifulSoup]:
    """Upload, and read the page of what it would do."""
    response = upload(client, data)
    assert response.status_code == 302, BeautifulSoup(response.content, "html.parser").select_one("main")
    address = response["location"]
    return address, BeautifulSoup(client.get(address).content, "html.parser")


def carry_out(client: Client, data: bytes, **choices: str) -> HttpResponse:
    address, page = look(client, data)
    digest = page.select_one("input[name=digest]")
    assert digest is not None, page.select_one("main").get_text(" ")  # type: ignore[union-attr]
    return client.post(address, {"digest": str(digest["value"]), **choices})  # type: ignore[return-value]


def faults(page: BeautifulSoup) -> list[tuple[str, int, str]]:
    rows = [[cell.get_text("|") for cell in row.select("td")] for row in page.select("tbody tr")]
    return [(sheet, int(number), said.split("|")[-1].replace("’", "'")) for sheet, number, said in rows]


def untouched() -> tuple[int, int, int, int]:
    return Unit.objects.count(), User.objects.count(), Membership.objects.count(), Event.objects.count()


# It works ----------------------------------------------------------------------------------------------------


def test_units_and_people_are_imported_in_one_go_with_their_events(world: World, login: Login) -> None:
    client = login(world.ada)
    before = untouched()
    data = workbook(
        units=[
            ("NATT", "Natt", "DAG", "team"),  # below one that comes later in the file
            ("DAG", "Dagsenteret", "HO", "Avdeling"),
            (12, "Vaktmester", "", "eining"),
        ],
        people=[
            ("Ny  Nilsen", "Ny@Fjelldal.example", "natt", "Leder", "Nynorsk", "Sykepleier"),
            ("Ny Nilsen", "ny@fjelldal.example", "HB", "", "", ""),
            ("Vakt Viken", "vakt@fjelldal.example", 12, "tilsett", "", ""),
        ],
    )
    address, page = look(client, data)
    assert "Nothing is changed yet" in page.get_text(" ")
    assert untouched() == before, "looking writes nothing"
    digest = page.select_one("input[name=digest]")["value"]  # type: ignore[index]
    assert client.get(address, {"digest": digest}).status_code == 200
    assert untouched() == before
    response = client.post(address, {"digest": digest, "invite": "on"})
    assert response["location"] == "/organisasjon/folk/"
    night = Unit.objects.get(code="NATT")
    assert [unit.code for unit in Unit.objects.filter(pk__in=night.ancestor_ids).order_by("depth")] == [
        "FJE", "HO", "DAG", "NATT",
    ]  # fmt: skip
    assert (night.kind, night.depth) == (Unit.Kind.TEAM, 3)
    assert Unit.objects.get(code="12").parent == world.municipality
    person = User.objects.get(email="ny@fjelldal.example")
    assert (person.name, person.language, person.title) == ("Ny Nilsen", "nn", "Sykepleier")
    assert not person.has_usable_password()
    assert {(m.unit.code, m.role) for m in person.memberships.select_related("unit")} == {
        ("NATT", Role.LEADER), ("HB", Role.EMPLOYEE),
    }  # fmt: skip
    assert User.objects.get(email="vakt@fjelldal.example").language == "nb", "the municipality's language"
    added = Event.objects.about(person).get()
    assert (added.type, added.by, added.data) == ("organisation.person_added", world.ada, {"invite": True})
    for row in (person, night, person.memberships.order_by("pk").first()):
        assert row is not None
        event = Event.objects.about(row).get()
        assert event.hash == event.hash_after("", row), "the chain begins right"
        assert row.events_count == 1
    whole = Event.objects.about(world.municipality).last()
    assert whole is not None
    leader = person.memberships.get(role=Role.LEADER)
    assert whole.type == "organisation.imported"
    assert whole.data == {"units": 3, "people": 2, "roles": 3, "opening": [leader.pk]}


def test_roles_that_open_cases_are_told_of_in_one_mail_to_the_coordinator_and_the_leader_above(
    world: World, login: Login
) -> None:
    deliver.take_as_told()
    people = [(f"Ny {n}", f"ny{n}@fjelldal.example", "HB", "Leder", "nb", "") for n in range(3)]
    carry_out(login(world.ada), workbook(people=people), invite="")
    deliver.sweep()
    mails = Email.objects.filter(name="notifications.import_opens_cases").order_by("user__name")
    assert [mail.user for mail in mails] == [world.kristin, world.sunniva]
    assert all(f"- Ny {n}: Leader, Hjemmetjenesten" in mails[0].body for n in range(3))
    assert not Email.objects.filter(name="notifications.role_opens_cases").exists()


def test_the_same_file_a_second_time_changes_nothing(world: World, login: Login) -> None:
    client = login(world.ada)
    data = workbook(
        units=[("DAG", "Dagsenteret", "HO", "Avdeling")],
        people=[("Ny Nilsen", "ny@fjelldal.example", "DAG", "Leder", "nn", "Sykepleier")],
    )
    carry_out(client, data)
    after = untouched()
    address, page = look(client, data)
    assert "There is nothing to do" in page.get_text(" ")
    assert page.select_one("input[name=digest]") is None
    assert client.post(address, {"digest": ""}).status_code == 302
    assert untouched() == after


def test_only_what_differs_is_changed_and_empty_cells_change_nothing(world: World, login: Login) -> None:
    client = login(world.ada)
    before = {unit.code: unit.events_count for unit in Unit.objects.filter(level_0=world.municipality.pk)}
    carry_out(
        client,
        workbook(
            units=[
                ("HB", "Heimetenesta", "", ""),  # another name
                ("INST", "Sykehjemmet", "FJE", ""),  # another place
                ("SK", "Fjelldal skole", "", ""),  # nothing new
            ],
            people=[
                ("Leif Lund", "leif@fjelldal.example", "HB", "leder", "", "Avdelingsleder"),
                ("Hans Haug", "hans@fjelldal.example", "INST", "leder", "", ""),
            ],
        ),
    )
    for unit in (world.home_care, world.nursing_home, world.leif, world.hans):
        unit.refresh_from_db()
    assert (world.home_care.name, world.home_care.parent) == ("Heimetenesta", world.health)
    assert (world.nursing_home.parent, world.nursing_home.kind) == (world.municipality, Unit.Kind.UNIT)
    assert (world.leif.title, world.leif.language) == ("Avdelingsleder", "en")
    after = {unit.code: unit.events_count for unit in Unit.objects.filter(level_0=world.municipality.pk)}
    assert {code for code in after if after[code] != before[code]} == {"HB", "INST", "FJE"}
    assert world.hans.events_count == 1
    assert Membership.objects.filter(user__in=[world.leif, world.hans]).count() == 2


def test_what_the_file_leaves_out_stays(world: World, login: Login) -> None:
    before = set(Membership.objects.values_list("pk", "valid_to", "withdrawn"))
    carry_out(login(world.ada), workbook(people=[("Nora Nygård", "nora@fjelldal.example", "SK", "", "", "")]))
    assert before < set(Membership.objects.values_list("pk", "valid_to", "withdrawn"))
    assert not Unit.objects.exclude(closed_on=None).exists()


def test_units_change_places_with_each_other_and_their_cases_follow(world: World, login: Login) -> None:
    for unit in (world.home_care, world.nursing_home):
        report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Noe gikk galt.")
    deep = actions.create_unit(parent=world.home_care, name="A3", code="A3", kind="department")
    actions.create_unit(parent=deep, name="A4", code="A4", kind="team")
    carry_out(
        login(world.ada),
        workbook(
            units=[
                ("HO", "Helse og omsorg", "NY", "sektor"),
                ("NY", "Ny topp", "FJE", "sektor"),
                ("A3", "A3", "FJE", "avdeling"),
                ("HB", "Hjemmetjenesten", "INST", ""),
                ("UNDER", "Under den som flytter", "A4", "team"),
            ]
        ),
    )
    lines = {
        unit.code: [Unit.objects.get(pk=pk).code for pk in unit.ancestor_ids]
        for unit in Unit.objects.filter(level_0=world.municipality.pk)
    }
    assert lines["HB"] == ["FJE", "NY", "HO", "INST", "HB"]
    assert lines["UNDER"] == ["FJE", "A3", "A4", "UNDER"]
    for case in Deviation.objects.select_related("handling_unit"):
        assert case.ancestor_ids == case.handling_unit.ancestor_ids


def test_a_file_filled_in_in_any_of_the_languages_is_read_in_all(world: World) -> None:
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            data = spreadsheet.template(
                [["DAG", "Dagsenteret", "HO", "department"]],
                [["Ny", "ny@fjelldal.example", "DAG", "safety_rep", "nn", "Vakt"]],
            )
        with translation.override("nb"):
            contents = spreadsheet.read(io.BytesIO(data))
            plan = bulk_import.plan(contents, world.ada)
        assert plan.faults == []
        assert [row.code for row in plan.new_units] == ["DAG"]
        assert plan.new_roles == [("ny@fjelldal.example", "dag", "safety_rep")]


def test_the_template_with_what_is_here_changes_nothing_when_it_comes_back(world: World, login: Login) -> None:
    client = login(world.ada)
    data = client.get(f"{PAGE}mal/?med=alt").content
    people = load_workbook(io.BytesIO(data))["People"].values
    assert "mona@sjovik.example" not in {cell for row in people for cell in row}
    _address, page = look(client, data)
    assert faults(page) == []
    assert "There is nothing to do" in page.get_text(" ")
    empty = load_workbook(io.BytesIO(client.get(f"{PAGE}mal/").content))
    assert [sheet.title for sheet in empty] == ["Units", "People"]
    headings = [cell.value for cell in empty["People"][1]]
    assert headings == ["Name", "E-mail", "Unit (code)", "Role", "Language", "Job title"]


def test_a_name_that_looks_like_a_formula_goes_out_as_text(world: World, login: Login) -> None:
    actions.change_person(user=world.nora, by=None, name='=HYPERLINK("http://evil.example")')
    book = load_workbook(io.BytesIO(login(world.ada).get(f"{PAGE}mal/?med=alt").content))
    cells = [cell for row in book["People"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [cell.data_type for cell in cells] in (["s"], ["f"])
    raw = zipfile.ZipFile(io.BytesIO(login(world.ada).get(f"{PAGE}mal/?med=alt").content))
    assert b"<f>" not in b"".join(raw.read(name) for name in raw.namelist() if "worksheets" in name)


def test_notes_beside_the_table_and_sheets_of_ones_own_do_no_harm(world: World, login: Login) -> None:
    data = workbook(
        people=[("Ny", "ny@fjelldal.example", "HB", "", "", "", "ring mandag")],
        Notater=[("Husk", "alle"), ("=1+1",)],
    )
    _address, page = look(login(world.ada), data)
    assert faults(page) == []


def test_a_column_nobody_knows_is_named(world: World, login: Login) -> None:
    data = workbook(Folk=[(*PEOPLE, "Telefon"), ("Ny", "ny@fjelldal.example", "HB", "", "", "", "99999999")])
    _address, page = look(login(world.ada), data)
    assert "Columns that aren't used: Telefon." in page.get_text(" ")


# Every faulty row is named -----------------------------------------------------------------------------------


def test_every_faulty_row_is_named_with_its_reason_and_nothing_can_be_carried_out(world: World, login: Login) -> None:
    closed = actions.create_unit(parent=world.health, name="Stengt", code="STE", kind="unit")
    actions.close_unit(unit=closed, by=None)
    world.greta.is_active = False
    world.greta.save()
    deep = actions.create_unit(parent=world.home_care, name="A3", code="A3", kind="department")
    actions.create_unit(parent=deep, name="A4", code="A4", kind="team")
    client = login(world.ada)
    before = untouched()
    data = workbook(
        units=[
            ("", "Uten kode", "HO", ""),  # 2
            ("N A", "Mellomrom", "HO", ""),  # 3
            ("X1", "", "HO", ""),  # 4
            ("X2", "To ganger", "HO", "klubb"),  # 5
            ("X3", "En", "HO", ""),  # 6
            ("x3", "To", "HO", ""),  # 7
            ("X4", "Foreldreløs", "NIX", ""),  # 8
            ("R1", "Ring", "R2", ""),  # 9
            ("R2", "Ring", "R3", ""),  # 10
            ("R3", "Ring", "R1", ""),  # 11
            ("D5", "Dypt", "A4", ""),  # 12
            ("HB", "Hjemmetjenesten", "INST", ""),  # 13: its own A4 would lie too deep
            ("STE", "Stengt", "", ""),  # 14
            ("X5", "Under stengt", "STE", ""),  # 15
            ("FJE", "Fjelldal", "HO", ""),  # 16
            ("X6", "Kommune", "HO", "kommune"),  # 17
            ("X7", "x" * 121, "HO", ""),  # 18
            ("X8", "=1+1", "HO", ""),  # 19
        ],
        people=[
            ("", "a@fjelldal.example", "HB", "", "", ""),  # 2
            ("Uten post", "", "HB", "", "", ""),  # 3
            ("Feil post", "feil(at)fjelldal", "HB", "", "", ""),  # 4
            ("Uten enhet", "b@fjelldal.example", "", "", "", ""),  # 5
            ("Ukjent enhet", "c@fjelldal.example", "NIX", "", "", ""),  # 6
            ("Ukjent rolle", "d@fjelldal.example", "HB", "sjef", "", ""),  # 7
            ("Ukjent språk", "e@fjelldal.example", "HB", "", "klingon", ""),  # 8
            ("Mona Moe", "MONA@sjovik.example", "HB", "", "", ""),  # 9
            ("Greta Gran", "greta@fjelldal.example", "HB", "", "", ""),  # 10
            ("Dobbel", "f@fjelldal.example", "HB", "leder", "", ""),  # 11
            ("Dobbel", "F@fjelldal.example", "hb", "leiar", "", ""),  # 12
            ("Annen", "f@fjelldal.example", "SK", "", "", ""),  # 13
            ("Ombud", "g@fjelldal.example", "HB", "personvernombud", "", ""),  # 14
            ("Ada Aas", "ada@fjelldal.example", "HB", "leder", "", ""),  # 15
            ("Stengt", "h@fjelldal.example", "STE", "", "", ""),  # 16
            ("Dato", "i@fjelldal.example", "HB", "", "", datetime(2026, 1, 1)),  # noqa: DTZ001 - 17
            ("Lang", "j@fjelldal.example", "HB", "", "", "x" * 121),  # 18
        ],
    )
    address, page = look(client, data)
    assert faults(page) == [
        ("Units", 2, "The code is missing."),
        ("Units", 3, "The code “N A” can't be used: at most 12 letters and digits, without spaces."),
        ("Units", 4, "The name is missing."),
        ("Units", 5, "“klubb” isn't a kind of unit."),
        ("Units", 7, "The code “x3” stands in row 6 too."),
        ("Units", 8, "No unit has the code “NIX”, neither here nor in the file."),
        ("Units", 9, "The unit would lie under itself."),
        ("Units", 10, "The unit would lie under itself."),
        ("Units", 11, "The unit would lie under itself."),
        ("Units", 12, "The unit, or one below it, would lie deeper than five levels."),
        ("Units", 13, "The unit, or one below it, would lie deeper than five levels."),
        ("Units", 14, "The unit “STE” is closed. Open it again first."),
        ("Units", 15, "The unit “STE” is closed. Open it again first."),
        ("Units", 16, "The municipality is the top of the tree and stays there."),
        ("Units", 17, "Only the municipality itself is a municipality."),
        ("Units", 18, "The name is too long: at most 120 characters."),
        ("Units", 19, "“Name” holds a formula. Put in the value itself."),
        ("People", 2, "The name is missing."),
        ("People", 3, "The e-mail address is missing."),
        ("People", 4, "“feil(at)fjelldal” isn't an e-mail address."),
        ("People", 5, "The unit's code is missing."),
        ("People", 6, "No unit has the code “NIX”, neither here nor in the file."),
        ("People", 7, "“sjef” isn't a role."),
        ("People", 8, "“klingon” isn't a language here."),
        ("People", 9, "The e-mail address belongs to somebody in another municipality."),
        ("People", 10, "The person's account is closed. Open it again first."),
        ("People", 12, "The same person with the same role stands in row 11 too."),
        ("People", 13, "The person has another name, language or job title in row 11."),
        ("People", 14, "The data protection officer is one for the whole municipality: write its code."),
        ("People", 15, "You can't give yourself a role that opens cases."),
        ("People", 16, "The unit “STE” is closed. Open it again first."),
        ("People", 17, "“Job title” holds a date or a time."),
        ("People", 18, "The job title is too long: at most 120 characters."),
    ]
    assert page.select_one("input[name=digest]") is None
    plan = bulk_import.plan(spreadsheet.Contents.from_json(ImportDraft.objects.get().rows), world.ada)
    response = client.post(address, {"digest": plan.digest}, follow=True)
    assert "The file must be put right first" in response.content.decode()
    assert untouched() == before


def test_the_keeper_of_a_part_imports_into_that_part_only(world: World, login: Login) -> None:
    keeper = actions.add_person(
        municipality=world.municipality, name="Helga", email="helga@fjelldal.example", language="en"
    )
    actions.grant_role(user=keeper, unit=world.health, role=Role.ADMINISTRATOR)
    actions.grant_role(user=world.nora, unit=world.school, role=Role.EMPLOYEE)
    data = workbook(
        units=[
            ("SK", "Fjelldal skole", "", ""),
            ("X1", "Ny", "FJE", ""),
            ("X2", "Under ny", "X1", ""),
            ("HB", "Hjemmetjenesten", "SK", ""),
            ("X3", "Greit", "HB", ""),
        ],
        people=[
            ("Ny", "ny@fjelldal.example", "SK", "", "", ""),
            ("Nora Ny", "nora@fjelldal.example", "INST", "", "", ""),
            ("Greta Ny", "greta@fjelldal.example", "INST", "", "", ""),
        ],
    )
    _address, page = look(login(keeper), data)
    assert [(sheet, row) for sheet, row, _said in faults(page)] == [
        ("Units", 2), ("Units", 3), ("Units", 4), ("Units", 5), ("People", 2), ("People", 3),
    ]  # fmt: skip


# Between looking and carrying out ----------------------------------------------------------------------------


def test_sending_twice_carries_out_once(world: World, login: Login) -> None:
    client = login(world.ada)
    address, page = look(client, workbook(people=[("Ny", "ny@fjelldal.example", "HB", "", "", "")]))
    digest = page.select_one("input[name=digest]")["value"]  # type: ignore[index]
    for _time in range(2):
        assert client.post(address, {"digest": digest}).status_code == 302
    assert User.objects.filter(email="ny@fjelldal.example").count() == 1
    assert Event.objects.filter(type="organisation.imported").count() == 1
    assert client.get(address).status_code == 302
    assert ImportDraft.objects.get().rows == {}, "the names are not kept longer than needed"


def test_what_has_changed_since_one_looked_is_looked_at_once_more(world: World, login: Login) -> None:
    client = login(world.ada)
    data = workbook(people=[("Ny", "ny@fjelldal.example", "HB", "", "", ""), ("To", "to@fjelldal.example", "HB")])
    address, page = look(client, data)
    digest = page.select_one("input[name=digest]")["value"]  # type: ignore[index]
    actions.add_person(municipality=world.municipality, name="To", email="to@fjelldal.example", language="nb")
    response = client.post(address, {"digest": digest}, follow=True)
    assert "Something has changed since you looked" in response.content.decode()
    assert not User.objects.filter(email="ny@fjelldal.example").exists()
    again = BeautifulSoup(response.content, "html.parser").select_one("input[name=digest]")
    assert again is not None
    client.post(address, {"digest": again["value"]})
    assert User.objects.filter(email="ny@fjelldal.example").exists()


def test_when_the_last_row_fails_nothing_is_written(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login(world.ada)
    client.raise_request_exception = False
    data = workbook(units=[("DAG", "Dag", "HO", "")], people=[("Ny", "ny@fjelldal.example", "DAG", "", "", "")])
    address, page = look(client, data)
    digest = page.select_one("input[name=digest]")["value"]  # type: ignore[index]
    before = untouched()

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(bulk_import, "record", fail)
    assert client.post(address, {"digest": digest}).status_code == 500
    assert untouched() == before
    assert ImportDraft.objects.get().carried_out_at is None


def test_what_was_read_is_gone_after_a_day(world: World, login: Login) -> None:
    client = login(world.ada)
    address, _page = look(client, workbook(people=[("Ny", "ny@fjelldal.example", "HB", "", "", "")]))
    ImportDraft.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert client.get(address).status_code == 404
    look(client, workbook(people=[("Ny", "ny@fjelldal.example", "HB", "", "", "")]))
    assert ImportDraft.objects.count() == 1, "and the next upload removes it"
    assert client.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404


# Many rows ---------------------------------------------------------------------------------------------------


def many(count: int) -> bytes:
    return workbook(
        units=[(f"U{n}", f"Enhet {n}", "HO", "avdeling") for n in range(max(count // 50, 1))],
        people=[
            (f"Person {n}", f"p{n}@fjelldal.example", f"U{n % max(count // 50, 1)}", "", "nn", "Sykepleier")
            for n in range(count)
        ],
    )


def test_a_long_file_costs_few_statements(world: World, login: Login) -> None:
    client = login(world.ada)

    def statements(count: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as looking:
            address, page = look(client, many(count))
        digest = page.select_one("input[name=digest]")["value"]  # type: ignore[index]
        with CaptureQueriesContext(connection) as doing:
            client.post(address, {"digest": digest})
        return len(looking), len(doing)

    looked, done = statements(50)
    looked_more, done_more = statements(450)
    assert looked_more <= looked + 1  # the roles of those who are there from the first file
    assert done_more - done < 450 / 20, "rows go in by the many"
