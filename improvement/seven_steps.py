"""The life of an improvement: its states, the columns of the board, and the table of steps between them. Data only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Note, Step


class Stage(models.TextChoices):
    """Where an improvement is: the seven steps, and its two ends."""

    ANALYSE = "analyse", pgettext_lazy("improvement work", "Analyse")
    GOAL = "goal", pgettext_lazy("improvement work", "Goal")
    SOLUTIONS = "solutions", pgettext_lazy("improvement work", "Possible solutions")
    CHOOSE = "choose", pgettext_lazy("improvement work", "Choose")
    TRY = "try", pgettext_lazy("improvement work", "Try")
    MEASURE = "measure", pgettext_lazy("improvement work", "Measure")
    FORMALISE = "formalise", pgettext_lazy("improvement work", "Formalise")
    FINISHED = "finished", pgettext_lazy("improvement work", "Finished")
    GIVEN_UP = "given_up", pgettext_lazy("improvement work", "Given up")


class Column(models.TextChoices):
    """What a team stands in front of."""

    IDEAS = "ideas", pgettext_lazy("improvement board", "Ideas")
    PLANNED = "planned", pgettext_lazy("improvement board", "Planned")
    TRYING = "trying", pgettext_lazy("improvement board", "Trying")
    MEASURING = "measuring", pgettext_lazy("improvement board", "Measuring")
    ADOPTED = "adopted", pgettext_lazy("improvement board", "Adopted")


STEPS_IN_ORDER = (
    Stage.ANALYSE, Stage.GOAL, Stage.SOLUTIONS, Stage.CHOOSE, Stage.TRY, Stage.MEASURE, Stage.FORMALISE,
)  # fmt: skip

COLUMNS: dict[Column, tuple[Stage, ...]] = {
    Column.IDEAS: (Stage.ANALYSE,),
    Column.PLANNED: (Stage.GOAL, Stage.SOLUTIONS, Stage.CHOOSE),
    Column.TRYING: (Stage.TRY,),
    Column.MEASURING: (Stage.MEASURE,),
    Column.ADOPTED: (Stage.FORMALISE, Stage.FINISHED),
}


class Share(models.TextChoices):
    """What a person is to one improvement."""

    OWNER = "owner", _("owner")
    RESPONSIBLE = "responsible", _("leader in line")
    TEAM = "team", _("quality contact, or somebody invited")


WORKING = frozenset(str(stage) for stage in STEPS_IN_ORDER)
_ALL = frozenset({Share.OWNER, Share.RESPONSIBLE, Share.TEAM})
_ANSWERS = frozenset({Share.OWNER, Share.RESPONSIBLE})


def _in(*stages: Stage) -> frozenset[str]:
    return frozenset(str(stage) for stage in stages)


IMPROVEMENT = Lifecycle(
    start=Stage.ANALYSE,
    secret=frozenset(
        {"title", "analysis", "goal", "number_now", "number_goal", "measured", "result", "without_document"}
    ),
    steps=(
        Step(
            name="analyse",
            sources=_in(Stage.ANALYSE),
            target=Stage.GOAL,
            parts=_ALL,
            label=_("Save, and set the goal"),
            event="improvement.work_analysed",
            needs=frozenset({"analysis"}),
        ),
        Step(
            name="set_goal",
            sources=_in(Stage.GOAL),
            target=Stage.SOLUTIONS,
            parts=_ALL,
            label=_("Save, and look for solutions"),
            event="improvement.work_goal_set",
            needs=frozenset({"goal", "number_goal", "goal_on"}),
        ),
        Step(
            name="suggest",
            sources=_in(Stage.ANALYSE, Stage.GOAL, Stage.SOLUTIONS, Stage.CHOOSE, Stage.TRY),
            target=None,
            parts=_ALL,
            label=_("Add the solution"),
            event="improvement.work_solution_added",
        ),
        Step(
            name="take_away",
            sources=_in(Stage.ANALYSE, Stage.GOAL, Stage.SOLUTIONS, Stage.CHOOSE),
            target=None,
            parts=_ALL,
            label=_("Take the solution away"),
            event="improvement.work_solution_taken_away",
        ),
        Step(
            name="weigh_up",
            sources=_in(Stage.SOLUTIONS),
            target=Stage.CHOOSE,
            parts=_ALL,
            label=_("Go on, and choose"),
            event="improvement.work_solutions_found",
        ),
        Step(
            name="choose",
            sources=_in(Stage.CHOOSE),
            target=Stage.TRY,
            parts=_ALL,
            label=_("Try what is chosen"),
            event="improvement.work_chosen",
        ),
        Step(
            name="plan_trial",
            sources=_in(Stage.TRY),
            target=None,
            parts=_ALL,
            label=_("Begin the trial"),
            event="improvement.work_trial_planned",
        ),
        Step(
            name="study_trial",
            sources=_in(Stage.TRY),
            target=None,
            parts=_ALL,
            label=_("Save what you learnt"),
            event="improvement.work_trial_studied",
        ),
        Step(
            name="follow_up",
            sources=_in(Stage.TRY),
            target=Stage.MEASURE,
            parts=_ALL,
            label=_("Go on, and measure"),
            event="improvement.work_tried",
        ),
        Step(
            name="tie_measure",
            sources=WORKING,
            target=None,
            parts=_ALL,
            label=_("Show its chart here"),
            event="improvement.work_measure_tied",
        ),
        Step(
            name="untie_measure",
            sources=WORKING,
            target=None,
            parts=_ALL,
            label=_("Don't show its chart here"),
            event="improvement.work_measure_untied",
        ),
        Step(
            name="conclude",
            sources=_in(Stage.MEASURE),
            target=Stage.FORMALISE,
            parts=_ALL,
            label=_("Save, and make it the usual way"),
            event="improvement.work_measured",
            needs=frozenset({"measured"}),
        ),
        Step(
            name="open_draft",
            sources=_in(Stage.FORMALISE),
            target=None,
            parts=_ALL,
            label=_("Open the draft"),
            event="improvement.work_draft_opened",
            needs=frozenset({"version"}),
        ),
        Step(
            name="finish",
            sources=_in(Stage.FORMALISE),
            target=Stage.FINISHED,
            parts=_ANSWERS,
            label=_("Finish the improvement"),
            event="improvement.work_finished",
            needs=frozenset({"result"}),
        ),
        Step(
            name="rewrite",
            sources=WORKING,
            target=None,
            parts=_ALL,
            label=_("Change what it says"),
            event="improvement.work_rewritten",
            needs=frozenset({"title"}),
        ),
        Step(
            name="set_next",
            sources=WORKING,
            target=None,
            parts=_ALL,
            label=_("Next step by"),
            event="improvement.work_next_set",
            needs=frozenset({"next_on"}),
        ),
        Step(
            name="go_back",
            sources=WORKING - _in(Stage.ANALYSE),
            target=None,
            back_to=WORKING - _in(Stage.FORMALISE),
            parts=_ALL,
            label=_("Go back to an earlier step"),
            event="improvement.work_went_back",
            note=Note.OPTIONAL,
            note_label=_("What made you go back?"),
        ),
        Step(
            name="invite",
            sources=WORKING,
            target=None,
            parts=_ANSWERS,
            label=_("Invite to the team"),
            event="improvement.work_invited",
        ),
        Step(
            name="take_out",
            sources=WORKING | _in(Stage.FINISHED, Stage.GIVEN_UP),
            target=None,
            parts=_ANSWERS,
            label=_("Take out of the team"),
            event="improvement.work_left",
        ),
        Step(
            name="hand_over",
            sources=WORKING,
            target=None,
            parts=_ANSWERS,
            label=_("Give to somebody else"),
            event="improvement.work_handed_over",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="inherit",  # no button: somebody leaves, and what they had is handed over
            sources=WORKING,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.work_inherited",
            needs=frozenset({"owner"}),
        ),
        Step(
            name="give_up",
            sources=WORKING,
            target=Stage.GIVEN_UP,
            parts=_ANSWERS,
            label=_("Give it up"),
            event="improvement.work_given_up",
            note=Note.REQUIRED,
            note_label=_("Why do you give it up? What did you learn all the same?"),
        ),
        Step(
            name="take_up_again",
            sources=_in(Stage.GIVEN_UP),
            target=None,
            back_to=WORKING,
            parts=_ANSWERS,
            label=_("Take it up again"),
            event="improvement.work_taken_up_again",
        ),
    ),
)
"""The life of an improvement: from what is wrong today to a new way that is the usual one."""
