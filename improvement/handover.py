"""What people and units answer for in actions: for when somebody leaves, and when a unit is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from improvement.actions import CannotOwn, inherit
from improvement.models import Action
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import UnitWork, unit_work
from kvalitetslosen.organisation.models import Unit, User


def owned(user: User) -> QuerySet[Action]:
    return Action.objects.open().filter(owner=user)


def count(user: User) -> int:
    return owned(user).count()


def move(*, user: User, to: User, by: User | None) -> None:
    """Every open action to the heir: any colleague, but nobody gets what belongs to a case about themselves."""
    for action in owned(user).select_related("deviation", "unit").order_by("pk"):
        try:
            inherit(action=action, by=by, owner=to)
        except CannotOwn:
            raise ValidationError(
                _("%(name)s can't have one of the actions. Choose somebody else."),
                params={"name": to.name},
                code="barred",
            ) from None


def unseen(user: User, to: User) -> bool:
    return owned(user).exclude(pk__in=Action.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.actions",
        gettext_lazy("Open actions"),
        count=count,
        move=move,
        unseen=unseen,
        hint=gettext_lazy("A colleague who can do them. They see the actions, not the cases behind."),
        order=50,
    )
)


def open_in(unit: Unit) -> int:
    return Action.objects.open().filter(unit=unit).count()


unit_work.append(UnitWork(gettext_lazy("Open actions"), count=open_in))
