"""Something a unit sets out to make better, step by step: what is wrong, where to, what is tried, what came of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Deviation, TallySheet
from documents.lifecycle import State as VersionState
from documents.models import Version
from improvement.models.action import WORKING as AT_WORK
from improvement.models.measure import Measure
from improvement.seven_steps import COLUMNS, IMPROVEMENT, STEPS_IN_ORDER, WORKING, Column, Stage
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import ManyRelatedManager

QUIET = datetime.timedelta(days=30)
"""So long may nothing happen before the owner is asked."""
SHOWN_AS_ADOPTED = datetime.timedelta(days=365)
"""So long what is finished stands on the board."""


class ImprovementQuerySet(TreeQuerySet["Improvement"]):
    def visible_to(self, user: User) -> Self:
        """Whoever answers for it or is invited; the leaders of the unit and above, and its quality contacts."""
        standing = user.standing
        mine = Q(pk__in=Improvement.objects.mine(user).values("pk"))
        return self.filter(
            mine | standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT), level_0=user.municipality_id
        )

    def mine(self, user: User) -> Self:
        invited = Improvement.invited.through._default_manager.filter(user=user).values("improvement")
        return self.filter(Q(owner=user) | Q(pk__in=invited))

    def told_to(self, user: User) -> Self:
        """What colleagues may read of, and then only title and result: finished, where they work or above."""
        standing = user.standing
        units = {pk for role in AT_WORK for unit in standing.units(role) for pk in unit.ancestor_ids}
        return self.filter(state=Stage.FINISHED, unit__in=units, level_0=user.municipality_id)

    def working(self) -> Self:
        return self.filter(state__in=WORKING)

    def in_column(self, column: Column, now: datetime.datetime | None = None) -> Self:
        """What stands in one column of the board; what was finished long ago doesn't any more."""
        since = (now or timezone.now()) - SHOWN_AS_ADOPTED
        rows = self.filter(state__in=COLUMNS[column])
        return rows.filter(Q(finished_at=None) | Q(finished_at__gte=since)) if column == Column.ADOPTED else rows

    def quiet(self, now: datetime.datetime | None = None) -> Self:
        """Nothing has happened for long."""
        return self.working().filter(moved_at__lt=(now or timezone.now()) - QUIET)


class Improvement(Moving, UnitScoped):
    """One improvement: what each step came to stands on the row, so that it can be read and gone back to.

    Which cases it began from is shown only to those who may see each; neither their number nor that there are any is
    in its own journal. A case about a leader is never tied to one.
    """

    lifecycle: ClassVar[Lifecycle] = IMPROVEMENT

    title = models.CharField(_("what is to be better"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("who leads the work"),
        db_index=False,
    )
    invited: ManyRelatedManager[User] = models.ManyToManyField(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, related_name="invited_to_improvements", blank=True
    )
    cases: ManyRelatedManager[Deviation] = models.ManyToManyField(  # type: ignore[assignment]
        Deviation,
        through="ImprovementCase",
        through_fields=("improvement", "deviation"),
        related_name="improvements",
        blank=True,
    )
    measures: ManyRelatedManager[Measure] = models.ManyToManyField(  # type: ignore[assignment]
        Measure, related_name="improvements", blank=True
    )
    sheet = models.ForeignKey(TallySheet, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    state = models.CharField(_("status"), max_length=10, choices=Stage.choices, default=Stage.ANALYSE)
    analysis = models.TextField(_("how it is today"), blank=True)
    goal = models.CharField(_("the goal"), max_length=200, blank=True)
    number_now = models.CharField(_("the number today"), max_length=40, blank=True)
    number_goal = models.CharField(_("the number to reach"), max_length=40, blank=True)
    goal_on = models.DateField(_("to be reached by"), null=True, blank=True)
    measured = models.TextField(_("what the numbers say"), blank=True)
    # The draft that makes the new way the usual one, or why no document has to be changed.
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="improvements")
    without_document = models.TextField(blank=True)
    result = models.TextField(_("what came of it"), blank=True)
    next_on = models.DateField(_("next step by"), null=True, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=Stage.FINISHED, finished_at__isnull=False) & ~Q(result="")
                | ~Q(state=Stage.FINISHED) & Q(finished_at=None, result=""),
                name="improvement_finished_in_words",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(Stage.ANALYSE, Stage.GIVEN_UP)) | ~Q(analysis=""),
                name="improvement_analysed_first",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(Stage.ANALYSE, Stage.GOAL, Stage.GIVEN_UP))
                | ~Q(goal="") & ~Q(number_goal="") & Q(goal_on__isnull=False),
                name="improvement_goal_has_a_number_and_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=Stage.FINISHED) | Q(version__isnull=False) | ~Q(without_document=""),
                name="improvement_made_the_usual_way",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(Stage.FINISHED, Stage.GIVEN_UP)) | Q(next_on=None),
                name="improvement_ended_has_no_next_step",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "state", "-moved_at"],
                    name=f"improvement_board_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "state", "next_on"], name="improvement_owned"),
            models.Index(fields=["unit", "state", "-finished_at"], name="improvement_told"),
            models.Index(fields=["next_on"], name="improvement_next", condition=Q(next_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("improvements:improvement", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def number(self) -> int:
        """Which of the seven steps it is at; seven where it is finished."""
        return STEPS_IN_ORDER.index(Stage(self.state)) + 1 if self.is_working else len(STEPS_IN_ORDER)

    @property
    def is_late(self) -> bool:
        return self.next_on is not None and self.next_on < timezone.localdate()

    @property
    def is_quiet(self) -> bool:
        return self.is_working and self.moved_at < timezone.now() - QUIET

    @property
    def has_draft(self) -> bool:
        """Whether a document is being changed because of it, or has been."""
        return self.version is not None and self.version.state != VersionState.DISCARDED

    @property
    def is_in_force(self) -> bool:
        """Whether what it changed has come into force, since replaced or not."""
        return self.version is not None and self.version.in_force_from is not None


class ImprovementCase(models.Model):
    """A case that is part of what is to be made better. ``came_from``: one that was merged into it."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="ties", db_index=False)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="+")
    came_from = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["improvement", "deviation"], name="improvement_case_once")]

    def __str__(self) -> str:
        return f"{self.improvement_id}: {self.deviation_id}"


class Size(models.IntegerChoices):
    SMALL = 1, pgettext_lazy("effort or effect", "Small")
    MEDIUM = 2, pgettext_lazy("effort or effect", "Medium")
    LARGE = 3, pgettext_lazy("effort or effect", "Large")


class Solution(models.Model):
    """Something that may help, with what it takes and what it may give."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="solutions")
    what = models.CharField(_("what could help"), max_length=300)
    effort = models.PositiveSmallIntegerField(_("effort"), choices=Size.choices, default=Size.MEDIUM)
    effect = models.PositiveSmallIntegerField(_("effect"), choices=Size.choices, default=Size.MEDIUM)
    chosen = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Much for little first.
        ordering: ClassVar[list[Any]] = [
            "-chosen", (models.F("effect") - models.F("effort")).desc(), "-effect", "pk",
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(effort__range=(1, 3), effect__range=(1, 3)), name="solution_small_medium_large"
            ),
        ]

    def __str__(self) -> str:
        return self.what[:80]


class Scale(models.TextChoices):
    PERSON = "person", pgettext_lazy("a trial", "One person")
    SHIFT = "shift", pgettext_lazy("a trial", "One shift")
    UNIT = "unit", pgettext_lazy("a trial", "One unit")
    ALL = "all", pgettext_lazy("a trial", "All")


class Decision(models.TextChoices):
    ADOPT = "adopt", _("Adopt it: it works, we keep it")
    ADAPT = "adapt", _("Adapt it: change it, and try again")
    ABANDON = "abandon", _("Abandon it: it doesn't work")


DECIDED = {
    Decision.ADOPT: pgettext_lazy("a trial", "Adopted"),
    Decision.ADAPT: pgettext_lazy("a trial", "Adapted"),
    Decision.ABANDON: pgettext_lazy("a trial", "Abandoned"),
}
"""In a word, where there is no room for what it means."""


class Trial(models.Model):
    """One round of plan, do, study, act. What one expects is written before, and never changed."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="trials", db_index=False)
    number = models.PositiveSmallIntegerField()
    change = models.TextField(_("what is tried"))
    prediction = models.TextField(_("what we expect"))
    scale = models.CharField(_("how large"), max_length=10, choices=Scale.choices)
    begins_on = models.DateField(_("from"), default=timezone.localdate)
    look_on = models.DateField(_("looked at on"))
    seen = models.TextField(_("what we saw"), blank=True)
    learnt = models.TextField(_("what we learnt"), blank=True)
    decision = models.CharField(_("what now"), max_length=10, choices=Decision.choices, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    planned_at = models.DateTimeField(default=timezone.now)
    studied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["improvement", "number"], name="trial_number_once"),
            models.UniqueConstraint(fields=["improvement"], name="trial_one_at_a_time", condition=Q(studied_at=None)),
            models.CheckConstraint(condition=~Q(prediction=""), name="trial_predicted_first"),
            models.CheckConstraint(
                condition=Q(studied_at=None, seen="", learnt="", decision="")
                | Q(studied_at__isnull=False) & ~Q(seen="") & ~Q(learnt="") & ~Q(decision=""),
                name="trial_studied_in_words",
            ),
            models.CheckConstraint(condition=Q(look_on__gte=models.F("begins_on")), name="trial_begins_first"),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id}: {self.number}"

    @property
    def is_running(self) -> bool:
        return self.studied_at is None

    @property
    def decided(self) -> str:
        return str(DECIDED[Decision(self.decision)]) if self.decision else ""
