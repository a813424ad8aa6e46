"""Whistle-blowing is nowhere for anybody but the recipients: no list, count, search, export, mail, log or journal."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import structlog
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.db.utils import DatabaseError
from django.test import Client

from deviations.models import WhistleCase, WhistleEvent
from deviations.whistle import actions
from deviations.whistle.journal import GUARD
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.models import Email, Notification, Reminder
from kvalitetslosen.notifications.settings_actions import change_mail_settings
from kvalitetslosen.organisation.models import User
from tests.deviations import whistles
from tests.deviations.test_what_pages_cost import questions
from tests.deviations.whistles import RECIPIENTS, WORD
from tests.notifications.conftest import Post, at
from tests.people import World
from tests.test_every_address import ALL, filled_in

Login = Callable[[User], Client]
OWN = ("Whistle",)

CHANGES_BY_ITSELF = re.compile(
    r'csrf[^>]*value="[^"]+"|"token": "[^"]+"|X-CSRFToken[^}]*|name="(?:begun|key)" value="[^"]+"|nonce="[^"]+"'
    r'|value="[^"]+"\s+id="id_key"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
)
SEARCHES = tuple(
    f"{path}?q={WORD}" for path in ("/avvik/", "/avvik/?visning=mine", "/handbok/", "/tiltak/", "/organisasjon/folk/")
)


def said_by(client: Client, path: str) -> tuple[int, str]:
    """What an address answers, without what differs from one time to the next; spreadsheets unpacked."""
    answer = client.get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [packed.read(name) for name in sorted(packed.namelist()) if "docProps" not in name]
        content = b"".join(parts)
    elif content.startswith(b"%PDF"):
        content = b"%PDF"
    return answer.status_code, CHANGES_BY_ITSELF.sub("", content.decode(errors="replace"))


def rows_elsewhere() -> dict[str, list[Any]]:
    """Every row of every table but the channel's own, and the log-ins of the test."""
    models: list[type[Model]] = [
        model
        for model in apps.get_models()
        if not model.__name__.startswith(OWN) and model._meta.app_label not in ("sessions", "usersessions")
    ]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


@pytest.mark.one_kind
@pytest.mark.parametrize("who", ["nora", "leif", "sunniva", "rolf", "kristin", "vidar", "per", "ada", "mona"])
def test_not_one_page_differs_for_anybody_else_when_there_is_a_case(world: World, login: Login, who: str) -> None:
    """Neither words nor counts: all addresses, before and after."""
    whistles.appointed(world)
    client = login(world.people[who])
    paths = [filled_in(path, "FJE-2026-0001") for path in ALL if not path.startswith(("konto/", "stil/", "api/"))]
    with time_machine.travel(at("2026-09-01 10:00"), tick=False):
        for path in paths:
            client.get(path)  # what is remembered, or marked as seen, from the first time on
        before = {path: said_by(client, path) for path in (*paths, *SEARCHES)}
        case = whistles.concluded(world, name="Nora Nygård", happened=WORD)
        whistles.case(world)
        for path, (status, page) in before.items():
            now, said = said_by(client, path)
            assert now == status, path
            assert WORD not in said or path in SEARCHES, path  # where what was searched for stands in its field
            assert case.reference not in said, path
            assert said == page, path
        for path in ("", "steg/conclude/", "filer/", "svar/", "notat/", "navn/"):
            for answer in (
                client.get(f"{case.get_absolute_url()}{path}"),
                client.post(f"{case.get_absolute_url()}{path}", {"text": "x", "outcome": "x"}),
            ):
                assert answer.status_code in (404, 405), (who, path)
        assert client.get("/varsling/").status_code == 404


def test_a_case_writes_in_no_table_but_its_own(world: World) -> None:
    whistles.appointed(world)
    before = rows_elsewhere()
    case = whistles.concluded(world, name="Nora Nygård")
    actions.write_to_recipients(case=case, text=WORD)
    actions.open_identity(case=case, by=world.kaja)
    actions.look_after(case=case, by=world.tiril, text=WORD, again_on=None)
    assert rows_elsewhere() == before


def test_mail_goes_to_recipients_alone_and_says_nothing_but_that_something_waits(world: World) -> None:
    post = Post()
    with time_machine.travel(at("2026-09-01 08:00"), tick=False) as clock:
        change_mail_settings(municipality_id=world.municipality.pk, by=world.ada, digest=False)
        whistles.appointed(world)
        post.round()
        case = whistles.case(world, concerns=[world.tiril], name="Nora Nygård")
        told = []
        for moment in ("2026-09-01 10:00", "2026-09-03 10:00", "2026-09-08 10:00", "2026-09-09 10:00"):
            clock.move_to(at(moment))
            told += [(str(each.to[0]), str(each.subject)) for each in post.round()]
        assert {to for to, _subject in told} == {world.kaja.email}, "not to the one it is about"
        subjects = [subject for _to, subject in told]
        assert subjects[0] == "There is something for you in a closed channel"
        assert any("deadline" in subject or "2" in subject for subject in subjects[2:]), subjects
        written = repr(list(Email.objects.values())) + repr(list(Notification.objects.values()))
        for secret in (WORD, case.reference, str(case.key), "Nora", "Lederen"):
            assert secret not in written
        assert "/varsling/" in written
        assert set(Reminder.objects.values_list("user", flat=True)) == {world.kaja.pk}
        assert not Event.objects.filter(subject_type__model__startswith="whistlecase").exists()
        n = Email.objects.count()
        actions.acknowledge(case=case, by=world.kaja, text="Takk.")
        clock.move_to(at("2026-09-14 10:00"))
        post.round()
        assert Email.objects.count() == n, "what is answered reminds nobody"


def test_it_is_late_aloud_for_recipients(world: World, login: Login) -> None:
    with time_machine.travel(at("2026-09-01 08:00"), tick=False) as clock:
        case = whistles.case(world)
        assert "receipt by" in login(world.kaja).get("/").text
        clock.move_to(at("2026-09-09 08:00"))
        assert "receipt is late" in login(world.kaja).get("/").text
        page = login(world.kaja).get(case.get_absolute_url()).text
        assert "should have had a receipt" in page
        assert case.reference not in login(world.ada).get("/").text


def test_those_who_read_the_mail_of_a_trial_read_none_of_this(world: World, login: Login, settings: Any) -> None:
    settings.DEMO, settings.MAIL_TRANSPORT = True, "kvalitetslosen.notifications.backends.FileMail"
    with time_machine.travel(at("2026-09-01 10:00"), tick=False):
        whistles.case(world)
        from kvalitetslosen.notifications import reminders

        reminders.remind()
        email = Email.objects.get(name="notifications.reminders", user=world.kaja)
        from kvalitetslosen.notifications.views import demo_mail, demo_mail_one

        for user, sees in ((world.ada, False), (world.kaja, True)):
            from django.http import Http404
            from django.test import RequestFactory

            request = RequestFactory().get("/")
            request.user = user
            assert ("closed channel" in demo_mail(request).content.decode()) is sees
            if sees:
                assert demo_mail_one(request, email.pk).status_code == 200
            else:
                with pytest.raises(Http404):
                    demo_mail_one(request, email.pk)


def test_the_log_has_no_line_of_the_channel(world: World, login: Login, caplog: pytest.LogCaptureFixture) -> None:
    case, code = whistles.told(world)
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO):
        login(world.kaja).get(case.get_absolute_url())
        login(world.ada).get(case.get_absolute_url())
        client = Client()
        client.get("/varsle/?kommune=FJE")
        client.post("/varsle/kode/", {"code": code})
        client.get("/varsle/kode/mitt/")
    said = repr(lines) + caplog.text
    for secret in ("varsl", str(case.key), world.kaja.email, code):
        assert secret not in said
    assert not [line for line in lines if line["event"] == "request_finished"]


def verified() -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("verify_journal", stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_the_check_of_the_journal_takes_it_in_and_tells_nothing_of_it(world: World) -> None:
    whistles.appointed(world)
    honest = re.sub(r"in \d+ s", "", verified()[1])
    case = whistles.concluded(world)
    assert re.sub(r"in \d+ s", "", verified()[1]) == honest, "not even how many"
    connection.check_constraints()
    GUARD.take_down(connection)
    WhistleEvent.objects.filter(case=case, number=2).update(by=world.tiril)
    connection.check_constraints()
    GUARD.put_up(connection)
    code, said = verified()
    assert code == 1
    assert f"the sealed channel's case {case.pk}, event 2: isn't what was written" in said
    for word in (WORD, "acknowledged", case.reference, "Tiril"):
        assert word not in said


@pytest.mark.parametrize("end", [1, 2, 3])
def test_a_removed_event_is_found(world: World, end: int) -> None:
    case = whistles.acknowledged(world)
    actions.note(case=case, by=world.kaja, text="x")
    connection.check_constraints()
    GUARD.take_down(connection)
    WhistleEvent.objects.filter(case=case, number=end).delete()
    connection.check_constraints()
    GUARD.put_up(connection)
    assert verified()[0] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deviations_whistleevent SET type = 'noted'",
        "DELETE FROM deviations_whistleevent",
    ],
)
def test_the_database_refuses_to_rewrite(world: World, statement: str) -> None:
    whistles.case(world)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_recipients_pages_cost_the_same_at_few_and_many_cases(world: World, login: Login) -> None:
    client = login(world.kaja)
    for _ in range(3):
        whistles.case(world)
    few = {path: questions(client, path) for path in ("/varsling/", "/")}
    for _ in range(60):
        whistles.case(world)
    assert {path: questions(client, path) for path in few} == few
    assert few["/varsling/"] <= 8


def test_nobody_elses_files_or_cases_come_by_an_address_that_is_mixed(world: World, login: Login) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from kvalitetslosen.files.uploads import examine

    one, other = whistles.case(world), whistles.case(world, concerns=[world.kaja])
    note = examine(SimpleUploadedFile("notat.txt", b"42", content_type="text/plain"))
    actions.add_files(case=other, uploads=[note])
    theirs = Attachment.objects.get()
    assert login(world.kaja).get(f"{one.get_absolute_url()}filer/{theirs.key}/").status_code == 404
    assert login(world.kaja).get(f"{other.get_absolute_url()}filer/{theirs.key}/").status_code == 404
    assert WhistleCase.objects.visible_to(world.kaja).get() == one


def test_who_sees_is_the_same_question_everywhere(world: World) -> None:
    case = whistles.case(world)
    seeing = {name for name, user in world.people.items() if WhistleCase.objects.visible_to(user).exists()}
    assert seeing == set(RECIPIENTS)
    from deviations.models import WhistleRecipient

    assert {
        each.user.name for each in WhistleRecipient.objects.seeing(case).select_related("user").order_by("pk")
    } == {world.people[name].name for name in RECIPIENTS}
