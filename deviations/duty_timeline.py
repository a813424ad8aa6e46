"""The journal of duties to tell, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deviations import duties
from deviations.models import Reply
from deviations.timeline import REPORTER, day, together, word
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling


def name_of(telling: Telling) -> str:
    """What is to be done, by the rule the event names."""
    return str(duties.rule(telling.data["rule"], telling.data["version"]).name)


def answered(telling: Telling) -> str:
    return together(
        *(
            _("%(who)s answered “%(question)s” with %(answer)s.")
            % {"who": telling.who, "question": duties.BY_CODE[code].text, "answer": word(Reply, answer)}
            for code, answer in telling.data.get("answers", {}).items()
        )
    )


def opened(telling: Telling) -> str:
    return _("A duty to tell began to run: “%(duty)s”, by %(due)s.") % {
        "duty": name_of(telling),
        "due": day(telling.data["due"]),
    }


def done(telling: Telling) -> str:
    return _("%(who)s ticked “%(duty)s” as done.") % {"who": telling.who, "duty": name_of(telling)}


def not_needed(telling: Telling) -> str:
    return _("%(who)s said why “%(duty)s” is not needed.") % {"who": telling.who, "duty": name_of(telling)}


def moved(telling: Telling) -> str:
    return _("%(who)s corrected when one became aware. “%(duty)s” is due by %(new)s.") % {
        "who": telling.who,
        "duty": name_of(telling),
        "new": day(telling.new("due_at")) if telling.changed("due_at") else "",
    }


def filled_in(telling: Telling) -> str:
    return _("%(who)s wrote in the report of “%(duty)s”.") % {"who": telling.who, "duty": name_of(telling)}


def reopened(telling: Telling) -> str:
    return _("%(who)s took back the tick of “%(duty)s”.") % {"who": telling.who, "duty": name_of(telling)}


def went_along(telling: Telling) -> str:
    return _("“%(duty)s” goes on in the case this one was merged into.") % {"duty": name_of(telling)}


def came_back(telling: Telling) -> str:
    return _("“%(duty)s” came back, since the merging was undone.") % {"duty": name_of(telling)}


def half(telling: Telling) -> str:
    return _("Half of the time for “%(duty)s” had passed. Those who have it were told.") % {"duty": name_of(telling)}


def last(telling: Telling) -> str:
    return _("The last hours for “%(duty)s” had begun. Those who have it were told.") % {"duty": name_of(telling)}


def late(telling: Telling) -> str:
    return _("“%(duty)s” was not done in time. Those who have it and the leader above were told.") % {
        "duty": name_of(telling)
    }


sentences.register(
    {
        "deviations.triage_answered": answered,
        "deviations.duty_opened": opened,
        "deviations.duty_done": done,
        "deviations.duty_not_needed": not_needed,
        "deviations.duty_clock_moved": moved,
        "deviations.duty_filled_in": filled_in,
        "deviations.duty_reopened": reopened,
        "deviations.duty_went_along": went_along,
        "deviations.duty_came_back": came_back,
        "deviations.duty_half": half,
        "deviations.duty_last": last,
        "deviations.duty_late": late,
    },
    unnamed=REPORTER,
    icons={
        "deviations.duty_opened": "clock",
        "deviations.duty_done": "check-circle",
        "deviations.duty_half": "clock",
        "deviations.duty_last": "clock",
        "deviations.duty_late": "clock",
    },
)
sentences.register(
    {"deviations.duty_settings_set": gettext_lazy("%(who)s decided whom to tell, and by which rules.")},
)
