"""The journal of improvements in sentences. Cases they began from are told of in the cases' own journals alone."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement.models import DECIDED, Decision
from improvement.seven_steps import Stage
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def begun(telling: Telling) -> str:
    owner = telling.data.get("owner")
    if owner == telling.event.by_id:
        return _("%(who)s began the improvement.") % {"who": telling.who}
    return _("%(who)s began the improvement; %(owner)s leads the work.") % {
        "who": telling.who,
        "owner": telling.named("owner", owner),
    }


def went_back(telling: Telling) -> str:
    stage = str(Stage(telling.new("state")).label).lower() if telling.changed("state") else ""
    return _("%(who)s went back to the step “%(stage)s”.") % {"who": telling.who, "stage": stage}


def next_set(telling: Telling) -> str:
    if not telling.changed("next_on"):
        return _("%(who)s kept the day of the next step.") % {"who": telling.who}
    day = full(datetime.date.fromisoformat(telling.new("next_on")))
    return _("%(who)s set the next step to be done by %(day)s.") % {"who": telling.who, "day": day}


def rewritten(telling: Telling) -> str:
    goal = any(telling.changed(name) for name in ("goal", "number_now", "number_goal", "goal_on"))
    if goal:
        return _("%(who)s changed the goal.") % {"who": telling.who}
    return _("%(who)s changed what it says.") % {"who": telling.who}


def trial_planned(telling: Telling) -> str:
    return _("%(who)s began trial %(n)s.") % {"who": telling.who, "n": telling.data.get("cycle")}


def trial_studied(telling: Telling) -> str:
    decision = str(DECIDED[Decision(str(telling.data.get("decision")))]).lower()
    return _("%(who)s said what trial %(n)s taught: %(decision)s.") % {
        "who": telling.who,
        "n": telling.data.get("cycle"),
        "decision": decision,
    }


def invited(telling: Telling) -> str:
    person = telling.named("person", telling.data.get("person"))
    return _("%(who)s invited %(person)s.") % {"who": telling.who, "person": person}


def left(telling: Telling) -> str:
    person = telling.named("person", telling.data.get("person"))
    return _("%(who)s took %(person)s out of the team.") % {"who": telling.who, "person": person}


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed it over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


sentences.register(
    {
        "improvement.work_begun": begun,
        "improvement.work_analysed": gettext_lazy("%(who)s wrote how it is today."),
        "improvement.work_goal_set": gettext_lazy("%(who)s set the goal."),
        "improvement.work_solution_added": gettext_lazy("%(who)s added a solution."),
        "improvement.work_solution_taken_away": gettext_lazy("%(who)s took a solution away."),
        "improvement.work_solutions_found": gettext_lazy("%(who)s went on to choose."),
        "improvement.work_chosen": gettext_lazy("%(who)s chose what to try."),
        "improvement.work_trial_planned": trial_planned,
        "improvement.work_trial_studied": trial_studied,
        "improvement.work_tried": gettext_lazy("%(who)s went on to measure."),
        "improvement.work_measure_tied": gettext_lazy("%(who)s put a chart on the page."),
        "improvement.work_measure_untied": gettext_lazy("%(who)s took a chart off the page."),
        "improvement.work_measured": gettext_lazy("%(who)s said what the numbers say."),
        "improvement.work_draft_opened": gettext_lazy("%(who)s opened the draft of a document."),
        "improvement.work_finished": gettext_lazy("%(who)s finished the improvement."),
        "improvement.work_rewritten": rewritten,
        "improvement.work_next_set": next_set,
        "improvement.work_went_back": went_back,
        "improvement.work_invited": invited,
        "improvement.work_left": left,
        "improvement.work_handed_over": handed_over,
        "improvement.work_inherited": handed_over,
        "improvement.work_given_up": gettext_lazy("%(who)s gave it up."),
        "improvement.work_taken_up_again": gettext_lazy("%(who)s took it up again."),
        # On the case, for its reporter too: not who, and nothing of what it is about.
        "improvement.case_taken_up": gettext_lazy("The case became part of improvement work."),
        "improvement.case_let_go": gettext_lazy("The case is no longer part of improvement work."),
        "improvement.case_set_aside": gettext_lazy("The improvement work the case was part of was given up."),
        "improvement.came_of_it": gettext_lazy("The improvement the case was part of is finished."),
    },
    refers={"owner": User, "person": User},
    icons={
        "improvement.work_begun": "flag",
        "improvement.work_trial_planned": "action",
        "improvement.work_trial_studied": "check",
        "improvement.work_finished": "check-circle",
        "improvement.work_given_up": "close",
        "improvement.work_handed_over": "arrow-right",
        "improvement.work_inherited": "arrow-right",
        "improvement.came_of_it": "check-circle",
    },
)
