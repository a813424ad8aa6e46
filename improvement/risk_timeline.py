"""The journal of risk analyses in sentences. Cases that point to them are told of in the cases' own journals alone."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement.models import Acceptance
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def begun(telling: Telling) -> str:
    owner = telling.data.get("owner")
    if owner == telling.event.by_id:
        return _("%(who)s began the risk analysis.") % {"who": telling.who}
    return _("%(who)s began the risk analysis; %(owner)s answers for it.") % {
        "who": telling.who,
        "owner": telling.named("owner", owner),
    }


def _number(telling: Telling) -> dict[str, Any]:
    return {"who": telling.who, "n": telling.data.get("hazard")}


def added(telling: Telling) -> str:
    return _("%(who)s added hazard %(n)s.") % _number(telling)


def assessed(telling: Telling) -> str:
    if not telling.data.get("estimate"):
        return _("%(who)s changed the words of hazard %(n)s.") % _number(telling)
    changed: Any = telling.data["estimate"]
    today = [changed[name] for name in ("consequence", "probability") if name in changed]
    if not today:
        return _("%(who)s changed what is expected of the actions against hazard %(n)s.") % _number(telling)
    return _("%(who)s estimated hazard %(n)s anew.") % _number(telling)


def decided(telling: Telling) -> str:
    if telling.data.get("acceptance") == Acceptance.ACCEPTED:
        return _("%(who)s accepted the risk of hazard %(n)s.") % _number(telling)
    return _("%(who)s said that the risk of hazard %(n)s is not accepted.") % _number(telling)


def taken_away(telling: Telling) -> str:
    return _("%(who)s took hazard %(n)s away.") % _number(telling)


def _day(telling: Telling) -> dict[str, Any]:
    """When it is looked at anew; the day stays where the same one was chosen."""
    day = telling.new("review_on") if telling.changed("review_on") else ""
    return {"who": telling.who, "day": full(datetime.date.fromisoformat(day)) if day else ""}


def applies(telling: Telling) -> str:
    return _("%(who)s let it apply, to be looked at anew by %(day)s.") % _day(telling)


def confirmed(telling: Telling) -> str:
    said = _day(telling)
    if not said["day"]:
        return _("%(who)s reviewed it: nothing had changed.") % said
    return _("%(who)s reviewed it: nothing had changed. Next time by %(day)s.") % said


def revised(telling: Telling) -> str:
    said = _day(telling)
    if not said["day"]:
        return _("%(who)s reviewed it, with changes.") % said
    return _("%(who)s reviewed it, with changes. Next time by %(day)s.") % said


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed it over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


sentences.register(
    {
        "improvement.risk_begun": begun,
        "improvement.hazard_added": added,
        "improvement.hazard_assessed": assessed,
        "improvement.hazard_decided": decided,
        "improvement.hazard_taken_away": taken_away,
        "improvement.risk_applies": applies,
        "improvement.risk_confirmed": confirmed,
        "improvement.risk_revised": revised,
        "improvement.risk_rewritten": gettext_lazy("%(who)s changed what it covers."),
        "improvement.risk_handed_over": handed_over,
        "improvement.risk_inherited": handed_over,
        "improvement.risk_withdrawn": gettext_lazy("%(who)s withdrew it."),
        # On the case, for its reporter too: not who, and nothing of which.
        "improvement.case_points_to_risk": gettext_lazy("The case points to a risk that was known."),
        "improvement.case_points_no_more": gettext_lazy("The case no longer points to the risk."),
    },
    refers={"owner": User},
    icons={
        "improvement.risk_begun": "flag",
        "improvement.risk_applies": "check",
        "improvement.risk_confirmed": "check-circle",
        "improvement.risk_revised": "check-circle",
        "improvement.risk_withdrawn": "close",
        "improvement.risk_handed_over": "arrow-right",
        "improvement.risk_inherited": "arrow-right",
    },
)
