"""One at a time, whatever the number of workers and schedulers: a lease in the database.

It only spares work. What must not happen twice is kept from it by unique rows, so a lease that ends too early harms
nothing, and one left by a killed process ends by itself.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from kvalitetslosen.notifications.models import Lease

LENGTH = datetime.timedelta(minutes=2)


class Held:
    """A lease in hand. ``renew`` it while work goes on."""

    def __init__(self, name: str) -> None:
        self.name, self.holder = name, secrets.token_hex(16)
        self._until = timezone.now()

    def take(self) -> bool:
        now = timezone.now()
        self._until = now + LENGTH
        taken = Lease.objects.filter(name=self.name, until__lte=now).update(holder=self.holder, until=self._until)
        if taken:
            return True
        if Lease.objects.filter(name=self.name).exists():
            return False
        try:
            with transaction.atomic():
                Lease.objects.create(name=self.name, holder=self.holder, until=self._until)
        except IntegrityError:
            return False
        return True

    def renew(self) -> bool:
        """Go on; False when the lease has passed to somebody else. Asks the database once in half a lease."""
        now = timezone.now()
        if self._until - now > LENGTH / 2:
            return True
        self._until = now + LENGTH
        return bool(Lease.objects.filter(name=self.name, holder=self.holder).update(until=self._until))

    def give_back(self) -> None:
        Lease.objects.filter(name=self.name, holder=self.holder).update(until=timezone.now())


@contextmanager
def only_one(name: str) -> Iterator[Held | None]:
    """The lease, or None when another process has it."""
    held = Held(name)
    if not held.take():
        yield None
        return
    try:
        yield held
    finally:
        held.give_back()
