"""Practising: the same pages in a place of one's own, marked everywhere, counted nowhere, mailed to nobody."""

from __future__ import annotations

import datetime
import io
import uuid
import zipfile
from collections.abc import Callable

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases_actions
from deviations.models import (
    AnalysisStep,
    Category,
    CauseAnalysis,
    Deviation,
    FigureCount,
    KeptList,
    Kind,
    Message,
    Moment,
    Why,
)
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.networks.forms import municipalities_like
from kvalitetslosen.notifications import digest, password_reset, reminders, sending
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.notifications.outbox import queue
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.paper import printing as prints
from kvalitetslosen.paper.press import Press
from kvalitetslosen.practice import actions
from kvalitetslosen.practice.models import World as PracticeWorld
from tests.deviations import cases
from tests.people import World
from tests.test_every_address import ALL, filled_in

Login = Callable[[User], Client]
TEXT = "Øvde meg på å melde."
BAND = 'class="practice-band"'


def step_in(client: Client, side: str = "employee") -> None:
    answer = client.post("/oving/start/", {"side": side})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def world_of(user: User) -> PracticeWorld:
    return PracticeWorld.objects.open().select_related("employee", "leader", "municipality").get(owner=user)


def report(client: Client, text: str = TEXT, **more: str) -> str:
    """The reference of what was reported."""
    home = BeautifulSoup(client.get("/meld/").text, "html.parser").select_one("#id_unit option[selected]")
    assert home is not None
    sent = {"kind": "deviation", "unit": str(home["value"]), "happened": "now", "text": text, "key": str(uuid.uuid4())}
    answer = client.post("/meld/", sent | more)
    assert answer.status_code == 302, answer.text
    return answer["Location"].split("/")[2]


# Both sides of a case


def test_one_reports_and_then_handles_it_as_the_leader(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    reference = report(client)
    assert TEXT in client.get(f"/avvik/{reference}/").text
    step_in(client, "leader")
    page = client.get("/").text
    assert reference.startswith("OV")
    assert reference in page
    sent = {"outcome": "Takk, nå er det ryddet.", "seen": "1"}
    assert client.post(f"/avvik/{reference}/steg/receive_and_close/", sent).status_code == 302
    step_in(client, "employee")
    assert "Takk, nå er det ryddet." in client.get(f"/avvik/{reference}/").text


def test_there_is_something_to_do_on_each_side_from_the_first_moment(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    page = client.get("/").text
    assert "Questions for you" in page
    assert "Answers to what you reported" in page
    step_in(client, "leader")
    assert "To receive" in client.get("/").text


def test_units_and_categories_are_those_of_ones_own_municipality(world: World, login: Login) -> None:
    cases.category(world, "Vårt eget")
    step_in(login(world.nora))
    made = world_of(world.nora)
    names = Unit.objects.filter(level_0=made.municipality_id).order_by("depth").values_list("name", flat=True)
    assert [name.split(" – ")[1] for name in names] == ["Fjelldal", "Helse og omsorg", "Hjemmetjenesten"]
    assert Category.objects.filter(municipality=made.municipality_id, name="Vårt eget").exists()


@pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kristin", "vidar", "tiril", "per", "ada", "mona"])
def test_everybody_may_practise(world: World, login: Login, who: str) -> None:
    client = login(world.people[who])
    assert "/oving/" in client.get("/").text
    for side in ("employee", "leader"):
        step_in(client, side)
        assert BAND in client.get("/").text
    client.post("/oving/slutt/")
    assert BAND not in client.get("/").text


def test_twice_does_nothing_more_and_get_is_refused(world: World, login: Login) -> None:
    client = login(world.nora)
    for _ in range(2):
        step_in(client)
    assert PracticeWorld.objects.count() == 1
    for path in ("start", "nytt", "slutt"):
        assert client.get(f"/oving/{path}/").status_code == 405
    for _ in range(2):
        assert client.post("/oving/slutt/").status_code == 302
    assert client.post("/oving/start/", {"side": "administrator"}).status_code == 302
    assert BAND not in client.get("/").text
    assert client.post("/oving/nytt/").status_code == 302
    assert PracticeWorld.objects.count() == 1, "only who practises begins anew"


def test_what_practising_is_stands_on_its_page(world: World, login: Login) -> None:
    text = login(world.nora).get("/oving/").text
    assert "Practise as an employee" in text
    assert BAND not in text


# Marked on every page, and on what is taken home


@pytest.mark.one_kind
@pytest.mark.parametrize("side", ["employee", "leader"])
def test_every_page_is_marked_in_practice_and_none_outside(world: World, login: Login, side: str) -> None:
    client = login(world.leif)
    step_in(client, side)
    made = world_of(world.leif)
    reference = (
        Deviation.objects.filter(level_0=made.municipality_id).order_by("pk").values_list("reference", flat=True)[0]
    )
    seen = 0
    for path in ALL:
        # One's own account, calendar and tokens, the real channel, and what is opened by a token alone.
        if path.startswith(
            ("konto/", "kalender/", "stil/", "varsle/", "varsling/", "api/", "rapporter/andre-program/")
        ):
            continue
        answer = client.get(filled_in(path, reference))
        assert answer.status_code in (200, 302, 400, 403, 404, 405), (path, answer.status_code)
        if not answer.streaming and b"<body" in answer.content:
            seen += 1
            assert answer.text.count(BAND) == 1, path
            assert "<title>Practice: " in answer.text, path
            assert "nothing is counted" in answer.text, path
    assert seen > 40
    client.post("/oving/slutt/")
    for path in ("/", "/avvik/", "/meld/", "/oving/", "/handbok/"):
        assert BAND not in client.get(path).text


def test_the_band_is_text_as_well_as_colour_and_first_after_the_way_past_the_menu(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    page = BeautifulSoup(client.get("/").text, "html.parser")
    assert page.body is not None
    first = [each.name for each in page.body.find_all(recursive=False)][:3]
    assert first == ["a", "link", "aside"]
    band = page.select_one("aside.practice-band")
    assert band is not None
    assert band["aria-label"] == "Practice"
    assert [each.get_text(strip=True) for each in band.select("button")] == [
        "Be the leader", "Begin anew", "Stop practising",
    ]  # fmt: skip


def test_files_are_marked_by_name_and_inside(world: World, login: Login) -> None:
    client = login(world.leif)
    step_in(client, "leader")
    for path in ("/rapporter/tall.csv", "/rapporter/saker.csv?status=alle", "/skaderegister/aaret.csv"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert 'filename="practice-' in answer["Content-Disposition"], path
        content = answer.getvalue().decode()
        assert content.startswith("\ufeffPRACTICE"), path
        assert content.count("\ufeff") == 1
    answer = client.get("/rapporter/tall.xlsx")
    assert "practice-" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        assert any("Practice – Hjemmetjenesten".encode() in book.read(each) for each in book.namelist())


def test_paper_is_marked(world: World, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(prints, "FOLDER", uuid.uuid4().hex)  # nothing kept from earlier

    def printing(_press: Press, _page: str, css: str, **_more: object) -> bytes:
        printed.append(css)
        return b"%PDF-1.7"

    monkeypatch.setattr(Press, "print", printing)
    client = login(world.leif)
    assert client.get("/skaderegister/papir/").status_code == 200
    step_in(client, "leader")
    answer = client.get("/skaderegister/papir/")
    assert "practice-" in answer["Content-Disposition"]
    word = prints.across("PRACTICE")
    assert [word in css for css in printed] == [False, True]


# Never counted, never mailed


def test_nothing_of_it_is_in_the_municipalitys_lists_figures_or_people(world: World, login: Login) -> None:
    cases.ordinary(world)
    real = {"cases": Deviation.objects.filter(level_0=world.municipality.pk).count()}
    units = list(Unit.objects.filter(level_0=world.municipality.pk).values_list("pk", flat=True))
    counts = list(FigureCount.objects.filter(unit_id__in=units).order_by("pk").values())
    client = login(world.nora)
    step_in(client)
    reference = report(client)
    assert Deviation.objects.filter(level_0=world.municipality.pk).count() == real["cases"]
    assert list(FigureCount.objects.filter(unit_id__in=units).order_by("pk").values()) == counts
    for who, user in world.people.items():
        other = login(user)
        for path in (
            "/avvik/?status=alle&visning=omrade",
            "/avvik/?status=alle&visning=mine",
            "/",
            f"/avvik/?q={TEXT}",
        ):
            assert reference not in other.get(path).text, (who, path)
        assert other.get(f"/avvik/{reference}/").status_code == 404, who
    people = login(world.ada).get("/organisasjon/folk/").text
    assert "Prøvesen" not in people
    assert "Practice" not in login(world.ada).get("/organisasjon/").text


def test_nothing_real_is_seen_while_practising(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    client = login(world.leif)
    assert deviation.reference in client.get("/avvik/?visning=hos-meg").text
    step_in(client, "leader")
    assert client.get(deviation.get_absolute_url()).status_code == 404
    assert client.post(f"{deviation.get_absolute_url()}steg/receive/", {"seen": "1"}).status_code == 404
    for path in ("/avvik/?status=alle", "/", "/varsler/"):
        assert deviation.reference not in client.get(path).text
    deviation.refresh_from_db()
    assert deviation.events_count == 1


def test_nobody_gets_mail_and_the_notice_says_what_would_have_been_mailed(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    report(client)
    sweep()
    assert not Email.objects.exists()
    notices = Notification.objects.filter(user=world_of(world.nora).leader)
    assert notices.exists()
    step_in(client, "leader")
    assert "Would have come by e-mail too." in client.get("/varsler/").text
    assert not Notification.objects.filter(user__practice=False).exists()


def test_mail_to_somebody_invented_is_stopped_wherever_it_comes_from(world: World, login: Login) -> None:
    step_in(login(world.nora))
    invented = world_of(world.nora).leader
    mail = {"user": invented, "to": invented.email, "language": "nb", "name": "x", "subject": "x", "body": "x"}
    queue([Email(key="a", **mail)])
    assert not Email.objects.exists()
    Email.objects.create(key="b", **mail)  # past the queue: it is stopped as it is about to be sent
    assert sending.send_due_mail() == 0
    assert Email.objects.get().state == Email.State.WITHDRAWN
    password_reset.ask(invented.email)
    assert sending.send_due_mail() == 0
    assert not Email.objects.filter(name=password_reset.NAME).exists()
    assert invented.email.endswith(".invalid")


def test_no_reminder_and_no_weekly_mail(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    sweep()
    before = set(Notification.objects.values_list("pk", flat=True))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=90), tick=False):
        for hour in range(24):
            moment = timezone.now() + datetime.timedelta(hours=hour)
            reminders.remind(moment)
            clock = Clock(moment)
            practised = set(Unit.objects.of_world(practice=True).values_list("pk", flat=True))
            assert not {each.municipality_id for each in digest.open_rounds(clock)} & practised
            assert not any(clock.is_time(pk) for pk in practised)
    told = Notification.objects.exclude(pk__in=before)
    assert not told.filter(user__practice=True).exists()
    assert not Email.objects.filter(user__practice=True).exists()


def test_it_is_no_municipality_to_invite_or_list(world: World, login: Login) -> None:
    step_in(login(world.nora))
    assert world_of(world.nora).municipality not in Unit.objects.municipalities()
    assert not municipalities_like("Practice").exists()


def test_nobody_logs_in_as_somebody_invented(world: World, login: Login, client: Client) -> None:
    step_in(login(world.nora))
    invented = world_of(world.nora).leader
    invented.set_password("en lang og god setning")
    invented.save()
    client.post("/konto/login/", {"login": invented.email, "password": "en lang og god setning"})
    assert client.get("/").status_code == 302, "not let in"
    assert login(invented).get("/").status_code == 302


def test_what_waits_on_the_phone_never_goes_to_the_other_world(world: World, login: Login) -> None:
    client = login(world.nora)
    sent = {"kind": "deviation", "happened": "now", "text": TEXT, "key": str(uuid.uuid4())}
    step_in(client)
    invented = world_of(world.nora).employee
    assert client.get("/venter/hvem/").json()["user"] == str(invented.pk)
    assert client.post("/meld/uten-nett/", sent | {"sender": str(world.nora.pk)}).status_code == 409
    client.post("/oving/slutt/")
    assert client.post("/meld/uten-nett/", sent | {"sender": str(invented.pk)}).status_code == 409
    assert not Deviation.objects.filter(text=TEXT).exists()


def test_a_code_and_a_wall_open_only_in_their_own_world(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    made = world_of(world.nora)
    unit = Unit.objects.filter(level_0=made.municipality_id).order_by("-depth").first()
    assert unit is not None
    practised = cases_actions.report_anonymously(unit=unit, kind=Kind.DEVIATION, text=TEXT)
    real = cases.coded(world)
    screen = cases_actions.put_up_screen(unit=unit, by=made.leader)
    for code, here in ((practised.code, True), (real.code, False)):
        assert (client.post("/sak/", {"code": code}).status_code == 302) == here
    page = client.post("/sak/", {"code": practised.code}, follow=True).text
    assert TEXT in page
    assert BAND in page
    wall = client.get(screen.get_absolute_url())
    assert BAND in wall.text
    client.post("/oving/slutt/")
    for code, here in ((practised.code, False), (real.code, True)):
        assert (Client().post("/sak/", {"code": code}).status_code == 302) == here
    assert client.get("/sak/min/").status_code == 302, "the mark of the practised case opens nothing outside"
    assert Client().get(screen.get_absolute_url()).status_code == 404


# Whose it is


def test_each_has_their_own(world: World, login: Login) -> None:
    nora, leif = login(world.nora), login(world.leif)
    step_in(nora)
    step_in(leif, "leader")
    reference = report(nora)
    assert leif.get(f"/avvik/{reference}/").status_code == 404
    assert reference not in leif.get("/avvik/?status=alle").text


def test_the_account_stays_ones_own(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    page = client.get("/").text
    assert "/konto/logout/" not in page
    assert world.nora.email not in page
    assert "invalid" not in page
    assert world.nora.email in client.get("/konto/okter/").text
    client.post("/konto/logout/")
    assert client.get("/").status_code == 302


def test_a_session_that_says_more_than_it_may_is_put_right(world: World, login: Login) -> None:
    client = login(world.nora)
    session = client.session
    session["practice"] = "leader"  # nothing was begun
    session.save()
    page = client.get("/")
    assert page.status_code == 200
    assert BAND not in page.text


def test_nobody_practises_inside_of_practising(world: World, login: Login) -> None:
    step_in(login(world.nora))
    with pytest.raises(ValueError, match="invented"):
        actions.begin(owner=world_of(world.nora).leader)


def test_an_invented_person_gets_no_part_in_the_real_municipality(world: World, login: Login) -> None:
    from kvalitetslosen.organisation.actions import grant_role

    step_in(login(world.nora))
    with pytest.raises(ValidationError):
        grant_role(user=world_of(world.nora).leader, unit=world.home_care, role=Role.LEADER)
    assert not Membership.objects.filter(user__practice=True, unit__level_0=world.municipality.pk).exists()


# Beginning anew


def test_one_tap_begins_anew_and_forgets_what_was_written(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    reference = report(client)
    deviation = Deviation.objects.get(reference=reference)
    before = world_of(world.nora)
    cases_actions.receive(deviation=deviation, by=before.leader)
    cases_actions.write_message(deviation=deviation, by=before.leader, text="Hemmelig", from_reporter=False)
    cases_actions.put_moment(
        deviation=deviation, by=before.leader, key=uuid.uuid4(), happened_at=None, what="Hemmelig"
    )
    cases_actions.put_why(deviation=deviation, by=before.leader, key=uuid.uuid4(), text="Hemmelig")
    cases_actions.judge_peers(deviation=deviation, by=before.leader, peers="yes", note="Hemmelig")
    steps = {1: (True, "Hemmelig")}
    cases_actions.work_through(deviation=deviation, by=before.leader, response="swarm", steps=steps)
    cases_actions.keep_list(by=before.leader, query="", key=uuid.uuid4(), name="Hemmelig", shared_with=None)
    assert client.post("/oving/nytt/").status_code == 302
    assert world_of(world.nora) != before
    page = client.get("/").text
    assert BAND in page
    assert "Questions for you" in page
    assert client.get(f"/avvik/{reference}/").status_code == 404
    deviation.refresh_from_db()
    assert deviation.text == "–"
    assert not Message.objects.filter(deviation=deviation).exists()
    assert CauseAnalysis.objects.get(deviation=deviation).peers_note == ""
    for forgotten in (Moment, Why, AnalysisStep, KeptList):
        assert not forgotten._base_manager.exists(), forgotten
    before.employee.refresh_from_db()
    assert not before.employee.is_active
    assert not list(verify(Count()))


def test_what_was_left_for_a_month_is_forgotten(world: World, login: Login) -> None:
    client = login(world.nora)
    step_in(client)
    reference = report(client)
    assert actions.tidy() == 0
    assert actions.tidy(timezone.now() + datetime.timedelta(days=31)) == 1
    assert Deviation.objects.get(reference=reference).text == "–"
    assert BAND not in client.get("/").text, "back to what is real"
    step_in(client)
    assert BAND in client.get("/").text


def test_real_cases_are_never_forgotten_with_it(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    client = login(world.nora)
    step_in(client)
    client.post("/oving/nytt/")
    deviation.refresh_from_db()
    assert deviation.text == cases.TEXT
    assert not list(verify(Count()))


def test_the_database_keeps_practice_to_whole_municipalities_and_one_a_person(world: World, login: Login) -> None:
    step_in(login(world.nora))
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=world.home_care.pk).update(practice=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeWorld.objects.create(
            owner=world.nora, municipality=world.municipality, employee=world.leif, leader=world.greta
        )


def test_a_page_costs_the_same_outside_and_three_questions_more_inside(world: World, login: Login) -> None:
    client = login(world.nora)

    def asked() -> int:
        client.get("/oving/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/oving/").status_code == 200
        return len(queries)

    outside = asked()
    step_in(client)
    assert asked() <= outside + 3
    client.post("/oving/slutt/")
    assert asked() == outside
