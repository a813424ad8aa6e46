"""A real mail server on this machine, which can be told to refuse, to put off, to be slow, and to go away."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class MailServer:
    """What it accepted is in `got`, every copy of it. `answers` says what each address, sender or mail is met with."""

    port: int = field(default_factory=free_port)
    got: list[Message] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    data: str = ""
    seconds: float = 0.0
    drop_after_accepting: int = 0  # so many times: takes the mail, then breaks the line before saying so
    tried: int = 0
    _controller: Controller | None = None

    def start(self) -> MailServer:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_MAIL(  # noqa: N802 - the library's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried += 1
        if refusal := self.recipients.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        if self.data:
            return self.data
        content: Any = envelope.content
        self.got.append(message_from_bytes(content, policy=default))
        if self.drop_after_accepting:
            self.drop_after_accepting -= 1
            transport: Any = server.transport
            transport.abort()
        return f"250 2.0.0 Ok: queued as {len(self.got):06}"

    def ids(self) -> list[str]:
        """The Message-ID of each copy accepted, in order."""
        return [str(each["Message-ID"]) for each in self.got]

    def to(self, address: str) -> list[Message]:
        return [each for each in self.got if each["To"] == address]


def text_of(message: Message) -> str:
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
