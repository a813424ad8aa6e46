"""Rows become mail: sent once, tried again, given up, taken up after a crash, whatever the mail server does."""

from __future__ import annotations

import datetime
import smtplib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from deviations.models import Deviation
from deviations.notifications import Arrived
from kvalitetslosen.notifications import deliver, sending
from kvalitetslosen.notifications.backends import FileMail, mail_file
from kvalitetslosen.notifications.leases import only_one
from kvalitetslosen.notifications.models import Email, Notification, new_message_id
from kvalitetslosen.notifications.sending import CLAIM, GIVE_UP, PAUSES
from tests.notifications.conftest import SECRET_TEXT, at
from tests.notifications.mail_server import MailServer, text_of
from tests.people import World

Report = Callable[..., Deviation]


def later(clock: time_machine.Traveller, **how: float) -> None:
    clock.move_to(timezone.now() + datetime.timedelta(**how))


@pytest.fixture
def queued(clock: time_machine.Traveller, world: World, report: Report) -> Email:
    """One mail to Leif about a new case, waiting."""
    report()
    deliver.sweep()
    return Email.objects.get(user=world.leif)


def test_it_is_sent_and_the_servers_answer_kept(queued: Email, mail_server: MailServer) -> None:
    assert sending.send_due_mail() == 1
    assert sending.send_due_mail() == 0
    queued.refresh_from_db()
    assert queued.state == Email.State.SENT
    assert queued.sent_at == timezone.now()
    assert queued.answer == "250 2.0.0 Ok: queued as 000001"
    (got,) = mail_server.got
    assert got["Message-ID"] == queued.message_id
    assert got["To"] == "leif@fjelldal.example"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "Nestenulykke" in str(got["Subject"]) or "Near miss" in str(got["Subject"])
    assert SECRET_TEXT not in text_of(got)
    assert text_of(got).split() == queued.body.split()


def test_an_address_that_does_not_exist_is_given_up_and_administrators_told(
    queued: Email, mail_server: MailServer, world: World
) -> None:
    mail_server.recipients["leif@fjelldal.example"] = "550 5.1.1 No such user"
    assert sending.send_due_mail() == 0
    queued.refresh_from_db()
    assert queued.state == Email.State.FAILED
    assert queued.answer == "550 5.1.1 No such user"
    notice = Notification.objects.get(name="notifications.refused")
    assert notice.user == world.ada
    assert "leif@fjelldal.example" in notice.text["en"]
    reference = Deviation.objects.get().reference
    assert reference not in str(notice.text) + notice.url, "what the mail was about is not said"
    assert not Email.objects.filter(user=world.ada).exists()


def test_many_refusals_of_one_address_are_one_notice_a_day(
    queued: Email, mail_server: MailServer, report: Report
) -> None:
    mail_server.recipients["leif@fjelldal.example"] = "550 5.1.1 No such user"
    report()
    deliver.sweep()
    sending.send_due_mail()
    assert Email.objects.filter(state=Email.State.FAILED).count() == 2
    assert Notification.objects.filter(name="notifications.refused").count() == 1


@pytest.mark.parametrize("answer", ["450 4.2.1 Greylisted, try again", "421 4.3.0 Shutting down", "452 4.2.2 Full"])
def test_not_now_is_tried_again_at_growing_intervals(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer, answer: str
) -> None:
    mail_server.recipients["leif@fjelldal.example"] = answer
    for number, pause in enumerate(PAUSES, start=1):
        sending.send_due_mail()
        sending.send_due_mail()
        queued.refresh_from_db()
        assert (queued.state, queued.attempts) == (Email.State.QUEUED, number)
        assert queued.next_try_at == timezone.now() + pause
        assert queued.answer == answer
        clock.move_to(queued.next_try_at)
    mail_server.recipients.clear()
    assert sending.send_due_mail() == 1
    assert mail_server.ids() == [queued.message_id]


def test_a_mail_put_off_for_five_days_is_given_up(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer
) -> None:
    mail_server.recipients["leif@fjelldal.example"] = "450 4.2.1 Try again"
    clock.move_to(queued.created_at + GIVE_UP)
    sending.send_due_mail()
    queued.refresh_from_db()
    assert queued.state == Email.State.QUEUED
    later(clock, minutes=31)
    sending.send_due_mail()
    queued.refresh_from_db()
    assert queued.state == Email.State.FAILED


def test_a_refused_mail_is_given_up(queued: Email, mail_server: MailServer) -> None:
    mail_server.data = "554 5.7.1 Looks like spam"
    sending.send_due_mail()
    queued.refresh_from_db()
    assert (queued.state, queued.answer) == (Email.State.FAILED, "554 5.7.1 Looks like spam")


def test_a_server_that_refuses_us_loses_nothing(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer
) -> None:
    """A wrong sender or password is a matter of set-up: the mail waits until it is mended, weeks if need be."""
    mail_server.sender = "550 5.7.1 Sender not allowed"
    clock.move_to(queued.created_at + datetime.timedelta(days=2))
    sending.send_due_mail()
    queued.refresh_from_db()
    assert queued.state == Email.State.QUEUED
    mail_server.sender = ""
    later(clock, hours=1)
    assert sending.send_due_mail() == 1


def test_no_server_at_all_loses_nothing_however_long(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer, report: Report
) -> None:
    report()
    deliver.sweep()
    mail_server.stop()
    for _ in range(12):
        assert sending.send_due_mail() == 0
        later(clock, hours=16)
    assert set(Email.objects.values_list("state", flat=True)) == {Email.State.QUEUED}
    mail_server.start()
    assert sending.send_due_mail() == 2
    assert len(set(mail_server.ids())) == 2


def test_without_a_server_one_attempt_a_round_is_enough(
    queued: Email, mail_server: MailServer, report: Report, world: World
) -> None:
    for _ in range(5):
        report()
    deliver.sweep()
    mail_server.stop()
    sending.send_due_mail()
    assert Email.objects.filter(attempts=1).count() == 1
    mail_server.start()


def test_a_line_that_breaks_in_the_middle_stops_no_other_mail(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer, report: Report
) -> None:
    """The window that can't be closed: the server took the mail, the answer never came. It is the same mail twice."""
    report()
    deliver.sweep()
    mail_server.drop_after_accepting = 1
    assert sending.send_due_mail() == 1
    later(clock, minutes=2)
    assert sending.send_due_mail() == 1
    ids = mail_server.ids()
    assert len(ids) == 3
    assert len(set(ids)) == 2
    first, second = (text_of(each) for each in mail_server.got if each["Message-ID"] == ids[0])
    assert first == second
    assert {str(each["Date"]) for each in mail_server.got if each["Message-ID"] == ids[0]} == {
        str(mail_server.got[0]["Date"])
    }


def test_what_a_killed_worker_had_in_hand_is_taken_up_under_the_same_name(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer
) -> None:
    assert sending._claim(queued.pk) is not None
    for minutes in (0, 5, 4):
        later(clock, minutes=minutes)
        assert sending.send_due_mail() == 0, "somebody may still be sending it"
    later(clock, minutes=2)
    assert timezone.now() > queued.next_try_at + CLAIM
    assert sending.send_due_mail() == 1
    assert mail_server.ids() == [queued.message_id]


def test_a_row_is_claimed_by_one(queued: Email) -> None:
    first = sending._claim(queued.pk)
    assert first is not None
    assert sending._claim(queued.pk) is None
    assert (first.state, first.attempts) == (Email.State.SENDING, 1)


def test_a_sleeper_who_wakes_up_late_changes_nothing(
    clock: time_machine.Traveller, queued: Email, mail_server: MailServer
) -> None:
    """A claim that ran out, and somebody else has sent the mail since: the first one's answer no longer counts."""
    sleeper = sending._claim(queued.pk)
    assert sleeper is not None
    later(clock, minutes=11)
    assert sending.send_due_mail() == 1
    sending._keep(sleeper, sending.Answer(sending.Result.LATER, "450 late"))
    queued.refresh_from_db()
    assert queued.state == Email.State.SENT


@pytest.mark.django_db(transaction=True)
def test_senders_at_once_send_each_mail_once(world: World, report: Report, mail_server: MailServer) -> None:
    for _ in range(12):
        report()
    deliver.sweep()
    mail_server.seconds = 0.02
    start = threading.Barrier(4)

    def send() -> None:
        try:
            start.wait()
            sending.send_due_mail()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail_server.got) == len(set(mail_server.ids())) == 12
    assert Email.objects.filter(state=Email.State.SENT, attempts=1).count() == 12


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_workers_at_once_deliver_each_event_once(world: World, report: Report) -> None:
    for _ in range(8):
        report()
    start = threading.Barrier(4)

    def run(task: Callable[[], object]) -> None:
        try:
            start.wait()
            task()
        finally:
            connection.close()

    ids = deliver.undelivered(timezone.now())
    tasks: list[Callable[[], object]] = [
        deliver.sweep,
        deliver.sweep,
        lambda: [deliver.deliver_event(pk) for pk in ids],
        lambda: [deliver.deliver_event(pk) for pk in reversed(ids)],
    ]
    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Email.objects.filter(user=world.leif).count() == 8
    assert Notification.objects.filter(user=world.leif).count() == 8


def test_a_new_address_is_used_for_what_waits(queued: Email, mail_server: MailServer, world: World) -> None:
    world.leif.email = "leif.lund@fjelldal.example"
    world.leif.save(update_fields=["email"])
    sending.send_due_mail()
    assert [each["To"] for each in mail_server.got] == ["leif.lund@fjelldal.example"]


def test_an_address_no_mail_can_have_is_given_up(queued: Email, mail_server: MailServer, world: World) -> None:
    world.leif.email = "leif@fjelldal.example\nBcc: alle@fjelldal.example"
    world.leif.save(update_fields=["email"])
    sending.send_due_mail()
    assert mail_server.got == []
    queued.refresh_from_db()
    assert queued.state == Email.State.FAILED


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}), sending.Result.REFUSED),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"later")}), sending.Result.LATER),
        (smtplib.SMTPRecipientsRefused({}), sending.Result.LATER),
        (smtplib.SMTPDataError(554, b"spam"), sending.Result.REFUSED),
        (smtplib.SMTPDataError(451, b"later"), sending.Result.LATER),
        (smtplib.SMTPSenderRefused(550, b"who are you", "x@y.example"), sending.Result.LATER),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), sending.Result.LATER),
        (smtplib.SMTPServerDisconnected("gone"), sending.Result.LATER),
        (TimeoutError(), sending.Result.LATER),
    ],
)
def test_what_a_failure_means(error: OSError, result: sending.Result) -> None:
    assert sending.judge(error) is result


def test_a_file_written_twice_is_one_file(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    message_id = new_message_id()
    email = Email(to="a@b.example", subject="Å", body="Blåbær", message_id=message_id, language="nb")
    for _ in range(2):
        FileMail().send_messages([sending.as_message(email)])
    (path,) = settings.MAIL_DIR.iterdir()
    assert path == mail_file(message_id)
    assert path.stat().st_mode & 0o077 == 0, "mail is nobody else's to read"


def test_the_name_of_a_file_leads_nowhere_else(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path
    assert mail_file("<../../etc/passwd>").parent == tmp_path
    assert mail_file("<.hidden@x>").name == "hidden@x.eml"


def test_mail_from_elsewhere_is_a_row_too_and_emptied_once_sent(
    db: None, settings: Any, mail_server: MailServer, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "kvalitetslosen.notifications.backends.Outbox"
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        EmailMessage("Choose a new password", "http://x/secret", to=["a@b.example", "c@d.example"]).send()
    assert len(callbacks) == 1
    assert Email.objects.filter(state=Email.State.QUEUED, secret=True).count() == 2
    assert mail_server.got == []
    callbacks[0]()
    assert [text_of(each).strip() for each in mail_server.got] == ["http://x/secret"] * 2
    assert set(Email.objects.values_list("state", "body")) == {(Email.State.SENT, "")}


def test_mail_with_attachments_has_no_way_out(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "kvalitetslosen.notifications.backends.Outbox"
    message = EmailMessage("x", "y", to=["a@b.example"], attachments=[("a.txt", "b", "text/plain")])
    with pytest.raises(ValueError, match="plain text"):
        message.send()
    assert not Email.objects.exists()


def test_one_mail_that_cannot_be_made_ready_stops_no_other(
    clock: time_machine.Traveller, queued: Email, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    report()
    deliver.sweep()
    wanted = sending.still_wanted

    def fails_on_the_first(email: Email, clock: Any) -> bool:
        if email.pk == queued.pk:
            raise RuntimeError
        return wanted(email, clock)

    monkeypatch.setattr(sending, "still_wanted", fails_on_the_first)
    assert sending.send_due_mail() == 1
    queued.refresh_from_db()
    assert queued.state == Email.State.QUEUED
    monkeypatch.undo()
    later(clock, minutes=1)
    assert sending.send_due_mail() == 1


def test_one_event_that_cannot_be_delivered_stops_no_other(
    clock: time_machine.Traveller, world: World, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = report(), report()
    facts = Arrived.context

    def fails_on_the_first(self: Arrived, event: Any, subject: Deviation, user: Any) -> dict[str, Any]:
        if subject.pk == bad.pk:
            raise RuntimeError
        return facts(self, event, subject, user)

    monkeypatch.setattr(Arrived, "context", fails_on_the_first)
    assert deliver.sweep() == 1
    assert [good.reference in each.subject for each in Email.objects.all()] == [True]
    monkeypatch.undo()
    assert deliver.sweep() == 1
    assert Email.objects.count() == 2


def test_a_sweep_that_runs_keeps_another_from_beginning(clock: time_machine.Traveller, report: Report) -> None:
    report()
    with only_one("sweep") as held:
        assert held is not None
        assert deliver.sweep() == 0
    assert deliver.sweep() == 1
    report()
    with only_one("sweep") as stuck:
        assert stuck is not None
        later(clock, minutes=3)
        assert deliver.sweep() == 1, "a killed one is not waited for longer than its lease"
        assert not stuck.renew(), "and it notices"


def test_dates_of_mail_say_when_it_was_written(clock: time_machine.Traveller, queued: Email) -> None:
    later(clock, hours=3)
    sending.send_due_mail()
    (sent,) = mail.outbox
    assert sent.extra_headers["Date"].startswith("Tue, 01 Sep 2026 08:00:00")
    assert queued.created_at == at("2026-09-01 10:00")
