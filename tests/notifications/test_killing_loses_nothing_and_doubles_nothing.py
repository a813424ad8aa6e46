"""Real workers, a real broker and a real mail server, killed in the middle of their work.

What is promised: every event leads to its mail, and every mail is one mail, told by its Message-ID. What no sender of
mail can promise: that the server gets it in one copy when the sender dies after the server has taken it and before
that is written down. Such copies carry the same Message-ID, and there are no more of them than mails in hand.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import announce, announce_all
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Delivery, Digest, Email, Lease, Notification, Reminder
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit
from tests.notifications.mail_server import MailServer
from tests.notifications.processes import FILES, Broker, Worker, announcing_to, run_python, until
from tests.people import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Report = Callable[..., Deviation]
N = 40


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def redis_broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path).start()
    yield broker
    broker.kill()


@pytest.fixture
def workers(tmp_path: Path, server: MailServer) -> Iterator[Callable[..., Worker]]:
    """Makes workers, and leaves none behind."""
    made: list[Worker] = []

    def make(broker_url: str = FILES, name: str = "one", *, beat: bool = True) -> Worker:
        worker = Worker(tmp_path, server.port, broker_url, name, beat).start()
        made.append(worker)
        return worker

    yield make
    for worker in made:
        if worker.is_running:
            worker.kill()


def all_sent(expected: int) -> Callable[[], bool]:
    return lambda: Email.objects.filter(state=Email.State.SENT).count() == expected


def _has_got(server: MailServer, mails: int) -> bool:
    return len(server.got) >= mails


def _has_reminded(people: int) -> bool:
    return Reminder.objects.count() >= people


def time_passes() -> None:
    """What a killed worker had in hand is left alone for ten minutes, and after a failure there is a pause: both over.

    Only for when nothing is running that could still be at it.
    """
    Email.objects.filter(state__in=["queued", "sending"]).update(next_try_at=timezone.now())
    Lease.objects.update(until=timezone.now())


def every_mail_once(world: World, server: MailServer, expected: int, copies_allowed: int = 0) -> None:
    """One row an event, one Message-ID a row, all of them with the server, and no more copies than were in hand."""
    events = Event.objects.filter(type="deviations.reported")
    assert events.count() == expected
    assert Delivery.objects.filter(event__in=events).count() == expected
    assert Counter(Email.objects.filter(user=world.leif).values_list("event", flat=True)) == Counter(
        events.values_list("pk", flat=True)
    )
    assert Notification.objects.filter(user=world.leif).count() == expected
    rows = set(Email.objects.values_list("message_id", flat=True))
    assert set(server.ids()) == rows
    assert len(server.ids()) - len(rows) <= copies_allowed
    bodies = {(each["Message-ID"], str(each["Subject"]), each["Date"]) for each in server.got}
    assert len(bodies) == len(rows), "a copy is the same mail to the letter"


@pytest.mark.parametrize(
    "kind", [pytest.param("redis", marks=pytest.mark.redis), pytest.param("files", marks=pytest.mark.one_kind)]
)
def test_a_worker_killed_again_and_again(
    kind: str, world: World, report: Report, server: MailServer, workers: Callable[..., Worker], tmp_path: Path
) -> None:
    broker = Broker(tmp_path).start() if kind == "redis" else None
    url = broker.url if broker else FILES
    server.seconds = 0.05
    try:
        with announcing_to(url, tmp_path):
            for _ in range(N):
                report()
        in_hand = 0
        for number, so_many in enumerate((3, N // 3, 2 * N // 3)):
            worker = workers(url, f"victim-{number}")
            until(f"{so_many} mails have arrived", partial(_has_got, server, so_many), worker)
            worker.kill()
            in_hand += Email.objects.filter(state=Email.State.SENDING).count()
            time_passes()
        survivor = workers(url, "survivor")
        until("all mail is sent", all_sent(N), survivor)
        every_mail_once(world, server, N, copies_allowed=in_hand)
    finally:
        if broker:
            broker.kill()


@pytest.mark.redis
def test_a_broker_that_dies_and_forgets(
    world: World,
    report: Report,
    server: MailServer,
    workers: Callable[..., Worker],
    redis_broker: Broker,
    tmp_path: Path,
) -> None:
    """Tasks in the queue are gone with it; what they were about is in the database."""
    worker = workers(redis_broker.url)
    with announcing_to(redis_broker.url, tmp_path):
        for _ in range(N // 2):
            report()
        until("some mail has arrived", lambda: len(server.got) >= 3, worker)
        redis_broker.kill()
        for _ in range(N // 2):
            report()
    redis_broker.start()
    until("all mail is sent", all_sent(N), worker)
    every_mail_once(world, server, N)


@pytest.mark.redis
def test_a_mail_server_that_is_away(
    world: World,
    report: Report,
    server: MailServer,
    workers: Callable[..., Worker],
    redis_broker: Broker,
    tmp_path: Path,
) -> None:
    server.stop()
    worker = workers(redis_broker.url)
    with announcing_to(redis_broker.url, tmp_path):
        for _ in range(N):
            report()
    until("every mail is written", lambda: Email.objects.count() == N, worker)
    until("somebody tried", lambda: Email.objects.filter(attempts__gte=1).count() >= 2, worker)
    assert server.got == []
    assert not Email.objects.exclude(state__in=["queued", "sending"]).exists()
    server.start()
    until("all mail is sent", lambda: _hurried() or all_sent(N)(), worker)
    every_mail_once(world, server, N)


def _hurried() -> bool:
    """The pause after a failure is over."""
    Email.objects.filter(state="queued", next_try_at__gt=timezone.now()).update(next_try_at=timezone.now())
    return False


@pytest.mark.redis
def test_two_workers_two_schedulers_and_every_task_twice(
    world: World,
    report: Report,
    server: MailServer,
    workers: Callable[..., Worker],
    redis_broker: Broker,
    tmp_path: Path,
) -> None:
    """Nobody dies, so there isn't one copy too many."""
    server.seconds = 0.01
    pair = [workers(redis_broker.url, name) for name in ("one", "two")]
    with announcing_to(redis_broker.url, tmp_path):
        for _ in range(N):
            report()
            announce(Event.objects.latest("pk").pk)
            announce_all()
    until("all mail is sent", all_sent(N), *pair)
    every_mail_once(world, server, N)
    assert len(server.ids()) == N


@pytest.mark.redis
def test_the_leader_has_the_mail_within_seconds(
    world: World,
    report: Report,
    server: MailServer,
    workers: Callable[..., Worker],
    redis_broker: Broker,
    tmp_path: Path,
) -> None:
    """Without any scheduler: the task that is sent when the case arrives is enough."""
    worker = workers(redis_broker.url, beat=False)
    with announcing_to(redis_broker.url, tmp_path):
        report()
    until("the mail is there", lambda: server.to(world.leif.email), worker)
    every_mail_once(world, server, 1)


REMIND = """
import time_machine
from kvalitetslosen.notifications import reminders
from kvalitetslosen.workdays import OSLO
import datetime
with time_machine.travel(datetime.datetime(2027, 3, 30, 9, 0, tzinfo=OSLO)):
    reminders.remind()
"""


def test_reminders_killed_in_the_middle(world: World, report: Report, server: MailServer, tmp_path: Path) -> None:
    """Twelve leaders have cases nobody received. The run is killed after a few; the next one does the rest."""
    leaders = []
    for number in range(12):
        unit = organisation.create_unit(
            parent=world.health, name=f"Avdeling {number}", code=f"A{number}", kind=Unit.Kind.UNIT
        )
        leader = organisation.add_person(
            municipality=world.municipality, name=f"Leder {number}", email=f"leder{number}@fjelldal.example",
            language="nb", password="en lang og god setning",
        )  # fmt: skip
        organisation.grant_role(user=leader, unit=unit, role=Role.LEADER)
        leaders.append(leader)
        with announcing_to("redis://127.0.0.1:1/0", tmp_path):
            for _ in range(3):
                report(unit=unit)
    deliver.take_as_told()
    worker = Worker(tmp_path, server.port)
    for so_many in (3, 15):
        process = run_python(REMIND, worker)
        until("some are reminded", partial(_has_reminded, so_many))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        Lease.objects.all().delete()
    both = [run_python(REMIND, worker) for _ in range(2)]
    assert [process.wait(90) for process in both] == [0, 0]
    Lease.objects.all().delete()
    assert run_python(REMIND, worker).wait(90) == 0
    reminded = Reminder.objects.filter(rule="deviations.unreceived")
    assert reminded.count() == 36
    assert set(reminded.values_list("user", flat=True)) == {leader.pk for leader in leaders}
    assert Counter(Digest.objects.values_list("user", flat=True)).most_common(1)[0][1] == 1
    mails = Counter(Email.objects.filter(user__in=leaders).values_list("user", flat=True))
    assert set(mails.values()) == {1}, "each leader one mail"
    assert Notification.objects.filter(name="deviations.unreceived").count() == 36
    told = Event.objects.filter(type="deviations.unreceived_told")
    assert told.count() == told.values("subject_id").distinct().count() == 36
