"""The lives of a deviation, of a task in it and of a tally sheet: states, and tables of steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class State(models.TextChoices):
    REPORTED = "reported", _("Reported")
    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting for the reporter")
    CLOSED = "closed", _("Closed")
    NOT_DEVIATION = "not_deviation", _("Not a deviation")
    MERGED = "merged", _("Merged into another case")


class Part(models.TextChoices):
    """What a person is in one case."""

    REPORTER = "reporter", _("reporter")
    HANDLER = "handler", _("handler")
    LEADER = "leader", _("leader in line")
    QUALITY = "quality", _("quality contact")
    COLLEAGUE = "colleague", _("colleague who is asked")
    ADVISER = "adviser", _("whoever the law wants told inside")
    WATCHER = "watcher", _("safety representative or data protection officer")


OPEN = (State.REPORTED, State.RECEIVED, State.IN_PROGRESS, State.WAITING)
ENDED = (State.CLOSED, State.NOT_DEVIATION, State.MERGED)
WITH_OUTCOME = (State.CLOSED, State.NOT_DEVIATION)
"""Where the reporter has been told what came of it. What was merged is answered in the case that goes on."""
TAKEN = (State.RECEIVED, State.IN_PROGRESS, State.WAITING)

RESPONSIBLE = frozenset({Part.HANDLER, Part.LEADER})


def _states(*states: State) -> frozenset[str]:
    return frozenset(str(state) for state in states)


LIFECYCLE = Lifecycle(
    start=State.REPORTED,
    secret=frozenset({"outcome", "cause", "text"}),
    steps=(
        Step(
            name="receive",
            sources=_states(State.REPORTED),
            target=State.RECEIVED,
            parts=RESPONSIBLE,
            label=_("Receive"),
            event="deviations.received",
        ),
        Step(
            name="receive_and_close",
            sources=_states(State.REPORTED),
            target=State.CLOSED,
            parts=RESPONSIBLE,
            label=_("Receive and close"),
            event="deviations.closed",
            needs=frozenset({"outcome"}),
        ),
        Step(
            name="assess",
            sources=_states(State.RECEIVED),
            target=State.IN_PROGRESS,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Assess severity"),
            event="deviations.assessed",
            needs=frozenset({"consequence", "probability"}),
        ),
        Step(
            name="assess",
            sources=_states(State.IN_PROGRESS, State.WAITING),
            target=None,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Assess severity"),
            event="deviations.assessed",
            needs=frozenset({"consequence", "probability"}),
        ),
        Step(
            name="start",
            sources=_states(State.RECEIVED),
            target=State.IN_PROGRESS,
            parts=RESPONSIBLE,
            label=_("Start work"),
            event="deviations.started",
        ),
        Step(
            name="close",
            sources=_states(*TAKEN),
            target=State.CLOSED,
            parts=RESPONSIBLE,
            label=_("Close with an answer to the reporter"),
            event="deviations.closed",
            needs=frozenset({"outcome"}),
        ),
        Step(
            name="ask",
            sources=_states(State.RECEIVED, State.IN_PROGRESS),
            target=State.WAITING,
            parts=RESPONSIBLE,
            label=_("Ask the reporter"),
            event="deviations.asked",
        ),
        Step(
            name="answer",
            sources=_states(State.WAITING),
            target=State.IN_PROGRESS,
            parts=frozenset({Part.REPORTER}),
            label=_("Answer"),
            event="deviations.answered",
        ),
        Step(
            name="resume",
            sources=_states(State.WAITING),
            target=State.IN_PROGRESS,
            parts=RESPONSIBLE,
            label=_("Go on without the answer"),
            event="deviations.resumed",
        ),
        Step(
            name="analyse",
            sources=_states(State.RECEIVED),
            target=State.IN_PROGRESS,
            parts=RESPONSIBLE,
            label=_("Write the cause"),
            event="deviations.analysed",
            needs=frozenset({"cause"}),
        ),
        Step(
            name="analyse",
            sources=_states(State.IN_PROGRESS, State.WAITING),
            target=None,
            parts=RESPONSIBLE,
            label=_("Write the cause"),
            event="deviations.analysed",
            needs=frozenset({"cause"}),
        ),
        Step(
            name="take_over",
            sources=_states(*OPEN),
            target=None,
            parts=frozenset({Part.LEADER}),
            label=_("Take over"),
            event="deviations.taken_over",
        ),
        Step(
            name="forward",
            sources=_states(*OPEN),
            target=State.REPORTED,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Send to another unit"),
            event="deviations.forwarded",
            note=Note.REQUIRED,
            note_label=_("Why does it belong there?"),
        ),
        Step(
            name="escalate",
            sources=_states(*OPEN),
            target=None,
            parts=frozenset({Part.HANDLER}),
            label=_("Send to the leader above"),
            event="deviations.escalated",
            note=Note.REQUIRED,
            note_label=_("What can't be solved here?"),
        ),
        Step(
            name="merge",
            sources=_states(*OPEN),
            target=State.MERGED,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Merge into another case"),
            event="deviations.merged",
            needs=frozenset({"merged_into"}),
        ),
        Step(
            name="unmerge",
            sources=_states(State.MERGED),
            target=None,
            back_to=_states(*OPEN),
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Undo the merging"),
            event="deviations.parted",
        ),
        Step(
            name="not_deviation",
            sources=_states(*OPEN),
            target=State.NOT_DEVIATION,
            parts=RESPONSIBLE,
            label=_("Not a deviation"),
            event="deviations.not_deviation",
            needs=frozenset({"outcome"}),
        ),
        Step(
            name="make_proposal",
            sources=_states(*OPEN),
            target=None,
            parts=RESPONSIBLE,
            label=_("Make it an improvement proposal"),
            event="deviations.made_proposal",
            needs=frozenset({"kind"}),
        ),
        Step(
            name="reopen",
            sources=_states(State.CLOSED, State.NOT_DEVIATION),
            target=State.IN_PROGRESS,
            parts=RESPONSIBLE | {Part.REPORTER},
            label=_("Reopen"),
            event="deviations.reopened",
            note=Note.REQUIRED,
            note_label=_("Why should it be opened again?"),
        ),
        Step(
            name="end_elsewhere",  # by the other system the case came from, not by a button
            sources=_states(State.REPORTED),
            target=State.CLOSED,
            parts=frozenset(),
            label=_("Close"),
            event="deviations.ended_elsewhere",
            needs=frozenset({"outcome"}),
        ),
    ),
)


class SheetState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", pgettext_lazy("a month of ticks", "Closed")


SHEET = Lifecycle(
    start=SheetState.OPEN,
    secret=frozenset({"learning_note"}),
    steps=(
        Step(
            name="close",
            sources=frozenset({str(SheetState.OPEN)}),
            target=SheetState.CLOSED,
            parts=RESPONSIBLE,
            label=_("Close the month"),
            event="deviations.month_closed",
            needs=frozenset({"learning_note"}),
        ),
        Step(
            name="reopen",
            sources=frozenset({str(SheetState.CLOSED)}),
            target=SheetState.OPEN,
            parts=RESPONSIBLE,
            label=_("Open the month again"),
            event="deviations.month_reopened",
            note=Note.REQUIRED,
            note_label=_("Why should it be opened again?"),
        ),
    ),
)
"""The life of a tally sheet: a unit's ticks of a month."""


class TaskState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of a colleague", "Asked")
    ANSWERED = "answered", pgettext_lazy("by a colleague", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("a task", "Taken back")


ASKED = frozenset({str(TaskState.ASKED)})

TASK = Lifecycle(
    start=TaskState.ASKED,
    secret=frozenset({"text", "answer"}),
    steps=(
        Step(
            name="answer",
            sources=ASKED,
            target=TaskState.ANSWERED,
            parts=frozenset({Part.COLLEAGUE}),
            label=_("Send the answer"),
            event="deviations.task_answered",
            needs=frozenset({"answer"}),
        ),
        Step(
            name="withdraw",
            sources=ASKED,
            target=TaskState.WITHDRAWN,
            parts=RESPONSIBLE,
            label=pgettext_lazy("a task", "Take it back"),
            event="deviations.task_withdrawn",
        ),
        Step(
            name="fall_away",  # no button: its case was closed
            sources=ASKED,
            target=TaskState.WITHDRAWN,
            parts=frozenset(),
            label=_("Fall away when the case is closed"),
            event="deviations.task_fell_away",
        ),
        Step(
            name="follow",  # no button: its case was merged into another
            sources=ASKED,
            target=None,
            parts=frozenset(),
            label=_("Go along to the case it was merged into"),
            event="deviations.task_followed",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="come_back",  # no button: the merging was undone
            sources=frozenset(str(state) for state in TaskState),
            target=None,
            parts=frozenset(),
            label=_("Come back to the case it came from"),
            event="deviations.task_came_back",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=ASKED,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="deviations.task_inherited",
            needs=frozenset({"given_to"}),
        ),
    ),
)
"""The life of what a colleague is asked in a case."""


class ReflectionState(models.TextChoices):
    PLANNED = "planned", _("To be talked about")
    HELD = "held", _("Talked about")
    DROPPED = "dropped", pgettext_lazy("for the team meeting", "Taken off")


PLANNED = frozenset({str(ReflectionState.PLANNED)})

REFLECTION = Lifecycle(
    start=ReflectionState.PLANNED,
    secret=frozenset({"told", "why", "typical", "tries"}),
    steps=(
        Step(
            name="reword",
            sources=PLANNED,
            target=None,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Change what the team is told"),
            event="deviations.reflection_reworded",
            needs=frozenset({"told"}),
        ),
        Step(
            name="hold",
            sources=PLANNED,
            target=ReflectionState.HELD,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Keep what we said"),
            event="deviations.reflection_held",
            needs=frozenset({"tries", "held_on"}),
        ),
        Step(
            name="drop",
            sources=PLANNED,
            target=ReflectionState.DROPPED,
            parts=RESPONSIBLE | {Part.QUALITY},
            label=_("Take it off the list"),
            event="deviations.reflection_dropped",
        ),
    ),
)
"""The life of what a team is to talk about."""


class DutyState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("a duty to tell", "Running")
    DONE = "done", pgettext_lazy("a duty to tell", "Done")
    NOT_NEEDED = "not_needed", pgettext_lazy("a duty to tell", "Not needed")


_RUNNING = frozenset({str(DutyState.RUNNING)})
_ENDED = frozenset({str(DutyState.DONE), str(DutyState.NOT_NEEDED)})

DUTY = Lifecycle(
    start=DutyState.RUNNING,
    secret=frozenset({"remark", "reason"}),
    steps=(
        Step(
            name="done",
            sources=_RUNNING,
            target=DutyState.DONE,
            parts=RESPONSIBLE | {Part.QUALITY, Part.ADVISER},
            label=_("Tick as done"),
            event="deviations.duty_done",
            needs=frozenset({"done_at", "done_by"}),
        ),
        Step(
            name="not_needed",
            sources=_RUNNING,
            target=DutyState.NOT_NEEDED,
            parts=RESPONSIBLE | {Part.ADVISER},
            label=pgettext_lazy("a duty to tell", "Not needed"),
            event="deviations.duty_not_needed",
            needs=frozenset({"done_at", "done_by", "reason"}),
        ),
        Step(
            name="move_clock",
            sources=_RUNNING,
            target=None,
            parts=RESPONSIBLE | {Part.ADVISER},
            label=_("Correct when you became aware"),
            event="deviations.duty_clock_moved",
            note=Note.REQUIRED,
            note_label=_("Why was it another time?"),
        ),
        Step(
            name="fill_in",
            sources=_RUNNING | _ENDED,
            target=None,
            parts=RESPONSIBLE | {Part.QUALITY, Part.ADVISER},
            label=_("Fill in the report"),
            event="deviations.duty_filled_in",
        ),
        Step(
            name="reopen",
            sources=_ENDED,
            target=DutyState.RUNNING,
            parts=RESPONSIBLE | {Part.ADVISER},
            label=_("Take back the tick"),
            event="deviations.duty_reopened",
            note=Note.REQUIRED,
            note_label=_("Why is it not finished after all?"),
        ),
        Step(
            name="answered_again",  # by answering the question with yes once more, not by a button
            sources=frozenset({str(DutyState.NOT_NEEDED)}),
            target=DutyState.RUNNING,
            parts=frozenset(),
            label=_("Take back the tick"),
            event="deviations.duty_reopened",
        ),
        Step(
            name="go_along",  # when the case is merged into another
            sources=_RUNNING,
            target=None,
            parts=frozenset(),
            label=_("Merge into another case"),
            event="deviations.duty_went_along",
        ),
        Step(
            name="come_back",  # when the merging is undone
            sources=_RUNNING | _ENDED,
            target=None,
            parts=frozenset(),
            label=_("Merge into another case"),
            event="deviations.duty_came_back",
        ),
    ),
)
"""The life of a duty to tell somebody outside the municipality."""
