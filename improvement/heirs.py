"""Who takes over what belongs to a case, when somebody leaves: the heir that was chosen, but for one it is about."""

from __future__ import annotations

from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from deviations.models import Deviation
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.routing import leader_for


class OfCase(Protocol):
    """What may come from a case: an action, a check of its effect, a story."""

    @property
    def deviation(self) -> Deviation | None: ...


def heir_of(row: OfCase, *, leaving: User, to: User) -> User:
    """Any colleague, but nobody gets what belongs to a case about themselves.

    That goes to whoever handles the case, and nothing is said: whom a case is about isn't found by trying names.
    """
    deviation = row.deviation
    if deviation is None or deviation.about_id != to.pk:
        return to
    if deviation.handler and deviation.handler.is_active and deviation.handler_id != leaving.pk:
        return deviation.handler
    found = leader_for(deviation.handling_unit, without={to.pk, leaving.pk})
    if found is None:
        raise ValidationError(
            _("%(name)s can't have some of it. Choose somebody else."), params={"name": to.name}, code="barred"
        )
    return found.user
