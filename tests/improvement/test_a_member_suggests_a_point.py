"""A member of a forum puts something on the agenda; whoever writes it moves it, or takes it off with a word."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from improvement import actions
from improvement.models import AgendaItem, ForumKind, Meeting
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
HEADING, WHY = "Vikarer i ferien", "Det kommer på neste møte"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def meeting(world: World) -> Meeting:
    today = timezone.localdate()
    forum = actions.found_forum(
        by=world.sunniva, name="Ledermøte helse", kind=ForumKind.LEADERS, unit=world.health,
        members=[world.leif, world.hans],
    )  # fmt: skip
    meeting = actions.plan_meeting(
        forum=forum, by=world.sunniva, starts_at=timezone.now() + datetime.timedelta(days=3),
        period_first=today - datetime.timedelta(days=30), period_last=today,
    )  # fmt: skip
    deliver.take_as_told()
    return meeting


@pytest.fixture
def point(world: World, meeting: Meeting) -> AgendaItem:
    return actions.add_item(meeting=meeting, by=world.leif, heading=HEADING, words="Hvordan gjør vi det?")


def test_a_member_suggests_it_until_the_meeting_is_held(world: World, login: Login, meeting: Meeting) -> None:
    client, here = login(world.leif), meeting.get_absolute_url()
    assert "Suggest a point" in text_of(client.get(here))
    client.post(f"{here}punkt/", {"heading": HEADING, "words": ""})
    page = text_of(login(world.hans).get(here))
    assert f"{HEADING} From Leif Lund" in page
    deliver.sweep()
    assert Notification.objects.filter(user=world.sunniva, url__startswith=here).exists()
    assert login(world.kaja).get(f"{here}punkt/").status_code == 404
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[world.leif])
    assert "Suggest a point" not in text_of(client.get(here))
    assert "Somebody was here before" in text_of(client.get(f"{here}punkt/", follow=True))


def test_a_member_changes_and_takes_off_their_own_and_no_others(
    world: World, login: Login, meeting: Meeting, point: AgendaItem
) -> None:
    client, path = login(world.leif), f"/moter/punkt/{point.pk}/"
    client.post(path, {"seen": 0, "heading": "Vikarer", "words": ""})
    point.refresh_from_db()
    assert point.heading == "Vikarer"
    for other in (path, f"{path}av/"):
        assert login(world.hans).get(other).status_code == 403
    assert client.post(f"{path}opp/").status_code == 403
    client.post(f"{path}ut/")
    point.refresh_from_db()
    assert (point.chosen, point.taken_off) == (False, "")
    assert login(world.hans).post(f"{path}ut/").status_code == 403


def test_the_writer_takes_it_off_with_a_word(world: World, login: Login, meeting: Meeting, point: AgendaItem) -> None:
    client, path = login(world.sunniva), f"/moter/punkt/{point.pk}/"
    assert f"{path}av/" in client.get(meeting.get_absolute_url()).text
    assert client.post(f"{path}ut/")["Location"] == f"{path}av/", "not without a word"
    assert client.post(f"{path}av/", {"why": ""}).status_code == 200
    client.post(f"{path}av/", {"why": WHY})
    point.refresh_from_db()
    assert (point.chosen, point.taken_off) == (False, WHY)
    deliver.sweep()
    assert Notification.objects.filter(user=world.leif, url__startswith=meeting.get_absolute_url()).exists()
    assert WHY in text_of(login(world.leif).get(meeting.get_absolute_url()))
    assert WHY not in text_of(login(world.hans).get(meeting.get_absolute_url()))
    client.post(f"{path}inn/")
    point.refresh_from_db()
    assert (point.chosen, point.taken_off) == (True, "")
