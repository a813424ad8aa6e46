"""Somebody reports without a name, and comes back with the case code."""

from __future__ import annotations

import datetime
import logging
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import structlog
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, codes
from deviations.lifecycle import State
from deviations.models import CaseCode, Deviation, Message, Naming, SealedIdentity
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.cases import TEXT
from tests.people import World

Login = Callable[[User], Client]
NOTE = "Slik så det ut.".encode()

# One Redis serves every process of the suite: those who empty it for a fresh count do so one after the other.
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def nobody_has_tried_before(request: pytest.FixtureRequest) -> None:
    if "database" in request.keywords:
        cache.clear()


def answers(world: World, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "text": TEXT, "unit": str(world.home_care.pk), "happened": "now",
        "kind": "deviation", "naming": "anonymous",
    } | more  # fmt: skip


def code_on(page: str) -> str:
    found = re.search(r'id="code"[^>]*>([0-9A-Z-]+)<', page)
    assert found, "no code on the page"
    return found[1]


def opened(code: str) -> Client:
    client = Client()
    assert client.post("/sak/", {"code": code})["Location"] == "/sak/min/"
    return client


def rows_of(user: User) -> dict[str, int]:
    """How many rows of each model point to the person."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                found[f"{model._meta.label}.{field.name}"] = model._base_manager.filter(**{field.name: user}).count()
    return found


def everything_stored() -> str:
    """Every row of every model, but for the sessions of those who are logged in."""
    kept = [model for model in apps.get_models() if model is not Session]
    return repr([list(model._base_manager.order_by("pk").values()) for model in kept])


def test_it_works_and_leaves_the_person_nowhere(world: World, login: Login) -> None:
    client = login(world.nora)
    client.get("/meld/")
    before, sessions = rows_of(world.nora), list(Session.objects.order_by("pk").values())
    note = SimpleUploadedFile("notat.txt", NOTE, content_type="text/plain")
    answer = client.post("/meld/", answers(world, files=[note]))
    deviation = Deviation.objects.get()
    code = code_on(answer.text)
    assert (deviation.naming, deviation.reporter, deviation.handler) == (Naming.ANONYMOUS, None, world.leif)
    assert not SealedIdentity.objects.exists()
    assert rows_of(world.nora) == before
    assert list(Session.objects.order_by("pk").values()) == sessions
    assert set(Event.objects.about(deviation).values_list("by", flat=True)) == {None}
    assert "no-store" in answer["Cache-Control"]
    assert not set(answer.cookies) - {"csrftoken"}
    assert "Nora" not in answer.text
    for name in code.split("-"):
        assert f"'{name}" not in everything_stored()
    assert code not in everything_stored()
    assert answer.request["PATH_INFO"] == "/meld/"  # the code is in no address


def test_the_receipt_says_what_becomes_of_a_lost_code_and_that_no_mail_can_be_sent(world: World, login: Login) -> None:
    page = login(world.nora).post("/meld/", answers(world)).text
    assert "It is shown only now." in page
    assert "nobody can find it again" in page
    assert "No mail can be sent to you" in page
    assert "data-copy" in page
    assert "data-print" in page


def test_a_code_is_long_and_of_characters_that_are_not_mixed_up() -> None:
    many = {codes.issue(uuid.uuid4()).code for _ in range(200)}
    assert len(many) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in many)


def test_the_same_form_sent_twice_is_one_case_with_one_code(world: World, login: Login) -> None:
    client, form = login(world.nora), answers(world)
    assert code_on(client.post("/meld/", form).text) == code_on(client.post("/meld/", form).text)
    assert Deviation.objects.count() == 1
    other = client.post("/meld/", form | {"text": "Noe helt annet hendte etterpå."}).text
    assert Deviation.objects.count() == 2
    assert code_on(other) != code_on(client.post("/meld/", form).text)
    assert form["key"] not in everything_stored(), "whoever has the form's key could make the code from it"


def test_a_log_in_finds_nothing_of_ones_own(world: World, login: Login) -> None:
    client = login(world.nora)
    client.post("/meld/", answers(world))
    deviation = Deviation.objects.get()
    assert client.get(deviation.get_absolute_url()).status_code == 404
    for view in ("mine", "omrade", "hos-meg"):
        assert deviation.reference not in client.get(f"/avvik/?visning={view}&status=alle").text
    assert client.get(f"/avvik/?q={deviation.reference}").status_code == 200  # not sent on to it


def test_the_code_opens_the_case_however_it_is_typed(world: World) -> None:
    deviation, code = cases.coded(world)
    typed = code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    client = Client()
    answer = client.post("/sak/", {"code": f" {typed} "})
    assert answer["Location"] == "/sak/min/"
    cookie = answer.cookies["losen_case"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/sak/", True, "Strict")
    assert code not in cookie.value
    page = client.get("/sak/min/")
    for said in (TEXT, deviation.reference, "Leif Lund", "You reported the case.", "You get an answer by"):
        assert said in page.text
    assert "no-store" in page["Cache-Control"]
    assert not Session.objects.exists()


@pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "nei", "FJE-2026-0001", "-" * 60, "æøå ' \" <b>"])
def test_a_wrong_code_says_one_sentence_and_asks_as_much_as_a_right_one(
    world: World, typed: str, settings: Any
) -> None:
    settings.DEMO = False  # where the page lists codes to try
    code = cases.coded(world).code
    with CaptureQueriesContext(connection) as right:
        Client().post("/sak/", {"code": code})
    with CaptureQueriesContext(connection) as wrong:
        answer = Client().post("/sak/", {"code": typed})
    assert "There is no case with this code." in answer.text
    assert "losen_case" not in answer.cookies
    assert len(wrong) == len(right)


def test_after_many_wrong_codes_even_the_right_one_waits(world: World) -> None:
    code = cases.coded(world).code
    with time_machine.travel("2026-12-02 10:00 +0100", tick=False) as clock:
        for _ in range(20):
            Client().post("/sak/", {"code": "0000"})
        answer = Client().post("/sak/", {"code": code})
        assert "That was many tries" in answer.text
        assert "losen_case" not in answer.cookies
        assert Client(REMOTE_ADDR="198.51.100.7").post("/sak/", {"code": code}).status_code == 302  # elsewhere
        clock.shift(datetime.timedelta(minutes=15, seconds=1))
        assert Client().post("/sak/", {"code": code}).status_code == 302


def test_the_reporter_answers_writes_adds_files_and_judges(world: World, login: Login) -> None:
    deviation, code = cases.coded(world)
    client = opened(code)
    actions.receive(deviation=deviation, by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvilken dag var det?")
    assert "Hvilken dag var det?" in client.get("/sak/min/").text
    assert client.post("/sak/min/svar/", {"text": "Tirsdag."}).status_code == 302
    assert client.post("/sak/min/melding/", {"text": "Og onsdag."}).status_code == 302
    note = SimpleUploadedFile("notat.txt", NOTE, content_type="text/plain")
    assert client.post("/sak/min/filer/", {"files": [note]}).status_code == 302
    deviation.refresh_from_db()
    assert deviation.state == State.IN_PROGRESS
    said = Message.objects.filter(from_reporter=True).order_by("pk")
    assert [(each.text, each.author) for each in said] == [("Tirsdag.", None), ("Og onsdag.", None)]
    attachment = Attachment.objects.of(deviation).get()
    assert attachment.uploaded_by is None
    page = client.get("/sak/min/").text
    assert f"/sak/min/filer/{attachment.key}/" in page
    assert b"".join(client.get(f"/sak/min/filer/{attachment.key}/")) == NOTE
    assert client.get(f"/sak/min/filer/{attachment.key}/liten/").status_code == 404  # no picture
    assert client.get(attachment.get_absolute_url()).status_code == 302  # the other door asks for a log-in

    actions.close(deviation=deviation, by=world.leif, outcome="Vi har endret rutinen.")
    page = client.get("/sak/min/").text
    assert "Vi har endret rutinen." in page
    assert "Did it help?" in page
    client.post("/sak/min/hjalp/", {"helped": "no"})
    client.post("/sak/min/hjalp/", {"helped": "kanskje"})
    deviation.refresh_from_db()
    assert deviation.helped is False
    assert client.post("/sak/min/apne/", {"note": ""}).status_code == 200  # why is asked
    assert client.post("/sak/min/apne/", {"note": "Det skjedde igjen."}).status_code == 302
    deviation.refresh_from_db()
    assert deviation.state == State.IN_PROGRESS
    own = Event.objects.about(deviation).filter(
        type__in=["deviations.answered", "deviations.message_written", "deviations.judged", "deviations.reopened",
                  "files.attached"]
    )  # fmt: skip
    assert set(own.values_list("by", flat=True)) == {None}
    timeline = client.get("/sak/min/").text
    assert "You opened the case again." in timeline
    assert "Leif Lund received the case." in timeline


def test_each_post_is_refused_when_the_case_has_moved_on_and_nothing_is_done_twice(world: World) -> None:
    deviation, code = cases.coded(world)
    client = opened(code)
    for path, sent in (("svar", {"text": "Ja"}), ("hjalp", {"helped": "yes"}), ("apne", {"note": "Igjen"})):
        assert "not possible any more" in client.post(f"/sak/min/{path}/", sent, follow=True).text
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Ryddet.")
    n = Event.objects.count()
    note = SimpleUploadedFile("notat.txt", NOTE, content_type="text/plain")
    late: tuple[tuple[str, dict[str, Any]], ...] = (
        ("melding", {"text": "Hei"}),
        ("filer", {"files": [note]}),
        ("svar", {"text": "Ja"}),
    )
    for path, what in late:
        assert "not possible any more" in client.post(f"/sak/min/{path}/", what, follow=True).text
    assert Event.objects.count() == n
    for path in ("svar", "melding", "hjalp", "apne"):
        assert client.get(f"/sak/min/{path}/").status_code == 405
    assert client.get("/sak/slutt/").status_code == 405


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    _deviation, code = cases.coded(world)
    client = opened(code)
    page = client.post("/sak/min/melding/", {"text": "Det gjelder 15858510055."})
    assert page.status_code == 200
    assert "15858510055" in page.text
    assert not Message.objects.exists()
    bad = SimpleUploadedFile("bilde.svg", b"<svg/>", content_type="image/svg+xml")
    assert "kind of file" in client.post("/sak/min/filer/", {"files": [bad]}).text
    assert "Fill in" in client.post("/sak/min/filer/", {}).text


def test_the_visit_ends_by_itself_and_at_once_when_it_is_shut(world: World) -> None:
    code = cases.coded(world).code
    with time_machine.travel("2026-12-02 10:00 +0100", tick=False) as clock:
        client = opened(code)
        clock.shift(datetime.timedelta(minutes=19))
        assert client.get("/sak/min/").status_code == 200
        clock.shift(datetime.timedelta(minutes=19))
        assert client.get("/sak/min/").status_code == 200  # each page lets it last
        mark = client.cookies["losen_case"].value
        clock.shift(datetime.timedelta(minutes=21))
        client.cookies["losen_case"] = mark
        assert client.get("/sak/min/")["Location"] == "/sak/"
        client.cookies["losen_case"] = mark
        sent = client.post("/sak/min/melding/", {"text": "For sent"}, follow=True)
        assert "nothing was sent" in sent.text
        assert not Message.objects.exists()
        client = opened(code)
        assert client.post("/sak/slutt/")["Location"] == "/sak/"
        assert client.get("/sak/min/")["Location"] == "/sak/"


@pytest.mark.parametrize("mark", ["", "x", "00000000-0000-4000-8000-000000000000", "a:b:c"])
def test_a_mark_of_ones_own_making_opens_nothing(world: World, mark: str) -> None:
    cases.coded(world)
    client = Client()
    client.cookies["losen_case"] = mark
    assert client.get("/sak/min/")["Location"] == "/sak/"
    client.cookies["losen_case"] = str(CaseCode.objects.get().visit)  # known, but not signed
    assert client.get("/sak/min/")["Location"] == "/sak/"


def test_one_code_opens_one_case(world: World) -> None:
    deviation, _code = cases.coded(world)
    other, code = cases.coded(world, text="Noe annet.")
    note = SimpleUploadedFile("notat.txt", NOTE, content_type="text/plain")
    from kvalitetslosen.files.actions import attach

    theirs = attach(owner=deviation, upload=note, by=None)
    client = opened(code)
    assert client.get(f"/sak/min/filer/{theirs.key}/").status_code == 404
    page = client.get("/sak/min/").text
    assert other.reference in page
    assert deviation.reference not in page


def test_whoever_is_logged_in_on_the_device_stays_outside(world: World, login: Login) -> None:
    code = cases.coded(world).code
    client = login(world.nora)
    client.post("/sak/", {"code": code})
    assert "Nora" not in client.get("/sak/min/").text
    client.post("/sak/min/melding/", {"text": "Hei"})
    assert Message.objects.get().author is None
    assert not Event.objects.filter(subject_id=Deviation.objects.get().pk, by=world.nora).exists()
    assert client.get("/").status_code == 200  # still logged in elsewhere


def test_mail_goes_to_those_who_handle_it_and_to_nobody_else(world: World, login: Login) -> None:
    from kvalitetslosen.notifications.deliver import sweep as deliver

    deviation, code = cases.coded(world)
    actions.receive(deviation=deviation, by=world.leif)
    actions.write_message(deviation=deviation, by=world.leif, text="Hei", from_reporter=False)
    opened(code).post("/sak/min/melding/", {"text": "Hei igjen"})
    actions.close(deviation=deviation, by=world.leif, outcome="Ferdig.")
    opened(code).post("/sak/min/hjalp/", {"helped": "no"})
    deliver()
    assert set(Notification.objects.values_list("user__name", flat=True)) == {"Leif Lund"}
    written = repr(list(Email.objects.values())) + repr([each.__dict__ for each in mail.outbox])
    for secret in (code, "Nora", TEXT, "Hei igjen"):
        assert secret not in written


def test_who_handles_it_reads_that_no_mail_can_be_sent(world: World, login: Login) -> None:
    deviation = cases.anonymous(world)
    client = login(world.leif)
    page = client.get(deviation.get_absolute_url()).text
    assert "no mail can be sent" in page
    assert "Who reported is stored nowhere" in page
    said = client.post(f"{deviation.get_absolute_url()}steg/receive/", {}, follow=True).text
    assert "You have the case now. The one who reported is anonymous" in said
    assert "The reporter is told" not in said
    asking = client.get(f"{deviation.get_absolute_url()}steg/ask/").text
    assert "can answer with the case code" in asking
    assert "gets a message" not in asking


def test_a_leader_gives_a_name_where_the_case_could_come_to_them(world: World, login: Login) -> None:
    for who in (world.leif, world.sunniva):
        answer = login(who).post("/meld/", answers(world, unit="elsewhere", elsewhere="Hjemmetjenesten"))
        assert "nobody handles their own report" in answer.text
        assert TEXT in answer.text
    assert not Deviation.objects.exists()
    answer = login(world.hans).post("/meld/", answers(world, unit="elsewhere", elsewhere="Hjemmetjenesten"))
    assert code_on(answer.text)


def test_a_deputy_who_would_get_it_gives_a_name(world: World, login: Login) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=world.leif, deputy=world.nora, valid_from=today, valid_to=today, by=world.leif
    )
    assert "nobody handles their own report" in login(world.nora).post("/meld/", answers(world)).text


def test_a_file_that_may_tell_its_writer_is_refused(world: World, login: Login) -> None:
    from tests.files.test_files_forget_who_made_them import packed

    upload = SimpleUploadedFile("notat.pdf", packed(b"<< /Author (Kari) >>"), content_type="application/pdf")
    answer = login(world.nora).post("/meld/", answers(world, files=[upload]))
    assert "may say who made it" in answer.text
    assert not Deviation.objects.exists()
    _deviation, code = cases.coded(world)
    upload = SimpleUploadedFile("notat.pdf", packed(b"<< /Author (Kari) >>"), content_type="application/pdf")
    assert "may say who made it" in opened(code).post("/sak/min/filer/", {"files": [upload]}).text


def test_a_case_merged_into_another_gives_its_reporter_the_answer(world: World) -> None:
    deviation, code = cases.coded(world)
    into = cases.ordinary(world)
    actions.merge(deviation=deviation, by=world.leif, into=into)
    client = opened(code)
    page = client.get("/sak/min/").text
    assert "goes on in another one" in page
    assert into.reference not in page
    actions.receive_and_close(deviation=into, by=world.leif, outcome="Begge er løst.")
    assert "Begge er løst." in client.get("/sak/min/").text


def test_a_tick_that_became_an_anonymous_case_forgets_who_ticked(world: World, login: Login) -> None:
    from tests.deviations.test_ticking import tick

    ticked = tick(world)
    client = login(world.nora)
    code = code_on(client.post(f"/meld/?kryss={ticked.key}", answers(world)).text)
    ticked.refresh_from_db()
    assert (ticked.by, ticked.became) == (None, Deviation.objects.get())
    assert code


def test_the_log_tells_neither_code_nor_case_nor_person(
    world: World, login: Login, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO):
        code = code_on(login(world.nora).post("/meld/", answers(world)).text)
        opened(code).get("/sak/min/")
        Client().post("/sak/", {"code": "FEIL-FEIL-FEIL-FEIL"})
    said = repr(lines) + caplog.text
    for secret in (code, "FEIL", Deviation.objects.get().reference, world.nora.email, "127.0.0.1", "user_id"):
        assert secret not in said


def test_each_way_is_explained_in_the_same_sentence_everywhere(world: World, login: Login) -> None:
    from deviations.naming import EXPLAINED

    form = login(world.nora).get("/meld/").text.replace("&#x27;", "'")
    for sentence in EXPLAINED.values():
        assert str(sentence) in form
    made = {
        Naming.NAMED: cases.ordinary(world), Naming.SEALED: cases.hidden_name(world),
        Naming.ANONYMOUS: cases.anonymous(world),
    }  # fmt: skip
    for naming, deviation in made.items():
        page = login(world.leif).get(deviation.get_absolute_url()).text.replace("&#x27;", "'")
        assert [each for each, said in EXPLAINED.items() if str(said) in page] == [naming]


def test_a_small_unit_is_warned_that_the_text_may_tell(world: World, login: Login) -> None:
    page = login(world.nora).get("/meld/").text
    shown = re.search(r'data-show-if="unit" data-show-value="([\d ]+)"', page)
    assert shown
    assert str(world.home_care.pk) in shown[1].split()
    assert str(world.health.pk) not in shown[1].split()  # it has units below


def test_what_waits_for_net_has_a_name_since_it_lies_on_the_device_with_it(world: World, login: Login) -> None:
    client = login(world.nora)
    page = client.get("/meld/uten-nett/").text
    assert 'value="sealed"' in page
    assert 'value="anonymous"' not in page
    answer = client.post("/meld/uten-nett/", answers(world, sender=str(world.nora.pk)))
    assert answer.status_code == 422
    assert not Deviation.objects.exists()
    assert '"unless": ["naming", "anonymous"]' in client.get("/arbeider.js").text
