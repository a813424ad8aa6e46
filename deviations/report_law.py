"""What the law asks of reports besides the cases themselves: the register of injuries, and whom somebody must tell."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from deviations import injuries
from deviations.duty_lines import may_see_list
from deviations.lifecycle import DutyState
from deviations.models import Duty, DutyQuerySet, Harmed
from deviations.report_words import many
from deviations.reports import Period
from kvalitetslosen.months import month_text, months_after
from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.ui.charts import Cell, Figures, Row
from kvalitetslosen.workdays import midnight


def register(user: User, unit: Unit, period: Period) -> Figures | None:
    """Lines in the register of work injuries, by what it was; None for those whom it isn't open to."""
    if not injuries.may_read(user):
        return None
    last = months_after(period.last, 1) - datetime.timedelta(days=1)
    counted: dict[str | None, int] = {}
    for year in range(period.first.year, last.year + 1):
        rows: Any = injuries.rows(user, year, unit)  # with the day it happened
        for on, harmed, n in rows.order_by().values_list("on", "injury__harmed").annotate(n=Count("pk")):
            if period.first <= on <= last:
                counted[harmed] = counted.get(harmed, 0) + n
    link = f"{reverse('deviations:injuries')}?aar={last.year}"
    lines = [(str(each.label), counted.get(each.value, 0)) for each in Harmed]
    if undescribed := counted.get(None, 0):
        lines.append((gettext("Not described yet"), undescribed))
    total = sum(counted.values())
    return Figures(
        key="skaderegister",
        title=gettext("The register of work injuries"),
        sentence=ngettext("%(n)s injury or illness was entered.", "%(n)s injuries and illnesses were entered.", total)
        % {"n": many(total).capitalize()}
        if total
        else gettext("Nothing was entered in the period."),
        head=[gettext("What it is"), gettext("Entered")],
        rows=[Row(name, [Cell(n)]) for name, n in lines],
        foot=Row(gettext("Together"), [Cell(total, link)]),
        note=gettext("By the day it happened. The register never holds a name or a diagnosis."),
    )


def counted_duties(user: User, unit: Unit, period: Period, triage: str = "") -> DutyQuerySet:
    """Those whose clock began in the period, of the unit and below; none of a case about a leader."""
    rows = Duty.objects.visible_to(user).filter(
        deviation__about=None,
        clock_from__gte=midnight(period.first),
        clock_from__lt=midnight(months_after(period.last, 1)),
        **{f"deviation__{LEVELS[unit.depth]}": unit.pk},
    )
    return rows.filter(triage=triage) if triage else rows


def how_it_went() -> dict[str, Q]:
    """The ways a duty can have gone, each once, as a report counts them and an address of the list has them."""
    done, running, now = Q(state=DutyState.DONE), Q(state=DutyState.RUNNING), timezone.now()
    return {
        "in_time": done & Q(done_at__lte=F("due_at")),
        "late": done & Q(done_at__gt=F("due_at")),
        "waiting": running & Q(due_at__gte=now),
        "past": running & Q(due_at__lt=now),
        "not_needed": Q(state=DutyState.NOT_NEEDED),
    }


def duties(user: User, unit: Unit, period: Period, *, triage: str = "") -> Figures:
    """Whom the law wants told because of cases: in time, too late, still to do. None of a case about a leader."""
    ways = how_it_went()
    rows = counted_duties(user, unit, period, triage)
    counts = rows.order_by().aggregate(**{each: Count("pk", filter=where) for each, where in ways.items()})
    link = ""
    if may_see_list(user):
        asked = {
            "enhet": str(unit.pk),
            "fra": month_text(period.first),
            "til": month_text(period.last),
            "slag": triage,
        }
        link = f"{reverse('deviations:duties')}?{urlencode({name: value for name, value in asked.items() if value})}"
    names = {
        "in_time": gettext("Told in time"),
        "late": gettext("Told too late"),
        "waiting": gettext("To be told, within the limit"),
        "past": gettext("To be told, past the limit"),
        "not_needed": gettext("Not needed after all"),
    }
    told, total = counts["in_time"] + counts["late"], sum(counts.values())
    if not total:
        sentence = gettext("Nobody outside had to be told in the period.")
    else:
        sentence = ngettext(
            "Somebody had to be told %(n)s time; it was done %(told)s, in time %(in_time)s.",
            "Somebody had to be told %(n)s times; it was done %(told)s, in time %(in_time)s.",
            total,
        ) % {"n": many(total), "told": many(told), "in_time": many(counts["in_time"])}
    return Figures(
        key="varslingsplikter",
        title=gettext("Duties to tell"),
        sentence=sentence,
        head=[gettext("How it went"), gettext("Duties")],
        rows=[Row(name, [Cell(counts[key], f"{link}&hva={key}" if link else "")]) for key, name in names.items()],
        foot=Row(gettext("Together"), [Cell(total, link)]),
        note=gettext("To Datatilsynet, Helsetilsynet, Arbeidstilsynet and others, by when the clock began."),
    )
