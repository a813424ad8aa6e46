"""How often something may be tried from one place by those whom no log-in tells apart, and how often in a minute.

What is counted of a place is a keyed hash of the network somebody comes from, not of their own address, anew each
day. It lies in the cache alone for as long as it is counted, and with nothing that was sent.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from kvalitetslosen.organisation.adapters import client_address

NETWORK = {4: 24, 6: 48}  # bits of an address that are looked at


@dataclass(frozen=True)
class Limit:
    """So many times within so many seconds from one network."""

    name: str
    times: int
    seconds: int

    def is_reached(self, request: HttpRequest) -> bool:
        return self._counted(request)[0] >= self.times

    def count(self, request: HttpRequest) -> None:
        """The seconds run from the first time that is counted. While the cache is away, nothing is."""
        n, until = self._counted(request)
        left = until - time.time()
        cache.set(self._key(request), (n + 1, until), max(1, int(left)))

    def _counted(self, request: HttpRequest) -> tuple[int, float]:
        """How many times, and until when they count."""
        n, until = cache.get(self._key(request)) or (0, 0.0)
        return (n, until) if until > time.time() else (0, time.time() + self.seconds)

    def _key(self, request: HttpRequest) -> str:
        address = ip_address(client_address(request))
        place = ip_network(f"{address}/{NETWORK[address.version]}", strict=False)
        said = f"{self.name} {timezone.localdate()} {place}"
        return f"limit:{hmac.digest(settings.SECRET_KEY.encode(), said.encode(), 'sha256').hex()[:32]}"


def within_the_minute(key: str, times: int) -> bool:
    """Count one more time, and say whether that is still allowed. While the cache is away nothing is counted."""
    key = f"{key}:{timezone.now():%H%M}"
    if cache.add(key, 1, 120):
        return times > 0
    try:
        n: int = cache.incr(key)
    except ValueError:  # gone meanwhile
        return times > 0
    return n <= times
