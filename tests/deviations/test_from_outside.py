"""Somebody without a log-in tells the municipality something, by an open form."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.forms.outside import begun_now
from deviations.models import Contact, Deviation, Naming, OpenForm, Source
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.test_without_a_name import code_on, everything_stored
from tests.people import World

Login = Callable[[User], Client]
TEXT = "Heisen stod stille da mor skulle til legen."

# One Redis serves every process of the suite: those who empty it for a fresh count do so one after the other.
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def nobody_has_sent_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def form(world: World) -> OpenForm:
    made = actions.make_open_form(unit=world.health, by=world.ada)
    actions.open_form(form=made, by=world.ada)
    return made


def earlier(seconds: int = 20) -> str:
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=seconds), tick=False):
        return begun_now()


def answers(**more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "begun": earlier(),
        "kind": "deviation",
        "text": TEXT,
        "happened": "today",
    } | more


def test_it_works_without_a_log_in_and_gives_a_code(world: World, form: OpenForm) -> None:
    client = Client()
    page = client.get(form.get_absolute_url())
    assert page.status_code == 200
    assert "Helse og omsorg" in page.text
    note = SimpleUploadedFile("notat.txt", b"Slik.", content_type="text/plain")
    answer = client.post(form.get_absolute_url(), answers(place=str(world.home_care.pk), files=[note]))
    deviation = Deviation.objects.get()
    assert (deviation.naming, deviation.source) == (Naming.ANONYMOUS, Source.OUTSIDE)
    assert (deviation.unit, deviation.handler) == (world.home_care, world.leif)
    assert Attachment.objects.of(deviation).get().uploaded_by is None
    assert client.post("/sak/", {"code": code_on(answer.text)})["Location"] == "/sak/min/"
    assert TEXT in client.get("/sak/min/").text
    assert set(client.cookies) == {"csrftoken", "losen_case"}
    assert "127.0.0" not in everything_stored()
    assert not Contact.objects.exists()


def test_the_leader_sees_that_it_came_from_outside(world: World, form: OpenForm, login: Login) -> None:
    Client().post(form.get_absolute_url(), answers(place=str(world.home_care.pk)))
    cases.ordinary(world)
    client = login(world.leif)
    assert client.get("/avvik/?visning=hos-meg").text.count("From outside") == 1
    assert "From outside" in client.get(Deviation.objects.get(source=Source.OUTSIDE).get_absolute_url()).text


def test_only_whoever_has_the_case_sees_how_to_reach_the_reporter(world: World, form: OpenForm, login: Login) -> None:
    said = {"name": "Olga Ås", "reach": "40 00 00 00", "place": str(world.home_care.pk)}
    answer = Client().post(form.get_absolute_url(), answers(**said))
    deviation = Deviation.objects.get()
    for who, user in world.people.items():
        page = login(user).get(deviation.get_absolute_url()).text
        assert ("Olga Ås" in page) == ("40 00 00 00" in page) == (who == "leif"), who
    assert "Olga" not in repr(list(Event.objects.values("data")))
    for path in ("/avvik/?q=Olga&status=alle", "/rapporter/saker.csv", "/"):
        answer = login(world.leif).get(path)
        said_there = b"".join(answer) if answer.streaming else answer.content
        assert "Olga Ås".encode() not in said_there, path
    actions.take_over(deviation=deviation, by=world.sunniva)
    assert "Olga Ås" not in login(world.leif).get(deviation.get_absolute_url()).text
    assert "Olga Ås" in login(world.sunniva).get(deviation.get_absolute_url()).text


def test_how_to_reach_somebody_is_deleted_a_month_after_the_case_is_closed(world: World, form: OpenForm) -> None:
    Client().post(form.get_absolute_url(), answers(place=str(world.home_care.pk), name="Olga"))
    deviation = Deviation.objects.get()
    later = timezone.now() + datetime.timedelta(days=400)
    assert actions.forget_contacts(later) == 0  # open
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Heisen går igjen.")
    assert actions.forget_contacts(timezone.now() + datetime.timedelta(days=29)) == 0
    assert actions.forget_contacts(timezone.now() + datetime.timedelta(days=31)) == 1
    assert not Contact.objects.exists()
    assert actions.forget_contacts(later) == 0
    assert Event.objects.about(deviation).last().type == "deviations.contact_forgotten"  # type: ignore[union-attr]


def test_a_contact_stays_while_the_case_goes_on_in_another(world: World, form: OpenForm) -> None:
    Client().post(form.get_absolute_url(), answers(place=str(world.home_care.pk), name="Olga"))
    deviation, into = Deviation.objects.get(), cases.ordinary(world)
    actions.merge(deviation=deviation, by=world.leif, into=into)
    later = timezone.now() + datetime.timedelta(days=40)
    assert actions.forget_contacts(later) == 0
    actions.receive_and_close(deviation=into, by=world.leif, outcome="Løst.")
    assert actions.forget_contacts(later) == 1


def test_a_shut_form_and_a_wrong_address_are_the_same_nothing(world: World, form: OpenForm) -> None:
    actions.close_form(form=form, by=world.ada)
    shut = Client().get(form.get_absolute_url())
    wrong = Client().get("/si-fra/finnesikke/")
    assert (shut.status_code, wrong.status_code) == (404, 404)
    strip = re.compile(r"nonce-\S+|csrf\S+|si-fra\S+|[0-9a-zA-Z]{32,}")
    assert strip.sub("", shut.text) == strip.sub("", wrong.text)
    assert Client().post(form.get_absolute_url(), answers()).status_code == 404
    assert not Deviation.objects.exists()


def test_a_form_of_a_unit_that_closed_is_gone(world: World, form: OpenForm) -> None:
    made = actions.make_open_form(unit=world.school, by=world.ada)
    actions.open_form(form=made, by=world.ada)
    organisation.close_unit(unit=world.school, by=world.ada)
    assert Client().get(made.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("place", ["999999", "x", "' or 1=1"])
def test_a_place_that_was_tampered_with_is_said_clearly(world: World, form: OpenForm, place: str) -> None:
    for each in (place, str(world.school.pk), str(world.other_school.pk)):
        answer = Client().post(form.get_absolute_url(), answers(place=each))
        assert "Choose one of the places in the list." in answer.text
        assert TEXT in answer.text
    assert not Deviation.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"website": "http://spam.example"}, "Look at it once more"),
        ({"begun": ""}, "Look at it once more"),
        ({"begun": "begun:1:x"}, "Look at it once more"),
        ({"text": "Det gjelder 15858510055."}, "identity number"),
        ({"name": "15858510055"}, "identity number"),
        ({"text": ""}, "Fill in"),
        ({"kind": "risk"}, "kind"),  # not chosen by the administrator
        ({"happened": "date"}, "Fill in the date"),
        ({"reach": "x" * 300}, "200"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    world: World, form: OpenForm, more: dict[str, str], said: str
) -> None:
    answer = Client().post(form.get_absolute_url(), answers(**more))
    assert answer.status_code == 200
    assert said in answer.text
    assert not Deviation.objects.exists()
    if not more.get("text", "x").isspace() and "text" not in more:
        assert TEXT in answer.text


def test_a_machine_is_too_quick_and_a_person_sends_again(world: World, form: OpenForm) -> None:
    sent = answers(begun=begun_now())
    page = Client().post(form.get_absolute_url(), sent).text
    assert "send it again in a few seconds" in page
    begun = re.search(r'name="begun" value="([^"]+)"', page)
    assert begun
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=10), tick=False):
        assert code_on(Client().post(form.get_absolute_url(), sent | {"begun": begun[1]}).text)


def test_very_many_from_one_place_wait(world: World, form: OpenForm) -> None:
    for _ in range(30):
        Client().post(form.get_absolute_url(), answers())
    answer = Client().post(form.get_absolute_url(), answers(text="Det trettiførste."))
    assert "Wait an hour" in answer.text
    assert "Det trettiførste." in answer.text
    assert Deviation.objects.count() == 30
    elsewhere = Client(REMOTE_ADDR="198.51.100.7").post(form.get_absolute_url(), answers())
    assert code_on(elsewhere.text)


def test_the_same_form_sent_twice_is_one_case(world: World, form: OpenForm) -> None:
    sent, client = answers(name="Olga"), Client()
    first, second = client.post(form.get_absolute_url(), sent), client.post(form.get_absolute_url(), sent)
    assert code_on(first.text) == code_on(second.text)
    assert (Deviation.objects.count(), Contact.objects.count()) == (1, 1)


def test_it_may_be_about_the_leader_of_the_place_without_naming_anybody(
    world: World, form: OpenForm, login: Login
) -> None:
    Client().post(form.get_absolute_url(), answers(place=str(world.home_care.pk), about_leader="on", name="Olga"))
    deviation = Deviation.objects.get()
    assert (deviation.about, deviation.handler) == (world.leif, world.sunniva)
    assert login(world.leif).get(deviation.get_absolute_url()).status_code == 404
    assert "Olga" in login(world.sunniva).get(deviation.get_absolute_url()).text
    assert "Olga" not in login(world.rolf).get(deviation.get_absolute_url()).text


def test_whoever_is_logged_in_on_the_device_stays_outside(world: World, form: OpenForm, login: Login) -> None:
    client = login(world.nora)
    assert "Nora" not in client.get(form.get_absolute_url()).text
    client.post(form.get_absolute_url(), answers())
    deviation = Deviation.objects.get()
    assert set(Event.objects.about(deviation).values_list("by", flat=True)) == {None}
    assert client.get(deviation.get_absolute_url()).status_code == 404


def test_it_speaks_the_municipalitys_norwegian(world: World, form: OpenForm) -> None:
    made = actions.make_open_form(unit=world.other_school, by=None)
    actions.open_form(form=made, by=None)
    for spoken, language in (("nb-NO,nb", "nn"), ("en", "en")):
        page = Client().get(made.get_absolute_url(), headers={"accept-language": spoken}).text
        assert f'<html lang="{language}"' in page


# The administrator


def test_the_administrator_makes_opens_changes_prints_and_shuts_a_form(world: World, login: Login) -> None:
    client = login(world.ada)
    assert "There are no open forms." in client.get("/avvik/apne-skjema/").text
    answer = client.post("/avvik/apne-skjema/", {"unit": str(world.nursing_home.pk)})
    made = OpenForm.objects.get()
    assert answer["Location"] == f"/avvik/apne-skjema/{made.pk}/"
    assert not made.is_open
    client.post(f"/avvik/apne-skjema/{made.pk}/apne/")
    client.post(f"/avvik/apne-skjema/{made.pk}/apne/")  # the second time changes nothing
    client.post(f"/avvik/apne-skjema/{made.pk}/", {"kinds": ["proposal"], "welcome": "Velkommen til oss."})
    page = Client().get(made.get_absolute_url()).text
    assert "Velkommen til oss." in page
    assert "I have a suggestion" in page
    assert "Something went wrong" not in page
    poster = client.get(f"/avvik/apne-skjema/{made.pk}/plakat/").text
    assert "data:image/svg+xml" in poster
    assert made.slug in poster
    assert client.post(f"/avvik/apne-skjema/{made.pk}/", {"welcome": "x"}).status_code == 200  # no kind chosen
    client.post(f"/avvik/apne-skjema/{made.pk}/lukk/")
    assert Client().get(made.get_absolute_url()).status_code == 404
    told = Event.objects.about(made).values_list("type", flat=True)
    assert list(told) == [f"deviations.form_{each}" for each in ("made", "opened", "changed", "closed")]
    assert str(world.nursing_home.pk) not in re.findall(
        r'option value="(\d+)"', client.get("/avvik/apne-skjema/").text
    )


def test_others_get_no_further(world: World, form: OpenForm, login: Login) -> None:
    paths = ["/avvik/apne-skjema/", *(f"/avvik/apne-skjema/{form.pk}/{each}" for each in ("", "plakat/"))]
    steps = [f"/avvik/apne-skjema/{form.pk}/{each}/" for each in ("apne", "lukk")]
    for who, user in world.people.items():
        client = login(user)
        if who == "ada":
            assert [client.get(path).status_code for path in steps] == [405, 405]
            assert client.post(f"/avvik/apne-skjema/{form.pk}/slett/").status_code == 404
            continue
        assert {client.get(path).status_code for path in paths} == {403}, who
        assert {client.post(path).status_code for path in steps} == {403}, who
    other = actions.make_open_form(unit=world.other_school, by=None)
    assert login(world.ada).get(f"/avvik/apne-skjema/{other.pk}/").status_code == 404
    assert login(world.ada).post("/avvik/apne-skjema/", {"unit": str(world.other_school.pk)}).status_code == 200
