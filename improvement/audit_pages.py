"""What internal audits put in the menu, on the morning page, and on the page of a case that was a finding."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.models import Deviation
from improvement.audit_lifecycle import AuditState
from improvement.improvement_pages import may_look
from improvement.models import Audit, AuditPoint
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

SHOWN = 8
NEAR = datetime.timedelta(days=14)

register_menu(MenuEntry(_("Audits"), "audits:list", order=83, visible=may_look, icon="eye"))


def to_do_rows(user: User) -> QuerySet[Audit]:
    """One's own that are near, under way or to be approved; and reports one is to comment on."""
    today = timezone.localdate()
    mine = Q(pk__in=Audit.objects.audited_by(user).values("pk"))
    near = Q(state=AuditState.PLANNED, held_on__lte=today + NEAR) | Q(state=AuditState.UNDER_WAY)
    to_approve = Q(owner=user, state=AuditState.SENT) & (~Q(comment="") | Q(comment_by__lt=today))
    audited = Audit.objects.of_leader(user).values("pk")
    to_comment = Q(pk__in=audited, state=AuditState.SENT, comment="")
    return Audit.objects.filter(mine & near | to_approve | to_comment, level_0=user.municipality_id)


def to_do(user: User) -> dict[str, Any] | None:
    rows = list(to_do_rows(user).select_related("unit").order_by("held_on", "pk")[: SHOWN + 1])
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


register_today(TodaySection(order=29, template="improvement/today/audits.html", context=to_do, rows=to_do_rows))

READERS = frozenset({CasePart.REPORTER, CasePart.HANDLER, CasePart.LEADER, CasePart.QUALITY})


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """That it was a finding, and by when it is to be answered; the way to the audit for those who may see it."""
    if not getattr(deviation, "comes_from_an_audit", True) or not cases.parts_of(deviation, user) & READERS:
        return None
    rows = list(AuditPoint.objects.filter(deviation=deviation).select_related("audit").order_by("pk")[:SHOWN])
    if not rows:
        return None
    seen = set(
        Audit.objects.visible_to(user).filter(pk__in=[row.audit_id for row in rows]).values_list("pk", flat=True)
    )
    dated = any(row.answer_by for row in rows)
    return {"rows": [(row, row.audit_id in seen) for row in rows], "deviation": deviation, "dated": dated}


register_panel("deviations.case", template="improvement/audits/case_panel.html", context=in_case, order=52)
