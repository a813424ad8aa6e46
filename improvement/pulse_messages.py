"""Mail about the pulse: before a quarter's weeks are over, to those who haven't answered; afterwards to leaders.

Whether somebody has answered is all that is known of them, and all that is asked here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvement.models import WORKING, PulseAnswered, PulseRound
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import Membership, Role, User
from kvalitetslosen.ui.dates import full

CLOSES = Placeholder("closes", "frist", "frist", "deadline", lambda: "28. oktober 2026")
QUARTER = Placeholder("quarter", "kvartal", "kvartal", "quarter", lambda: "4. kvartal 2026")
ROOM = datetime.timedelta(days=14)  # some working days, with room for Easter


class AboutRound(ReminderRule):
    """One line to each person about the round of their municipality."""

    template = "improvement"
    roles: ClassVar[tuple[str, ...]]

    def rounds(self, clock: Clock) -> QuerySet[PulseRound]:
        raise NotImplementedError

    def of(self, clock: Clock) -> dict[int, PulseRound]:
        """The round of each municipality where there may be something to say."""
        return clock.remember(f"{self.key}.rounds", lambda: {row.municipality_id: row for row in self.rounds(clock)})

    def queryset(self, clock: Clock) -> QuerySet[User]:
        held = Membership.objects.on(clock.today).filter(role__in=self.roles, unit__level_0__in=self.of(clock))
        return User.objects.active().filter(pk__in=held.values("user")).select_related("municipality")

    def recipients(self, row: User, clock: Clock) -> Iterable[User | None]:
        return [row]

    def may_see(self, row: User, user: User) -> bool:
        return row.pk == user.pk


@register_reminder
class PulseCloses(AboutRound):
    """Some working days before the last, once, to those who work there and haven't answered."""

    DAYS: ClassVar[int] = 3

    name = "pulse_closes"
    label = _("To those who haven’t answered the pulse: it closes soon")
    is_task = True
    placeholders = (CLOSES,)
    roles = WORKING

    def rounds(self, clock: Clock) -> QuerySet[PulseRound]:
        return PulseRound.objects.open(clock.today).filter(closes_on__lte=clock.today + ROOM)

    def queryset(self, clock: Clock) -> QuerySet[User]:
        answered = PulseAnswered.objects.filter(round__in=[row.pk for row in self.of(clock).values()])
        return super().queryset(clock).exclude(pk__in=answered.values("user"))

    def occasion(self, row: User, clock: Clock) -> Occasion | None:
        round, place = self.of(clock).get(row.municipality_id), row.municipality_id
        if round is None:
            return None
        return clock.latest(place, (f"closes:{round.closes_on}", clock.workday(round.closes_on, -self.DAYS, place)))

    def url(self, row: User, user: User) -> str:
        return reverse("pulse:pulse")

    def context(self, row: User, user: User, clock: Clock) -> dict[str, Any]:
        round = self.of(clock).get(row.municipality_id)
        return {"closes": full(round.closes_on) if round else ""}


@register_reminder
class PulseReady(AboutRound):
    """The first working day after the weeks are over, to those who lead: what was answered can be read."""

    name = "pulse_ready"
    label = _("To leaders: the answers of the pulse can be read")
    placeholders = (QUARTER,)
    roles = (Role.LEADER,)

    def rounds(self, clock: Clock) -> QuerySet[PulseRound]:
        closed = PulseRound.objects.closed(clock.today).filter(closes_on__gte=clock.today - ROOM)
        return closed.filter(pk__in=PulseAnswered.objects.values("round"))

    def occasion(self, row: User, clock: Clock) -> Occasion | None:
        round, place = self.of(clock).get(row.municipality_id), row.municipality_id
        if round is None:
            return None
        over = round.closes_on + datetime.timedelta(days=1)
        return clock.latest(place, (f"ready:{round.closes_on}", clock.workday(over, 0, place)))

    def url(self, row: User, user: User) -> str:
        return reverse("pulse:results")

    def context(self, row: User, user: User, clock: Clock) -> dict[str, Any]:
        round = self.of(clock).get(row.municipality_id)
        return {"quarter": round.name if round else ""}
