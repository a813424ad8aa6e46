"""Leif makes the address of his calendar; a program fetches it, and learns no more than a mail says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Kind
from improvement import actions as improvement
from improvement.models import Action
from kvalitetslosen.calendars import actions, feed
from kvalitetslosen.calendars.models import CalendarAddress
from kvalitetslosen.calendars.registry import Entry
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
pytestmark = pytest.mark.xdist_group("counts in the cache")
SECRET = "Heng opp ny dosett hos brukeren i Storgata 5."


@pytest.fixture
def action(world: World) -> Action:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    deadline = timezone.localdate() + datetime.timedelta(days=9)
    return improvement.plan(by=world.leif, what=SECRET, owner=world.leif, deadline=deadline, deviation=case)


@pytest.fixture
def address(world: World) -> str:
    return f"/kalender/{actions.token_of(actions.make_address(user=world.leif))}.ics"


def events(body: bytes) -> list[icalendar.Event]:
    return [each for each in icalendar.Calendar.from_ical(body).walk() if isinstance(each, icalendar.Event)]


def test_he_makes_it_in_one_tap_and_a_program_fetches_it(
    world: World, login: Login, client: Client, action: Action
) -> None:
    leif = login(world.leif)
    assert leif.get("/kalender/").context["url"] == ""
    leif.post("/kalender/ny/")
    url = leif.get("/kalender/").context["url"]
    path = url.removeprefix("http://127.0.0.1:8000") if url.startswith("http://127") else "/" + url.split("/", 3)[3]
    assert url in leif.get("/kalender/").content.decode()

    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(answer.content)
    assert event.decoded("dtstart") == action.deadline
    assert event.decoded("dtend") == action.deadline + datetime.timedelta(days=1)
    assert str(event["url"]).endswith(f"/tiltak/{action.pk}/")
    assert str(event["transp"]) == "TRANSPARENT"
    assert CalendarAddress.objects.get().used_on == timezone.localdate()


def test_the_page_shows_what_is_next_and_the_rest_when_asked(world: World, login: Login, action: Action) -> None:
    for number in range(6):
        day = timezone.localdate() + datetime.timedelta(days=10 + number)
        improvement.plan(by=world.leif, what="Lys ut", owner=world.leif, deadline=day, deviation=action.deviation)
    answer = login(world.leif).get("/kalender/")
    shown, _fold, folded = answer.content.decode().partition(f"Show {answer.context['count'] - 5} more")
    assert f'href="/tiltak/{action.pk}/"' in shown, "the nearest"
    assert 'href="/tiltak/' in folded
    assert len(re.findall(r'class="los-list__main" href=', shown + folded)) == answer.context["count"]


def test_it_says_nothing_of_what_was_written_nor_of_the_case(client: Client, action: Action, address: str) -> None:
    said = client.get(address).content.decode()
    assert action.unit.name in said.replace("\r\n ", "")
    assert action.deviation
    for hidden in (SECRET, "Storgata", "Feil dose", action.deviation.reference, "Leif", "Nora"):
        assert hidden not in said.replace("\r\n ", "")


def test_the_same_calendar_is_not_sent_twice(client: Client, world: World, action: Action, address: str) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    uid = events(first.content)[0]["uid"]
    later = action.deadline + datetime.timedelta(days=3)
    improvement.move_deadline(action=action, by=world.leif, deadline=later, note="Ferie")
    moved = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200
    [event] = events(moved.content)
    assert (event["uid"], event.decoded("dtstart")) == (uid, later), "moved, and still the same"
    improvement.finish(action=action, by=world.leif, done_note="Gjort.")
    assert not events(client.get(address).content)
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_an_hour_is_told_in_utc(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    oslo = timezone.get_current_timezone()
    starts = datetime.datetime(2026, 7, 1, 9, tzinfo=oslo)
    entry = Entry(key="1", title="Møte", url="/", starts=starts, minutes=90, busy=True)
    monkeypatch.setattr(feed, "entries_of", lambda user: [("test", entry)])
    body = feed.calendar_of(world.leif)
    assert b"DTSTART:20260701T070000Z" in body
    assert b"DTEND:20260701T083000Z" in body
    assert b"TRANSP:OPAQUE" in body
    assert b"X-PUBLISHED-TTL:PT4H" in body
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in body


def test_a_new_one_shuts_the_old_and_taking_it_away_shuts_both(
    world: World, login: Login, client: Client, address: str
) -> None:
    leif = login(world.leif)
    leif.post("/kalender/ny/")
    new = f"/kalender/{actions.token_of(CalendarAddress.objects.get())}.ics"
    assert Client().get(address).status_code == 404
    assert Client().get(new).status_code == 200
    leif.post("/kalender/slutt/")
    leif.post("/kalender/slutt/")
    assert Client().get(new).status_code == 404
    kinds = list(Event.objects.about(world.leif).order_by("number").values_list("type", flat=True))[-3:]
    made, gone = "calendars.address_made", "calendars.address_revoked"
    assert kinds == [made, made, gone]
    assert leif.get("/kalender/ny/").status_code == 405


def test_a_new_way_into_the_account_ends_the_calendar_of_the_old(world: World, address: str) -> None:
    organisation.change_person(user=world.leif, by=world.ada, email="leif@elsewhere.example")
    assert not CalendarAddress.objects.filter(user=world.leif).exists()


def test_whoever_has_left_has_no_calendar(world: World, address: str) -> None:
    heirs = {each.key: world.sunniva for each, _count in handover.outstanding(world.leif)}
    handover.deactivate(user=world.leif, by=world.ada, heirs=heirs)
    assert Client().get(address).status_code == 404
    assert not CalendarAddress.objects.exists()


def test_wrong_ones_are_counted_and_shut_no_right_one_out(client: Client, address: str) -> None:
    cache.clear()
    tried = [client.get(f"/kalender/{number}.ics").status_code for number in range(31)]
    assert tried == [404] * 30 + [429]
    assert client.get(address).status_code == 200
    assert [client.get(address).status_code for _time in range(25)][-1] == 429, "nor is it made without end"
    cache.clear()


def test_the_database_and_the_log_never_have_it(
    client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = address.split("/")[2].removesuffix(".ics")
    caplog.set_level("INFO")
    client.get(address)
    client.get(address.replace(token, "feil" + token))
    assert "kalender/<str:token>.ics" in caplog.text
    assert token not in caplog.text
    row = CalendarAddress.objects.values().get()
    assert token not in str(row)
    assert token not in str(list(Event.objects.values_list("data", flat=True)))
