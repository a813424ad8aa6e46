"""What recipients are reminded of: that something waits in the channel. Never what, and never to anybody else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deviations.whistle.models import WhistleCase, WhistleRecipient
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import User

WAITS_AGAIN = 2
"""Working days between two mails about the same that waits."""


class WhistleReminder(ReminderRule):
    template = "deviations"
    is_task = True
    fixed = True
    sealed = True

    def recipients(self, row: WhistleCase, clock: Clock) -> Iterable[User | None]:
        found = WhistleRecipient.objects.seeing(row).select_related("user__municipality").order_by("pk")
        return [each.user for each in found]

    def url(self, row: WhistleCase, user: User) -> str:
        """The list: an address of a case would stand in the mail."""
        return reverse("deviations:whistle_cases")


@register_reminder
class Waits(WhistleReminder):
    """Something came in that no recipient has answered: the same day, and again."""

    name = "whistle_waits"
    label = _("To the recipients of whistle-blowing: something waits")

    def queryset(self, clock: Clock) -> QuerySet[WhistleCase]:
        return WhistleCase.objects.filter(waits_since__isnull=False)

    def occasion(self, row: WhistleCase, clock: Clock) -> Occasion | None:
        if row.waits_since is None:
            return None
        day, place = local_day(row.waits_since), row.municipality_id
        came = (f"came:{row.waits_since:%Y-%m-%dT%H:%M:%S}", clock.workday(day, 0, place))
        return clock.latest(place, came, *clock.repeats("waits", day, WAITS_AGAIN, place))


@register_reminder
class ReceiptLate(WhistleReminder):
    """The whistle-blower should have had a receipt: every working day until it is given."""

    name = "whistle_late"
    label = _("To the recipients of whistle-blowing: a deadline has passed")

    def queryset(self, clock: Clock) -> QuerySet[WhistleCase]:
        return WhistleCase.objects.filter(acknowledged_at=None, receipt_by__lt=clock.today)

    def occasion(self, row: WhistleCase, clock: Clock) -> Occasion | None:
        day, place = row.receipt_by, row.municipality_id
        first = (f"late:{day}", clock.workday(day + datetime.timedelta(days=1), 0, place))
        return clock.latest(place, first, *clock.repeats("late", day, 1, place))


@register_reminder
class LookAfter(WhistleReminder):
    """Time to look at how the whistle-blower is treated (§ 2 A-4): that day, and every week until somebody has."""

    name = "whistle_look_after"
    label = _("To the recipients of whistle-blowing: something is to be looked at")
    EVERY: ClassVar[int] = 5

    def queryset(self, clock: Clock) -> QuerySet[WhistleCase]:
        return WhistleCase.objects.filter(~Q(protect_on=None), protect_on__lte=clock.today, erased_at=None)

    def occasion(self, row: WhistleCase, clock: Clock) -> Occasion | None:
        if row.protect_on is None:
            return None
        day, place = row.protect_on, row.municipality_id
        first = (f"look:{day}", clock.workday(day, 0, place))
        return clock.latest(place, first, *clock.repeats("look", day, self.EVERY, place))
