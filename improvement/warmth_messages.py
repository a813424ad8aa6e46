"""The quality contact's monthly list of units to visit, with one suggestion each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvement import warmth
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import Membership, Role, User

LISTED = 8


@register_reminder
class UnitsToVisit(ReminderRule):
    """On the first working day of the month, to each quality contact who has any."""

    name = "to_visit"
    template = "improvement"
    label = _("To the quality contact, every month: units to visit")
    example: ClassVar[dict[str, Any]] = {"told": "", "n": 2}

    def queryset(self, clock: Clock) -> QuerySet[Membership]:
        held = Membership.objects.on(clock.today).filter(role=Role.QUALITY_CONTACT, user__is_active=True)
        one_each = held.order_by().values("user").annotate(first=Min("pk")).values("first")
        return Membership.objects.filter(pk__in=one_each).select_related("user__municipality", "unit")

    def occasion(self, row: Membership, clock: Clock) -> Occasion | None:
        place, first = row.unit.level_0 or 0, clock.today.replace(day=1)
        day = clock.workday(first, 0, place)
        # Whoever came to it later in the month has theirs next month.
        return clock.latest(place, (f"month:{first:%Y-%m}", day)) if row.valid_from <= day else None

    def recipients(self, row: Membership, clock: Clock) -> Iterable[User | None]:
        return [row.user]

    def may_see(self, row: Membership, user: User) -> bool:
        """Whoever has a unit to visit. Asked of those who haven't had this month's list: it takes ten questions."""
        return warmth.may_look(user) and any(each.to_visit for each in warmth.look(user))

    def url(self, row: Membership, user: User) -> str:
        return reverse("keeping:overview")

    def context(self, row: Membership, user: User, clock: Clock) -> dict[str, Any]:
        found = self._of(user, clock)
        told = []
        for each, suggestion in warmth.suggested(user, found[:LISTED]):
            to_do = f"\n→ {suggestion.label}: {absolute(suggestion.url)}" if suggestion else ""
            told.append(f"{each.unit.name}: {each.sentence}{to_do}")
        return {"told": "\n\n".join(told), "n": len(found)}

    def _of(self, user: User, clock: Clock) -> list[warmth.Warmth]:
        return clock.remember(
            f"improvement.warmth:{user.pk}", lambda: [each for each in warmth.look(user) if each.to_visit]
        )
