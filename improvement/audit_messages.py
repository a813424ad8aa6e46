"""Whom an internal audit is told to. Mail names the unit and the day, never the theme nor what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deviations.actions import whose
from deviations.models import Deviation
from deviations.reminders import barred, longest_notice
from deviations.wording import DEADLINE, REFERENCE, UNIT
from improvement.audit_lifecycle import CURRENT, AuditState
from improvement.models import Audit, AuditPoint
from improvement.reminders import rules_in
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.clock import Clock, Occasion
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.reminders import ReminderRule, register_reminder
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.routing import leader_for
from kvalitetslosen.ui.dates import full


def leader_of(audit: Audit) -> User | None:
    """Whoever leads the audited unit now, or stands in."""
    found = leader_for(audit.unit)
    return found.user if found else None


def auditors_of(audit: Audit) -> list[User]:
    return [audit.owner, *audit.auditors.order_by("pk")]


class AboutAudit(Message):
    """The day stands in it: when it is held, or when the comment is due."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, DEADLINE)

    def context(self, event: Event, subject: Audit, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name, "deadline": full(subject.due_on or subject.held_on)}


@register
class AuditAnnounced(AboutAudit):
    name = "audit_announced"
    label = _("To the leader of a unit: an internal audit is planned there, or moved")
    events = ("improvement.audit_planned", "improvement.audit_changed")

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        if event.type == "improvement.audit_changed" and not event.old_and_new("held_on")[1]:
            return []
        return [leader_of(subject)]

    def still_wanted(self, event: Event, subject: Audit, user: User) -> bool:
        return subject.state == AuditState.PLANNED


@register
class AuditGiven(AboutAudit):
    name = "audit_given"
    label = _("To an auditor: an internal audit was given to them, or moved")
    events = (
        "improvement.audit_planned",
        "improvement.audit_changed",
        "improvement.audit_appointed",
        "improvement.audit_handed_over",
    )

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        if person := event.data.get("person"):
            return User.objects.filter(pk=person)
        if event.type == "improvement.audit_changed":
            return auditors_of(subject) if event.old_and_new("held_on")[1] else []
        if event.type == "improvement.audit_planned":
            return auditors_of(subject)
        return [subject.owner]

    def still_wanted(self, event: Event, subject: Audit, user: User) -> bool:
        return subject.is_current and Audit.objects.audited_by(user).filter(pk=subject.pk).exists()


@register
class AuditInherited(AboutAudit):
    """A notice only: whoever takes over from somebody who leaves has a mail about all of it."""

    name = "audit_inherited"
    label = _("To an auditor: an internal audit was taken over from somebody who leaves")
    events = ("improvement.audit_inherited", "improvement.audit_passed_on")
    by_mail = False

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        if person := event.data.get("person"):
            return User.objects.filter(pk=person)
        return [subject.owner]

    def still_wanted(self, event: Event, subject: Audit, user: User) -> bool:
        return subject.is_current and Audit.objects.audited_by(user).filter(pk=subject.pk).exists()


@register
class AuditSent(AboutAudit):
    name = "audit_sent"
    label = _("To the leader of a unit: the report of an internal audit waits for a comment")
    events = ("improvement.audit_sent",)

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        return [leader_of(subject)]

    def context(self, event: Event, subject: Audit, user: User) -> dict[str, Any]:
        """Taken back and sent again, what the leader said of it before stands, and may not fit any more."""
        again = bool(subject.comment) and self._waits(event, subject)
        return {**super().context(event, subject, user), "again": again}

    def still_wanted(self, event: Event, subject: Audit, user: User) -> bool:
        return subject.state == AuditState.SENT and self._waits(event, subject)

    @staticmethod
    def _waits(event: Event, subject: Audit) -> bool:
        """Whether it was neither commented on nor sent anew after this."""
        after = ("improvement.audit_commented", "improvement.audit_sent")
        return not Event.objects.about(subject).filter(number__gt=event.number, type__in=after).exists()


@register
class AuditCommented(AboutAudit):
    name = "audit_commented"
    label = _("To whoever leads an internal audit: the leader has commented on the report")
    events = ("improvement.audit_commented",)

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        return [subject.owner]

    def still_wanted(self, event: Event, subject: Audit, user: User) -> bool:
        return subject.state == AuditState.SENT and subject.owner_id == user.pk


@register
class AuditFinal(AboutAudit):
    name = "audit_final"
    label = _("To the leader of a unit and the auditors: the report of an internal audit is final")
    events = ("improvement.audit_final",)
    placeholders = (UNIT,)

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        return [leader_of(subject), *auditors_of(subject)]


@register
class AuditCancelled(AboutAudit):
    name = "audit_cancelled"
    label = _("To the leader of a unit and the auditors: an internal audit is cancelled")
    events = ("improvement.audit_cancelled",)

    def recipients(self, event: Event, subject: Audit) -> Iterable[User | None]:
        return [leader_of(subject), *auditors_of(subject)]


@register_reminder
class AuditDue(ReminderRule):
    """Before the day, on it, and again while nothing comes: held, the report sent, commented on, approved."""

    name = "audit_due"
    template = "improvement"
    label = _("Reminder to auditors and the audited leader: the next step of an internal audit")
    is_task = True
    placeholders = (UNIT, DEADLINE)
    example = {"state": "planned"}

    def queryset(self, clock: Clock) -> QuerySet[Audit]:
        rows = Audit.objects.filter(state__in=CURRENT, held_on__lte=clock.today + longest_notice(clock))
        return rows.select_related("unit", "owner__municipality").prefetch_related("auditors__municipality")

    def occasion(self, row: Audit, clock: Clock) -> Occasion | None:
        day = row.due_on
        if day is None:
            return None
        place = row.level_0 or 0
        rules, name = rules_in(place, clock), f"{row.state}:{day}"
        steps = [
            (f"at:{name}", clock.last_workday(day, place)),
            *clock.repeats(f"after:{row.state}", day, rules.repeat_days, place),
        ]
        if rules.remind_days_before and row.state != AuditState.UNDER_WAY:
            steps.append((f"before:{name}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: Audit, clock: Clock) -> Iterable[User | None]:
        if row.state == AuditState.SENT and not row.comment:
            return [leader_of(row)]
        if row.state == AuditState.PLANNED:
            return [row.owner, *row.auditors.all()]
        return [row.owner]

    def context(self, row: Audit, user: User, clock: Clock) -> dict[str, Any]:
        state = "commented" if row.state == AuditState.SENT and row.comment else row.state
        return {"unit": row.unit.name, "state": state, "deadline": full(row.due_on or row.held_on)}


@register_reminder
class FindingDue(ReminderRule):
    """To whoever handles the case a finding became: before the day it is to be answered by, on it, and again after.

    Where nobody has the case, whoever would get it today is told once, on the day: that it waits they hear anyway.
    """

    name = "finding_due"
    template = "improvement"
    label = _("Reminder to the handler of a case: a finding of an internal audit is to be answered")
    is_task = True
    placeholders = (UNIT, REFERENCE, DEADLINE)

    def queryset(self, clock: Clock) -> QuerySet[AuditPoint]:
        rows = AuditPoint.objects.waiting().filter(answer_by__lte=clock.today + longest_notice(clock))
        return rows.select_related(
            "deviation__unit", "deviation__handling_unit", "deviation__handler__municipality", "deviation__about"
        )

    def occasion(self, row: AuditPoint, clock: Clock) -> Occasion | None:
        if row.answer_by is None or row.deviation is None:
            return None
        place, day = row.deviation.level_0 or 0, row.answer_by
        rules, due = rules_in(place, clock), (f"at:{day}", clock.last_workday(day, place))
        if row.deviation.handler is None:
            return clock.latest(place, due)
        steps = [due, *clock.repeats("after", day, rules.repeat_days, place)]
        if rules.remind_days_before:
            steps.append((f"before:{day}", clock.workday(day, -rules.remind_days_before, place)))
        return clock.latest(place, *steps)

    def recipients(self, row: AuditPoint, clock: Clock) -> Iterable[User | None]:
        if row.deviation is None or row.deviation.handler is not None:
            return [row.deviation.handler] if row.deviation else []
        found = whose(row.deviation.handling_unit, about=row.deviation.about, without=barred(row.deviation))
        return [found.user] if found else []

    def may_see(self, row: AuditPoint, user: User) -> bool:
        return row.deviation is not None and Deviation.objects.visible_to(user).filter(pk=row.deviation.pk).exists()

    def url(self, row: AuditPoint, user: User) -> str:
        return row.deviation.get_absolute_url() if row.deviation else ""

    def context(self, row: AuditPoint, user: User, clock: Clock) -> dict[str, Any]:
        return {
            "unit": row.deviation.unit.name if row.deviation else "",
            "reference": row.deviation.reference if row.deviation else "",
            "deadline": full(row.answer_by) if row.answer_by else "",
        }
