"""Who is told of ready reports: that one is shared, and that a period is over. Never what stands in them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import File, Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper.press import Unprintable
from kvalitetslosen.reports import files, shown
from kvalitetslosen.reports.models import Report, Schedule, Share
from kvalitetslosen.reports.periods import Period, Rhythm
from kvalitetslosen.reports.recipients import holders, may_have, recipients_of
from kvalitetslosen.reports.registry import find


def _example_period() -> str:
    return str(Period.around(Rhythm.MONTH, timezone.localdate(), back=1))


REPORT = Placeholder("report", "rapport", "rapport", "report", lambda: str(_("The leaders’ meeting")))
UNIT = Placeholder("unit", "enhet", "eining", "unit", lambda: "Hjemmetjenesten")
PERIOD = Placeholder("period", "periode", "periode", "period", _example_period)


@register
class ReportShared(Message):
    """To everybody with the role, once for each report and person whatever roles it is shared with."""

    name = "report_shared"
    template = "reports"
    label = _("When a report is shared with a role")
    events = ("reports.shared",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (REPORT, UNIT, PERIOD)

    def recipients(self, event: Event, subject: Share) -> Iterable[User | None]:
        return holders([subject.role], subject.report, below=True)

    def may_see(self, event: Event, subject: Share, user: User) -> bool:
        return Report.objects.visible_to(user).filter(pk=subject.report_id).exists()

    def still_wanted(self, event: Event, subject: Share, user: User) -> bool:
        return subject.ended_at is None and subject.report.is_approved

    def context(self, event: Event, subject: Share, user: User) -> dict[str, Any]:
        report = subject.report
        return {"report": report.label, "unit": report.unit.name, "period": str(report.period)}

    def url(self, event: Event, subject: Share, user: User) -> str:
        return subject.report.get_absolute_url()

    def once(self, event: Event, subject: Share, user: User) -> str:
        return f"report:{subject.report_id}"


@register
class ReportReady(Message):
    """To those with one of the roles, or named, who have the report themselves: a link, and the file if asked for."""

    name = "report_ready"
    template = "reports"
    label = _("When a period is over and a report is ready")
    events = ("reports.period_over",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (REPORT, UNIT, PERIOD)

    def recipients(self, event: Event, subject: Schedule) -> Iterable[User | None]:
        return recipients_of(subject)

    def may_see(self, event: Event, subject: Schedule, user: User) -> bool:
        return may_have(subject, user)

    def still_wanted(self, event: Event, subject: Schedule, user: User) -> bool:
        if subject.ended_at is not None:
            return False
        by_role = any(user.standing.reaches(role, subject.unit) for role in subject.roles)
        return by_role or subject.named.running().filter(person=user).exists()

    def context(self, event: Event, subject: Schedule, user: User) -> dict[str, Any]:
        return {"report": subject.label, "unit": subject.unit.name, "period": str(self._period(event, subject))}

    def url(self, event: Event, subject: Schedule, user: User) -> str:
        period = self._period(event, subject)
        return f"{reverse('reports:live', args=[subject.kind])}?enhet={subject.unit_id}&{period.query}"

    def files(self, event: Event, subject: Schedule, user: User) -> list[File]:
        """Made when the mail goes, of what the reader may read then."""
        kind = find(subject.kind)
        if not subject.with_file or kind is None or not self.may_see(event, subject, user):
            return []
        with translation.override(user.language):
            found = shown.live(user, kind, subject.unit, self._period(event, subject), for_all=True)
            try:
                content = files.pdf(found, user)
            except Unprintable:
                return []
            return [File(files.file_name(found, ".pdf"), content, "application/pdf")]

    @staticmethod
    def _period(event: Event, subject: Schedule) -> Period:
        """The one the event is about, whatever was told since."""
        first = event.old_and_new("told_first")[1]
        day = datetime.date.fromisoformat(first) if first else timezone.localdate()
        return Period.around(subject.rhythm, day)
