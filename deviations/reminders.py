"""What is reminded of in cases, and the cases' part of the weekly mail."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from deviations.actions import assignment_above, reporter_ids, whose
from deviations.lifecycle import TAKEN, State
from deviations.models import Deviation, HandlingRules, TallySheet, Task
from deviations.whistle import reminders as whistle_reminders  # noqa: F401 - registers itself on import
from deviations.wording import DEADLINE, HANDLER, MONTH, REMINDED, UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import record
from kvalitetslosen.months import month_words, months_after
from kvalitetslosen.notifications.clock import Clock, Occasion, local_day
from kvalitetslosen.notifications.digest import DigestSection, register_section
from kvalitetslosen.notifications.messages import plain_text
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.organisation.models import Membership, Role, User
from kvalitetslosen.organisation.routing import leader_for
from kvalitetslosen.ui.dates import full

TOLD_BY = (
    "deviations.reported", "deviations.received", "deviations.forwarded", "deviations.escalated",
    "deviations.taken_over", "deviations.handed_over", "deviations.assessed", "deviations.reopened",
)  # fmt: skip
"""Events after which the handler knows the case and its deadline, and needs no reminder from before."""

LISTED = 15


def rules_for(row: Deviation | TallySheet, clock: Clock) -> HandlingRules:
    rules = clock.remember(
        "deviations.rules", lambda: {each.municipality_id: each for each in HandlingRules.objects.all()}
    )
    municipality_id = row.level_0 or 0
    return rules.get(municipality_id) or HandlingRules(municipality_id=municipality_id)


def longest_notice(clock: Clock) -> datetime.timedelta:
    """How far ahead a deadline can lie and still be reminded of: working days, with room for weekends and Easter."""

    def longest() -> int:
        chosen = HandlingRules.objects.order_by("-remind_days_before").values_list("remind_days_before", flat=True)
        return max(HandlingRules().remind_days_before, *chosen[:1], 0)

    return datetime.timedelta(days=2 * clock.remember("deviations.longest_notice", longest) + 14)


class CaseReminder(ReminderRule):
    template = "deviations"
    is_task = True
    placeholders = REMINDED
    example = {"days_to_deadline": 14, "answer_is_late": False}

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        return Deviation.objects.open().select_related("unit", "handling_unit", "handler__municipality")

    def recipients(self, row: Deviation, clock: Clock) -> Iterable[User | None]:
        return [row.handler]

    def context(self, row: Deviation, user: User, clock: Clock) -> dict[str, Any]:
        deadline = local_day(row.deadline)
        return {
            "reference": row.reference,
            "unit": row.unit.name,
            "kind": row.get_kind_display(),
            "severity": row.get_severity_display() if row.severity else "",
            "deadline": full(deadline),
            "days_to_deadline": (deadline - clock.today).days,
            "receive_by": full(local_day(row.receive_by)),
            "answer_by": full(local_day(row.answer_by)),
            "answer_is_late": local_day(row.answer_by) < clock.today,
            "reported": full(local_day(row.reported_at)),
            "handler": row.handler.name if row.handler else "",
        }

    def heard(self, rows: Sequence[Deviation]) -> Mapping[int, datetime.datetime]:
        told = Event.objects.filter(
            subject_type=ContentType.objects.get_for_model(Deviation),
            subject_id__in=[row.pk for row in rows],
            type__in=TOLD_BY,
        )
        return dict(told.order_by().values_list("subject_id").annotate(last=Max("at")))


@register_reminder
class Deadline(CaseReminder):
    """Some working days before the deadline, on the day, and every so many working days after it."""

    name = "deadline"
    label = _("Reminder to the handler: the deadline of a case")
    in_digest = True

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        return super().queryset(clock).filter(state__in=TAKEN, deadline__lt=clock.now + longest_notice(clock))

    def occasion(self, row: Deviation, clock: Clock) -> Occasion | None:
        rules, place = rules_for(row, clock), row.level_0 or 0
        day = local_day(row.deadline)
        steps = [(f"at:{day}", clock.last_workday(day, place)), *clock.repeats("after", day, rules.repeat_days, place)]
        if rules.remind_days_before:
            steps.append((f"before:{day}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)


@register_reminder
class Unreceived(CaseReminder):
    """The morning after a case should have been received, and every so many working days from then on.

    Where nobody has the case, whoever would get it today.
    """

    name = "unreceived"
    label = _("Reminder to the handler: a case nobody has received")
    in_digest = True

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        return super().queryset(clock).filter(state=State.REPORTED, receive_by__lt=clock.now)

    def occasion(self, row: Deviation, clock: Clock) -> Occasion | None:
        rules, place = rules_for(row, clock), row.level_0 or 0
        day = local_day(row.receive_by)
        first = clock.workday(day, 1, place)
        return clock.latest(place, (f"first:{day}", first), *clock.repeats("again", first, rules.repeat_days, place))

    def recipients(self, row: Deviation, clock: Clock) -> Iterable[User | None]:
        if row.handler is not None:
            return [row.handler]
        found = whose(row.handling_unit, about=row.about, without=barred(row))
        return [found.user] if found else []


@register_reminder
class AnswerDue(CaseReminder):
    """The morning of the day the reporter should have heard something, and every so many working days after it."""

    name = "answer_due"
    label = _("Reminder to the handler: the reporter waits for a first answer")

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        tomorrow = clock.now + datetime.timedelta(days=1)
        return super().queryset(clock).filter(state__in=TAKEN, first_answer_at=None, answer_by__lt=tomorrow)

    def occasion(self, row: Deviation, clock: Clock) -> Occasion | None:
        rules, place = rules_for(row, clock), row.level_0 or 0
        day = local_day(row.answer_by)
        due = (f"at:{day}", clock.last_workday(day, place))
        return clock.latest(place, due, *clock.repeats("after", day, rules.repeat_days, place))


class Above(CaseReminder):
    """To the leader above, once a date. The case stays where it is; that the leader was told is an event of it."""

    once = True
    is_task = False
    event: ClassVar[str]

    def day(self, row: Deviation) -> datetime.date:
        raise NotImplementedError

    def occasion(self, row: Deviation, clock: Clock) -> Occasion | None:
        rules, place = rules_for(row, clock), row.level_0 or 0
        day = self.day(row)
        return clock.latest(place, (f"above:{day}", clock.workday(day, rules.escalate_days, place)))

    def recipients(self, row: Deviation, clock: Clock) -> Iterable[User | None]:
        """Who stands in for the leader above, if that person may see the case; else the leader."""
        found = assignment_above(row)
        if found is None:
            return []
        if found.acting_for and not self.may_see(row, found.user):
            return [found.acting_for]
        return [found.user]

    def heard(self, rows: Sequence[Deviation]) -> Mapping[int, datetime.datetime]:
        return {}

    def reminded(self, row: Deviation, user: User, clock: Clock) -> None:
        record(row, self.event, by=None, at=clock.now, leader=user, day=self.day(row))


@register_reminder
class OverdueAbove(Above):
    name = "overdue_above"
    label = _("To the leader above: the deadline of a case has passed")
    event = "deviations.overdue_told"

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        return super().queryset(clock).filter(state__in=TAKEN, deadline__lt=clock.now)

    def day(self, row: Deviation) -> datetime.date:
        return local_day(row.deadline)


@register_reminder
class UnreceivedAbove(Above):
    name = "unreceived_above"
    label = _("To the leader above: nobody has received a case")
    event = "deviations.unreceived_told"

    def queryset(self, clock: Clock) -> QuerySet[Deviation]:
        return super().queryset(clock).filter(state=State.REPORTED, receive_by__lt=clock.now)

    def day(self, row: Deviation) -> datetime.date:
        return local_day(row.receive_by)


FIRST_REMINDER = 3
"""The working day of the new month on which an unclosed one is reminded of: the last night's ticks are in by then."""


@register_reminder
class MonthUnclosed(ReminderRule):
    """Some days into the new month, and every so many working days from then on, while a tally sheet lies unclosed.

    Where nobody has the sheet, whoever would get it today.
    """

    name = "month_unclosed"
    template = "deviations"
    label = _("Reminder to the leader: a month of ticks is not closed")
    is_task = True
    placeholders = (UNIT, MONTH)

    def queryset(self, clock: Clock) -> QuerySet[TallySheet]:
        return TallySheet.objects.open().ended(clock.today).select_related("unit", "handler__municipality")

    def occasion(self, row: TallySheet, clock: Clock) -> Occasion | None:
        rules, place = rules_for(row, clock), row.level_0 or 0
        month_over = months_after(row.month, 1) - datetime.timedelta(days=1)
        first = clock.workday(month_over, FIRST_REMINDER, place)
        return clock.latest(
            place, (f"first:{row.month}", first), *clock.repeats("again", first, rules.repeat_days, place)
        )

    def recipients(self, row: TallySheet, clock: Clock) -> Iterable[User | None]:
        if row.handler is not None:
            return [row.handler]
        found = leader_for(row.unit)
        return [found.user] if found else []

    def context(self, row: TallySheet, user: User, clock: Clock) -> dict[str, Any]:
        return {"unit": row.unit.name, "month": month_words(row.month)}


@register_reminder
class TaskDue(ReminderRule):
    """To the colleague who is asked: the day before, on the day, and every so many working days after it."""

    name = "task_due"
    template = "deviations"
    label = _("Reminder to a colleague: what is asked in a case")
    is_task = True
    placeholders = (UNIT, HANDLER, DEADLINE)
    example = {"days_to_deadline": 1}

    def queryset(self, clock: Clock) -> QuerySet[Task]:
        return (
            Task.objects.open()
            .filter(deadline__lte=clock.today + longest_notice(clock))
            .select_related("deviation__handling_unit", "given_to__municipality", "given_by")
        )

    def occasion(self, row: Task, clock: Clock) -> Occasion | None:
        rules, place, day = rules_for(row.deviation, clock), row.deviation.level_0 or 0, row.deadline
        return clock.latest(
            place,
            (f"before:{day}", clock.workday(day, -1, place)),
            (f"at:{day}", clock.last_workday(day, place)),
            *clock.repeats("after", day, rules.repeat_days, place),
        )

    def recipients(self, row: Task, clock: Clock) -> Iterable[User | None]:
        return [row.given_to]

    def context(self, row: Task, user: User, clock: Clock) -> dict[str, Any]:
        return {
            "unit": row.deviation.handling_unit.name,
            "handler": row.given_by.name,
            "deadline": full(row.deadline),
            "days_to_deadline": (row.deadline - clock.today).days,
        }

    def heard(self, rows: Sequence[Task]) -> Mapping[int, datetime.datetime]:
        told = Event.objects.filter(
            subject_type=ContentType.objects.get_for_model(Task),
            subject_id__in=[row.pk for row in rows],
            type__in=("deviations.task_given", "deviations.task_inherited"),
        )
        return dict(told.order_by().values_list("subject_id").annotate(last=Max("at")))


def barred(deviation: Deviation) -> set[int]:
    """Those who can't have the case: its reporter, and the leader it is about."""
    return reporter_ids(deviation) | ({deviation.about_id} if deviation.about_id else set())


@register_section
class CasesThisWeek(DigestSection):
    """One's own cases by what they wait for; for leaders also how it stands in each unit of their subtree."""

    order = 10

    def people(self, municipality_id: int, clock: Clock) -> Collection[int]:
        handlers = Deviation.objects.open().filter(level_0=municipality_id, handler__isnull=False)
        leaders = Membership.objects.on(clock.today).filter(role=Role.LEADER, unit__level_0=municipality_id)
        return {
            *handlers.order_by().values_list("handler", flat=True).distinct(),
            *leaders.values_list("user", flat=True),
        }

    def paragraph(self, user: User, clock: Clock) -> str:
        groups, units = self._own(user, clock), self._units(user, clock)
        if not groups and not units:
            return ""
        context = {"groups": groups, "units": units, "link": absolute(reverse("deviations:list"))}
        return plain_text("deviations/email/week.txt", context)

    def _own(self, user: User, clock: Clock) -> list[dict[str, Any]]:
        """The cases in the person's hands, by what they wait for."""
        soon = clock.now + longest_notice(clock)
        rows = (
            Deviation.objects.awaiting(user)
            .visible_to(user)
            .filter(Q(state__in=[State.REPORTED, State.WAITING]) | Q(deadline__lt=soon))
            .select_related("unit")
            .order_by("deadline", "pk")
        )
        found: dict[str, list[Deviation]] = {"to_receive": [], "overdue": [], "due": [], "waiting": []}
        for row in rows:
            if group := self._group(row, clock):
                found[group].append(row)
        return [
            {
                "heading": heading(name, len(cases)),
                "rows": [
                    {
                        "reference": row.reference,
                        "kind": row.get_kind_display(),
                        "unit": row.unit.name,
                        "date": full(local_day(row.reported_at if name == "to_receive" else row.deadline)),
                        "link": absolute(row.get_absolute_url()),
                    }
                    for row in cases[:LISTED]
                ],
                "more": max(len(cases) - LISTED, 0),
            }
            for name, cases in found.items()
            if cases
        ]

    def _group(self, row: Deviation, clock: Clock) -> str:
        if row.state == State.REPORTED:
            return "to_receive"
        if row.deadline < clock.now:
            return "overdue"
        place = row.level_0 or 0
        before = clock.workday(clock.today, rules_for(row, clock).remind_days_before, place)
        if local_day(row.deadline) <= max(sunday(clock.today), before):
            return "due"
        return "waiting" if row.state == State.WAITING else ""

    def _units(self, user: User, clock: Clock) -> list[dict[str, Any]]:
        """How it stands in the units below, for those who lead more than one."""
        if not user.standing.has(Role.LEADER):
            return []
        end = clock.now + datetime.timedelta(days=(sunday(clock.today) - clock.today).days + 1)
        taken = Q(state__in=TAKEN)
        found = (
            Deviation.objects.open()
            .visible_to(user)
            .filter(user.standing.over(Role.LEADER))
            .order_by("handling_unit__depth", "handling_unit__name", "handling_unit")
            .values("handling_unit", "handling_unit__name")
            .annotate(
                to_receive=Count("pk", filter=Q(state=State.REPORTED)),
                overdue=Count("pk", filter=taken & Q(deadline__lt=clock.now)),
                due=Count("pk", filter=taken & Q(deadline__gte=clock.now, deadline__lt=end)),
                waiting=Count("pk", filter=Q(state=State.WAITING)),
            )
        )
        rows = [
            {**row, "name": row["handling_unit__name"], "standing": words} for row in found if (words := standing(row))
        ]
        led = {unit.pk for unit in user.standing.units(Role.LEADER)}
        return rows if any(row["handling_unit"] not in led for row in rows) else []


def heading(group: str, count: int) -> str:
    """What stands over a group of cases in the weekly mail."""
    headings = {
        "to_receive": ngettext(
            "%(n)s case to receive (when it was reported):",
            "%(n)s cases to receive (when they were reported):",
            count,
        ),
        "overdue": ngettext("%(n)s case past its deadline:", "%(n)s cases past their deadline:", count),
        "due": ngettext("%(n)s case whose deadline is near:", "%(n)s cases whose deadline is near:", count),
        "waiting": ngettext(
            "%(n)s case that waits for the reporter:", "%(n)s cases that wait for the reporter:", count
        ),
    }
    return headings[group] % {"n": count}


def standing(counts: Mapping[str, Any]) -> str:
    """How it stands in a unit, in a line of the weekly mail; what there is none of is left out."""
    said = {
        "to_receive": gettext("%(n)s to receive"),
        "overdue": gettext("%(n)s past the deadline"),
        "due": gettext("%(n)s due this week"),
        "waiting": gettext("%(n)s waiting for the reporter"),
    }
    return ", ".join(words % {"n": counts[name]} for name, words in said.items() if counts[name])


def sunday(day: datetime.date) -> datetime.date:
    """The end of the day's week."""
    return day + datetime.timedelta(days=6 - day.weekday())
