"""Who hears of duties to tell, at any hour. Mail names what is to be done, where and by when; never any text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deviations import duties
from deviations.actions import assignment_above, told_inside
from deviations.models import Duty
from deviations.wording import UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import moment

DUTY = Placeholder("duty", "plikt", "plikt", "duty", lambda: str(duties.rule("privacy_authority", 1).name))
DUE = Placeholder(
    "due", "frist", "frist", "deadline", lambda: moment(timezone.now() + datetime.timedelta(hours=48)).full
)


class AboutDuty(Message):
    """To whoever has the case, and to those the law wants told, as long as the duty runs."""

    template = "deviations"
    is_task = True
    placeholders: ClassVar[tuple[Placeholder, ...]] = (DUTY, UNIT, DUE)

    def recipients(self, event: Event, subject: Duty) -> Iterable[User | None]:
        return [subject.deviation.handler, *told_inside(subject)]

    def still_wanted(self, event: Event, subject: Duty, user: User) -> bool:
        return subject.is_running

    def context(self, event: Event, subject: Duty, user: User) -> dict[str, Any]:
        return {
            "duty": subject.name,
            "question": subject.question.text,
            "unit": subject.deviation.unit.name,
            "due": moment(subject.due_at).full,
        }


@register
class DutyOpened(AboutDuty):
    """At once, one for each question answered with yes: the first of its duties stands for them."""

    name = "duty_opened"
    label = _("To those concerned: somebody outside must be told")
    events = ("deviations.duty_opened",)
    example = {"question": duties.BY_CODE[duties.PRIVACY].text, "lines": ""}

    def once(self, event: Event, subject: Duty, user: User) -> str:
        return f"{subject.deviation_id}:{subject.triage}:{subject.opened_at:%Y%m%d%H%M%S}"

    def context(self, event: Event, subject: Duty, user: User) -> dict[str, Any]:
        """With all that the same answer set going."""
        rows = Duty.objects.running().filter(
            deviation=subject.deviation, triage=subject.triage, opened_at=subject.opened_at
        )
        return super().context(event, subject, user) | {
            "lines": "\n".join(
                gettext("%(duty)s: by %(due)s") % {"duty": each.name, "due": moment(each.due_at).full}
                for each in rows.order_by("due_at", "pk")
            )
        }

    def url(self, event: Event, subject: Duty, user: User) -> str:
        return str(subject.get_absolute_url())


@register
class DutyHalf(AboutDuty):
    name = "duty_half"
    label = _("To those concerned: half of the time to tell somebody has passed")
    events = ("deviations.duty_half",)


@register
class DutyLast(AboutDuty):
    name = "duty_last"
    label = _("To those concerned: the last hours to tell somebody")
    events = ("deviations.duty_last",)


@register
class DutyLate(AboutDuty):
    """Also to the leader above: what the law wants at once isn't to wait for the morning."""

    name = "duty_late"
    label = _("To those concerned and the leader above: somebody was not told in time")
    events = ("deviations.duty_late",)

    def recipients(self, event: Event, subject: Duty) -> Iterable[User | None]:
        above = assignment_above(subject.deviation)
        leaders = [above.user, above.acting_for] if above else []
        return [*super().recipients(event, subject), *leaders]
