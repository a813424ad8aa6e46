"""What people and units answer for in analyses of risk: for when somebody leaves, and when a unit is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement.actions import CannotHave, inherit_analysis
from improvement.models import RiskAnalysis
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import UnitWork, unit_work
from kvalitetslosen.organisation.models import Unit, User


def answered_for(user: User) -> QuerySet[RiskAnalysis]:
    return RiskAnalysis.objects.current().filter(owner=user)


def count_analyses(user: User) -> int:
    return answered_for(user).count()


def move_analyses(*, user: User, to: User, by: User | None) -> None:
    for analysis in answered_for(user).order_by("pk"):
        try:
            inherit_analysis(analysis=analysis, by=by, owner=to)
        except CannotHave:
            raise ValidationError(
                _("%(name)s can't have one of the risk analyses. Choose somebody else."),
                params={"name": to.name},
                code="barred",
            ) from None


def unseen_analyses(user: User, to: User) -> bool:
    return answered_for(user).exclude(pk__in=RiskAnalysis.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.risks",
        gettext_lazy("Risk analyses"),
        count=count_analyses,
        move=move_analyses,
        unseen=unseen_analyses,
        hint=gettext_lazy("A colleague who reviews them from now on. They don't see the cases that point to them."),
        order=55,
    )
)


def analysed_in(unit: Unit) -> int:
    return RiskAnalysis.objects.current().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Risk analyses"), count=analysed_in))
