import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import sending
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.adapters import client_address, log_in_name
from kvalitetslosen.organisation.models import User
from tests.people import PASSWORD, World

Login = Callable[..., Client]
NEW_PASSWORD = "helt nye ord for hver dag"

# One Redis serves every process of the suite: those who empty it for a fresh count do so one after the other.
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


WRONG = "feil"


def try_to_log_in(client: Client, email: str, password: str = WRONG, **headers: str) -> int:
    return client.post("/konto/login/", {"login": email, "password": password}, **headers).status_code  # type: ignore[arg-type]


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_one_logs_in_with_e_mail_and_password_however_the_address_is_cased(world: World) -> None:
    client = Client()
    assert try_to_log_in(client, "Nora@Fjelldal.EXAMPLE", PASSWORD) == 302
    assert is_logged_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World) -> None:
    pages = []
    for email in ("nora@fjelldal.example", "ingen@fjelldal.example"):
        response = Client().post("/konto/login/", {"login": email, "password": "feil"})
        assert response.status_code == 200
        pages.append(BeautifulSoup(response.content, "html.parser").select_one("main").get_text())  # type: ignore[union-attr]
    assert pages[0] == pages[1]
    assert "The e-mail address or the password is wrong." in pages[0]


def test_after_five_wrong_passwords_the_door_is_shut_for_known_and_unknown_alike(world: World) -> None:
    pages = []
    for email in ("nora@fjelldal.example", "ingen@fjelldal.example"):
        client = Client()
        statuses = [try_to_log_in(client, email) for _try in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        right = client.post("/konto/login/", {"login": email, "password": PASSWORD})
        assert right.status_code == 429
        assert not is_logged_in(client)
        pages.append(BeautifulSoup(right.content, "html.parser").select_one("main").get_text())  # type: ignore[union-attr]
    assert pages[0] == pages[1]
    assert "quarter of an hour" in pages[0]


def test_the_lock_is_not_fooled_by_case_nor_by_a_claimed_address(world: World) -> None:
    client = Client()
    emails = ("nora@fjelldal.example", "NORA@fjelldal.example", "Nora@Fjelldal.example", "nOra@fjelldal.example")
    for number, email in enumerate(emails):
        try_to_log_in(client, email, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert try_to_log_in(client, "nora@fjelldal.example", HTTP_X_FORWARDED_FOR="10.0.0.99") == 429


def test_one_persons_wrong_passwords_lock_nobody_else_out_behind_the_same_address(world: World) -> None:
    client = Client()
    for _try in range(6):
        try_to_log_in(client, "nora@fjelldal.example")
    assert try_to_log_in(Client(), "leif@fjelldal.example", PASSWORD) == 302


def test_somebody_else_far_away_cannot_lock_a_person_out(world: World) -> None:
    for _try in range(6):
        try_to_log_in(Client(), "nora@fjelldal.example", REMOTE_ADDR="203.0.113.9")
    assert try_to_log_in(Client(), "nora@fjelldal.example", PASSWORD) == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(world: World) -> None:
    with time_machine.travel("2026-11-23T08:00:00+01:00", tick=False) as clock:
        for _try in range(5):
            try_to_log_in(Client(), "nora@fjelldal.example")
        clock.shift(60 * 14)
        assert try_to_log_in(Client(), "nora@fjelldal.example", PASSWORD) == 429
        clock.shift(60 * 2)
        assert try_to_log_in(Client(), "nora@fjelldal.example", PASSWORD) == 302


def test_the_address_of_a_request_is_what_our_own_proxy_saw(settings: Any) -> None:
    def of(**headers: str) -> str:
        return client_address(RequestFactory().get("/", **headers))  # type: ignore[arg-type]

    settings.PROXY_COUNT = 0
    assert of(HTTP_X_FORWARDED_FOR="10.1.1.1", REMOTE_ADDR="192.0.2.7") == "192.0.2.7"
    settings.PROXY_COUNT = 1
    assert of(HTTP_X_FORWARDED_FOR="6.6.6.6, 10.1.1.1", REMOTE_ADDR="192.0.2.7") == "10.1.1.1"
    assert of(REMOTE_ADDR="192.0.2.7") == "192.0.2.7"
    assert of(HTTP_X_FORWARDED_FOR="<script>", REMOTE_ADDR="192.0.2.7") == "127.0.0.1"
    assert of(REMOTE_ADDR="") == "127.0.0.1"


def test_nobody_is_counted_when_no_address_was_written() -> None:
    assert log_in_name(RequestFactory().post("/konto/login/", {}), {}) is None
    assert log_in_name(None, {"email": " A@B.example "}) == "a@b.example"


def reset_link(email: str) -> str:
    Client().post("/konto/password/reset/", {"email": email})
    sending.send_due_mail()
    found = re.search(r"https?://[^\s/]+(/konto/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_a_forgotten_password_is_chosen_anew_by_a_mailed_link_that_works_once(world: World) -> None:
    elsewhere = Client()
    try_to_log_in(elsewhere, world.nora.email, PASSWORD)
    for _try in range(5):
        try_to_log_in(Client(), world.nora.email)
    link = reset_link("nora@fjelldal.example")
    client = Client()
    form = client.get(link, follow=True)
    address = BeautifulSoup(form.content, "html.parser").select_one("form.los-form")["action"]  # type: ignore[index]
    done = client.post(str(address), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
    assert "The new password is saved" in done.content.decode()
    assert try_to_log_in(Client(), world.nora.email, NEW_PASSWORD) == 302, "and the lock is open"
    assert elsewhere.get("/meld/").status_code == 302, "whoever was logged in elsewhere is not any more"
    assert "doesn't work any more" in Client().get(link, follow=True).content.decode().replace("&#x27;", "'")
    event = Event.objects.about(world.nora).last()
    assert event is not None
    assert (event.type, event.data) == ("organisation.password_chosen", {})


def test_the_mail_is_in_the_readers_language_names_our_own_address_and_nothing_else(
    world: World, settings: Any
) -> None:
    User.objects.filter(pk=world.nora.pk).update(language="nb")
    settings.SITE_URL = "https://losen.fjelldal.example"
    Client(headers={"host": "evil.example"}).post("/konto/password/reset/", {"email": world.nora.email})
    sending.send_due_mail()
    body = str(mail.outbox[-1].body)
    assert "https://losen.fjelldal.example/konto/password/reset/key/" in body
    assert "evil.example" not in body
    assert mail.outbox[-1].to == [world.nora.email]


def test_an_unknown_or_closed_address_gets_no_mail_and_the_same_page(world: World) -> None:
    User.objects.filter(pk=world.greta.pk).update(is_active=False)
    pages = [
        Client().post("/konto/password/reset/", {"email": email}, follow=True).content.decode()
        for email in ("ingen@fjelldal.example", world.greta.email, world.nora.email)
    ]
    sending.send_due_mail()
    assert [message.to for message in mail.outbox] == [[world.nora.email]]
    assert Email.objects.get().to == world.nora.email, "nothing is kept of an address nobody has"
    assert not Email.objects.exclude(body="").exists(), "nor of the way in"
    shown = {BeautifulSoup(page, "html.parser").select_one("main").get_text() for page in pages}  # type: ignore[union-attr]
    assert len(shown) == 1


def test_the_request_does_the_same_whoevers_address_it_is(world: World) -> None:
    """What it asks the database, it asks for all alike: the time it takes tells nobody who has an account."""

    def asked(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert Client().post("/konto/password/reset/", {"email": email}).status_code == 302
        return [re.sub(r"'[^']*'", "'…'", query["sql"]) for query in queries]

    asked("forst@fjelldal.example")
    User.objects.filter(pk=world.greta.pk).update(is_active=False)
    of_nobody, of_nora, of_greta = map(asked, ("ingen@fjelldal.example", world.nora.email, world.greta.email))
    assert of_nobody == of_nora == of_greta
    assert not any("organisation_user" in query for query in of_nora)
    assert not mail.outbox


@pytest.mark.parametrize("password", ["kort", "123456789012", "nora nygård", "nora@fjelldal.example"])
def test_a_poor_password_is_refused(world: World, password: str) -> None:
    client = Client()
    form = client.get(reset_link(world.nora.email), follow=True)
    address = BeautifulSoup(form.content, "html.parser").select_one("form.los-form")["action"]  # type: ignore[index]
    response = client.post(str(address), {"password1": password, "password2": password})
    assert response.status_code == 200
    assert try_to_log_in(Client(), world.nora.email, PASSWORD) == 302


def test_changing_ones_password_keeps_this_session_and_ends_the_others(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        try_to_log_in(client, world.nora.email, PASSWORD)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/konto/password/change/", data).status_code == 302
    assert here.get("/meld/").status_code == 200
    assert there.get("/meld/").status_code == 302
    wrong = here.post("/konto/password/change/", {**data, "oldpassword": "feil"})
    assert "the password you have now" in wrong.content.decode()


def test_a_password_chosen_while_the_journal_is_written_leaves_the_chain_whole(world: World) -> None:
    """The log-in machinery saves the whole row of the person as it was when the request began."""
    stale = User.objects.get(pk=world.nora.pk)
    actions.change_person(user=world.nora, by=world.ada, title="Vernepleier")
    from kvalitetslosen.organisation.adapters import AccountAdapter

    request = RequestFactory().get("/")
    request.session = Client().session
    AccountAdapter(request).set_password(stale, NEW_PASSWORD)
    fresh = User.objects.get(pk=world.nora.pk)
    assert (fresh.title, fresh.events_count) == ("Vernepleier", Event.objects.about(fresh).count())


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(world: World) -> None:
    clients = [Client(headers={"user-agent": f"Firefox/{number} Android"}) for number in range(3)]
    for client in clients:
        try_to_log_in(client, world.nora.email, PASSWORD)
    here = clients[0]
    page = BeautifulSoup(here.get("/konto/okter/").content, "html.parser")
    assert len(page.select("main .los-list li")) == 3
    assert [tag.get_text() for tag in page.select("main .ds-tag")] == ["this device"]
    second = UserSession.objects.get(session_key=clients[1].session.session_key)
    assert here.get(f"/konto/okter/{second.pk}/avslutt/").status_code == 405
    assert here.post(f"/konto/okter/{second.pk}/avslutt/").status_code == 302
    assert [client.get("/meld/").status_code for client in clients] == [200, 302, 200]
    assert here.post("/konto/okter/avslutt-andre/").status_code == 302
    assert [client.get("/meld/").status_code for client in clients] == [200, 302, 302]
    assert here.post(f"/konto/okter/{second.pk}/avslutt/").status_code == 404


def test_ending_this_session_logs_out(world: World) -> None:
    client = Client()
    try_to_log_in(client, world.nora.email, PASSWORD)
    session = UserSession.objects.get(user=world.nora)
    assert client.post(f"/konto/okter/{session.pk}/avslutt/")["location"] == settings.ACCOUNT_LOGOUT_REDIRECT_URL
    assert not is_logged_in(client)


def test_nobody_ends_somebody_elses_session(world: World, login: Login) -> None:
    client = Client()
    try_to_log_in(client, world.nora.email, PASSWORD)
    session = UserSession.objects.get(user=world.nora)
    for user in (world.ada, world.leif, world.mona):
        assert login(user).post(f"/konto/okter/{session.pk}/avslutt/").status_code == 404
    assert client.get("/meld/").status_code == 200


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "reauthenticate/"])
def test_people_neither_sign_up_nor_change_their_own_address(world: World, login: Login, path: str) -> None:
    for client in (Client(), login(world.nora)):
        assert client.get(f"/konto/{path}").status_code == 404
        assert client.post(f"/konto/{path}", {"email": "ny@x.example"}).status_code == 404


def test_the_language_is_kept_on_the_person_and_on_the_device(world: World, login: Login) -> None:
    client = login(world.nora)
    response = client.post("/organisasjon/sprak/", {"language": "nn", "next": "/meld/?a=1"})
    assert response["location"] == "/meld/?a=1"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nn"
    world.nora.refresh_from_db()
    assert world.nora.language == "nn"
    assert client.get("/meld/").headers["Content-Language"] == "nn"
    events = Event.objects.about(world.nora).count()
    client.post("/organisasjon/sprak/", {"language": "nn"})
    assert Event.objects.about(world.nora).count() == events


def test_the_language_can_be_chosen_before_logging_in(world: World) -> None:
    client = Client()
    client.post("/organisasjon/sprak/", {"language": "nn", "next": "/konto/login/"})
    assert client.get("/konto/login/").headers["Content-Language"] == "nn"


@pytest.mark.parametrize("onwards", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_nowhere_else(world: World, onwards: str) -> None:
    response = Client().post("/organisasjon/sprak/", {"language": "xx", "next": onwards})
    assert response["location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    assert Client().get("/organisasjon/sprak/").status_code == 405


def test_the_demo_accounts_are_listed_with_their_role_in_demo_mode_only(world: World, settings: Any) -> None:
    actions.add_person(
        municipality=world.municipality,
        name="Vera Demo",
        email="verneombud@aseral.example",
        language="nb",
        password="demo",
    )
    page = Client().get("/konto/login/", headers={"accept-language": "en"}).content.decode()
    assert "verneombud@aseral.example" in page
    assert "Safety representative" in page
    assert "leder@aseral.example" not in page, "only those that are there"
    settings.DEMO = False
    assert "verneombud@aseral.example" not in Client().get("/konto/login/").content.decode()
