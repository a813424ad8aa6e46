"""A meeting as calendars know it (RFC 5545, RFC 5546): asked to, changed, cancelled, always under the same name.

It says when, where, which forum and where to read on; never what is on the agenda.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from improvement.meeting_lifecycle import MeetingState
from improvement.models import Meeting
from kvalitetslosen.notifications.outbox import absolute

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User

PRODUCT = "-//KvalitetsLosen//NO"


def name_of(meeting: Meeting) -> str:
    """The meeting's UID: the same in every mail about it."""
    return f"{meeting.key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def invitation(meeting: Meeting, user: User, now: datetime.datetime, *, left: bool = False) -> str:
    """The calendar file for one person, in the active language. Of the others it tells nothing but who asks.

    ``left``: the person takes part no more, and it leaves their calendar as one that is cancelled does.
    """
    cancelled = left or meeting.state == MeetingState.CANCELLED
    event = Event()
    event.add("uid", name_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(datetime.UTC))
    event.add("dtend", meeting.ends_at.astimezone(datetime.UTC))
    event.add("summary", meeting.forum.name)
    if meeting.place:
        event.add("location", meeting.place)
    address = absolute(meeting.get_absolute_url())
    event.add("description", _("The agenda: %(address)s") % {"address": address})
    event.add("url", address)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _person(meeting.forum.leader))
    guest = _person(user)
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    guest.params["PARTSTAT"] = vText("ACCEPTED" if user.pk == meeting.forum.leader_id else "NEEDS-ACTION")
    guest.params["RSVP"] = vText("TRUE")
    event.add("attendee", guest, encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _person(user: User) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{user.email}")
    address.params["CN"] = vText(user.name)
    return address
