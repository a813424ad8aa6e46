"""Somebody reports."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deviations.models import Deviation, Naming, SealedIdentity
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.deviations.cases import TEXT
from tests.people import World

Login = Callable[[User], Client]


def read(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


def answers(world: World, **more: Any) -> dict[str, Any]:
    """The four required answers, as the form sends them."""
    return {
        "key": str(uuid.uuid4()),
        "text": TEXT,
        "unit": str(world.home_care.pk),
        "happened": "now",
        "kind": "deviation",
    } | more


def test_it_works_with_the_four_required_answers(world: World, login: Login) -> None:
    answer = login(world.nora).post("/meld/", answers(world))
    deviation = Deviation.objects.get()
    assert answer["Location"] == f"/avvik/{deviation.reference}/takk/"
    assert (deviation.reporter, deviation.handler, deviation.unit) == (world.nora, world.leif, world.home_care)


def test_the_receipt_says_reference_who_has_it_and_when_an_answer_comes(world: World, login: Login) -> None:
    client = login(world.nora)
    page = client.post("/meld/", answers(world), follow=True).text
    deviation = Deviation.objects.get()
    assert deviation.reference in page
    assert "Leif Lund" in page
    assert f"{deviation.answer_by.day}. " in page


def test_own_unit_and_now_are_filled_in(world: World, login: Login) -> None:
    page = login(world.nora).get("/meld/").text
    assert f'<option value="{world.home_care.pk}" selected>' in page


def test_one_reports_from_another_unit_by_writing_its_name(world: World, login: Login) -> None:
    login(world.nora).post("/meld/", answers(world, unit="elsewhere", elsewhere="fjelldal skole"))
    deviation = Deviation.objects.get()
    assert deviation.unit == world.school
    assert deviation.handler == world.rolf  # the school has no leader: the next one above gets it


def test_part_of_a_name_that_fits_one_unit_is_filled_in_and_asked_about_first(world: World, login: Login) -> None:
    answer = login(world.nora).post("/meld/", answers(world, unit="elsewhere", elsewhere="fjelldal sk"))
    assert not Deviation.objects.exists(), "a case about people isn't sent where somebody only half wrote"
    meant = read(answer).find("input", {"name": "elsewhere"})["value"]
    assert meant == "Fjelldal skole (Fjelldal)"
    login(world.nora).post("/meld/", answers(world, unit="elsewhere", elsewhere=meant))
    assert Deviation.objects.get().unit == world.school


@pytest.mark.parametrize(
    ("about", "said"), [("on", "The leader it concerns doesn’t see"), ("", "The leader of the unit")]
)
def test_the_receipt_says_who_sees_it_as_it_is(world: World, login: Login, about: str, said: str) -> None:
    receipt = login(world.nora).post("/meld/", answers(world, about_leader=about), follow=True)
    assert said in read(receipt).main.get_text(" ", strip=True)


def test_a_leader_is_told_that_the_way_of_their_own_case_may_give_them_away(world: World, login: Login) -> None:
    assert "goes past you" in login(world.leif).get("/meld/").text
    assert "goes past you" not in login(world.nora).get("/meld/").text


def test_a_name_that_fits_several_units_is_asked_about_and_nothing_typed_is_lost(world: World, login: Login) -> None:
    answer = login(world.nora).post("/meld/", answers(world, unit="elsewhere", elsewhere="e"))
    assert answer.status_code == 200
    assert "Sykehjemmet" in answer.text
    assert TEXT in answer.text
    assert not Deviation.objects.exists()


def test_units_of_another_municipality_are_never_suggested(world: World, login: Login) -> None:
    assert "skule" not in login(world.nora).get("/meld/steder/?elsewhere=sk").text
    assert "Fjelldal skole" in login(world.nora).get("/meld/steder/?elsewhere=sk").text


@pytest.mark.parametrize("left_out", ["text", "unit", "happened", "kind"])
def test_each_required_answer_is_asked_for_by_name(world: World, login: Login, left_out: str) -> None:
    answer = login(world.nora).post("/meld/", answers(world, **{left_out: ""}))
    assert answer.status_code == 200
    assert f'id="id_{left_out}' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not Deviation.objects.exists()


@pytest.mark.parametrize("field", ["text", "done_at_once", "suggestion"])
def test_an_identity_number_is_refused_and_stored_nowhere(world: World, login: Login, field: str) -> None:
    answer = login(world.nora).post("/meld/", answers(world, **{field: "Det gjaldt 13527248013 på rommet."}))
    assert answer.status_code == 200
    assert not Deviation.objects.exists()
    assert not Event.objects.filter(type="deviations.reported").exists()


def test_a_date_to_come_is_refused(world: World, login: Login) -> None:
    tomorrow = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()  # noqa: DTZ011
    assert login(world.nora).post("/meld/", answers(world, happened="date", happened_on=tomorrow)).status_code == 200
    assert not Deviation.objects.exists()


def test_the_same_form_sent_twice_makes_one_case(world: World, login: Login) -> None:
    form = answers(world)
    client = login(world.nora)
    first, second = client.post("/meld/", form), client.post("/meld/", form)
    assert first["Location"] == second["Location"]
    assert Deviation.objects.count() == 1


def test_another_text_from_the_same_page_is_not_swallowed(world: World, login: Login) -> None:
    """The back button shows the old page with its old key; what is written there then is a case of its own."""
    form = answers(world)
    client = login(world.nora)
    client.post("/meld/", form)
    client.post("/meld/", form | {"text": "Noe helt annet hendte etterpå."})
    assert Deviation.objects.count() == 2


def test_somebody_elses_key_does_not_open_their_case(world: World, login: Login) -> None:
    form = answers(world)
    login(world.nora).post("/meld/", form)
    answer = login(world.greta).post("/meld/", form | {"unit": str(world.nursing_home.pk)})
    assert Deviation.objects.count() == 2
    assert answer["Location"] != f"/avvik/{Deviation.objects.earliest('pk').reference}/takk/"


def test_a_hidden_name_is_in_neither_case_nor_journal(world: World, login: Login) -> None:
    login(world.nora).post("/meld/", answers(world, naming="sealed"))
    deviation = Deviation.objects.get()
    assert deviation.naming == Naming.SEALED
    assert deviation.reporter is None
    assert SealedIdentity.objects.get().user == world.nora
    assert [(event.by_id, str(world.nora.pk) in str(event.data)) for event in Event.objects.about(deviation)] == [
        (None, str(world.nora.pk) in str({"handler": world.leif.pk}))
    ]
    assert "Nora" not in login(world.leif).get(deviation.get_absolute_url()).text
    assert deviation.reference in login(world.nora).get("/avvik/?visning=mine").text


def test_a_case_about_the_leader_goes_past_that_leader(world: World, login: Login) -> None:
    login(world.nora).post("/meld/", answers(world, about_leader="on"))
    deviation = Deviation.objects.get()
    assert (deviation.about, deviation.handler) == (world.leif, world.sunniva)
    assert login(world.leif).get(deviation.get_absolute_url()).status_code == 404


def test_the_leader_who_reports_does_not_get_the_own_case(world: World, login: Login) -> None:
    login(world.leif).post("/meld/", answers(world))
    assert Deviation.objects.get().handler == world.sunniva


def test_a_deputy_gets_new_cases_but_not_the_old_ones(world: World, login: Login) -> None:
    login(world.nora).post("/meld/", answers(world))
    today = datetime.date.today()  # noqa: DTZ011
    organisation.appoint_deputy(
        principal=world.leif, deputy=world.greta, valid_from=today, valid_to=today, by=world.leif
    )
    login(world.nora).post("/meld/", answers(world))
    old, new = Deviation.objects.order_by("pk")
    assert (old.handler, new.handler) == (world.leif, world.greta)
    assert login(world.greta).get(new.get_absolute_url()).status_code == 200
    assert login(world.greta).get(old.get_absolute_url()).status_code == 404


def test_a_case_that_nobody_can_have_is_nobodys_and_seen_as_such(world: World, login: Login) -> None:
    for membership in world.rolf.memberships.filter(role=Role.LEADER):
        organisation.end_role(
            membership=membership,
            by=world.ada,
            last_day=datetime.date.today() - datetime.timedelta(days=1),  # noqa: DTZ011
        )
    login(world.nora).post("/meld/", answers(world, unit="elsewhere", elsewhere="Fjelldal skole"))
    deviation = Deviation.objects.get()
    assert deviation.handler is None
    assert deviation.reference in login(world.kristin).get("/").text


def test_photos_follow_the_case_and_its_rights(world: World, login: Login) -> None:
    note = SimpleUploadedFile("notat.txt", "Slik så det ut.".encode(), content_type="text/plain")
    login(world.nora).post("/meld/", answers(world, files=[note]))
    attachment = Attachment.objects.of(Deviation.objects.get()).get()
    assert login(world.leif).get(attachment.get_absolute_url()).status_code == 200
    assert login(world.hans).get(attachment.get_absolute_url()).status_code == 404


def test_a_hidden_reporter_leaves_no_name_on_a_file(world: World, login: Login) -> None:
    note = SimpleUploadedFile("notat.txt", "Slik så det ut.".encode(), content_type="text/plain")
    login(world.nora).post("/meld/", answers(world, naming="sealed", files=[note]))
    deviation = Deviation.objects.get()
    assert Attachment.objects.of(deviation).get().uploaded_by is None
    assert set(Event.objects.about(deviation).values_list("by", flat=True)) == {None}


def test_a_file_of_a_refused_kind_loses_nothing_of_what_was_typed(world: World, login: Login) -> None:
    bad = SimpleUploadedFile("bilde.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml")
    answer = login(world.nora).post("/meld/", answers(world, files=[bad]))
    assert answer.status_code == 200
    assert TEXT in answer.text
    assert not Deviation.objects.exists()


def test_numbers_start_anew_each_year(world: World, login: Login) -> None:
    with time_machine.travel("2027-12-31 10:00 +0100", tick=False):
        login(world.nora).post("/meld/", answers(world))
    with time_machine.travel("2028-01-01 10:00 +0100", tick=False):
        login(world.nora).post("/meld/", answers(world))
        login(world.nora).post("/meld/", answers(world))
    references = list(Deviation.objects.order_by("pk").values_list("reference", flat=True))
    assert references == ["FJE-2027-0001", "FJE-2028-0001", "FJE-2028-0002"]


def test_a_procedure_can_be_pointed_to_by_a_word_of_its_title(world: World, login: Login) -> None:
    answer = login(world.nora).post("/meld/", answers(world, procedure="finnes ikke"))
    assert answer.status_code == 200
    assert "finnes ikke" in answer.text


def test_what_counts_as_a_deviation_stands_beside_the_form_with_the_units_examples(world: World, login: Login) -> None:
    from deviations.settings_actions import add_example

    add_example(unit=world.home_care, text="Besøket ble glemt.", by=world.leif)
    add_example(unit=world.school, text="Porten sto åpen.", by=world.rolf)
    page = login(world.nora).get("/meld/").text
    assert "Besøket ble glemt." in page
    assert "Porten sto åpen." not in page
