"""Somebody blows the whistle, follows it with the code, and the recipients see it through."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deviations.forms.outside import QUICKEST
from deviations.models import WhistleCase, WhistleEntry, WhistleEvent, WhistleIdentity
from deviations.whistle import actions
from deviations.whistle.lifecycle import State
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import whistles
from tests.deviations.test_without_a_name import everything_stored, rows_of
from tests.deviations.whistles import TEXT
from tests.people import World

Login = Callable[[User], Client]

# One Redis serves every process of the suite: those who empty it for a fresh count do so one after the other.
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def nobody_has_tried_before(request: pytest.FixtureRequest) -> None:
    cache.clear()


def sent(client: Client, path: str = "/varsle/", **more: Any) -> Any:
    """The form opened, read for a while, filled in and sent."""
    page = client.get(path).text
    found = re.search(r'name="begun" value="([^"]+)"', page)
    assert found, page
    answers = {"key": str(uuid.uuid4()), "text": TEXT, "naming": "anonymous", "begun": found[1]}
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=QUICKEST + 2)):
        return client.post(path, answers | more)


def code_on(page: str) -> str:
    found = re.search(r'id="code"[^>]*>([0-9A-Z-]+)<', page)
    assert found, page
    return found[1]


def opened(code: str) -> Client:
    client = Client()
    assert client.post("/varsle/kode/", {"code": code})["Location"] == "/varsle/kode/mitt/"
    return client


def test_an_employee_blows_the_whistle_and_is_stored_nowhere(world: World, login: Login) -> None:
    whistles.appointed(world)
    client = login(world.nora)
    page = client.get("/varsle/").text
    for said in ("Kaja Kvam", "Tiril Tveit", "This is not a deviation report", "Retaliation is forbidden", "7 days"):
        assert said in page
    before, sessions = rows_of(world.nora), list(Session.objects.order_by("pk").values())
    answer = sent(client)
    code = code_on(answer.text)
    case = WhistleCase.objects.get()
    assert (case.text, case.state, case.municipality) == (TEXT, State.RECEIVED, world.municipality)
    assert case.receipt_by == timezone.localdate() + datetime.timedelta(days=7)
    assert not WhistleIdentity.objects.exists()
    assert rows_of(world.nora) == before
    assert list(Session.objects.order_by("pk").values()) == sessions
    assert "Nora" not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert code not in everything_stored()
    assert not set(answer.cookies) - {"csrftoken"}


def test_without_a_log_in_one_says_where_and_comes_in_by_the_log_in_page(world: World, client: Client) -> None:
    whistles.appointed(world)
    assert 'href="/varsle/"' in client.get("/konto/login/").text
    where = client.get("/varsle/").text
    assert "/varsle/?kommune=FJE" in where
    assert client.get("/varsle/?kommune=FINNESIKKE").status_code == 200
    answer = sent(client, "/varsle/?kommune=FJE")
    assert code_on(answer.text)
    assert WhistleCase.objects.get().municipality == world.municipality


def test_a_municipality_without_two_recipients_says_whom_to_turn_to(world: World, login: Login) -> None:
    whistles.appointed(world, "kaja")
    page = login(world.nora).get("/varsle/").text
    assert "Arbeidstilsynet" in page
    assert "<textarea" not in page
    login(world.nora).post("/varsle/", {"key": str(uuid.uuid4()), "text": TEXT})
    assert not WhistleCase.objects.exists()


def test_the_same_form_sent_twice_is_one_case_with_one_code(world: World) -> None:
    whistles.appointed(world)
    key = str(uuid.uuid4())
    codes = {code_on(sent(Client(), "/varsle/?kommune=FJE", key=key).text) for _ in range(2)}
    assert len(codes) == 1
    assert WhistleCase.objects.count() == 1
    assert WhistleEvent.objects.count() == 1
    assert key not in everything_stored()


def test_a_name_is_kept_apart_and_each_look_at_it_is_kept(world: World, login: Login) -> None:
    whistles.appointed(world)
    sent(login(world.nora), naming="named", name="Nora Nygård", reach="40 00 00 00")
    case = WhistleCase.objects.get()
    client = login(world.kaja)
    assert "Nora" not in client.get(case.get_absolute_url()).text
    assert client.get(f"{case.get_absolute_url()}navn/").status_code == 405
    shown = client.post(f"{case.get_absolute_url()}navn/").text
    assert "Nora Nygård" in shown
    assert "40 00 00 00" in shown
    assert case.events.filter(type="identity_opened", by=world.kaja).count() == 1
    assert "Nora" not in client.get(case.get_absolute_url()).text


def test_who_wants_a_name_on_it_must_write_one(world: World, login: Login) -> None:
    whistles.appointed(world)
    answer = sent(login(world.nora), naming="named", name=" ")
    assert "Write your name" in answer.text
    assert not WhistleCase.objects.exists()


def test_it_goes_past_the_recipient_it_is_about(world: World, login: Login) -> None:
    whistles.appointed(world)
    sent(login(world.nora), concerns=[str(world.kaja.pk)])
    case = WhistleCase.objects.get()
    assert login(world.kaja).get(case.get_absolute_url()).status_code == 404
    assert case.reference not in login(world.kaja).get("/varsling/").text
    assert case.reference not in login(world.kaja).get("/").text
    assert login(world.tiril).get(case.get_absolute_url()).status_code == 200
    both = sent(login(world.nora), concerns=[str(world.kaja.pk), str(world.tiril.pk)])
    assert "nobody here can receive it" in both.text
    assert "Arbeidstilsynet" in both.text
    assert WhistleCase.objects.count() == 1


def test_a_machine_is_asked_to_look_once_more_and_many_are_stopped(world: World, client: Client) -> None:
    whistles.appointed(world)
    path = "/varsle/?kommune=FJE"
    answer = client.post(path, {"key": str(uuid.uuid4()), "text": TEXT, "concerns": [str(world.kaja.pk)]})
    assert "send it again in a few seconds" in answer.text
    assert "Look at it once more" in sent(client, path, website="x").text
    assert not WhistleCase.objects.exists()
    for _ in range(20):
        assert code_on(sent(client, path).text)
    assert "Very many have been sent" in sent(client, path).text
    assert WhistleCase.objects.count() == 20


@pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "nei", "æøå ' \" <b>"])
def test_a_wrong_code_says_one_sentence(world: World, typed: str) -> None:
    whistles.case(world)
    answer = Client().post("/varsle/kode/", {"code": typed})
    assert "There is no case with this code." in answer.text
    assert "losen_varsel" not in answer.cookies


def test_a_code_of_one_kind_opens_nothing_of_the_other(world: World) -> None:
    from tests.deviations import cases

    whistle, ordinary = whistles.told(world).code, cases.coded(world).code
    assert "There is no case" in Client().post("/sak/", {"code": whistle}).text
    assert "There is no case" in Client().post("/varsle/kode/", {"code": ordinary}).text
    mark = opened(whistle).cookies["losen_varsel"].value
    other = Client()
    other.cookies["losen_case"] = mark
    assert other.get("/sak/min/")["Location"] == "/sak/"


def test_the_whole_way_with_answers_both_ways(world: World, login: Login) -> None:
    told, code = whistles.told(world)
    theirs, mine = login(world.kaja), opened(code)
    url = told.get_absolute_url()
    assert "You get a receipt by" in mine.get("/varsle/kode/mitt/").text
    assert theirs.post(f"{url}steg/acknowledge/", {"text": ""}).status_code == 200
    assert theirs.post(f"{url}steg/acknowledge/", {"text": "Vi har fått det."}).status_code == 302
    assert "Vi har fått det." in mine.get("/varsle/kode/mitt/").text
    assert theirs.post(f"{url}steg/examine/", {"text": "Kaja snakker med lønn."}).status_code == 302
    assert theirs.post(f"{url}notat/", {"note-text": "Bilag 7 mangler."}).status_code == 302
    assert theirs.post(f"{url}svar/", {"text": "Hvilken måned?"}).status_code == 302
    page = mine.get("/varsle/kode/mitt/").text
    assert "Hvilken måned?" in page
    assert "lønn" not in page
    assert "Bilag 7" not in page
    assert mine.post("/varsle/kode/mitt/melding/", {"text": "I oktober."}).status_code == 302
    case = WhistleCase.objects.get()
    assert case.waits_since is not None
    assert "I oktober." in theirs.get(url).text
    assert theirs.post(f"{url}steg/conclude/", {"outcome": "Timene er rettet."}).status_code == 302
    case = WhistleCase.objects.get()
    assert (case.state, case.waits_since) == (State.CONCLUDED, None)
    assert case.protect_on == timezone.localdate() + datetime.timedelta(days=90)
    assert "Timene er rettet." in mine.get("/varsle/kode/mitt/").text
    assert mine.post("/varsle/kode/mitt/melding/", {"text": "Nå får jeg dårligere vakter."}).status_code == 302
    assert theirs.post(f"{url}steg/look_after/", {"text": "Vaktene er gitt tilbake."}).status_code == 302
    case = WhistleCase.objects.get()
    assert case.protect_on is None
    assert mine.post("/varsle/kode/mitt/apne/", {"again-text": "Det skjer igjen."}).status_code == 302
    case = WhistleCase.objects.get()
    assert (case.state, case.ended_at) == (State.EXAMINING, None)
    assert set(WhistleEntry.objects.filter(to="recipients").values_list("author", flat=True)) == {None}
    assert set(case.events.filter(type__in=["reporter_wrote", "reopened"]).values_list("by", flat=True)) == {None}


@pytest.mark.parametrize(
    ("step", "what", "state"),
    [
        ("decline", {"outcome": "Meld det som avvik."}, State.OTHER),
        ("pass_on", {"outcome": "Sendt videre.", "passed_to": "Arbeidstilsynet"}, State.PASSED_ON),
    ],
)
def test_other_ends(world: World, login: Login, step: str, what: dict[str, str], state: State) -> None:
    case = whistles.acknowledged(world)
    client = login(world.tiril)
    assert client.post(f"{case.get_absolute_url()}steg/{step}/", {}).status_code == 200
    assert client.post(f"{case.get_absolute_url()}steg/{step}/", what).status_code == 302
    case.refresh_from_db()
    assert case.state == state
    events = case.events_count
    late = client.post(f"{case.get_absolute_url()}steg/{step}/", what, follow=True)
    assert "not possible any more" in late.text
    assert case.events.exclude(type="opened").count() == events, "twice does nothing"


def test_no_word_of_it_is_in_the_journal_of_the_case(world: World) -> None:
    case = whistles.concluded(world, name="Nora Nygård", place="Lønn", happened="Siden mai")
    actions.write_to_recipients(case=case, text="Takk for hjelpen")
    said = repr(list(WhistleEvent.objects.values()))
    for word in ("Lederen", "Nora", "Lønn", "mai", "rettet", "Takk"):
        assert word not in said


def test_photos_are_handed_out_by_the_channels_own_doors_and_each_opening_is_kept(world: World, login: Login) -> None:
    case, code = whistles.told(world)
    note = SimpleUploadedFile("timeliste.txt", b"42 timer", content_type="text/plain")
    mine = opened(code)
    assert mine.post("/varsle/kode/mitt/filer/", {"files": [note]}).status_code == 302
    attachment = Attachment.objects.get()
    assert attachment.uploaded_by is None
    assert b"".join(mine.get(f"/varsle/kode/mitt/filer/{attachment.key}/")) == b"42 timer"
    theirs = login(world.kaja)
    assert "timeliste.txt" in theirs.get(case.get_absolute_url()).text
    assert b"".join(theirs.get(f"{case.get_absolute_url()}filer/{attachment.key}/")) == b"42 timer"
    assert case.events.filter(type="file_opened", by=world.kaja).count() == 1
    for user in world.people.values():
        assert login(user).get(attachment.get_absolute_url()).status_code == 404, "the ordinary door is shut"
    assert not Event.objects.filter(type="files.attached").exists()


def test_every_opening_is_kept_and_said(world: World, login: Login) -> None:
    case = whistles.case(world)
    for _ in range(2):
        page = login(world.tiril).get(case.get_absolute_url()).text
    assert case.events.filter(type="opened", by=world.tiril).count() == 2
    assert "Tiril Tveit opened the case." in page


def test_old_cases_are_emptied_when_nothing_waits(world: World) -> None:
    case = whistles.concluded(world, name="Nora Nygård", place="Lønn")
    later = timezone.now() + datetime.timedelta(days=800)
    assert actions.erase_old(later) == 0, "nobody has looked at how the whistle-blower is treated"
    actions.look_after(case=case, by=world.kaja, text="Alt vel.", again_on=None)
    assert actions.erase_old(timezone.now()) == 0
    assert actions.erase_old(later) == 1
    assert actions.erase_old(later) == 0
    case.refresh_from_db()
    assert (case.text, case.outcome, case.place) == ("", "", "")
    assert not WhistleEntry.objects.exists()
    assert not WhistleIdentity.objects.exists()
    assert not actions.write_to_recipients(case=case, text="Hei")
    assert case.events.filter(type="erased").exists()


def test_each_verb_refuses_get_and_what_is_wrong_stays_written(world: World, login: Login) -> None:
    case, code = whistles.told(world)
    mine, theirs = opened(code), login(world.kaja)
    for path in ("melding", "apne"):
        assert mine.get(f"/varsle/kode/mitt/{path}/").status_code == 405
    assert mine.get("/varsle/kode/slutt/").status_code == 405
    for path in ("svar", "notat", "navn"):
        assert theirs.get(f"{case.get_absolute_url()}{path}/").status_code == 405
    page = mine.post("/varsle/kode/mitt/melding/", {"text": "Det gjelder 15858510055."})
    assert page.status_code == 200
    assert "15858510055" in page.text
    assert not WhistleEntry.objects.exists()
    assert "not possible any more" in mine.post("/varsle/kode/mitt/apne/", {"again-text": "x"}, follow=True).text
    assert mine.post("/varsle/kode/slutt/")["Location"] == "/varsle/kode/"
    assert mine.get("/varsle/kode/mitt/")["Location"] == "/varsle/kode/"


def test_who_practises_blows_the_whistle_for_real(world: World, login: Login) -> None:
    whistles.appointed(world)
    client = login(world.nora)
    client.post("/oving/start/", {"side": "employee"})
    assert "<title>Practice: " in client.get("/meld/").text
    page = client.get("/varsle/").text
    assert "<title>Practice: " not in page
    assert "Kaja Kvam" in page
    sent(client)
    assert WhistleCase.objects.get().municipality == world.municipality
