"""Virus check by ClamAV's daemon, where there is one (CLAMD_ADDRESS). If it doesn't answer, nothing is let in."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

TIMEOUT = 20  # seconds
CHUNK = 1 << 16  # bytes


class Infected(Exception):
    """The scanner knows what is in it."""


class ScannerUnavailable(Exception):
    """The scanner is set up but gave no answer that says the file is clean."""


def scan(data: bytes) -> None:
    """Let the daemon look at the bytes; without an address do nothing. Raises ``Infected``, ``ScannerUnavailable``.

    The address is ``host:port`` or the path of a socket. INSTREAM: each part with its length, in network order, before
    it, and an empty part at the end; the answer is ``stream: OK`` or ``stream: <name> FOUND`` (clamd(8)).
    """
    address: str = settings.CLAMD_ADDRESS
    if not address:
        return
    try:
        with _connected(address) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                part = data[start : start + CHUNK]
                daemon.sendall(struct.pack("!I", len(part)) + part)
            daemon.sendall(struct.pack("!I", 0))
            with daemon.makefile("rb") as answers:
                answer = answers.read(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise ScannerUnavailable from error
    if answer.endswith(" FOUND"):
        raise Infected
    if answer != "stream: OK":
        raise ScannerUnavailable(answer)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(TIMEOUT)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)
