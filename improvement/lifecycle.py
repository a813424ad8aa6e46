"""The lives of an action, a measure and a look at the effect: states, and tables of steps between them. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Part(models.TextChoices):
    """What a person is to one action."""

    OWNER = "owner", _("owner")
    RESPONSIBLE = "responsible", _("leader in line, or the one who handles the case")
    INSIDER = "insider", _("owner or responsible, who sees the case behind it, if there is one")


OPEN = (State.PLANNED, State.UNDER_WAY)
ENDED = (State.DONE, State.CANCELLED)
BOTH = frozenset({Part.OWNER, Part.RESPONSIBLE})
STILL_OPEN = frozenset(str(state) for state in OPEN)
NOT_CANCELLED = STILL_OPEN | {str(State.DONE)}

LIFECYCLE = Lifecycle(
    start=State.PLANNED,
    secret=frozenset({"what", "done_note"}),
    steps=(
        Step(
            name="start",
            sources=frozenset({str(State.PLANNED)}),
            target=State.UNDER_WAY,
            parts=BOTH,
            label=_("Start"),
            event="improvement.action_started",
        ),
        Step(
            name="finish",
            sources=STILL_OPEN,
            target=State.DONE,
            parts=BOTH,
            label=_("Mark as done"),
            event="improvement.action_done",
            needs=frozenset({"done_note"}),
        ),
        Step(
            name="move_deadline",
            sources=STILL_OPEN,
            target=None,
            parts=BOTH,
            label=_("Move the deadline"),
            event="improvement.action_deadline_moved",
            needs=frozenset({"deadline"}),
            note=Note.REQUIRED,
            note_label=_("Why does it take longer, or less?"),
        ),
        Step(
            # Who can't have it is who the case is about: only those who know that may try one name after the other.
            name="hand_over",
            sources=STILL_OPEN,
            target=None,
            parts=frozenset({Part.INSIDER}),
            label=_("Give to somebody else"),
            event="improvement.action_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=STILL_OPEN,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.action_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="follow",  # no button: its case was merged into another, and it goes along
            sources=STILL_OPEN,
            target=None,
            parts=frozenset(),
            label=_("Go along to the case it was merged into"),
            event="improvement.action_followed",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="come_back",  # no button: the merging was undone
            sources=STILL_OPEN | {str(state) for state in ENDED},
            target=None,
            parts=frozenset(),
            label=_("Come back to the case it came from"),
            event="improvement.action_came_back",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="outlive",
            sources=STILL_OPEN,
            target=None,
            parts=frozenset({Part.RESPONSIBLE}),
            label=_("Let it go on after the case is closed"),
            event="improvement.action_goes_on",
            needs=frozenset({"goes_on"}),
        ),
        Step(
            name="weigh",
            sources=NOT_CANCELLED,
            target=None,
            parts=BOTH,
            label=_("Assess the strength"),
            event="improvement.action_weighed",
            needs=frozenset({"strength"}),
        ),
        Step(
            name="share",
            sources=NOT_CANCELLED,
            target=None,
            parts=frozenset({Part.RESPONSIBLE}),
            label=_("Show it to colleagues when it is done"),
            event="improvement.action_shared",
            needs=frozenset({"shared"}),
        ),
        Step(
            name="unshare",
            sources=NOT_CANCELLED,
            target=None,
            parts=frozenset({Part.RESPONSIBLE}),
            label=_("Don't show it to colleagues"),
            event="improvement.action_unshared",
        ),
        Step(
            name="cancel",
            sources=STILL_OPEN,
            target=State.CANCELLED,
            parts=frozenset({Part.RESPONSIBLE}),
            label=_("Cancel the action"),
            event="improvement.action_cancelled",
            note=Note.REQUIRED,
            note_label=_("Why is it not to be done?"),
        ),
    ),
)


class MeasureState(models.TextChoices):
    FOLLOWED = "followed", pgettext_lazy("a measure", "Followed")
    ENDED = "ended", pgettext_lazy("a measure", "Ended")


class MeasurePart(models.TextChoices):
    """What a person is to one measure."""

    OWNER = "owner", _("owner")
    RESPONSIBLE = "responsible", _("leader in line")
    HELPER = "helper", _("quality contact, or somebody invited")


_ANSWERS = frozenset({MeasurePart.OWNER, MeasurePart.RESPONSIBLE})
_FOLLOWED = frozenset({str(MeasureState.FOLLOWED)})

MEASURE = Lifecycle(
    start=MeasureState.FOLLOWED,
    secret=frozenset({"name", "explained", "verdict_words"}),
    steps=(
        Step(
            name="enter",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS | {MeasurePart.HELPER},
            label=_("Enter a value"),
            event="improvement.value_entered",
        ),
        Step(
            name="mark",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS,
            label=_("Mark something that happened"),
            event="improvement.measure_marked",
        ),
        Step(
            name="judge",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS,
            label=_("Say how it went"),
            event="improvement.measure_judged",
            needs=frozenset({"verdict", "verdict_words"}),
        ),
        Step(
            name="adjust",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS,
            label=_("Change what it says"),
            event="improvement.measure_adjusted",
            needs=frozenset({"name"}),
        ),
        Step(
            name="invite",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS,
            label=_("Invite somebody"),
            event="improvement.measure_shared",
        ),
        Step(
            name="hand_over",
            sources=_FOLLOWED,
            target=None,
            parts=_ANSWERS,
            label=_("Give to somebody else"),
            event="improvement.measure_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=_FOLLOWED,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.measure_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="end",
            sources=_FOLLOWED,
            target=MeasureState.ENDED,
            parts=_ANSWERS,
            label=_("Stop measuring"),
            event="improvement.measure_ended",
            note=Note.REQUIRED,
            note_label=_("Why don't you measure it any more?"),
        ),
        Step(
            name="resume",
            sources=frozenset({str(MeasureState.ENDED)}),
            target=MeasureState.FOLLOWED,
            parts=_ANSWERS,
            label=_("Measure again"),
            event="improvement.measure_resumed",
        ),
    ),
)
"""The life of a measure: what is followed over time to see whether a change is an improvement."""


class EffectState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("a look at the effect", "Planned")
    OPEN = "open", pgettext_lazy("a look at the effect", "To be looked at")
    EFFECTIVE = "effective", _("It worked")
    INEFFECTIVE = "ineffective", _("It did not work")
    DROPPED = "dropped", pgettext_lazy("a look at the effect", "Dropped")


_PLANNED = frozenset({str(EffectState.PLANNED)})
_OPEN = frozenset({str(EffectState.OPEN)})
WAITING = (EffectState.PLANNED, EffectState.OPEN)
JUDGED = (EffectState.EFFECTIVE, EffectState.INEFFECTIVE)
_WAITING = frozenset(str(state) for state in WAITING)

EFFECT = Lifecycle(
    start=EffectState.PLANNED,
    secret=frozenset({"criterion", "words"}),
    steps=(
        Step(
            name="open",  # no button: its day has come
            sources=_PLANNED,
            target=EffectState.OPEN,
            parts=frozenset(),
            label=_("Open on its day"),
            event="improvement.effect_opened",
        ),
        Step(
            name="effective",
            sources=_OPEN,
            target=EffectState.EFFECTIVE,
            parts=BOTH,
            label=_("It worked"),
            event="improvement.effect_effective",
            needs=frozenset({"words"}),
        ),
        Step(
            name="ineffective",
            sources=_OPEN,
            target=EffectState.INEFFECTIVE,
            parts=BOTH,
            label=_("It did not work"),
            event="improvement.effect_ineffective",
            needs=frozenset({"words"}),
        ),
        Step(
            name="inconclusive",
            sources=_OPEN,
            target=EffectState.PLANNED,
            parts=BOTH,
            label=_("We can't tell yet"),
            event="improvement.effect_inconclusive",
            needs=frozenset({"opens_on"}),
            note=Note.REQUIRED,
            note_label=_("Why can't you tell, and what do you need to see?"),
        ),
        Step(
            # What counts as working is decided before one looks: never when it has opened.
            name="reword",
            sources=_PLANNED,
            target=None,
            parts=BOTH,
            label=_("Change the plan"),
            event="improvement.effect_reworded",
            needs=frozenset({"criterion", "opens_on"}),
        ),
        Step(
            name="hand_over",
            sources=_WAITING,
            target=None,
            parts=frozenset({Part.INSIDER}),
            label=_("Give to somebody else"),
            event="improvement.effect_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=_WAITING,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.effect_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="follow",  # no button: its case was merged into another, and it goes along
            sources=_WAITING,
            target=None,
            parts=frozenset(),
            label=_("Go along to the case it was merged into"),
            event="improvement.effect_followed",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="come_back",  # no button: the merging was undone
            sources=frozenset(str(state) for state in EffectState),
            target=None,
            parts=frozenset(),
            label=_("Come back to the case it came from"),
            event="improvement.effect_came_back",
            needs=frozenset({"deviation"}),
        ),
        Step(
            name="drop",
            sources=_WAITING,
            target=EffectState.DROPPED,
            parts=frozenset({Part.RESPONSIBLE}),
            label=_("Drop it"),
            event="improvement.effect_dropped",
            note=Note.REQUIRED,
            note_label=_("Why is the effect not to be looked at?"),
        ),
    ),
)
"""The life of a look at the effect: did it work? Whether it was done is another question, and the action's own."""


class InquiryState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("a question to a leader", "Asked")
    ANSWERED = "answered", pgettext_lazy("a question to a leader", "Answered")
    READ = "read", pgettext_lazy("a question to a leader", "Answer read")
    WITHDRAWN = "withdrawn", pgettext_lazy("a question to a leader", "Withdrawn")


class InquiryPart(models.TextChoices):
    """What a person is to one question."""

    ASKER = "asker", _("who asked")
    ASKED = "asked", _("who was asked")


_UNANSWERED = frozenset({str(InquiryState.ASKED)})

INQUIRY = Lifecycle(
    start=InquiryState.ASKED,
    secret=frozenset({"question", "answer"}),
    steps=(
        Step(
            name="answer",
            sources=_UNANSWERED,
            target=InquiryState.ANSWERED,
            parts=frozenset({InquiryPart.ASKED}),
            label=_("Send the answer"),
            event="improvement.inquiry_answered",
            needs=frozenset({"answer"}),
        ),
        Step(
            name="read",
            sources=frozenset({str(InquiryState.ANSWERED)}),
            target=InquiryState.READ,
            parts=frozenset({InquiryPart.ASKER}),
            label=_("Thank you, I have read it"),
            event="improvement.inquiry_read",
        ),
        Step(
            name="withdraw",
            sources=_UNANSWERED,
            target=InquiryState.WITHDRAWN,
            parts=frozenset({InquiryPart.ASKER}),
            label=_("Withdraw the question"),
            event="improvement.inquiry_withdrawn",
        ),
        Step(
            name="inherit",  # no button: who was asked leaves, and their questions are handed over
            sources=_UNANSWERED,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.inquiry_inherited",
            needs=frozenset({"asked"}),
        ),
        Step(
            name="hear",  # no button: who asked leaves, and the answers go to somebody else
            sources=_UNANSWERED | {str(InquiryState.ANSWERED)},
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.inquiry_taken_over",
            needs=frozenset({"asker"}),
        ),
    ),
)
"""The life of a question from one leader to another: asked, answered, read."""
