"""The life of a meeting: planned, held, minutes approved and locked. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("a meeting", "Planned")
    HELD = "held", pgettext_lazy("a meeting", "Held")
    APPROVED = "approved", pgettext_lazy("a meeting", "Minutes approved")
    CANCELLED = "cancelled", pgettext_lazy("a meeting", "Cancelled")


class MeetingPart(models.TextChoices):
    """What a person is to one meeting."""

    LEADER = "leader", _("leads the forum")
    WRITER = "writer", _("leads the forum or takes the minutes")


OPEN = (MeetingState.PLANNED, MeetingState.HELD)
"""As long as something may be written in it."""

_PLANNED = frozenset({str(MeetingState.PLANNED)})
_LEADER = frozenset({MeetingPart.LEADER})
_WRITER = frozenset({MeetingPart.WRITER})

MEETING = Lifecycle(
    start=MeetingState.PLANNED,
    secret=frozenset({"place"}),
    steps=(
        Step(
            name="send",
            sources=_PLANNED,
            target=None,
            parts=_WRITER,
            label=_("Send the agenda and the invitation"),
            event="improvement.meeting_sent",
        ),
        Step(
            name="change",
            sources=_PLANNED,
            target=None,
            parts=_WRITER,
            label=_("Change time, place or period"),
            event="improvement.meeting_changed",
            needs=frozenset({"starts_at"}),
        ),
        Step(
            name="hold",
            sources=_PLANNED,
            target=MeetingState.HELD,
            parts=_WRITER,
            label=_("The meeting is held"),
            event="improvement.meeting_held",
        ),
        Step(
            name="approve",
            sources=frozenset({str(MeetingState.HELD)}),
            target=MeetingState.APPROVED,
            parts=_LEADER,
            label=_("Approve the minutes"),
            event="improvement.meeting_approved",
        ),
        Step(
            name="cancel",
            sources=_PLANNED,
            target=MeetingState.CANCELLED,
            parts=_LEADER,
            label=_("Cancel the meeting"),
            event="improvement.meeting_cancelled",
            note=Note.OPTIONAL,
        ),
    ),
)
"""The life of a meeting: planned → held → minutes approved. What is approved is locked."""
