"""Whom actions and measures tell what. Mail names the unit and the deadline; never what anybody wrote, nor the case.

Whoever owns an action needn't know the case it comes from, so that only those who handle the case read its reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.notifications import ToReporter
from deviations.wording import DEADLINE, OWNER, REFERENCE, UNIT
from improvement import (  # noqa: F401 - register what is told and reminded of
    audit_messages,
    improvement_messages,
    inquiry_messages,
    meeting_messages,
    pulse_messages,
    reminders,
    risk_messages,
    story_messages,
    warmth_messages,
    year_messages,
)
from improvement.lifecycle import State
from improvement.models import Action, ActionPart, EffectCheck, Measure
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full


def facts(action: Action) -> dict[str, Any]:
    """What mail to the owner may say about it, in the active language."""
    return {"unit": action.unit.name, "deadline": full(action.deadline)}


class ToOwner(Message):
    """To whoever is to do it, as long as it is theirs and open."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, DEADLINE)

    def recipients(self, event: Event, subject: Action) -> Iterable[User | None]:
        given = event.data | {name: new for name, (_old, new) in event.data.get("changes", {}).items()}
        return [subject.owner] if given.get("owner", subject.owner_id) == subject.owner_id else []

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        return subject.is_open and subject.owner_id == user.pk

    def context(self, event: Event, subject: Action, user: User) -> dict[str, Any]:
        return facts(subject)


@register
class Given(ToOwner):
    name = "given"
    label = _("To the owner: an action was given to them")
    events = ("improvement.action_planned", "improvement.action_handed_over")


@register
class Inherited(ToOwner):
    """A notice for each action somebody who leaves hands over; the mail is one for all."""

    name = "inherited"
    label = _("To the owner: an action was taken over from somebody who leaves")
    events = ("improvement.action_inherited",)
    by_mail = False


@register
class InheritedTogether(Inherited):
    """One mail a day, however many actions are taken over."""

    name = "inherited_together"
    label = _("To the owner: actions were taken over from somebody who leaves")
    by_mail = True
    in_app = False
    placeholders = ()  # it is about several

    def once(self, event: Event, subject: Action, user: User) -> str:
        return f"{event.by_id or 0}:{timezone.localdate(event.at)}"

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        return Action.objects.open().filter(owner=user).exists()

    def url(self, event: Event, subject: Action, user: User) -> str:
        return f"{reverse('improvement:actions')}?visning=mine"


@register
class DeadlineMoved(ToOwner):
    name = "deadline_moved"
    label = _("To the owner: the deadline of an action was moved")
    events = ("improvement.action_deadline_moved",)
    by_mail = False


class AboutPart(Message):
    """Whoever the part was given to, as long as it is theirs and waits."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, DEADLINE)

    def part(self, event: Event) -> ActionPart | None:
        return ActionPart.objects.select_related("action", "owner").filter(pk=event.data.get("part")).first()

    def url(self, event: Event, subject: Action, user: User) -> str:
        return f"{subject.get_absolute_url()}#deler"

    def context(self, event: Event, subject: Action, user: User) -> dict[str, Any]:
        part = self.part(event)
        return {"unit": subject.unit.name, "deadline": full(part.by_day if part else subject.deadline)}


@register
class PartGiven(AboutPart):
    name = "part_given"
    label = _("To a colleague: a part of an action was given to them")
    events = ("improvement.part_added", "improvement.part_inherited")

    def recipients(self, event: Event, subject: Action) -> Iterable[User | None]:
        part = self.part(event)
        return [part.owner] if part and part.owner_id == event.data.get("owner") else []

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        part = self.part(event)
        return part is not None and part.is_waiting and part.owner_id == user.pk


@register
class PartDone(AboutPart):
    """A notice only: the action itself is still to be finished."""

    name = "part_done"
    label = _("To the owner: a part of their action is done")
    events = ("improvement.part_done",)
    by_mail = False

    def recipients(self, event: Event, subject: Action) -> Iterable[User | None]:
        return [subject.owner]

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        part = self.part(event)
        return subject.is_open and part is not None and part.done_at is not None


@register
class Cancelled(ToOwner):
    name = "cancelled"
    label = _("To the owner: an action is not to be done after all")
    events = ("improvement.action_cancelled",)

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        return subject.state == State.CANCELLED


@register
class Done(Message):
    """To whoever handles the case the action belongs to."""

    name = "done"
    template = "improvement"
    label = _("To the handler of the case: an action is done")
    events = ("improvement.action_done",)
    placeholders = (UNIT, OWNER, REFERENCE)

    def recipients(self, event: Event, subject: Action) -> Iterable[User | None]:
        return [subject.deviation.handler] if subject.deviation else []

    def still_wanted(self, event: Event, subject: Action, user: User) -> bool:
        return subject.deviation is not None and subject.deviation.handler_id == user.pk

    def context(self, event: Event, subject: Action, user: User) -> dict[str, Any]:
        return {
            "unit": subject.unit.name,
            "owner": subject.owner.name,
            "reference": subject.deviation.reference if subject.deviation else "",
        }


class ToFollower(Message):
    """To whoever answers for a measure from now on, or is invited to one."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)

    def recipients(self, event: Event, subject: Measure) -> Iterable[User | None]:
        if invited := event.data.get("person"):
            return User.objects.filter(pk=invited)
        given = event.data.get("owner") or event.old_and_new("owner")[1]
        return [subject.owner] if given == subject.owner_id else []

    def still_wanted(self, event: Event, subject: Measure, user: User) -> bool:
        return subject.is_followed and Measure.objects.visible_to(user).filter(pk=subject.pk).exists()

    def context(self, event: Event, subject: Measure, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name}


@register
class MeasureGiven(ToFollower):
    name = "measure_given"
    label = _("To the owner, or whoever is invited: a measure was given to them")
    events = ("improvement.measure_begun", "improvement.measure_handed_over", "improvement.measure_shared")


@register
class MeasureInherited(ToFollower):
    """A notice only: whoever takes over from somebody who leaves has a mail about all of it."""

    name = "measure_inherited"
    label = _("To the owner: a measure was taken over from somebody who leaves")
    events = ("improvement.measure_inherited",)
    by_mail = False


class ToLooker(Message):
    """To whoever is to look at an effect, as long as it is theirs and waits."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT, DEADLINE)

    def recipients(self, event: Event, subject: EffectCheck) -> Iterable[User | None]:
        given = event.data.get("owner") or event.old_and_new("owner")[1] or subject.owner_id
        return [subject.owner] if given == subject.owner_id else []

    def still_wanted(self, event: Event, subject: EffectCheck, user: User) -> bool:
        return subject.is_waiting and subject.owner_id == user.pk

    def context(self, event: Event, subject: EffectCheck, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name, "deadline": full(subject.opens_on)}


@register
class EffectGiven(ToLooker):
    name = "effect_given"
    label = _("To whoever looks at the effect: it was given to them")
    events = ("improvement.effect_planned", "improvement.effect_handed_over")


@register
class EffectInherited(ToLooker):
    name = "effect_inherited"
    label = _("To whoever looks at the effect: it was taken over from somebody who leaves")
    events = ("improvement.effect_inherited",)
    by_mail = False


@register
class EffectOpened(ToLooker):
    name = "effect_opened"
    label = _("To whoever looks at the effect: the day has come")
    events = ("improvement.effect_opened",)
    is_task = True


@register
class EffectFound(ToReporter):
    """The reporter hears what came of it in the end; the words stand on the case."""

    name = "effect_found"
    template = "improvement"
    label = _("To the reporter: the effect was looked at")
    events = ("improvement.effect_found",)


@register
class ActionEffectFound(Message):
    """To whoever did an action that has no case: somebody looked whether it worked."""

    name = "action_effect_found"
    template = "improvement"
    label = _("To the owner of an action: the effect was looked at")
    events = ("improvement.action_effect_found",)
    placeholders = (UNIT,)
    example: ClassVar[dict[str, Any]] = {"worked": True}

    def recipients(self, event: Event, subject: Action) -> Iterable[User | None]:
        return [subject.owner]

    def context(self, event: Event, subject: Action, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name, "worked": bool(event.data.get("worked"))}
