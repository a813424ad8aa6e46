"""From events to notices and mail: each event once, whatever dies on the way.

An event is claimed by inserting its `Delivery`, in the transaction that writes what it leads to: either all of it is
there or none. A worker is told of each event as it happens; the sweep takes what a dead broker or worker left.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import messages
from kvalitetslosen.notifications.leases import only_one
from kvalitetslosen.notifications.messages import File, Message
from kvalitetslosen.notifications.models import Delivery, Email, Notification
from kvalitetslosen.notifications.outbox import compose, in_every_language, queue
from kvalitetslosen.organisation.models import User

logger = logging.getLogger(__name__)

NEWS = datetime.timedelta(days=14)
"""How long something that happened is worth telling. What is older is history: brought in, or restored."""

AT_ONCE = 500


def deliver_event(event_id: int, *, now: datetime.datetime | None = None) -> int:
    """Write the notices and mails an event leads to; how many. Nothing when somebody did it already."""
    event = Event.objects.select_related("subject_type").filter(pk=event_id).first()
    if event is None or event.at < (now or timezone.now()) - NEWS:
        return 0
    wanting = messages.messages_about(event.type)
    if not wanting:
        return 0
    with transaction.atomic():
        if not _claim(event):
            return 0
        subject = messages.subject_of(event)
        if subject is None:
            return 0
        notices: list[Notification] = []
        emails: list[Email] = []
        for message in wanting:
            for user in _readers(message, event, subject):
                if message.in_app or (message.by_mail and user.practice):
                    notices.append(_notice(message, event, subject, user))
                if message.by_mail and not user.practice and message.address(event, user):
                    emails.append(_mail(message, event, subject, user))
        Notification.objects.bulk_create(notices, ignore_conflicts=True)
        queue(emails)
    return len(notices) + len(emails)


def _claim(event: Event) -> bool:
    try:
        with transaction.atomic():
            Delivery.objects.create(event=event)
    except IntegrityError:
        return False
    return True


def _readers(message: Message, event: Event, subject: Any) -> list[User]:
    """Each person once: not the one who did it, nobody who may not log in, nobody who may not see it."""
    found = {user.pk: user for user in message.recipients(event, subject) if user is not None}
    return [
        user
        for user in found.values()
        if (message.tells_doer or user.pk != event.by_id)
        and user.is_active
        and message.may_see(event, subject, user)
        and message.still_wanted(event, subject, user)
    ]


def _notice(message: Message, event: Event, subject: Any, user: User) -> Notification:
    return Notification(
        user=user,
        event=event,
        name=message.key,
        url=message.url(event, subject, user),
        text=in_every_language(lambda: _said(message, event, subject, user)),
        key=_key(message, event, subject, user),
    )


def _said(message: Message, event: Event, subject: Any, user: User) -> str:
    """The notice; whoever practises is told that it would have come by mail."""
    notice = message.notice(message.context(event, subject, user))
    if user.practice and message.by_mail:
        return _("%(notice)s (Would have come by e-mail too.)") % {"notice": notice}
    return notice


def _key(message: Message, event: Event, subject: Any, user: User) -> str:
    return f"{message.key}:{message.once(event, subject, user)}:{user.pk}"


def _mail(message: Message, event: Event, subject: Any, user: User) -> Email:
    email = compose(
        message,
        user=user,
        context=lambda: message.context(event, subject, user),
        link=message.url(event, subject, user),
        key=_key(message, event, subject, user),
        event=event,
        thread=str(getattr(subject, "key", "")),
        secret=message.secret,
    )
    email.to = message.address(event, user)
    with translation.override(email.language):
        email.calendar = message.calendar(event, subject, user)
    return email


def still_wanted(email: Email) -> bool:
    """Whether a queued mail about an event should still go out: the reader may see it, and it is still true."""
    event, user = email.event, email.user
    message = messages.find(email.name)
    if event is None or user is None or message is None:
        return False
    subject = messages.subject_of(event)
    return subject is not None and message.may_see(event, subject, user) and message.still_wanted(event, subject, user)


def address_of(email: Email) -> str:
    """Where a queued mail about an event goes now."""
    message = messages.find(email.name)
    if email.event is None or email.user is None or message is None:
        return email.to
    return message.address(email.event, email.user)


def files_of(email: Email) -> list[File]:
    """What comes along with a mail about an event, made now."""
    event, user = email.event, email.user
    message = messages.find(email.name)
    if event is None or user is None or message is None:
        return []
    subject = messages.subject_of(event)
    return message.files(event, subject, user) if subject is not None else []


def undelivered(now: datetime.datetime) -> list[int]:
    """Events of the last fortnight that somebody should be told about and nobody has been; the oldest first."""
    delivered = Delivery.objects.filter(event=OuterRef("pk"))
    events = Event.objects.filter(at__gt=now - NEWS, type__in=messages.told_event_types())
    return list(events.filter(~Exists(delivered)).order_by("at", "id").values_list("pk", flat=True)[:AT_ONCE])


def sweep(now: datetime.datetime | None = None) -> int:
    """Deliver what was left lying; how many events. One that fails is left for the next sweep and stops no other."""
    moment = now or timezone.now()
    done = 0
    with only_one("sweep") as lease:
        if lease is None:
            return 0
        for event_id in undelivered(moment):
            if not lease.renew():
                break
            try:
                deliver_event(event_id, now=moment)
            except Exception:
                logger.exception("Event %s could not be delivered; the next sweep tries again.", event_id)
            else:
                done += 1
    return done


def take_as_told(until: datetime.datetime | None = None) -> int:
    """Mark what has happened so far as delivered, without telling anybody: for imports and the demo world."""
    events = Event.objects.filter(at__lte=until or timezone.now()).filter(
        at__gt=timezone.now() - NEWS, type__in=messages.told_event_types()
    )
    rest = events.filter(~Exists(Delivery.objects.filter(event=OuterRef("pk")))).order_by("pk")
    rows = [Delivery(event_id=pk) for pk in rest.values_list("pk", flat=True)]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))
