"""What improvements put in the menu, on the morning page, and on the pages of a case and of a month of ticks."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.models import Deviation, Kind, TallySheet
from deviations.pages import BESIDE_HOW_IT_GOES
from improvement import access
from improvement.models import Improvement
from improvement.models.improvement import QUIET
from improvement.seven_steps import WORKING, Stage
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

SHOWN = 8
NEAR = datetime.timedelta(days=3)
PARTAKING = (Role.EMPLOYEE, Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP)


def may_look(user: User) -> bool:
    """Whether the board is of use to the person: who works somewhere, or is invited where they watch over."""
    return user.standing.has(*PARTAKING)


register_menu(MenuEntry(_("Improvement"), "improvements:board", order=31, visible=may_look, icon="lightbulb"))


def to_go_on_with_rows(user: User) -> QuerySet[Improvement]:
    """One's own where the next step is near or late, nothing has happened for long, or the document is in force."""
    wanted = (
        Q(next_on__lte=timezone.localdate() + NEAR)
        | Q(next_on=None, moved_at__lt=timezone.now() - QUIET)
        | Q(state=Stage.FORMALISE, version__in_force_from__isnull=False)
    )
    found = Improvement.objects.filter(wanted, owner=user, state__in=WORKING)
    return found.order_by("next_on", "moved_at", "pk")


def to_go_on_with(user: User, rows: list[Improvement]) -> dict[str, Any] | None:
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


IMPROVEMENTS = ByKey(lambda keys: Improvement.objects.filter(pk__in=keys).select_related("unit"))
register_today(
    TodaySection(28, "improvement/today/improvements.html", to_go_on_with, to_go_on_with_rows, IMPROVEMENTS)
)


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """The improvements it is part of, of those the person may see; whoever reported it reads what came of them."""
    parts = cases.parts_of(deviation, user)
    may_begin = access.may_improve(user) and access.may_take_up(deviation, parts)
    rows: list[Improvement] = []
    told: list[Improvement] = []
    goes_on = False
    if getattr(deviation, "is_being_improved", True):
        tied = Improvement.objects.filter(ties__deviation=deviation).order_by("-moved_at", "-pk")
        if CasePart.REPORTER in parts:
            told = list(tied.filter(state=Stage.FINISHED)[:SHOWN])
            goes_on = tied.working().exists()
        else:
            rows = list(Improvement.objects.visible_to(user).filter(pk__in=tied.values("pk"))[:SHOWN])
    if not (rows or told or goes_on or may_begin):
        return None
    return {
        "deviation": deviation,
        "rows": rows,
        "told": told,
        "goes_on": goes_on,
        "may_begin": may_begin,
        "is_proposal": deviation.kind == Kind.PROPOSAL,
    }


def for_the_code(_nobody: User, deviation: Deviation) -> dict[str, Any] | None:
    """The same for whoever reported it and follows it with a code."""
    tied = Improvement.objects.filter(ties__deviation=deviation).order_by("-moved_at", "-pk")
    told, goes_on = list(tied.filter(state=Stage.FINISHED)[:SHOWN]), tied.working().exists()
    return {"deviation": deviation, "told": told, "goes_on": goes_on} if told or goes_on else None


def under_way(user: User) -> tuple[str, str] | None:
    """How many improvements there are under way where the person leads."""
    count = Improvement.objects.working().filter(user.standing.over(Role.LEADER)).count()
    if not count:
        return None
    words = ngettext("%(n)s improvement under way", "%(n)s improvements under way", count) % {"n": count}
    return words, reverse("improvements:board")


def in_month(user: User, sheet: TallySheet) -> dict[str, Any] | None:
    """What was begun from the month's ticks, and the way to begin."""
    rows = list(Improvement.objects.visible_to(user).filter(sheet=sheet).order_by("-moved_at", "-pk")[:SHOWN])
    may_begin = access.may_improve(user) and TallySheet.objects.visible_to(user).filter(pk=sheet.pk).exists()
    return {"sheet": sheet, "rows": rows, "may_begin": may_begin} if rows or may_begin else None


BESIDE_HOW_IT_GOES.append(under_way)
register_panel("deviations.coded_case", template="improvement/improvements/case_panel.html", context=for_the_code)
register_panel("deviations.case", template="improvement/improvements/case_panel.html", context=in_case, order=52)
register_panel("deviations.tally_month", template="improvement/improvements/sheet_panel.html", context=in_month)
