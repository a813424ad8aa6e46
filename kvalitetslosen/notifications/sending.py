"""Sending the mail that is due: claimed row by row, sent, and the server's answer kept.

A row is claimed by one conditional UPDATE, so no two workers send it. A worker that dies leaves its row in sending,
and it is taken up again when the claim has run out, under the same Message-ID. That leaves one window no sender of
mail can close: the server has accepted the mail, and the process dies before it has written that down. Then the mail
is sent a second time, and the receiving side can tell by the Message-ID that it is the same one. With mail to files it
is the same file.
"""

from __future__ import annotations

import datetime
import logging
import re
import smtplib
import time
from email.utils import format_datetime
from enum import Enum, auto
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from kvalitetslosen.notifications import deliver, password_reset, reminders
from kvalitetslosen.notifications.clock import Clock
from kvalitetslosen.notifications.messages import plain_text
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.notifications.outbox import in_every_language
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.routing import administrators_of

logger = logging.getLogger(__name__)

CLAIM = datetime.timedelta(minutes=10)
"""How long one attempt may last: far beyond what a silent server is given (settings.EMAIL_TIMEOUT)."""

PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30))
"""Between attempts; the last one from then on."""

GIVE_UP = datetime.timedelta(days=5)
"""How long a server may put a mail off. RFC 5321 section 4.5.4.1: at least four to five days."""

AT_ONCE = 500
SECONDS_A_RUN = 50.0
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


class Result(Enum):
    SENT = auto()
    LATER = auto()  # not now: this mail can be tried again
    REFUSED = auto()  # never: the server doesn't take this mail
    UNREACHABLE = auto()  # there is no server to talk to: no mail can be sent now


class Answer(NamedTuple):
    result: Result
    text: str = ""


class Transport:
    """One connection to the mail server, opened when first needed and again after it broke."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, email: Email) -> Answer:
        try:
            connection = self._open()
        except OSError as error:
            self.close()
            return Answer(Result.UNREACHABLE, said(error))
        try:
            connection.send_messages([as_message(email)])
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # No such address or header can exist (Unicode errors are among these).
            return Answer(Result.REFUSED, said(error))
        except OSError as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self.close()
            return Answer(judge(error), said(error))
        return Answer(Result.SENT, str(getattr(connection, "answer", "")))

    def _open(self) -> BaseEmailBackend:
        if self._connection is None:
            self._connection = get_connection(settings.MAIL_TRANSPORT)
            self._connection.open()
        return self._connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError as error:
                logger.info("The connection to the mail server ended badly: %s", type(error).__name__)


def judge(error: OSError) -> Result:
    """What a failed attempt means. A refusal of us, whoever the mail is for, is a matter of set-up: try again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Result.REFUSED if codes and all(code >= 500 for code in codes) else Result.LATER
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError):
        return Result.LATER
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
        return Result.REFUSED
    return Result.LATER


def said(error: Exception) -> str:
    """The server's own words where there are any, else the kind of error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_readable(text)}" for code, text in error.recipients.values())[:500]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_readable(error.smtp_error)}"[:500]
    return f"{type(error).__name__}: {error}"[:500]


def _readable(text: bytes | str) -> str:
    return " ".join((text.decode(errors="replace") if isinstance(text, bytes) else text).split())


def as_message(email: Email) -> EmailMessage:
    """The mail as it is sent. Sent twice, it is the same mail."""
    headers = {
        "Message-ID": email.message_id,
        "Date": format_datetime(email.created_at),
        "Content-Language": email.language,
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence assistant need answer
        "X-Auto-Response-Suppress": "All",
    }
    if email.thread:
        domain = email.message_id.rpartition("@")[2]
        headers["References"] = f"<{email.thread}@{domain}"
    whole = EmailMultiAlternatives(email.subject, email.body, settings.DEFAULT_FROM_EMAIL, [email.to], headers=headers)
    if email.calendar:
        # RFC 6047: programs that know calendars offer to answer; all others show the text, and the file beside it.
        method = METHOD.search(email.calendar)
        whole.attach_alternative(email.calendar, f"text/calendar; method={method[1] if method else 'PUBLISH'}")
        whole.attach("invite.ics", email.calendar.encode(), "application/ics")
    for file in deliver.files_of(email):
        whole.attach(*file)
    return whole


def send_due_mail() -> int:
    """Send what is due; how many were sent. Any number of these may run at once: each row is claimed by one."""
    transport, sent = Transport(), 0
    clock: Clock | None = None
    stop_at = time.monotonic() + SECONDS_A_RUN
    due = Email.objects.due(timezone.now()).order_by("next_try_at", "pk").values_list("pk", flat=True)
    try:
        for pk in list(due[:AT_ONCE]):
            if time.monotonic() > stop_at:
                break
            email = _claim(pk)
            if email is None:
                continue
            try:
                clock = clock or Clock(timezone.now())
                if not still_wanted(email, clock):
                    _settle(email, state=Email.State.WITHDRAWN, body="" if email.secret else email.body)
                    continue
                answer = transport.send(email)
            except Exception:
                logger.exception("Mail %s could not be made ready; it is tried again.", email.message_id)
                answer = Answer(Result.LATER, "")
            _keep(email, answer)
            sent += answer.result is Result.SENT
            if answer.result is Result.UNREACHABLE:
                logger.warning("The mail server does not answer; the mail waits.")
                break
    finally:
        transport.close()
    return sent


def _claim(pk: int) -> Email | None:
    """The row, if nobody else has it. The number of attempts tells later whether the claim still holds."""
    now = timezone.now()
    claimed = Email.objects.due(now).filter(pk=pk)
    if not claimed.update(state=Email.State.SENDING, attempts=F("attempts") + 1, next_try_at=now + CLAIM):
        return None
    return Email.objects.select_related("user__municipality", "event__subject_type").get(pk=pk)


def still_wanted(email: Email, clock: Clock) -> bool:
    """Whether the mail should go, with what is true now. Those about no event and no reminder always should."""
    if email.name == password_reset.NAME:
        return password_reset.written(email)
    if email.user is None:
        return True
    if not email.user.is_active or email.user.practice:
        return False
    if email.event_id is not None:
        email.to = deliver.address_of(email)
        return deliver.still_wanted(email)
    email.to = email.user.email
    return reminders.refresh(email, clock)


def _keep(email: Email, answer: Answer) -> None:
    """Write down how it went, and when to try again."""
    now = timezone.now()
    if answer.result is Result.SENT:
        body = "" if email.secret else email.body
        _settle(email, state=Email.State.SENT, sent_at=now, answer=answer.text, body=body)
        return
    late = answer.result is Result.LATER and now - email.created_at > GIVE_UP
    if answer.result is Result.REFUSED or late:
        if _settle(email, state=Email.State.FAILED, answer=answer.text, body="" if email.secret else email.body):
            _warn_administrators(email)
        return
    pause = PAUSES[min(email.attempts, len(PAUSES)) - 1]
    _settle(email, state=Email.State.QUEUED, answer=answer.text, next_try_at=now + pause)


def _settle(email: Email, **values: object) -> bool:
    """End the attempt, unless the claim ran out and somebody else has the row by now."""
    mine = Email.objects.filter(pk=email.pk, state=Email.State.SENDING, attempts=email.attempts)
    told = {"subject": email.subject, "body": email.body, "to": email.to}
    return bool(mine.update(**(told | values)))


REFUSED = "notifications.refused"


def _warn_administrators(email: Email) -> None:
    """Say in the product, once a day, that an address doesn't work. What the mail was about is nobody's business."""
    user = email.user or User.objects.filter(email__iexact=email.to).select_related("municipality").first()
    if user is None:
        return
    text = in_every_language(
        lambda: " ".join(plain_text("notifications/email/refused_notice.txt", {"address": email.to}).split())
    )
    Notification.objects.bulk_create(
        (
            Notification(
                user=administrator,
                name=REFUSED,
                url=reverse("organisation:person", args=[user.pk]),
                text=text,
                key=f"{REFUSED}:{email.to}:{timezone.localdate()}:{administrator.pk}",
            )
            for administrator in administrators_of(user.municipality_id)
        ),
        ignore_conflicts=True,
    )
