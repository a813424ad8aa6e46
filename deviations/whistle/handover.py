"""Nobody who receives whistle-blowing leaves before others who see all cases are in place."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from deviations.whistle.actions import appoint_recipient, end_recipient
from deviations.whistle.models import WhistleRecipient
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User


def receives(user: User) -> QuerySet[WhistleRecipient]:
    return WhistleRecipient.objects.current().filter(user=user)


def move(*, user: User, to: User, by: User | None) -> None:
    """The heir receives from now on. What came before they see when a recipient who stays lets them in."""
    for row in receives(user).order_by("pk"):
        if not receives(to).exists():
            appoint_recipient(user=to, by=by)
        end_recipient(recipient=row, by=by)


handover.register(
    handover.Responsibility(
        "deviations.whistle_recipient",
        gettext_lazy("Receives whistle-blowing"),
        count=lambda user: receives(user).count(),
        move=move,
        unseen=lambda user, to: not receives(to).exists(),
        hint=gettext_lazy("Two others who see all cases must be left. The heir sees older cases when let in by them."),
        order=36,
    )
)
