"""A person's calendar as iCalendar (RFC 5545): the same as long as nothing in it has changed."""

from __future__ import annotations

import datetime
import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from kvalitetslosen.calendars.registry import Entry, entries_of
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.models import User

MOST = 1000  # entries; what is due first comes first
FETCHED_AGAIN = datetime.timedelta(hours=4)  # what is asked of those who fetch it; many take their own time


def calendar_of(user: User) -> bytes:
    """All that stands in it, in the active language."""
    calendar = Calendar()
    calendar.add("prodid", "-//KvalitetsLosen//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "KvalitetsLosen")
    calendar.add("x-wr-caldesc", _("What you have promised to do in KvalitetsLosen, with its deadlines."))
    calendar.add("x-published-ttl", vDuration(FETCHED_AGAIN))
    calendar.add("refresh-interval", vDuration(FETCHED_AGAIN), parameters={"VALUE": "DURATION"})
    for name, entry in entries_of(user)[:MOST]:
        calendar.add_component(_event(name, entry))
    return bytes(calendar.to_ical())


def _event(name: str, entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{name}.{entry.key}@{urlsplit(settings.SITE_URL).hostname or 'kvalitetslosen'}")
    event.add("summary", str(entry.title))
    if entry.place:
        event.add("location", entry.place)
    link = absolute(entry.url)
    event.add("url", link)
    event.add("description", link)  # several show this alone
    if entry.starts is not None:
        starts = entry.starts.astimezone(datetime.UTC)
        event.add("dtstart", starts)
        event.add("dtend", starts + datetime.timedelta(minutes=entry.minutes or 30))
    else:
        event.add("dtstart", entry.first_day)
        event.add("dtend", entry.first_day + datetime.timedelta(days=1))
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    event.add("class", "PRIVATE")
    # When it was last revised is told by nothing here: a fixed moment keeps the file the same while nothing changes.
    event.add("dtstamp", datetime.datetime.combine(entry.first_day, datetime.time(), datetime.UTC))
    return event


def mark_of(body: bytes) -> str:
    """What the file is known by: whoever has it needn't fetch it again."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
