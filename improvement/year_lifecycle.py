"""The life of a task of the year wheel: to be done in its month, then done or skipped. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class YearState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("a year task", "Planned")
    DONE = "done", pgettext_lazy("a year task", "Done")
    SKIPPED = "skipped", pgettext_lazy("a year task", "Skipped")


class YearPart(models.TextChoices):
    """What a person is to one task."""

    OWNER = "owner", _("owner")
    RESPONSIBLE = "responsible", _("leader in line, or quality contact")


_PLANNED = frozenset({str(YearState.PLANNED)})
_ENDED = frozenset({str(YearState.DONE), str(YearState.SKIPPED)})
_ANY = frozenset({YearPart.OWNER, YearPart.RESPONSIBLE})

YEAR_TASK = Lifecycle(
    start=YearState.PLANNED,
    secret=frozenset({"what", "done_is", "words"}),
    steps=(
        Step(
            name="tick",
            sources=_PLANNED,
            target=YearState.DONE,
            parts=_ANY,
            label=_("Mark as done"),
            event="improvement.year_task_done",
            needs=frozenset({"words"}),
        ),
        Step(
            name="skip",
            sources=_PLANNED,
            target=YearState.SKIPPED,
            parts=_ANY,
            label=_("Skip it this time"),
            event="improvement.year_task_skipped",
            needs=frozenset({"words"}),
        ),
        Step(
            name="again",
            sources=_ENDED,
            target=YearState.PLANNED,
            parts=_ANY,
            label=_("Put it back on the plan"),
            event="improvement.year_task_put_back",
        ),
        Step(
            name="change",
            sources=_PLANNED,
            target=None,
            parts=_ANY,
            label=_("Change it"),
            event="improvement.year_task_changed",
            needs=frozenset({"what", "month"}),
        ),
        Step(
            name="hand_over",
            sources=_PLANNED,
            target=None,
            parts=_ANY,
            label=_("Give to somebody else"),
            event="improvement.year_task_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=_PLANNED,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.year_task_inherited",
            needs=frozenset({"owner"}),
            note=Note.NONE,
        ),
    ),
)
