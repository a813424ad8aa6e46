"""What an agenda says of cases: how they are spread, followed up and late; working environment, privacy, users."""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deviations.lifecycle import WITH_OUTCOME, State
from deviations.models import SERIOUS, Category, Duty, Injury, Kind, Reflection, Source, Topic
from deviations.reports import Period
from improvement.agendas.making import FEW, Making, few, register_source, sees_cases
from improvement.agendas.making import Source as AgendaSource
from improvement.models import Action, Meeting
from kvalitetslosen.organisation.models import Role, User

FEWEST = 5
"""Of fewer cases half of them points to single ones."""
NAMED = 5
MEASURED = 2000  # cases a median is taken of, the latest


def _cases_link(query: str = "") -> Any:
    def link(user: User, meeting: Meeting) -> str:
        """The list of the unit's cases of those months, for whoever has one."""
        unit = meeting.forum.unit
        if unit.municipality_id != user.municipality_id or not sees_cases(user, unit):
            return ""
        period = Period(meeting.period_first.replace(day=1), meeting.period_last.replace(day=1))
        return f"{reverse('deviations:list')}?visning=omrade&enhet={unit.pk}&status=alle&{period.query}{query}"

    return link


def reported(making: Making) -> str:
    """How many, and how many in the time before. Many reports are no bad sign, and few no good one."""
    counts = making.count(making.cases, now=making.within("reported_at"), before=making.before("reported_at"))
    if not counts["now"]:
        return _("Nothing was reported in the period. Silence is no sign that all is well: what do people see?")
    return (
        ngettext(
            "%(now)d case was reported, and %(before)d in as many days before.",
            "%(now)d cases were reported, and %(before)d in as many days before.",
            counts["now"],
        )
        % counts
    )


def categories(making: Making) -> str:
    """How they are spread on main categories, where there are enough of each."""
    rows = making.cases.filter(making.within("reported_at")).order_by()
    mains: Tally[int] = Tally()
    for category, parent, n in rows.values_list("category", "category__parent").annotate(n=Count("pk")):
        mains[parent or category or 0] += n
    said = [reported(making)]
    most = [(pk, n) for pk, n in mains.most_common(NAMED) if pk and n >= FEW]
    if most:
        named = {each.pk: each.label for each in Category.objects.filter(pk__in=[pk for pk, _n in most])}
        listed = ", ".join(f"{named[pk]} {n}" for pk, n in most)
        rest = sum(mains.values()) - sum(n for _pk, n in most)
        said.append(f"{listed}." if not rest else _("%(listed)s, others %(rest)d.") % {"listed": listed, "rest": rest})
    return " ".join(said)


def follow_up(making: Making) -> str:
    """How soon they were answered, how many were closed, and whether it helped."""
    now = making.cases.filter(making.within("reported_at")).exclude(source=Source.ELSEWHERE)
    times = now.filter(first_answer_at__isnull=False).order_by("-reported_at", "-pk")
    pairs = times.values_list("reported_at", "first_answer_at")[:MEASURED]
    took = [(answered - told).days for told, answered in pairs if answered]
    counts = making.count(
        making.cases.exclude(source=Source.ELSEWHERE),
        closed=making.within("closed_at") & Q(state__in=WITH_OUTCOME),
        helped=making.within("closed_at") & Q(helped=True),
        not_helped=making.within("closed_at") & Q(helped=False),
        waits=Q(first_answer_at=None, closed_at=None, answer_by__lt=timezone.now()),
    )
    said = []
    if len(took) >= FEWEST:
        days = round(median(took))
        said.append(
            _("Half of the reporters had a first answer the same day.")
            if days == 0
            else ngettext(
                "Half of the reporters had a first answer within %(days)d day.",
                "Half of the reporters had a first answer within %(days)d days.",
                days,
            )
            % {"days": days}
        )
    if counts["closed"]:
        said.append(
            ngettext(
                "%(n)d case was closed with an answer.", "%(n)d cases were closed with an answer.", counts["closed"]
            )
            % {"n": counts["closed"]}
        )
    if counts["helped"] + counts["not_helped"] >= FEWEST:
        said.append(
            _("Of those who said whether it helped, %(helped)d of %(all)d said yes.")
            % {"helped": counts["helped"], "all": counts["helped"] + counts["not_helped"]}
        )
    if counts["waits"]:
        said.append(
            ngettext(
                "%(n)d reporter still waits for a first answer, past the limit.",
                "%(n)d reporters still wait for a first answer, past the limit.",
                counts["waits"],
            )
            % {"n": counts["waits"]}
        )
    return " ".join(said)


def late(making: Making) -> str:
    """What is past its deadline, and what stands still."""
    now = timezone.now()
    counts = making.count(
        making.cases.open(),
        overdue=Q(deadline__lt=now),
        unreceived=Q(state=State.REPORTED, receive_by__lt=now),
        stuck=Q(state=State.WAITING, waiting_since__lt=now - datetime.timedelta(days=14)),
    )
    actions = Action.objects.visible_to(making.user).in_subtree(making.unit).about_no_leader()
    counts["actions"] = actions.overdue().count()
    said = []
    if counts["overdue"]:
        said.append(
            ngettext("%(n)d case is past its deadline.", "%(n)d cases are past their deadline.", counts["overdue"])
            % {"n": counts["overdue"]}
        )
    if counts["unreceived"]:
        said.append(
            ngettext(
                "%(n)d should have been received, and is not.",
                "%(n)d should have been received, and are not.",
                counts["unreceived"],
            )
            % {"n": counts["unreceived"]}
        )
    if counts["stuck"]:
        said.append(
            ngettext(
                "%(n)d has waited for the reporter for more than two weeks.",
                "%(n)d have waited for the reporter for more than two weeks.",
                counts["stuck"],
            )
            % {"n": counts["stuck"]}
        )
    if counts["actions"]:
        said.append(
            ngettext("%(n)d action is late.", "%(n)d actions are late.", counts["actions"]) % {"n": counts["actions"]}
        )
    return " ".join([*said, _("What stops them, and who can help?")]) if said else ""


def cases(making: Making) -> str:
    """All of it for a review: how many, how serious, what is late."""
    counts = making.count(
        making.cases.filter(making.within("reported_at")),
        serious=Q(severity__in=SERIOUS),
        near=Q(kind=Kind.NEAR_MISS),
    )
    said = [categories(making), follow_up(making)]
    said.append(
        _("Serious: %(serious)s. Near misses: %(near)s.")
        % {"serious": few(counts["serious"]), "near": few(counts["near"])}
    )
    return " ".join(each for each in [*said, late(making)] if each)


def good_practice(making: Making) -> str:
    """That there is something to tell. What it was, whoever leads tells in words of their own."""
    n = making.cases.filter(making.within("reported_at"), kind=Kind.GOOD_PRACTICE).count()
    if not n:
        return ""
    return _("Something that went well was reported: %(n)s. Choose one and tell it in your own words.") % {
        "n": few(n) if n >= FEW else _("one or two")
    }


def to_talk_about(making: Making) -> str:
    """The cases that wait on the list for the team."""
    n = Reflection.objects.planned().filter(deviation__in=making.cases.values("pk")).count()
    if not n:
        return ""
    return ngettext(
        "%(n)d case waits to be talked about, ready as a picture with the four questions.",
        "%(n)d cases wait to be talked about, ready as pictures with the four questions.",
        n,
    ) % {"n": n}


def _team_link(user: User, meeting: Meeting) -> str:
    if not sees_cases(user, meeting.forum.unit):
        return ""
    roles = (Role.LEADER, Role.QUALITY_CONTACT)
    return reverse("deviations:meeting") if user.standing.has(*roles) else ""


def hse(making: Making) -> str:
    """What happens to those who work here."""
    rows = making.cases.filter(topic=Topic.HSE)
    counts = making.count(rows, now=making.within("reported_at"), before=making.before("reported_at"))
    violence = rows.filter(making.within("reported_at"), category__base__in=VIOLENT).count()
    return _(
        "Cases about the working environment: %(now)s, and %(before)s in as many days before. Violence and threats: "
        "%(violence)s."
    ) % {"now": few(counts["now"]), "before": few(counts["before"]), "violence": few(violence)}


VIOLENT = ("health-and-safety-of-employees/violence", "health-and-safety-of-employees/threats")


def injuries(making: Making) -> str:
    """Lines in the register of work injuries, never what happened to whom."""
    n = Injury.objects.visible_to(making.user).filter(
        making.within_days("happened_on"), taken_out="", deviation__in=making.cases.values("pk")
    )
    return _("Entered in the register of work injuries: %(n)s.") % {"n": few(n.count())}


def _injuries_link(user: User, meeting: Meeting) -> str:
    from deviations.injuries import may_read

    here = meeting.forum.unit.municipality_id == user.municipality_id
    return reverse("deviations:injuries") if here and may_read(user) else ""


def users(making: Making) -> str:
    """What came from outside through the open form."""
    n = making.cases.filter(making.within("reported_at"), source=Source.OUTSIDE).count()
    return _("Reported from outside (users, next of kin, others): %(n)s.") % {"n": few(n)}


def privacy(making: Making) -> str:
    """Cases about privacy, and the duties to tell that were opened."""
    rows = making.cases.filter(making.within("reported_at"), topic=Topic.PRIVACY)
    told = Duty.objects.filter(deviation__in=making.cases.values("pk")).filter(making.within("clock_from"))
    late_ones = told.late().count()
    said = _("Cases about privacy: %(n)s. Duties to tell somebody outside: %(told)s.") % {
        "n": few(rows.count()),
        "told": few(told.count()),
    }
    return said if not late_ones else f"{said} " + _("Some of them are late.")


for source in (
    AgendaSource("categories", gettext_lazy("What the cases were about"), categories, _cases_link()),
    AgendaSource("follow_up", gettext_lazy("How they were followed up"), follow_up, _cases_link()),
    AgendaSource("late", gettext_lazy("Overdue and stuck"), late, _cases_link()),
    AgendaSource(
        "cases", gettext_lazy("Cases"), cases, _cases_link(), alone=True, covers=("categories", "follow_up", "late")
    ),
    AgendaSource(
        "good_practice", gettext_lazy("One good practice"), good_practice, _cases_link(f"&type={Kind.GOOD_PRACTICE}")
    ),
    AgendaSource("to_talk_about", gettext_lazy("Cases to talk about"), to_talk_about, _team_link, alone=True),
    AgendaSource("hse", gettext_lazy("Working environment"), hse, _cases_link()),
    AgendaSource("injuries", gettext_lazy("Work injuries"), injuries, _injuries_link),
    AgendaSource("users", gettext_lazy("From users and next of kin"), users, _cases_link(), alone=True),
    AgendaSource("privacy", gettext_lazy("Privacy"), privacy, _cases_link()),
):
    register_source(source)
