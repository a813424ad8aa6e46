"""What is followed over time, to see whether a change is an improvement."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Category
from improvement.charts import Better, Nature, Verdict
from improvement.lifecycle import MEASURE, MeasureState
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.organisation.models import LEVELS, Role, TreeQuerySet, Unit, UnitScoped, User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import ManyRelatedManager


class Source(models.TextChoices):
    COLLECTED = "collected", _("We count or measure it ourselves")
    CASES = "cases", _("The cases reported here")
    TICKS = "ticks", _("The ticks on the tally sheets")


class Rhythm(models.TextChoices):
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")
    EVENT = "event", _("Each time it happens")


class MeasureQuerySet(TreeQuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        """One's own and those one is invited to; those of the units one leads or is quality contact for."""
        standing = user.standing
        mine = Q(pk__in=Measure.objects.mine(user).values("pk"))
        return self.filter(mine | standing.over(Role.LEADER) | standing.over(Role.QUALITY_CONTACT))

    def mine(self, user: User) -> Self:
        """What the person answers for or is invited to."""
        invited = Measure.invited.through._default_manager.filter(user=user).values("measure")
        return self.filter(Q(owner=user) | Q(pk__in=invited))

    def followed(self) -> Self:
        return self.filter(state=MeasureState.FOLLOWED)

    def ended(self) -> Self:
        return self.filter(state=MeasureState.ENDED)

    def late(self, today: datetime.date | None = None) -> Self:
        """A period is over, and its value isn't entered."""
        return self.followed().filter(due_on__lte=today or timezone.localdate())


class Measure(Moving, UnitScoped):
    """One thing followed in one unit: collected on purpose, or counted from cases or ticks.

    Counts of cases have no good direction: they tell as much of how people report as of what happens.
    """

    lifecycle: ClassVar[Lifecycle] = MEASURE

    name = models.CharField(_("what is measured"), max_length=120)
    explained = models.TextField(_("how it is measured"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("who answers for it"),
        db_index=False,
    )
    invited: ManyRelatedManager[User] = models.ManyToManyField(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, related_name="invited_to_measures", blank=True
    )
    nature = models.CharField(_("what is written down"), max_length=10, choices=Nature.choices)
    source = models.CharField(_("where the values come from"), max_length=10, choices=Source.choices)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"), db_index=False
    )
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm.choices)
    better = models.CharField(_("which way is good"), max_length=10, choices=Better.choices)
    size_name = models.CharField(_("out of what"), max_length=60, blank=True)
    per = models.PositiveIntegerField(_("shown for each"), default=1)
    # Lines are counted from the values before this day and stay there.
    changed_on = models.DateField(_("day of the change"), null=True, blank=True)
    begins_on = models.DateField(_("followed from"), default=timezone.localdate)
    due_on = models.DateField(_("next value is expected from"), null=True, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=MeasureState.choices, default=MeasureState.FOLLOWED)
    verdict = models.CharField(_("how it went"), max_length=10, choices=Verdict.choices, blank=True)
    verdict_words = models.TextField(_("in own words"), blank=True)
    judged_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", verdict_words="", judged_on=None)
                | ~Q(verdict="") & ~Q(verdict_words="") & Q(judged_on__isnull=False),
                name="measure_judged_in_words",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.COLLECTED, category=None)
                | ~Q(source=Source.COLLECTED)
                & Q(nature=Nature.COUNT, better=Better.NEITHER, rhythm=Rhythm.MONTH, due_on=None),
                name="measure_of_reports_has_no_good_way",
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.DAYS, rhythm=Rhythm.EVENT)
                | ~Q(nature=Nature.DAYS) & ~Q(rhythm=Rhythm.EVENT),
                name="measure_of_days_follows_events",
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.FOLLOWED) | Q(due_on=None), name="measure_ended_expects_nothing"
            ),
            models.CheckConstraint(condition=Q(per__gte=1), name="measure_per_at_least_one"),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[level, "state", "name", "id"],
                    name=f"measure_all_{depth}",
                    condition=Q(**{f"{level}__isnull": False}),
                )
                for depth, level in enumerate(LEVELS)
            ),
            models.Index(fields=["owner", "due_on"], name="measure_owned"),
            models.Index(fields=["due_on"], name="measure_due", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("measures:measure", args=[self.pk])

    @property
    def is_followed(self) -> bool:
        return self.state == MeasureState.FOLLOWED

    @property
    def is_collected(self) -> bool:
        return self.source == Source.COLLECTED

    @property
    def has_size(self) -> bool:
        """Whether each value is counted out of something."""
        return self.nature in (Nature.RATE, Nature.SHARE)

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on <= timezone.localdate()


class MeasureValue(models.Model):
    """One value. The day is the first of its week or month, or the day of the event."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="values", db_index=False)
    day = models.DateField(_("for when"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=3)
    size = models.DecimalField(_("out of"), max_digits=12, decimal_places=3, default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "day"], name="measure_value_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="measure_value_out_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.day}: {self.value}"


class MarkKind(models.TextChoices):
    CHANGE = "change", pgettext_lazy("something that happened", "A change we made")
    REPORTING = "reporting", pgettext_lazy("something that happened", "A drive to report more, or a new form")
    OTHER = "other", pgettext_lazy("something that happened", "Something else")


class ChangeMark(models.Model):
    """Something that happened on a day, marked on the chart."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="marks", db_index=False)
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=MarkKind.choices)
    what = models.CharField(_("what happened"), max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "pk"]
        indexes = [models.Index(fields=["measure", "day"], name="change_mark_of_measure")]

    def __str__(self) -> str:
        return f"{self.day}: {self.what}"
