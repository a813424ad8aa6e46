"""The journal of internal audits in sentences. What was found stands on the points, never here."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def planned(telling: Telling) -> str:
    owner = telling.data.get("owner")
    if owner == telling.event.by_id:
        return _("%(who)s planned the audit.") % {"who": telling.who}
    return _("%(who)s planned the audit; %(owner)s leads it.") % {
        "who": telling.who,
        "owner": telling.named("owner", owner),
    }


def prepared(telling: Telling) -> str:
    n = telling.data.get("points")
    count = n if isinstance(n, int) else 1
    return ngettext(
        "%(who)s added %(n)d point to the checklist.", "%(who)s added %(n)d points to the checklist.", count
    ) % {"who": telling.who, "n": count}


def changed(telling: Telling) -> str:
    if not telling.changed("held_on"):
        return _("%(who)s changed the plan.") % {"who": telling.who}
    return _("%(who)s moved it to %(day)s.") % {
        "who": telling.who,
        "day": full(datetime.date.fromisoformat(telling.new("held_on"))),
    }


def _point(telling: Telling) -> dict[str, object]:
    return {"who": telling.who, "n": telling.data.get("point")}


def struck(telling: Telling) -> str:
    return _("%(who)s took point %(n)s off the checklist.") % _point(telling)


def answered(telling: Telling) -> str:
    return _("%(who)s answered point %(n)s.") % _point(telling)


def reported(telling: Telling) -> str:
    return _("%(who)s reported the finding of point %(n)s.") % _point(telling)


def _person(telling: Telling) -> dict[str, str]:
    return {"who": telling.who, "person": telling.named("person", telling.data.get("person"))}


def appointed(telling: Telling) -> str:
    return _("%(who)s made %(person)s an auditor.") % _person(telling)


def dismissed(telling: Telling) -> str:
    return _("%(who)s took %(person)s off as an auditor.") % _person(telling)


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed it over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


def passed_on(telling: Telling) -> str:
    return _("%(who)s handed the place of %(old)s as an auditor over to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("person", telling.data.get("left")),
        "new": telling.named("person", telling.data.get("person")),
    }


sentences.register(
    {
        "improvement.audit_planned": planned,
        "improvement.audit_prepared": prepared,
        "improvement.audit_point_taken_off": struck,
        "improvement.audit_begun": gettext_lazy("%(who)s began the audit."),
        "improvement.audit_answered": answered,
        "improvement.audit_finding_reported": reported,
        "improvement.audit_written": gettext_lazy("%(who)s wrote in the report."),
        "improvement.audit_sent": gettext_lazy("%(who)s sent the report to the leader."),
        "improvement.audit_commented": gettext_lazy("%(who)s commented on the report."),
        "improvement.audit_taken_back": gettext_lazy("%(who)s took the report back."),
        "improvement.audit_final": gettext_lazy("%(who)s approved the report. Nothing is changed any more."),
        "improvement.audit_changed": changed,
        "improvement.audit_appointed": appointed,
        "improvement.audit_dismissed": dismissed,
        "improvement.audit_handed_over": handed_over,
        "improvement.audit_inherited": handed_over,
        "improvement.audit_passed_on": passed_on,
        "improvement.audit_cancelled": gettext_lazy("%(who)s cancelled the audit."),
    },
    refers={"owner": User, "person": User, "left": User},
    icons={
        "improvement.audit_planned": "calendar",
        "improvement.audit_begun": "eye",
        "improvement.audit_finding_reported": "deviation",
        "improvement.audit_sent": "arrow-right",
        "improvement.audit_commented": "chat",
        "improvement.audit_final": "lock",
        "improvement.audit_cancelled": "close",
        "improvement.audit_handed_over": "arrow-right",
        "improvement.audit_inherited": "arrow-right",
    },
)
