"""What these tests share: the post, run by hand, and the clock."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from deviations import actions
from deviations.models import Deviation, Kind
from kvalitetslosen.notifications import deliver, reminders, sending
from kvalitetslosen.notifications.settings_actions import change_mail_settings
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO
from tests.notifications.mail_server import MailServer
from tests.people import World

SECRET_TEXT = "Bruker i Storgata 5 fikk dobbel dose."


class Post:
    """Does what the worker does, and reads what came."""

    def round(self) -> list[EmailMessage]:
        """One round of the worker: what happened is delivered, what is due is reminded of and sent."""
        before = len(getattr(mail, "outbox", []))
        deliver.sweep()
        reminders.remind()
        sending.send_due_mail()
        return mail.outbox[before:]

    def deliver(self) -> list[EmailMessage]:
        """The same without reminders: it doesn't matter what day it is."""
        before = len(getattr(mail, "outbox", []))
        deliver.sweep()
        sending.send_due_mail()
        return mail.outbox[before:]

    def to(self, user: User) -> list[EmailMessage]:
        return [each for each in mail.outbox if each.to == [user.email]]

    def subjects(self, user: User) -> list[str]:
        return [str(each.subject) for each in self.to(user)]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday 1 September 2026, 10:00 in Norway: no holiday for months. `clock.move_to(at(…))` goes elsewhere."""
    with time_machine.travel(at("2026-09-01 10:00"), tick=False) as traveller:
        yield traveller


def at(moment: str) -> datetime.datetime:
    """A time on Norwegian clocks."""
    return datetime.datetime.fromisoformat(moment).replace(tzinfo=OSLO)


@pytest.fixture
def report(world: World) -> Callable[..., Deviation]:
    """Nora reports from home care, unless told otherwise. How the world came to be is old news."""
    deliver.take_as_told()

    def reported(**how: Any) -> Deviation:
        usual: dict[str, Any] = {
            "by": world.nora, "unit": world.home_care, "kind": Kind.NEAR_MISS, "text": SECRET_TEXT,
        }  # fmt: skip
        return actions.report(**(usual | how))

    return reported


@pytest.fixture
def no_weekly_mail(clock: time_machine.Traveller, world: World) -> None:
    """For what is about single reminders: the weekly mail would gather them up on Mondays."""
    for municipality in (world.municipality, world.other_municipality):
        change_mail_settings(municipality_id=municipality.pk, by=world.ada, digest=False)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Mail goes out by SMTP to a real server on this machine."""
    server = MailServer().start()
    settings.MAIL_TRANSPORT = "kvalitetslosen.notifications.backends.Smtp"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()
