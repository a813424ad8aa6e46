"""The life of a whistle-blowing case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Step


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("a whistle-blowing case", "New")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("a whistle-blowing case", "Receipt given")
    EXAMINING = "examining", pgettext_lazy("a whistle-blowing case", "Being looked into")
    CONCLUDED = "concluded", pgettext_lazy("a whistle-blowing case", "Concluded")
    PASSED_ON = "passed_on", pgettext_lazy("a whistle-blowing case", "Passed on to an authority")
    OTHER = "other", pgettext_lazy("a whistle-blowing case", "Not whistle-blowing")


class Part(models.TextChoices):
    """What somebody is in one case."""

    RECIPIENT = "recipient", _("recipient")
    REPORTER = "reporter", _("reporter")


ENDED = (State.CONCLUDED, State.PASSED_ON, State.OTHER)
RUNNING = (State.ACKNOWLEDGED, State.EXAMINING)
_RECIPIENT = frozenset({Part.RECIPIENT})
_ANSWERED = frozenset({"ended_at", "outcome"})

LIFECYCLE = Lifecycle(
    start=State.RECEIVED,
    steps=(
        Step(
            name="acknowledge",
            sources=frozenset({State.RECEIVED}),
            target=State.ACKNOWLEDGED,
            parts=_RECIPIENT,
            label=_("Give a receipt"),
            event="acknowledged",
            needs=frozenset({"acknowledged_at"}),
        ),
        Step(
            name="examine",
            sources=frozenset({State.ACKNOWLEDGED}),
            target=State.EXAMINING,
            parts=_RECIPIENT,
            label=_("Begin to look into it"),
            event="examined",
        ),
        Step(
            name="conclude",
            sources=frozenset({State.EXAMINING}),
            target=State.CONCLUDED,
            parts=_RECIPIENT,
            label=_("Conclude"),
            event="concluded",
            needs=_ANSWERED | {"protect_on"},
        ),
        Step(
            name="pass_on",
            sources=frozenset(RUNNING),
            target=State.PASSED_ON,
            parts=_RECIPIENT,
            label=_("Pass on to an authority"),
            event="passed_on",
            needs=_ANSWERED | {"passed_to", "protect_on"},
        ),
        Step(
            name="decline",
            sources=frozenset({State.RECEIVED, *RUNNING}),
            target=State.OTHER,
            parts=_RECIPIENT,
            label=_("It isn’t whistle-blowing"),
            event="declined",
            needs=_ANSWERED | {"acknowledged_at"},
        ),
        Step(
            name="look_after",
            sources=frozenset(ENDED),
            target=None,
            parts=_RECIPIENT,
            label=_("Note how the whistle-blower is treated"),
            event="looked_after",
        ),
        Step(
            name="reopen",
            sources=frozenset(ENDED),
            target=State.EXAMINING,
            parts=frozenset({Part.RECIPIENT, Part.REPORTER}),
            label=_("Reopen"),
            event="reopened",
        ),
    ),
)
