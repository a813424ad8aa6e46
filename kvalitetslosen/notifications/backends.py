"""How mail leaves the product, and the one way into the outbox for mail the product doesn't write itself.

`settings.EMAIL_BACKEND` is `Outbox`: whatever calls Django's mail functions (the log-in's password reset) ends as a
row. `settings.MAIL_TRANSPORT` is what rows are sent with: `Smtp`, or `FileMail` in a trial.
"""

from __future__ import annotations

import re
import secrets
import smtplib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils.translation import get_language

from kvalitetslosen.notifications.models import Email


class FileMail(BaseEmailBackend):
    """Each mail a file in `settings.MAIL_DIR`, named by its Message-ID: written twice, it is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            written = message.message()
            path = mail_file(str(written["Message-ID"]))
            half = path.with_suffix(f".{secrets.token_hex(4)}")
            half.touch(mode=0o600)
            half.write_bytes(written.as_bytes())
            half.replace(path)
        return len(email_messages)


def mail_file(message_id: str) -> Path:
    """Where the mail with this Message-ID lies, once it is sent."""
    folder: Path = settings.MAIL_DIR
    return folder / (re.sub(r"[^0-9A-Za-z@._-]", "", message_id).lstrip(".") + ".eml")


class _Answering:
    """Remembers what the server said to the last mail it accepted: most servers name their queue's number."""

    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, text = super().data(msg)  # type: ignore[misc]
        self.answer = f"{code} {text.decode(errors='replace')}"
        return code, text


class _SMTP(_Answering, smtplib.SMTP):
    pass


class _SMTPOverTLS(_Answering, smtplib.SMTP_SSL):
    pass


class Smtp(EmailBackend):
    """Django's, which also tells what the server answered."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTPOverTLS if self.use_ssl else _SMTP

    @property
    def answer(self) -> str:
        return " ".join(str(getattr(self.connection, "answer", "")).split())[:500]


class Outbox(BaseEmailBackend):
    """Stores the mail as rows and lets a worker send them. Such mail carries a way in, so it is emptied once sent.

    Raises ValueError for attachments: a row is plain text.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = []
        for message in email_messages:
            if message.attachments:
                raise ValueError("The outbox carries plain text only.")
            rows += [
                Email(
                    to=address,
                    language=(get_language() or settings.LANGUAGE_CODE)[:2],
                    name="notifications.outbox",
                    subject=" ".join(str(message.subject).split())[:200],
                    body=str(message.body),
                    secret=True,
                    key=f"outbox:{secrets.token_hex(16)}",
                )
                for address in message.recipients()
            ]
        Email.objects.bulk_create(rows)
        transaction.on_commit(send_soon, robust=True)
        return len(email_messages)


def send_soon() -> None:
    """Wake a worker. Where none can be told, the next round of `send_due_mail` finds the rows."""
    from kvalitetslosen.celery import app

    app.tell("notifications.send_due_mail")
