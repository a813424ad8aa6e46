"""What risk analyses put in the menu, on the morning page, and on the page of a case."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.models import Deviation
from improvement import access
from improvement.improvement_pages import may_look
from improvement.models import Hazard, RiskAnalysis
from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

SHOWN = 8
NEAR = datetime.timedelta(days=14)

register_menu(MenuEntry(_("Risk"), "risks:list", order=83, visible=may_look, icon="alert"))


def to_review_rows(user: User) -> QuerySet[RiskAnalysis]:
    """One's own that are to be looked at anew soon, or were to be."""
    return RiskAnalysis.objects.to_review(timezone.localdate() + NEAR).filter(owner=user).order_by("review_on", "pk")


def to_review(user: User, rows: list[RiskAnalysis]) -> dict[str, Any] | None:
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


ANALYSES = ByKey(lambda keys: RiskAnalysis.objects.filter(pk__in=keys).select_related("unit"))
register_today(TodaySection(29, "improvement/today/risks.html", to_review, to_review_rows, ANALYSES))


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """Which known hazards it shows, for those who handle or watch over the case; none where it is about a leader."""
    if deviation.about_id is not None:
        return None
    parts = cases.parts_of(deviation, user)
    if not parts & (access.CASE_RESPONSIBLE | {CasePart.QUALITY}):
        return None
    may_point = access.may_point(deviation, parts) and getattr(deviation, "risk_applies", True)
    rows: list[Hazard] = []
    if getattr(deviation, "points_to_risk", True):
        seen = RiskAnalysis.objects.visible_to(user)
        tied = Hazard.objects.filter(ties__deviation=deviation, analysis__in=seen)
        rows = list(tied.select_related("analysis__unit").order_by("analysis__title", "number")[:SHOWN])
    if not rows and not may_point:
        return None
    return {
        "rows": rows,
        "deviation": deviation,
        "may_point": may_point,
        "may_undo": access.may_point(deviation, parts),
    }


register_panel("deviations.case", template="improvement/risks/case_panel.html", context=in_case, order=53)
