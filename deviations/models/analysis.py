"""The cause of a case, looked for step by step: the response, what happened when, the whys, and the causes found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models.deviation import Deviation, own_reports
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.organisation.models import Role, Unit, User


class Much(models.TextChoices):
    LITTLE = "little", pgettext_lazy("to learn", "Little")
    SOME = "some", pgettext_lazy("to learn", "Something")
    MUCH = "much", pgettext_lazy("to learn", "A lot")


class Known(models.TextChoices):
    YES = "yes", _("Yes, we know why")
    PARTLY = "partly", _("Partly")
    NO = "no", pgettext_lazy("do we know why", "No")


class Reach(models.TextChoices):
    ONE = "one", _("Only here")
    SEVERAL = "several", _("In other units too")


class Peers(models.TextChoices):
    """The substitution test: would three with the same training have done the same in the same situation?"""

    YES = "yes", _("Yes, they would have done the same")
    NO = "no", _("No, they would have done something else")
    UNSURE = "unsure", _("We don't know")


class Response(models.TextChoices):
    """The learning responses of the Patient Safety Incident Response Framework (NHS England, 2022)."""

    SWARM = "swarm", _("Talk at once")
    AFTER_ACTION = "after_action", _("After-action review")
    TEAM = "team", _("Team review")
    THEME = "theme", _("Thematic review")
    FULL = "full", _("Full investigation")


class CauseKind(models.TextChoices):
    """Where a cause lies: the parts of a work system in SEIPS (Carayon and others, 2006; Holden and Carayon, 2021)."""

    PEOPLE = "people", pgettext_lazy("a kind of cause", "People")
    TASKS = "tasks", _("Tasks")
    TOOLS = "tools", _("Tools and equipment")
    SURROUNDINGS = "surroundings", _("Surroundings")
    ORGANISATION = "organisation", pgettext_lazy("a kind of cause", "Organisation")
    OUTSIDE = "outside", _("Outside us")


class Weight(models.TextChoices):
    ROOT = "root", _("Root cause")
    CONTRIBUTING = "contributing", _("Contributing cause")


class CauseAnalysisQuerySet(models.QuerySet["CauseAnalysis"]):
    def visible_to(self, user: User) -> Self:
        """Those of the cases the person handles, leads the line of or coordinates; never of one's own report."""
        standing = user.standing
        led = standing.over(Role.LEADER) | (standing.over(Role.QUALITY_CONTACT) & Q(about=None))
        cases = Deviation.objects.visible_to(user).filter(Q(handler=user) | led).exclude(own_reports(user))
        return self.filter(deviation__in=cases.values("pk"))


class CauseAnalysis(Journaled):
    """What was found out about why a case happened. Nothing in it must be filled in."""

    municipality = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    deviation = models.OneToOneField(Deviation, models.PROTECT, related_name="cause_analysis", verbose_name=_("case"))
    learn = models.CharField(_("how much is there to learn"), max_length=10, choices=Much.choices, blank=True)
    known = models.CharField(_("do we know why already"), max_length=10, choices=Known.choices, blank=True)
    reach = models.CharField(_("where it may happen"), max_length=10, choices=Reach.choices, blank=True)
    response = models.CharField(_("how we look into it"), max_length=15, choices=Response.choices, blank=True)
    peers = models.CharField(_("would others have done the same"), max_length=10, choices=Peers.choices, blank=True)
    peers_note = models.TextField(_("what makes us think so"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CauseAnalysisQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.deviation_id)

    def get_absolute_url(self) -> str:
        return reverse("deviations:analysis", args=[self.deviation.reference])


class AnalysisStep(models.Model):
    """A step of the chosen response: whether it is done, and a note. Those of another response stay as they are."""

    analysis = models.ForeignKey(CauseAnalysis, models.CASCADE, related_name="steps")
    response = models.CharField(max_length=15, choices=Response.choices)
    number = models.PositiveSmallIntegerField()
    done = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["analysis", "response", "number"], name="analysis_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id}: {self.response} {self.number}"


class Moment(models.Model):
    """One thing that happened: when, what, and what was meant to happen instead."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    analysis = models.ForeignKey(CauseAnalysis, models.CASCADE, related_name="moments")
    at = models.DateTimeField(_("when"), null=True, blank=True)
    what = models.TextField(_("what happened"))
    expected = models.TextField(_("what was meant to happen, and what differed"), blank=True)

    changeable: bool = True  # by who reads: filled in by the page

    class Meta:
        ordering = [F("at").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return str(self.key)


class WhyQuerySet(models.QuerySet["Why"]):
    def causes(self) -> Self:
        """Those marked as a cause. What figures of causes are to be counted from."""
        return self.exclude(weight="")

    def visible_to(self, user: User) -> Self:
        return self.filter(analysis__in=CauseAnalysis.objects.visible_to(user).values("pk"))


class Why(models.Model):
    """One answer to «why?», under the one it explains. Where one stops it is a cause, and of some kind."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    analysis = models.ForeignKey(CauseAnalysis, models.CASCADE, related_name="whys")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="whys")
    text = models.TextField(_("why"))
    weight = models.CharField(_("is it a cause"), max_length=15, choices=Weight.choices, blank=True)
    kind = models.CharField(_("where it lies"), max_length=15, choices=CauseKind.choices, blank=True)

    objects = WhyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight="", kind="") | (~Q(weight="") & ~Q(kind="")), name="why_cause_has_its_kind"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


def branch_of(pk: int, whys: Iterable[Why]) -> set[int]:
    """The ids of a why and of all that stand under it, of those given in their order."""
    branch = {pk}
    for each in whys:  # a parent is always older than what is under it
        if each.parent_id in branch:
            branch.add(each.pk)
    return branch
