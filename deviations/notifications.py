"""Whom cases tell what. Mail names unit, kind, severity, deadline and reference; never what anybody wrote.

Whoever hid their name is found by `SealedIdentity` and told like any other reporter. Nothing of it shows to those who
handle the case: neither in the journal nor on a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations import duty_messages, list_mail, reminders, tally_messages  # noqa: F401 - register what is told and reminded of
from deviations.actions import reporter_ids
from deviations.lifecycle import State, TaskState
from deviations.models import Deviation, Harm, Kind, Naming, Task, Topic
from deviations.whistle import notifications as whistle_notifications  # noqa: F401 - registers itself on import
from deviations.wording import DEADLINE, FACTS, FOR_REPORTER, HANDLER, UNIT
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.organisation.routing import administrators_of
from kvalitetslosen.ui.dates import full, local_day

REPORTERS_OWN = (
    "deviations.answered", "deviations.reopened", "deviations.message_written", "deviations.judged",
    "deviations.questions_answered",
)  # fmt: skip
"""Events the reporter may be behind; without a name on them, a hidden reporter is."""


def facts(deviation: Deviation) -> dict[str, Any]:
    """What mail to those who handle a case may say about it, in the active language."""
    return {
        "reference": deviation.reference,
        "unit": deviation.unit.name,
        "kind": deviation.get_kind_display(),
        "severity": deviation.get_severity_display() if deviation.severity else "",
        "harm": deviation.get_harm_display() if deviation.harm != Harm.UNKNOWN else "",
        "deadline": full(local_day(deviation.deadline)),
        "receive_by": full(local_day(deviation.receive_by)),
    }


def reporter_of(deviation: Deviation) -> User | None:
    """Who reported, hidden or not: for telling them, never for telling others."""
    return User.objects.select_related("municipality").filter(pk__in=reporter_ids(deviation)).first()


class ToHandler(Message):
    """To whoever has the case in hand, as long as it is theirs and open.

    Where the event gave it to somebody who has passed it on since, that later event tells the next.
    """

    template = "deviations"
    placeholders: ClassVar[tuple[Placeholder, ...]] = FACTS

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        given = event.data | {name: new for name, (_old, new) in event.data.get("changes", {}).items()}
        return [subject.handler] if given.get("handler", subject.handler_id) == subject.handler_id else []

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open and subject.handler_id == user.pk

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return facts(subject)


class ToReporter(Message):
    """To the one who reported, on their own case; never about what they did themselves."""

    template = "deviations"
    placeholders = FOR_REPORTER

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        if event.by_id is None and event.type in REPORTERS_OWN:
            return []
        return [reporter_of(subject)]

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        handler, now = subject.handler, timezone.now()
        expected = next((each for each in (subject.answer_by, subject.deadline) if each > now), None)
        return {
            "reference": subject.reference,
            "handler": handler.name if handler else "",
            "unit": subject.handling_unit.name,
            "expected": full(local_day(expected)) if expected else "",
        }


@register
class Arrived(ToHandler):
    name = "arrived"
    is_task = True
    label = _("To the handler: a case has arrived")
    events = ("deviations.reported",)


@register
class BroughtIn(ToHandler):
    """To the handler: cases from another system. One mail a day, however many."""

    name = "brought_in"
    is_task = True
    label = _("To the handler: cases have come from another system")
    events = ("deviations.brought_in",)
    placeholders = ()  # it is about several

    def once(self, event: Event, subject: Deviation, user: User) -> str:
        return f"{timezone.localdate(event.at)}"

    def url(self, event: Event, subject: Deviation, user: User) -> str:
        return f"{reverse('deviations:list')}?visning=hos-meg&kilde=andre"


@register
class CameByCategory(ToHandler):
    """A case nobody had received came into a category whose cases are somebody's."""

    name = "arrived_by_category"
    template = "deviations"
    is_task = True
    label = _("To the handler: a case has come, since its category was corrected")
    events = ("deviations.reclassified",)

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return super().recipients(event, subject) if "handler" in event.data.get("changes", {}) else []


@register
class Forwarded(ToHandler):
    name = "forwarded"
    is_task = True
    label = _("To the handler: a case was sent here from another unit")
    events = ("deviations.forwarded",)


@register
class Escalated(ToHandler):
    name = "escalated"
    is_task = True
    label = _("To the leader above: a case was sent up")
    events = ("deviations.escalated",)


@register
class HandedOver(ToHandler):
    """A notice for each case somebody who leaves hands over; the mail is one for all."""

    name = "handed_over"
    is_task = True
    label = _("To the handler: an open case was handed over")
    events = ("deviations.handed_over",)
    by_mail = False


@register
class HandedOverTogether(HandedOver):
    """One mail a day, however many cases are handed over."""

    name = "handed_over_together"
    label = _("To the handler: open cases were handed over")
    by_mail = True
    in_app = False
    placeholders = ()  # it is about several

    def once(self, event: Event, subject: Deviation, user: User) -> str:
        return f"{event.by_id or 0}:{timezone.localdate(event.at)}"

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return Deviation.objects.awaiting(user).exists()

    def url(self, event: Event, subject: Deviation, user: User) -> str:
        return f"{reverse('deviations:list')}?visning=hos-meg"


@register
class Answered(ToHandler):
    name = "answered"
    label = _("To the handler: the reporter has answered")
    events = ("deviations.answered", "deviations.questions_answered")

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return super().recipients(event, subject) if event.data.get("from_reporter", True) else []


@register
class MessageToHandler(ToHandler):
    name = "message_to_handler"
    label = _("To the handler: a message from the reporter")
    events = ("deviations.message_written",)

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [subject.handler] if event.data.get("from_reporter") else []


@register
class Commented(ToHandler):
    """A safety representative or data protection officer has said something; also when the case is closed."""

    name = "commented"
    template = "deviations"
    label = _("To the handler: a comment from the safety representative or data protection officer")
    events = ("deviations.commented", "deviations.commented_openly")

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [subject.handler] if event.by_id != subject.handler_id else []

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.handler_id == user.pk


@register
class CommentAnswered(Message):
    """To those who watch over and have said something in the case: somebody else has written since."""

    name = "comment_answered"
    template = "deviations"
    label = _("To whoever has commented: an answer to the comment")
    events = ("deviations.commented", "deviations.commented_openly")
    placeholders = FACTS

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        said = subject.comments.exclude(author__in=[event.by_id, subject.handler_id]).values("author")
        return User.objects.active().filter(pk__in=said).order_by("pk")

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class CommentForReporter(ToReporter):
    name = "comment_for_reporter"
    label = _("To the reporter: a comment on the case")
    events = ("deviations.commented_openly",)
    by_mail = False


@register
class Reopened(ToHandler):
    name = "reopened"
    label = _("To the handler: a case was opened again")
    events = ("deviations.reopened",)


@register
class NotHelped(Message):
    """To the last handler; the case is closed, and stays so unless somebody opens it again."""

    name = "not_helped"
    template = "deviations"
    label = _("To the handler: the reporter says the answer did not help")
    events = ("deviations.judged",)
    placeholders = FACTS

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [subject.handler] if event.old_and_new("helped")[1] is False else []

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.helped is False

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class TakenFrom(Message):
    """To the one who had the case: somebody else has it now."""

    name = "taken_from"
    template = "deviations"
    label = _("To the former handler: somebody else has the case now")
    events = ("deviations.taken_over", "deviations.forwarded", "deviations.reclassified")
    by_mail = False

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        before, after = event.old_and_new("handler")
        return User.objects.filter(pk=before) if before and before != after else []

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return facts(subject) | {"handler": subject.handler.name if subject.handler else ""}


@register
class Received(ToReporter):
    name = "received"
    label = _("To the reporter: somebody has received the case")
    events = ("deviations.received",)

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open and subject.state != State.REPORTED


@register
class Asked(ToReporter):
    name = "asked"
    is_task = True
    label = _("To the reporter: somebody asks for more")
    events = ("deviations.asked",)

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.state == State.WAITING


@register
class TalkedAbout(ToReporter):
    """That it came to something is what reporters ask for most; no answer is needed, so no mail."""

    name = "talked_about"
    label = _("To the reporter: the team has talked about the case")
    events = ("deviations.talked_about",)
    by_mail = False


@register
class MessageToReporter(ToReporter):
    name = "message_to_reporter"
    label = _("To the reporter: a message about the case")
    events = ("deviations.message_written",)

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [] if event.data.get("from_reporter") else super().recipients(event, subject)


@register
class Moved(ToReporter):
    name = "moved"
    label = _("To the reporter: somebody else has the case now")
    events = ("deviations.forwarded", "deviations.escalated", "deviations.taken_over", "deviations.handed_over")
    by_mail = False

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open and subject.handler_id is not None


@register
class Closed(ToReporter):
    """There is an answer, which the mail doesn't repeat: to the reporter, and to those of the cases merged into it."""

    name = "closed"
    is_task = True
    label = _("To the reporter: there is an answer")
    events = ("deviations.closed", "deviations.not_deviation")

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [reporter_of(subject), *(reporter_of(each) for each in subject.merged_here())]

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.state in (State.CLOSED, State.NOT_DEVIATION)

    def may_see(self, event: Event, subject: Deviation, user: User) -> bool:
        return super().may_see(event, self._own(subject, user), user)

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return super().context(event, self._own(subject, user), user)

    def url(self, event: Event, subject: Deviation, user: User) -> str:
        return super().url(event, self._own(subject, user), user)

    def _own(self, subject: Deviation, user: User) -> Deviation:
        """The case as this reporter knows it: their own, though it was merged into another."""
        if user.pk in reporter_ids(subject):
            return subject
        return next((each for each in subject.merged_here() if user.pk in reporter_ids(each)), subject)


@register
class Merged(ToReporter):
    name = "merged"
    label = _("To the reporter: the case goes on together with another")
    events = ("deviations.merged",)

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.state == State.MERGED


@register
class Parted(ToHandler):
    name = "parted"
    is_task = True
    label = _("To the handler: a merging was undone, and the case is open again")
    events = ("deviations.parted",)


@register
class PartedForReporter(ToReporter):
    name = "parted_for_reporter"
    label = _("To the reporter: the case goes on by itself again")
    events = ("deviations.parted",)
    by_mail = False

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open


@register
class MadeProposal(ToReporter):
    name = "made_proposal"
    label = _("To the reporter: the case goes on as an improvement proposal")
    events = ("deviations.made_proposal",)

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open and subject.kind == Kind.PROPOSAL


@register
class ReopenedForReporter(ToReporter):
    name = "reopened_for_reporter"
    label = _("To the reporter: the case was opened again")
    events = ("deviations.reopened",)

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.is_open


@register
class IdentityOpened(ToReporter):
    name = "identity_opened"
    label = _("To the reporter: somebody has looked at the hidden name")
    events = ("deviations.identity_opened",)

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return [reporter_of(subject)] if subject.naming == Naming.SEALED else []


@register
class NoLeader(Message):
    """To those who keep the units: one has nobody to handle its cases. Nothing of the case, once a week and unit.

    Where the unit has a leader and still nobody can have the case, not even the unit is named: it would tell that the
    leader has reported it, or that it is about the leader.
    """

    name = "no_leader"
    template = "deviations"
    label = _("To administrators: a unit with cases has no leader")
    events = ("deviations.reported", "deviations.forwarded")
    placeholders = (UNIT,)
    example = {"nobody": False}

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        return administrators_of(subject.unit.municipality_id) if _nobody_is_there(subject) else []

    def may_see(self, event: Event, subject: Deviation, user: User) -> bool:
        return True

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return _nobody_is_there(subject)

    def once(self, event: Event, subject: Deviation, user: User) -> str:
        year, week, _day = timezone.localdate(event.at).isocalendar()
        nobody = "nobody" if subject.handler_id is None else "above"
        return f"{self._place(subject).pk}:{year}-W{week:02d}:{nobody}"

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return {"unit": self._place(subject).name, "nobody": subject.handler_id is None}

    def url(self, event: Event, subject: Deviation, user: User) -> str:
        return reverse("organisation:unit", args=[self._place(subject).pk])

    def _place(self, subject: Deviation) -> Unit:
        if _nobody_leads(subject):
            return subject.unit
        return Unit.objects.get(pk=subject.unit.municipality_id)


def _nobody_is_there(deviation: Deviation) -> bool:
    """Whether the unit has no leader of its own, or no leader there or above may have the case."""
    return _nobody_leads(deviation) or (deviation.is_open and deviation.handler_id is None)


def _nobody_leads(deviation: Deviation) -> bool:
    """Whether the unit has no leader of its own today who may log in."""
    leading = Membership.objects.on(timezone.localdate()).filter(
        unit=deviation.unit_id, role=Role.LEADER, user__is_active=True
    )
    return not leading.exists()


class ToColleague(Message):
    """To the one colleague who is asked, as long as they are. It names the unit and who asks, nothing of the case."""

    template = "deviations"
    placeholders = (UNIT, HANDLER, DEADLINE)

    def recipients(self, event: Event, subject: Task) -> Iterable[User | None]:
        return [subject.given_to]

    def still_wanted(self, event: Event, subject: Task, user: User) -> bool:
        return subject.is_open and subject.given_to_id == user.pk

    def context(self, event: Event, subject: Task, user: User) -> dict[str, Any]:
        return {
            "unit": subject.deviation.handling_unit.name,
            "handler": subject.given_by.name,
            "deadline": full(subject.deadline),
        }


@register
class TaskGiven(ToColleague):
    name = "task_given"
    is_task = True
    label = _("To a colleague: somebody asks for help in a case")
    events = ("deviations.task_given", "deviations.task_inherited")


@register
class TaskTakenBack(ToColleague):
    name = "task_taken_back"
    label = _("To a colleague: no answer is needed any more")
    events = ("deviations.task_withdrawn", "deviations.task_fell_away")
    by_mail = False

    def may_see(self, event: Event, subject: Task, user: User) -> bool:
        return True  # that it is over; nothing of it

    def still_wanted(self, event: Event, subject: Task, user: User) -> bool:
        return subject.state == TaskState.WITHDRAWN

    def url(self, event: Event, subject: Task, user: User) -> str:
        return reverse("today")


@register
class TaskAnswered(Message):
    """To whoever handles the case now."""

    name = "task_answered"
    template = "deviations"
    label = _("To the handler: a colleague has answered")
    events = ("deviations.task_answered",)
    placeholders = FACTS

    def recipients(self, event: Event, subject: Task) -> Iterable[User | None]:
        return [subject.deviation.handler]

    def still_wanted(self, event: Event, subject: Task, user: User) -> bool:
        return subject.deviation.is_open and subject.deviation.handler_id == user.pk

    def context(self, event: Event, subject: Task, user: User) -> dict[str, Any]:
        return facts(subject.deviation) | {"colleague": subject.given_to.name}

    def example_context(self) -> dict[str, Any]:
        return super().example_context() | {"colleague": HANDLER.example()}

    def url(self, event: Event, subject: Task, user: User) -> str:
        return subject.deviation.get_absolute_url()


@register
class Privacy(Message):
    """To the data protection officer, at once: the 72 hours to Datatilsynet (GDPR article 33) may be running."""

    name = "privacy"
    template = "deviations"
    label = _("To the data protection officer: a case about privacy")
    events = ("deviations.reported", "deviations.reclassified")
    placeholders = FACTS

    def recipients(self, event: Event, subject: Deviation) -> Iterable[User | None]:
        became = event.type == "deviations.reported" or event.old_and_new("topic")[1] == Topic.PRIVACY
        if subject.topic != Topic.PRIVACY or not became:
            return []
        officers = Membership.objects.on(timezone.localdate()).filter(role=Role.DPO, unit__level_0=subject.level_0)
        return User.objects.active().filter(pk__in=officers.values("user")).order_by("pk")

    def still_wanted(self, event: Event, subject: Deviation, user: User) -> bool:
        return subject.topic == Topic.PRIVACY

    def once(self, event: Event, subject: Deviation, user: User) -> str:
        return str(subject.pk)

    def context(self, event: Event, subject: Deviation, user: User) -> dict[str, Any]:
        return facts(subject)
