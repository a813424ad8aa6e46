"""What people and units answer for in internal audits: for when somebody leaves, and when a unit is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement.actions import CannotAudit, CannotHave, inherit_audit
from improvement.models import Audit
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import UnitWork, unit_work
from kvalitetslosen.organisation.models import Unit, User


def held_by(user: User) -> QuerySet[Audit]:
    return Audit.objects.current().audited_by(user)


def count_audits(user: User) -> int:
    return held_by(user).count()


def move_audits(*, user: User, to: User, by: User | None) -> None:
    for audit in held_by(user).order_by("pk"):
        try:
            inherit_audit(audit=audit, by=by, leaving=user, to=to)
        except (CannotHave, CannotAudit):
            raise ValidationError(
                _("%(name)s can't have one of the audits: nobody audits what they lead. Choose somebody else."),
                params={"name": to.name},
                code="barred",
            ) from None


def unseen_audits(user: User, to: User) -> bool:
    return held_by(user).exclude(pk__in=Audit.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.audits",
        gettext_lazy("Internal audits"),
        count=count_audits,
        move=move_audits,
        unseen=unseen_audits,
        hint=gettext_lazy("A colleague who takes their place as auditor. Not somebody who leads what is audited."),
        order=56,
    )
)


def audited_in(unit: Unit) -> int:
    return Audit.objects.current().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Internal audits"), count=audited_in))
