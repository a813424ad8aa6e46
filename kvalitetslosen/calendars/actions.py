"""Making the address of one's calendar, making a new one, taking it away, and finding whose it is."""

from __future__ import annotations

import base64
import hmac
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kvalitetslosen.calendars.models import CalendarAddress
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import User


def token_of(address: CalendarAddress) -> str:
    """The secret part of the address: 160 bits that follow from the row and a key that isn't in the database."""
    digest = hmac.digest(settings.JOURNAL_KEY.encode(), b"calendar:" + address.seed.bytes, "sha256")
    return base64.b32encode(digest[:20]).decode().lower()


def hash_of(token: str) -> str:
    """What is kept of it: whoever reads the database can't open the calendar."""
    return hmac.digest(settings.JOURNAL_KEY.encode(), b"calendar-token:" + token.encode(), "sha256").hex()


@transaction.atomic
def make_address(*, user: User) -> CalendarAddress:
    """A new address; the one before opens nothing any more."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two clicks: one after the other
    address = CalendarAddress.objects.filter(user=user).first() or CalendarAddress(user=user)
    address.seed, address.made_at, address.used_on = uuid.uuid4(), timezone.now(), None
    address.token_hash = hash_of(token_of(address))
    address.save()
    record(user, "calendars.address_made", by=user)
    return address


@transaction.atomic
def revoke_address(*, user: User, by: User | None) -> None:
    """The calendar is served no more. Where there is none, nothing happens."""
    if CalendarAddress.objects.filter(user=user).delete()[0]:
        record(user, "calendars.address_revoked", by=by)


def whose(token: str) -> User | None:
    """The person whose calendar it is, as long as they work here. It notes the day it was fetched."""
    rows = CalendarAddress.objects.select_related("user__municipality")
    address = rows.filter(token_hash=hash_of(token), user__is_active=True).first()
    if address is None:
        return None
    today = timezone.localdate()
    if address.used_on != today:
        CalendarAddress.objects.filter(pk=address.pk).update(used_on=today)
    return address.user
