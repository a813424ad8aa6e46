"""The life of a report: written, approved with its figures as they were then, perhaps withdrawn. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a report", "Draft")
    APPROVED = "approved", pgettext_lazy("a report", "Approved")
    WITHDRAWN = "withdrawn", pgettext_lazy("a report", "Withdrawn")
    PUT_AWAY = "put_away", pgettext_lazy("a report", "Put away")


class Part(models.TextChoices):
    """What a person is to one report."""

    WRITER = "writer", _("whoever has the report of this unit")


_WRITER = frozenset({Part.WRITER})
_DRAFT = frozenset({str(State.DRAFT)})
_APPROVED = frozenset({str(State.APPROVED)})

REPORT = Lifecycle(
    start=State.DRAFT,
    secret=frozenset({"texts", "added"}),
    steps=(
        Step(
            name="write",
            sources=_DRAFT,
            target=None,
            parts=_WRITER,
            label=_("Write"),
            event="reports.written",
        ),
        Step(
            name="add_figures",
            sources=_DRAFT,
            target=None,
            parts=_WRITER,
            label=_("Add figures"),
            event="reports.figures_added",
        ),
        Step(
            name="move_figures",
            sources=_DRAFT,
            target=None,
            parts=_WRITER,
            label=_("Move the figures"),
            event="reports.figures_moved",
        ),
        Step(
            name="take_out_figures",
            sources=_DRAFT,
            target=None,
            parts=_WRITER,
            label=_("Take the figures out"),
            event="reports.figures_taken_out",
        ),
        Step(
            name="approve",
            sources=_DRAFT,
            target=State.APPROVED,
            parts=_WRITER,
            label=_("Approve the report"),
            event="reports.approved",
        ),
        Step(
            name="put_away",
            sources=_DRAFT,
            target=State.PUT_AWAY,
            parts=_WRITER,
            label=_("Put the draft away"),
            event="reports.put_away",
        ),
        Step(
            name="withdraw",
            sources=_APPROVED,
            target=State.WITHDRAWN,
            parts=_WRITER,
            label=_("Withdraw the report"),
            event="reports.withdrawn",
            note=Note.REQUIRED,
            note_label=_("Why is it withdrawn?"),
        ),
    ),
)
