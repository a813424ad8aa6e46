"""Whom an improvement is told to. Mail names the unit, never what anybody wrote, nor a case it began from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from deviations.notifications import ToReporter
from deviations.wording import UNIT
from documents.models import Version
from improvement.actions import CAME_OF_IT
from improvement.models import Improvement
from improvement.seven_steps import Stage
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.notifications.wording import Placeholder
from kvalitetslosen.organisation.models import User


class ToPartaker(Message):
    """To whoever leads the work from now on, or is invited to take part."""

    template = "improvement"
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)

    def recipients(self, event: Event, subject: Improvement) -> Iterable[User | None]:
        if invited := event.data.get("person"):
            return User.objects.filter(pk=invited)
        given = event.data.get("owner") or event.old_and_new("owner")[1]
        return [subject.owner] if given == subject.owner_id else []

    def still_wanted(self, event: Event, subject: Improvement, user: User) -> bool:
        return subject.is_working and Improvement.objects.mine(user).filter(pk=subject.pk).exists()

    def context(self, event: Event, subject: Improvement, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name}


@register
class ImprovementGiven(ToPartaker):
    name = "improvement_given"
    label = _("To whoever leads an improvement: it was given to them")
    events = ("improvement.work_begun", "improvement.work_handed_over")


@register
class ImprovementShared(ToPartaker):
    name = "improvement_shared"
    label = _("To whoever is invited to take part in an improvement")
    events = ("improvement.work_invited",)


@register
class ImprovementInherited(ToPartaker):
    """A notice only: whoever takes over from somebody who leaves has a mail about all of it."""

    name = "improvement_inherited"
    label = _("To whoever leads an improvement: it was taken over from somebody who leaves")
    events = ("improvement.work_inherited",)
    by_mail = False


@register
class ImprovementFinished(Message):
    """To the team: it is the usual way now."""

    name = "improvement_finished"
    template = "improvement"
    label = _("To the team of an improvement: it is finished")
    events = ("improvement.work_finished",)
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)
    by_mail = False

    def recipients(self, event: Event, subject: Improvement) -> Iterable[User | None]:
        return [subject.owner, *subject.invited.all()]

    def still_wanted(self, event: Event, subject: Improvement, user: User) -> bool:
        return subject.state == Stage.FINISHED

    def context(self, event: Event, subject: Improvement, user: User) -> dict[str, Any]:
        return {"unit": subject.unit.name}


@register
class CameOfIt(ToReporter):
    """Whoever reported a case it began from hears what came of it; the words stand on their own case."""

    name = "came_of_it"
    template = "improvement"
    label = _("To the reporter: what came of the improvement the case was part of")
    events = (CAME_OF_IT,)


@register
class UsualWay(Message):
    """The document an improvement changed has come into force: it can be finished."""

    name = "usual_way"
    template = "improvement"
    label = _("To whoever leads an improvement: the document it changed is in force")
    events = ("documents.approved", "documents.put_in_force", "documents.came_into_force")
    placeholders: ClassVar[tuple[Placeholder, ...]] = (UNIT,)
    by_mail = False

    def recipients(self, event: Event, subject: Version) -> Iterable[User | None]:
        waiting = Improvement.objects.filter(version=subject, state=Stage.FORMALISE)
        return User.objects.filter(pk__in=waiting.values("owner"))

    def may_see(self, event: Event, subject: Version, user: User) -> bool:
        return Improvement.objects.visible_to(user).filter(version=subject).exists()

    def still_wanted(self, event: Event, subject: Version, user: User) -> bool:
        return subject.in_force_from is not None

    def context(self, event: Event, subject: Version, user: User) -> dict[str, Any]:
        return {"unit": subject.document.unit.name}

    def url(self, event: Event, subject: Version, user: User) -> str:
        first = Improvement.objects.filter(version=subject, owner=user).order_by("pk").first()
        return first.get_absolute_url() if first else subject.document.get_absolute_url()
