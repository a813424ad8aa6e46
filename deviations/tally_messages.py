"""Whom months of ticks tell what: in the product, never by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.models import TallySheet
from deviations.wording import MONTH, UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.months import month_words
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.organisation.models import Membership, Role, User


class AboutSheet(Message):
    """A month of a unit's ticks."""

    template = "deviations"
    by_mail = False
    placeholders = (UNIT, MONTH)

    def context(self, event: Event, subject: TallySheet, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name, "month": month_words(subject.month)}


@register
class MonthClosed(AboutSheet):
    """To those who work in the unit: what was learnt of what they ticked. In the product, not by mail."""

    name = "month_closed"
    label = _("To the unit: what was learnt from a month of ticks")
    events = ("deviations.month_closed",)

    def recipients(self, event: Event, subject: TallySheet) -> Iterable[User | None]:
        here = Membership.objects.on(timezone.localdate()).filter(unit=subject.unit_id, role=Role.EMPLOYEE)
        return User.objects.active().filter(pk__in=here.values("user")).order_by("pk")

    def still_wanted(self, event: Event, subject: TallySheet, user: User) -> bool:
        return not subject.is_open


@register
class SheetsHandedOver(AboutSheet):
    """One notice, however many months are handed over."""

    name = "tally_handed_over"
    label = _("To the leader: tally sheets to close were handed over")
    events = ("deviations.tally_handed_over",)

    def recipients(self, event: Event, subject: TallySheet) -> Iterable[User | None]:
        return [subject.handler]

    def still_wanted(self, event: Event, subject: TallySheet, user: User) -> bool:
        return subject.is_open and subject.handler_id == user.pk

    def once(self, event: Event, subject: TallySheet, user: User) -> str:
        return f"{event.by_id or 0}:{timezone.localdate(event.at)}"
