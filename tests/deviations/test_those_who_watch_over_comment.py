"""Safety representatives and data protection officers say something to a case; the reporter reads what is for them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions
from deviations.models import Comment, Deviation
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation.actions import grant_role
from kvalitetslosen.organisation.models import Role, User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
SAID = "Dette bør tas opp på neste vernerunde."


def main_of(client: Client, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def say(client: Client, deviation: Deviation, text: str = SAID, **more: str) -> int:
    sent = {"key": str(uuid.uuid4()), "text": text, **more}
    return client.post(f"{deviation.get_absolute_url()}kommentar/", sent).status_code


def noticed(user: User, name: str) -> int:
    return Notification.objects.filter(user=user, name=name).count()


def mailed(user: User, name: str) -> int:
    return Email.objects.filter(user=user, name=name).count()


def test_the_handler_is_told_and_reads_it_and_the_reporter_does_not(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    page = main_of(login(world.vidar), deviation.get_absolute_url())
    assert "Write a comment" in page
    assert "Nora" not in page
    assert say(login(world.vidar), deviation) == 302
    assert SAID in main_of(login(world.vidar), deviation.get_absolute_url())
    for who in (world.leif, world.sunniva, world.kaja):
        page = main_of(login(who), deviation.get_absolute_url())
        assert SAID in page
        assert "Vidar Vik commented on the case." in page
    page = main_of(login(world.nora), deviation.get_absolute_url())
    assert SAID not in page
    assert "comment" not in page.casefold()
    sweep()
    assert noticed(world.leif, "deviations.commented") == 1
    assert mailed(world.leif, "deviations.commented") == 1
    assert not Notification.objects.filter(user=world.nora, name__contains="comment").exists()


def test_the_reporter_reads_what_is_meant_for_them(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    assert say(login(world.vidar), deviation, for_reporter="on") == 302
    page = main_of(login(world.nora), deviation.get_absolute_url())
    assert SAID in page
    assert "Write a comment" not in page
    sweep()
    assert noticed(world.nora, "deviations.comment_for_reporter") == 1
    assert not mailed(world.nora, "deviations.comment_for_reporter")


def test_whoever_commented_is_told_of_the_answer(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    assert say(login(world.leif), deviation) == 403, "there is nothing to answer yet"
    say(login(world.vidar), deviation)
    sweep()
    assert say(login(world.leif), deviation, "Ja, på torsdag.") == 302
    sweep()
    assert noticed(world.vidar, "deviations.comment_answered") == 1
    assert mailed(world.vidar, "deviations.comment_answered") == 1
    assert mailed(world.leif, "deviations.commented") == 1, "nobody is told of their own words"


def test_the_data_protection_officer_comments_on_privacy(world: World, login: Login) -> None:
    deviation = cases.privacy(world)
    assert say(login(world.per), deviation) == 302
    assert SAID in main_of(login(world.leif), deviation.get_absolute_url())


def test_it_is_said_also_when_the_case_is_closed(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Ryddet.")
    assert say(login(world.vidar), deviation) == 302
    sweep()
    assert mailed(world.leif, "deviations.commented") == 1


def test_sent_twice_it_is_said_once(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    client, sent = login(world.vidar), {"key": str(uuid.uuid4()), "text": SAID}
    for _ in range(2):
        assert client.post(f"{deviation.get_absolute_url()}kommentar/", sent).status_code == 302
    assert Comment.objects.count() == 1
    deviation.refresh_from_db()
    assert deviation.events_count == 2


def test_an_identity_number_is_refused(world: World, login: Login) -> None:
    deviation = cases.hse(world)
    assert say(login(world.vidar), deviation, "Gjelder 13097248022.") == 200
    assert not Comment.objects.exists()


MAY: dict[str, set[str]] = {"ordinary": set(), "hse": {"vidar"}, "privacy": {"per"}}


@pytest.mark.parametrize("kind", cases.KINDS)
def test_who_may_comment(world: World, login: Login, kind: str) -> None:
    deviation = cases.KINDS[kind](world)
    for who, user in world.people.items():
        sees = Deviation.objects.visible_to(user).filter(pk=deviation.pk).exists()
        expected = 404 if not sees else 200 if who in MAY.get(kind, set()) else 403
        client = login(user)
        assert client.post(f"{deviation.get_absolute_url()}kommentar/", {"text": ""}).status_code == expected, who
        assert client.get(f"{deviation.get_absolute_url()}kommentar/").status_code == 405


def test_a_safety_representative_who_reported_is_the_reporter(world: World, login: Login) -> None:
    grant_role(user=world.nora, unit=world.home_care, role=Role.SAFETY_REP)
    deviation = cases.hse(world)
    say(login(world.vidar), deviation)
    assert SAID not in main_of(login(world.nora), deviation.get_absolute_url())
    assert say(login(world.nora), deviation) == 403


def test_a_neighbouring_area_is_another_representatives(world: World, login: Login) -> None:
    grant_role(user=world.greta, unit=world.nursing_home, role=Role.SAFETY_REP)
    deviation = cases.hse(world)
    assert say(login(world.greta), deviation) == 404
