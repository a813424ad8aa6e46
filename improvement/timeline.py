"""The journal of actions and measures in sentences."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement import (  # noqa: F401 - register their sentences
    audit_timeline,
    improvement_timeline,
    meeting_timeline,
    risk_timeline,
    story_timeline,
)
from improvement.charts import Verdict
from improvement.models import SHORT, MarkKind
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def planned(telling: Telling) -> str:
    owner, deadline = telling.data.get("owner"), telling.data.get("deadline")
    names = {
        "who": telling.who,
        "owner": telling.named("owner", owner),
        "day": full(datetime.date.fromisoformat(str(deadline))),
    }
    if owner == telling.event.by_id:
        return _("%(who)s planned the action, to be done by %(day)s.") % names
    return _("%(who)s gave the action to %(owner)s, to be done by %(day)s.") % names


def weighed(telling: Telling) -> str:
    if not telling.changed("strength"):
        return _("%(who)s assessed the strength anew, and it stayed the same.") % {"who": telling.who}
    return _("%(who)s assessed the action as %(strength)s.") % {
        "who": telling.who,
        "strength": str(SHORT.get(telling.new("strength"), "")).lower(),
    }


def deadline_moved(telling: Telling) -> str:
    if not telling.changed("deadline"):
        return _("%(who)s kept the deadline.") % {"who": telling.who}
    return _("%(who)s moved the deadline from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": full(datetime.date.fromisoformat(telling.old("deadline"))),
        "new": full(datetime.date.fromisoformat(telling.new("deadline"))),
    }


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed the action over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


def part_added(telling: Telling) -> str:
    names = {"who": telling.who, "owner": telling.named("owner", telling.data.get("owner"))}
    return _("%(who)s gave a part to %(owner)s.") % names


def part_removed(telling: Telling) -> str:
    names = {"who": telling.who, "owner": telling.named("owner", telling.data.get("owner"))}
    return _("%(who)s took the part of %(owner)s away.") % names


def part_inherited(telling: Telling) -> str:
    names = {
        "who": telling.who,
        "old": telling.named("owner", telling.data.get("left")),
        "new": telling.named("owner", telling.data.get("owner")),
    }
    return _("%(who)s handed a part over from %(old)s to %(new)s.") % names


def _day(telling: Telling) -> str:
    return full(datetime.date.fromisoformat(str(telling.data.get("day"))))


def value_entered(telling: Telling) -> str:
    names = {"who": telling.who, "day": _day(telling)}
    if telling.data.get("corrected"):
        return _("%(who)s corrected the value of %(day)s.") % names
    return _("%(who)s entered a value for %(day)s.") % names


def marked(telling: Telling) -> str:
    names = {"who": telling.who, "day": _day(telling)}
    if telling.changed("changed_on"):
        return _("%(who)s marked a change on %(day)s, and before and after that day are compared.") % names
    if telling.data.get("kind") == MarkKind.REPORTING:
        return _("%(who)s marked a drive to report more, or a new form, on %(day)s.") % names
    return _("%(who)s marked what happened on %(day)s.") % names


def judged(telling: Telling) -> str:
    verdict = telling.new("verdict") if telling.changed("verdict") else ""
    if not verdict:
        return _("%(who)s said anew how it went, with the same verdict.") % {"who": telling.who}
    return _("%(who)s said how it went: %(verdict)s.") % {
        "who": telling.who,
        "verdict": str(Verdict(verdict).label).lower(),
    }


def shared(telling: Telling) -> str:
    return _("%(who)s invited %(person)s.") % {
        "who": telling.who,
        "person": telling.named("person", telling.data.get("person")),
    }


def begun(telling: Telling) -> str:
    owner = telling.data.get("owner")
    if owner == telling.event.by_id:
        return _("%(who)s began to measure this.") % {"who": telling.who}
    return _("%(who)s began to measure this; %(owner)s answers for it.") % {
        "who": telling.who,
        "owner": telling.named("owner", owner),
    }


def measure_handed_over(telling: Telling) -> str:
    return _("%(who)s handed it over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


sentences.register(
    {
        "improvement.action_planned": planned,
        "improvement.action_started": gettext_lazy("%(who)s started on the action."),
        "improvement.action_done": gettext_lazy("%(who)s marked the action as done."),
        "improvement.action_cancelled": gettext_lazy("%(who)s cancelled the action."),
        "improvement.action_deadline_moved": deadline_moved,
        "improvement.action_handed_over": handed_over,
        "improvement.action_inherited": handed_over,
        "improvement.action_followed": gettext_lazy(
            "%(who)s merged its case into another, and the action went along."
        ),
        "improvement.action_came_back": gettext_lazy(
            "%(who)s undid the merging of cases, and the action came back to its own."
        ),
        "improvement.action_weighed": weighed,
        "improvement.action_goes_on": gettext_lazy("%(who)s let the action go on after the case is closed."),
        "improvement.action_shared": gettext_lazy("%(who)s let colleagues see the action when it is done."),
        "improvement.action_unshared": gettext_lazy("%(who)s hid the action from colleagues again."),
        "improvement.part_added": part_added,
        "improvement.part_removed": part_removed,
        "improvement.part_inherited": part_inherited,
        "improvement.part_done": gettext_lazy("%(who)s did their part."),
        "improvement.part_undone": gettext_lazy("%(who)s is not done with their part after all."),
    },
    refers={"owner": User},
    icons={
        "improvement.action_planned": "action",
        "improvement.action_done": "check-circle",
        "improvement.action_cancelled": "close",
        "improvement.action_deadline_moved": "clock",
        "improvement.action_handed_over": "arrow-right",
        "improvement.action_inherited": "arrow-right",
        "improvement.action_followed": "arrow-right",
        "improvement.action_shared": "eye",
        "improvement.part_done": "check-circle",
    },
)

sentences.register(
    {
        "improvement.measure_begun": begun,
        "improvement.value_entered": value_entered,
        "improvement.measure_marked": marked,
        "improvement.measure_judged": judged,
        "improvement.measure_adjusted": gettext_lazy("%(who)s changed what it says."),
        "improvement.measure_shared": shared,
        "improvement.measure_handed_over": measure_handed_over,
        "improvement.measure_inherited": measure_handed_over,
        "improvement.measure_ended": gettext_lazy("%(who)s stopped measuring it."),
        "improvement.measure_resumed": gettext_lazy("%(who)s measures it again."),
    },
    refers={"owner": User, "person": User},
    icons={
        "improvement.measure_begun": "chart",
        "improvement.measure_marked": "flag",
        "improvement.measure_judged": "check-circle",
        "improvement.measure_ended": "close",
        "improvement.measure_handed_over": "arrow-right",
        "improvement.measure_inherited": "arrow-right",
    },
)


def effect_planned(telling: Telling) -> str:
    owner, opens_on = telling.data.get("owner"), telling.data.get("opens_on")
    names = {
        "who": telling.who,
        "owner": telling.named("owner", owner),
        "day": full(datetime.date.fromisoformat(str(opens_on))),
    }
    if owner == telling.event.by_id:
        return _("%(who)s planned to look at the effect on %(day)s.") % names
    return _("%(who)s planned that %(owner)s looks at the effect on %(day)s.") % names


def effect_postponed(telling: Telling) -> str:
    return _("%(who)s can't tell yet, and looks again on %(day)s.") % {
        "who": telling.who,
        "day": full(datetime.date.fromisoformat(telling.new("opens_on"))),
    }


def effect_day_set(telling: Telling) -> str:
    day = full(datetime.date.fromisoformat(telling.new("effect_check_on")))
    return _("It is planned to look at the effect on %(day)s.") % {"day": day}


def action_effect_found(telling: Telling) -> str:
    if telling.data.get("worked"):
        return _("%(who)s saw that it worked.") % {"who": telling.who}
    return _("%(who)s saw that it did not work.") % {"who": telling.who}


def effect_found(telling: Telling) -> str:
    """On the case, for the reporter too: who looked is no more told than who owns an action."""
    if telling.data.get("worked"):
        return _("The effect was looked at: it worked.")
    return _("The effect was looked at: it did not work.")


sentences.register(
    {
        "improvement.effect_planned": effect_planned,
        "improvement.effect_opened": gettext_lazy("The day has come to look at the effect."),
        "improvement.effect_effective": gettext_lazy("%(who)s saw that it worked."),
        "improvement.effect_ineffective": gettext_lazy("%(who)s saw that it did not work."),
        "improvement.effect_inconclusive": effect_postponed,
        "improvement.effect_reworded": gettext_lazy("%(who)s changed the plan."),
        "improvement.effect_handed_over": measure_handed_over,
        "improvement.effect_inherited": measure_handed_over,
        "improvement.effect_followed": gettext_lazy("%(who)s merged its case into another, and it went along."),
        "improvement.effect_came_back": gettext_lazy("%(who)s undid the merging of cases, and it came back."),
        "improvement.effect_dropped": gettext_lazy("%(who)s dropped it."),
        "improvement.effect_day_set": effect_day_set,
        "improvement.effect_found": effect_found,
        "improvement.action_effect_found": action_effect_found,
    },
    refers={"owner": User},
    icons={
        "improvement.effect_planned": "clock",
        "improvement.effect_opened": "eye",
        "improvement.effect_effective": "check-circle",
        "improvement.effect_ineffective": "close",
        "improvement.effect_found": "eye",
    },
)


def asked(telling: Telling) -> str:
    names = {"who": telling.who, "asked": telling.named("asked", telling.data.get("asked"))}
    return _("%(who)s asked %(asked)s.") % names


def asked_another(telling: Telling) -> str:
    names = {"old": telling.named("asked", telling.old("asked")), "new": telling.named("asked", telling.new("asked"))}
    return _("%(new)s answers instead of %(old)s, who leaves.") % names


def heard_by_another(telling: Telling) -> str:
    names = {"old": telling.named("asked", telling.old("asker")), "new": telling.named("asked", telling.new("asker"))}
    return _("%(new)s gets the answer instead of %(old)s, who leaves.") % names


sentences.register(
    {
        "improvement.inquiry_asked": asked,
        "improvement.inquiry_answered": gettext_lazy("%(who)s answered."),
        "improvement.inquiry_read": gettext_lazy("%(who)s has read the answer."),
        "improvement.inquiry_withdrawn": gettext_lazy("%(who)s withdrew the question."),
        "improvement.inquiry_inherited": asked_another,
        "improvement.inquiry_taken_over": heard_by_another,
        "improvement.inquiry_rhythm_begun": gettext_lazy("%(who)s asks this every month."),
        "improvement.inquiry_rhythm_ended": gettext_lazy("It isn't asked every month any more."),
    },
    refers={"asked": User, "asker": User},
    icons={"improvement.inquiry_answered": "chat", "improvement.inquiry_read": "check-circle"},
)


def year_task_planned(telling: Telling) -> str:
    names = {"who": telling.who, "owner": telling.named("owner", telling.data.get("owner"))}
    if telling.data.get("owner") == telling.event.by_id:
        return _("%(who)s put it in the year.") % names
    return _("%(who)s put it in the year; %(owner)s does it.") % names


sentences.register(
    {
        "improvement.year_task_planned": year_task_planned,
        "improvement.year_task_done": gettext_lazy("%(who)s did it."),
        "improvement.year_task_skipped": gettext_lazy("%(who)s skipped it this time."),
        "improvement.year_task_put_back": gettext_lazy("%(who)s put it back on the plan."),
        "improvement.year_task_changed": gettext_lazy("%(who)s changed it."),
        "improvement.year_task_handed_over": measure_handed_over,
        "improvement.year_task_inherited": measure_handed_over,
    },
    refers={"owner": User},
    icons={
        "improvement.year_task_planned": "calendar",
        "improvement.year_task_done": "check-circle",
        "improvement.year_task_handed_over": "arrow-right",
        "improvement.year_task_inherited": "arrow-right",
    },
)
