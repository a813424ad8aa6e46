"""The calendar in the journal's words, and what goes with its owner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from kvalitetslosen.calendars.actions import revoke_address
from kvalitetslosen.journal import sentences
from kvalitetslosen.organisation import actions, handover
from kvalitetslosen.organisation.models import User
from kvalitetslosen.practice.middleware import ALWAYS_REAL

# A calendar is of the person who has it, practising or not.
ALWAYS_REAL.add("/kalender/")


def forget(user: User) -> None:
    """Whoever has left, or is locked out, has no calendar here."""
    revoke_address(user=user, by=None)


for ends in (handover.on_left, actions.on_locked_out):
    if forget not in ends:
        ends.append(forget)

sentences.register(
    {
        "calendars.address_made": gettext_lazy("%(who)s made an address for their own calendar."),
        "calendars.address_revoked": gettext_lazy("The address of a calendar was taken away."),
    },
    icons={"calendars.address_made": "clock"},
)
