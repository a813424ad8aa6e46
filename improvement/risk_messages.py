"""Whom a risk analysis is told to. Mail names the unit, never what anybody wrote, nor a case that points to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deviations.reminders import longest_notice
from deviations.wording import DEADLINE, UNIT
from improvement.models import RiskAnalysis
from improvement.reminders import rules_in
from improvement.risk_lifecycle import RiskState
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


class ToAnswerable(Message):
    """To whoever answers for it from now on."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)

    def recipients(self, event: Event, subject: RiskAnalysis) -> Iterable[User | None]:
        given = event.data.get("owner") or event.old_and_new("owner")[1]
        return [subject.owner] if given == subject.owner_id else []

    def still_wanted(self, event: Event, subject: RiskAnalysis, user: User) -> bool:
        return subject.is_current and subject.owner_id == user.pk

    def context(self, event: Event, subject: RiskAnalysis, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name}


@register
class RiskGiven(ToAnswerable):
    name = "risk_given"
    label = _("To whoever answers for a risk analysis: it was given to them")
    events = ("improvement.risk_begun", "improvement.risk_handed_over")


@register
class RiskInherited(ToAnswerable):
    """A notice only: whoever takes over from somebody who leaves has a mail about all of it."""

    name = "risk_inherited"
    label = _("To whoever answers for a risk analysis: it was taken over from somebody who leaves")
    events = ("improvement.risk_inherited",)
    by_mail = False


@register_reminder
class RiskReview(ReminderRule):
    """Some working days before it is to be looked at anew, on the day, and again while it isn't done."""

    name = "risk_review"
    template = "improvement"
    label = _("Reminder to whoever answers for a risk analysis: it is to be reviewed")
    is_task = True
    placeholders = (UNIT, DEADLINE)
    example = {"days_to_deadline": 14}

    def queryset(self, clock: Clock) -> QuerySet[RiskAnalysis]:
        rows = RiskAnalysis.objects.filter(state=RiskState.APPLIES, review_on__lte=clock.today + longest_notice(clock))
        return rows.select_related("unit", "owner__municipality")

    def occasion(self, row: RiskAnalysis, clock: Clock) -> Occasion | None:
        if row.review_on is None:
            return None
        place, day = row.level_0 or 0, row.review_on
        rules = rules_in(place, clock)
        steps = [(f"at:{day}", clock.last_workday(day, place)), *clock.repeats("after", day, rules.repeat_days, place)]
        if rules.remind_days_before:
            steps.append((f"before:{day}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: RiskAnalysis, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: RiskAnalysis, user: User, clock: Clock) -> dict[str, Any]:
        return {
            "unit": row.unit.name,
            "deadline": full(row.review_on) if row.review_on else "",
            "days_to_deadline": (row.review_on - clock.today).days if row.review_on else 0,
        }
