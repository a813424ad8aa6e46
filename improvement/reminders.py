"""Owners are reminded: of an action before, at and after its deadline, of a measure when a value is late."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from deviations.models import HandlingRules
from deviations.reminders import longest_notice
from deviations.wording import DEADLINE, UNIT
from improvement.models import Action, ActionPart, EffectCheck, Improvement, Measure
from improvement.models.improvement import QUIET
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full

TOLD_BY = (
    "improvement.action_planned", "improvement.action_handed_over", "improvement.action_inherited",
    "improvement.action_deadline_moved",
)  # fmt: skip
"""Events after which the owner knows the action and its deadline, and needs no reminder from before."""


LATE_AFTER = 2
"""Working days after a period is over before anybody is reminded of its value."""


def rules_in(municipality_id: int, clock: Clock) -> HandlingRules:
    rules = clock.remember(
        "improvement.rules", lambda: {each.municipality_id: each for each in HandlingRules.objects.all()}
    )
    return rules.get(municipality_id) or HandlingRules(municipality_id=municipality_id)


@register_reminder
class ActionDeadline(ReminderRule):
    """Some working days before the deadline, on the day, and every so many working days after it."""

    name = "deadline"
    template = "improvement"
    label = _("Reminder to the owner: the deadline of an action")
    is_task = True
    placeholders = (UNIT, DEADLINE)
    example = {"days_to_deadline": 14}

    def queryset(self, clock: Clock) -> QuerySet[Action]:
        return (
            Action.objects.open()
            .filter(deadline__lte=clock.today + longest_notice(clock))
            .select_related("unit", "owner__municipality")
        )

    def occasion(self, row: Action, clock: Clock) -> Occasion | None:
        place, day = row.level_0 or 0, row.deadline
        rules = rules_in(place, clock)
        steps = [(f"at:{day}", clock.last_workday(day, place)), *clock.repeats("after", day, rules.repeat_days, place)]
        if rules.remind_days_before:
            steps.append((f"before:{day}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: Action, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: Action, user: User, clock: Clock) -> dict[str, Any]:
        return {
            "unit": row.unit.name,
            "deadline": full(row.deadline),
            "days_to_deadline": (row.deadline - clock.today).days,
        }

    def heard(self, rows: Sequence[Action]) -> Mapping[int, datetime.datetime]:
        told = Event.objects.filter(
            subject_type=ContentType.objects.get_for_model(Action),
            subject_id__in=[row.pk for row in rows],
            type__in=TOLD_BY,
        )
        return dict(told.order_by().values_list("subject_id").annotate(last=Max("at")))


@register_reminder
class PartDeadline(ReminderRule):
    """The same for a part of an action that somebody else answers for."""

    name = "part_deadline"
    template = "improvement"
    label = _("Reminder to whoever does a part of an action: its deadline")
    is_task = True
    placeholders = (UNIT, DEADLINE)
    example = {"days_to_deadline": 14}

    def queryset(self, clock: Clock) -> QuerySet[ActionPart]:
        return (
            ActionPart.objects.waiting()
            .due(clock.today + longest_notice(clock))
            .select_related("action__unit", "owner__municipality")
        )

    def occasion(self, row: ActionPart, clock: Clock) -> Occasion | None:
        place, day = row.action.level_0 or 0, row.by_day
        rules = rules_in(place, clock)
        steps = [(f"at:{day}", clock.last_workday(day, place)), *clock.repeats("after", day, rules.repeat_days, place)]
        if rules.remind_days_before:
            steps.append((f"before:{day}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: ActionPart, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: ActionPart, user: User, clock: Clock) -> dict[str, Any]:
        return {
            "unit": row.action.unit.name,
            "deadline": full(row.by_day),
            "days_to_deadline": (row.by_day - clock.today).days,
        }

    def heard(self, rows: Sequence[ActionPart]) -> Mapping[int, datetime.datetime]:
        return {row.pk: row.created_at for row in rows}


@register_reminder
class ValueLate(ReminderRule):
    """Some working days after a period is over without its value, and again while nobody enters it."""

    name = "value_late"
    template = "improvement"
    label = _("Reminder to the owner: a value of a measure isn't entered")
    is_task = True
    placeholders = (UNIT,)

    def queryset(self, clock: Clock) -> QuerySet[Measure]:
        return Measure.objects.late(clock.today).select_related("unit", "owner__municipality")

    def occasion(self, row: Measure, clock: Clock) -> Occasion | None:
        if row.due_on is None:
            return None
        place, day = row.level_0 or 0, row.due_on
        rules = rules_in(place, clock)
        first = clock.workday(day, LATE_AFTER, place)
        return clock.latest(place, (f"late:{day}", first), *clock.repeats("again", first, rules.repeat_days, place))

    def recipients(self, row: Measure, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: Measure, user: User, clock: Clock) -> dict[str, Any]:
        return {"unit": row.unit.name}


@register_reminder
class EffectWaits(ReminderRule):
    """Some working days after the day to look at an effect, and again while nobody has said what they see."""

    name = "effect_waits"
    template = "improvement"
    label = _("Reminder to whoever looks at the effect: it waits")
    is_task = True
    placeholders = (UNIT, DEADLINE)

    def queryset(self, clock: Clock) -> QuerySet[EffectCheck]:
        return EffectCheck.objects.open().select_related("unit", "owner__municipality")

    def occasion(self, row: EffectCheck, clock: Clock) -> Occasion | None:
        place, day = row.level_0 or 0, row.opens_on
        every = rules_in(place, clock).repeat_days
        return clock.latest(place, *clock.repeats("waits", day, every, place))

    def recipients(self, row: EffectCheck, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: EffectCheck, user: User, clock: Clock) -> dict[str, Any]:
        return {"unit": row.unit.name, "deadline": full(row.opens_on)}


@register_reminder
class NextStep(ReminderRule):
    """On the day one set oneself for the next step, and again while it isn't done."""

    name = "next_step"
    template = "improvement"
    label = _("Reminder to whoever leads an improvement: the next step")
    is_task = True
    placeholders = (UNIT, DEADLINE)

    def queryset(self, clock: Clock) -> QuerySet[Improvement]:
        rows = Improvement.objects.working().filter(next_on__lte=clock.today + longest_notice(clock))
        return rows.select_related("unit", "owner__municipality")

    def occasion(self, row: Improvement, clock: Clock) -> Occasion | None:
        if row.next_on is None:
            return None
        place, day = row.level_0 or 0, row.next_on
        every = rules_in(place, clock).repeat_days
        steps = [(f"at:{day}", clock.last_workday(day, place)), *clock.repeats("after", day, every, place)]
        return clock.latest(place, *steps)

    def recipients(self, row: Improvement, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: Improvement, user: User, clock: Clock) -> dict[str, Any]:
        return {"unit": row.unit.name, "deadline": full(row.next_on) if row.next_on else ""}


@register_reminder
class ImprovementQuiet(ReminderRule):
    """Nothing has happened for thirty days, and no day is set: once then, and every four weeks."""

    EVERY = 20  # working days

    name = "improvement_quiet"
    template = "improvement"
    label = _("Reminder to whoever leads an improvement: nothing has happened for a while")
    is_task = True
    placeholders = (UNIT,)

    def queryset(self, clock: Clock) -> QuerySet[Improvement]:
        return Improvement.objects.quiet(clock.now).filter(next_on=None).select_related("unit", "owner__municipality")

    def occasion(self, row: Improvement, clock: Clock) -> Occasion | None:
        place, day = row.level_0 or 0, local_day(row.moved_at + QUIET)
        return clock.latest(
            place, (f"quiet:{day}", clock.workday(day, 0, place)), *clock.repeats("again", day, self.EVERY, place)
        )

    def recipients(self, row: Improvement, clock: Clock) -> Iterable[User | None]:
        return [row.owner]

    def context(self, row: Improvement, user: User, clock: Clock) -> dict[str, Any]:
        return {"unit": row.unit.name}
